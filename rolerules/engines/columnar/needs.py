# SPDX-License-Identifier: MIT
"""What unknown results wait for, as bits of a whole number: 0 for a result that is known.

A figure is the same in every row; an expression may differ. What is held under a need that is
not 0 is arbitrary, and nothing looks at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

Needs = int | pl.Expr
FAILED, EMPTY = 1, 2
"""The case is refused, so the reference engine has to say why; nothing came of an empty list."""
FIRST_NAME = 2
"""The first bit that stands for a name."""
MOST_NAMES = 62
NO: Needs = 0


def expr(needs: Needs) -> pl.Expr:
    """As an expression."""
    return pl.lit(needs, dtype=pl.UInt64) if isinstance(needs, int) else needs


def together(needs: Iterable[Needs]) -> Needs:
    """Everything that any of them waits for."""
    same, found = 0, None
    for one in needs:
        if isinstance(one, int):
            same |= one
        else:
            found = one if found is None else found | one
    if found is None:
        return same
    return found | pl.lit(same, dtype=pl.UInt64) if same else found


def known(needs: Needs) -> pl.Expr | bool:
    """Whether nothing is waited for."""
    return needs == 0


def pending(needs: Needs) -> Needs:
    """The same without a failure: no part has failed for certain."""
    return needs & ~FAILED if isinstance(needs, int) else needs & pl.lit(~1 % 2**64, pl.UInt64)


def failure(needs: Needs) -> Needs:
    """The failure alone."""
    return needs & FAILED if isinstance(needs, int) else needs & pl.lit(FAILED, pl.UInt64)


def where(test: pl.Expr | bool, then: Needs, otherwise: Needs) -> Needs:
    """One of two, by a test that is known in every row."""
    if isinstance(test, bool):
        return then if test else otherwise
    if isinstance(then, int) and isinstance(otherwise, int) and then == otherwise:
        return then
    return pl.when(test).then(expr(then)).otherwise(expr(otherwise))


def after(before: Needs, then: Needs) -> Needs:
    """What a list's items wait for, which matters only once the list itself is known."""
    sure = known(before)
    return where(sure, then, before)


def first(tests: Sequence[pl.Expr], then: Sequence[Needs], otherwise: Needs) -> Needs:
    """The needs of the first whose test holds."""
    found = otherwise
    for test, needs in zip(reversed(tests), reversed(then), strict=True):
        found = where(test, needs, found)
    return found
