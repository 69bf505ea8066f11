# SPDX-License-Identifier: MIT
"""Months, quarters, half years and years of a date, counted from the month a year starts in."""

from __future__ import annotations

import calendar
import datetime

MONTHS = {"month": 1, "quarter": 3, "half year": 6, "year": 12}
DAYS = {"month": (28, 31), "quarter": (89, 92), "half year": (181, 184), "year": (365, 366)}
"""The least and the greatest number of days that a period can have."""


def quarter(day: datetime.date, year_starts: int) -> int:
    """The quarter, 1 to 4, of a year that starts on the 1st of month `year_starts`."""
    return (day.month - year_starts) % 12 // 3 + 1


def half_year(day: datetime.date, year_starts: int) -> int:
    """The half year, 1 or 2, of a year that starts on the 1st of month `year_starts`."""
    return (day.month - year_starts) % 12 // 6 + 1


def year(day: datetime.date, year_starts: int) -> int:
    """The calendar year in which the day's year started."""
    return day.year if day.month >= year_starts else day.year - 1


def period_start(day: datetime.date, period: str, year_starts: int) -> datetime.date:
    """The first day of the month, quarter, half year or year that the day lies in."""
    months = MONTHS[period]
    back = (day.month - year_starts) % months
    total = day.year * 12 + day.month - 1 - back
    if total < 12:  # the first year of the calendar
        return datetime.date.min
    return datetime.date(total // 12, total % 12 + 1, 1)


def follows(day: datetime.date, before: datetime.date, period: str, year_starts: int) -> bool:
    """Whether the period of a day comes right after the period of another."""
    first, last = (period_start(one, period, year_starts) for one in (day, before))
    return (first.year - last.year) * 12 + first.month - last.month == MONTHS[period]


def days_in_period(day: datetime.date, period: str, year_starts: int) -> int:
    """How many days the month, quarter or year has that the day lies in."""
    months = MONTHS[period]
    first = day.year * 12 + day.month - 1 - (day.month - year_starts) % months
    all_months = range(first, first + months)
    return sum(calendar.monthrange(month // 12, month % 12 + 1)[1] for month in all_months)
