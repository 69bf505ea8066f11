# SPDX-License-Identifier: MIT
"""Arithmetic, comparisons and figures by choice over columns of whole numbers."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from rolerules.engines.columnar.choose import choose, one_of
from rolerules.engines.columnar.column import TURNED, Column
from rolerules.engines.columnar.needs import either, failing, together
from rolerules.engines.columnar.rows import Rows
from rolerules.engines.columnar.values import (
    Day,
    Number,
    Same,
    Truth,
    Value,
    Word,
    alike,
    needs_of,
    number,
    word,
)
from rolerules.plan import bounds
from rolerules.plan.bounds import Ratio, fits
from rolerules.plan.plan import Step

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_END = {"<": (True, 0), "<=": (True, 1), ">=": (False, 0), ">": (False, 1)}
"""Whether a comparison is of the upper end, and whether that lies right after the figure."""
_FEW = 6
"""So many figures by choice are compared one after the other; more are looked up by place."""


def arithmetic(step: Step, args: list[Value], rows: Rows) -> Value:
    """Two numbers."""
    one, two = (number(arg, rows) for arg in args)
    ratio = bounds.TWO[step.op](one.ratio, two.ratio)
    return Number(ratio, together([one.needs, two.needs]), None)


def single(step: Step, args: list[Value], rows: Rows) -> Value:
    """One number."""
    one = number(args[0], rows)
    return Number(bounds.ONE[step.op](one.ratio), one.needs, None)


def round_(step: Step, args: list[Value], rows: Rows) -> Value:
    """The nearest multiple of a step."""
    one = number(args[0], rows)
    return Number(bounds.rounded(one.ratio, *step.value), one.needs, None)


def compare(step: Step, args: list[Value], rows: Rows) -> Value:
    """Yes or no by an order, or by whether two are the same."""
    needs = together(needs_of(arg, rows) for arg in args)
    found = _compared(_COMPARE[step.op], args, rows)
    if isinstance(found, bool):
        return Same(found) if needs.none else Truth(pl.lit(found), needs, None)
    return Truth(found, needs, None, None, _ends(step.op, args))


def _ends(op: str, args: list[Value]) -> tuple[Any, Any] | None:
    """Where a comparison with a figure begins or ends to hold: at it, or right after it."""
    number_, edge = args
    if op not in _END or not isinstance(edge, Same) or not isinstance(edge.value, Fraction):
        return None
    upper, after = _END[op]
    end = (id(number_), edge.value, after)
    return (None, end) if upper else (end, None)


def _compared(how: Callable[[Any, Any], Any], args: list[Value], rows: Rows) -> pl.Expr | bool:
    one, two = alike(args, rows)
    if isinstance(one, Number):
        return _decided(one.ratio, two.ratio, how)
    if isinstance(one, Word):
        return _same_word(how, args, one, two)
    if not one.expr.meta.root_names():  # what is the same everywhere: see `Column.compare`
        one, two, how = two, one, TURNED.get(how, how)
    found: pl.Expr = how(one.expr, two.expr)
    return found


def _decided(
    one: Ratio[Column], two: Ratio[Column], how: Callable[[Any, Any], Any]
) -> pl.Expr | bool:
    """A comparison, which the bounds of this batch may decide for every row."""
    (first, second), _ = bounds.alike([one, two])
    apart = first.high < second.low or second.high < first.low
    touching = how in (operator.le, operator.gt) and first.high <= second.low
    touching |= how in (operator.ge, operator.lt) and second.high <= first.low
    if apart or touching:
        return bool(how(first.low, second.low) if apart else how in (operator.le, operator.ge))
    found: pl.Expr = first.compare(second, how)
    return found


def less(one: Ratio[Column], two: Ratio[Column], how: Callable[[Any, Any], Any]) -> pl.Expr:
    """Two numbers over one denominator, which is above 0."""
    (first, second), _ = bounds.alike([one, two])
    found: pl.Expr = first.compare(second, how)
    return found


def _same_word(how: Callable[[Any, Any], Any], args: list[Value], one: Word, two: Word) -> pl.Expr:
    for value, other in ((two, one), (one, two)):
        if len(value.options) == 1 and isinstance(args[value is two], Same):
            same = other.equals(value.options[0])
            return same if how is operator.eq else ~same
    found: pl.Expr = how(one.as_text(), two.as_text())
    return found


def extreme(step: Step, args: list[Value], rows: Rows) -> Value:
    """The least or the greatest of several."""
    every = alike(args, rows)
    needs = together(one.needs for one in every)
    how = operator.le if step.op == "min" else operator.ge
    if isinstance(every[0], Number):
        ratio = every[0].ratio
        for one in every[1:]:
            ratio = _pick(ratio, one.ratio, step.op, how)
        return Number(ratio, needs, None)
    expr = every[0].expr
    for one in every[1:]:
        expr = pl.when(how(expr, one.expr)).then(expr).otherwise(one.expr)
    return Day(expr, needs, None)


def _pick(one: Ratio[Column], two: Ratio[Column], op: str, how: Any) -> Ratio[Column]:
    (first, second), below = bounds.alike([one, two])
    pick: Any = min if op == "min" else max
    low, high = pick(first.low, second.low), pick(first.high, second.high)
    return Ratio(one_of([first.compare(second, how)], [first, second]).held(low, high), below)


def rising(step: Step, args: list[Value], rows: Rows) -> Value:
    """The result of a scale, whose edges have to rise in every case."""
    result, *edges = (number(arg, rows) for arg in args)
    needs = together(one.needs for one in (result, *edges))
    falls = [less(one.ratio, two.ratio, operator.ge) for one, two in itertools.pairwise(edges)]  # fmt: skip
    if falls:
        needs = failing(needs, either(falls))
    return Number(result.ratio, needs, None)


def lookup(step: Step, args: list[Value], rows: Rows) -> Value:
    """A figure by choice."""
    key, figures = word(args[0], rows), step.value
    if len(figures) <= _FEW:
        tests = [key.equals(option) for option in list(figures)[:-1]]
        return choose(tests, [Same(one) for one in figures.values()], key.needs, rows, step.type)
    return _by_place(key, figures)


def _by_place(key: Word, figures: Mapping[str, Any]) -> Value:
    codes, values = key.as_codes(tuple(figures)), list(figures.values())

    def gathered(series: pl.Series) -> pl.Expr:
        return pl.lit(series).gather(codes)

    if isinstance(values[0], bool):
        return Truth(gathered(pl.Series(values)), key.needs, None)
    if isinstance(values[0], str):
        return Word(gathered(pl.Series(values, dtype=pl.String)), key.needs, None)
    if hasattr(values[0], "year"):
        return Day(gathered(pl.Series(values, dtype=pl.Date)), key.needs, None)
    below = math.lcm(*(one.denominator for one in values))
    tops = [int(one * below) for one in values]
    low, high = min(tops), max(tops)
    series = pl.Series(tops, dtype=pl.Int64 if fits(low, high) == 64 else pl.Int128)
    return Number(Ratio(Column(gathered(series), low, high), below), key.needs, None)


NUMBERS: dict[str, Any] = {
    **dict.fromkeys(bounds.TWO, arithmetic), **dict.fromkeys(bounds.ONE, single),
    **dict.fromkeys(_COMPARE, compare), "round": round_, "min": extreme, "max": extreme,
    "rising": rising, "lookup": lookup,
}  # fmt: skip
