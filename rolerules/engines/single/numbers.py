# SPDX-License-Identifier: MIT
"""How steps over numbers and dates are written.

Products that a context of 28 digits holds are written with operators, others as calls in a context
of so many digits that nothing is rounded in it.
"""

from __future__ import annotations

import decimal
import functools
import itertools
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from rolerules.engines.single.choices import choose
from rolerules.engines.single.crossing import by_reference
from rolerules.engines.single.writer import (
    MOST_PICKED,
    Number,
    Value,
    Write,
    Writer,
    interned,
)
from rolerules.plan.plan import Step
from rolerules.values import decimals, fixed

NARROW = 27
"""Digits that every context holds in which operators are used: the usual one has 28."""
DIGITS = 1_200
"""A number of so many digits is within the limit of a result's bits."""
EXACT = decimal.Context(prec=4 * DIGITS, traps=[decimal.Inexact, decimal.InvalidOperation])
"""Decimal arithmetic that is exact or raises."""
_WORKED_OUT: dict[str, Any] = {"figures": None, "pick": None, "by": None}
"""Of a number that is not one of few figures."""
_ORDER = ("<", "<=", ">", ">=")


def number(to: Writer, value: Fraction, digits: int = 0) -> Number:
    """A constant, with at least so many decimals."""
    places = max(decimals(value) or 0, digits)
    source = to.constant(Decimal(fixed(value, places)))
    whole = len(str(abs(value.numerator) // value.denominator))
    return Number(
        source, whole=whole, places=places, figures=frozenset([value]),
        pick=(lambda make: to.constant(make(value))) if to.may_pick() else None,
    )  # fmt: skip


def _operated(to: Writer, sign: str, one: Number, two: Number, whole: int, places: int) -> Number:
    """A sum, difference or product of numbers that are over nothing."""
    integer = one.integer and two.integer
    source = f"{one.source} {sign} {two.source}"
    if not integer and whole + places > NARROW:
        call = {"+": "plus", "-": "minus", "*": "times"}[sign]
        source = f"{call}({one.source}, {two.source})"
    made = to.expression(source, one, two)
    return Number(made.source, "", made.deep, whole, places, integer)


def times(to: Writer, one: Number, two: Number) -> Number:
    """A product; over the product of what the two are over."""
    below = [part for part in (one.below, two.below) if part]
    top = _operated(to, "*", one, two, one.whole + two.whole, one.places + two.places)
    if not below:
        return top
    return attrs.evolve(
        top, below=below[0] if len(below) == 1 else times(to, *map(over_nothing, below))
    )


def over_nothing(one: Number) -> Number:
    """The numerator alone."""
    return attrs.evolve(one, below=None, gap="")


def alike(to: Writer, numbers: list[Number]) -> tuple[list[Number], Number | None]:
    """Numerators of several numbers over one and the same thing."""
    if not any(one.below for one in numbers):
        return numbers, None
    numbers = [to.settle(one) for one in numbers]
    every = [one.below for one in numbers]
    by = functools.partial(times, to)
    tops: list[Number] = []
    for place, one in enumerate(numbers):
        rest = [over for other, over in enumerate(every) if over and other != place]
        tops.append(functools.reduce(by, rest, over_nothing(one)))
    below = functools.reduce(by, [one for one in every if one])
    return tops, to.settle(below)


# --- writers: (writer, step, values of the arguments, all of them known) -> what stands for it


def _sum(to: Writer, step: Step, args: list[Number]) -> Number:
    if args[0].figures == frozenset([0]) and step.op == "+":
        return attrs.evolve(args[1], gap="")
    (one, two), below = alike(to, args)
    whole, places = max(one.whole, two.whole) + 1, max(one.places, two.places)
    return attrs.evolve(_operated(to, step.op, one, two, whole, places), below=below)


def _product(to: Writer, step: Step, args: list[Number]) -> Any:
    one, two = args
    if not _within(to, (one, two), (one.below, two.below)):
        return by_reference(to, step)
    return attrs.evolve(times(to, one, two), **_picked(one, two))


def _picked(one: Number, two: Number) -> dict[str, Any]:
    """How a product of two of few figures is picked; nothing where it is worked out."""
    some, others = one.figures or frozenset(), two.figures or frozenset()
    if not 0 < len(some) * len(others) <= MOST_PICKED or one.pick is None or two.pick is None:
        return {}
    figures = frozenset(first * second for first in some for second in others)
    if len(some) == 1 or (two.by is None and len(others) > 1):
        one, two, others = two, one, some
    first, by = one.pick, two.by
    assert first is not None
    if len(others) == 1:
        (value,) = others
        return {"figures": figures, "pick": lambda make: first(lambda one: make(one * value))}
    if by is None:
        return {}
    choices, chosen = by

    def pick(make: Callable[[Any], Any]) -> str:
        made = first(lambda one: {key: make(one * two) for key, two in choices.items()})
        return f"{made}[{chosen}]"

    return {"figures": figures, "pick": pick}


def _within(to: Writer, *parts: tuple[Number | None, ...]) -> bool:
    """Whether products of some parts are proved to be within the limit of a result's size."""
    sizes = [sum(one.whole + one.places for one in some if one) for some in parts]
    places = sum(one.places for some in parts for one in some if one)
    within = max(sizes) + places <= DIGITS
    to.large = to.large or not within
    return within


def _quotient(to: Writer, step: Step, args: list[Number]) -> Any:
    inverse = _inverse(args[1])
    if inverse is not None:
        return _product(to, step, [args[0], number(to, inverse)])
    dividend, divisor = (to.settle(one) for one in args)
    if not _within(to, (dividend, divisor.below), (divisor, dividend.below)):
        return by_reference(to, step)
    given = to.steps[step.args[1]]  # what is proved of a formula may hold under a condition only
    proved = given.op in ("fact", "constant") and given.range.excludes_zero
    gap = "" if proved else to.fails(f"not {divisor.source}")

    def write() -> Any:
        one, two = (over_nothing(part) for part in (dividend, divisor))
        top = to.settle(times(to, one, divisor.below) if divisor.below else one)
        below = to.settle(times(to, two, dividend.below) if dividend.below else two)
        if divisor.figures and min(divisor.figures) > 0:
            return attrs.evolve(top, below=below, **_WORKED_OUT)
        held = attrs.evolve(top, source=to.new(top.source), **_WORKED_OUT)
        over = attrs.evolve(below, source=to.new(below.source), **_WORKED_OUT)
        turned = [f"{one.source} = {_turned(one)}" for one in (held, over)]
        to.put(f"if {over.source} < 0: {'; '.join(turned)}")
        return attrs.evolve(held, below=over)

    return to.strict(step, [gap], write)


def _inverse(one: Number) -> Fraction | None:
    """What to multiply by instead, where a constant's inverse has a finite number of decimals."""
    if one.figures is None or len(one.figures) != 1 or 0 in one.figures:
        return None
    (value,) = one.figures
    return 1 / value if decimals(1 / value) is not None else None


def _negative(to: Writer, step: Step, args: list[Number]) -> Number:
    (one,) = args
    made = to.expression(_turned(one), one)
    return attrs.evolve(one, source=made.source, deep=made.deep, **_WORKED_OUT)


def _turned(one: Number) -> str:
    """A numerator with its sign turned; a sign before it would round as the present context does."""
    narrow = one.integer or one.whole + one.places <= NARROW
    return f"-{one.source}" if narrow else f"minus(0, {one.source})"


def _abs(to: Writer, step: Step, args: list[Number]) -> Number:
    (one,) = args
    narrow = one.integer or one.whole + one.places <= NARROW
    made = to.expression(f"abs({one.source})" if narrow else f"size({one.source})", one)
    return attrs.evolve(one, source=made.source, deep=made.deep, **_WORKED_OUT)


def _compare(to: Writer, step: Step, args: list[Any]) -> Value:
    op = {"=": "=="}.get(step.op, step.op)
    if isinstance(args[0], Number):
        args, _ = alike(to, args)
        args = [_as_integer(one, other) for one, other in zip(args, args[::-1], strict=True)]
    return to.expression(f"{args[0].source} {op} {args[1].source}", *args)


def _as_integer(one: Number, other: Number) -> Number:
    """A whole constant as an `int`, where it meets one."""
    if other.integer and one.figures and len(one.figures) == 1 and not one.integer:
        (value,) = one.figures
        if value.denominator == 1:
            return attrs.evolve(one, source=f"({int(value)})", integer=True)
    return one


def _extreme(to: Writer, step: Step, args: list[Any]) -> Any:
    if not isinstance(args[0], Number):
        return Value(to.new(f"{step.op}({', '.join(one.source for one in args)})"))
    return functools.reduce(
        functools.partial(_of_two, to, "<=" if step.op == "min" else ">="), args
    )


def _of_two(to: Writer, sign: str, one: Number, two: Number) -> Any:
    one, two = to.settle(one), to.settle(two)
    (first, second), _ = alike(to, [one, two])
    return choose(to, [Value(f"{first.source} {sign} {second.source}")], [one, two])


def _lookup(to: Writer, step: Step, args: list[Value]) -> Any:
    figures = step.value
    made = to.expression
    if not all(isinstance(one, Fraction) for one in figures.values()):
        return made(
            f"{to.constant({interned(key): one for key, one in figures.items()})}[{args[0].source}]",
            *args,
        )
    places = max(decimals(one) or 0 for one in figures.values())
    places = max(places, to.plan.digits) if step.type.kind == "money" else places
    held = {interned(key): Decimal(fixed(one, places)) for key, one in figures.items()}
    source = made(f"{to.constant(held)}[{args[0].source}]", *args)
    whole = max(len(str(int(abs(one)))) for one in figures.values())
    return Number(
        source.source, "", source.deep, whole, places, figures=frozenset(figures.values()),
        pick=(lambda make: _by_choice(to, figures, make, args[0])) if to.may_pick() else None,
        by=({interned(key): one for key, one in figures.items()}, args[0].source),
    )  # fmt: skip


def _by_choice(
    to: Writer, figures: Mapping[Any, Any], make: Callable[[Any], Any], choice: Value
) -> str:
    made = to.constant({interned(key): make(figure) for key, figure in figures.items()})
    return f"{made}[{choice.source}]"


def _rising(to: Writer, step: Step, args: list[Any]) -> Any:
    result, *edges = args
    tops, _ = alike(to, [to.settle(one) for one in edges])
    if len(tops) < 2:
        return attrs.evolve(result, gap="")
    rise = " and ".join(f"{one.source} < {two.source}" for one, two in itertools.pairwise(tops))
    gap = to.fails(f"not ({rise})")
    return attrs.evolve(to.settle(result), gap=gap)


def _dates(to: Writer, step: Step, args: list[Value]) -> Number:
    one, two = args
    source = f"({two.source} - {one.source}).days"
    if step.op != "days":
        source = f"{step.op}({one.source}, {two.source})"
    return Number(to.new(source), whole=8, integer=True)


def _added(to: Writer, step: Step, args: list[Any]) -> Any:
    day, count, *holidays = args
    dates = holidays[0].item("x") if holidays else None
    if not to.known or count.below or (dates and dates.gap):
        return by_reference(to, step)
    days = f", frozenset([{dates.source} for x in {holidays[0].source}])" if dates else ""
    return Value(to.new(f"{step.op}({day.source}, int({count.source}){days})"))


def _part(to: Writer, step: Step, args: list[Value]) -> Number:
    assert step.value in ("year", "month", "day"), "no other word of an author becomes source"
    return Number(f"{args[0].source}.{step.value}", deep=1, whole=4, integer=True)


def _not(to: Writer, step: Step, args: list[Value]) -> Value:
    return to.expression(f"not {args[0].source}", *args)


STRICT: dict[str, Write] = {
    "+": _sum, "-": _sum, "*": _product, "/": _quotient, "negative": _negative, "abs": _abs,
    "not": _not, "=": _compare, "!=": _compare, **dict.fromkeys(_ORDER, _compare),
    "min": _extreme, "max": _extreme, "lookup": _lookup, "rising": _rising,
    "days": _dates, "full_months": _dates, "full_years": _dates, "part": _part,
    "add_days": _added, "add_months": _added, "add_working_days": _added,
    "not in force": lambda to, step, args: to.failure(step.type),
}  # fmt: skip
