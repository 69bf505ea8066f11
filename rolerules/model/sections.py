# SPDX-License-Identifier: MIT
"""Values, pay lines, limits, indicators, duties and assessments: one function a construct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from rolerules.model.context import Context, clauses, origin
from rolerules.model.guards import Known, assume
from rolerules.model.model import (
    Adjustment,
    Limit,
    Line,
    Reading,
    Rule,
    Silence,
    Test,
    Value,
)
from rolerules.model.term import Term
from rolerules.model.types import MONEY, NUMBER, YES_NO, Range
from rolerules.periods import MONTHS
from rolerules.problems import nearest
from rolerules.syntax import tree
from rolerules.syntax.shape import PERIODS
from rolerules.text.expression import show
from rolerules.values import ROUNDING_MODES, parse_figure

ROUNDING = "half up to 0.01"


def silence(context: Context, written: tree.Written, readings: Mapping[str, Reading]) -> Silence:
    """A place the text leaves open, with the reading that says so."""
    reading = readings.get(written.text)
    if reading is None:
        context.report(
            written.span,
            "unknown-reading",
            f"`{written.text}` is no reading of this ruleset",
            nearest(written.text, readings),
        )
    return Silence(written.text, reading.text if reading else "")


def value(context: Context, named: tree.Named[tree.Value]) -> Value:
    """Check a named formula, and let others name it."""
    formula = named.value.formula
    term = context.term(formula)
    made = Term("name", (), term.type, term.range, named.name)
    context.name(named.name, made, formula.expression)
    return Value(origin(named), term, show(formula.expression))


def rounding(context: Context, written: tree.Written) -> tuple[str, Fraction]:
    """Read `half up to 0.01`: the mode and the step, a multiple of the currency's least unit."""
    mode, _, text = written.text.rpartition(" to ")
    step, unit = parse_figure(text), Fraction(1, 10**context.digits)
    if mode not in ROUNDING_MODES:
        return "half up", unit  # reported with the shape
    if step is None or step <= 0 or (step / unit).denominator != 1:
        message = f"`{text}` is no multiple of the currency's least amount"
        context.report(written.span, "rounding-step", message, f"write it like `{ROUNDING}`")
        return mode, unit
    return mode, step


def line(
    context: Context, named: tree.Named[tree.Line], pay: tree.Pay, readings: Mapping[str, Reading]
) -> Line:
    """Check a pay line, and let others name its rounded amount."""
    written = named.value
    rules_written: Sequence[tree.Rule] = written.rules
    if not written.rules:
        rules_written = [
            tree.Rule(
                span=written.span,
                amount=written.amount,
                silent=written.silent,
                source=written.source,
            )
        ]
    else:
        _rule_order(context, named, written.rules)
    mode, step = rounding(context, written.rounding or pay.rounding)
    rules: list[Rule] = []
    known: Known = {}
    for one in rules_written:
        rules.append(_rule(context, one, known, readings))
        if one.when:
            known = assume(known, one.when.expression, False, context.scope.formulas)
    adjustments = _adjustments(context, written)
    negative = written.may_be_negative is not None and written.may_be_negative.text == "yes"
    context.name(
        named.name,
        Term("name", (), MONEY, _line_range(rules, adjustments, step, negative), named.name),
    )
    return Line(origin(named), tuple(rules), adjustments, step, mode, negative)


def _adjustments(context: Context, written: tree.Line) -> tuple[Adjustment, ...]:
    """The steps after the amount, in the one order there is."""
    made = []
    plain = (
        ("gate", written.gate, YES_NO),
        ("weight", written.weight, NUMBER),
        ("prorate", written.prorate, NUMBER),
    )
    for kind, formula, type_ in plain:
        if formula:
            term = context.term(formula, type_, f"`{kind}`")
            made.append(Adjustment(kind, term, show(formula.expression), None, "", ()))
    for kind, bound in (("floor", written.floor), ("cap", written.cap)):
        if bound:
            when = context.term(bound.when, YES_NO, "a condition") if bound.when else None
            term = context.term(bound.amount, MONEY, f"`{kind}`")
            texts = (show(one.expression) if one else "" for one in (bound.amount, bound.when))
            text, when_text = texts
            made.append(Adjustment(kind, term, text, when, when_text, clauses(bound.source)))
    return tuple(made)


