# SPDX-License-Identifier: MIT
"""What each column of a table is, settled once for the whole table by the kinds of its columns."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs
import polars as pl

from rolerules.bulk.amounts import both
from rolerules.bulk.asis import as_is
from rolerules.bulk.columns import Column, read_column, unknown
from rolerules.engines.columnar.spans import AsIs
from rolerules.model.model import Model
from rolerules.model.types import AMOUNTS, ANY, DATE, YES_NO, Range, Type
from rolerules.problems import FactError, Problem, nearest
from rolerules.spelling import invisible_help

OPENING = "opening."
START = f"{OPENING}start"
_FLOAT = (
    "make the column exact where it is made, or round it once: in Polars "
    "`.cast(pl.Decimal(38, 2))`, in SQL `CAST(… AS DECIMAL(38, 2))`, in pandas "
    '`.map(lambda x: Decimal(str(x)), na_action="ignore")`, or for whole numbers `.astype("Int64")`'
)
_TEXTS = (pl.String, pl.Categorical, pl.Enum)
_KINDS: Mapping[str, tuple[Any, ...]] = {
    "yes/no": (pl.Boolean, *_TEXTS), "date": (pl.Date, *_TEXTS), "choice": _TEXTS, "text": _TEXTS,
}  # fmt: skip
_GIVE = {
    **dict.fromkeys(AMOUNTS, "give a column of decimals, integers or texts"),
    "yes/no": "give a column of booleans, or of the texts `yes` and `no`",
    "date": "give a column of dates, or of texts like `2026-09-30`; of a time stamp, take the date",
    "choice": "give a column of texts",
    "text": "give a column of texts",
    "list": "give a column of lists of records, or of texts: `[{customer: C-1, sales: 90000.00}]`, `[]`",
}


@attrs.frozen(slots=True)
class Canonical:
    """A table as the kernel takes it: the facts that it has a column of, and every opening.

    `units` gives for each column of amounts (and each such field of a list, see `of_items`) how
    many units make 1. `left` marks the rows that must go the exact path; None where none must.
    """

    frame: pl.DataFrame
    units: Mapping[str, int]
    left: pl.Series | None
    as_is: Mapping[str, AsIs]
    """Columns of facts that were not read."""


@attrs.frozen(slots=True)
class Layout:
    """Every column that the kernel gets, which of them the table has, and the other columns."""

    columns: tuple[Column, ...]
    given: frozenset[str]
    digits: int
    minor_units: bool
    keep: tuple[str, ...]
    results: tuple[str, ...]
    as_of: datetime.date | str
    """The date of all rows, or the name of the column with the date of each."""

    @property
    def start(self) -> bool:
        """Whether every row starts employment, as nothing is opened with."""
        return all(not column.name.startswith(OPENING) for column in self.columns)

    def read(self, frame: pl.DataFrame, *, whole: bool = False) -> Canonical:
        """Read the columns of a table of this layout, all of them or those that have to be."""
        read: list[pl.Series] = []
        plain: dict[str, AsIs] = {}
        units: dict[str, int] = {}
        left: pl.Series | None = None
        for column in self.columns:
            given = frame[column.name] if column.name in self.given else None
            used = None if whole else self._as_is(given, column)
            if used is not None and given is not None:
                plain[column.name] = used
                read.append(given)
                continue
            if given is not None:
                values, wrong = read_column(
                    given, column, self.digits, units, minor=self.minor_units
                )
                left = both(left, wrong)
            elif column.name.startswith(OPENING):
                values = unknown(column, frame.height, units)
            else:
                continue
            read.append(values.fill_null(False) if column.name == START else values)
        left = both(left, self._contradicts(frame, read))
        canonical = pl.DataFrame(read) if read else pl.DataFrame(height=frame.height)
        return Canonical(canonical, units, left, plain)

    def _contradicts(self, frame: pl.DataFrame, read: list[pl.Series]) -> pl.Series | None:
        """The rows that start employment and have something come in all the same."""
        came = [name for name in self.given if name.startswith(OPENING) and name != START]
        if START not in self.given or not came:
            return None
        start = next(one for one in read if one.name == START)
        any_ = frame.select(pl.any_horizontal(pl.col(came).is_not_null())).to_series()
        return start & any_

    def _as_is(self, given: pl.Series | None, column: Column) -> AsIs | None:
        if given is None or column.name.startswith(OPENING):
            return None
        return as_is(given, column, self.digits, minor=self.minor_units)


def lay_out(
    model: Model,
    schema: Mapping[str, Any],
    as_of: datetime.date | str,
    *,
    minor_units: bool,
    keep: Iterable[str],
    results: tuple[str, ...],
) -> Layout:
    """Settle what the columns of a schema are; `as_of` may name one of them.

    Raises `FactError` with every reason for which the table as a whole is refused.
    """
    kept = (keep,) if isinstance(keep, str) else tuple(dict.fromkeys(keep))
    problems = [*_of_keep(kept, schema, results), *_of_balances(model)]
    facts = [
        Column(name, fact.type, fact.range, fact.max_items) for name, fact in model.facts.items()
    ]
    openings = _openings(model)
    others = {*kept, *([as_of] if isinstance(as_of, str) else [])}
    known = {column.name: column for column in (*facts, *openings)}
    for name, kind in schema.items():
        if name in known:
            problems += _of_kind(known[name], kind)
        elif name not in others:
            problems.append(_unknown(name, known))
    if isinstance(as_of, str):
        problems += _of_kind(Column(as_of, DATE), schema[as_of])
    if problems:
        raise FactError(problems)
    opened = any(column.name in schema for column in openings)
    columns = (*facts, *openings) if opened else tuple(facts)
    given = frozenset(column.name for column in columns if column.name in schema)
    return Layout(columns, given, model.digits, minor_units, kept, results, as_of)


def _openings(model: Model) -> list[Column]:
    """The columns that a row may open with."""
    found = [Column(START, YES_NO)]
    if model.status:
        found += [
            Column(f"{OPENING}status", Type("choice", tuple(model.status.states))),
            Column(f"{OPENING}since", DATE),
        ]
    for name, carry in model.carries.items():
        found.append(
            Column(f"{OPENING}{name}", carry.type, Range(Fraction(0)) if carry.in_a_row else ANY)
        )
    return found


def _of_balances(model: Model) -> list[Problem]:
    mend = "rename the balance in the ruleset"
    return [
        _refusal(
            "table-shape", name, f"is a balance, and `{OPENING}{name}` is a column of its own", mend
        )
        for name in model.carries
        if name in ("start", "status", "since")
    ]


def _of_keep(
    keep: tuple[str, ...], schema: Mapping[str, Any], results: Iterable[str]
) -> list[Problem]:
    problems, taken = [], {*results}
    for name in keep:
        if name not in schema:
            mend = nearest(name, schema)
            problems.append(_refusal("unknown-column", name, "is no column of the table", mend))
        elif name in taken:
            mend = "rename the column before, or leave it out of those that are kept"
            problems.append(_refusal("table-shape", name, "is a column of the result too", mend))
    return problems


def _unknown(name: str, known: Iterable[str]) -> Problem:
    mend = invisible_help(name) or nearest(name, known)
    rest = "keep it, with its name in `keep`, or leave it out"
    mend = f"{mend} else {rest}" if mend.endswith("?") else f"{mend}; {rest}"
    return _refusal("unknown-column", name, "is no fact of this ruleset", mend.removeprefix("; "))


def _refusal(code: str, name: str, message: str, mend: str) -> Problem:
    return Problem(code, f"`{name}` {message}", help=mend, path=name)


def _of_kind(column: Column, kind: Any) -> list[Problem]:
    """What is wrong with a column by its kind alone."""
    type_ = column.type
    if type_.item is not None and isinstance(kind, pl.List | pl.Array):
        if isinstance(kind.inner, pl.Struct):
            return _of_fields(column, kind.inner)
        return [] if kind.inner == pl.Null else [_wrong(column, kind)]
    if kind == pl.Null or (type_.item is not None and isinstance(kind, _TEXTS)):
        return []
    if isinstance(kind, pl.Float32 | pl.Float64 | pl.Float16) and type_.kind in AMOUNTS:
        message = "is a column of floating-point numbers, which are not exact"
        return [_refusal("float", column.name, message, _FLOAT)]
    fits = (
        isinstance(kind, pl.Decimal | pl.String | pl.Categorical | pl.Enum) or kind.is_integer()
        if type_.kind in AMOUNTS
        else isinstance(kind, _KINDS.get(type_.kind, ()))
    )
    return [] if fits else [_wrong(column, kind)]


def _wrong(column: Column, kind: Any) -> Problem:
    message = f"is a column of kind `{kind}`, and {column.type} is asked for"
    return _refusal("wrong-type", column.name, message, _GIVE[column.type.kind])


def _of_fields(column: Column, record: pl.Struct) -> list[Problem]:
    assert column.type.item is not None
    fields = {one.name: one for one in column.type.item.fields}
    problems = []
    for one in record.fields:
        if one.name in fields:
            own = Column(f"{column.name}.{one.name}", fields[one.name].type)
            problems += _of_kind(own, one.dtype)
        else:
            mend = nearest(one.name, fields)
            problems.append(
                _refusal(
                    "unknown-column", f"{column.name}.{one.name}", "is no field of this list", mend
                )
            )
    return problems
