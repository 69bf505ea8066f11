# SPDX-License-Identifier: MIT
"""Days that Polars has and Python has not: before year 1 and after 9999."""

from __future__ import annotations

import polars as pl

from rolerules.engines.columnar.dates import outside_calendar

_IN_A_DAY = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def outside(days: pl.Series) -> pl.Series:
    """Which days are outside the calendar, null where there is none."""
    return days.alias("day").to_frame().select(outside_calendar(pl.col("day"))).to_series()


def days_as_texts(given: pl.Series) -> pl.Series:
    """A column that Python can take: where a day is outside the calendar, all its days are texts.

    Those outside it are texts that are no date, so that they are refused with what they are.
    """
    if given.dtype == pl.Date:
        return as_text(given) if outside(given).any() else given
    if isinstance(given.dtype, pl.Array):
        given = given.arr.to_list()
    record = given.dtype.inner if isinstance(given.dtype, pl.List) else None
    if not isinstance(record, pl.Struct):
        return given
    items = given.explode(empty_as_null=False, keep_nulls=False).struct
    dates = [one.name for one in record.fields if one.dtype == pl.Date]
    far = [name for name in dates if outside(items.field(name)).any()]
    if not far:
        return given
    texts = pl.element().struct.with_fields(
        _text(pl.field(name), pl.Date()).alias(name) for name in far
    )
    return given.to_frame().select(pl.col(given.name).list.eval(texts)).to_series()


def as_text(given: pl.Series) -> pl.Series:
    """A column of days, time stamps or durations as ISO 8601 writes them; far days and stamps by their number."""
    return given.to_frame().select(_text(pl.col(given.name), given.dtype)).to_series()


def _text(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.Duration):
        return value.dt.to_string("iso")
    unit, in_a_day = "days", 1
    if isinstance(kind, pl.Datetime):
        unit, in_a_day = kind.time_unit, _IN_A_DAY[kind.time_unit]
    number = value.cast(pl.Int64)
    far = outside_calendar(number.floordiv(in_a_day))
    told = pl.format(f"{{}} {unit} after 1970-01-01", number)
    return pl.when(far).then(told).otherwise(pl.when(~far).then(value).dt.to_string("iso:strict"))
