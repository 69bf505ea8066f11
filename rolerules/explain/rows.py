# SPDX-License-Identifier: MIT
"""The rows of a table that matched in a proved case, and why the others did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rolerules.explain.look import Look
from rolerules.explain.why import NotApplied
from rolerules.explain.words import reasons
from rolerules.model import model as models
from rolerules.model.cells import INPUT, condition
from rolerules.plan.lower import in_force
from rolerules.text.expression import Expression, replaced
from rolerules.text.formula import parse


def missed(look: Look, formula: Expression | None) -> Iterator[NotApplied]:
    """The rows of tables the formula names that did not match, each with its distance."""
    names = [part.word for part in formula.walk() if part.op == "name"] if formula else []
    for name in dict.fromkeys(names):
        table = look.model.tables.get(name)
        for place, row in enumerate(_rows(look, table) if table else ()):
            assert table is not None
            if _result(look, name, place) is False:
                why = tuple(_misses(look, table, row))
                yield NotApplied(
                    f"{name}: {', '.join(row.texts[:-1])} → {row.texts[-1]}",
                    why,
                    table.origin.source,
                )


def _rows(look: Look, table: models.Table) -> Sequence[models.Row]:
    return in_force(table.rows, look.proof.decision.as_of) or ()


def _result(look: Look, table: str, place: int) -> Any:
    step = look.proof.plan.steps[look.proof.plan.names[table]]
    return look.proof.results[step.args[2 * place]]


def hits(look: Look, table: models.Table) -> Iterator[str]:
    """The rows that matched; that none did, where the text is silent for the rest."""
    tests = [_result(look, table.origin.name, at) for at, _ in enumerate(_rows(look, table))]
    for row, test in zip(_rows(look, table), tests, strict=True):
        if test is True:
            yield f"{', '.join(row.texts[:-1])} → {row.texts[-1]}"
    if isinstance(table.otherwise, models.Silence) and not any(tests):
        yield f"otherwise → silent {table.otherwise.reading}"


def _misses(look: Look, table: models.Table, row: models.Row) -> Iterator[str]:
    for text, asked, term in zip(row.texts, table.input_texts, table.inputs, strict=False):
        test = condition(text, term.type)
        if test is None:
            continue
        filled = replaced(test, INPUT, parse(asked))
        if look.value(filled).value is False:
            yield from reasons(filled, look, holds=False)
