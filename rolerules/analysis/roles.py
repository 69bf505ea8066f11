# SPDX-License-Identifier: MIT
"""Roles side by side: what each is for, its duties and its part in them, its pay, its tests."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from rolerules.explain.statement import padded, width_of, wrapped
from rolerules.model.context import readable
from rolerules.model.model import Change, Model, Silence, Test

WIDTH = 100
_LEAST_COLUMN = 16


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
        ("Suspension", _status),
    )
    rows = [
        Aspect(name, tuple(tuple(of(model)) or ("–",) for model in models)) for name, of in aspects
    ]
    return Roles(tuple(model.title for model in models), tuple(rows))


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
        rules = "; ".join(
            _rule(rule.when_text, rule.amount_text, rule.amount) for rule in line.rules
        )
        yield f"{line.origin.title}: {rules}{_cited(clauses)}"
    if not model.lines:
        yield "no pay lines"


def _rule(when: str, amount: str, result: object) -> str:
    said = "not decided by the text" if isinstance(result, Silence) else amount
    return f"{said} if {when}" if when else said


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
