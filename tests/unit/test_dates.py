# SPDX-License-Identifier: MIT
"""Calendar arithmetic against a calendar that is counted day by day."""

import datetime

import pytest
from generators import days
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rolerules.dates import (
    MOST_WORKING_DAYS,
    add_days,
    add_months,
    add_working_days,
    full_months,
    full_years,
)

DATES = st.dates(datetime.date(1890, 1, 1), datetime.date(2110, 12, 31))
NEAR = st.dates(datetime.date(2023, 12, 1), datetime.date(2028, 3, 31))


def day(text):
    return datetime.date.fromisoformat(text)


def walked(start, count):
    """So many days on, one at a time."""
    step = datetime.timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        start += step
    return start


def month_walked(start, count):
    """The month so many on, walking over the days to the first of each; then the day in it."""
    first = start
    for _ in range(abs(count)):
        now = first.month
        while first.month == now:
            first += days.ONE if count > 0 else -days.ONE
    while first.day > 1:
        first -= days.ONE
    found = first
    while found.day < start.day and (found + days.ONE).month == first.month:
        found += days.ONE
    return found


@given(NEAR, st.integers(-400, 400))
@settings(max_examples=60)
def test_days(start, count):
    assert add_days(start, count) == walked(start, count)


@given(NEAR, st.integers(-40, 40))
@example(day("2024-01-31"), 1)
@example(day("2024-02-29"), 12)
@example(day("2024-03-31"), -1)
@settings(max_examples=60)
def test_months(start, count):
    assert add_months(start, count) == month_walked(start, count)


@given(NEAR, NEAR)
@example(day("2026-01-31"), day("2026-02-28"))
@example(day("2024-02-29"), day("2025-02-28"))
@settings(max_examples=60)
def test_full_months(start, end):
    low, high = sorted([start, end])
    count = 0
    while month_walked(low, count + 1) <= high:
        count += 1
    assert abs(full_months(start, end)) == count
    assert full_months(start, end) == -full_months(end, start)


@given(DATES, DATES)
@settings(max_examples=100)
def test_full_years_are_birthdays(start, end):
    low, high = sorted([start, end])
    count = sum(days.months_later(low, 12 * year) <= high for year in range(1, 222))
    assert abs(full_years(start, end)) == count
    assert full_years(start, end) == -full_years(end, start)


@given(NEAR, st.integers(-30, 30), st.frozensets(NEAR, max_size=40))
@settings(max_examples=60)
def test_working_days(start, count, holidays):
    found = add_working_days(start, count, holidays)
    between = [found, start] if count < 0 else [start, found]
    worked = [
        one
        for one in map(
            datetime.date.fromordinal, range(between[0].toordinal(), between[1].toordinal() + 1)
        )
        if one != start and one.isoweekday() < 6 and one not in holidays
    ]
    assert len(worked) == abs(count)
    assert count == 0 or found in worked
    assert count or found == start


@pytest.mark.parametrize(
    ("start", "months", "found"),
    [
        ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"),
        ("2026-03-31", -1, "2026-02-28"), ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-31", 0, "2026-12-31"), ("2026-12-01", 1, "2027-01-01"),
        ("2026-01-01", -1, "2025-12-01"), ("9999-11-30", 1, "9999-12-30"),
        ("0001-02-01", -1, "0001-01-01"),
    ],
)  # fmt: skip
def test_months_by_hand(start, months, found):
    assert add_months(day(start), months) == day(found)


def test_a_month_is_complete_on_its_last_day():
    assert full_months(day("2026-01-31"), day("2026-02-27")) == 0
    assert full_months(day("2026-01-31"), day("2026-02-28")) == 1
    assert full_years(day("2024-02-29"), day("2025-02-27")) == 0
    assert full_years(day("2024-02-29"), day("2025-02-28")) == 1


@pytest.mark.parametrize(
    ("add", "count"),
    [
        (add_days, 1),
        (add_days, 10**15),
        (add_days, -(10**30)),
        (add_months, 1),
        (add_months, 10**30),
    ],
)
def test_outside_the_calendar(add, count):
    with pytest.raises(OverflowError):
        add(datetime.date.max if count > 0 else datetime.date.min, count)


def test_working_days_end_somewhere():
    with pytest.raises(OverflowError):
        add_working_days(day("2026-01-01"), MOST_WORKING_DAYS + 1, ())
    with pytest.raises(OverflowError):
        add_working_days(datetime.date.max, 1, ())
    assert add_working_days(day("2026-01-01"), MOST_WORKING_DAYS, ()) == day("2064-05-01")
