# SPDX-License-Identifier: MIT
"""Names joined into one text, for each row those whose mark holds.

The marks of a row are the bits of a whole number, a bit a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

_FEW = 10
"""All texts of so many names are written down beforehand, and looked up."""
MOST = 64
"""So many names have a bit each in a whole number; of more each is looked at by its own mark."""


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
    """The whole number that has a bit for each name, of which there are at most 64."""
    kinds = ((8, pl.UInt8), (16, pl.UInt16), (32, pl.UInt32), (MOST, pl.UInt64))
    return next(kind for most, kind in kinds if len(names) <= most)


def joined(names: Sequence[str], mask: pl.Expr) -> pl.Expr:
    """The names whose bits are set, with a comma between; empty where none is."""
    if not mask.meta.root_names():
        value = pl.select(mask).item()
        return pl.lit(_text(names, value))
    if len(names) <= _FEW:
        every = [_text(names, value) for value in range(2 ** len(names))]
        return pl.lit(pl.Series(every)).gather(mask)
    kind = width(names)
    return listed(
        {name: (mask & pl.lit(1 << place, kind)) != 0 for place, name in enumerate(names)}
    )


def listed(marks: Mapping[str, pl.Expr]) -> pl.Expr:
    """The names whose mark holds, in their order, with a comma between."""
    parts = [pl.when(mark).then(pl.lit(name)) for name, mark in marks.items()]
    return pl.concat_str(parts, separator=", ", ignore_nulls=True)


def _text(names: Sequence[str], mask: int) -> str:
    return ", ".join(name for place, name in enumerate(names) if mask >> place & 1)


def texts(marks: Mapping[str, pl.Expr]) -> pl.Expr:
    """The names whose mark holds, sorted."""
    names = sorted(marks)
    if len(names) > MOST:
        return listed({name: marks[name] for name in names})
    return joined(names, marked(names, marks))
