# SPDX-License-Identifier: MIT
"""A column of whole numbers that knows its bounds: what ratios are made of here.

It is held in 64 bits where its bounds fit, else in 128; past that it is refused, and the cases
take the exact path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import polars as pl

from rolerules.engines.columnar.needs import compared
from rolerules.plan.bounds import Span, fits, of


def figure(value: int) -> Column:
    """The same figure in every row."""
    return Column(_literal(value), value, value)


def _literal(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int64 if fits(value, value) == 64 else pl.Int128)


@attrs.frozen(slots=True, eq=False)
class Column:
    """An expression of whole numbers between `low` and `high`, of 64 or 128 bits by those."""

    expr: pl.Expr
    low: int
    high: int

    @property
    def span(self) -> Span:
        """The bounds alone."""
        return Span(self.low, self.high)

    @property
    def wide(self) -> bool:
        """Whether it is held in 128 bits."""
        return fits(self.low, self.high) == 128

    @property
    def fixed(self) -> bool:
        """Whether it is the same figure in every row."""
        return self.low == self.high

    def plus(self, other: Column | int) -> Column:
        """Add."""
        if _span(other) == Span(0, 0):
            return self
        if self.span == Span(0, 0) and isinstance(other, Column):
            return other
        return self._with(other, self.span.plus(_span(other)), lambda a, b: a + b)

    def minus(self, other: Column | int) -> Column:
        """Take away."""
        if _span(other) == Span(0, 0):
            return self
        return self._with(other, self.span.minus(_span(other)), lambda a, b: a - b)

    def times(self, other: Column | int) -> Column:
        """Multiply."""
        return self._with(other, self.span.times(_span(other)), lambda a, b: a * b)

    def parts(self, divisor: Column | int) -> Column:
        """Divide down to a whole number: Polars' `//` rounds towards minus infinity, 0 gives null."""
        return self._with(divisor, self.span.parts(_span(divisor)), lambda a, b: a // b)

    def negative(self) -> Column:
        """Turn the sign."""
        if self.fixed:
            return figure(-self.low)
        # Polars has no sign of 128 bits.
        turned = pl.lit(0, pl.Int128) - self.expr if self.wide else -self.expr
        return Column(turned, -self.high, -self.low)

    def size(self) -> Column:
        """Take the sign away."""
        span = self.span.size()
        return self if self.low >= 0 else Column(self.expr.abs(), span.low, span.high)

    def below_zero(self) -> Column:
        """1 where it is below 0."""
        return Column((self.expr < 0).cast(pl.Int64), 0, 1)

    def not_negative(self) -> Column:
        """The same values, known not to be below 0 in any row that counts."""
        return self.held(max(self.low, 0), max(self.high, 0))

    def odd(self) -> Column:
        """1 where it is odd."""
        return Column((self.expr % 2).cast(pl.Int64), 0, 1)

    def same(self, other: Column | int) -> Column:
        """1 where it equals another."""
        return Column(self.compare(other, lambda a, b: a == b).cast(pl.Int64), 0, 1)

    def compare(self, other: Column | int, how: Callable[[Any, Any], Any]) -> pl.Expr:
        """Yes or no, by a comparison."""
        a, b = self._sides(other, self.span)
        return compared(how, a, pl.lit(b) if isinstance(b, int) else b)

    def held(self, low: int, high: int) -> Column:
        """The same in the width that other bounds ask for."""
        wide = fits(low, high) == 128
        if wide == self.wide:
            return Column(self.expr, low, high)
        return Column(self.expr.cast(pl.Int128) if wide else narrow(self.expr), low, high)

    def _with(self, other: Column | int, span: Span, how: Callable[[Any, Any], Any]) -> Column:
        if span.low == span.high:
            return figure(span.low)
        a, b = self._sides(other, span)
        made = Column(how(a, b), span.low, span.high)
        if self.wide or (isinstance(other, Column) and other.wide) or _wide(other):
            return made if made.wide else attrs.evolve(made, expr=narrow(made.expr))
        return made

    def _sides(self, other: Column | int, span: Span) -> tuple[pl.Expr, pl.Expr | int]:
        """Both operands in one width, which holds the result too."""
        if isinstance(other, Column) and other.fixed:
            other = other.low
        wide = self.wide or _wide(other) or fits(span.low, span.high) == 128
        mine = self.expr.cast(pl.Int128) if wide and not self.wide else self.expr
        if isinstance(other, int):
            return mine, pl.lit(other, dtype=pl.Int128) if wide else other
        return mine, other.expr.cast(pl.Int128) if wide and not other.wide else other.expr


def narrow(expr: pl.Expr) -> pl.Expr:
    """In 64 bits; null where something is not known and what stands there does not fit."""
    return expr.cast(pl.Int64, strict=False)


def _span(other: Column | int) -> Span:
    return of(other) if isinstance(other, int) else other.span


def _wide(other: Column | int) -> bool:
    return fits(other, other) == 128 if isinstance(other, int) else other.wide
