# SPDX-License-Identifier: MIT
"""How one of several results is chosen: the first whose condition holds, else the last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from rolerules.engines.single.writer import (
    FAILED,
    MOST_PICKED,
    NOTHING,
    Number,
    Value,
    Writer,
    always,
    balanced,
    gaps,
)

_PICKED = 4
"""A choice nested deeper than this is not written once more to pick by it."""
_NESTED = 12
"""More choices than these are written one below the other: Python nests neither sort any deeper."""


def choose(to: Writer, tests: list[Value], found: list[Any]) -> Any:
    """Write a choice among values that are no lists; only where there is one test it may be unknown."""
    unsure = next((test for test in tests if test.gap), None)
    below = isinstance(found[0], Number) and any(one.below for one in found)
    gap = bool(unsure) or any(one.gap for one in found)
    if not gap and not below and len(found) <= _NESTED:
        pairs = zip(found, tests, strict=False)
        source = "".join(f"{one.source} if {test.source} else " for one, test in pairs)
        made = to.expression(source + found[-1].source, *tests, *found)
        return _with_pick(to, tests, found, joined(found, made, "", ""))
    name, own, over = to.name(), to.name() if gap else "", to.name() if below else ""
    if unsure:
        to.put(f"if {unsure.gap}: {cleared(name, over)}; {own} = {undecided(unsure, found)}")
        to.put("else:")
        to.depth += 1
    _branches(to, tests, [assigned(one, name, own, over) for one in found])
    to.depth -= bool(unsure)
    return joined(found, Value(name), own, over)


def _with_pick(to: Writer, tests: list[Value], found: list[Any], made: Any) -> Any:
    """The choice, with how it is picked where each of its results is one of few figures."""
    if not to.may_pick() or made.deep > _PICKED or not all(_few(one) for one in found):
        return made
    figures = frozenset[Any]().union(*(one.figures for one in found))

    def pick(make: Callable[[Any], Any]) -> str:
        pairs = zip(found, tests, strict=False)
        source = "".join(f"{one.pick(make)} if {test.source} else " for one, test in pairs)
        return f"({source}{found[-1].pick(make)})"

    return attrs.evolve(made, figures=figures, pick=pick) if len(figures) <= MOST_PICKED else made


def _few(one: Any) -> bool:
    return isinstance(one, Number) and one.pick is not None and one.figures is not None


def _branches(to: Writer, tests: list[Value], does: list[str]) -> None:
    if len(does) <= _NESTED:
        for place, (test, line) in enumerate(zip(tests, does, strict=False)):
            to.put(f"{'elif' if place else 'if'} {test.source}: {line}")
        to.put(f"else: {does[-1]}")
        return
    to.put("while True:")
    for test, line in zip(tests, does, strict=False):
        to.put(f"    if {test.source}: {line}; break")
    to.put(f"    {does[-1]}; break")


def cleared(name: str, below: str) -> str:
    """The assignment to the variables of an unknown value."""
    return f"{name} = {below} = None" if below else f"{name} = None"


def assigned(one: Any, name: str, gap: str, below: str) -> str:
    """The assignment of a value to variables."""
    source = f"{name} = {one.source}"
    if below:
        source += f"; {below} = {one.below.source if one.below else 1}"
    return source + (f"; {gap} = {one.gap or 0}" if gap else "")


def joined(found: list[Any], name: Value, gap: str, below: str) -> Any:
    """What stands for one of several results, given what holds it."""
    if not isinstance(found[0], Number):
        return Value(name.source, gap, name.deep)
    some = [one for one in found if not always(one.gap)] or found
    over = [one.below for one in some if one.below]
    return Number(
        name.source, gap, name.deep, max(one.whole for one in some), max(one.places for one in some),
        all(one.integer for one in some),
        Number(below, "", 0, max((one.whole for one in over), default=1), max((one.places for one in over), default=0))
        if below else None,
    )  # fmt: skip


def undecided(test: Value, found: list[Any]) -> str:
    """The gap of a choice whose condition is unknown: it failed, or everything may matter."""
    every = balanced(dict.fromkeys(gap for gap in gaps([test, *found]) if gap), "|")
    return f"{test.gap} if {test.gap} & {FAILED} else ({every}) & -2 | {NOTHING}"
