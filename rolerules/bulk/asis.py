# SPDX-License-Identifier: MIT
"""Columns that are worked with as they are: no pass over the table before it is decided.

A column that holds whole numbers, yes and no, dates or few choices needs no reading. Its bounds
are those that the ruleset declares; whether a value keeps to them is looked at with everything
else, row by row, and what does not goes the exact path, which says why.
"""

from __future__ import annotations

import math
from fractions import Fraction

import polars as pl

from rolerules.bulk.columns import FEW, Column
from rolerules.engines.columnar.dates import outside_calendar
from rolerules.engines.columnar.spans import AsIs
from rolerules.limits import LIMITS
from rolerules.model.types import AMOUNTS, Range, Type

_WIDEST = 2**62


def as_is(given: pl.Series, column: Column, digits: int, *, minor: bool) -> AsIs | None:
    """How a column is used as it stands; None where it has to be read."""
    kind, dtype, value = column.type.kind, given.dtype, pl.col(column.name)
    if kind in AMOUNTS:
        return _amount(dtype, column, digits, minor=minor)
    if kind == "yes/no" and dtype == pl.Boolean:
        return AsIs(value)
    if kind == "date" and dtype == pl.Date:
        return AsIs(value, outside=outside_calendar)
    if kind == "text" and dtype == pl.String:
        return AsIs(value, outside=lambda text: text.str.len_bytes() > LIMITS.text_length)
    if kind == "choice" and dtype == pl.String and len(column.type.options) <= FEW:
        return AsIs(value, options=column.type.options)
    return None


def _amount(dtype: pl.DataType, column: Column, digits: int, *, minor: bool) -> AsIs | None:
    money, whole = column.type.kind == "money", column.type.kind == "whole"
    value = pl.col(column.name)
    if dtype in (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32):
        places = digits if minor and money else 0
        value = value if dtype == pl.Int64 else value.cast(pl.Int64)
    elif isinstance(dtype, pl.Decimal) and (dtype.precision or 38) <= 18:
        places = dtype.scale
        value = value.to_physical().cast(pl.Int64)
    else:
        return None
    if places > (digits if money else 0 if whole else LIMITS.decimals):
        return None
    low, high = (bound * 10**places for bound in _declared(column.type, column.range))
    least, most = math.ceil(low), math.floor(high)
    if not -_WIDEST < least <= most < _WIDEST:
        return None

    def outside(amount: pl.Expr) -> pl.Expr:
        # Without its sign a number below the least is past the most: one comparison for both ends.
        above = amount - least if least else amount
        past: pl.Expr = above.reinterpret(signed=False) > most - least
        return past

    return AsIs(value, 10**places, (least, most), outside)


def _declared(type_: Type, range_: Range) -> tuple[Fraction, Fraction]:
    """The least and the greatest amount that is taken without a question (see `engines.facts`)."""
    assert range_.low is not None
    assert range_.high is not None
    bare = type_.kind == "rate"  # a bare rate past 1 has no bound of its own to go by
    low = Fraction(-1) if bare and range_.low == -LIMITS.number else range_.low
    return low, Fraction(1) if bare and range_.high == LIMITS.number else range_.high
