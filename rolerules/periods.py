# SPDX-License-Identifier: MIT
"""Months, quarters, half years and years of a date, counted from the month a year starts in."""

from __future__ import annotations

import calendar
import datetime
import re

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


_NAMES = {
    "month": (re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII), "2026-07"),
    "quarter": (re.compile(r"(\d{4})-Q([1-4])", re.ASCII), "2026-Q3"),
    "half year": (re.compile(r"(\d{4})-H([12])", re.ASCII), "2026-H2"),
    "year": (re.compile(r"(\d{4})()", re.ASCII), "2026"),
}
NAMED_LIKE = {period: like for period, (_, like) in _NAMES.items()}
"""How the name of a period is written."""


def last_day(name: str, period: str, year_starts: int) -> datetime.date | None:
    """The last day of a period by its name (`2026-Q3`); None where it is no name of one.

    A month is that of the calendar; quarters and halves are counted in the year that starts in
    the calendar year written, on the 1st of month `year_starts`.
    """
    found = _NAMES[period][0].fullmatch(name)
    if found is None:
        return None
    year_, place = int(found[1]), int(found[2] or 1)
    first = place if period == "month" else year_starts + MONTHS[period] * (place - 1)
    past = year_ * 12 + first - 1 + MONTHS[period]  # the month after the last one
    if not 12 <= past - 1 < 120_000:
        return None
    year_, month = divmod(past - 1, 12)
    return datetime.date(year_, month + 1, calendar.monthrange(year_, month + 1)[1])


def name_of(day: datetime.date, period: str, year_starts: int) -> str:
    """The name of the period that a day lies in: `2026-07`, `2026-Q3`, `2026-H2` or `2026`."""
    if period == "month":
        return f"{day.year:04}-{day.month:02}"
    named = f"{year(day, year_starts):04}"
    if period == "quarter":
        return f"{named}-Q{quarter(day, year_starts)}"
    return f"{named}-H{half_year(day, year_starts)}" if period == "half year" else named