def _rule(
    context: Context, written: tree.Rule, known: Known, readings: Mapping[str, Reading]
) -> Rule:
    when = context.term(written.when, YES_NO, "a condition", known=known) if written.when else None
    if written.amount is None:
        assert written.silent is not None
        amount: Term | Silence = silence(context, written.silent, readings)
        text = f"silent: {written.silent.text}"
    else:
        inside = (
            assume(known, written.when.expression, True, context.scope.formulas)
            if written.when
            else known
        )
        amount = context.term(written.amount, MONEY, "an amount", known=inside)
        text = show(written.amount.expression)
    when_text = show(written.when.expression) if written.when else ""
    return Rule(when, amount, when_text, text, clauses(written.source), written.span)


def _rule_order(context: Context, named: tree.Named[tree.Line], rules: Sequence[tree.Rule]) -> None:
    for place, rule in enumerate(rules):
        last = place == len(rules) - 1
        if rule.when and rule.otherwise:
            context.report(
                rule.span,
                "one-of",
                "`when` and `otherwise` exclude each other",
                "write just one of them",
            )
        elif not rule.when and not rule.otherwise:
            context.report(
                rule.span,
                "missing-key",
                "`when` is missing here",
                "add `when:` and a condition, or `otherwise:` for the last rule",
            )
        elif rule.otherwise and not last:
            context.report(
                rule.otherwise,
                "otherwise-last",
                "the rules after `otherwise` are never reached",
                "move `otherwise` to the end",
            )
    if not any(rule.otherwise for rule in rules):
        message = f"`{named.name}` does not say what is paid when no rule holds"
        context.report(
            named.span,
            "otherwise-missing",
            message,
            "add a last rule: `- otherwise:` with its `amount:`, perhaps 0",
        )


def _line_range(
    rules: Sequence[Rule], adjustments: Sequence[Adjustment], step: Fraction, negative: bool
) -> Range:
    ranges = [rule.amount.range for rule in rules if isinstance(rule.amount, Term)]
    if not ranges or adjustments:
        return Range(None if negative else Fraction(0), None, False, step)
    whole = ranges[0]
    for one in ranges[1:]:
        whole = whole.either(one)
    low = None if whole.low is None else whole.low - step
    high = None if whole.high is None else whole.high + step
    if not negative:
        low = Fraction(0) if low is None else max(low, Fraction(0))
    return Range(low, high, False, step)


def limit(context: Context, named: tree.Named[tree.Limit]) -> Limit:
    """Check a limit."""
    require = context.term(named.value.require, YES_NO, "`require`")
    return Limit(
        origin(named), require, named.value.severity.text, show(named.value.require.expression)
    )


def test(
    context: Context,
    named: tree.Named[tree.Duty] | tree.Named[tree.Assessment],
    period: str,
    year_starts: int,
    readings: Mapping[str, Reading],
) -> Test:
    """Check a duty or an assessment, in a ruleset of a period and a first month of its year."""
    written = named.value
    is_duty = isinstance(written, tree.Duty)
    formula = written.done if isinstance(written, tree.Duty) else written.met
    due = context.term(written.due, YES_NO, "`due`") if written.due else None
    if formula is None:
        assert written.silent is not None
        tested: Term | Silence = silence(context, written.silent, readings)
        text = ""
    else:
        tested = context.term(formula, YES_NO, "`done`" if is_duty else "`met`")
        text = show(formula.expression)
    _due_stated(context, named, period, year_starts)
    part = written.part.text if isinstance(written, tree.Duty) and written.part else ""
    every = written.every.text if written.every else ""
    due_text = show(written.due.expression) if written.due else ""
    return Test(origin(named), due, tested, due_text, text, every, part)


def _due_stated(
    context: Context,
    named: tree.Named[tree.Duty] | tree.Named[tree.Assessment],
    period: str,
    year_starts: int,
) -> None:
    every = named.value.every.text if named.value.every else ""
    if named.value.due or period not in PERIODS or every not in PERIODS:
        return
    if PERIODS.index(every) > PERIODS.index(period):
        message = f"`{named.name}` is due once a {every}, and one evaluation covers a {period}"
        due = _last(period, every, year_starts)
        context.report(named.span, "due-missing", message, f"say when it is due: `due: {due}`")


def _last(period: str, every: str, year_starts: int) -> str:
    """The condition that a period is the last one of a longer kind of period."""
    size = MONTHS[every]
    if period == "month":
        last = sorted((year_starts + end - 2) % 12 + 1 for end in range(size, 13, size))
    else:
        last = [end // MONTHS[period] for end in range(size, 13, size)]
    name = period.replace(" ", "_")
    if len(last) == 1:
        return f"{name} = {last[0]}"
    return f"{name} in [{', '.join(map(str, last))}]"


def reading(named: tree.Named[tree.Reading]) -> Reading:
    """A reading, with its clauses."""
    return Reading(origin(named), named.value.text.text)
