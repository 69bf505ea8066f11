# SPDX-License-Identifier: MIT
"""Conditions and choices over columns: Kleene logic as the reference engine has it."""

from __future__ import annotations

from typing import Any

import attrs
import polars as pl

from rolerules.engines.columnar.choose import choose
from rolerules.engines.columnar.needs import (
    NO,
    Needs,
    both,
    either,
    expr,
    failing,
    no,
    together,
    where,
)
from rolerules.engines.columnar.rows import Rows
from rolerules.engines.columnar.values import (
    Number,
    Same,
    Truth,
    Value,
    Word,
    needs_of,
    truth,
)
from rolerules.plan.plan import Step


def certainly(value: Truth, answer: bool) -> pl.Expr:
    """Where it is known to be yes (or no)."""
    there = both(value.needs.known, no(value.needs.fails))
    return expr(both(there, value.expr if answer else ~value.expr))


def and_or(step: Step, args: list[Value], rows: Rows) -> Value:
    """All hold, or one does; one that decides needs no other."""
    decides = step.op == "or"
    if any(isinstance(arg, Same) and arg.value is decides for arg in args):
        return Same(decides)
    rest = [arg for arg in args if not (isinstance(arg, Same) and arg.value is (not decides))]
    if len(rest) == 1:
        return rest[0]
    one, two = (truth(arg, rows) for arg in rest)
    needs = together([one.needs, two.needs])
    if not needs.none:
        needs = where(certainly(one, decides) | certainly(two, decides), NO, needs)
    if decides:
        return Truth(one.expr | two.expr, needs, None)
    ends, upper = _between(one, two)
    return Truth(one.expr & two.expr, needs, None, None, ends, upper)


def _between(one: Truth, two: Truth) -> tuple[tuple[Any, Any] | None, pl.Expr | None]:
    """Both ends, where one test is of the lower and the other of the upper end of one number."""
    (low, above), (below, high) = one.ends or (None, None), two.ends or (None, None)
    if low is None or high is None or above or below or low[0] != high[0]:
        return None, None
    return (low, high), two.expr


def not_(step: Step, args: list[Value], rows: Rows) -> Value:
    """Does not hold."""
    one = truth(args[0], rows)
    return Truth(~one.expr, one.needs, None)


def if_(step: Step, args: list[Value], rows: Rows) -> Value:
    """One of two by a condition; an unknown condition waits for both."""
    condition, then, other = args
    if isinstance(condition, Same) and isinstance(condition.value, bool):
        return then if condition.value else other
    test = truth(condition, rows)
    first, second = needs_of(then, rows), needs_of(other, rows)
    chosen = where(test.expr, _under(test, first), second)
    needs = _decided_by(test, chosen, [first, second])
    return choose([test.expr], [then, other], needs, rows, step.type)


def _under(test: Truth, needs: Needs) -> Needs:
    """The needs where a test holds: none, where it is the test of whether they are known."""
    return NO if test.knows is needs else needs


def _decided_by(test: Truth, then: Needs, rest: list[Needs]) -> Needs:
    """What follows from a condition: where that is unknown, everything is waited for.

    Where it fails for certain, nothing that would follow from it is.
    """
    found = where(test.needs.known, then, together([test.needs, *rest]).pending)
    return _or_failed(test.needs, found)


def _or_failed(one: Needs, found: Needs) -> Needs:
    """What was found, but where the one that comes first fails for certain, which stays so."""
    found = where(one.fails, Needs(one.waits), found)
    return attrs.evolve(found, fails=either([one.fails, found.fails]))


def or_else(step: Step, args: list[Value], rows: Rows) -> Value:
    """The first, or where it is unknown the second."""
    one, two = (needs_of(arg, rows) for arg in args)
    if one.known is True:
        return args[0]
    if one.known is False and one.fails is False and two.none:
        return args[1]
    rest = where(both(two.known, no(two.fails)), NO, together([one, two]))
    needs = _or_failed(one, where(one.known, NO, rest))
    return choose([expr(one.known)], args, needs, rows, step.type)


def is_known(step: Step, args: list[Value], rows: Rows) -> Value:
    """Whether the value is known; a failure stays one."""
    needs = needs_of(args[0], rows)
    if isinstance(needs.known, bool) and needs.fails is False:
        return Same(needs.known)
    return Truth(expr(needs.known), _or_failed(needs, NO), None, needs)


def outcome(step: Step, args: list[Value], rows: Rows) -> Value:
    """Yes, no, or not due; an unknown due test waits for both."""
    *due, test = args
    if due and isinstance(due[0], Same) and due[0].value is False:
        return Same(step.value[2])
    if due and isinstance(due[0], Same) and due[0].value is True:
        due = []
    tested = truth(test, rows)
    yes, not_, not_due = step.value
    if not due:
        codes = (~tested.expr).cast(pl.UInt8)
        tests = {yes: tested.expr, not_: ~tested.expr}
        return Word(
            None, tested.needs, None, (yes, not_, not_due), codes, tests,
            ((tested.expr,), (yes, not_)),
        )  # fmt: skip
    first = truth(due[0], rows)
    needs = where(first.expr, _under(first, tested.needs), NO)
    needs = _decided_by(first, needs, [tested.needs])
    codes = pl.when(first.expr).then((~tested.expr).cast(pl.UInt8)).otherwise(pl.lit(2, pl.UInt8))
    tests = {
        yes: first.expr & tested.expr,
        not_: first.expr & ~tested.expr,
        not_due: ~first.expr,
    }
    chain = (~first.expr, tested.expr), (not_due, yes, not_)
    return Word(None, needs, None, (yes, not_, not_due), codes, tests, chain)


def pay(step: Step, args: list[Value], rows: Rows) -> Value:
    """A line's amount, which may have to be at least 0."""
    one = args[0]
    assert isinstance(one, Number)
    if step.value is None or one.ratio.low >= 0:
        return one
    return Number(one.ratio, failing(one.needs, one.ratio.top.expr < 0), None)


LOGIC: dict[str, Any] = {
    "and": and_or, "or": and_or, "not": not_, "if": if_, "or else": or_else, "known": is_known,
    "outcome": outcome, "pay": pay,
}  # fmt: skip
