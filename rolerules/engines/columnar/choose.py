# SPDX-License-Identifier: MIT
"""One of several results, by conditions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import polars as pl

from rolerules.engines.columnar.column import Column, figure
from rolerules.engines.columnar.needs import NO, Needs
from rolerules.engines.columnar.rows import Rows
from rolerules.engines.columnar.values import Day, Number, Truth, Value, Word, alike
from rolerules.model.types import Type
from rolerules.plan.bounds import Ratio
from rolerules.plan.bounds import alike as over_one


def choose(
    tests: Sequence[pl.Expr], values: Sequence[Value], needs: Needs, rows: Rows, type_: Type
) -> Number | Truth | Day | Word:
    """The result, of a type, of the first whose test holds, else the last, with the needs given."""
    every = alike(list(values), rows, type_)
    made: Number | Truth | Day | Word
    if isinstance(every[0], Number):
        made = Number(_ratio(tests, [one.ratio for one in every]), needs, None)
    elif isinstance(every[0], Word):
        made = _word(tests, every)
    else:
        made = attrs.evolve(every[0], expr=first(tests, [one.expr for one in every]))
    return attrs.evolve(made, needs=needs)


def first(tests: Sequence[pl.Expr], exprs: Sequence[Any]) -> pl.Expr:
    """The expression of the first whose test holds, else the last."""
    chosen = exprs[-1]
    for test, one in zip(reversed(tests), reversed(exprs[:-1]), strict=True):
        chosen = pl.when(test).then(one).otherwise(chosen)
    return pl.lit(chosen) if not isinstance(chosen, pl.Expr) else chosen


def _ratio(tests: Sequence[pl.Expr], ratios: list[Ratio[Column]]) -> Ratio[Column]:
    if all(isinstance(one.below, int) for one in ratios):
        tops, below = over_one(ratios)
        return Ratio(one_of(tests, tops), below)
    belows = [figure(one.below) if isinstance(one.below, int) else one.below for one in ratios]
    return Ratio(one_of(tests, [one.top for one in ratios]), one_of(tests, belows))


def one_of(tests: Sequence[pl.Expr], columns: Sequence[Column]) -> Column:
    """The numbers of the first whose test holds, else of the last."""
    low, high = min(one.low for one in columns), max(one.high for one in columns)
    if low == high:
        return figure(low)
    exprs = [one.held(low, high).expr for one in columns]
    return Column(first(tests, exprs), low, high)


def _word(tests: Sequence[pl.Expr], words: list[Word]) -> Word:
    if any(one.codes is None for one in words):
        return Word(first(tests, [one.as_text() for one in words]), NO, None)
    options = tuple(dict.fromkeys(option for one in words for option in one.options))
    codes = first(tests, [one.as_codes(options).cast(pl.UInt32) for one in words])
    return Word(None, NO, None, options, codes)
