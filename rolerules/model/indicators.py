# SPDX-License-Identifier: MIT
"""Indicators: any value, or an actual over a target, perhaps rounded."""

from __future__ import annotations

from fractions import Fraction

from rolerules.model.context import Context, origin
from rolerules.model.infer import is_share
from rolerules.model.model import Indicator
from rolerules.model.results import BROKEN_TERM
from rolerules.model.term import Term
from rolerules.model.types import AMOUNTS, BROKEN, FIGURE, NUMBER, RATE, YES_NO, exactly
from rolerules.syntax import tree
from rolerules.text.expression import Expression, Literal, show
from rolerules.values import ROUNDING_MODES, parse_rate

_OF_A_SHARE = ("target", "when target is 0", "rounding")


def indicator(context: Context, named: tree.Named[tree.Indicator]) -> Indicator:
    """Check an indicator: its value, of any type but a list, or actual over target."""
    written = named.value
    beside = [key for key in _OF_A_SHARE if getattr(written, key.replace(" ", "_"))]
    if written.value is not None:
        for key in beside:
            message = f"`value` and `{key}` exclude each other"
            mend = f"leave `{key}` out, or write `actual` and `target`"
            context.report(named.span, "one-of", message, mend)
        value = _value(context, written.value)
        return Indicator(
            origin(named), value, show(written.value.expression), is_share(value, context.scope)
        )
    if written.actual is None or written.target is None:
        message = "`target` is missing here"
        context.report(
            named.span, "missing-key", message, "an indicator is an actual over a target"
        )
        return Indicator(origin(named), BROKEN_TERM, "")
    term, formula = _share(context, written, written.actual, written.target)
    if written.rounding:
        term, formula = _rounded(context, written.rounding, term, formula)
    return Indicator(origin(named), term, show(formula), share=True)


def _value(context: Context, written: tree.Formula) -> Term:
    term = context.term(written)
    if term.type.kind in ("list", "record"):
        message = f"an indicator is one value, and this is {term.type}"
        mend = "give one value, such as `count(…)` or `sum(…)`"
        context.report(written.span, "wrong-type", message, mend)
    return term


def _share(
    context: Context, written: tree.Indicator, over: tree.Formula, under: tree.Formula
) -> tuple[Term, Expression]:
    """Actual over target; where the target is 0, what `when target is 0` says."""
    formula = Expression("/", (over.expression, under.expression))
    actual, target = context.term(over), context.term(under)
    term = Term("/", (actual, target), NUMBER)
    none = written.when_target_is_0
    instead = context.term(none, RATE, "`when target is 0`") if none else None
    if BROKEN in (actual.type, target.type):
        return BROKEN_TERM, formula
    same_kind = (actual.type.kind == "money") == (target.type.kind == "money")
    if not same_kind or {actual.type.kind, target.type.kind} - set(AMOUNTS):
        message = f"{actual.type} over {target.type} is no ratio"
        mend = "actual and target must be of one type; for another quotient write `value:` with `… / …`"
        context.report(under.span, "wrong-operands", message, mend)
    elif none and instead:
        zero = Expression("literal", value=Literal("figure", Fraction(0), "0"))
        test = Term(
            "=", (target, Term("constant", (), FIGURE, exactly(Fraction(0)), Fraction(0))), YES_NO
        )
        formula = Expression(
            "if", (Expression("=", (under.expression, zero)), none.expression, formula)
        )
        return Term("if", (test, instead, term), NUMBER), formula
    elif not target.range.excludes_zero:
        message = f"the divisor `{show(under.expression)}` may be 0 here"
        mend = "give it a `min` above 0, or say what then: `when target is 0: …`"
        context.report(under.span, "divisor-zero", message, mend)
    return term, formula


def _rounded(
    context: Context, written: tree.Written, term: Term, formula: Expression
) -> tuple[Term, Expression]:
    """A share as a multiple of a step, as in `down to 1%`."""
    mode, _, text = written.text.rpartition(" to ")
    step = parse_rate(text)
    if mode not in ROUNDING_MODES:
        return term, formula  # reported with the shape
    if step is None or step <= 0:
        message = f"`{text}` is no step above 0"
        context.report(written.span, "rounding-step", message, "write it like `down to 1%`")
        return term, formula
    unit = Term("constant", (), RATE, exactly(step), step)
    shown = Expression("literal", value=Literal("rate", step, text))
    return Term("round", (term, unit), NUMBER, value=mode), Expression(
        "round", (formula, shown), mode
    )
