# SPDX-License-Identifier: MIT
"""Figures by their dates as steps: the one in force on a day, the average over the period."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rolerules.model.model import InForce, Model
from rolerules.model.term import Term
from rolerules.model.types import DATE, NUMBER, WHOLE, YES_NO
from rolerules.periods import period_start

if TYPE_CHECKING:
    from rolerules.plan.lower import Lowering

Figure = InForce[Any]


def figure_on(to: Lowering, term: Term) -> int:
    """The figure in force on a day: an `if` for every date of change, the last one outermost."""
    day, keys = to.term(term.args[0]), tuple(to.term(key) for key in term.args[1:])
    figures = to.model.parameters[str(term.value)].figures
    chosen = None if figures[0].since is None else _not_in_force(to, term, figures[0], day)
    for figure in figures:
        # An unknown day leaves the figure unknown, also where it never changes.
        since = to.constant(figure.since or datetime.date.min, DATE)
        test, one = to.add(">=", (day, since), YES_NO), _figure(to, term, figure, keys)
        chosen = to.add("if", (test, one, one if chosen is None else chosen), term.type, term.range)
    assert chosen is not None
    return chosen


def by_days(to: Lowering, term: Term) -> int:
    """The figure in force at the end, and what earlier ones differ by, for the days before each change."""
    keys = tuple(to.term(key) for key in term.args)
    start, end = to.names["period_start"], to.names["as_of"]
    figures = in_period(to.model, str(term.value), to.interval()[0])
    parts = [_figure(to, term, figure, keys) for figure in figures]
    one, average = to.constant(Fraction(1), WHOLE), parts[-1]
    days = to.add("+", (to.add("days", (start, end), WHOLE), one), WHOLE)
    for (earlier, later), figure in zip(itertools.pairwise(parts), figures[1:], strict=True):
        since, none = to.constant(figure.since, DATE), to.constant(Fraction(0), WHOLE)
        before = to.add("max", (to.add("days", (start, since), WHOLE), none), WHOLE)
        share = to.add("/", (before, days), NUMBER)
        less = to.add("-", (earlier, later), term.type)
        average = to.add("+", (average, to.add("*", (less, share), term.type)), term.type)
    if figures[0].since is None:
        return average
    test = to.add(">=", (start, to.constant(figures[0].since, DATE)), YES_NO)
    missing = _not_in_force(to, term, figures[0], start)
    return to.add("if", (test, average, missing), term.type, term.range)


def in_period(model: Model, name: str, day: datetime.date | None) -> Sequence[Figure]:
    """The figures of a parameter that a period may hold which ends on the day or until the next change."""
    figures = [
        one
        for one in model.parameters[name].figures
        if one.since is None or (day is not None and one.since <= day)
    ]
    if day is None:
        return figures
    start = period_start(day, model.period or "year", model.year_starts)
    return [
        one
        for one, later in itertools.zip_longest(figures, figures[1:])
        if later is None or (later.since or start) > start
    ]


def _figure(to: Lowering, term: Term, figure: Figure, keys: tuple[int, ...]) -> int:
    if isinstance(figure.value, Mapping):
        return to.add("lookup", keys, term.type, term.range, figure.value)
    return to.constant(figure.value, term.type)


def _not_in_force(to: Lowering, term: Term, first: Figure, day: int) -> int:
    return to.add("not in force", (day,), term.type, value=(term.value, first.since))
