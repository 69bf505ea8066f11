# SPDX-License-Identifier: MIT
"""What every check needs: the files that take part, the scope, and where problems go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from rolerules.model.infer import infer
from rolerules.model.model import Origin
from rolerules.model.results import accept
from rolerules.model.scope import Report, Scope
from rolerules.model.term import Term
from rolerules.model.types import Type
from rolerules.problems import Problem, Span
from rolerules.syntax.tree import Formula, Named, Written
from rolerules.text.expression import Expression
from rolerules.text.tree import Document, Scalar, inside, problem_at


@attrs.define(slots=True, repr=False)
class Context:
    """The documents by file name, the problems found so far, and what formulas may name."""

    documents: Mapping[str, Document]
    digits: int
    scope: Scope = attrs.field(factory=Scope)
    problems: list[Problem] = attrs.field(factory=list)
    seen: set[Problem] = attrs.field(factory=set)

    def report(
        self, span: Span, code: str, message: str, help: str = "", *, severity: str = "error"
    ) -> None:
        """Add a problem with its excerpt."""
        problem = problem_at(self.documents[span.file], span, code, message, help)
        problem = attrs.evolve(problem, severity=severity)
        if problem not in self.seen:  # a cell may stand for several rows
            self.seen.add(problem)
            self.problems.append(problem)

    def inside(self, scalar: Scalar) -> Report:
        """A report whose places are characters of a scalar's text."""

        def report(
            at: tuple[int, int], code: str, message: str, help: str = "", severity: str = "error"
        ) -> None:
            span = (
                inside(self.documents[scalar.span.file], scalar, *at)
                if at[0] < at[1]
                else scalar.span
            )
            self.report(span, code, message, help, severity=severity)

        return report

    def term(
        self,
        formula: Formula,
        wanted: Type | None = None,
        what: str = "this place",
        *,
        known: Any = None,
    ) -> Term:
        """Settle a formula, and check its type where one is asked for."""
        report = self.inside(formula.scalar)
        term = infer(formula.expression, self.scope, report, known=known)
        return accept(term, wanted, report, what) if wanted else term

    def settled(self, expression: Expression, span: Span, *, notices: bool = True) -> Term:
        """Settle a formula that was put together from checked parts; problems are at `span`."""

        def report(
            at: tuple[int, int], code: str, message: str, help: str = "", severity: str = "error"
        ) -> None:
            if notices or severity == "error":
                self.report(span, code, message, help, severity=severity)

        return infer(expression, self.scope, report)

    def name(self, name: str, term: Term, formula: Expression | None = None) -> None:
        """Let later formulas name something."""
        self.scope.names[name] = term
        if formula:
            self.scope.formulas[name] = formula


def origin(named: Named[Any]) -> Origin:
    """The name, title and clauses of a construct."""
    title = getattr(named.value, "title", None)
    return Origin(
        named.name,
        title.text if title else readable(named.name),
        clauses(named.value.source),
        named.span,
    )


def clauses(source: tuple[Written, ...]) -> tuple[str, ...]:
    """The cited clauses as text."""
    return tuple(clause.text for clause in source)


def readable(name: str) -> str:
    """A title for a construct without one: `team_commission` → `Team commission`."""
    words = name.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]
