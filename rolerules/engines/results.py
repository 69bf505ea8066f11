# SPDX-License-Identifier: MIT
"""What engines share: the unknown, and how step results become a decision."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from rolerules.dates import add_days
from rolerules.decision import Decision, Needs, Outcome, PayLine, Remark, StatusDecision
from rolerules.engines.opening import Opening
from rolerules.periods import days_in_period, half_year, period_start, quarter, year
from rolerules.plan import plan as plans
from rolerules.problems import FactError, InternalError, Problem
from rolerules.values import fixed

Look = Callable[[int], Any]


@attrs.frozen(slots=True)
class Unknown:
    """A result that is not known: the facts it waits for, or why it failed."""

    needs: frozenset[str] = frozenset()
    failure: Problem | None = None


def given_values(plan: plans.Plan, as_of: datetime.date, opening: Opening) -> dict[str, Any]:
    """The built-in names' values for a case, and what the balances came in with."""
    start = period_start(as_of, plan.period or "year", plan.year_starts)
    values: dict[str, Any] = {
        "as_of": as_of,
        "period_start": start,
        "days_in_period": days_in_period(as_of, plan.period or "year", plan.year_starts),
        "month": as_of.month,
        "quarter": quarter(as_of, plan.year_starts),
        "half_year": half_year(as_of, plan.year_starts),
        "year": year(as_of, plan.year_starts),
        "status_at_start": opening.status,
        "status_since": opening.since,
    }
    for name, carry in plan.carries.items():
        values[f"{name}.opening"] = opening.carries.get(name)
        span = carry.restarts.removeprefix("each ")
        restarts = bool(span) and start == period_start(start, span, plan.year_starts)
        values[f"{name}.starts"] = opening.start or restarts
    return values


@attrs.frozen(slots=True)
class Case:
    """A case whose steps have results: `look` gives that of a step."""

    plan: plans.Plan
    look: Look
    as_of: datetime.date
    opening: Opening


def decide(plan: plans.Plan, look: Look, as_of: datetime.date, opening: Opening) -> Decision:
    """Gather the results of a plan's steps into a decision.

    Raises `FactError` for broken limits of severity error and for the documented failures.
    """
    _refuse(plan, look, remarks(plan, look)["error"])
    case = Case(plan, look, as_of, opening)
    return Decision(**{name: make(case) for name, make in PARTS.items()})


def _lines(case: Case) -> tuple[PayLine, ...]:
    return tuple(_line(case.plan, case.look, name, line) for name, line in case.plan.lines.items())


def _total(case: Case) -> PayLine:
    return PayLine("total", *_amount(case.plan, case.look(case.plan.total)))


def _outcomes(case: Case, tests: Mapping[str, plans.Outcome]) -> dict[str, Outcome]:
    return {name: _outcome(case.look(one.result)) for name, one in tests.items()}


def _indicators(case: Case) -> dict[str, Any]:
    return {name: _settled(case.look(step))[0] for name, step in case.plan.indicators.items()}


def _carries(case: Case) -> dict[str, Any]:
    plan, found = case.plan, {}
    for name, carry in plan.carries.items():
        result = case.look(carry.result)
        money = carry.type.kind == "money"
        found[name] = (_amount(plan, result) if money else _settled(result))[0]
    return found


def _status(case: Case) -> StatusDecision | None:
    return status_decision(case.plan, case.look, case.as_of, case.opening)


def _missing(case: Case) -> Needs:
    plan, decided = case.plan, _status(case)
    steps = [line.result for line in plan.lines.values()] + list(plan.indicators.values())
    steps += [one.result for one in (*plan.assessments.values(), *plan.duties.values())]
    steps += [carry.result for carry in plan.carries.values()]
    steps += [limit.result for limit in plan.limits.values()]
    needs = {need for step in steps for need in _settled(case.look(step))[1]}
    needs.update(decided.needs if decided else ())
    return tuple(sorted(need for need in needs if not need.startswith("silent:")))


PARTS: dict[str, Callable[[Case], Any]] = {
    "ruleset": lambda case: case.plan.id,
    "version": lambda case: case.plan.version,
    "digest": lambda case: case.plan.digest,
    "as_of": lambda case: case.as_of,
    "currency": lambda case: case.plan.currency,
    "digits": lambda case: case.plan.digits,
    "opening_status": lambda case: case.opening.status,
    "opening_since": lambda case: case.opening.since,
    "opening_assumed": lambda case: case.opening.status_assumed,
    "lines": _lines, "total": _total, "carries": _carries, "status": _status, "indicators": _indicators,
    "assessments": lambda case: _outcomes(case, case.plan.assessments),
    "duties": lambda case: _outcomes(case, case.plan.duties),
    "violations": lambda case: remarks(case.plan, case.look)["violation"],
    "notices": lambda case: remarks(case.plan, case.look)["notice"],
    "missing": _missing,
}  # fmt: skip
"""Each part of a decision, made of the results of a case."""


