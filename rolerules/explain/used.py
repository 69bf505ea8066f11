# SPDX-License-Identifier: MIT
"""Every name that went into a formula, with its value, its own formula, and who set it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rolerules.explain import dated
from rolerules.explain.look import Look
from rolerules.explain.rows import hits
from rolerules.explain.shares import outer
from rolerules.explain.why import Used
from rolerules.explain.words import shown, with_figures
from rolerules.model import model as models
from rolerules.plan.lower import dated_in_force
from rolerules.text.expression import Expression, show
from rolerules.text.formula import parse


def used(look: Look, formulas: Sequence[Expression | None]) -> Iterator[Used]:
    """Every name that went in, in the order of mention, and what those were made of."""
    waiting = [part for formula in formulas if formula for part in _parts(formula)]
    seen: set[str] = set()
    while waiting:
        part, around = waiting.pop(0)
        if dated.is_dated(part) and show(part) not in seen:
            seen.add(show(part))
            one = look.model.parameters[dated.asked(part)].origin
            value, formula, origin = dated.said((part, around), look)
            yield Used(show(part), one.title, value, formula, "", origin, one.source)
            continue
        if part.op == "field" and show(part) in look.proof.plan.names and show(part) not in seen:
            seen.add(show(part))
            found = look.value(part)
            value = shown(found.value, found.type, look.proof.plan.digits)
            carry = look.model.carries[part.args[0].word]
            closes = part.word == "closing"
            origin = f"balance {'handed on' if closes else 'brought in'}"
            yield Used(show(part), carry.origin.title, value, "", "", origin, ())
            waiting += _parts(parse(carry.in_a_row or carry.text)) if closes else ()
            continue
        if part.op == "call" and part.word in look.model.scales and show(part) not in seen:
            seen.add(show(part))
            made = look.called(part)
            yield _scale(look, part, made)
            waiting += _parts(made)
            continue
        if part.op != "name" or part.word in seen or not _known(look, part.word):
            continue
        seen.add(part.word)
        said, made_of = _use(look, part.word)
        yield said
        waiting += [inner for one in made_of for inner in _parts(one)]


def _known(look: Look, name: str) -> bool:
    return name in look.proof.plan.names or name in look.model.parameters


def _use(look: Look, name: str) -> tuple[Used, list[Expression]]:
    model, digits = look.model, look.proof.plan.digits
    found = look.value(Expression("name", (), name)) if name in look.proof.plan.names else None
    value = shown(found.value, found.type, digits) if found else ""
    if name in model.values:
        one, formula = model.values[name], parse(model.values[name].text)
        return Used(
            name,
            one.origin.title,
            value,
            one.text,
            filled(formula, look),
            "value",
            one.origin.source,
        ), [formula]
    if name in model.scales:
        made = look.formula(name)
        assert made is not None
        return _scale(look, Expression("name", (), name), made), [made]
    if name in model.lines:
        return Used(
            name,
            model.lines[name].origin.title,
            value,
            "",
            "",
            "pay line, rounded",
            clauses(look, model.lines[name]),
        ), []
    if name in model.tables:
        table = model.tables[name]
        asked = [parse(text) for text in table.input_texts]
        texts = "; ".join(hits(look, table))
        return Used(
            name,
            table.origin.title,
            value,
            texts,
            "",
            _set(look, "table", table.rows, table.set_by_company),
            table.origin.source,
        ), asked
    if name in model.parameters:
        return _parameter(look, name, value)
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


def _scale(look: Look, said: Expression, made: Expression) -> Used:
    """A scale, by its name or called with an amount, and the formula it stands for."""
    scale, found = look.model.scales[said.word], look.value(said)
    origin = _set(look, "scale", scale.formulas, scale.set_by_company)
    return Used(
        show(said), scale.origin.title, shown(found.value, found.type, look.proof.plan.digits),
        show(made), with_figures(made, look), origin, scale.origin.source,
    )  # fmt: skip


def _parameter(look: Look, name: str, value: str) -> tuple[Used, list[Expression]]:
    parameter = look.model.parameters[name]
    origin = _set(look, "parameter", parameter.figures, parameter.set_by_company)
    if not parameter.by:
        return Used(
            name, parameter.origin.title, value, "", "", origin, parameter.origin.source
        ), []
    key = Expression("name", (), parameter.by)
    found = look.value(Expression("index", (Expression("name", (), name), key)))
    value = shown(found.value, found.type, look.proof.plan.digits)
    return Used(
        name,
        parameter.origin.title,
        value,
        f"{name}[{parameter.by}]",
        "",
        origin,
        parameter.origin.source,
    ), [key]


def _set(look: Look, what: str, figures: Sequence[models.InForce[Any]], by_company: bool) -> str:
    since = dated_in_force(figures, look.proof.decision.as_of)
    who = f" set by {look.model.company_title}" if by_company else ""
    return f"{what}{who}{f', in force from {since}' if since else ''}"


def chosen(look: Look, line: models.Line) -> tuple[list[Any], int]:
    """Whether each rule's condition holds, and the place of the one that applies (or may)."""
    rules = look.proof.plan.lines[line.origin.name].rules
    tests = [True if when is None else look.proof.results[when] for when, _ in rules]
    return tests, next(
        (place for place, test in enumerate(tests) if test is not False), len(tests) - 1
    )


def clauses(look: Look, line: models.Line) -> tuple[str, ...]:
    """The clauses of the rule that applies, else the line's own."""
    tests, place = chosen(look, line)
    own = line.rules[place].source if tests[place] is True else ()
    return own or line.origin.source


def filled(formula: Expression, look: Look) -> str:
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
