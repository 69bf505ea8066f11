# SPDX-License-Identifier: MIT
"""Figures of other days: the days of a period, and what an explanation says of them."""

import datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rolerules import load
from rolerules.periods import DAYS, days_in_period, period_start

GOOD = Path(__file__).parents[1] / "cases" / "figures" / "good"
SALES = [{"on": "2026-02-28", "amount": "100"}, {"on": "2026-03-01", "amount": "100"}]


@given(
    st.dates(datetime.date(2, 1, 1), datetime.date(9996, 1, 1)),
    st.sampled_from([*DAYS]),
    st.integers(1, 12),
)
def test_the_days_of_a_period_end_where_the_next_begins(day, period, starts):
    first, days = period_start(day, period, starts), days_in_period(day, period, starts)
    after = first + datetime.timedelta(days)
    assert period_start(after, period, starts) == after
    assert period_start(after - datetime.timedelta(1), period, starts) == first
    assert DAYS[period][0] <= days <= DAYS[period][1]


def test_the_days_of_a_period_at_the_ends_of_the_calendar():
    assert days_in_period(datetime.date.min, "year", 4) == 365
    assert days_in_period(datetime.date.max, "year", 4) == 366
    assert days_in_period(datetime.date.max, "month", 4) == 31


def used(name, as_of, company=None, **facts):
    ruleset = load(GOOD / f"{name}.yaml", company=company)
    found = ruleset.explain(facts, as_of=as_of)
    return {one.name: one for part in found.parts for one in part.used}


def test_it_is_said_which_figure_held_on_the_day():
    found = used("on_a_day", "2026-06-30", "invented", sold="2026-02-28", sales=SALES)
    rate = found["in_force(rate, sold)"]
    assert (rate.value, rate.origin) == (
        "5%", "parameter, in force on 2026-02-28, since 2025-01-01")  # fmt: skip
    assert found["rate"].value == "6%"  # of the line that is paid at today's
    free = found["in_force(set_free, sold)"]
    assert free.origin.startswith("parameter set by Invented, in force on 2026-02-28")
    assert found["in_force(rate, s.on)"].formula == (
        "item 1: 5% in force on 2026-02-28, since 2025-01-01; "
        "item 2: 6% in force on 2026-03-01, since 2026-03-01"
    )
    assert found["in_force(rate, on)"].origin == "parameter, in force on the day of the item"


def test_it_is_said_that_the_day_is_not_known():
    found = used("on_a_day", "2026-06-30", "invented", sales=SALES * 4)
    rate = found["in_force(rate, sold)"]
    assert (rate.value, rate.origin) == (
        "unknown",
        "parameter, in force on a day that is not known",
    )
    assert found["in_force(rate, s.on)"].formula.endswith("; and 2 more")


def test_it_is_said_how_many_days_each_figure_held():
    found = used("over_the_days", "2026-03-31", grade="junior")
    assert found["by_days(salary_figure)"].formula == (
        "9,000.00 on 45 days, 9,900.00 on 13 days, 12,000.00 on 32 days"
    )
    assert found["by_days(share)"].formula == "10% on 89 days, 100% on 1 day"
    assert found["by_days(base[grade])"].formula == "900.00 on 30 days, 1,800.00 on 60 days"
    assert "salary_figure" not in found
