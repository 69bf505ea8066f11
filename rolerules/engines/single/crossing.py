# SPDX-License-Identifier: MIT
"""From written values to those of the reference engine and back.

What is rare or long to write goes over to it: there its meaning is said already.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from rolerules.engines.reference import step_result
from rolerules.engines.results import Unknown
from rolerules.engines.single.writer import (
    FAILED,
    NOTHING,
    Items,
    Number,
    Value,
    Writer,
    without_gap,
)
from rolerules.limits import LIMITS
from rolerules.model.types import AMOUNTS, Type
from rolerules.plan.plan import Step
from rolerules.problems import Problem
from rolerules.values import decimals, fixed

_FAILURE = Problem("division", "a step failed")  # who asks why is told by the reference engine
_MOST = LIMITS.result_bits * 3 // 10
"""Digits of a number that comes from the reference engine."""


# --- in the written source


def by_reference(to: Writer, step: Step) -> Any:
    """Write a step as a call of the reference engine's; where all is known a failure stops."""
    args = ", ".join(boxed(to, to.values[arg]) for arg in step.args)
    found = _taken(to, step.type, _call(to, step, args))
    if to.known:
        to.put(f"if {found.gap}: raise Slow")
        return without_gap(found)
    return found


def _call(to: Writer, step: Step, args: str) -> str:
    alone = attrs.evolve(step, args=tuple(range(len(step.args))))
    return f"referred({to.constant(alone)}, ({args},))"


def or_by_reference(to: Writer, step: Step, gaps: list[str], write: Callable[[], Any]) -> Any:
    """What `write` writes where some gaps are 0, else a call of the reference engine's."""
    gap = to.union(gaps)
    if not gap:
        return write()
    outer, to.lines, to.depth = to.lines, [], to.depth + 1
    found = to.settle(write())
    known, to.lines = to.lines, []
    args = ", ".join(boxed(to, to.values[arg]) for arg in step.args)
    called = to.new(_call(to, step, args))
    unknown, to.lines, to.depth = to.lines, outer, to.depth - 1
    own, name = to.name(), to.name()
    below = to.name() if isinstance(found, Number) and found.below else ""
    taken = called
    if isinstance(found, Number):
        taken = f"{called}.numerator" if below else f"decimal_of({called})"
    to.put(f"if {gap}:")
    to.lines += unknown
    to.put(f"    {own} = gap_of({called})")
    to.put(f"    {name} = None if {own} else {taken}")
    if below:
        to.put(f"    {below} = None if {own} else {called}.denominator")
    to.put("else:")
    to.lines += known
    to.put(f"    {name} = {found.source}; {own} = {found.gap or 0}")
    if below:
        to.put(f"    {below} = {found.below.source}")
        return attrs.evolve(
            found,
            source=name,
            gap=own,
            below=attrs.evolve(found.below, source=below, integer=False),
        )
    made = attrs.evolve(found, source=name, gap=own, deep=0)
    return attrs.evolve(made, integer=False) if isinstance(made, Number) else made


def boxed(to: Writer, value: Any) -> str:
    """A value as the reference engine has it."""
    if isinstance(value, dict):
        pairs = [f"{to.constant(name)}: {boxed(to, one)}" for name, one in value.items()]
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, Items):
        source = f"tuple([{boxed(to, value.item('x'))} for x in {value.source}])"
        return f"(unknown({value.gap}) if {value.gap} else {source})" if value.gap else source
    if isinstance(value, Number) and value.figures and len(value.figures) == 1:
        source = to.constant(next(iter(value.figures)))
    elif isinstance(value, Number):
        source = f"Fraction({value.source})"
        source += f" / Fraction({value.below.source})" if value.below else ""
    else:
        source = value.source
    return f"(unknown({value.gap}) if {value.gap} else {source})" if value.gap else f"({source})"


def _taken(to: Writer, type_: Type, call: str) -> Any:
    """Write what a call of the reference engine gives in variables."""
    found = to.new(call)
    if type_.kind == "list":
        assert type_.item is not None
        return Items(found, _item(to, type_.item), to.new(f"gap_of({found})"))
    top, gap = to.name(), to.new(f"gap_of({found})")
    if type_.kind not in AMOUNTS:
        to.put(f"{top} = None if {gap} else {found}")
        return Value(top, gap)
    below = to.name()
    to.put(f"if {gap}: {top} = {below} = None")
    to.put(f"else: {top} = {found}.numerator; {below} = {found}.denominator")
    whole = Number(below, "", 0, _MOST, 0, True)
    return Number(top, gap, 0, _MOST, 0, True, whole)


def _item(to: Writer, type_: Type) -> Callable[[str], Any]:
    """How an item of a list of the reference engine's is written."""

    def part(source: str, kind: Type) -> Any:
        gap = f"gap_of({source})"
        if kind.kind not in AMOUNTS:
            return Value(f"value_of({source})", gap, 1)
        below = Number(f"below_of({source})", "", 1, _MOST, 0, True)
        return Number(f"top_of({source})", gap, 1, _MOST, 0, True, below)

    def item(one: str) -> Any:
        if type_.kind != "record":
            return part(one, type_)
        return {
            field.name: part(f"{one}[{keys[field.name]}]", field.type) for field in type_.fields
        }

    keys = {field.name: to.constant(field.name) for field in type_.fields}
    return item


# --- while a case runs


def referred(step: Step, args: Sequence[Any]) -> Any:
    """The result of a step over results of the reference engine's."""
    return step_result(step, list(args), {})


def value_of(result: Any) -> Any:
    """A result, None where it is unknown."""
    return None if type(result) is Unknown else result


def top_of(result: Any) -> int | None:
    """The numerator of a result, None where it is unknown."""
    return None if type(result) is Unknown else result.numerator


def below_of(result: Any) -> int | None:
    """The denominator of a result, None where it is unknown."""
    return None if type(result) is Unknown else result.denominator


def decimal_of(value: Fraction) -> Decimal:
    """A number with a finite number of decimals."""
    places = decimals(value)
    assert places is not None, "it is one of several that are written with decimals"
    return Decimal(fixed(value, places))


def gaps_of(needs: Mapping[str, int]) -> tuple[Callable[[Any], int], Callable[[int], Unknown]]:
    """From an unknown to the bits of its gap and back, by the names of what is waited for."""

    def gap_of(result: Any) -> int:
        if type(result) is not Unknown:
            return 0
        return (
            sum(needs[need] for need in result.needs) | (FAILED if result.failure else 0) | NOTHING
        )

    @functools.lru_cache(1_000)
    def unknown(gap: int) -> Unknown:
        some = frozenset(need for need, bit in needs.items() if gap & bit)
        return Unknown(some, _FAILURE if gap & FAILED else None)

    return gap_of, unknown
