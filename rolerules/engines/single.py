# SPDX-License-Identifier: MIT
"""The single engine: one case, whose needed facts are all known, in microseconds.

A plan is written as one Python function over whole numbers (`source.py`). It reads the facts,
works out everything that can refuse the case or that pay, assessments and status hang on, and
gives plain values; the decision is built of them when it is looked at. Whatever is out of the
ordinary (an unknown fact, a wrong one, a broken limit) goes to the reference engine whole, so
there is one place that says what an unknown is and why a case is refused.
"""

from __future__ import annotations

import datetime
import decimal
import linecache
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from rolerules.dates import add_days, add_months, add_working_days, full_months, full_years
from rolerules.engines.facts import read_value
from rolerules.engines.source import (
    SILENT,
    Items,
    Number,
    UnsupportedError,
    Writer,
    given_number,
    least_unit,
)
from rolerules.limits import LIMITS
from rolerules.model.model import Fact
from rolerules.model.types import AMOUNTS, Type
from rolerules.plan.plan import Plan, Step
from rolerules.values import round_to

EXACT = decimal.Context(prec=120, traps=[decimal.Inexact, decimal.InvalidOperation])
"""Decimal arithmetic that is exact or raises."""
_FAILS = {
    "table",
    "rising",
    "pay",
    "add_days",
    "add_months",
    "add_working_days",
    "min of",
    "max of",
    "not in force",
}
"""Steps that can refuse a case: what hangs on them is worked out at once, never later."""


class Slow(Exception):  # noqa: N818  # a way out, and no error
    """The case is one for the reference engine."""


@attrs.frozen(slots=True)
class Compiled:
    """A plan as a function of facts and built-in values, and where its outputs stand.

    `run` gives the outputs and the facts it read, plain: a number is a numerator, over what
    `below` says (or, where that is negative, over the output at that place). `places` are the
    outputs' places by the step they come from.
    """

    run: Callable[[dict[str, Any], Mapping[str, Any]], tuple[tuple[Any, ...], tuple[Any, ...]]]
    plan: Plan
    facts: tuple[str, ...]
    others: Mapping[str, Fact]
    places: Mapping[int, int]
    below: Mapping[int, int]

    def values(self, read: tuple[Any, ...], others: Mapping[str, Any]) -> dict[str, Any]:
        """The values of all facts, as `read_facts` gives them."""
        plan = self.plan
        known = {
            name: _restored(value, plan.facts[name].type, plan.digits)
            for name, value in zip(self.facts, read, strict=True)
        }
        return {**dict.fromkeys(self.others), **others, **known}


def compiled(plan: Plan) -> Compiled | None:
    """Write a plan as a function; None where it has a step that is not written so."""
    try:
        _Compiler(plan).write(later(plan))  # what is worked out later must not turn out too large
        return _Compiler(plan).compiled()
    except UnsupportedError:
        return None


def outputs(plan: Plan) -> list[int]:
    """The steps that a decision is made of, but for duties and indicators that cannot fail."""
    found = [line.result for line in plan.lines.values()]
    found += [when for line in plan.lines.values() for when, _ in line.rules if when is not None]
    found += [plan.total, *(one.result for one in plan.assessments.values())]
    found += [limit.result for limit in plan.limits.values()]
    found += [carry.result for carry in plan.carries.values()]
    found += [step for change in plan.changes for step in change.grounds.values()]
    found += [one.notice_days for one in plan.changes if one.notice_days is not None]
    found += [place for place in _undecided(plan) if _may_fail(plan, place)]
    return list(dict.fromkeys(found))


def later(plan: Plan) -> list[int]:
    """The duties and indicators that are worked out when somebody looks at them."""
    return [place for place in _undecided(plan) if not _may_fail(plan, place)]


def _undecided(plan: Plan) -> list[int]:
    return [one.result for one in plan.duties.values()] + list(plan.indicators.values())


def _may_fail(plan: Plan, place: int) -> bool:
    return any(_step_fails(plan.steps[one]) for one in cone(plan, [place]))


def _step_fails(step: Step) -> bool:
    inside = step.value.steps if step.op in ("some", "every", "filter", "for") else ()
    return step.op in _FAILS or any(_step_fails(one) for one in inside)


