# SPDX-License-Identifier: MIT
"""A decision whose parts are made of plain values when they are first looked at."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from rolerules.decision import Decision, Outcome, PayLine, StatusDecision
from rolerules.engines import reference
from rolerules.engines.facts import read_facts
from rolerules.engines.opening import Opening, read_opening
from rolerules.engines.results import given_values, remarks, status_decision
from rolerules.engines.single import Compiled, Slow
from rolerules.problems import FactError
from rolerules.values import fixed

_KEPT = 1_000
"""So many parts that are the same in many cases are kept; then they are made anew."""
_UNITS = decimal.Context(prec=120, traps=[decimal.Inexact])


@attrs.frozen(slots=True)
class Ready:
    """What is the same in every decision of a compiled plan.

    Of each line and of the total: the place of its numerator, and what one of them is worth.
    """

    compiled: Compiled
    lines: tuple[tuple[str, int, Decimal, tuple[tuple[int, int], ...], int], ...]
    total: tuple[int, Decimal]
    assessments: tuple[tuple[str, int], ...]
    limits: tuple[int, ...]
    errors: tuple[int, ...]
    """The places of the limits that refuse a case."""
    grounds: tuple[int, ...]
    starts: dict[datetime.date, tuple[Opening, dict[str, Any]]] = attrs.field(factory=dict)
    remarks: dict[tuple[bool, ...], dict[str, Any]] = attrs.field(factory=dict)
    statuses: dict[tuple[Any, ...], StatusDecision | None] = attrs.field(factory=dict)

    def start(self, as_of: datetime.date) -> tuple[Opening, dict[str, Any]]:
        """The start of employment, and the built-in values of a day."""
        found = self.starts.get(as_of)
        if found is None:
            plan = self.compiled.plan
            opening = read_opening(plan, None)
            found = opening, given_values(plan, as_of, opening)
            if len(self.starts) > _KEPT:
                self.starts.clear()
            self.starts[as_of] = found
        return found


def ready(compiled: Compiled) -> Ready:
    """Look up where everything stands."""
    plan, places = compiled.plan, compiled.places

    def worth(step: int) -> tuple[int, Decimal]:
        return places[step], Decimal(fixed(Fraction(1, compiled.below[step]), plan.digits))

    lines = []
    for name, line in plan.lines.items():
        tests = [
            (places[when], rule) for rule, (when, _) in enumerate(line.rules) if when is not None
        ]
        lines.append((name, *worth(line.result), tuple(tests), len(tests)))
    return Ready(
        compiled, tuple(lines), worth(plan.total),
        tuple((name, places[one.result]) for name, one in plan.assessments.items()),
        tuple(places[one.result] for one in plan.limits.values()),
        tuple(places[one.result] for one in plan.limits.values() if one.severity == "error"),
        tuple(places[step] for change in plan.changes for step in (*change.grounds.values(), *([] if change.notice_days is None else [change.notice_days]))),
    )  # fmt: skip


@attrs.frozen(slots=True)
class Later:
    """The plain values of one case, of which each part of its decision is made."""

    ready: Ready
    outputs: tuple[Any, ...]
    read: tuple[Any, ...]
    others: Mapping[str, Any]
    as_of: datetime.date
    opening: Opening

    def parts(self, name: str) -> dict[str, Any]:
        """A field of the decision, with those that are worked out with it; empty for what is none."""
        if make := _PARTS.get(name):
            return {name: make(self)}
        if name not in _OF_REFERENCE:
            return {}
        compiled = self.ready.compiled
        facts = compiled.values(self.read, self.others)
        found = reference.run(compiled.plan, facts, self.as_of, self.opening).decision
        return {one: getattr(found, one) for one in _OF_REFERENCE}

    def look(self, step: int) -> Any:
        """The result of a step, as the reference engine has it."""
        compiled = self.ready.compiled
        value, below = self.outputs[compiled.places[step]], compiled.below.get(step)
        if below is None:
            return value
        return Fraction(value, below if below > 0 else self.outputs[-below])


def _lines(later: Later) -> tuple[PayLine, ...]:
    out, found = later.outputs, []
    for name, place, unit, tests, rule in later.ready.lines:
        for test, number in tests:
            if out[test]:
                rule = number
                break
        found.append(PayLine(name, _UNITS.multiply(out[place], unit), (), rule))
    return tuple(found)


def _total(later: Later) -> PayLine:
    place, unit = later.ready.total
    return PayLine("total", _UNITS.multiply(later.outputs[place], unit), ())


_OUTCOMES = {word: Outcome(word, ()) for word in ("met", "missed", "not_due")}


def _assessments(later: Later) -> dict[str, Outcome]:
    out = later.outputs
    return {name: _OUTCOMES[out[place]] for name, place in later.ready.assessments}


def _status(later: Later) -> StatusDecision | None:
    ready, out, opening = later.ready, later.outputs, later.opening
    key = (opening.status, opening.since, later.as_of, *[out[place] for place in ready.grounds])
    if key not in ready.statuses:
        if len(ready.statuses) > _KEPT:
            ready.statuses.clear()
        plan = ready.compiled.plan
        ready.statuses[key] = status_decision(plan, later.look, later.as_of, opening)
    return ready.statuses[key]


def _remarks(later: Later) -> dict[str, Any]:
    ready, out = later.ready, later.outputs
    key = tuple([out[place] for place in ready.limits])
    if key not in ready.remarks:
        if len(ready.remarks) > _KEPT:
            ready.remarks.clear()
        ready.remarks[key] = remarks(ready.compiled.plan, later.look)
    return ready.remarks[key]


def _carries(later: Later) -> dict[str, Any]:
    plan = later.ready.compiled.plan
    found = {name: later.look(carry.result) for name, carry in plan.carries.items()}
    return {
        name: Decimal(fixed(value, plan.digits)) if plan.carries[name].type.kind == "money" else value
        for name, value in found.items()
    }  # fmt: skip


_OF_REFERENCE = ("duties", "indicators", "missing")
_PARTS: dict[str, Callable[[Later], Any]] = {
    "ruleset": lambda later: later.ready.compiled.plan.id,
    "version": lambda later: later.ready.compiled.plan.version,
    "digest": lambda later: later.ready.compiled.plan.digest,
    "as_of": lambda later: later.as_of,
    "currency": lambda later: later.ready.compiled.plan.currency,
    "digits": lambda later: later.ready.compiled.plan.digits,
    "opening_status": lambda later: later.opening.status,
    "opening_since": lambda later: later.opening.since,
    "opening_assumed": lambda later: later.opening.status_assumed,
    "lines": _lines, "total": _total, "assessments": _assessments, "status": _status,
    "violations": lambda later: _remarks(later)["violation"],
    "carries": _carries,
    "notices": lambda later: _remarks(later)["notice"],
}  # fmt: skip


def decided(
    made: Ready, facts: dict[str, Any], as_of: datetime.date, given: Mapping[str, Any] | None
) -> Decision | None:
    """Decide a case; None where something needed is unknown, or the case may be refused."""
    compiled = made.compiled
    try:
        if given is not None and given != {}:
            opening = read_opening(compiled.plan, given)
            values = given_values(compiled.plan, as_of, opening)
        else:
            opening, values = made.start(as_of)
        outputs, read = compiled.run(facts, values)
        others = {} if len(facts) == len(read) else _others(compiled, facts)
    except (Slow, ArithmeticError, ValueError, FactError):
        return None
    for place in made.errors:
        if not outputs[place]:
            return None
    return Decision.later(Later(made, outputs, read, others, as_of, opening))


def _others(compiled: Compiled, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts that no output hangs on."""
    rest = {name: value for name, value in facts.items() if name not in compiled.facts}
    values, refused = read_facts(compiled.others, rest, compiled.plan.digits)
    if refused:
        raise Slow
    return values
