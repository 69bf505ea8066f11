# SPDX-License-Identifier: MIT
"""How far the numbers of a plan reach, by what the ruleset declares and nothing else.

Every step that comes to a number has a scale and bounds where they can be proved: 64 bits, 128
bits, or not at all. Engines over columns may know more of a batch (its own least and greatest
values); what holds here holds for every case.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs

from rolerules.limits import LIMITS
from rolerules.model.types import AMOUNTS, Range, Type
from rolerules.plan import bounds
from rolerules.plan.bounds import Ratio, Span, UnprovedError, alike, fits
from rolerules.plan.plan import Body, Plan, Rows, Step

_GIVEN = {"month": (1, 12), "quarter": (1, 4), "half_year": (1, 2), "year": (0, 9999), "days_in_period": (1, 366)}  # fmt: skip
_DATES = {"days": 3_652_059, "full_months": 119_988, "full_years": 9_999, "part": 9_999}
Number = Ratio[Span]


@attrs.frozen(slots=True)
class _List:
    """A list: how many items it has at the most, and how far an item reaches, by its fields."""

    most: int
    item: Any


def bits(number: Number) -> int:
    """How many bits the numerator, and a denominator of its own, need: 64 or 128."""
    sides = [number.top] if isinstance(number.below, int) else [number.top, number.below]
    return max(fits(side.low, side.high) for side in sides)


def reach(plan: Plan) -> dict[int, Number]:
    """How far each step of a plan reaches; steps of which nothing is proved are left out."""
    found: dict[int, Any] = {}
    for place, step in enumerate(plan.steps):
        found[place] = _step(plan, step, found)
    return {place: one for place, one in found.items() if isinstance(one, Ratio)}


def _step(plan: Plan, step: Step, found: Mapping[int, Any]) -> Any:
    """How far a step reaches; None where nothing is proved of it."""
    if step.op == "fact":
        fact = plan.facts[step.value]
        return declared(fact.type, fact.range, plan.digits, fact.max_items)
    if step.op == "constant":
        return _figure(step.value) if isinstance(step.value, Fraction) else None
    if step.op == "given":
        ends = _GIVEN.get(step.value)
        return Ratio(Span(*ends), 1) if ends else None
    args = [found.get(arg) for arg in step.args]
    with contextlib.suppress(UnprovedError):
        return _worked(plan, step, args, found)
    return None


def declared(type_: Type, range_: Range, digits: int, most: int = 0) -> Any:
    """How far a fact reaches: in its least unit, by its declared least and greatest value."""
    if type_.kind == "list":
        assert type_.item is not None
        fields = {one.name: declared(one.type, one.range, digits) for one in type_.item.fields}
        return _List(most, fields)
    if type_.kind not in AMOUNTS or range_.low is None or range_.high is None:
        return None
    unit = 10 ** {"money": digits, "whole": 0}.get(type_.kind, LIMITS.decimals)
    return Ratio(Span(math.ceil(range_.low * unit), math.floor(range_.high * unit)), unit)


def _figure(value: Fraction) -> Number:
    top, below = value.as_integer_ratio()
    return Ratio(Span(top, top), below)


def _worked(plan: Plan, step: Step, args: list[Any], found: Mapping[int, Any]) -> Any:
    if step.op in bounds.TWO:
        return bounds.TWO[step.op](*args) if None not in args else None
    if step.op in bounds.ONE:
        return bounds.ONE[step.op](*args) if None not in args else None
    if step.op in ("if", "or else"):
        return _either(args[step.op == "if" :])
    if step.op in ("min", "max"):
        return _either(args)
    if step.op == "round":
        return bounds.rounded(args[0], *step.value) if args[0] else None
    if step.op in ("pay", "rising"):
        return args[0]
    if step.op == "lookup":
        figures = list(step.value.values())
        return _either([_figure(one) if isinstance(one, Fraction) else None for one in figures])
    if step.op == "table":
        return _table(step.value, args)
    if step.op in _DATES:
        return Ratio(Span(-_DATES[step.op], _DATES[step.op]), 1)
    return _of_list(plan, step, args, found) if args and isinstance(args[0], _List) else None


def _table(shape: Rows, args: list[Any]) -> Any:
    """As far as any output, or as all of them together."""
    if shape.hit == "collect count":
        return Ratio(Span(0, shape.rows), 1)
    rest = args[2 * shape.rows :][: shape.otherwise]
    found = _either([*args[1 : 2 * shape.rows : 2], *rest])
    if shape.hit != "collect sum" or found is None:
        return found
    return Ratio(found.top.times(Span(0, shape.rows)), found.below)


def _either(args: list[Any]) -> Any:
    """As far as any of several."""
    if None in args or not all(isinstance(arg, Ratio) for arg in args):
        return None
    if any(not isinstance(arg.below, int) for arg in args):
        return _quotients(args)
    tops, below = alike(args)
    return Ratio(Span(min(top.low for top in tops), max(top.high for top in tops)), below)


def _quotients(args: list[Number]) -> Number:
    """Numerators and denominators side by side, as a choice between quotients holds them."""
    belows = [
        Span(one.below, one.below) if isinstance(one.below, int) else one.below for one in args
    ]
    top = Span(min(one.top.low for one in args), max(one.top.high for one in args))
    return Ratio(top, Span(min(one.low for one in belows), max(one.high for one in belows)))


def _of_list(plan: Plan, step: Step, args: list[Any], found: Mapping[int, Any]) -> Any:
    of: _List = args[0]
    if step.op == "count":
        return Ratio(Span(0, of.most), 1)
    if step.op == "project":
        return _List(of.most, of.item.get(step.value))
    if step.op == "filter":
        return of
    if step.op == "for":
        return _List(of.most, _body(plan, step.value, of, found))
    if isinstance(of.item, Ratio) and isinstance(of.item.below, int):
        if step.op == "sum":
            top = of.item.top.times(Span(0, of.most))
            return Ratio(top, of.item.below)
        if step.op in ("min of", "max of"):
            return of.item
    return None


def _body(plan: Plan, body: Body, of: _List, found: Mapping[int, Any]) -> Any:
    inner = {**found, body.start: of.item}
    for place, step in enumerate(body.steps, body.start + 1):
        if step.op == "field":
            item = inner.get(step.args[0])
            inner[place] = item.get(step.value) if isinstance(item, dict) else None
        else:
            inner[place] = _step(plan, step, inner)
    return inner[body.result]