def cone(plan: Plan, places: list[int]) -> set[int]:
    """Every step that some steps hang on."""
    found: set[int] = set()
    todo = list(places)
    while todo:
        place = todo.pop()
        if place not in found:
            found.add(place)
            todo += _reached(plan.steps[place], place)
    return found


def _reached(step: Step, before: int) -> list[int]:
    """The steps of the plan that a step refers to, those from inside a body included."""
    found = [*step.args]
    if step.op in ("some", "every", "filter", "for"):
        inside = [arg for one in step.value.steps for arg in _reached(one, step.value.start)]
        found += [arg for arg in (*inside, step.value.result) if arg < step.value.start]
    return [arg for arg in found if arg < before]


class _Compiler:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.to = Writer(plan)
        self.used: dict[str, Any] = {}

    def write(self, wanted: list[int]) -> None:
        """Write every step that some steps hang on."""
        needed = cone(self.plan, wanted)
        for place, step in enumerate(self.plan.steps):
            if place in needed and not self._leaf(place, step):
                self.to.step(place, step)

    def compiled(self) -> Compiled:
        plan, to = self.plan, self.to
        wanted = outputs(plan)
        self.write(wanted)
        sources: list[str] = []
        places, below = {}, {}
        for place in wanted:
            one = to.values[place]
            if one is SILENT or isinstance(one, Items):
                raise UnsupportedError("output")
            places[place] = len(sources)
            sources.append(_plain(one))
            if isinstance(one, Number) and isinstance(one.below, int):
                below[place] = one.below
            elif isinstance(one, Number):
                below[place] = -len(sources)
                sources.append(str(one.below))
        read = [_plain(one) for one in self.used.values()]
        to.put(f"return {_tuple(sources)}, {_tuple(read)}")
        facts = tuple(self.used)
        others = {name: fact for name, fact in plan.facts.items() if name not in facts}
        return Compiled(self._function(), plan, facts, others, places, below)

    def _function(self) -> Callable[[dict[str, Any], Mapping[str, Any]], tuple[Any, ...]]:
        text = "\n".join(["def case(facts, given):", *self.to.lines, ""])
        name = f"<rolerules {self.plan.digest[:12]} from {self.plan.since}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        space: dict[str, Any] = {
            "Slow": Slow, "Decimal": Decimal, "times": EXACT.multiply, "rounded": _rounded,
            "date": datetime.date, "full_months": full_months, "full_years": full_years,
            "add_days": add_days, "add_months": add_months, "add_working_days": add_working_days,
            "zero": Fraction(0), "__builtins__": {one.__name__: one for one in (abs, dict, frozenset, int, len, list, max, min, str, sum, tuple, type)},
            **self.to.constants,
        }  # fmt: skip
        exec(compile(text, name, "exec"), space)  # written here, of a checked plan
        function: Callable[..., tuple[Any, ...]] = space["case"]
        return function

    # --- facts and built-in values

    def _leaf(self, place: int, step: Step) -> bool:
        if step.op == "fact":
            self.to.values[place] = self._fact(step.value, self.plan.facts[step.value])
        elif step.op == "given":
            name = self.to.new(f"given[{self.to.constant(step.value)}]")
            if step.value in ("status_at_start", "status_since"):
                self.to.put(f"if {name} is None: raise Slow")
            number = step.type.kind in AMOUNTS
            self.to.values[place] = Number(name, 1, 24) if number else name
        elif step.op == "opening":
            self.to.values[place] = self._opening(step)
        else:
            return False
        return True

    def _opening(self, step: Step) -> Any:
        """What a balance came in with; where it starts, nothing looks at it."""
        to, kind = self.to, step.type.kind
        name = to.new(f"given[{to.constant(step.value)}]")
        starts = to.constant(f"{step.value.removesuffix('.opening')}.starts")
        to.put(f"if {name} is None and not given[{starts}]: raise Slow")
        if kind not in AMOUNTS:
            return name
        if kind == "money":
            below = 10**self.plan.digits
            return to.made(f"int(({name} or 0) * {below})", below, 300)
        return to.made(f"({name} or zero).numerator", f"({name} or zero).denominator", 1_000)

    def _fact(self, name: str, fact: Fact) -> Any:
        given = self.to.new(f"facts.get({self.to.constant(name)})")
        listed = fact.type.kind == "list"
        read = self._list(given, fact) if listed else self._value(given, fact.type, fact.range)
        self.used[name] = read
        return read

    def _value(self, given: str, type_: Type, range_: Any) -> Any:
        """Read one value; amounts that are Decimal or int, and plain texts, at once."""
        to, kind = self.to, type_.kind
        other = to.constant(_reader(type_, range_, self.plan.digits))
        if kind in AMOUNTS:
            number = given_number(given, type_, range_, self.plan.digits)
            assert isinstance(number.below, int)
            held = to.constant(Decimal(number.below))
            to.count += 1
            top = f"v{to.count}"
            to.put(f"if type({given}) is Decimal: {given} = times({given}, {held})")
            to.put(f"elif type({given}) is int: {given} *= {number.below}")
            to.put(f"else: {given} = {other}({given})")
            ends = [range_.low, range_.high]
            if kind == "rate":  # a bare rate above 1 may be refused
                ends = [max(ends[0], Fraction(-1)), min(ends[1], Fraction(1))]
            low, high = _whole_ends(ends, number.below)
            to.put(f"if not {low} <= {given} <= {high}: raise Slow")
            to.put(f"{top} = int({given})")
            to.put(f"if {top} != {given}: raise Slow")  # more decimals than are read
            return attrs.evolve(number, top=top)
        if kind == "yes/no":
            to.put(f"if {given} is not True and {given} is not False: {given} = {other}({given})")
        elif kind == "date":
            to.put(f"if type({given}) is not date: {given} = {other}({given})")
        elif kind == "choice":
            known = to.constant(frozenset(type_.options))
            to.put(f"if type({given}) is not str or {given} not in {known}: {given} = {other}({given})")  # fmt: skip
        else:
            longest = f"len({given}) > {LIMITS.text_length}"
            to.put(f"if type({given}) is not str or {longest}: {given} = {other}({given})")
        return given

    def _list(self, given: str, fact: Fact) -> Items:
        to, record = self.to, fact.type.item
        assert record is not None
        items, one = to.new("[]"), to.new("0")
        to.put(f"if type({given}) is not list and type({given}) is not tuple: raise Slow")
        to.put(f"if len({given}) > {fact.max_items}: raise Slow")
        to.put(f"for {one} in {given}:")
        to.depth += 1
        to.put(f"if type({one}) is not dict or len({one}) != {len(record.fields)}: raise Slow")
        read = {}
        for field in record.fields:
            part = to.new(f"{one}.get({to.constant(field.name)})")
            read[field.name] = self._value(part, field.type, field.range)
        parts = [_plain(value) for value in read.values()]
        to.put(f"{items}.append({_tuple(parts)})")
        to.depth -= 1

        def item(name: str) -> dict[str, Any]:
            return {
                field: attrs.evolve(value, top=f"{name}[{place}]")
                if isinstance(value, Number)
                else f"{name}[{place}]"
                for place, (field, value) in enumerate(read.items())
            }

        return Items(items, item)


