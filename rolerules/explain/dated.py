# SPDX-License-Identifier: MIT
"""Figures by their dates in words: which one held on a day, and which ones make up an average."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from typing import Any

from rolerules.engines.results import Unknown
from rolerules.explain.look import Look
from rolerules.explain.words import shown
from rolerules.model.dated import DATED
from rolerules.model.model import Parameter
from rolerules.periods import period_start
from rolerules.plan.dated import in_period
from rolerules.plan.lower import dated_in_force, in_force
from rolerules.text.expression import Expression

_SHOWN_ITEMS = 6
Part = tuple[Expression, Expression | None]
"""A part of a formula, and the `for`, `some` or `every` around it whose items it may name."""


def parts(expression: Expression, around: Expression | None = None) -> Iterator[Part]:
    """Every part of a formula, outermost first; the parameter of `in_force` is no part of its own,
    since its figure of the as-of date does not go in."""
    yield expression, around
    args = expression.args
    if is_dated(expression):
        args = (*args[0].args[1:], *args[1:])
    for place, arg in enumerate(args):
        binds = expression.op in ("for", "some", "every") and place == 1
        yield from parts(arg, expression if binds else around)


def is_dated(expression: Expression) -> bool:
    """Whether a part is the figure of another day, or an average of figures."""
    return expression.op == "call" and expression.word in DATED


def asked(expression: Expression) -> str:
    """The parameter whose figure is asked for."""
    return expression.args[0].args[0].word if expression.args[0].args else expression.args[0].word


def said(part: Part, look: Look) -> tuple[str, str, str]:
    """What the figure came to, what it was made of, and how it came about."""
    expression, around = part
    parameter = look.model.parameters[asked(expression)]
    who = (
        f"parameter set by {look.model.company_title}" if parameter.set_by_company else "parameter"
    )
    if not _bound(expression, look):
        value = _shown(look.value(expression).value, expression, look)
        if expression.word == "by_days":
            return value, _days(expression, parameter, look), f"{who}, by the days of the period"
        return value, "", f"{who}, {_since(parameter, look.value(expression.args[1]).value)}"
    if around is None or _bound(around.args[0], look):
        return "one for each item", "", f"{who}, in force on the day of the item"
    return "one for each item", _items(expression, around, look), who


def _bound(expression: Expression, look: Look) -> bool:
    """Whether a part names an item of a list, so that it has a value for each of them."""
    known = {*look.scope.names, *look.scope.lookups}
    return any(one.op == "name" and one.word not in known for one, _ in parts(expression))


def _items(expression: Expression, around: Expression, look: Look) -> str:
    def each(part: Expression) -> Any:
        return look.value(Expression("for", (around.args[0], part), around.word)).value

    values = each(expression)
    if isinstance(values, Unknown):
        return ""
    by_days = expression.word == "by_days"
    days = values if by_days else each(expression.args[1])
    parameter = look.model.parameters[asked(expression)]
    told = [
        _shown(value, expression, look) + ("" if by_days else f" {_since(parameter, day)}")
        for value, day in zip(values, days, strict=True)
    ]
    more = [f"and {len(told) - _SHOWN_ITEMS} more"] if len(told) > _SHOWN_ITEMS else []
    numbered = [f"item {place}: {one}" for place, one in enumerate(told[:_SHOWN_ITEMS], 1)]
    return "; ".join(numbered + more)


def _shown(value: Any, expression: Expression, look: Look) -> str:
    parameter = look.model.parameters[asked(expression)]
    return shown(value, parameter.type, look.proof.plan.digits)


def _since(parameter: Parameter, day: Any) -> str:
    if not isinstance(day, datetime.date):
        return "in force on a day that is not known"
    if in_force(parameter.figures, day) is None:
        return f"none in force on {day}"
    since = dated_in_force(parameter.figures, day)
    return f"in force on {day}" + (f", since {since}" if since else "")


def _days(expression: Expression, parameter: Parameter, look: Look) -> str:
    """Each figure of the period with its days."""
    plan, as_of = look.proof.plan, look.proof.decision.as_of
    start = period_start(as_of, plan.period, plan.year_starts)
    key = look.value(expression.args[0].args[1]).value if expression.args[0].args else None
    told = []
    figures = in_period(look.model, parameter.origin.name, as_of)
    for one, later in itertools.zip_longest(figures, figures[1:]):
        value = one.value if key is None else key if isinstance(key, Unknown) else one.value[key]
        end = (later.since or as_of).toordinal() if later else as_of.toordinal() + 1
        days = end - max(start, one.since or start).toordinal()
        told.append(f"{_shown(value, expression, look)} on {days} day{'' if days == 1 else 's'}")
    return ", ".join(told)
