# SPDX-License-Identifier: MIT
"""What is known of a batch's columns before anything is built: bounds, and what is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import polars as pl

from rolerules.engines.columnar.rows import collected

Span = tuple[int, int]


@attrs.frozen(slots=True)
class Spans:
    """The bounds of each column of amounts, and how many values of each column are unknown.

    Bounds are rounded out to powers of two, so that batches of one table mostly agree; `unknown`
    is 0 for none, 1 for some and 2 for all.
    """

    bounds: Mapping[str, Span]
    unknown: Mapping[str, int]

    @property
    def key(self) -> Any:
        """What makes two batches alike."""
        return tuple(sorted(self.bounds.items())), tuple(sorted(self.unknown.items()))


def spans(frame: pl.DataFrame, units: Mapping[str, int]) -> Spans:
    """Look at every column once, all at the same time."""
    if not frame.width:
        return Spans({}, {})
    amounts = [name for name in frame.columns if name in units]
    wanted = [pl.col(name).null_count().alias(f"?{name}") for name in frame.columns]
    wanted += [pl.col(name).min().alias(f"<{name}") for name in amounts]
    wanted += [pl.col(name).max().alias(f">{name}") for name in amounts]
    found = collected(frame.lazy().select(wanted)).row(0, named=True)
    rows = frame.height
    unknown = {
        name: 0 if not found[f"?{name}"] else 2 if found[f"?{name}"] == rows else 1
        for name in frame.columns
    }
    return Spans(
        {name: rounded_out(found[f"<{name}"], found[f">{name}"]) for name in amounts}, unknown
    )


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
