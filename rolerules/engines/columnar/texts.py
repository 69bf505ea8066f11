# SPDX-License-Identifier: MIT
"""Names joined into one text, for each row those whose mark holds."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

_FEW = 10
"""All texts of so many names are written down beforehand, and looked up."""


def texts(marks: Mapping[str, pl.Expr]) -> pl.Expr:
    """The names whose mark holds, sorted, with a comma between; empty where none does."""
    names = sorted(marks)
    found = [name for name in names if marks[name].meta.root_names()]
    fixed = [name for name in names if name not in found and pl.select(marks[name]).item()]
    if not found:
        return pl.lit(", ".join(fixed))
    if len(found) > _FEW:
        parts = [pl.when(marks[name].fill_null(False)).then(pl.lit(name)) for name in names]
        return pl.concat_str(parts, separator=", ", ignore_nulls=True)
    every = []
    for mask in range(2 ** len(found)):
        held = {*fixed, *(name for place, name in enumerate(found) if mask >> place & 1)}
        every.append(", ".join(sorted(held)))
    bits = [marks[name].fill_null(False).cast(pl.UInt16) * (1 << place) for place, name in enumerate(found)]  # fmt: skip
    mask_ = bits[0]
    for bit in bits[1:]:
        mask_ = mask_ + bit
    return pl.lit(pl.Series(every)).gather(mask_)