def _settled(result: Any) -> tuple[Any, Needs]:
    """A value and no needs, or None and the needs."""
    if not isinstance(result, Unknown):
        return result, ()
    if not result.needs:
        raise InternalError("a result is unknown and needs nothing")
    return None, tuple(sorted(result.needs))


def _amount(plan: plans.Plan, result: Any) -> tuple[Decimal | None, Needs]:
    value, needs = _settled(result)
    if value is None or isinstance(value, Decimal):  # an engine that reckons in decimals has it
        return value, needs
    return Decimal(fixed(value, plan.digits)), needs


def _line(plan: plans.Plan, look: Look, name: str, line: plans.Line) -> PayLine:
    amount, needs = _amount(plan, look(line.result))
    tests = (True if when is None else look(when) for when, _ in line.rules)
    applied = next((place for place, test in enumerate(tests) if test is not False), 0)
    return PayLine(name, amount, needs, None if amount is None else applied)


def remarks(plan: plans.Plan, look: Look) -> dict[str, tuple[Remark, ...]]:
    """The broken limits by their severity."""
    found: dict[str, list[Remark]] = {"error": [], "violation": [], "notice": []}
    for name, limit in sorted(plan.limits.items()):
        if look(limit.result) is False:
            found[limit.severity].append(Remark(name, limit.origin.title, limit.origin.source))
    return {severity: tuple(remarks) for severity, remarks in found.items()}


def _refuse(plan: plans.Plan, look: Look, broken: tuple[Remark, ...]) -> None:
    problems = [
        Problem("broken-limit", f"`{one.id}` is broken: {one.title}", plan.limits[one.id].origin.span, "correct the facts")
        for one in broken
    ]  # fmt: skip
    if problems:  # what facts that contradict each other come to says nothing more
        raise FactError(problems)
    outputs = [line.result for line in plan.lines.values()] + list(plan.indicators.values())
    outputs += [one.result for one in (*plan.assessments.values(), *plan.duties.values())]
    outputs += [limit.result for limit in plan.limits.values()]
    outputs += [carry.result for carry in plan.carries.values()]
    outputs += [step for change in plan.changes for step in change.grounds.values()]
    outputs += [change.notice_days for change in plan.changes if change.notice_days is not None]
    failures = [
        result.failure
        for result in map(look, outputs)
        if isinstance(result, Unknown) and result.failure
    ]
    if failures:
        raise FactError(dict.fromkeys(failures))


def _outcome(result: Any) -> Outcome:
    value, needs = _settled(result)
    return Outcome("undetermined" if value is None else value, needs)


def status_decision(
    plan: plans.Plan, look: Look, as_of: datetime.date, opening: Opening
) -> StatusDecision | None:
    """The status by the grounds of the changes that leave it; None where there is none."""
    status = opening.status
    if plan.start is None:
        return None
    if status is None:
        return StatusDecision(None, None, None, (), None, ("status_at_start",))
    pending: set[str] = set()  # what changes that come first wait for
    for change in plan.changes:
        if change.source != status:
            continue
        grounds, needs = grounds_of(change, look)
        if grounds and not pending:
            effect = "proposed" if change.proposed else "effective"
            notice, waiting = _notice(change, look)
            needs = tuple(sorted({*needs, *waiting}))
            since = opening.since if change.proposed else _takes_effect(as_of, notice)
            name = change.origin.name
            return StatusDecision(status, change.to, effect, grounds, notice, needs, name, since)
        if grounds:  # whatever follows cannot matter
            break
        pending.update(needs)
    if pending:
        return StatusDecision(status, None, None, (), None, tuple(sorted(pending)))
    return StatusDecision(status, status, None, (), None, (), None, opening.since)


def _takes_effect(as_of: datetime.date, notice: str | None) -> datetime.date | None:
    """The day after so many days of notice; None where they are unknown or leave the calendar."""
    if notice is None:
        return None
    try:
        return add_days(as_of, 0 if notice == "at once" else int(notice.split()[0]))
    except (OverflowError, ValueError):
        return None


def grounds_of(change: plans.Change, look: Look) -> tuple[tuple[str, ...], Needs]:
    """The grounds that are known to hold, and what the others wait for."""
    results = {name: _settled(look(step)) for name, step in change.grounds.items()}
    grounds = tuple(sorted(name for name, (value, _) in results.items() if value))
    return grounds, tuple(sorted({need for _, some in results.values() for need in some}))


def _notice(change: plans.Change, look: Look) -> tuple[str | None, Needs]:
    """The notice as it is written, or the days worked out; None where they are unknown."""
    if change.notice_days is None:
        return change.notice, ()
    days, needs = _settled(look(change.notice_days))
    if days is None:
        return None, needs
    return "at once" if days <= 0 else f"{days} day{'' if days == 1 else 's'}", ()