def _plain(value: Any) -> str:
    """The variable that holds what stands for a value."""
    return value.top if isinstance(value, Number) else getattr(value, "name", value)


def _tuple(parts: list[str]) -> str:
    return f"({''.join(f'{part}, ' for part in parts)})"


def _restored(value: Any, type_: Type, digits: int) -> Any:
    """What `read_facts` makes of a fact, from what the written function made of it."""
    if type_.kind == "list":
        assert type_.item is not None
        fields = type_.item.fields
        return tuple(
            {field.name: _restored(part, field.type, digits) for field, part in zip(fields, item, strict=True)}
            for item in value
        )  # fmt: skip
    if type_.kind in AMOUNTS:
        return Fraction(value, least_unit(type_, digits))
    return value


def _whole_ends(ends: list[Any], below: int) -> tuple[int, int]:
    """A range in whole numbers of a least unit."""
    low, high = ends
    return -int(-low * below // 1), int(high * below // 1)


def _reader(type_: Type, range_: Any, digits: int) -> Callable[[Any], Any]:
    """Read what is not plain, as the reference engine does."""

    def read(given: Any) -> Any:
        value, problems = read_value(given, type_, range_, "", digits)
        if problems or value is None:
            raise Slow
        if type_.kind not in AMOUNTS:
            return value
        return int(value * least_unit(type_, digits))

    return read


def _rounded(top: int, below: int, mode: str) -> int:
    return int(round_to(Fraction(top, below), Fraction(1), mode))
