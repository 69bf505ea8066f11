# SPDX-License-Identifier: MIT
"""How large the whole numbers get in which an engine works: what fits 64 bits, what needs 128.

An engine over columns holds a number as a `Ratio`: a whole number over a denominator that is
known here wherever it can be; a division keeps a denominator of its own until a rounding or a
comparison uses it up. The rules for ratios are written once, over anything that counts and knows
its bounds: over a `Span`, which is only the bounds, they prove what fits; over a column they work
it out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Generic, Protocol, TypeVar

import attrs

LONG, WIDE = 63, 126
"""Bits of a 64-bit and of a 128-bit whole number, less the sign (and one bit of 128 to spare)."""


class UnprovedError(Exception):
    """A number cannot be proved to fit the widest whole number there is."""


class Whole(Protocol):
    """What ratios are made of: whole numbers with a least and a greatest value."""

    @property
    def low(self) -> int:
        """The least value."""

    @property
    def high(self) -> int:
        """The greatest value."""

    def plus(self, other: Any) -> Any:
        """Add another, or a figure."""

    def minus(self, other: Any) -> Any:
        """Take another away, or a figure."""

    def times(self, other: Any) -> Any:
        """Multiply by another, or by a figure."""

    def parts(self, divisor: Any) -> Any:
        """Divide by another or a figure above 0, down to a whole number."""

    def negative(self) -> Any:
        """Turn the sign."""

    def size(self) -> Any:
        """Take the sign away."""

    def below_zero(self) -> Any:
        """1 where it is below 0, else 0."""

    def not_negative(self) -> Any:
        """The same, known not to be below 0."""

    def odd(self) -> Any:
        """1 where it is odd, else 0."""

    def same(self, other: Any) -> Any:
        """1 where it equals another, else 0."""


W = TypeVar("W", bound=Whole)


def fits(low: int, high: int) -> int:
    """How many bits whole numbers from `low` to `high` need: 64 or 128.

    Raises `UnprovedError` where they may need more.
    """
    bits = max(low.bit_length(), high.bit_length())
    if bits > WIDE:
        raise UnprovedError
    return 64 if bits <= LONG else 128


@attrs.frozen(slots=True)
class Span:
    """The bounds of a whole number and nothing else."""

    low: int
    high: int

    def plus(self, other: Span | int) -> Span:
        """The bounds of a sum."""
        other = of(other)
        return spanned(self.low + other.low, self.high + other.high)

    def minus(self, other: Span | int) -> Span:
        """The bounds of a difference."""
        return self.plus(of(other).negative())

    def times(self, other: Span | int) -> Span:
        """The bounds of a product."""
        other = of(other)
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return spanned(min(ends), max(ends))

    def parts(self, divisor: Span | int) -> Span:
        """The bounds of a whole quotient; the least divisor that counts is 1."""
        low = max(of(divisor).low, 1)
        high = max(of(divisor).high, low)
        ends = [a // b for a in (self.low, self.high) for b in (low, high)]
        return spanned(min(ends), max(ends))

    def negative(self) -> Span:
        """The bounds with the sign turned."""
        return Span(-self.high, -self.low)

    def size(self) -> Span:
        """The bounds without the sign."""
        if self.low >= 0:
            return self
        return Span(max(0, -self.high), max(-self.low, self.high))

    def below_zero(self) -> Span:
        """The bounds of a mark."""
        return Span(int(self.high < 0), int(self.low < 0))

    def not_negative(self) -> Span:
        """The bounds of what is not below 0."""
        return Span(max(self.low, 0), max(self.high, 0))

    def odd(self) -> Span:
        """The bounds of a mark."""
        return Span(0, 1)

    def same(self, other: Span | int) -> Span:
        """The bounds of a mark."""
        return Span(0, 1)


def of(value: Span | int) -> Span:
    """A figure's bounds."""
    return Span(value, value) if isinstance(value, int) else value


