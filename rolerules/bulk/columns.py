# SPDX-License-Identifier: MIT
"""A column as given → the column that the kernel works with, by the type of its fact."""

from __future__ import annotations

import attrs
import polars as pl
import pyarrow as pa

from rolerules.bulk.amounts import Read, amounts, blank, both
from rolerules.bulk.days import outside
from rolerules.bulk.listed import lists_of
from rolerules.engines.columnar.spans import of_items
from rolerules.limits import LIMITS
from rolerules.model.types import AMOUNTS, ANY, Range, Type

_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
FEW = 6
"""So many choices are compared with one after the other, which is quicker than to look them up."""
_YES_NO = {"yes": True, "no": False}


@attrs.frozen(slots=True)
class Column:
    """What a column holds: a fact's or a balance's type, range, and most items of a list."""

    name: str
    type: Type
    range: Range = ANY
    items: int = 0


def kept_as(type_: Type) -> pl.DataType:
    """How values of a type stand in the canonical frame, where nothing of them is known."""
    if type_.item is not None:
        return pl.List(pl.Struct({one.name: kept_as(one.type) for one in type_.item.fields}))
    if type_.kind in AMOUNTS:
        return pl.Int64()
    if type_.kind == "choice":
        return pl.Enum(type_.options)
    return {"yes/no": pl.Boolean(), "date": pl.Date()}.get(type_.kind, pl.String())


def read_column(
    given: pl.Series, column: Column, digits: int, units: dict[str, int], *, minor: bool
) -> tuple[pl.Series, pl.Series | None]:
    """Read a column whose kind fits; also gives which rows are left to the exact path.

    Sets `units` of the column, or of the fields of its list.
    """
    if given.dtype == pl.Null:
        return unknown(column, given.len(), units), None
    if column.type.kind == "list":
        return _lists(given, column, digits, units, minor=minor)
    read = _scalars(given, column, digits, minor=minor)
    if column.type.kind in AMOUNTS:
        units[column.name] = read.below
    return read.values.alias(column.name), read.left


def unknown(column: Column, rows: int, units: dict[str, int]) -> pl.Series:
    """A column of which nothing is known."""
    units.update(_ones(column))
    return pl.Series(column.name, [None], kept_as(column.type)).new_from_index(0, rows)


def _ones(column: Column) -> dict[str, int]:
    """Units of a column of which nothing is known."""
    fields = column.type.item.fields if column.type.item else ()
    found = {of_items(column.name, one.name): 1 for one in fields if one.type.kind in AMOUNTS}
    return found | ({column.name: 1} if column.type.kind in AMOUNTS else {})


def _scalars(given: pl.Series, column: Column, digits: int, *, minor: bool) -> Read:
    kind = column.type.kind
    if isinstance(given.dtype, pl.Categorical | pl.Enum):
        given = given.cast(pl.String)
    if kind in AMOUNTS:
        return amounts(given, column.type, column.range, digits, minor=minor)
    if kind == "text":
        left = _too_long(given)
        return Read(blank(given, left), left=left)
    if given.dtype == pl.Date:
        left = both(None, outside(given))
        return Read(blank(given, left), left=left)
    if kind == "date":
        read = _dates(given)
    elif kind == "choice" and _are_choices(given, column.type.options):
        return Read(given)
    elif kind == "choice":
        read = given.cast(pl.Enum(column.type.options), strict=False)
    elif given.dtype == pl.Boolean:
        return Read(given)
    else:
        read = given.replace_strict(_YES_NO, default=None, return_dtype=pl.Boolean)
    if read.null_count() == given.null_count():
        return Read(read)
    return Read(read, left=both(None, read.is_null() & given.is_not_null()))


def _are_choices(given: pl.Series, options: tuple[str, ...]) -> bool:
    """Whether every text is a choice, where they are so few that comparing is quicker than looking up."""
    if given.dtype != pl.String or len(options) > FEW:
        return False
    known = pl.any_horizontal(pl.col("text") == option for option in options)
    frame = given.alias("text").to_frame().lazy().select(known.all())
    return bool(frame.collect(engine="streaming").item())


def _dates(given: pl.Series) -> pl.Series:
    shaped = given.set(~given.str.contains(_DATE).fill_null(False), None)
    read = shaped.str.to_date("%Y-%m-%d", strict=False)
    return blank(read, both(None, outside(read)))


def _too_long(given: pl.Series) -> pl.Series | None:
    longest = given.str.len_bytes().max()
    if not isinstance(longest, int) or longest <= LIMITS.text_length:
        return None
    return both(None, given.str.len_chars() > LIMITS.text_length)


def _lists(
    given: pl.Series, column: Column, digits: int, units: dict[str, int], *, minor: bool
) -> tuple[pl.Series, pl.Series | None]:
    left = None
    if isinstance(given.dtype, pl.String | pl.Categorical | pl.Enum):
        given, left = lists_of(given.cast(pl.String), column.type)
    if isinstance(given.dtype, pl.Array):
        given = given.arr.to_list()
    if given.dtype == pl.List(pl.Null):
        given = given.cast(kept_as(column.type))
    given = given.rechunk()
    lengths = given.list.len()
    left = both(left, lengths > column.items)
    flat = given.explode(empty_as_null=False, keep_nulls=False)
    read, wrong = _items(flat, column, digits, units, minor=minor)
    if wrong is not None:
        left = both(left, _listed(wrong, lengths).list.any())
    return blank(_listed(read, lengths).alias(column.name), left), left


def _listed(items: pl.Series, lengths: pl.Series) -> pl.Series:
    """Items put back into lists of the lengths given, null where a length is."""
    ends = lengths.fill_null(0).cast(pl.Int64).cum_sum()
    offsets = pl.concat([pl.Series([0], dtype=pl.Int64), ends]).to_arrow()
    nulls = lengths.is_null().to_arrow()
    return pl.Series(
        pl.from_arrow(pa.LargeListArray.from_arrays(offsets, items.to_arrow(), mask=nulls))
    )


def _items(
    flat: pl.Series, column: Column, digits: int, units: dict[str, int], *, minor: bool
) -> tuple[pl.Series, pl.Series | None]:
    """Items of all lists as canonical records, and which of them are left."""
    assert column.type.item is not None
    assert isinstance(flat.dtype, pl.Struct)
    given = {one.name for one in flat.dtype.fields}
    left, read = both(None, flat.is_null()), []
    for field in column.type.item.fields:
        own = Column(of_items(column.name, field.name), field.type, field.range)
        if field.name in given:
            values, wrong = read_column(
                flat.struct.field(field.name), own, digits, units, minor=minor
            )
            left = both(left, wrong)
        else:
            values = unknown(own, flat.len(), units)
        if values.dtype == pl.Int128:  # Arrow, by which lists are made, has no such numbers
            held = values.cast(pl.Int64, strict=False)
            left, values = both(left, held.is_null() & values.is_not_null()), held
        read.append(values.alias(field.name))
    return pl.DataFrame(read).to_struct(), left
