# SPDX-License-Identifier: MIT
"""Gaps and overlaps of a decision table, each with a witness.

The edges that the cells name cut every input's range into points and stretches on which each
cell is constant; one representative of each is tried. Rows that match are kept as the bits of
an integer, and inputs are crossed one by one, so that equal sets of rows are looked at once.
"""

from __future__ import annotations

import bisect
import datetime
import itertools
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs

from rolerules.model.term import Scalar, Term
from rolerules.model.types import AMOUNTS, Range

_BUDGET = 200_000


class TooComplexError(Exception):
    """More combinations than can be looked at."""


@attrs.frozen(slots=True, repr=False)
class Finding:
    """Input values, and the first two rows (by position) that match them; none for a gap."""

    witness: tuple[Scalar, ...]
    rows: tuple[int, ...]
    near: int | None = None
    """For a gap in a table with one input: the row that covers what comes before it."""


def is_static(term: Term) -> bool:
    """Whether a cell's condition depends on its input alone."""
    return all(
        part.op in _FOLDS or part.op == "constant" or (part.op == "name" and part.value == "?")
        for part in term.walk()
    )


def constant(term: Term) -> Scalar | None:
    """What a term without names comes to; None for one that depends on a case."""
    fixed = all(part.op == "constant" or part.op in _FOLDS for part in term.walk())
    return _constant(term) if fixed else None


def meets(term: Term, conditions: Sequence[Term | None]) -> bool:
    """Whether one value of an input satisfies several conditions at once."""
    everything = (1 << len(conditions)) - 1
    return any(rows == everything for _, rows in _axis(term, conditions))


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
            if rows.bit_count() != 1 and len(values) + len(rest) == len(axes):
                yield Finding((*values, *rest), _first_two(rows))
            continue
        for value, mask in reversed(axes[depth]):
            if (depth + 1, rows & mask) not in seen:
                seen.add((depth + 1, rows & mask))
                waiting.append((depth + 1, rows & mask, (*values, value)))
        if len(seen) > _BUDGET:
            raise TooComplexError


def runs(inputs: Sequence[Term], columns: Sequence[Sequence[Term | None]]) -> Iterator[Finding]:
    """Give the findings of a table with one input: every gap and every overlap along its axis."""
    term, before, last = inputs[0], None, -1
    apart = not _is_ordered(term)  # choices have no stretches: each is a gap of its own
    for value, rows in _axis(term, columns[0]):
        if rows.bit_count() != 1 and (rows != last or (apart and not rows)):
            yield Finding((value,), _first_two(rows), before)
        before, last = (_first_two(rows)[0] if rows else before), rows


def _is_ordered(term: Term) -> bool:
    return term.type.kind == "date" or term.type.kind in AMOUNTS


def _first_two(rows: int) -> tuple[int, ...]:
    first = rows & -rows
    second = (rows ^ first) & -(rows ^ first)
    return tuple(bit.bit_length() - 1 for bit in (first, second) if bit)


def _axis(term: Term, column: Sequence[Term | None]) -> list[tuple[Scalar, int]]:
    """Every representative with the rows that match it.

    A cell's condition is tried only where it can change, at the edges it names itself; the
    bits of the rows that change at each representative are swept up in one go.
    """
    values = _representatives(term, column)
    places = {value: place for place, value in enumerate(values)}
    changes = [0] * len(values)
    for row, condition in enumerate(column):
        held = False
        for place in _turns(condition, values, places, ordered=_is_ordered(term)):
            holds = condition is None or _holds(condition, values[place])
            if holds != held:
                changes[place] ^= 1 << row
                held = holds
    masks = itertools.accumulate(changes, operator.xor)
    return list(zip(values, masks, strict=True))


def _turns(
    condition: Term | None, values: list[Any], places: Mapping[Scalar, int], *, ordered: bool
) -> list[int]:
    """Where in the representatives a condition can begin or end to hold, in order."""
    turns = {0}
    for edge in _edges([condition]):
        if ordered:
            turns |= {bisect.bisect_left(values, edge), bisect.bisect_right(values, edge)}
        elif edge in places:
            turns |= {places[edge], places[edge] + 1}
    return sorted(turn for turn in turns if turn < len(values))


def _representatives(term: Term, column: Sequence[Term | None]) -> list[Scalar]:
    kind = term.type.kind
    if kind == "yes/no":
        return [True, False]
    if kind == "choice":
        return list(term.type.options)
    edges = sorted(_edges(column))
    if kind == "text":
        return _texts({str(edge) for edge in edges})
    if kind == "date":
        return _days(edges)
    assert kind in AMOUNTS
    return list(_figures(term, edges))


def _texts(named: set[str]) -> list[Scalar]:
    """Every text that cells name, and one that none does."""
    other = "(any other text)"
    while other in named:
        other += "'"
    return [*sorted(named), other]


def _edges(column: Sequence[Term | None]) -> set[Any]:
    """What the conditions compare the input with."""
    edges = set()
    for condition in column:
        for part in condition.walk() if condition else ():
            if len(part.args) == 2 and part.args[0].value == "?" and part.op not in ("and", "or"):
                edges.add(_constant(part.args[1]))
    return edges


def _days(edges: list[datetime.date]) -> list[Scalar]:
    first, last = datetime.date.min.toordinal(), datetime.date.max.toordinal()
    around = {edge.toordinal() + step for edge in edges for step in (-1, 0, 1)}
    days = [datetime.date.fromordinal(day) for day in sorted(around) if first <= day <= last]
    return [*days] or [datetime.date(2026, 1, 1)]


def _figures(term: Term, edges: list[Fraction]) -> Iterator[Fraction]:
    """Every edge, and one plain value of each stretch before, between and behind them."""
    within = [edge for edge in edges if _within(edge, term.range)]
    for before, after in itertools.pairwise([None, *within, None]):
        for value in _tried(before, after, term):
            inside = (before is None or before < value) and (after is None or value < after)
            if inside and _possible(value, term.range):
                yield value
                break
        if after is not None and _possible(after, term.range):
            yield after


def _within(value: Fraction, range_: Range) -> bool:
    return (range_.low is None or range_.low <= value) and (
        range_.high is None or value <= range_.high
    )


def _possible(value: Fraction, range_: Range) -> bool:
    on_step = not range_.step or value % range_.step == 0  # a step of 0 is that of the figure 0
    return on_step and _within(value, range_) and (value != 0 or not range_.excludes_zero)


def _tried(before: Fraction | None, after: Fraction | None, term: Term) -> Iterator[Fraction]:
    """Values to try for a stretch, plain ones first; the last ones find any that there is."""
    low, high, step = term.range.low, term.range.high, term.range.step or None
    unit = Fraction(1, 100) if term.type.kind == "rate" else Fraction(1)
    start, end = (low if before is None else before), (high if after is None else after)
    middle = None if start is None or end is None else (start + end) / 2
    if before is None and after is None:
        plain = [Fraction(0), unit, -unit, low, high, middle]
    elif after is None:
        plain = [start + unit, start + unit / 2, high, middle] if start is not None else []
    elif before is None:
        plain = [after - unit, after - unit / 2, low, middle]
    else:
        plain = [middle, (before + after + before) / 3]
    if step is not None:
        # The first and the last multiples in the stretch, two each, since one of them may be 0.
        first = [] if start is None else [start - start % step + n * step for n in (0, 1, 2)]
        last = [] if end is None else [end - end % step - n * step for n in (0, 1, 2)]
        plain = [*(value - value % step for value in plain if value is not None), *first, *last]
    yield from (value for value in plain if value is not None)


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
