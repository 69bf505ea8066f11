# SPDX-License-Identifier: MIT
"""Lists in cells of text, written as in a facts file: `[{customer: C-1, sales: 90000.00}]`, or `[]`."""

from __future__ import annotations

from typing import Any

import polars as pl

from rolerules.bulk.amounts import both
from rolerules.model.types import Type
from rolerules.text.reader import read
from rolerules.text.tree import plain


def items_of(text: str) -> list[Any] | None:
    """What a text lists, amounts and days as texts; None where it is no list."""
    document = read(text, "")
    found = plain(document.root) if document.root and not document.problems else None
    return found if isinstance(found, list) else None


def lists_of(given: pl.Series, type_: Type) -> tuple[pl.Series, pl.Series | None]:
    """A column of such texts as lists of records, and which rows are left to the exact path."""
    assert type_.item is not None
    fields = {one.name for one in type_.item.fields}

    def fits(item: Any) -> bool:
        return (
            isinstance(item, dict) and fields >= item.keys()
            and all(value is None or isinstance(value, str) for value in item.values())
        )  # fmt: skip

    found = {text: items_of(text) for text in given.unique().drop_nulls()}
    found = {
        text: one if one is not None and all(map(fits, one)) else None
        for text, one in found.items()
    }
    kind = pl.List(pl.Struct(dict.fromkeys(sorted(fields), pl.String())))
    lists = pl.Series(given.name, [found.get(text) for text in given], kind)
    return lists, both(None, lists.is_null() & given.is_not_null())
