# SPDX-License-Identifier: MIT
"""Decision tables over columns, by their hit policies (DMN 1.5, 8.2.8)."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs
import polars as pl

from rolerules.engines.columnar import needs as needed
from rolerules.engines.columnar.choose import choose, one_of
from rolerules.engines.columnar.column import Column, figure
from rolerules.engines.columnar.logic import certainly, either
from rolerules.engines.columnar.needs import FAILED, Needs, failure, pending, together, where
from rolerules.engines.columnar.numbers import less
from rolerules.engines.columnar.rows import Rows, UnsupportedError
from rolerules.engines.columnar.values import (
    Number,
    Same,
    Truth,
    Value,
    needs_of,
    number,
    truth,
)
from rolerules.engines.results import Unknown
from rolerules.model.types import Type
from rolerules.plan import bounds
from rolerules.plan import plan as plans
from rolerules.plan.bounds import Ratio
from rolerules.plan.plan import Step

NOTHING = Same(Unknown())
"""What a table gives where no row matches, before the failure is put to it."""


@attrs.frozen(slots=True, eq=False)
class _Row:
    test: Truth
    output: Value
    needs: Needs
    """What the output waits for."""

    @property
    def sure(self) -> bool:
        """Whether the test is known in every case."""
        return isinstance(self.test.needs, int) and not self.test.needs

    @property
    def open(self) -> Needs:
        """What the row waits for where its test is unknown, else nothing."""
        if self.sure:
            return 0
        return where(_unknown(self.test.needs), together([self.test.needs, self.needs]), 0)


def _unknown(needs: Needs) -> pl.Expr | bool:
    return needs != 0


def table(step: Step, args: list[Value], to: Rows) -> Value:
    """The output of the rows that match, by the hit policy."""
    shape: plans.Rows = step.value
    rows = [
        _Row(truth(test, to), output, needs_of(output, to))
        for test, output in zip(args[: 2 * shape.rows : 2], args[1 : 2 * shape.rows : 2], strict=True)
        if not (isinstance(test, Same) and test.value is False)
    ]  # fmt: skip
    rest = args[2 * shape.rows :]
    otherwise = rest[0] if shape.otherwise else None
    if shape.hit == "priority":
        rows = _by_rank(rows, rest[shape.otherwise :])
    if shape.hit in ("first", "priority"):
        found = _first(step, rows, otherwise, to)
    elif shape.hit == "unique":
        found = _unique(step, rows, otherwise, to)
    else:
        found = _collected(step, rows, otherwise, to)
    failed = together(failure(row.test.needs) for row in rows)
    if isinstance(failed, int) and not failed:
        return found
    everything = together([*(row.test.needs for row in rows), needs_of(found, to)])
    return _with(found, where(failed != 0, everything, needs_of(found, to)), to, step.type)


def _with(value: Value, needs: Needs, to: Rows, type_: Type) -> Value:
    if isinstance(value, Same):
        return choose([], [value], needs, to, type_)
    return attrs.evolve(value, needs=needs)


def _by_rank(rows: list[_Row], ranks: list[Value]) -> list[_Row]:
    """The rows of a priority table, the most important output first; silence before all."""
    order = [one.value for one in ranks if isinstance(one, Same)]
    if len(order) < len(ranks) or not all(isinstance(row.output, Same) for row in rows):
        raise UnsupportedError("priorities that are worked out")

    def rank(row: _Row) -> int:
        assert isinstance(row.output, Same)
        unknown = isinstance(row.output.value, Unknown)
        return -1 if unknown else order.index(row.output.value)

    return sorted(rows, key=rank)


def _first(step: Step, rows: list[_Row], otherwise: Value | None, to: Rows) -> Value:
    """The first that matches; an unknown row before it leaves the result unknown."""
    last: Needs = FAILED if otherwise is None else needs_of(otherwise, to)
    before: list[Needs] = [0]
    for row in rows:
        before.append(to.kept(together([before[-1], row.open])))
    needs = _after(before[-1], last)
    for row, earlier in zip(reversed(rows), reversed(before[:-1]), strict=True):
        needs = where(certainly(row.test, True), _after(earlier, row.needs), needs)
    tests = [certainly(row.test, True) for row in rows]
    outputs = [row.output for row in rows]
    return choose(tests, [*outputs, _rest(outputs, otherwise)], needs, to, step.type)


def _rest(outputs: list[Value], otherwise: Value | None) -> Value:
    """What stands where no row matches: anything, where that is a failure."""
    return NOTHING if otherwise is None else otherwise


def _after(before: Needs, result: Needs) -> Needs:
    """The needs of a result that stands only where nothing before it is open."""
    if isinstance(before, int) and not before:
        return result
    return where(before == 0, result, pending(together([before, result])))


def _unique(step: Step, rows: list[_Row], otherwise: Value | None, to: Rows) -> Value:
    """The one row that matches; several are a failure."""
    tests = [certainly(row.test, True) for row in rows]
    last: Needs = FAILED if otherwise is None else needs_of(otherwise, to)
    needs = needed.first(tests, [row.needs for row in rows], last)
    if len(rows) > 1:
        several = _added(tests) > 1
        needs = where(several, FAILED, needs)
    needs = _unless_open(rows, tests, otherwise, needs, to)
    outputs = [row.output for row in rows]
    return choose(tests, [*outputs, _rest(outputs, otherwise)], needs, to, step.type)


def _added(tests: Sequence[pl.Expr]) -> pl.Expr:
    """How many of them hold."""
    total = pl.lit(0, pl.Int64)
    for test in tests:
        total = total + test.cast(pl.Int64)
    return total


def _unless_open(
    rows: list[_Row],
    tests: list[pl.Expr],
    otherwise: Value | None,
    needs: Needs,
    to: Rows,
) -> Needs:
    """The needs where no test is unknown; else all that is open, that matches, or is left."""
    if all(row.sure for row in rows):
        return needs
    unknown = together(row.open for row in rows)
    hits = [where(test, row.needs, 0) for test, row in zip(tests, rows, strict=True)]
    left: Needs = 0
    if otherwise is not None:
        left = where(either(tests), 0, needs_of(otherwise, to))
    pending_ = pending(together([unknown, *hits, left]))
    anything = together(row.test.needs for row in rows)
    return where(anything != 0, pending_, needs)


def _collected(step: Step, rows: list[_Row], otherwise: Value | None, to: Rows) -> Value:
    """How many rows match, or the sum, least or greatest of their outputs."""
    fold = step.value.hit.split()[1]
    tests = [certainly(row.test, True) for row in rows]
    if fold == "count":
        needs = pending(together(row.test.needs for row in rows))
        return Number(Ratio(Column(_added(tests), 0, len(rows)), 1), needs, None)
    hits = together(where(test, row.needs, 0) for test, row in zip(tests, rows, strict=True))
    none = ~either(tests)
    last: Needs = FAILED if otherwise is None else needs_of(otherwise, to)
    if fold == "sum" and otherwise is None:
        otherwise, last = Same(Fraction(0)), 0
    needs = _unless_open(rows, tests, otherwise, where(none, last, hits), to)
    if not rows:
        return choose([], [_rest([], otherwise)], needs, to, step.type)
    every = [number(row.output, to).ratio for row in rows]
    rest = number(_rest([], otherwise), to).ratio
    tops, below = bounds.alike([*every, rest])
    if not isinstance(below, int):
        raise UnsupportedError("quotients in a collecting table")
    found = _sum(tests, tops[:-1]) if fold == "sum" else _extreme(fold, tests, tops[:-1])
    return Number(Ratio(one_of([none], [tops[-1], found]), below), needs, None)


def _sum(tests: Sequence[pl.Expr], tops: list[Column]) -> Column:
    total = figure(0)
    for test, top in zip(tests, tops, strict=True):
        total = total.plus(one_of([test], [top, figure(0)]))
    return total


def _extreme(fold: str, tests: Sequence[pl.Expr], tops: list[Column]) -> Column:
    """The least (greatest) of the outputs that match; anything where none does."""
    how: Any = operator.lt if fold == "min" else operator.gt
    found, any_ = tops[0], tests[0]
    for test, top in zip(tests[1:], tops[1:], strict=True):
        better = test & (~any_ | less(Ratio(top, 1), Ratio(found, 1), how))
        found, any_ = one_of([better], [top, found]), any_ | test
    return found
