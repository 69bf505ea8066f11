# SPDX-License-Identifier: MIT
"""Cases as the columnar engine takes them, and as a table that somebody hands in."""

from __future__ import annotations

import datetime
import math
import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from rolerules.engines.columnar.spans import of_items
from rolerules.engines.facts import read_facts
from rolerules.engines.opening import Opening, read_opening
from rolerules.model.model import Model
from rolerules.model.types import AMOUNTS, Type
from rolerules.plan.plan import Plan
from rolerules.problems import FactError
from rolerules.values import decimals, exact_text, parse_rate

Row = dict[str, Any]
FINEST = 10**15
WIDEST = 60
"""A balance of more units to 1, or with a numerator of more bits, is left out with its row."""


class Canonical:
    """Cases as whole numbers of as few units as they need; `left` are the rows left out.

    Those never get as far as columns: a value that cannot be read, a balance of sevenths of thirds.
    """

    def __init__(
        self, plan: Plan, facts: Sequence[Row], openings: Sequence[Row | None], start: bool
    ) -> None:
        self.units: dict[str, int] = {}
        self.left: set[int] = set()
        below: dict[str, int] = {}
        rows, opened = [], []
        for place, (row, opening) in enumerate(zip(facts, openings, strict=True)):
            read = _read(plan, row, opening)
            if read is None or not _fits(plan, read[1], below):
                self.left.add(place)
            else:
                rows.append(read[0])
                opened.append(read[1])
        columns = [
            self._column(name, fact.type, [row[name] for row in rows])
            for name, fact in plan.facts.items()
        ]
        self.frame = pl.DataFrame([*columns, *([] if start else self._openings(plan, opened))])

    def _openings(self, plan: Plan, opened: Sequence[Opening]) -> list[pl.Series]:
        columns = [pl.Series("opening.start", [one.start for one in opened], pl.Boolean)]
        if plan.states:
            status = [None if one.start else one.status for one in opened]
            columns.append(pl.Series("opening.status", status, pl.String))
            columns.append(pl.Series("opening.since", [one.since for one in opened], pl.Date))
        for name, carry in plan.carries.items():
            values = [one.carries.get(name) for one in opened]
            columns.append(self._column(f"opening.{name}", carry.type, values))
        return columns

    def _column(self, name: str, type_: Type, values: list[Any]) -> pl.Series:
        if type_.item is None:
            held, kind = self._held(name, type_, values)
            return pl.Series(name, held, kind)
        items = [item for value in values if value is not None for item in value]
        parts, kinds = {}, {}
        for field in type_.item.fields:
            some = [item[field.name] for item in items]
            parts[field.name], kinds[field.name] = self._held(
                of_items(name, field.name), field.type, some
            )
        records = iter(
            [{field: part[place] for field, part in parts.items()} for place in range(len(items))]
        )
        lists = [None if one is None else [next(records) for _ in one] for one in values]
        return pl.Series(name, lists, pl.List(pl.Struct(kinds)))

    def _held(self, name: str, type_: Type, values: list[Any]) -> tuple[list[Any], Any]:
        if type_.kind not in AMOUNTS:
            return values, {"yes/no": pl.Boolean, "date": pl.Date}.get(type_.kind, pl.String)
        below = math.lcm(*(one.denominator for one in values if one is not None))
        self.units[name] = below
        whole = [None if one is None else int(one * below) for one in values]
        wide = any(one is not None and abs(one) >= 2**63 for one in whole)
        return whole, pl.Int128 if wide else pl.Int64


def _read(plan: Plan, facts: Row, opening: Row | None) -> tuple[Row, Opening] | None:
    """A case's facts and opening; None where something of them cannot be read."""
    try:
        read, problems = read_facts(plan.facts, facts, plan.digits)
        return None if problems else (read, read_opening(plan, opening))
    except FactError:
        return None


