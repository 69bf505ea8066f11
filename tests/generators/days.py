# SPDX-License-Identifier: MIT
"""The calendar, found by looking at one day after another."""

from __future__ import annotations

import datetime
from collections.abc import Collection

ONE = datetime.timedelta(days=1)


def later(day: datetime.date, days: int) -> datetime.date | None:
    """So many days on; None outside the calendar."""
    number = day.toordinal() + days
    inside = 1 <= number <= datetime.date.max.toordinal()
    return datetime.date.fromordinal(number) if inside else None


def length(year: int, month: int) -> int:
    """The days of a month: the number of the last one that exists."""
    for number in (31, 30, 29):
        try:
            return datetime.date(year, month, number).day
        except ValueError:
            pass
    return 28


def months_later(day: datetime.date, months: int) -> datetime.date | None:
    """The same day so many months on, or the month's last; None outside the calendar."""
    year, month = day.year, day.month + months
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if not 1 <= year <= 9999:
        return None
    return datetime.date(year, month, min(day.day, length(year, month)))


def months_between(start: datetime.date, end: datetime.date) -> int:
    """How many months fit in: the most that can be added without passing the later date."""
    if end < start:
        return 0 - months_between(end, start)
    count = max(0, (end - start).days // 31 - 1)
    while (after := months_later(start, count + 1)) is not None and after <= end:
        count += 1
    return count


def years_between(start: datetime.date, end: datetime.date) -> int:
    if end < start:
        return 0 - years_between(end, start)
    count = 0
    while (after := months_later(start, 12 * (count + 1))) is not None and after <= end:
        count += 1
    return count


def working_days_later(
    day: datetime.date, days: int, holidays: Collection[datetime.date]
) -> datetime.date | None:
    """Walk from day to day, counting those that are worked on; None past 10,000 or the calendar."""
    if not -10_000 <= days <= 10_000:
        return None
    counted = 0
    while counted < abs(days):
        if day == (datetime.date.max if days > 0 else datetime.date.min):
            return None
        day = day + ONE if days > 0 else day - ONE
        if day.isoweekday() not in (6, 7) and day not in holidays:
            counted += 1
    return day
