# SPDX-License-Identifier: MIT
"""Proof → why, why not, and what is missing, as data; `text.py` writes it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from rolerules.decision import Needs
from rolerules.engines.reference import Proof
from rolerules.engines.results import Unknown
from rolerules.explain import dated
from rolerules.explain.changes import in_order
from rolerules.explain.look import Look
from rolerules.explain.shares import outer, shared
from rolerules.explain.why import Explanation, Missing, NotApplied, Used, Why
from rolerules.explain.words import adjusted, reasons, shown, spoken, with_figures
from rolerules.model import model as models
from rolerules.model.cells import INPUT, condition
from rolerules.model.types import MONEY, RATE, YES_NO, Type
from rolerules.plan.lower import dated_in_force, in_force
from rolerules.text.expression import Expression, replaced, show
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
        tests, chosen = self._chosen(line)
        rule = line.rules[chosen]
        formula = parse(rule.amount_text) if not isinstance(rule.amount, models.Silence) else None
        certain = tests[chosen] is True
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
            why, source=self._clauses(line),
            rule=rule.when_text or ("otherwise" if len(line.rules) > 1 else ""),
            because=because + (silent or why.because) + tuple(self._adjusted(line)),
            not_applied=tuple(self._other_rules(line, tests, chosen)) + tuple(self._other_rows(formula)),
            used=tuple(self._used([when, formula])),
        )  # fmt: skip

    def _chosen(self, line: models.Line) -> tuple[list[Any], int]:
        """Whether each rule's condition holds, and the place of the one that applies (or may)."""
        rules = self.plan.lines[line.origin.name].rules
        tests = [True if when is None else self.proof.results[when] for when, _ in rules]
        return tests, next(
            (place for place, test in enumerate(tests) if test is not False), len(tests) - 1
        )

    def _clauses(self, line: models.Line) -> tuple[str, ...]:
        """The clauses of the rule that applies, else the line's own."""
        tests, chosen = self._chosen(line)
        own = line.rules[chosen].source if tests[chosen] is True else ()
        return own or line.origin.source

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

    def _other_rows(self, formula: Expression | None) -> Iterator[NotApplied]:
        """The rows of tables the formula names that did not match, each with its distance."""
        names = [part.word for part in formula.walk() if part.op == "name"] if formula else []
        for name in dict.fromkeys(names):
            table = self.model.tables.get(name)
            for place, row in enumerate(self._rows(table) if table else ()):
                assert table is not None
                if self._row_result(name, place) is False:
                    why = tuple(self._row_misses(table, row))
                    yield NotApplied(
                        f"{name}: {', '.join(row.texts[:-1])} → {row.texts[-1]}",
                        why,
                        table.origin.source,
                    )

    def _rows(self, table: models.Table) -> Sequence[models.Row]:
        return in_force(table.rows, self.proof.decision.as_of) or ()

    def _row_result(self, table: str, place: int) -> Any:
        step = self.plan.steps[self.plan.names[table]]
        return self.proof.results[step.args[2 * place]]

    def _hits(self, table: models.Table) -> Iterator[str]:
        """The rows that matched; that none did, where the text is silent for the rest."""
        tests = [self._row_result(table.origin.name, at) for at, _ in enumerate(self._rows(table))]
        for row, test in zip(self._rows(table), tests, strict=True):
            if test is True:
                yield f"{', '.join(row.texts[:-1])} → {row.texts[-1]}"
        if isinstance(table.otherwise, models.Silence) and not any(tests):
            yield f"otherwise → silent {table.otherwise.reading}"

    def _row_misses(self, table: models.Table, row: models.Row) -> Iterator[str]:
        for text, asked, term in zip(row.texts, table.input_texts, table.inputs, strict=False):
            test = condition(text, term.type)
            if test is None:
                continue
            filled = replaced(test, INPUT, parse(asked))
            if self.look.value(filled).value is False:
                yield from reasons(filled, self.look, holds=False)

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
        figures = _with_figures(formula, self.look) if formula else ""
        return Why(
            kind, origin.name, origin.title, said, origin.source, text, figures if figures != text else "",
            because=(*self._silent(result), *(shared(formula, self.look) if formula else ())),
            used=tuple(self._used([formula])), needs=_needs(result),
        )  # fmt: skip

    def _silent(self, result: Any) -> Iterator[str]:
        """Why nothing follows where no fact is missing."""
        readings = [need.removeprefix("silent:") for need in _needs(result)]
        if all(one in self.model.readings for one in readings):
            yield from (f"the text is silent: {self.model.readings[one].text}" for one in readings)

    def _used(self, formulas: Sequence[Expression | None]) -> Iterator[Used]:
        """Every name that went in, in the order of mention, and what those were made of."""
        waiting = [part for formula in formulas if formula for part in _parts(formula)]
        seen: set[str] = set()
        while waiting:
            part, around = waiting.pop(0)
            if dated.is_dated(part) and show(part) not in seen:
                seen.add(show(part))
                one = self.model.parameters[dated.asked(part)].origin
                value, formula, origin = dated.said((part, around), self.look)
                yield Used(show(part), one.title, value, formula, "", origin, one.source)
                continue
            if part.op == "field" and show(part) in self.plan.names and show(part) not in seen:
                seen.add(show(part))
                found = self.look.value(part)
                value = shown(found.value, found.type, self.plan.digits)
                carry = self.model.carries[part.args[0].word]
                closes = part.word == "closing"
                origin = f"balance {'handed on' if closes else 'brought in'}"
                yield Used(show(part), carry.origin.title, value, "", "", origin, ())
                waiting += _parts(parse(carry.in_a_row or carry.text)) if closes else ()
                continue
            if part.op == "call" and part.word in self.model.scales and show(part) not in seen:
                seen.add(show(part))
                made = self.look.called(part)
                yield self._scale(part, made)
                waiting += _parts(made)
                continue
            if part.op != "name" or part.word in seen or not self._known(part.word):
                continue
            seen.add(part.word)
            used, made_of = self._use(part.word)
            yield used
            waiting += [inner for one in made_of for inner in _parts(one)]

    def _known(self, name: str) -> bool:
        return name in self.plan.names or name in self.model.parameters

    def _use(self, name: str) -> tuple[Used, list[Expression]]:
        model, digits = self.model, self.plan.digits
        found = self.look.value(Expression("name", (), name)) if name in self.plan.names else None
        value = shown(found.value, found.type, digits) if found else ""
        if name in model.values:
            one, formula = model.values[name], parse(model.values[name].text)
            used = Used(
                name,
                one.origin.title,
                value,
                one.text,
                _with_figures(formula, self.look),
                "value",
                one.origin.source,
            )
            return used, [formula]
        if name in model.scales:
            made = self.look.formula(name)
            assert made is not None
            return self._scale(Expression("name", (), name), made), [made]
        if name in model.lines:
            return Used(
                name,
                model.lines[name].origin.title,
                value,
                "",
                "",
                "pay line, rounded",
                self._clauses(model.lines[name]),
            ), []
        if name in model.tables:
            table = model.tables[name]
            asked = [parse(text) for text in table.input_texts]
            texts = "; ".join(self._hits(table))
            return Used(
                name,
                table.origin.title,
                value,
                texts,
                "",
                self._set("table", table.rows, table.set_by_company),
                table.origin.source,
            ), asked
        if name in model.parameters:
            return self._parameter(name, value)
        if name in model.facts:
            return Used(
                name,
                model.facts[name].origin.title,
                value,
                "",
                "",
                "fact",
                model.facts[name].origin.source,
            ), []
        return Used(name, name.replace("_", " "), value, "", "", "built in", ()), []

    def _scale(self, said: Expression, made: Expression) -> Used:
        """A scale, by its name or called with an amount, and the formula it stands for."""
        scale, found = self.model.scales[said.word], self.look.value(said)
        origin = self._set("scale", scale.formulas, scale.set_by_company)
        return Used(
            show(said), scale.origin.title, shown(found.value, found.type, self.plan.digits),
            show(made), with_figures(made, self.look), origin, scale.origin.source,
        )  # fmt: skip

    def _parameter(self, name: str, value: str) -> tuple[Used, list[Expression]]:
        parameter = self.model.parameters[name]
        origin = self._set("parameter", parameter.figures, parameter.set_by_company)
        if not parameter.by:
            return Used(
                name, parameter.origin.title, value, "", "", origin, parameter.origin.source
            ), []
        key = Expression("name", (), parameter.by)
        found = self.look.value(Expression("index", (Expression("name", (), name), key)))
        value = shown(found.value, found.type, self.plan.digits)
        return Used(
            name,
            parameter.origin.title,
            value,
            f"{name}[{parameter.by}]",
            "",
            origin,
            parameter.origin.source,
        ), [key]

    def _set(self, what: str, figures: Sequence[models.InForce[Any]], by_company: bool) -> str:
        since = dated_in_force(figures, self.proof.decision.as_of)
        who = f" set by {self.model.company_title}" if by_company else ""
        return f"{what}{who}{f', in force from {since}' if since else ''}"


def _with_figures(formula: Expression, look: Look) -> str:
    """The formula with its figures; a name alone says no more than its own result."""
    return "" if formula.op == "name" else with_figures(formula, look)


def _parts(formula: Expression) -> list[dated.Part]:
    """All parts of a formula but the calls that are worked out for each item of a list."""
    once = set(outer(formula))
    return [
        (part, around)
        for part, around in dated.parts(formula)
        if part.op != "call" or part in once or dated.is_dated(part)
    ]


def _needs(result: Any) -> Needs:
    return tuple(sorted(result.needs)) if isinstance(result, Unknown) else ()
