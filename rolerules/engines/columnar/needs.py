# SPDX-License-Identifier: MIT
"""What unknown results wait for, and where the reference engine has to speak.

`waits` are bits, one for a name, 0 for a result that is known: the same in every row, or an
expression. `fails` says in which rows the case may be refused, so that it takes the exact path.
What is held where something is waited for or fails is arbitrary, and nothing looks at it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import attrs
import polars as pl

EMPTY = 1
"""Nothing came of an empty list: not known, and nothing to wait for."""
FIRST_NAME = 1
"""The first bit that stands for a name."""
MOST_NAMES = 62
Test = pl.Expr | bool


@attrs.frozen(slots=True, eq=False)
class Needs:
    """What a result waits for in each row, and where it may be refused."""

    waits: int | pl.Expr = 0
    fails: Test = False
    sure: pl.Expr | None = None
    """Where nothing is waited for, if that is at hand."""

    @property
    def none(self) -> bool:
        """Whether the result is known in every row."""
        return isinstance(self.waits, int) and not self.waits and self.fails is False

    @property
    def known(self) -> Test:
        """Where nothing is waited for."""
        return self.waits == 0 if self.sure is None else self.sure

    @property
    def pending(self) -> Needs:
        """The same without a failure: no part has failed for certain."""
        return Needs(self.waits, False, self.sure)


NO = Needs()


_TURNED: dict[Any, Callable[[Any, Any], Any]] = {
    operator.lt: operator.gt, operator.le: operator.ge, operator.gt: operator.lt,
    operator.ge: operator.le,
}  # fmt: skip
"""A comparison with its sides changed."""


def compared(how: Callable[[Any, Any], Any], one: pl.Expr, two: pl.Expr) -> pl.Expr:
    """Two expressions compared, one that is the same in every row to the right.

    Polars 2.1 takes such a one, to the left of a column of one value, for a column of one row.
    """
    if not one.meta.root_names():
        one, two, how = two, one, _TURNED.get(how, how)
    found: pl.Expr = how(one, two)
    return found


def together(every: Iterable[Needs]) -> Needs:
    """Everything that any of them waits for; a failure where any fails."""
    same, found, fails = 0, dict[int, pl.Expr](), False
    failing: Test = fails
    for one in every:
        if isinstance(one.waits, int):
            same |= one.waits
        else:
            found[id(one.waits)] = one.waits
        failing = either([failing, one.fails])
    if not found:
        return Needs(same, failing)
    every_bits = list(found.values())
    waits = every_bits[0]
    for bit in every_bits[1:]:
        waits = waits | bit
    return Needs(waits | pl.lit(same, dtype=pl.UInt64) if same else waits, failing)


def either(tests: Iterable[Test]) -> Test:
    """Whether one of them holds; no for none."""
    found: Test = False
    for test in tests:
        if test is True or found is True:
            found = True
        elif found is False:
            found = test
        elif test is not False:
            found = found | test
    return found


def both(one: Test, two: Test) -> Test:
    """Whether two hold."""
    if isinstance(one, bool):
        return two if one else False
    if isinstance(two, bool):
        return one if two else False
    return one & two


def no(test: Test) -> Test:
    """Whether it does not hold."""
    return not test if isinstance(test, bool) else ~test


def expr(test: Test) -> pl.Expr:
    """A condition as an expression."""
    return pl.lit(test) if isinstance(test, bool) else test


def where(test: Test, then: Needs, otherwise: Needs) -> Needs:
    """One of two, by a test that is known in every row."""
    if isinstance(test, bool):
        return then if test else otherwise
    if then is otherwise:
        return then
    waits = then.waits
    if not _same(waits, otherwise.waits):
        waits = pl.when(test).then(bits(waits)).otherwise(bits(otherwise.waits))
    fails = then.fails
    if fails is not otherwise.fails:
        fails = either([both(test, then.fails), both(~test, otherwise.fails)])
    return Needs(waits, fails)


def _same(one: int | pl.Expr, two: int | pl.Expr) -> bool:
    return one is two or (isinstance(one, int) and isinstance(two, int) and one == two)


def bits(waits: int | pl.Expr) -> pl.Expr:
    """Bits as an expression."""
    return pl.lit(waits, dtype=pl.UInt64) if isinstance(waits, int) else waits


def first(tests: Sequence[Test], then: Sequence[Needs], otherwise: Needs) -> Needs:
    """The needs of the first whose test holds."""
    found = otherwise
    for test, needs in zip(reversed(tests), reversed(then), strict=True):
        found = where(test, needs, found)
    return found


def after(before: Needs, then: Needs) -> Needs:
    """What a list's items wait for, which matters only once the list itself is there."""
    found = where(both(before.known, no(before.fails)), then, before)
    return Needs(found.waits, either([before.fails, found.fails]))


def failing(needs: Needs, test: Test) -> Needs:
    """The needs, and a failure where nothing is waited for and a test holds."""
    return Needs(needs.waits, either([needs.fails, both(needs.known, test)]), needs.sure)
