# SPDX-License-Identifier: MIT
"""How decision tables are written: a chain of conditions, where all that is asked is known.

Where a condition (or an output that is collected) is unknown, the reference engine says what
becomes of the table.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

from rolerules.engines.single.crossing import by_reference, or_by_reference
from rolerules.engines.single.logic import choose
from rolerules.engines.single.numbers import NARROW, alike, number
from rolerules.engines.single.writer import Number, Value, Writer, always, gaps
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
        return Number(
            to.new(" + ".join(["0", *(one.source for one in tests)])), whole=4, integer=True
        )
    if shape.hit.startswith("collect"):
        return _collected(to, step, tests, found, rest[:1] if shape.otherwise else [])
    if shape.hit == "priority":
        order = _by_rank(to, step)
        tests, found = [tests[row] for row in order], [found[row] for row in order]
    if shape.hit == "unique" and not _disjoint(to, step):
        tests = [to.settle(one) for one in tests]
        several = to.fails(f"{' + '.join(one.source for one in tests)} > 1")
        return to.strict(step, [several], lambda: _first(to, step, tests, found, rest))
    return _first(to, step, tests, found, rest)


def _first(to: Writer, step: Step, tests: list[Value], found: list[Any], rest: list[Any]) -> Any:
    otherwise = rest[0] if step.value.otherwise else to.failure(step.type)
    return choose(to, step, tests, [*found, otherwise])


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
    return choose(to, step, [Value(kept)], [folded, (otherwise or [to.failure(step.type)])[0]])


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


_MOST_COMPARED = 60
"""A table of more rows is not looked at pair by pair."""


def _disjoint(to: Writer, step: Step) -> bool:
    """Whether it is proved that no two rows match together."""
    rows = [_conditions(to, test) for test in step.args[: 2 * step.value.rows : 2]]
    if len(rows) > _MOST_COMPARED:
        return False
    return all(_apart(one, two) for one, two in itertools.combinations(rows, 2))


def _conditions(to: Writer, place: int) -> dict[int, tuple[Any, ...]]:
    """What a row's condition says of its inputs for certain: from, included, to, included."""
    step = to.steps[place]
    if step.op == "and":
        parts = [_conditions(to, arg) for arg in step.args]
        found = dict(parts[0])
        for part in parts[1:]:
            for name, span in part.items():
                found[name] = _both(found[name], span) if name in found else span
        return found
    if step.op not in _SPANS or to.steps[step.args[1]].op != "constant":
        return {}
    edge = to.steps[step.args[1]].value
    return {step.args[0]: _SPANS[step.op](edge)}


_SPANS: dict[str, Any] = {
    "=": lambda edge: (edge, True, edge, True),
    "<": lambda edge: (None, False, edge, False),
    "<=": lambda edge: (None, False, edge, True),
    ">": lambda edge: (edge, False, None, False),
    ">=": lambda edge: (edge, True, None, False),
}


def _both(one: tuple[Any, ...], two: tuple[Any, ...]) -> tuple[Any, ...]:
    low = one[:2] if two[0] is None else two[:2]
    high = one[2:] if two[2] is None else two[2:]
    return *low, *high


def _apart(one: dict[int, tuple[Any, ...]], two: dict[int, tuple[Any, ...]]) -> bool:
    """Whether two rows ask different things of one input."""
    return any(
        _before(one[name], two[name]) or _before(two[name], one[name])
        for name in one.keys() & two.keys()
    )


def _before(one: tuple[Any, ...], two: tuple[Any, ...]) -> bool:
    end, start = one[2], two[0]
    if end is None or start is None:
        return False
    if isinstance(end, bool | str):
        return bool(end != start)
    return bool(end < start or (end == start and not (one[3] and two[1])))
