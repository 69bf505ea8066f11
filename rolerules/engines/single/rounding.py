# SPDX-License-Identifier: MIT
"""How rounding and the amounts of pay lines are written."""

from __future__ import annotations

import decimal
import functools
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from rolerules.decision import PayLine
from rolerules.engines.single.numbers import EXACT, number, times
from rolerules.engines.single.writer import Number, Pick, Write, Writer
from rolerules.plan.plan import Step
from rolerules.values import decimals, fixed, round_to

MODES = {
    "half up": decimal.ROUND_HALF_UP, "half even": decimal.ROUND_HALF_EVEN,
    "half down": decimal.ROUND_HALF_DOWN, "up": decimal.ROUND_UP, "down": decimal.ROUND_DOWN,
    "floor": decimal.ROUND_FLOOR, "ceiling": decimal.ROUND_CEILING,
}  # fmt: skip


def rounded(to: Writer, one: Number, size: Fraction, mode: str) -> Number:
    """A number as a whole multiple of a size."""
    if one.figures and all(figure % size == 0 for figure in one.figures):
        return one
    if one.integer and not one.below and size == 1:
        return one
    unit, parts = size.as_integer_ratio()
    places = decimals(size) or 0
    if size != Fraction(1, 10**places):  # as so many of the size, and these as whole numbers
        times_ = number(to, Fraction(parts)), number(to, Fraction(unit))
        counted = times(to, one, times_[0])
        if unit != 1:
            counted = attrs.evolve(
                counted, below=times(to, counted.below, times_[1]) if counted.below else times_[1]
            )
        return attrs.evolve(
            times(to, rounded(to, counted, Fraction(1), mode), number(to, size)), places=places
        )
    source = one.source
    if one.below:
        # Rounded so that it can be rounded once more (ROUND_05UP), by one digit more than is kept.
        needed = one.whole + one.below.places + places + 3
        quotient = decimal.Context(needed, decimal.ROUND_05UP, traps=[decimal.InvalidOperation])
        source = f"{to.constant(quotient.divide)}({source}, {one.below.source})"
    unit_name = to.constant(Decimal(1).scaleb(-places))
    made = to.expression(
        f"{to.constant(_keep(mode))}({source}, {unit_name})", one, one.below or one
    )
    whole = one.whole + (one.below.places if one.below else 0) + 1
    found = Number(made.source, "", made.deep, whole, places)
    pick, by = one.pick, one.by
    if one.figures is None or pick is None:
        return found

    def to_size(figure: Fraction) -> Fraction:
        if mode == "floor":
            return figure // size * size
        return -(-figure // size) * size if mode == "ceiling" else round_to(figure, size, mode)

    return attrs.evolve(
        found, figures=frozenset(map(to_size, one.figures)),
        pick=lambda make: pick(lambda figure: make(to_size(figure))),
        by=({key: to_size(figure) for key, figure in by[0].items()}, by[1]) if by else None,
    )  # fmt: skip


@functools.cache
def _keep(mode: str) -> Callable[[Any, Any], Decimal]:
    """The function that rounds to the last decimal of another."""
    return decimal.Context(EXACT.prec, MODES[mode], traps=[decimal.InvalidOperation]).quantize


def _round(to: Writer, step: Step, args: list[Number]) -> Number:
    return rounded(to, args[0], *step.value)


def _pay(to: Writer, step: Step, args: list[Number]) -> Any:
    """A line's amount, with just its currency's digits, and no 0 with a sign."""
    (one,) = args
    if one.figures and min(one.figures) >= 0 and one.pick is not None:
        return _line_picked(to, step, one, one.pick)
    zero = to.constant(Decimal(0).scaleb(-to.plan.digits))
    if one.places != to.plan.digits or one.integer:
        one = attrs.evolve(one, source=f"plus({one.source}, {zero})", deep=1, places=to.plan.digits)
    held, gap = to.new(one.source), ""
    if step.value is None:
        to.put(f"if not {held}: {held} = {zero}")
    elif to.known:
        to.put(f"if {held} <= {zero}:")
        to.put(f"    if {held}: raise Slow")
        to.put(f"    {held} = {zero}")
    else:
        gap = to.fails(f"{held} < 0")
        to.put(f"if not {held}: {held} = {zero}")
    return attrs.evolve(one, source=held, deep=0, gap=gap)


def _line_picked(to: Writer, step: Step, one: Number, pick: Pick) -> Number:
    """An amount of few figures: its line is made now for each of them, and picked."""
    plan = to.plan
    named = (name for name, line in plan.lines.items() if plan.steps[line.result] is step)
    name = next((name for name in named if len(plan.lines[name].rules) == 1), "")
    made = to.new(pick(lambda figure: PayLine(name, Decimal(fixed(figure, plan.digits)), (), 0)))
    if name:
        to.made[name] = made
    return attrs.evolve(one, source=f"{made}.amount", deep=1, places=plan.digits)


def _toward(to: Writer, step: Step, args: list[Number]) -> Number:
    return rounded(to, args[0], Fraction(1), step.op)


ROUNDING: dict[str, Write] = {
    "floor": _toward, "ceiling": _toward, "round": _round, "pay": _pay,
}  # fmt: skip
