# SPDX-License-Identifier: MIT
"""Months, quarters, half years and years of a date, counted from the month a year starts in."""

from __future__ import annotations

import datetime

MONTHS = {"month": 1, "quarter": 3, "half year": 6, "year": 12}


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
