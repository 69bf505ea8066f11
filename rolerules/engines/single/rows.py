# SPDX-License-Identifier: MIT
"""What is proved of a table's rows: that no two match together, that they are bands of one input."""

from __future__ import annotations

import itertools
from typing import Any

from rolerules.engines.single.numbers import STRICT
from rolerules.engines.single.writer import Value, Writer
from rolerules.plan.plan import Step

_MOST_COMPARED = 60
"""A table of more rows is not looked at pair by pair."""


def disjoint(to: Writer, step: Step) -> bool:
    """Whether it is proved that no two rows match together."""
    rows = [conditions(to, test) for test in step.args[: 2 * step.value.rows : 2]]
    if len(rows) > _MOST_COMPARED:
        return False
    return all(_apart(one, two) for one, two in itertools.combinations(rows, 2))


def conditions(to: Writer, place: int) -> dict[int, tuple[Any, ...]]:
    """What a row's condition says of its inputs for certain: from, included, to, included."""
    step = to.steps[place]
    if step.op == "and":
        parts = [conditions(to, arg) for arg in step.args]
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


def bands(to: Writer, step: Step) -> list[Value] | None:
    """The upper edges of all rows but the last, as conditions, where the rows are rising bands."""
    tests = step.args[: 2 * step.value.rows : 2]
    if not all(_only_edges(to, test) for test in tests):
        return None
    rows = [conditions(to, test) for test in tests]
    ends = [sum(end is not None for span in row.values() for end in span[::2]) for row in rows]
    if ends != [_compared(to, test) for test in tests]:
        return None  # two conditions on one end
    inputs = {name for row in rows for name in row}
    if len(inputs) != 1 or not all(rows):
        return None
    (name,) = inputs
    spans = [row[name] for row in rows]
    edges = [span[2:] for span in spans[:-1]]
    if any(edge is None or isinstance(edge, bool | str) for edge, _ in edges):
        return None
    starts = [(None, False), *((edge, not included) for edge, included in edges)]
    if [span[:2] for span in spans] != starts or spans[-1][2] is not None:
        return None
    if step.value.hit == "unique" and edges != sorted(edges):
        return None  # parameters may be edges that fall, and then rows match together
    return [_up_to(to, test, name, span) for test, span in zip(tests[:-1], spans, strict=False)]


def _only_edges(to: Writer, place: int) -> bool:
    """Whether a condition is nothing but comparisons with figures."""
    step = to.steps[place]
    if step.op == "and":
        return all(_only_edges(to, arg) for arg in step.args)
    return step.op in _SPANS and step.op != "=" and to.steps[step.args[1]].op == "constant"


def _compared(to: Writer, place: int) -> int:
    """How many comparisons a condition is made of."""
    step = to.steps[place]
    return sum(_compared(to, arg) for arg in step.args) if step.op == "and" else 1


def _up_to(to: Writer, place: int, name: int, span: tuple[Any, ...]) -> Any:
    """The condition that an input is below a row's upper edge."""
    found, op = place, "<=" if span[3] else "<"
    while to.steps[found].op == "and":
        found = next(arg for arg in to.steps[found].args if _has(to, arg, op))
    return STRICT[op](to, to.steps[found], [to.values[name], to.values[to.steps[found].args[1]]])


def _has(to: Writer, place: int, op: str) -> bool:
    step = to.steps[place]
    return step.op == op or (step.op == "and" and any(_has(to, arg, op) for arg in step.args))