def _fits(plan: Plan, opening: Opening, below: dict[str, int]) -> bool:
    """Whether what is carried in can be held in whole numbers beside the rows before.

    `below` has for each balance how many units make 1 up to here.
    """
    finer = {}
    for name, carry in plan.carries.items():
        value = opening.carries.get(name)
        if carry.type.kind in AMOUNTS and value is not None:
            finer[name] = math.lcm(below.get(name, 1), value.denominator)
            if finer[name] > FINEST or value.numerator.bit_length() > WIDEST:
                return False
    below.update(finer)
    return True


def table(
    model: Model,
    facts: Sequence[Row],
    openings: Sequence[Row | None],
    days: Sequence[datetime.date],
    *,
    start: bool,
    rng: random.Random,
) -> pl.DataFrame:
    """Cases as a table with the date of each row in `as of`; amounts are texts, or what they can be."""
    share = rng.choice((0.4, 1))

    def draws() -> bool:
        return rng.random() < share

    columns = [pl.Series("as of", days, pl.Date)]
    for name, fact in model.facts.items():
        columns.append(_given(name, fact.type, [row.get(name) for row in facts], draws))
    if start:
        return pl.DataFrame(columns)
    columns.append(pl.Series("opening.start", [not one for one in openings], pl.Boolean))
    some = [one or {} for one in openings]
    if model.status:
        for part, kind in (("status", "text"), ("since", "date")):
            values = [one.get(part) for one in some]
            columns.append(_given(f"opening.{part}", Type(kind), values, draws))
    for name, carry in model.carries.items():
        values = [one.get("carries", {}).get(name) for one in some]
        columns.append(_given(f"opening.{name}", carry.type, values, draws))
    return pl.DataFrame(columns)


def _given(name: str, type_: Type, values: list[Any], draws: Callable[[], bool]) -> pl.Series:
    if type_.item is None:
        kind, held = _as_one(type_, values, draws)
        return pl.Series(name, held, kind)
    items = [item for value in values if value is not None for item in value]
    parts, kinds = {}, {}
    for field in type_.item.fields:
        some = [item.get(field.name) for item in items]
        kinds[field.name], parts[field.name] = _as_one(field.type, some, draws)
    records = iter(
        [{field: part[place] for field, part in parts.items()} for place in range(len(items))]
    )
    lists = [None if value is None else [next(records) for _ in value] for value in values]
    return pl.Series(name, lists, pl.List(pl.Struct(kinds)))


def _as_one(type_: Type, values: list[Any], draws: Callable[[], bool]) -> tuple[Any, list[Any]]:
    """A column's kind and its values, all of one kind: texts, unless they can be something else."""
    kind = {"yes/no": pl.Boolean, "date": pl.Date}.get(type_.kind)
    if kind and not any(isinstance(one, str) for one in values):
        return kind, values
    exact = _amounts(type_, values) if draws() else None
    if exact is None:
        return pl.String, [None if one is None else _text(one) for one in values]
    scale = max((decimals(one) or 0 for one in exact if one is not None), default=0)
    most = max((abs(one) * 10**scale for one in exact if one is not None), default=Fraction(0))
    if scale == 0 and most < 2**63:
        return pl.Int64, [None if one is None else int(one) for one in exact]
    precision = 18 if most < 10**18 else 38
    return pl.Decimal(precision, scale), [
        None if one is None else Decimal(exact_text(one)) for one in exact
    ]


def _amounts(type_: Type, values: list[Any]) -> list[Fraction | None] | None:
    """Texts as amounts; None where one of them is none, has no end, or would be read as another."""
    if type_.kind not in AMOUNTS:
        return None
    found = [None if one is None else parse_rate(_text(one)) for one in values]
    if found.count(None) > values.count(None):
        return None
    most = 1 if type_.kind == "rate" else 10**20
    fine = all(abs(one) <= most and (decimals(one) or 0) <= 12 for one in found if one is not None)
    return found if fine else None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
