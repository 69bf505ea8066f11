# SPDX-License-Identifier: MIT
"""The types of the language, and what is known of a number's range."""

from __future__ import annotations

import math
from fractions import Fraction

import attrs

NUMBERS = ("figure", "rate", "number", "whole")
AMOUNTS = ("money", *NUMBERS)


@attrs.frozen(slots=True)
class Type:
    """A type: `kind` as authors write it, or one of ours.

    Ours: `figure` (a bare number, which takes money's or a number's type from what it meets),
    `record` (an item of a list of records), `broken` (already reported).
    """

    kind: str
    options: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    item: Type | None = None

    def field(self, name: str) -> Field | None:
        """The field of a record by its name."""
        return next((field for field in self.fields if field.name == name), None)

    def __str__(self) -> str:
        if self.kind == "list":
            return (
                "a list"
                if self.item is None or self.item.kind == "record"
                else f"a list of {self.item.kind}"
            )
        article = {
            "money": "money",
            "yes/no": "yes or no",
            "text": "text",
            "whole": "a whole number",
            "record": "an item of a list",
        }
        return article.get(self.kind, f"a {self.kind}")


@attrs.frozen(slots=True)
class Field:
    """A field of a record: its name, its type, and its declared range."""

    name: str
    type: Type
    range: Range


MONEY, RATE, NUMBER, WHOLE, FIGURE = (
    Type(kind) for kind in ("money", "rate", "number", "whole", "figure")
)
YES_NO, DATE, TEXT, BROKEN = (Type(kind) for kind in ("yes/no", "date", "text", "broken"))


@attrs.frozen(slots=True)
class Range:
    """What is proved of a number: low <= x <= high, perhaps not 0, perhaps a multiple of `step`.

    None for a bound (or a step) that is not known.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    nonzero: bool = False
    step: Fraction | None = None

    @property
    def excludes_zero(self) -> bool:
        """Whether the number is proved not to be 0."""
        return (
            self.nonzero
            or (self.low is not None and self.low > 0)
            or (self.high is not None and self.high < 0)
        )

    @property
    def whole(self) -> bool:
        """Whether the number is proved to be a whole one."""
        return self.step is not None and self.step.denominator == 1

    def both(self, other: Range) -> Range:
        """Intersect: what holds when both hold."""
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        return Range(
            max(lows, default=None), min(highs, default=None),
            self.nonzero or other.nonzero, self.step if self.step is not None else other.step,
        )  # fmt: skip

    def either(self, other: Range) -> Range:
        """Unite: what holds when one of the two holds."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Range(
            low,
            high,
            self.excludes_zero and other.excludes_zero,
            common_step(self.step, other.step),
        )

    def negative(self) -> Range:
        """The range of -x."""
        return Range(_minus(self.high), _minus(self.low), self.nonzero, self.step)

    def plus(self, other: Range) -> Range:
        """The range of x + y."""
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        # Only two numbers on one side of 0 cannot cancel each other out.
        sides = (self.low, other.low), tuple(_minus(high) for high in (self.high, other.high))
        one_side = any(all(end is not None and end >= 0 for end in side) for side in sides)
        nonzero = one_side and (self.excludes_zero or other.excludes_zero)
        return Range(low, high, nonzero, common_step(self.step, other.step))

    def times(self, other: Range) -> Range:
        """The range of x * y."""
        step = None if self.step is None or other.step is None else self.step * other.step
        nonzero = self.excludes_zero and other.excludes_zero
        if None in (self.low, self.high, other.low, other.high):
            positive = (
                self.low is not None and self.low >= 0 and other.low is not None and other.low >= 0
            )
            return Range(Fraction(0) if positive else None, None, nonzero, step)
        corners = [
            a * b
            for a in (self.low, self.high)
            for b in (other.low, other.high)
            if a is not None and b is not None
        ]
        return Range(min(corners), max(corners), nonzero, step)

    def over(self, other: Range) -> Range:
        """The range of x / y."""
        if other.low is not None and other.low == other.high and other.low != 0:
            return self.times(exactly(1 / other.low))
        positive = (
            self.low is not None and self.low >= 0 and other.low is not None and other.low >= 0
        )
        return Range(Fraction(0) if positive else None, None, self.excludes_zero)


ANY = Range()


def exactly(value: Fraction) -> Range:
    """The range of one figure."""
    return Range(value, value, value != 0, abs(value))


def common_step(one: Fraction | None, two: Fraction | None) -> Fraction | None:
    """The step of what is a multiple of either: their greatest common divisor (0 divides by all)."""
    if one is None or two is None:
        return None
    below = math.lcm(one.denominator, two.denominator)
    return Fraction(math.gcd(int(one * below), int(two * below)), below)


def _minus(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value
