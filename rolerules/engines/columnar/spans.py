# SPDX-License-Identifier: MIT
"""What is known of a batch's columns before anything is built: bounds, and what is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import polars as pl

from rolerules.engines.columnar.rows import collected

Span = tuple[int, int]
_ITEMS = "[]."


@attrs.frozen(slots=True, eq=False)
class AsIs:
    """A column that is used as it stands: its values, the units and bounds of an amount.

    `outside` says of the values which keep to nothing that was declared, so that they take the exact path;
    for a choice it is those that have none of the `options`.
    """

    expr: pl.Expr
    unit: int = 1
    bounds: Span = (0, 0)
    outside: Callable[[pl.Expr], pl.Expr] | None = None
    options: tuple[str, ...] = ()


@attrs.frozen(slots=True)
class Spans:
    """The bounds of each column of amounts, and how many values of each column are unknown.

    Bounds that were looked up are rounded out to powers of two, so that batches of one table
    mostly agree; `unknown` is 0 for none, 1 for some and 2 for all.
    """

    bounds: Mapping[str, Span]
    unknown: Mapping[str, int]
    as_is: Mapping[str, AsIs]

    @property
    def key(self) -> Any:
        """What makes two batches alike."""
        units = [(name, one.unit) for name, one in self.as_is.items()]
        return tuple(self.bounds.items()), tuple(self.unknown.items()), tuple(units)


def of_items(name: str, field: str) -> str:
    """What a field of a list's items is called beside columns, of which none has such a name."""
    return f"{name}{_ITEMS}{field}"


def list_and_field(name: str) -> tuple[str, str]:
    """A name apart again; the field is empty for a column."""
    listed, _, field = name.partition(_ITEMS)
    return listed, field


def spans(frame: pl.DataFrame, units: Mapping[str, int], as_is: Mapping[str, AsIs]) -> Spans:
    """Look at the columns that have to be looked at, all at the same time."""
    amounts = [name for name in frame.columns if name in units and name not in as_is]
    bounds = {name: one.bounds for name, one in as_is.items()}
    if amounts:
        wanted = [pl.col(name).min().alias(f"<{name}") for name in amounts]
        wanted += [pl.col(name).max().alias(f">{name}") for name in amounts]
        found = collected(frame.lazy().select(wanted), frame.height).row(0, named=True)
        bounds |= {name: rounded_out(found[f"<{name}"], found[f">{name}"]) for name in amounts}
    return Spans(bounds, {one.name: _unknown(one) for one in frame.get_columns()}, as_is)


def _unknown(column: pl.Series) -> int:
    count = column.null_count()
    return 0 if not count else 2 if count == column.len() else 1


def rounded_out(low: int | None, high: int | None) -> Span:
    """Bounds out to the next powers of two, 0 staying 0."""
    low, high = low or 0, high or 0
    return (
        -(1 << (-low).bit_length()) if low < 0 else 1 << (low.bit_length() - 1) if low > 0 else 0,
        (1 << high.bit_length()) - 1
        if high > 0
        else -(1 << ((-high).bit_length() - 1))
        if high < 0
        else 0,
    )
