# SPDX-License-Identifier: MIT
"""Gaps and overlaps of a decision table, each with a witness.

The edges that the cells name cut every input's range into points and stretches on which each
cell is constant; one representative of each is tried. Rows that match are kept as the bits of
an integer, and inputs are crossed one by one, so that equal sets of rows are looked at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import attrs

from rolerules.model.term import Scalar, Term
from rolerules.model.types import AMOUNTS

_BUDGET = 200_000


class TooComplexError(Exception):
    """More combinations than can be looked at."""


@attrs.frozen(slots=True)
class Finding:
    """Input values, and the rows (by position) that match them: none, or more than one."""

    witness: tuple[Scalar, ...]
    rows: tuple[int, ...]


def is_static(term: Term) -> bool:
    """Whether a cell's condition depends on its input alone."""
    return all(
        part.op in _FOLDS or part.op == "constant" or (part.op == "name" and part.value == "?")
        for part in term.walk()
    )


def findings(inputs: Sequence[Term], columns: Sequence[Sequence[Term | None]]) -> Iterator[Finding]:
    """Give one finding per set of rows that leaves a gap or overlaps.

    `columns` holds, per input, every row's condition. Raises `TooComplexError`.
    """
    axes = [_axis(term, column) for term, column in zip(inputs, columns, strict=True)]
    everything = (1 << len(columns[0])) - 1
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[int, int, tuple[Scalar, ...]]] = [(0, everything, ())]
    while waiting:
        depth, rows, values = waiting.pop()
        if depth == len(axes) or not rows:
            rest = tuple(axis[0][0] for axis in axes[depth:] if axis)
            matched = tuple(row for row in range(rows.bit_length()) if rows >> row & 1)
            if len(matched) != 1 and len(values) + len(rest) == len(axes):
                yield Finding((*values, *rest), matched)
            continue
        for value, mask in reversed(axes[depth]):
            if (depth + 1, rows & mask) not in seen:
                seen.add((depth + 1, rows & mask))
                waiting.append((depth + 1, rows & mask, (*values, value)))
        if len(seen) > _BUDGET:
            raise TooComplexError


def _axis(term: Term, column: Sequence[Term | None]) -> list[tuple[Scalar, int]]:
    axis = []
    for value in _representatives(term, column):
        mask = 0
        for row, condition in enumerate(column):
            if condition is None or _holds(condition, value):
                mask |= 1 << row
        axis.append((value, mask))
    return axis


def _representatives(term: Term, column: Sequence[Term | None]) -> list[Scalar]:
    kind = term.type.kind
    named = {
        part.value for condition in column if condition for part in condition.walk()
        if part.op == "constant" and part.value is not None
    }  # fmt: skip
    if kind == "yes/no":
        return [True, False]
    if kind == "choice":
        return list(term.type.options)
    if kind == "text":
        return [*sorted(str(word) for word in named), "(any other text)"]
    if kind == "date":
        return _days(sorted(day for day in named if isinstance(day, datetime.date)))
    assert kind in AMOUNTS
    return list(_figures(term, sorted(_edges(column))))


def _edges(column: Sequence[Term | None]) -> set[Fraction]:
    """The figures that the conditions compare the input with."""
    edges = set()
    for condition in column:
        for part in condition.walk() if condition else ():
            if len(part.args) == 2 and part.args[0].value == "?" and part.op not in ("and", "or"):
                value = _constant(part.args[1])
                assert isinstance(value, Fraction)
                edges.add(value)
    return edges


def _days(edges: list[datetime.date]) -> list[Scalar]:
    day = datetime.timedelta(days=1)
    around = {near for edge in edges for near in (edge - day, edge, edge + day)}
    return sorted(around) or [datetime.date(2026, 1, 1)]


def _figures(term: Term, edges: list[Fraction]) -> Iterator[Fraction]:
    range_, step = term.range, term.range.step or None  # a step of 0 is that of the figure 0
    low = range_.low if range_.low is not None else min(edges, default=Fraction(0)) - (step or 1)
    high = range_.high if range_.high is not None else max(edges, default=Fraction(0)) + (step or 1)
    points = sorted({low, high, *(edge for edge in edges if low <= edge <= high)})
    for here, following in zip(points, [*points[1:], None], strict=True):
        if (step is None or here % step == 0) and (here != 0 or not range_.excludes_zero):
            yield here
        if following is not None:
            between = (here + following) / 2 if step is None else here - here % step + step
            if between < following:
                yield between


def _holds(condition: Term, value: Scalar) -> bool:
    result = _constant(condition, value)
    assert isinstance(result, bool)
    return result


_FOLDS: dict[str, Callable[..., Scalar]] = {
    "and": lambda one, two: one and two, "or": lambda one, two: one or two, "not": lambda one: not one,
    "=": lambda one, two: one == two, "!=": lambda one, two: one != two,
    "<": lambda one, two: one < two, "<=": lambda one, two: one <= two,
    ">": lambda one, two: one > two, ">=": lambda one, two: one >= two,
    "+": lambda one, two: one + two, "-": lambda one, two: one - two, "*": lambda one, two: one * two,
    "/": lambda one, two: one / two, "negative": lambda one: -one,
}  # fmt: skip


def _constant(term: Term, value: Scalar | None = None) -> Scalar:
    """Work out a condition over a representative of its input."""
    if term.op == "constant":
        assert isinstance(term.value, Fraction | bool | str | datetime.date)
        return term.value
    if term.op == "name":
        assert value is not None
        return value
    return _FOLDS[term.op](*(_constant(arg, value) for arg in term.args))
