# SPDX-License-Identifier: MIT
"""How conditions and choices are written: what the unknown does to them is said here, as code."""

from __future__ import annotations

from typing import Any

import attrs

from rolerules.engines.single.choices import assigned, choose, cleared, joined, undecided
from rolerules.engines.single.crossing import by_reference
from rolerules.engines.single.writer import (
    FAILED,
    Items,
    Number,
    Value,
    Writer,
    always,
    gaps,
    without_gap,
)
from rolerules.plan.plan import Step


def _and_or(to: Writer, step: Step, args: list[Value]) -> Value:
    gap = to.union(gaps(args))
    if not gap:
        return to.expression(f" {step.op} ".join(one.source for one in args), *args)
    if always(gap) and all(one.gap for one in args):
        return Value("None", gap)
    decides = step.op == "or"
    tests = " or ".join(_is(one, decides) for one in args if one.source != "None")
    found, own = to.name(), to.name()
    to.put(f"if {tests}: {found} = {decides}; {own} = 0")
    to.put(f"else: {own} = {gap}; {found} = None if {own} else {not decides}")
    return Value(found, own)


def _is(one: Value, decides: bool) -> str:
    """That a condition is known and holds, or does not hold."""
    if decides:
        return one.source  # None, where it is unknown
    return f"{one.source} is False" if one.gap else f"not {one.source}"


def _if(to: Writer, step: Step, args: list[Any]) -> Any:
    test, then, other = args
    then = cleared_by(test, then)
    if always(test.gap):
        return to.nothing(step.type, to.new(undecided(test, [then, other])))
    if isinstance(then, Items):
        return by_reference(to, step)
    return choose(to, [test], [then, other])


def cleared_by(test: Value, one: Any) -> Any:
    """A value where a test holds, such as that it is known."""
    return without_gap(one) if test.clears and not test.gap and test.clears == one.gap else one


def _or_else(to: Writer, step: Step, args: list[Any]) -> Any:
    """The first; where it is unknown the second, and if that is unknown too, all that is."""
    first, second = args
    if not first.gap:
        return first
    if isinstance(first, Items):
        return by_reference(to, step)
    number, own = isinstance(first, Number), to.name()
    below = to.name() if number and (first.below or second.below) else ""
    name = to.name()
    none = cleared(name, below)
    for word, one, gap in (
        (f"if not {first.gap}", first, "0"),
        (f"elif {first.gap} & {FAILED}", None, first.gap),
        (f"elif {second.gap}", None, f"{first.gap} | {second.gap}"),
        ("else", second, "0"),
    ):
        if second.gap or not gap.endswith(" | "):
            does = assigned(one, name, "", below) if one else none
            to.put(f"{word}: {does}; {own} = {gap}")
    if to.known and not second.gap:
        to.put(f"if {own}: raise Slow")
        own = ""
    return joined(args, Value(name), own, below)


def _known(to: Writer, step: Step, args: list[Any]) -> Value:
    gap = args[0].gap
    if not gap:
        return Value("True")
    if gap in to.sure:
        return attrs.evolve(to.expression(to.sure[gap]), clears=gap)
    if to.known:
        to.put(f"if {gap} & {FAILED}: raise Slow")
        return to.expression(f"not {gap}")
    failed = to.new(f"{gap} if {gap} & {FAILED} else 0")
    return Value(to.new(f"None if {failed} else not {gap}"), failed)


def _outcome(to: Writer, step: Step, args: list[Value]) -> Any:
    yes, no, not_due = (to.constant(word) for word in step.value)
    *due, test = args
    found = f"{yes} if {test.source} else {no}"
    if not due:
        return to.strict(step, [test.gap], lambda: to.expression(found, test))
    (asked,) = due
    test = cleared_by(asked, test)
    if not asked.gap and not test.gap:
        return to.expression(f"({found}) if {asked.source} else {not_due}", asked, test)
    asked = to.settle(asked)
    name, own = to.name(), to.name()
    if asked.gap:
        to.put(f"if {asked.gap}: {name} = None; {own} = {undecided(asked, [test])}")
    to.put(f"{'elif' if asked.gap else 'if'} not {asked.source}: {name} = {not_due}; {own} = 0")
    to.put(f"else: {own} = {test.gap or 0}; {name} = None if {own} else {found}")
    return Value(name, own)


def _records(to: Writer, step: Step, args: list[Value]) -> Items:
    """The outcomes of all duties or assessments, each with its gap."""
    pairs = [
        f"({to.constant(name)}, {one.source}, {one.gap or 0}), "
        for name, one in zip(step.value, args, strict=True)
    ]
    sure = not any(one.gap for one in args)

    def item(one: str) -> dict[str, Value]:
        return {
            "id": Value(f"{one}[0]"),
            "outcome": Value(f"{one}[1]", "" if sure else f"{one}[2]"),
        }

    return Items(to.new(f"({''.join(pairs)})"), item)


LOGIC = {
    "and": _and_or, "or": _and_or, "if": _if, "or else": _or_else, "known": _known,
    "outcome": _outcome, "records": _records,
}  # fmt: skip
