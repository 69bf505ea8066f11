# SPDX-License-Identifier: MIT
"""When something happened: a day, or a moment with its offset from UTC, compared as instants."""

from __future__ import annotations

import datetime
import re

import attrs

from rolerules.problems import FactError, Problem
from rolerules.spelling import date_help
from rolerules.values import parse_date

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII
)  # fmt: skip
LIKE = "give a day, `2026-07-31`, or a moment with its offset, `2026-07-31T17:30+08:00`"


@attrs.frozen(slots=True)
class Moment:
    """A moment: as it was said, and the instant it is; a day is its first instant in UTC."""

    text: str
    instant: datetime.datetime

    @property
    def day(self) -> datetime.date:
        """The day of the calendar where it was said."""
        return datetime.date.fromisoformat(self.text[:10])


def moment(given: object) -> Moment:
    """Read a day or a moment: a date, a datetime with an offset, or ISO text.

    Raises `FactError` for anything else. A time of day without an offset is none: in the hour
    that comes twice, when summer time ends, nobody could tell which is meant.
    """
    if isinstance(given, datetime.date):  # or a datetime, which is one
        given = given.isoformat()
    found = _read(given) if isinstance(given, str) else None
    if found is None:
        mend = date_help(given) if isinstance(given, str) else ""
        raise FactError([Problem("time", f"`{given}` is no time", help=mend or LIKE, path="at")])
    return found


def _read(text: str) -> Moment | None:
    day = parse_date(text)
    if day is not None:
        return Moment(text, datetime.datetime.combine(day, datetime.time(), datetime.UTC))
    if not _MOMENT.fullmatch(text):
        return None
    try:
        said = datetime.datetime.fromisoformat(text)
        return Moment(said.isoformat(), said.astimezone(datetime.UTC))
    except (ValueError, OverflowError):  # no such hour, or outside the calendar
        return None


def now() -> str:
    """The moment by this machine's clock, in UTC."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
