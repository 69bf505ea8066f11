# SPDX-License-Identifier: MIT
"""Model → plan for a date: parameters become constants, tables become conditions."""

from __future__ import annotations

import bisect
import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from rolerules.model import model as models
from rolerules.model.scope import AMOUNT
from rolerules.model.term import Term
from rolerules.model.types import (
    ANY,
    DATE,
    MONEY,
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Field,
    Range,
    Type,
    exactly,
)
from rolerules.plan.dated import by_days, figure_on
from rolerules.plan.plan import Body, Carry, Change, Limit, Line, Outcome, Plan, Rows, Step
from rolerules.problems import Problem, RulesetError

T = TypeVar("T")
_Figures = Sequence[models.InForce[Any]]
WORDS = {
    "duty": ("fulfilled", "unfulfilled", "not_due"),
    "assessment": ("met", "missed", "not_due"),
}
GROUPS = {"duty": "duties", "assessment": "assessments"}
GIVEN = {
    "as_of": DATE, "period_start": DATE, "days_in_period": WHOLE, "month": WHOLE, "quarter": WHOLE,
    "half_year": WHOLE, "year": WHOLE, "status_at_start": TEXT, "status_since": DATE,
}  # fmt: skip


def intervals(model: models.Model) -> list[datetime.date]:
    """The dates on which any figure changes, in order."""
    dated: list[models.InForce[Any]] = [
        one for parameter in model.parameters.values() for one in parameter.figures
    ]
    dated += [one for table in model.tables.values() for one in table.rows]
    dated += [one for scale in model.scales.values() for one in scale.formulas]
    return sorted({one.since for one in dated if one.since is not None})


def lower(model: models.Model, as_of: datetime.date) -> Plan:
    """Make the plan in force on a date.

    Raises `RulesetError` naming every parameter and table without a figure on that date.
    """
    _all_in_force(model, as_of)
    return Lowering(model, as_of).plan()


def in_force(figures: Sequence[models.InForce[T]], as_of: datetime.date) -> T | None:
    """The figure in force on a date (figures are in the order of their dates)."""
    found = None
    for figure in figures:
        if figure.since is None or figure.since <= as_of:
            found = figure.value
    return found


def dated_in_force(
    figures: Sequence[models.InForce[Any]], as_of: datetime.date
) -> datetime.date | None:
    """Since when the figure in force on a date has been; None for one that always was."""
    return max(
        (figure.since for figure in figures if figure.since and figure.since <= as_of), default=None
    )


def _all_in_force(model: models.Model, as_of: datetime.date) -> None:
    problems = []
    dated: dict[str, tuple[models.Parameter | models.Table | models.Scale, _Figures]] = {
        **{name: (one, one.figures) for name, one in model.parameters.items()},
        **{name: (one, one.rows) for name, one in model.tables.items()},
        **{name: (one, one.formulas) for name, one in model.scales.items()},
    }
    for name, (one, figures) in sorted(dated.items()):
        if in_force(figures, as_of) is not None:
            continue
        if one.set_by_company and not model.company:
            message = f"`{name}` is set by the company, and no company is given"
            problems.append(
                Problem(
                    "company-missing",
                    message,
                    help='name one, as in `company="example"` or `--company example`',
                )
            )
        else:
            message = f"no figure of `{name}` is in force on {as_of}"
            first = min((figure.since for figure in figures if figure.since), default=None)
            problems.append(
                Problem(
                    "not-in-force",
                    message,
                    one.origin.span,
                    help=f"the first holds from {first}" if first else "",
                )
            )
    if problems:
        raise RulesetError(problems)


