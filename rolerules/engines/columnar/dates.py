# SPDX-License-Identifier: MIT
"""Dates over columns: as `rolerules.dates` reckons them, by whole numbers of days and months."""

from __future__ import annotations

import datetime
import operator
from typing import Any

import polars as pl

from rolerules.dates import MOST_WORKING_DAYS, add_working_days
from rolerules.engines.columnar.column import Column
from rolerules.engines.columnar.needs import compared, failing, together
from rolerules.engines.columnar.rows import Rows, UnsupportedError
from rolerules.engines.columnar.values import (
    Day,
    Number,
    Same,
    Value,
    day,
    number,
)
from rolerules.plan.bounds import Ratio
from rolerules.plan.plan import Step

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_FIRST, _LAST = 1 - _EPOCH, datetime.date.max.toordinal() - _EPOCH
_MOST = datetime.date.max.toordinal()
_MONTHS = 12 * datetime.MAXYEAR
_PART = {"year": (1, 9999), "month": (1, 12), "day": (1, 31)}


def outside_calendar(day_: pl.Expr) -> pl.Expr:
    """Days before year 1 or after 9999, which Polars has and the calendar here does not.

    Told by their numbers, since Polars has days of which it can say no year.
    """
    number_ = day_.cast(pl.Int64)
    return (number_ < _FIRST) | (number_ > _LAST)


def between(step: Step, args: list[Value], rows: Rows) -> Value:
    """Days, complete months or complete years from one date to another."""
    one, two = (day(arg, rows) for arg in args)
    needs = together([one.needs, two.needs])
    if step.op == "days":
        days = _ordinal(two.expr) - _ordinal(one.expr)
        return Number(Ratio(Column(days, -_MOST, _MOST), 1), needs, None)
    months = pl.when(compared(operator.lt, two.expr, one.expr)).then(-_months(two.expr, one.expr)).otherwise(_months(one.expr, two.expr))  # fmt: skip
    if step.op == "full_years":
        months = pl.when(months < 0).then(-(-months // 12)).otherwise(months // 12)
    return Number(Ratio(Column(months, -_MONTHS, _MONTHS), 1), needs, None)


def _ordinal(expr: pl.Expr) -> pl.Expr:
    return expr.cast(pl.Int32).cast(pl.Int64)


def _month(expr: pl.Expr) -> pl.Expr:
    return expr.dt.year().cast(pl.Int64) * 12 + expr.dt.month().cast(pl.Int64) - 1


def _months(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Complete months where `start` comes first: one less where its day is not reached."""
    short = compared(operator.gt, start.dt.day(), end.dt.day()) & (
        end.dt.day() < end.dt.days_in_month()
    )
    return _month(end) - _month(start) - short.cast(pl.Int64)


def added(step: Step, args: list[Value], rows: Rows) -> Value:
    """The date so many days or months later; outside the calendar the case is refused."""
    start, count = day(args[0], rows), number(args[1], rows)
    needs = together([start.needs, count.needs])
    if count.ratio.below != 1:
        raise UnsupportedError("a count that is no whole number")
    if step.op == "add_days":
        limit = _MOST
        found = _ordinal(start.expr) + _within(count.ratio.top, limit)
        outside = (found < _FIRST) | (found > _LAST)
        moved = pl.when(outside).then(pl.lit(0, pl.Int64)).otherwise(found).cast(pl.Int32)
        moved = moved.cast(pl.Date)
    else:
        limit = _MONTHS
        month = _month(start.expr) + _within(count.ratio.top, limit)
        outside = (month < 12) | (month >= 12 * (datetime.MAXYEAR + 1))
        month = pl.when(outside).then(pl.lit(12, pl.Int64)).otherwise(month)
        first = pl.date(month // 12, month % 12 + 1, 1)
        last = first.dt.days_in_month()
        number_ = pl.min_horizontal(start.expr.dt.day(), last)
        moved = (first.cast(pl.Int32) + number_.cast(pl.Int32) - 1).cast(pl.Date)
    return Day(moved, failing(needs, outside), None)


def _within(count: Column, limit: int) -> pl.Expr:
    """A count cut where it leads too far from any date, so that 64 bits hold it."""
    if -limit <= count.low and count.high <= limit:
        return count.expr
    return count.expr.clip(-limit - 1, limit + 1).cast(pl.Int64)


def working_days(step: Step, args: list[Value], rows: Rows) -> Value:
    """The working day so many later, by a list of holidays that is the same everywhere."""
    start, count, holidays = day(args[0], rows), number(args[1], rows), args[2]
    if count.ratio.below != 1 or not isinstance(holidays, Same):
        raise UnsupportedError("holidays that differ")
    if not isinstance(holidays.value, tuple):
        raise UnsupportedError("unknown holidays")
    free = frozenset(holidays.value)
    known = pl.when(~outside_calendar(start.expr)).then(start.expr)  # Python has no others
    found = pl.struct(d=known, n=_within(count.ratio.top, MOST_WORKING_DAYS)).map_elements(
        lambda row: _later(row["d"], row["n"], free), return_dtype=pl.Date
    )
    needs = together([start.needs, count.needs])
    return Day(found, failing(needs, found.is_null()), None)


def _later(
    start: datetime.date | None, count: int | None, free: frozenset[datetime.date]
) -> datetime.date | None:
    """A working day; None for what is unknown or leads too far."""
    if start is None or count is None or abs(count) > MOST_WORKING_DAYS:
        return None
    try:
        return add_working_days(start, count, free)
    except OverflowError:
        return None


def part(step: Step, args: list[Value], rows: Rows) -> Value:
    """The year, month or day of a date."""
    one = day(args[0], rows)
    found = getattr(one.expr.dt, step.value)().cast(pl.Int64)
    return Number(Ratio(Column(found, *_PART[step.value]), 1), one.needs, None)


DATES: dict[str, Any] = {
    "days": between, "full_months": between, "full_years": between, "add_days": added,
    "add_months": added, "add_working_days": working_days, "part": part,
}  # fmt: skip