def spanned(low: int, high: int) -> Span:
    """Bounds that are proved to fit. Raises `UnprovedError`."""
    fits(low, high)
    return Span(low, high)


@attrs.frozen(slots=True)
class Ratio(Generic[W]):
    """A number: `top` over `below`, which is above 0."""

    top: W
    below: int | W

    @property
    def low(self) -> int:
        """The least value of the numerator."""
        return self.top.low

    @property
    def high(self) -> int:
        """The greatest value of the numerator."""
        return self.top.high


def lowest_terms(top: W, below: int | W, factor: int = 1) -> Ratio[W]:
    """`top * factor / below`, without what a factor and a known denominator have in common."""
    if isinstance(below, int):
        shared = math.gcd(factor, below)
        factor, below = factor // shared, below // shared
    return Ratio(top if factor == 1 else top.times(factor), below)


def alike(ratios: Sequence[Ratio[W]]) -> tuple[list[W], int | W]:
    """The numerators over one denominator."""
    known = [one.below for one in ratios if isinstance(one.below, int)]
    common = math.lcm(*known)
    if len(known) == len(ratios):
        return [_times(one.top, common // _known(one)) for one in ratios], common
    live = [one.below for one in ratios if not isinstance(one.below, int)]
    tops = []
    for place, one in enumerate(ratios):
        factor = common if not isinstance(one.below, int) else common // one.below
        top = _times(one.top, factor)
        for other, two in enumerate(ratios):
            if other != place and not isinstance(two.below, int):
                top = top.times(two.below)
        tops.append(top)
    below: Any = live[0]
    for factor_ in live[1:]:
        below = below.times(factor_)
    return tops, _times(below, common)


def _known(one: Ratio[W]) -> int:
    assert isinstance(one.below, int)
    return one.below


def _times(top: W, factor: int) -> W:
    scaled: W = top if factor == 1 else top.times(factor)
    return scaled


def plus(one: Ratio[W], two: Ratio[W]) -> Ratio[W]:
    """The sum."""
    (first, second), below = alike([one, two])
    return Ratio(first.plus(second), below)


def minus(one: Ratio[W], two: Ratio[W]) -> Ratio[W]:
    """The difference."""
    (first, second), below = alike([one, two])
    return Ratio(first.minus(second), below)


def times(one: Ratio[W], two: Ratio[W]) -> Ratio[W]:
    """The product; what a figure shares with a known denominator is left out."""
    if isinstance(one.below, int) and isinstance(two.below, int):
        below = one.below * two.below
        for fixed, other in ((one.top, two.top), (two.top, one.top)):
            if fixed.low == fixed.high and fixed.low > 0:
                return lowest_terms(other, below, fixed.low)
        return Ratio(one.top.times(two.top), below)
    if isinstance(one.below, int):
        return Ratio(one.top.times(two.top), _times_known(two.below, one.below))
    return Ratio(one.top.times(two.top), one.below.times(two.below))


def _times_known(below: Any, factor: int) -> Any:
    return below if factor == 1 else below.times(factor)


def over(one: Ratio[W], two: Ratio[W]) -> Ratio[W]:
    """The quotient; a divisor of 0 stands only where nothing looks at it."""
    divisor = two.top
    if divisor.low == divisor.high and divisor.low != 0:
        top = one.top if divisor.low > 0 else one.top.negative()
        factor = two.below if isinstance(two.below, int) else 1
        top = top if isinstance(two.below, int) else top.times(two.below)
        below: Any = one.below
        if isinstance(below, int):
            return lowest_terms(top, below * abs(divisor.low), factor)
        return Ratio(_times(top, factor), below.times(abs(divisor.low)))
    top, below = one.top, divisor
    if divisor.low < 0:  # the sign stands above
        top, below = top.times(divisor.below_zero().times(-2).plus(1)), divisor.size()
    above, under = two.below, one.below
    if isinstance(above, int) and isinstance(under, int):
        shared = math.gcd(above, under)
        above, under = above // shared, under // shared
    return Ratio(_scale(top, above), _scale(below, under))


def _scale(top: Any, factor: Any) -> Any:
    return top if isinstance(factor, int) and factor == 1 else top.times(factor)


def negative(one: Ratio[W]) -> Ratio[W]:
    """The number with its sign turned."""
    return Ratio(one.top.negative(), one.below)


def size(one: Ratio[W]) -> Ratio[W]:
    """The number without its sign."""
    return Ratio(one.top.size(), one.below)


def not_negative(one: Ratio[W]) -> Ratio[W]:
    """The same number, of which it is known that it is not below 0."""
    return Ratio(one.top.not_negative(), one.below)


def floor(one: Ratio[W]) -> Ratio[W]:
    """The whole number at or below."""
    return Ratio(_scale_down(one.top, one.below), 1)


def ceiling(one: Ratio[W]) -> Ratio[W]:
    """The whole number at or above."""
    return Ratio(_scale_down(one.top.negative(), one.below).negative(), 1)


def _scale_down(top: Any, below: Any) -> Any:
    return top if isinstance(below, int) and below == 1 else top.parts(below)


def rounded(one: Ratio[W], step: Fraction, mode: str) -> Ratio[W]:
    """The nearest multiple of a step: `values.round_to` over whole numbers."""
    unit, parts = step.as_integer_ratio()
    ratio = lowest_terms(one.top, _scale_known(one.below, unit), parts)
    whole = ratio.top if ratio.below == 1 else _MODES[mode](ratio.top, ratio.below)
    return Ratio(_times(whole, unit), parts)


def _scale_known(below: Any, factor: int) -> Any:
    return below * factor if isinstance(below, int) else _times_known(below, factor)


def _half_up(top: Any, below: Any) -> Any:
    # Away from zero at a tie: for a negative number one less before the division down.
    marked = top if top.low >= 0 else None
    if isinstance(below, int) and below % 2 == 0:
        up = top.plus(below // 2)
        return (up if marked else up.minus(top.below_zero())).parts(below)
    twice = top.times(2).plus(below)
    twice = twice if marked else twice.minus(top.below_zero())
    return twice.parts(_scale_known(below, 2))


def _half_down(top: Any, below: Any) -> Any:
    # Towards zero at a tie: one less for a number that is not negative.
    twice = top.times(2).plus(below).plus(-1).plus(top.below_zero())
    return twice.parts(_scale_known(below, 2))


def _half_even(top: Any, below: Any) -> Any:
    twice, double = top.times(2).plus(below), _scale_known(below, 2)
    whole = twice.parts(double)
    tie = twice.same(whole.times(double))  # then `whole` is the upper one of two neighbours
    return whole.minus(tie.times(whole.odd()))


def _down(top: Any, below: Any) -> Any:
    if top.low >= 0:
        return top.parts(below)
    sign = top.below_zero().times(-2).plus(1)
    return top.size().parts(below).times(sign)


def _up(top: Any, below: Any) -> Any:
    less = below - 1 if isinstance(below, int) else below.plus(-1)
    if top.low >= 0:
        return top.plus(less).parts(below)
    sign = top.below_zero().times(-2).plus(1)
    return top.size().plus(less).parts(below).times(sign)


_MODES: dict[str, Callable[[Any, Any], Any]] = {
    "half up": _half_up, "half down": _half_down, "half even": _half_even,
    "down": _down, "up": _up,
}  # fmt: skip
TWO: dict[str, Callable[[Any, Any], Any]] = {"+": plus, "-": minus, "*": times, "/": over}
ONE: dict[str, Callable[[Any], Any]] = {
    "negative": negative, "abs": size, "floor": floor, "ceiling": ceiling,
}  # fmt: skip
"""Arithmetic by the names of its operations."""
