# SPDX-License-Identifier: MIT
"""Roles side by side: what each is for, its duties and its part in them, its pay, its tests."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from rolerules.explain.statement import padded, width_of, wrapped
from rolerules.model.context import readable
from rolerules.model.model import (
    Change,
    Fact,
    Line,
    Model,
    Parameter,
    Rule,
    Silence,
    Table,
    Test,
    Value,
)

WIDTH = 100
_LEAST_COLUMN = 16
# A name in a formula; not a text in quotes, nor a field after its point.
_NAME = re.compile(r'"[^"]*"|\.\w+|(?P<name>\b[a-z]\w*)(?:\[(?P<key>\w+)\])?')


@attrs.frozen(slots=True)
class Aspect:
    """One row of the comparison: its name, and for each role its points in order."""

    name: str
    points: tuple[tuple[str, ...], ...]


@attrs.frozen(slots=True)
class Roles:
    """Roles side by side, in the order given: their titles, and one row for each aspect."""

    titles: tuple[str, ...]
    aspects: tuple[Aspect, ...]

    def to_text(self, width: int = WIDTH) -> str:
        """Lay the roles out in columns for a terminal, no wider than asked for."""
        column = max(_LEAST_COLUMN, (width - 3 * (len(self.titles) - 1)) // len(self.titles))
        rule = "-+-".join(["-" * column] * len(self.titles))
        lines = [*_columns([[title] for title in self.titles], column)]
        for aspect in self.aspects:
            name = aspect.name.upper()
            lines += [rule, name, *_columns([_points(one) for one in aspect.points], column)]
        return "\n".join(line.rstrip() for line in lines)

    def to_markdown(self) -> str:
        """Write a Markdown table (GitHub's), a row for each aspect."""
        rows = [["", *self.titles], ["---"] * (1 + len(self.titles))]
        for aspect in self.aspects:
            points = ["<br>".join(_escaped(point) for point in one) for one in aspect.points]
            rows.append([f"**{aspect.name}**", *points])
        head, marks, *body = rows
        heads = [_escaped(title) for title in head]
        return "\n".join(f"| {' | '.join(row)} |" for row in (heads, marks, *body))


def side_by_side(models: Sequence[Model]) -> Roles:
    """Put the roles of some rulesets side by side."""
    aspects: tuple[tuple[str, Callable[[Model], Iterator[str]]], ...] = (
        ("Overview", _overview),
        ("Duties", _duties),
        ("Pay", _pay),
        ("Assessment", _assessment),
        ("Changes of status", _status),
        ("Figures of the company", _company_figures),
    )
    rows = [(name, [tuple(of(model)) for model in models]) for name, of in aspects]
    filled = [
        Aspect(name, tuple(one or ("–",) for one in points))
        for name, points in rows if any(points) or name != "Figures of the company"
    ]  # fmt: skip
    return Roles(tuple(model.title for model in models), tuple(filled))


def _overview(model: Model) -> Iterator[str]:
    if model.overview:
        yield f"{model.overview.text}{_cited(model.overview.origin.source)}"


def _duties(model: Model) -> Iterator[str]:
    for duty in _in_file_order(model.duties.values()):
        yield f"{duty.origin.title}: {duty.part}, every {duty.every}{_cited(duty.origin.source)}"


def _pay(model: Model) -> Iterator[str]:
    for line in model.lines.values():
        clauses = line.origin.source or tuple(
            dict.fromkeys(clause for rule in line.rules for clause in rule.source)
        )
        rules = "; ".join(_rule(model, line.rules, place) for place in range(len(line.rules)))
        yield f"{line.origin.title}: {rules}{_cited(clauses)}"
    if not model.lines:
        yield "no pay lines"


def _rule(model: Model, rules: Sequence[Rule], place: int) -> str:
    """What a rule pays, by the titles of what its formula names, and when."""
    rule = rules[place]
    silent = isinstance(rule.amount, Silence)
    said = "not decided by the text" if silent else _by_titles(model, rule.amount_text)
    if rule.when_text:
        return f"{said} if {_by_titles(model, rule.when_text)}"
    return f"{said} otherwise" if len(rules) > 1 else said


def _by_titles(model: Model, formula: str) -> str:
    """A formula with titles in place of names; `base[grade]` becomes `base (grade)`."""
    named: Mapping[str, Fact | Parameter | Table | Value | Line] = {
        **model.facts, **model.parameters, **model.tables, **model.values, **model.lines,
    }  # fmt: skip

    def said(found: re.Match[str]) -> str:
        name = found["name"] or ""
        if name not in named:
            return found[0]
        title = named[name].origin.title.removeprefix("Whether ")
        key = f" ({_by_titles(model, found['key'])})" if found["key"] else ""
        return (title if title[1:2].isupper() else title[:1].lower() + title[1:]) + key

    return _NAME.sub(said, formula)


def _company_figures(model: Model) -> Iterator[str]:
    """Whose figures are used, with the clause that leaves each to the company."""
    asked: list[Parameter | Table] = [*model.parameters.values(), *model.tables.values()]
    for one in asked if model.company else ():
        if one.set_by_company:
            source = _cited(one.origin.source)
            yield f"{one.origin.title}: set by {model.company_title}{source}"


def _assessment(model: Model) -> Iterator[str]:
    for test in _in_file_order(model.assessments.values()):
        title = f"{test.origin.title}, every {test.every}"
        yield f"{title}: {_asked(model, test)}{_cited(test.origin.source)}"


def _in_file_order(tests: Iterable[Test]) -> list[Test]:
    return sorted(tests, key=lambda test: test.origin.span)


def _asked(model: Model, test: Test) -> str:
    """What an assessment asks for; for one that is only a name, what that name stands for."""
    return model.values[test.text].text if test.text in model.values else test.text


def _status(model: Model) -> Iterator[str]:
    for change in model.status.changes if model.status else ():
        yield f"{change.source} → {change.to}: {change.effect}{_cited(change.origin.source)}"
        if change.proposed:
            yield "proposed only, until a named person of the company confirms it"
        yield f"grounds: {'; '.join(_grounds(change))}"
        yield f"notice: {change.notice}"


def _grounds(change: Change) -> Iterator[str]:
    """The grounds, with all assessments (and all duties) as one, as they were written."""
    for of, group in itertools.groupby(change.grounds, key=lambda ground: ground.of):
        grounds = list(group)
        if of == "condition":
            yield from (f"{readable(ground.name)} ({ground.text})" for ground in grounds)
        else:
            yield f"any {of} {grounds[0].text}"


def _cited(source: Sequence[str]) -> str:
    return f" ({', '.join(source)})" if source else ""


def _points(points: Sequence[str]) -> list[str]:
    return [f"- {point}" for point in points] if len(points) > 1 else list(points)


def _columns(columns: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Lines of text side by side, each column wrapped to its width."""
    filled = [
        [line for point in points for line in wrapped(point, width, 2 * point.startswith("- "))]
        for points in columns
    ]
    for row in itertools.zip_longest(*filled, fillvalue=""):
        assert all(width_of(cell) <= width for cell in row), "a column is never wider than asked"
        yield " | ".join(padded(cell, width) for cell in row)


def _escaped(text: str) -> str:
    """A text that Markdown shows as it is within a cell."""
    for sign in ("\\", "|", "*", "_", "`", "[", "]", "<", ">"):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
