# SPDX-License-Identifier: MIT
"""How decision tables are written: a chain of conditions, where all that is asked is known.

Where a condition (or an output that is collected) is unknown, the reference engine says what
becomes of the table.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from rolerules.engines.single.choices import choose
from rolerules.engines.single.crossing import by_reference, or_by_reference
from rolerules.engines.single.numbers import NARROW, alike, number
from rolerules.engines.single.rows import bands, disjoint
from rolerules.engines.single.writer import Number, Value, Writer, always, balanced, gaps
from rolerules.plan.plan import Rows, Step


def table(to: Writer, step: Step, args: list[Any]) -> Any:
    """Write a table."""
    shape: Rows = step.value
    tests, found = args[: 2 * shape.rows : 2], args[1 : 2 * shape.rows : 2]
    asked = gaps([*tests, *found]) if shape.hit.startswith("collect") else gaps(tests)
    if shape.hit == "collect count":
        asked = gaps(tests)
    rest = args[2 * shape.rows :]
    if any(map(always, asked)) or (shape.hit == "priority" and not _ranked(to, step)):
        return by_reference(to, step)
    return or_by_reference(to, step, asked, lambda: _known(to, step, tests, found, rest))


def _known(to: Writer, step: Step, tests: list[Value], found: list[Any], rest: list[Any]) -> Any:
    """A table whose conditions are all known."""
    shape: Rows = step.value
    if shape.hit == "collect count":
        found_ = to.new(balanced(["0", *(one.source for one in tests)], "+"))
        return Number(found_, whole=4, integer=True)
    if shape.hit.startswith("collect"):
        return _collected(to, step, tests, found, rest[:1] if shape.otherwise else [])
    if shape.hit == "priority":
        order = _by_rank(to, step)
        tests, found = [tests[row] for row in order], [found[row] for row in order]
    if shape.hit in ("unique", "first"):
        upper = bands(to, step)
        if upper is not None:
            return choose(to, upper, found)
    if shape.hit == "unique" and not disjoint(to, step):
        tests = [to.settle(one) for one in tests]
        several = to.fails(f"{balanced((one.source for one in tests), '+')} > 1")
        return to.strict(step, [several], lambda: _first(to, step, tests, found, rest))
    return _first(to, step, tests, found, rest)


def _first(to: Writer, step: Step, tests: list[Value], found: list[Any], rest: list[Any]) -> Any:
    otherwise = rest[0] if step.value.otherwise else to.failure(step.type)
    return choose(to, tests, [*found, otherwise])


def _collected(
    to: Writer, step: Step, tests: list[Value], found: list[Any], otherwise: list[Any]
) -> Any:
    """The sum, least or greatest of the outputs of all rows that match."""
    fold = step.value.hit.split()[1]
    if fold == "sum" and not otherwise:
        otherwise = [number(to, Fraction(0))]
    held = [to.settle(one) for one in found]
    tops, below = alike(to, held) if isinstance(held[0], Number) else (held, None)
    kept = to.new("[]")
    for test, top in zip(tests, tops, strict=True):
        to.put(f"if {test.source}: {kept}.append({top.source})")
    folded: Any = Value(f"{fold}({kept})", deep=1)
    if isinstance(held[0], Number):
        whole, places = max(one.whole for one in tops) + 4, max(one.places for one in tops)
        wide = fold == "sum" and whole + places > NARROW
        source = f"summed({kept})" if wide else folded.source
        folded = Number(source, "", 1, whole, places, False, below)
    return choose(to, [Value(kept)], [folded, (otherwise or [to.failure(step.type)])[0]])


def _ranked(to: Writer, step: Step) -> bool:
    """Whether the order of importance of all rows is known now."""
    shape: Rows = step.value
    outputs = step.args[1 : 2 * shape.rows : 2]
    ranks = step.args[2 * shape.rows + shape.otherwise :]
    return all(to.steps[one].op == "constant" for one in (*outputs, *ranks))


def _by_rank(to: Writer, step: Step) -> list[int]:
    """The rows of a priority table, the most important output first."""
    shape: Rows = step.value
    ranks = [to.steps[one].value for one in step.args[2 * shape.rows + shape.otherwise :]]
    outputs = [to.steps[one].value for one in step.args[1 : 2 * shape.rows : 2]]
    return sorted(range(shape.rows), key=lambda row: ranks.index(outputs[row]))
