# SPDX-License-Identifier: MIT
"""Decision tables over columns, by their hit policies (DMN 1.5, 8.2.8)."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs
import polars as pl

from rolerules.engines.columnar import needs as needed
from rolerules.engines.columnar.choose import choose, one_of
from rolerules.engines.columnar.column import Column, figure
from rolerules.engines.columnar.logic import certainly
from rolerules.engines.columnar.needs import NO, Needs, either, expr, together, where
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
from rolerules.plan import bounds
from rolerules.plan import plan as plans
from rolerules.plan.bounds import Ratio
from rolerules.plan.plan import Step

FAILS = Needs(0, True)
NOTHING = Same(Unknown())
"""What stands where no row matches and the case is refused: anything."""


@attrs.frozen(slots=True, eq=False)
class _Row:
    test: Truth
    output: Value
    needs: Needs
    """What the output waits for."""

    @property
    def hit(self) -> pl.Expr:
        """Where it is known to match."""
        return certainly(self.test, True)

    @property
    def open(self) -> Needs:
        """What the row waits for where its test is unknown, else nothing."""
        known = self.test.needs.known
        return NO if known is True else where(known, NO, together([self.test.needs, self.needs]))


@attrs.frozen(slots=True, eq=False)
class _Table:
    step: Step
    rows: list[_Row]
    otherwise: Value | None
    to: Rows

    @property
    def last(self) -> Needs:
        """The needs where no row matches."""
        return FAILS if self.otherwise is None else needs_of(self.otherwise, self.to)

    @property
    def hits(self) -> list[pl.Expr]:
        return [row.hit for row in self.rows]

    def chosen(self, needs: Needs) -> Value:
        """The output of the first row that matches."""
        rest = NOTHING if self.otherwise is None else self.otherwise
        outputs = [*(row.output for row in self.rows), rest]
        return choose(self.hits, outputs, needs, self.to, self.step.type)


def table(step: Step, args: list[Value], to: Rows) -> Value:
    """The output of the rows that match, by the hit policy."""
    shape: plans.Rows = step.value
    rows = [
        _Row(truth(test, to), output, needs_of(output, to))
        for test, output in zip(args[: 2 * shape.rows : 2], args[1 : 2 * shape.rows : 2], strict=True)
        if not (isinstance(test, Same) and test.value is False)
    ]  # fmt: skip
    rest = args[2 * shape.rows :]
    if shape.hit == "priority":
        rows = _by_rank(rows, rest[shape.otherwise :])
    whole = _Table(step, rows, rest[0] if shape.otherwise else None, to)
    if shape.hit in ("first", "priority"):
        found = _first(whole)
    elif shape.hit == "unique":
        found = _unique(whole)
    else:
        found = _collected(whole)
    failed = either(row.test.needs.fails for row in rows)
    if failed is False or isinstance(found, Same):
        return found
    waits = together(where(row.test.needs.fails, row.test.needs, NO) for row in rows).waits
    needs = where(failed, Needs(waits), found.needs)
    needs = Needs(needs.waits, either([found.needs.fails, failed]))
    return attrs.evolve(found, needs=needs)


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


def _first(of: _Table) -> Value:
    """The first that matches; an unknown row before it leaves the result unknown."""
    before = [NO]
    for row in of.rows:
        before.append(of.to.kept(together([before[-1], row.open])))
    needs = _after(before[-1], of.last)
    for row, earlier in zip(reversed(of.rows), reversed(before[:-1]), strict=True):
        needs = where(row.hit, _after(earlier, row.needs), needs)
    return of.chosen(needs)


def _after(before: Needs, result: Needs) -> Needs:
    """The needs of a result that stands only where nothing before it is open."""
    return where(before.known, result, together([before, result]).pending)


def _unique(of: _Table) -> Value:
    """The one row that matches; several are a failure."""
    rising = _rising(of)
    if rising is not None:
        return rising
    hits = of.hits
    needs = needed.first(hits, [row.needs for row in of.rows], of.last)
    if len(of.rows) > 1:
        needs = where(_added(hits) > 1, FAILS, needs)  # whatever the outputs wait for
    return of.chosen(_unless_open(of, needs))


def _rising(of: _Table) -> Value | None:
    """A table whose rows follow each other over one input without a gap: no row is tested twice.

    Each row begins where the one before ends, so that it matches as soon as its upper end is not
    passed, and the last one always does. The ends must not fall, as parameters may: then rows
    match together.
    """
    if not of.rows or any(row.test.ends is None or not row.test.needs.none for row in of.rows):
        return None
    ends = [row.test.ends for row in of.rows if row.test.ends is not None]
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    if lows[0] is not None or highs[-1] is not None or None in lows[1:] or lows[1:] != highs[:-1]:
        return None
    if any(one[1:] > two[1:] for one, two in itertools.pairwise(highs[:-1])):
        return None
    uppers = [row.test.expr if row.test.upper is None else row.test.upper for row in of.rows[:-1]]
    needs = needed.first(uppers, [row.needs for row in of.rows[:-1]], of.rows[-1].needs)
    outputs = [row.output for row in of.rows]
    return choose(uppers, outputs, needs, of.to, of.step.type)


def _added(tests: Sequence[pl.Expr]) -> pl.Expr:
    """How many of them hold."""
    total = pl.lit(0, pl.Int64)
    for test in tests:
        total = total + test.cast(pl.Int64)
    return total


def _unless_open(of: _Table, needs: Needs) -> Needs:
    """The needs where no test is unknown; else all that is open, that matches, or is left."""
    anything = together(row.test.needs for row in of.rows)
    if anything.known is True:
        return needs
    hits = of.hits
    every = [row.open for row in of.rows]
    every += [where(hit, row.needs, NO) for hit, row in zip(hits, of.rows, strict=True)]
    if of.otherwise is not None:
        every.append(where(either(hits), NO, of.last))
    return where(anything.known, needs, together(every).pending)


def _collected(of: _Table) -> Value:
    """How many rows match, or the sum, least or greatest of their outputs."""
    fold, hits = of.step.value.hit.split()[1], of.hits
    if fold == "count":
        needs = together(row.test.needs for row in of.rows).pending
        return Number(Ratio(Column(_added(hits), 0, len(of.rows)), 1), needs, None)
    if fold == "sum" and of.otherwise is None:
        of = attrs.evolve(of, otherwise=Same(Fraction(0)))
    every = together(where(hit, row.needs, NO) for hit, row in zip(hits, of.rows, strict=True))
    none = ~expr(either(hits))
    needs = _unless_open(of, where(none, of.last, every))
    otherwise = NOTHING if of.otherwise is None else of.otherwise
    if not of.rows:
        return choose([], [otherwise], needs, of.to, of.step.type)
    ratios = [number(one, of.to).ratio for one in (*(row.output for row in of.rows), otherwise)]
    tops, below = bounds.alike(ratios)
    if not isinstance(below, int):
        raise UnsupportedError("quotients in a collecting table")
    found = _sum(hits, tops[:-1]) if fold == "sum" else _extreme(fold, hits, tops[:-1])
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
