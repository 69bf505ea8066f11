# SPDX-License-Identifier: MIT
"""Rows for the engines in lock-step: far and fine amounts, ties, long lists, every opening, broken values."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

from generators.rows import DAYS, Rows

from rolerules import Decision, Ruleset
from rolerules.model.types import AMOUNTS, Range, Type
from rolerules.testing.boundaries import unit
from rolerules.values import exact_text

Row = dict[str, Any]
MORE_DAYS = [
    *DAYS,
    *map(datetime.date.fromisoformat, ("2026-07-01", "2026-12-30", "2028-02-29", "2025-12-01")),
]
"""On the last one many a parameter has no figure yet."""
BROKEN = {
    **dict.fromkeys(AMOUNTS, ("1,5", "0.00000000000001", "9e9", str(10**16), "all")),
    "choice": ("Z", "a", ""), "yes/no": ("maybe",), "date": ("2026-02-30", "soon"), "text": ("x" * 10_001,),
}  # fmt: skip


class Draws(Rows):
    """Draws rows of one ruleset; a ruleset has large amounts, fine ones or long lists, or none."""

    def __init__(self, ruleset: Ruleset, rng: random.Random) -> None:
        super().__init__(ruleset, rng)
        self.far = 0.06 if rng.random() < 0.5 else 0
        self.fine = 0.05 if rng.random() < 0.15 else 0
        self.long = 0.3 if rng.random() < 0.2 else 0

    def facts(self) -> Row:
        """Facts within their ranges, each perhaps unknown; a list now and then of up to 60 items."""
        found = super().facts()
        for name, fact in self.model.facts.items():
            if fact.type.item and name in found and self.rng.random() < self.long:
                most = min(60, fact.max_items or 60)
                items = [item for _ in range(20) for item in self._list(fact.type, 0.03)]
                found[name] = items[: self.rng.randrange(most + 1)]
            if fact.type.item and found.get(name) and self.rng.random() < 0.25:
                same = self.rng.choice(list(found[name][0]))  # so that other fields have to tell
                found[name] = [item | {same: found[name][0][same]} for item in found[name]]
        return found

    def opening_after(self, last: Decision | None) -> Row | None:
        """What a period opens with: at times what the last row's decision hands on."""
        if last is not None and self.rng.random() < 0.25:
            return last.closing()
        found = self.opening()
        for name, value in (found or {}).get("carries", {}).items():
            if self.model.carries[name].type.kind == "number" and self.rng.random() < 0.1:
                found["carries"][name] = exact_text(Fraction(value) / self.rng.choice((3, 7, 40)))  # type: ignore[index]  # it has carries
        return found

    def broken(self, facts: Row) -> Row:
        """Facts of which one is as no fact may be."""
        name = self.rng.choice(list(self.model.facts))
        type_ = self.model.facts[name].type
        range_ = self.model.facts[name].range
        if type_.kind in AMOUNTS and range_.high is not None and self.rng.random() < 0.5:
            return facts | {name: _given(range_.high + unit(type_, self.model.digits), type_)}
        if type_.item is None:
            return facts | {name: self.rng.choice(BROKEN[type_.kind])}
        field = self.rng.choice(type_.item.fields)
        item = {one.name: None for one in type_.item.fields}
        item[field.name] = self.rng.choice(BROKEN[field.type.kind])
        return facts | {name: [*(facts.get(name) or []), item]}

    def _value(self, type_: Type, range_: Range) -> Any:
        if type_.kind == "date" and self.rng.random() < 0.3:  # at the end of a month, or of all
            if self.rng.random() < 0.03:
                return self.rng.choice((datetime.date.min, datetime.date.max))
            first = datetime.date(self.rng.randrange(2023, 2029), self.rng.randrange(1, 13), 1)
            return first - datetime.timedelta(days=self.rng.choice((0, 1, 1, 2)))
        return super()._value(type_, range_)

    def _amount(self, type_: Type, range_: Range) -> Any:
        chance = self.rng.random()
        if chance < self.far:
            low = Fraction(-(10**12)) if range_.low is None else range_.low
            high = Fraction(10**12) if range_.high is None else range_.high
            end = self.rng.choice([one for one in (low, high) if one] or [Fraction(0)])
            if type_.kind == "rate" and abs(end) > 10**6 and self.rng.random() < 0.9:
                end = max(low, min(high, Fraction(1)))
            return _given(end, type_)
        if chance > 1 - self.fine and type_.kind in ("number", "rate"):
            value = Fraction(self.rng.randrange(-(10**13), 10**13), 10**12)
            low, high = range_.low, range_.high
            value = value if low is None else max(low, value)
            return _given(value if high is None else min(high, value), type_)
        return super()._amount(type_, range_)


def _given(value: Fraction, type_: Type) -> Any:
    return f"{exact_text(value * 100)}%" if type_.kind == "rate" else Decimal(exact_text(value))


def as_texts(value: Any) -> Any:
    """Facts or an opening with every amount as a text, as a CSV file or a form would give them."""
    if isinstance(value, dict):
        return {name: as_texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_texts(one) for one in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
