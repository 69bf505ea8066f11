# SPDX-License-Identifier: MIT
"""The balances that are handed on, as columns."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import polars as pl

from rolerules.engines.columnar.column import Column
from rolerules.engines.columnar.kernel import Kernel
from rolerules.engines.columnar.values import AS, Number, Word, kind_of
from rolerules.model.types import Type
from rolerules.plan.bounds import Ratio, lowest_terms
from rolerules.values import exact_text

Long = Callable[[Column], pl.Expr]


def least_units(ratio: Ratio[Column], unit: int) -> Column:
    """An amount that is a whole number of 1/`unit`, in those."""
    units = lowest_terms(ratio.top, ratio.below, unit)
    assert units.below == 1, "it was rounded"
    return units.top


def closing(kernel: Kernel, long: Long) -> dict[str, pl.Expr]:
    """A column `closing.NAME` for each balance: money in least units, numbers as exact text.

    `long` puts whole numbers into 64 bits.
    """
    plan = kernel.plan
    return {
        f"closing.{name}": _masked(kernel, kernel.values[carry.result], carry.type, long)
        for name, carry in plan.carries.items()
    }


def _masked(kernel: Kernel, value: Any, type_: Type, long: Long) -> pl.Expr:
    made = AS[kind_of(type_)](value, kernel.rows)
    sure = made.needs.known
    if isinstance(sure, bool):
        return _written(kernel, made, type_, long) if sure else pl.lit(None, dtype(type_))
    return pl.when(sure).then(_written(kernel, made, type_, long))


def dtype(type_: Type) -> Any:
    """What a balance of a type is held in."""
    if type_.kind in ("money", "whole"):
        return pl.Int64
    return {"yes/no": pl.Boolean, "date": pl.Date}.get(type_.kind, pl.String)


def _written(kernel: Kernel, value: Any, type_: Type, long: Long) -> pl.Expr:
    if isinstance(value, Word):
        return value.as_text()
    if not isinstance(value, Number):
        return value.expr  # type: ignore[no-any-return]  # an expression
    if type_.kind in ("money", "whole"):
        unit = 10**kernel.plan.digits if type_.kind == "money" else 1
        return long(least_units(value.ratio, unit))
    return _as_text(value)


def _as_text(value: Number) -> pl.Expr:
    """A number exactly: each one that occurs is written once."""
    top, below = value.ratio.top.expr, value.ratio.below
    under = pl.lit(below, pl.Int128) if isinstance(below, int) else below.expr
    pairs = pl.struct(top=top.cast(pl.String), below=under.cast(pl.String))
    return pairs.map_batches(_texts, return_dtype=pl.String, is_elementwise=True)


def _texts(pairs: pl.Series) -> pl.Series:
    frame = pairs.struct.unnest()
    each = frame.unique()
    written = [_text(top, below) for top, below in each.iter_rows()]
    found = frame.join(
        each.with_columns(text=pl.Series(written, dtype=pl.String)),
        on=["top", "below"],
        how="left",
        maintain_order="left",
        nulls_equal=True,
    )
    return found["text"]


def _text(top: str | None, below: str | None) -> str | None:
    if top is None or below is None or int(below) == 0:
        return None
    return exact_text(Fraction(int(top), int(below)))
