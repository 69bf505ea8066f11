# SPDX-License-Identifier: MIT
"""Calendar arithmetic: complete months and years, adding months, working days."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Collection

MOST_WORKING_DAYS = 10_000
"""Forty years; more is a mistake, and would be counted day by day."""


def add_days(day: datetime.date, days: int) -> datetime.date:
    """So many days later. Raises `OverflowError` outside the years 1 to 9999."""
    return day + datetime.timedelta(days=days)


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or that month's last day where it is shorter.

    Raises `OverflowError` outside the years 1 to 9999.
    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not datetime.MINYEAR <= years <= datetime.MAXYEAR:
        raise OverflowError("outside the calendar")
    last = calendar.monthrange(years, month + 1)[1]
    return datetime.date(years, month + 1, min(day.day, last))


def full_months(start: datetime.date, end: datetime.date) -> int:
    """Complete months between two dates: the most that `add_months` can add without passing the end.

    So 31 January to 28 February is one. Negative where the end comes first.
    """
    if end < start:
        return -full_months(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def full_years(start: datetime.date, end: datetime.date) -> int:
    """Complete years between two dates, as complete twelves of months; negative turned round."""
    months = full_months(start, end)
    return months // 12 if months >= 0 else -(-months // 12)


def add_working_days(
    day: datetime.date, days: int, holidays: Collection[datetime.date]
) -> datetime.date:
    """The working day so many after a day (before it, for a negative number); 0 is the day itself.

    Monday to Friday are working days unless they are holidays. Raises `OverflowError` past
    `MOST_WORKING_DAYS` or outside the calendar.
    """
    if abs(days) > MOST_WORKING_DAYS:
        raise OverflowError("too many working days")
    step = datetime.timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    while left:
        day += step
        left -= day.weekday() < 5 and day not in holidays
    return day
