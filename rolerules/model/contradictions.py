# SPDX-License-Identifier: MIT
"""Rows that no accepted case reaches, since a limit refuses it; limits that say nothing.

Facts are accepted where no limit of severity `error` is broken. So the comparisons that such a
limit asks for hold in every accepted case in which their sides are known, and a row whose cell
holds nowhere together with them never matches.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import attrs

from rolerules.model import grid
from rolerules.model.context import Context
from rolerules.model.guards import SWAPPED, comparisons
from rolerules.model.infer import infer
from rolerules.model.model import Limit, Row, Table
from rolerules.model.scope import unsaid
from rolerules.model.term import Scalar, Term
from rolerules.model.types import AMOUNTS, BROKEN, YES_NO
from rolerules.text.expression import Expression, show
from rolerules.text.formula import parse

_LEAVE = "correct the row or the limit; what only fills the table can stand under `otherwise:`"
_CORRECT = "correct the limit, or the range of what it looks at"


@attrs.frozen(slots=True, repr=False)
class _Asked:
    """What a limit asks for, in every case, of one formula."""

    limit: Limit
    of: Expression
    op: str
    figure: Scalar

    def condition(self, term: Term) -> Term:
        """The comparison as a cell's condition, for an input that is this formula."""
        name = Term("name", (), term.type, term.range, "?")
        return Term(self.op, (name, Term("constant", (), term.type, value=self.figure)), YES_NO)


def contradictions(
    context: Context, limits: Mapping[str, Limit], tables: Mapping[str, Table], file: str
) -> None:
    """Note the rows that limits keep every case from, and the limits of the file that never matter."""
    sound = [limit for limit in limits.values() if limit.require.type is not BROKEN]
    asked = [one for limit in sound for one in _asked(context, limit)]
    for limit in sound:
        if limit.origin.span.file == file:
            _useless(context, limit, [one for one in asked if one.limit is limit])
    refusing = [one for one in asked if one.limit.severity == "error"]
    for table in tables.values() if refusing else ():
        inputs = [_followed(context, parse(text)) for text in table.input_texts]
        for row in (row for block in table.rows for row in block.value):
            _row(context, table, inputs, row, refusing)


def _asked(context: Context, limit: Limit) -> Iterator[_Asked]:
    formulas = context.scope.formulas
    for op, left, right in comparisons(parse(limit.text), True, formulas):
        for one, other, sign in ((left, right, op), (right, left, SWAPPED[op])):
            figure = grid.constant(_settled(context, other))
            if figure is not None:
                yield _Asked(limit, _followed(context, one), sign, figure)


def _followed(context: Context, expression: Expression) -> Expression:
    """The formula that a name stands for; the same formula under two names is one."""
    formulas, seen = context.scope.formulas, set()
    while expression.op == "name" and expression.word in formulas and expression not in seen:
        seen.add(expression)
        expression = formulas[expression.word]
    return expression


def _row(
    context: Context, table: Table, inputs: Sequence[Expression], row: Row, refusing: list[_Asked]
) -> None:
    for term, of, cell, text in zip(table.inputs, inputs, row.conditions, row.texts, strict=False):
        if cell is None or not grid.is_static(cell) or not grid.meets(term, [cell]):
            continue
        mine = sorted((one for one in refusing if one.of == of), key=_name)
        for name, some in itertools.groupby(mine, _name):
            asked = list(some)
            if not grid.meets(term, [cell, *(one.condition(term) for one in asked)]):
                place, code = asked[0].limit.origin.span, "row-against-limit"
                where = f"{place.file}, " if place.file != row.span.file else ""
                message = (
                    f"no accepted case reaches this row: where `{show(of)}` is `{text}`, "
                    f"the limit `{name}` in {where}line {place.line} is broken"
                )
                context.report(row.span, code, message, _LEAVE, severity="notice")
                return


def _name(asked: _Asked) -> str:
    return asked.limit.origin.name


def _useless(context: Context, limit: Limit, asked: Sequence[_Asked]) -> None:
    """Note a limit that every case breaks, or one that no case can break."""
    tests = [(one, _settled(context, one.of)) for one in asked]
    figures = [(one.condition(term), term) for one, term in tests if term.type.kind in AMOUNTS]
    span = limit.origin.span
    if any(not grid.meets(term, [test]) for test, term in figures):
        message = f"`{limit.text}` holds in no case"
        context.report(span, "limit-never", message, _CORRECT, severity="notice")
    whole = {"between": 2}.get(parse(limit.text).op, 1 if parse(limit.text).op in SWAPPED else 0)
    turned = [(Term("not", (test,), YES_NO), term) for test, term in figures]
    if len(turned) == whole and whole and not any(grid.meets(term, [no]) for no, term in turned):
        message = f"`{limit.text}` holds in every case: the limit is never broken"
        context.report(span, "limit-always", message, _CORRECT, severity="notice")


def _settled(context: Context, expression: Expression) -> Term:
    """A part of a checked formula."""
    return infer(expression, context.scope, unsaid, proved=True)
