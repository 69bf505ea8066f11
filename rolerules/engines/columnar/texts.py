# SPDX-License-Identifier: MIT
"""Names joined into one text, for each row those whose mark holds.

The marks of a row are the bits of a whole number, a bit a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from rolerules.engines.columnar.rows import UnsupportedError

_FEW = 10
"""All texts of so many names are written down beforehand, and looked up."""


def marked(names: Sequence[str], marks: Mapping[str, pl.Expr]) -> pl.Expr:
    """The bits of the names whose mark holds."""
    kind = width(names)
    found = pl.lit(0, kind)
    for place, name in enumerate(names):
        if name in marks:
            bit = pl.when(marks[name]).then(pl.lit(1 << place, kind)).otherwise(pl.lit(0, kind))
            found = bit if not place or found.meta.is_literal() else found + bit
    return found


def width(names: Sequence[str]) -> Any:
    """The whole number that has a bit for each name."""
    for most, kind in ((8, pl.UInt8), (16, pl.UInt16), (32, pl.UInt32), (64, pl.UInt64)):
        if len(names) <= most:
            return kind
    raise UnsupportedError("names")


def joined(names: Sequence[str], mask: pl.Expr) -> pl.Expr:
    """The names whose bits are set, with a comma between; empty where none is."""
    if not mask.meta.root_names():
        value = pl.select(mask).item()
        return pl.lit(_text(names, value))
    if len(names) <= _FEW:
        every = [_text(names, value) for value in range(2 ** len(names))]
        return pl.lit(pl.Series(every)).gather(mask)
    kind = width(names)
    parts = [
        pl.when((mask & pl.lit(1 << place, kind)) != 0).then(pl.lit(name))
        for place, name in enumerate(names)
    ]
    return pl.concat_str(parts, separator=", ", ignore_nulls=True)


def _text(names: Sequence[str], mask: int) -> str:
    return ", ".join(name for place, name in enumerate(names) if mask >> place & 1)


def texts(marks: Mapping[str, pl.Expr]) -> pl.Expr:
    """The names whose mark holds, sorted."""
    names = sorted(marks)
    return joined(names, marked(names, marks))
