# SPDX-License-Identifier: MIT
"""Proof → why, why not, and what is missing, as data; `text.py` writes it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from rolerules.decision import Needs
from rolerules.engines.reference import Proof
from rolerules.engines.results import Unknown
from rolerules.explain.changes import in_order
from rolerules.explain.look import Look
from rolerules.explain.rows import missed
from rolerules.explain.shares import shared
from rolerules.explain.used import chosen, clauses, filled, used
from rolerules.explain.why import Explanation, Missing, NotApplied, Why
from rolerules.explain.words import adjusted, reasons, shown, spoken
from rolerules.model import model as models
from rolerules.model.types import MONEY, RATE, YES_NO, Type
from rolerules.text.expression import Expression, show
from rolerules.text.formula import parse


def explain(model: models.Model, proof: Proof) -> Explanation:
    """Explain every line, assessment, duty, indicator, limit and ground of a decision."""
    explainer = _Explainer(model, proof)
    parts = tuple(explainer.parts())
    missing = tuple(
        Missing(
            fact,
            missing_title(model, fact),
            tuple(dict.fromkeys(part.id for part in parts if fact in part.needs)),
            tuple(_gaps(proof, fact)),
        )
        for fact in proof.decision.missing
    )
    return Explanation(proof.decision, model.title, parts, missing)


def _gaps(proof: Proof, fact: str) -> Iterator[str]:
    """The unknown fields of the items of a list that was given."""
    items = proof.results[proof.plan.names[fact]] if fact in proof.plan.facts else ()
    for place, item in enumerate(items if isinstance(items, tuple) else (), 1):
        names = [spoken(name) for name, value in item.items() if isinstance(value, Unknown)]
        if names:
            yield f"{' and '.join(names)} of item {place}"


def missing_title(model: models.Model, name: str) -> str:
    """The title of an unknown fact, or of the balance or status whose opening is unknown."""
    if name in model.facts:
        return model.facts[name].origin.title
    if name in _OPENINGS:
        return _OPENINGS[name]
    return f"{model.carries[name.removesuffix('.opening')].origin.title} brought in"


_OPENINGS = {
    "status_at_start": "The status at the start",
    "status_since": "The day on which the status at the start began",
}


class _Explainer:
    def __init__(self, model: models.Model, proof: Proof) -> None:
        self.model, self.proof, self.plan = model, proof, proof.plan
        self.look = Look(model, proof)

    def parts(self) -> Iterator[Why]:
        model = self.model
        for line in model.lines.values():
            yield self.line(line)
        for kind, tests in (("assessment", model.assessments), ("duty", model.duties)):
            for name in sorted(tests):
                yield self.test(kind, tests[name])
        for name in sorted(model.indicators):
            indicator = model.indicators[name]
            result = self.proof.results[self.plan.indicators[name]]
            type_ = RATE if indicator.share else indicator.value.type
            said = self._said(result, type_)
            if type_ == YES_NO:
                yield self._condition("indicator", indicator.origin, said, indicator.text, result)
            else:
                yield self._why("indicator", indicator.origin, said, parse(indicator.text), result)
        for name in sorted(model.carries):
            yield self.carry(model.carries[name])
        for name in sorted(model.limits):
            yield self.limit(model.limits[name])
        yield from in_order(self.proof)
        yield from self.grounds()

    def _said(self, result: Any, type_: Type) -> str:
        return (
            "undetermined"
            if isinstance(result, Unknown)
            else shown(result, type_, self.plan.digits)
        )

    def line(self, line: models.Line) -> Why:
        plan = self.plan.lines[line.origin.name]
        result = self.proof.results[plan.result]
        tests, place = chosen(self.look, line)
        rule = line.rules[place]
        formula = parse(rule.amount_text) if not isinstance(rule.amount, models.Silence) else None
        certain = tests[place] is True
        when = parse(rule.when_text) if rule.when_text else None
        said = self._said(result, MONEY)
        why = self._why("line", line.origin, said, formula if certain else None, result)
        silent = (
            (f"the text is silent: {rule.amount.text}",)
            if isinstance(rule.amount, models.Silence) and certain
            else ()
        )
        because = tuple(reasons(when, self.look, holds=True)) if when and certain else ()
        return attrs.evolve(
            why, source=clauses(self.look, line),
            rule=rule.when_text or ("otherwise" if len(line.rules) > 1 else ""),
            because=because + (silent or why.because) + tuple(self._adjusted(line)),
            not_applied=tuple(self._other_rules(line, tests, place)) + tuple(missed(self.look, formula)),
            used=tuple(used(self.look, [when, formula])),
        )  # fmt: skip

    def _adjusted(self, line: models.Line) -> Iterator[str]:
        """What gate, weight, prorate, floor and cap made of the amount."""
        plan, digits = self.plan.lines[line.origin.name], self.plan.digits
        for adjustment, places in zip(line.adjustments, plan.adjustments, strict=True):
            before, by, after = (self.proof.results[place] for place in places)
            if isinstance(after, Unknown) or isinstance(before, Unknown):
                continue
            asked = self.plan.steps[places[2]].args[0]  # by the `if` that a `when` stands for
            if adjustment.when is not None and self.proof.results[asked] is False:
                why = reasons(parse(adjustment.when_text), self.look, holds=False)
                yield f"{adjustment.kind} {adjustment.text} does not apply: {'; '.join(why)}"
            else:
                yield adjusted(adjustment, before, by, after, self.look, digits)

    def _other_rules(
        self, line: models.Line, tests: Sequence[Any], chosen: int
    ) -> Iterator[NotApplied]:
        for place, rule in enumerate(line.rules):
            what = rule.when_text or "otherwise"
            if place < chosen:
                why = tuple(reasons(parse(rule.when_text), self.look, holds=False))
                yield NotApplied(what, why, rule.source)
            elif place > chosen:
                why = (
                    ("an earlier rule applies",) if tests[chosen] is True else ("not decided yet",)
                )
                yield NotApplied(what, why, rule.source)

    def test(self, kind: str, test: models.Test) -> Why:
        outcomes = self.plan.assessments if kind == "assessment" else self.plan.duties
        plan = outcomes[test.origin.name]
        result = self.proof.results[plan.result]
        due = True if plan.due is None else self.proof.results[plan.due]
        text, held = (
            (test.due_text, False) if due is False else (test.text, self.proof.results[plan.test])
        )
        formula = parse(text) if text else None
        because: tuple[str, ...] = ()
        if isinstance(test.test, models.Silence) and due is not False:
            because = (f"the text is silent: {test.test.text}",)
        elif formula and not isinstance(result, Unknown):
            because = tuple(reasons(formula, self.look, holds=held))
        said = "undetermined" if isinstance(result, Unknown) else str(result).replace("_", " ")
        why = self._why(kind, test.origin, said, formula, result)
        figures = "" if because else why.figures  # the reasons hold the figures already
        because = because or why.because
        return attrs.evolve(why, because=because, figures=figures, rule=test.due_text)

    def limit(self, limit: models.Limit) -> Why:
        result = self.proof.results[self.plan.limits[limit.origin.name].result]
        said = (
            "undetermined"
            if isinstance(result, Unknown)
            else "kept"
            if result
            else f"broken ({limit.severity})"
        )
        return self._condition("limit", limit.origin, said, limit.text, result)

    def carry(self, carry: models.Carry) -> Why:
        result = self.proof.results[self.plan.carries[carry.origin.name].result]
        said = self._said(result, carry.type)
        formula = parse(carry.in_a_row or carry.text)
        why = self._why("carry", carry.origin, said, formula, result)
        if not carry.in_a_row:
            return why
        test = self.look.value(formula).value
        if isinstance(test, Unknown):
            because = f"held: not known this {self.model.period or 'period'}"
        else:
            counted = "one more" if test else "0 again"
            because = f"{counted}: {'; '.join(reasons(formula, self.look, holds=test))}"
        return attrs.evolve(why, because=(because,), rule="in a row", figures="")

    def grounds(self) -> Iterator[Why]:
        status = self.proof.decision.status
        for change, plan in zip(
            self.model.status.changes if self.model.status else (), self.plan.changes, strict=True
        ):
            if status is None or change.source != status.source:
                continue
            for ground in sorted(change.grounds, key=lambda ground: ground.name):
                result = self.proof.results[plan.grounds[ground.name]]
                said = (
                    "undetermined"
                    if isinstance(result, Unknown)
                    else "holds"
                    if result
                    else "does not hold"
                )
                origin = models.Origin(
                    ground.name,
                    f"{change.origin.title}: {ground.name.replace('_', ' ')}",
                    change.origin.source,
                    ground.span,
                )
                if ground.condition is None:
                    yield Why(
                        "ground",
                        ground.name,
                        origin.title,
                        said,
                        origin.source,
                        f"{ground.of} {ground.name} {ground.text}",
                        "",
                        needs=_needs(result),
                    )
                else:
                    yield self._condition("ground", origin, said, ground.text, result)

    def _condition(
        self, kind: str, origin: models.Origin, said: str, text: str, result: Any
    ) -> Why:
        formula = parse(text)
        because = (
            () if isinstance(result, Unknown) else tuple(reasons(formula, self.look, holds=result))
        )
        why = self._why(kind, origin, said, formula, result)
        figures = "" if because else why.figures
        return attrs.evolve(why, because=because or why.because, figures=figures)

    def _why(
        self, kind: str, origin: models.Origin, said: str, formula: Expression | None, result: Any
    ) -> Why:
        text = show(formula) if formula else ""
        figures = filled(formula, self.look) if formula else ""
        return Why(
            kind, origin.name, origin.title, said, origin.source, text, figures if figures != text else "",
            because=(*self._silent(result), *(shared(formula, self.look) if formula else ())),
            used=tuple(used(self.look, [formula])), needs=_needs(result),
        )  # fmt: skip

    def _silent(self, result: Any) -> Iterator[str]:
        """Why nothing follows where no fact is missing."""
        readings = [need.removeprefix("silent:") for need in _needs(result)]
        if all(one in self.model.readings for one in readings):
            yield from (f"the text is silent: {self.model.readings[one].text}" for one in readings)


def _needs(result: Any) -> Needs:
    return tuple(sorted(result.needs)) if isinstance(result, Unknown) else ()