class Lowering:
    """Lowers terms into steps; `names` and `base` continue those of a plan already made."""

    def __init__(
        self,
        model: models.Model,
        as_of: datetime.date,
        *,
        names: dict[str, int] | None = None,
        base: int = 0,
    ) -> None:
        self.model, self.as_of = model, as_of
        self.steps: list[Step] = []
        self.base = base
        self.names: dict[str, int] = names or {}
        self.items: dict[int, int] = {}
        self.outcomes: dict[tuple[str, str], Outcome] = {}

    def add(
        self, op: str, args: tuple[int, ...], type_: Type, range_: Range = ANY, value: Any = None
    ) -> int:
        """Add a step; give its position."""
        self.steps.append(Step(op, args, type_, range_, value))
        return self.base + len(self.steps) - 1

    def constant(self, value: Any, type_: Type) -> int:
        """Add a constant."""
        return self.add(
            "constant", (), type_, exactly(value) if isinstance(value, Fraction) else ANY, value
        )

    def interval(self) -> tuple[datetime.date | None, datetime.date | None]:
        """Since when and until when the plan is the same."""
        dates = intervals(self.model)
        place = bisect.bisect_right(dates, self.as_of)
        return dates[place - 1] if place else None, dates[place] if place < len(dates) else None

    def plan(self) -> Plan:
        """Make the whole plan."""
        model = self.model
        self._leaves()
        for kind in GROUPS:
            self._group(kind)  # where there are none
        lines, carries = {}, {}
        for kind, name in model.order:
            if kind == "value":
                self.names[name] = self.term(model.values[name].result)
            elif kind == "opening":
                self.names[f"{name}.opening"] = self._opening(model.carries[name])
            elif kind == "closing":
                carries[name] = self._carry(model.carries[name])
                self.names[f"{name}.closing"] = carries[name].result
            elif kind == "scale":
                formula = in_force(model.scales[name].formulas, self.as_of)
                assert formula is not None
                if model.scales[name].own:
                    self.names[name] = self.term(formula.result)
            elif kind == "table":
                self.names[name] = self._table(name, model.tables[name])
            elif kind == "line":
                lines[name] = self._line(model.lines[name])
                self.names[name] = lines[name].result
            else:
                tests = model.duties if kind == "duty" else model.assessments
                self.outcomes[kind, name] = self._outcome(kind, tests[name])
                self._group(kind)
        return self._results(
            {name: lines[name] for name in model.lines},
            {name: carries[name] for name in model.carries},
        )

    def _results(self, lines: dict[str, Line], carries: dict[str, Carry]) -> Plan:
        model = self.model
        total = self.constant(Fraction(0), MONEY)
        for line in lines.values():
            total = self.add("+", (total, line.result), MONEY)
        limits = {
            name: Limit(one.origin, self.term(one.require), one.severity)
            for name, one in model.limits.items()
        }
        indicators = {name: self.term(one.value) for name, one in model.indicators.items()}
        changes = (
            tuple(self._change(change) for change in model.status.changes) if model.status else ()
        )
        since, until = self.interval()
        return Plan(
            id=model.id, version=model.version, digest=model.digest,
            since=since, until=until,
            currency=model.currency, digits=model.digits, period=model.period, year_starts=model.year_starts,
            facts=model.facts, steps=tuple(self.steps), names=self.names, lines=lines, total=total,
            carries=carries, limits=limits, indicators=indicators,
            assessments=self._kind("assessment", model.assessments), duties=self._kind("duty", model.duties),
            start=model.status.start if model.status else None,
            states=model.status.states if model.status else (), changes=changes,
        )  # fmt: skip

    def _kind(self, kind: str, tests: Mapping[str, models.Test]) -> dict[str, Outcome]:
        return {name: self.outcomes[kind, name] for name in tests}

    def _leaves(self) -> None:
        model = self.model
        for name, fact in model.facts.items():
            self.names[name] = self.add("fact", (), fact.type, fact.range, name)
        for name, type_ in GIVEN.items():
            self.names[name] = self.add("given", (), type_, ANY, name)
        for name, parameter in model.parameters.items():
            if not parameter.by:
                self.names[name] = self.constant(
                    in_force(parameter.figures, self.as_of), parameter.type
                )

    def term(self, term: Term) -> int:
        """Add the steps of a term; give the position of its result."""
        if term.op == "name":
            name = str(term.value)
            return self.names[name]
        if term.op == "item":
            assert isinstance(term.value, int)
            return self.items[term.value]
        if term.op in ("some", "every", "filter", "for"):
            return self._each(term)
        if term.op in ("in_force", "by_days"):
            return figure_on(self, term) if term.op == "in_force" else by_days(self, term)
        if term.op == "scale":
            return self._called(term)
        args = tuple(self.term(arg) for arg in term.args)
        value: Any = term.value
        if term.op == "lookup":
            value = in_force(self.model.parameters[str(term.value)].figures, self.as_of)
        if term.op == "round":
            args, value = args[:1], (term.args[1].value, term.value)
        if term.op == "allocate":
            value = (term.value, Fraction(1, 10**self.model.digits))
        return self.add(term.op, args, term.type, term.range, value)

    def _called(self, term: Term) -> int:
        """A scale over another amount: that amount once, then the formula in force over it."""
        amount, *formulas = term.args
        self.names[AMOUNT] = self.term(amount)
        dated = self.model.scales[str(term.value)].formulas
        pairs = zip(dated, formulas, strict=True)
        formula = in_force([models.InForce(one.since, of) for one, of in pairs], self.as_of)
        assert formula is not None
        result = self.term(formula)
        del self.names[AMOUNT]
        return result

    def _each(self, term: Term) -> int:
        source = self.term(term.args[0])
        outer, base = self.steps, self.base
        assert isinstance(term.value, int)
        start = base + len(outer)
        # The item takes the first position of the body; its steps follow.
        self.items[term.value], self.steps, self.base = start, [], start + 1
        result = self.term(term.args[1])
        body = Body(start, tuple(self.steps), result)
        self.steps, self.base = outer, base
        return self.add(term.op, (source,), term.type, term.range, body)

    def _group(self, kind: str) -> None:
        """The built-in list of the outcomes of all duties or all assessments, once they are known."""
        found = {one: outcome for (of, one), outcome in self.outcomes.items() if of == kind}
        name, tests = GROUPS[kind], getattr(self.model, GROUPS[kind])
        if len(found) < len(tests):
            return
        fields = (Field("id", TEXT, ANY), Field("outcome", Type("choice", WORDS[kind]), ANY))
        type_ = Type("list", item=Type("record", fields=fields))
        ids = tuple(sorted(found))
        results = tuple(found[one].result for one in ids)
        self.names[name] = self.add("records", results, type_, ANY, ids)

    def _table(self, name: str, table: models.Table) -> int:
        inputs = [self.term(term) for term in table.inputs]
        rows = in_force(table.rows, self.as_of) or ()
        args: list[int] = []
        for row in rows:
            args += [self._row(row, inputs), self._or_silent(row.output, table.type)]
        args += [self._or_silent(table.otherwise, table.type)] if table.otherwise else []
        args += [self.term(one) for one in table.priority]
        lines = tuple(row.span.line for row in rows)
        value = Rows(name, table.hit, len(rows), table.otherwise is not None, lines)
        type_ = NUMBER if table.hit == "collect count" else table.type
        return self.add("table", tuple(args), type_, ANY, value)

    def _row(self, row: models.Row, inputs: list[int]) -> int:
        condition: int | None = None
        for cell, place in zip(row.conditions, inputs, strict=True):
            if cell is None:
                continue
            self.names["?"] = place
            one = self.term(cell)
            condition = one if condition is None else self.add("and", (condition, one), YES_NO)
        self.names.pop("?", None)
        return self.constant(True, YES_NO) if condition is None else condition

    def _line(self, line: models.Line) -> Line:
        rules = [
            (
                None if rule.when is None else self.term(rule.when),
                self._or_silent(rule.amount, MONEY),
            )
            for rule in line.rules
        ]
        chosen = rules[-1][1]
        for when, amount in reversed(rules[:-1]):
            assert when is not None
            chosen = self.add("if", (when, amount, chosen), MONEY)
        adjusted = []
        for adjustment in line.adjustments:
            by = self.term(adjustment.by)
            after = self._adjust(adjustment, chosen, by)
            adjusted.append((chosen, by, after))
            chosen = after
        rounded = self.add("round", (chosen,), MONEY, ANY, (line.step, line.mode))
        guard = (
            None
            if line.may_be_negative
            else (line.origin.name, self.model.digits, line.origin.span)
        )
        result = self.add("pay", (rounded,), MONEY, ANY, guard)
        return Line(line.origin, result, tuple(rules), tuple(adjusted))

    def _adjust(self, adjustment: models.Adjustment, amount: int, by: int) -> int:
        if adjustment.kind == "gate":
            return self.add("if", (by, amount, self.constant(Fraction(0), MONEY)), MONEY)
        if adjustment.kind in ("weight", "prorate"):
            return self.add("*", (amount, by), MONEY)
        bounded = self.add("max" if adjustment.kind == "floor" else "min", (amount, by), MONEY)
        if adjustment.when is None:
            return bounded
        return self.add("if", (self.term(adjustment.when), bounded, amount), MONEY)

    def _opening(self, carry: models.Carry) -> int:
        """What a balance came in with; at the start, and where it restarts, its `first`."""
        name = carry.origin.name
        starts = self.add("given", (), YES_NO, ANY, f"{name}.starts")
        came = self.add("opening", (), carry.type, ANY, f"{name}.opening")
        return self.add("if", (starts, self.term(carry.first), came), carry.type)

    def _carry(self, carry: models.Carry) -> Carry:
        following = self.term(carry.next)
        if carry.step is not None:
            following = self.add("round", (following,), MONEY, ANY, (carry.step, carry.mode))
        range_ = Range(Fraction(0)) if carry.in_a_row else ANY
        return Carry(carry.origin, carry.type, following, carry.restarts, range_)

    def _or_silent(self, term: Term | models.Silence, type_: Type) -> int:
        if isinstance(term, models.Silence):
            return self.add("silent", (), type_, ANY, term.reading)
        return self.term(term)

    def _outcome(self, kind: str, test: models.Test) -> Outcome:
        due = None if test.due is None else self.term(test.due)
        tested = self._or_silent(test.test, YES_NO)
        args = (tested,) if due is None else (due, tested)
        result = self.add("outcome", args, Type("choice", WORDS[kind]), ANY, WORDS[kind])
        return Outcome(test.origin, result, due, tested)

    def _change(self, change: models.Change) -> Change:
        grounds = {ground.name: self._ground(ground) for ground in change.grounds}
        days = None if change.notice_days is None else self.term(change.notice_days)
        return Change(
            change.origin, change.source, change.to, grounds, change.proposed, change.notice, days
        )

    def _ground(self, ground: models.Ground) -> int:
        if ground.condition is not None:
            return self.term(ground.condition)
        word = self.constant(WORDS[ground.of][1], TEXT)
        return self.add("=", (self.outcomes[ground.of, ground.name].result, word), YES_NO)
