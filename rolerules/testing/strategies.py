# SPDX-License-Identifier: MIT
"""Hypothesis strategies: facts of the right types, facts at every edge, the shipped rulesets."""

from __future__ import annotations

import datetime
import functools
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from rolerules.limits import LIMITS
from rolerules.model.model import Fact
from rolerules.model.sources import known
from rolerules.model.term import Scalar
from rolerules.model.types import AMOUNTS, DATE, Range, Type
from rolerules.ruleset import Ruleset, load
from rolerules.testing.boundaries import boundary_cases, constants, unit
from rolerules.values import exact_text, fixed, percent

Strategy = st.SearchStrategy[Any]
_FEW_ITEMS = 4
_BALANCES = {
    kind: Range(-most, most)
    for kind, most in (
        ("money", LIMITS.money), ("number", LIMITS.number), ("whole", LIMITS.number), ("rate", Fraction(100)),
    )
}  # fmt: skip
_COUNTS = Range(Fraction(0), LIMITS.number)
_WORDS = st.text("abcxyz äß公司-'\"\\\n", max_size=8)


def facts(ruleset: Ruleset, *, unknowns: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Facts that the ruleset accepts: of their declared types and within their ranges.

    Amounts come as Decimal, int or text, often at or beside a figure of the ruleset; lists are
    short. With `unknowns` any fact may be left out or None, and any field of an item.
    A case may still break a limit of severity error.
    """
    maker = _Maker(ruleset, unknowns)
    return maker.mapping({name: maker.fact(fact) for name, fact in ruleset.model.facts.items()})


def boundary_facts(
    ruleset: Ruleset, *, as_of: datetime.date | str, opening: Mapping[str, Any] | None = None
) -> st.SearchStrategy[dict[str, Any]]:
    """One of `boundary_cases(ruleset, as_of=…, opening=…)`, the ordinary case being the simplest."""
    return st.sampled_from(boundary_cases(ruleset, as_of=as_of, opening=opening))


def openings(
    ruleset: Ruleset, *, unknowns: bool = True
) -> st.SearchStrategy[dict[str, Any] | None]:
    """What a case may open with: None (the start of employment), or a status, its day, and balances.

    With `unknowns` the status and its day may be None, and any balance left out or None.
    """
    model, maker = ruleset.model, _Maker(ruleset, unknowns)
    states = list(model.status.states) if model.status else []
    balances = {
        name: maker.value(
            one.type, _COUNTS if one.in_a_row else _BALANCES.get(one.type.kind, Range())
        )
        for name, one in model.carries.items()
    }
    parts: dict[str, Strategy] = {"status": st.sampled_from(states)} if states else {}
    if unknowns and states:
        parts["status"] = st.sampled_from([*states, None])
    if states:
        days = maker.value(DATE, Range())
        parts["since"] = st.one_of(days, st.none()) if unknowns else days
    if balances:
        parts["carries"] = maker.mapping(balances)
    if not parts:
        return st.none()
    return st.one_of(st.none(), st.fixed_dictionaries(parts))


def shipped_rulesets() -> st.SearchStrategy[Ruleset]:
    """One of the rulesets that come with rolerules, with the example company's figures."""
    return st.sampled_from(known("roles")).map(_shipped)


@functools.cache
def _shipped(name: str) -> Ruleset:
    return load(name, company="example")


class _Maker:
    def __init__(self, ruleset: Ruleset, unknowns: bool) -> None:
        self.digits, self.unknowns = ruleset.model.digits, unknowns
        self.constants: Mapping[str, list[Scalar]] = constants(ruleset.model)

    def mapping(self, values: Mapping[str, Strategy]) -> st.SearchStrategy[dict[str, Any]]:
        """All values, or (with unknowns) some of them left out or None."""
        known = st.fixed_dictionaries(dict(values))
        if not self.unknowns or not values:
            return known
        some = st.sets(st.sampled_from(list(values)))
        few = st.sets(st.sampled_from(list(values)), max_size=2)
        return st.builds(_without, known, st.one_of(few, few, some), st.booleans())

    def fact(self, fact: Fact) -> Strategy:
        """A value of a fact."""
        if fact.type.item is None:
            return self.value(fact.type, fact.range)
        fields = {
            field.name: self.value(field.type, field.range) for field in fact.type.item.fields
        }
        return st.lists(self.mapping(fields), max_size=min(fact.max_items, _FEW_ITEMS))

    def value(self, type_: Type, range_: Range) -> Strategy:
        """A value of a fact or field that is no list."""
        if type_.kind in AMOUNTS:
            return self._amount(type_, range_)
        if type_.kind == "yes/no":
            return st.sampled_from([False, True, "no", "yes"])
        if type_.kind == "choice":
            return st.sampled_from(type_.options)
        if type_.kind == "date":
            return self._date()
        known_words = self.constants["text"]
        return st.one_of(st.sampled_from(known_words), _WORDS) if known_words else _WORDS

    def _date(self) -> Strategy:
        named = [day for day in self.constants["date"] if isinstance(day, datetime.date)]
        near = [
            day + datetime.timedelta(days=by)
            for day in named
            if day.year < 9999
            for by in (-1, 0, 1)
            if day.year > 1
        ]
        few = st.dates(datetime.date(2024, 1, 1), datetime.date(2028, 12, 31))
        days = st.one_of(st.sampled_from(near), few) if near else few
        return st.one_of(days, days.map(datetime.date.isoformat))

    def _amount(self, type_: Type, range_: Range) -> Strategy:
        step = unit(type_, self.digits)
        low = math.ceil((range_.low or Fraction(0)) / step)
        high = math.floor((range_.high or Fraction(0)) / step)
        near = [
            math.floor(value / step) + by
            for value in self.constants["amount"]
            if isinstance(value, Fraction)
            for by in (-1, 0, 1)
        ]
        near = [units for units in near if low <= units <= high]
        whole = round(1 / step)
        round_ = (
            st.integers(-(-low // whole), high // whole).map(lambda some: some * whole)
            if low <= high // whole * whole
            else None
        )
        small = (
            st.integers(max(low, -1000 * whole), min(high, 1000 * whole))
            if max(low, -1000 * whole) <= min(high, 1000 * whole)
            else None
        )
        kinds = [small, st.sampled_from(near) if near else None, round_, st.integers(low, high)]
        units = st.one_of([kind for kind in kinds if kind is not None])
        return st.builds(
            _spelled,
            units.map(lambda some: some * step),
            st.just(type_),
            st.just(self.digits),
            st.integers(0, 2),
        )


def _without(values: dict[str, Any], unknown: set[str], left_out: bool) -> dict[str, Any]:
    if left_out:
        return {name: value for name, value in values.items() if name not in unknown}
    return {name: None if name in unknown else value for name, value in values.items()}


def _spelled(value: Fraction, type_: Type, digits: int, way: int) -> Any:
    """One of the ways to give an amount exactly."""
    if type_.kind == "rate" and (way == 1 or abs(value) > 1):
        return percent(value)
    if way == 0 and value.denominator == 1:
        return int(value)
    text = fixed(value, digits) if type_.kind == "money" else exact_text(value)
    return text if way == 1 else Decimal(text)
