# SPDX-License-Identifier: MIT
"""Balances: what they open with, what they hand on, and counts of periods in a row."""

from __future__ import annotations

from fractions import Fraction

import attrs

from rolerules.model.context import Context, origin
from rolerules.model.model import Carry
from rolerules.model.results import range_of
from rolerules.model.sections import ROUNDING, rounding
from rolerules.model.term import Term
from rolerules.model.types import BROKEN, Range, Type, exactly
from rolerules.periods import MONTHS
from rolerules.syntax import tree
from rolerules.syntax.shape import TYPES
from rolerules.text.expression import Expression, show
from rolerules.text.formula import parse


def spelled_out(context: Context, named: tree.Named[tree.Carry]) -> tree.Named[tree.Carry]:
    """A balance with `type`, `first` and `next`, for which `in a row` stands; else a broken one."""
    written = named.value
    wrong = False
    for key in ("type", "first", "rounding"):
        there = getattr(written, key) is not None
        if there and written.in_a_row:
            message, mend = f"`in a row` and `{key}` exclude each other", "a count starts with 0"
            context.report(named.span, "one-of", message, f"leave `{key}` out: {mend}")
        elif not there and not written.in_a_row and key != "rounding":
            mend = "what kind of value is carried" if key == "type" else "what it starts with"
            context.report(
                named.span, "missing-key", f"`{key}` is missing here", f"add `{key}:`, {mend}"
            )
            wrong = True
    if wrong:
        return attrs.evolve(named, broken=True)
    if written.in_a_row is None:
        return named
    scalar = written.in_a_row.scalar
    count = attrs.evolve(
        written,
        type=tree.Written("whole", named.span),
        first=tree.Formula(parse("0"), scalar),
        next=tree.Formula(_counted(named.name, written.in_a_row.expression), scalar),
        rounding=None,
    )
    return attrs.evolve(named, value=count)


def _counted(name: str, test: Expression) -> Expression:
    """One more where the test holds, 0 where it does not; unknown, it leaves the count as it was."""
    came = parse(f"{name}.opening")
    counted = Expression("if", (test, Expression("+", (came, parse("1"))), parse("0")), at=test.at)
    return Expression("if", (Expression("call", (test,), "known"), counted, came), at=test.at)


def opening(context: Context, named: tree.Named[tree.Carry]) -> Term:
    """Check what a balance starts with, and let formulas name what it came in with."""
    type_ = _type(named)
    assert named.value.first
    first = context.term(named.value.first, type_, "`first`")
    unit = {"money": Fraction(1, 10**context.digits), "whole": Fraction(1)}.get(type_.kind)
    range_ = Range(Fraction(0) if named.value.in_a_row else None, step=unit)
    if type_.kind == "money":  # `first` is not rounded, and may be finer than what is handed on
        range_ = range_.either(Range(step=first.range.step))
    name = f"{named.name}.opening"
    context.name(name, Term("name", (), type_, range_, name))
    return first


def carry(
    context: Context, named: tree.Named[tree.Carry], pay: tree.Pay | None, period: str
) -> Carry:
    """Check what a balance hands on, and let formulas name it; `first` is put in later."""
    written, type_ = named.value, _type(named)
    assert written.first
    assert written.next
    following = context.term(written.next, type_, "`next`")
    rounded = written.rounding or (pay.rounding if pay else None)
    mode, step, range_ = "", None, following.range
    if type_.kind == "money" and rounded is None:
        message = f"`{named.name}` does not say how it is rounded"
        context.report(named.span, "missing-key", message, f"add `rounding: {ROUNDING}`")
    elif type_.kind not in ("money", "broken") and written.rounding:
        message = f"`{named.name}` is {type_}, and only money that is carried is rounded"
        mend = "leave `rounding` out, or write `round(…)` in `next`"
        context.report(written.rounding.span, "key-of-other-type", message, mend)
    elif type_.kind == "money" and rounded is not None:
        mode, step = rounding(context, rounded)
        range_ = range_of("round", [range_, exactly(step)])
    if written.in_a_row:
        range_ = Range(Fraction(0), step=Fraction(1))
    name = f"{named.name}.closing"
    context.name(name, Term("name", (), type_, range_, name))
    restarts = written.restarts.text if written.restarts else ""
    every = MONTHS.get(restarts.removeprefix("each "), 0)
    if written.restarts and 0 < every <= MONTHS.get(period, 0):
        message = f"`{named.name}` restarts in every {period}, so nothing is ever carried in"
        mend = "leave `restarts` out, or name a longer time than the period"
        place, code = written.restarts.span, "restarts-always"
        context.report(place, code, message, mend, severity="notice")
    texts = show(written.first.expression), show(written.next.expression)
    row = show(written.in_a_row.expression) if written.in_a_row else ""
    return Carry(
        origin(named), type_, following, following, *texts, restarts, step, mode, row
    )  # fmt: skip


def _type(named: tree.Named[tree.Carry]) -> Type:
    text = named.value.type.text if named.value.type else ""
    return Type(text) if text in TYPES else BROKEN
