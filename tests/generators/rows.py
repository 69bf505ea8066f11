# SPDX-License-Identifier: MIT
"""Rows of facts for a ruleset in great numbers: plain draws, without Hypothesis.

What is drawn is like what `rolerules.testing.facts` draws: often at or beside a figure of the
ruleset, and any fact, field, status or balance may be unknown.
"""

from __future__ import annotations

import datetime
import math
import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rolerules import Ruleset
from rolerules.bulk.results import money_columns
from rolerules.model.model import Model
from rolerules.model.types import AMOUNTS, Range, Type
from rolerules.testing.boundaries import constants, unit
from rolerules.values import exact_text, percent

DAYS = [datetime.date(2026, 3, 31), datetime.date(2026, 12, 31), datetime.date(2027, 6, 30)]


def too_large(model: Model, row: Mapping[str, Any], *, minor: bool = False) -> bool:
    """Whether a row of results has an amount of more digits than a table's column holds.

    Integers have 64 bits; amounts of money have 38 digits, or are integers too (`minor`).
    """
    money = set() if minor else set(money_columns(model))
    return any(
        abs(value) >= (10**38 if name in money else 2**63)
        for name, value in row.items()
        if isinstance(value, int)
    )


class Rows:
    """Draws rows of one ruleset."""

    def __init__(self, ruleset: Ruleset, rng: random.Random) -> None:
        self.model, self.rng = ruleset.model, rng
        found = constants(ruleset.model)
        self.amounts = [one for one in found["amount"] if isinstance(one, Fraction)]
        self.days = [one for one in found["date"] if isinstance(one, datetime.date)]
        self.words = [*found["text"], "abc", ""]

    def facts(self) -> dict[str, Any]:
        """Facts within their ranges, each perhaps unknown."""
        gaps = self.rng.choice((0, 0.03, 0.3))
        return {
            name: self._list(fact.type, gaps) if fact.type.item else self._value(fact.type, fact.range)
            for name, fact in self.model.facts.items()
            if self.rng.random() >= gaps
        }  # fmt: skip

    def opening(self) -> dict[str, Any] | None:
        """None for the start of employment, or a status, its day and balances."""
        found: dict[str, Any] = {}
        if self.model.status:
            found["status"] = self.rng.choice([*self.model.status.states, None])
            found["since"] = self.rng.choice([None, datetime.date(2026, 1, 1)])
        balances = {
            name: self._value(one.type, Range(Fraction(0)) if one.in_a_row else Range())
            for name, one in self.model.carries.items()
            if self.rng.random() < 0.9
        }
        if balances:
            found["carries"] = balances
        return found if found and self.rng.random() < 0.7 else None

    def _list(self, type_: Type, gaps: float) -> list[dict[str, Any]]:
        assert type_.item
        return [
            {
                field.name: None if self.rng.random() < gaps else self._value(field.type, field.range)
                for field in type_.item.fields
            }
            for _ in range(self.rng.randrange(4))
        ]  # fmt: skip

    def _value(self, type_: Type, range_: Range) -> Any:
        rng = self.rng
        if type_.kind in AMOUNTS:
            return self._amount(type_, range_)
        if type_.kind == "yes/no":
            return rng.random() < 0.5
        if type_.kind == "choice":
            return rng.choice(type_.options)
        if type_.kind == "date":
            day = rng.choice(self.days or DAYS)
            return day + datetime.timedelta(days=rng.choice((-1, 0, 1, rng.randrange(400))))
        return rng.choice(self.words)

    def _amount(self, type_: Type, range_: Range) -> Any:
        rng, step = self.rng, unit(type_, self.model.digits)
        least, most = -1000 if range_.low is None else range_.low, range_.high
        low, high = math.ceil(max(least, Fraction(-1000)) / step), math.floor((1000 if most is None else min(most, 1000)) / step)  # fmt: skip
        near = rng.choice(self.amounts) if self.amounts and rng.random() < 0.6 else None
        units = rng.randint(low, max(low, high)) if near is None else math.floor(near / step) + rng.choice((-1, 0, 1))  # fmt: skip
        value = max(least, units * step)
        value = value if most is None else min(value, most)
        if type_.kind == "rate":
            return percent(value)
        return Decimal(exact_text(value))
