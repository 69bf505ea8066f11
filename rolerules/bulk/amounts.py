# SPDX-License-Identifier: MIT
"""A column of amounts → whole numbers of so many to the unit, and which cells are left to the exact path."""

from __future__ import annotations

import math
from fractions import Fraction

import attrs
import polars as pl

from rolerules.limits import LIMITS
from rolerules.model.types import Range, Type

_PLAIN = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"
_LONGEST = 60
"""Characters of a text that is read as a figure."""
_FEW = (0, 2, 4, 6, LIMITS.decimals)
"""Decimals that texts are read with, so that batches of one table mostly agree."""


@attrs.frozen(slots=True)
class Read:
    """A column as it is worked with: null where unknown or left, `below` its units to 1.

    `left` says of each row whether it must go the exact path; None where none has to.
    """

    values: pl.Series
    below: int = 1
    left: pl.Series | None = None


def amounts(given: pl.Series, type_: Type, range_: Range, digits: int, *, minor: bool) -> Read:
    """Read integers, decimals or texts exactly; `minor` says that integers count least units."""
    money, percents, left = type_.kind == "money", None, None
    most = digits if money else 0 if type_.kind == "whole" else LIMITS.decimals
    if given.dtype == pl.String:
        values, places, percents, left = _figures(given, most, rate=type_.kind == "rate")
    elif given.dtype.is_integer():
        values = given
        if given.dtype == pl.UInt128:  # the only ones that Int128 may not hold
            values = given.cast(pl.Int128, strict=False)
            left = both(None, values.is_null() & given.is_not_null())
        places = digits if minor and money else 0
    elif isinstance(given.dtype, pl.Decimal):
        values, places = given.to_physical(), given.dtype.scale
    else:  # nothing but nulls
        values, places = given.cast(pl.Int64), 0
    if places > most:
        step = 10 ** (places - most)
        rest = values % _wide(step)
        left = both(left, rest != 0)
        values, places = values // _wide(step), most
    below = 10**places
    left = both(left, _outside(values, range_.low, range_.high, below))
    if type_.kind == "rate":  # without a bound of its own, a bare rate of 85 is one of 85%
        high = Fraction(1) if range_.high == LIMITS.number else None
        low = Fraction(-1) if range_.low == -LIMITS.number else None
        past = _outside(values, low, high, below)
        left = both(left, past if past is None or percents is None else past & ~percents)
    return Read(_narrow(blank(values, left)), below, left)


def _wide(number: int) -> pl.Series:
    return pl.Series([number], dtype=pl.Int128)


def both(one: pl.Series | None, two: pl.Series | None) -> pl.Series | None:
    """Where either is true; None where none is."""
    if two is not None:
        two = two.fill_null(False)
        two = two if two.any() else None
    return two if one is None else one if two is None else one | two


def blank(values: pl.Series, left: pl.Series | None) -> pl.Series:
    """The values without those that are left to the exact path."""
    return values if left is None else values.set(left, None)


def _outside(
    values: pl.Series, low: Fraction | None, high: Fraction | None, below: int
) -> pl.Series | None:
    """Which values are out of a range; the least and the greatest say for most columns that none is."""
    least, greatest = values.min(), values.max()
    if not isinstance(least, int) or not isinstance(greatest, int):
        return None
    found = None
    if low is not None and least < (bound := math.ceil(low * below)):
        found = both(found, _compare(values, bound, below_it=True))
    if high is not None and greatest > (bound := math.floor(high * below)):
        found = both(found, _compare(values, bound, below_it=False))
    return found


def _compare(values: pl.Series, bound: int, *, below_it: bool) -> pl.Series:
    wide = values.cast(pl.Int128)
    return wide < _wide(bound) if below_it else wide > _wide(bound)


def _narrow(values: pl.Series) -> pl.Series:
    """As Int64 where all fit, else as Int128."""
    if values.dtype == pl.Int64:
        return values
    least, greatest = values.min(), values.max()
    far = (
        isinstance(least, int)
        and isinstance(greatest, int)
        and not (least >= -(2**63) and greatest < 2**63)
    )
    return values.cast(pl.Int128 if far else pl.Int64)


def _figures(
    given: pl.Series, most: int, *, rate: bool
) -> tuple[pl.Series, int, pl.Series | None, pl.Series | None]:
    """Texts as whole numbers: with their decimals, where a percent sign stands, and what is left."""
    percents = given.str.ends_with("%").fill_null(False) if rate else None
    if percents is not None and not percents.any():
        percents = None
    bare = given
    if percents is not None:
        bare = bare.str.replace("[ ]*%$", "")
    point = bare.str.find(".", literal=True)
    decimals = (bare.str.len_bytes() - point - 1).fill_null(0)
    plain = bare.str.contains(_PLAIN) & (given.str.len_bytes() <= _LONGEST)
    found = decimals.filter(plain.fill_null(False)).max()
    wanted = found if isinstance(found, int) else 0
    places = next((few for few in _FEW if min(wanted, most) <= few <= most), most)
    fits = plain & (decimals <= places)
    read = bare.set(~fits.fill_null(True), None).cast(pl.Decimal(38, places), strict=False)
    left = both(None, read.is_null() & given.is_not_null())
    values = read.to_physical()
    if percents is None:
        return values, places, None, left
    frame = pl.DataFrame([values.alias("value"), percents.alias("percent")])
    hundred = pl.lit(100, pl.Int128)
    same = pl.when("percent").then(pl.col("value")).otherwise(pl.col("value") * hundred)
    return frame.select(same)["value"], places + 2, percents, left
