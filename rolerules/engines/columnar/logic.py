# SPDX-License-Identifier: MIT
"""Conditions and choices over columns: Kleene logic as the reference engine has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from rolerules.engines.columnar import needs as needed
from rolerules.engines.columnar.choose import choose
from rolerules.engines.columnar.needs import Needs, failure, known, pending, together, where
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
    test = value.expr if answer else ~value.expr
    sure = known(value.needs)
    if isinstance(sure, bool):
        return test if sure else pl.lit(False)
    return sure & test


def either(tests: Iterable[pl.Expr]) -> pl.Expr:
    """Whether one of them holds; no for none."""
    found = None
    for test in tests:
        found = test if found is None else found | test
    return pl.lit(False) if found is None else found


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
    if not (isinstance(needs, int) and not needs):
        decided = certainly(one, decides) | certainly(two, decides)
        needs = where(decided, 0, needs)
    return Truth(one.expr | two.expr if decides else one.expr & two.expr, needs, None)


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
    chosen = where(test.expr, needs_of(then, rows), needs_of(other, rows))
    needs = _decided_by(test, chosen, [needs_of(arg, rows) for arg in args])
    return choose([test.expr], [then, other], needs, rows, step.type)


def _decided_by(test: Truth, then: Needs, every: list[Needs]) -> Needs:
    """What follows from a condition: where that is unknown, everything is waited for."""
    open_ = together([pending(together(every)), failure(test.needs)])
    sure = known(test.needs)
    return where(sure, then, open_)


def or_else(step: Step, args: list[Value], rows: Rows) -> Value:
    """The first, or where it is unknown the second."""
    one, two = (needs_of(arg, rows) for arg in args)
    if isinstance(one, int):
        if not one or one & needed.FAILED:
            return args[0]
        if isinstance(two, int) and not two:
            return args[1]
    rest = where(known(two), 0, together([one, two]))
    needs = where(known(one), 0, where(_failed(one), one, rest))
    return choose([_as_expr(known(one))], args, needs, rows, step.type)


def _failed(needs: Needs) -> pl.Expr | bool:
    found = failure(needs)
    return found != 0


def _as_expr(test: pl.Expr | bool) -> pl.Expr:
    return pl.lit(test) if isinstance(test, bool) else test


def is_known(step: Step, args: list[Value], rows: Rows) -> Value:
    """Whether the value is known; a failure stays one."""
    needs = needs_of(args[0], rows)
    if isinstance(needs, int) and not needs & needed.FAILED:
        return Same(not needs)
    return Truth(_as_expr(known(needs)), failure(needs), None)


def outcome(step: Step, args: list[Value], rows: Rows) -> Value:
    """Yes, no, or not due; an unknown due test waits for both."""
    *due, test = args
    if due and isinstance(due[0], Same) and due[0].value is False:
        return Same(step.value[2])
    if due and isinstance(due[0], Same) and due[0].value is True:
        due = []
    tested = truth(test, rows)
    yes, no, not_due = step.value
    if not due:
        codes = (~tested.expr).cast(pl.UInt8)
        tests = {yes: tested.expr, no: ~tested.expr}
        return Word(None, tested.needs, None, (yes, no, not_due), codes, tests)
    first = truth(due[0], rows)
    needs = where(first.expr, tested.needs, 0)
    needs = _decided_by(first, needs, [first.needs, tested.needs])
    codes = pl.when(first.expr).then((~tested.expr).cast(pl.UInt8)).otherwise(pl.lit(2, pl.UInt8))
    tests = {
        yes: first.expr & tested.expr,
        no: first.expr & ~tested.expr,
        not_due: ~first.expr,
    }
    return Word(None, needs, None, (yes, no, not_due), codes, tests)


def pay(step: Step, args: list[Value], rows: Rows) -> Value:
    """A line's amount, which may have to be at least 0."""
    assert isinstance(args[0], Number)
    one = args[0]
    if step.value is None or one.ratio.low >= 0:
        return one
    return Number(one.ratio, failing(one.needs, one.ratio.top.expr < 0), None)


def failing(needs: Needs, test: pl.Expr) -> Needs:
    """The needs, and a failure where nothing is waited for and a test holds."""
    sure = known(needs)
    if isinstance(sure, bool):
        return where(test, needed.FAILED, 0) if sure else needs
    return where(sure & test, needed.FAILED, needs)


LOGIC: dict[str, Any] = {
    "and": and_or, "or": and_or, "not": not_, "if": if_, "or else": or_else, "known": is_known,
    "outcome": outcome, "pay": pay,
}  # fmt: skip
