# SPDX-License-Identifier: MIT
"""What a period opens with: the status and the balances handed on by the one before."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs

from rolerules.engines.facts import read_value
from rolerules.model.types import ANY, DATE
from rolerules.plan.plan import Plan
from rolerules.problems import FactError, Problem, nearest

_EXACT = re.compile(r"-?[0-9]{1,200}(/0*[1-9][0-9]{0,199})?|-?[0-9]{1,60}\.[0-9]{1,200}", re.ASCII)
"""What `exact_text` writes, within a size that no honest balance reaches."""


@attrs.frozen(slots=True, repr=False)
class Opening:
    """The status, since when, and the balances, None where unknown.

    `start` says that it is the start of employment.
    """

    status: str | None
    status_assumed: bool
    carries: Mapping[str, Any]
    start: bool
    since: datetime.date | None = None


def read_opening(plan: Plan, given: Mapping[str, Any] | None) -> Opening:
    """Read an opening: `{"status": "active", "since": "2026-04-01", "carries": {"owed": "500.00"}}`.

    Left out (or empty) it is the start of employment; `since` or a balance left out is unknown.

    Raises `FactError` for an opening that is no mapping, or names what cannot be carried in.
    """
    if given is None or given == {}:
        return Opening(plan.start, True, {}, True)
    if not isinstance(given, Mapping):
        mend = 'give `{"status": "active"}`'
        raise FactError([Problem("opening", "the opening is no mapping", help=mend)])
    known = ("status", "since", "carries") if plan.states else ("status", "carries")
    problems = [_unknown(key, known, "") for key in given if key not in known]
    carries = given.get("carries")
    carries = {} if carries is None else carries
    values: dict[str, Any] = {}
    if not isinstance(carries, Mapping):
        problems.append(
            Problem(
                "opening",
                "the balances are no mapping",
                help='give `{"owed": "500.00"}`',
                path="opening.carries",
            )
        )
        carries = {}
    for name, value in carries.items():
        if name not in plan.carries:
            problems.append(_unknown(name, plan.carries, "carries."))
            continue
        path = f"opening.carries.{name}"
        type_ = plan.carries[name].type
        number = type_.kind in ("number", "rate") and isinstance(value, str | Fraction)
        exact = _EXACT.fullmatch(str(value)) if number else None
        if exact:  # a number is handed on as it is, with however many decimals: `1/3`
            values[name] = Fraction(exact[0])
            continue
        range_ = plan.carries[name].range
        values[name], wrong = read_value(value, type_, range_, path, plan.digits)
        problems += wrong
    state = given.get("status", plan.start)
    if state not in plan.states and state is not None:
        message = f"`{state}` is none of the states"
        problems.append(
            Problem(
                "opening", message, help=nearest(str(state), plan.states), path="opening.status"
            )
        )
    since, wrong = read_value(given.get("since"), DATE, ANY, "opening.since", plan.digits)
    problems += wrong if plan.states else ()
    if problems:
        raise FactError(problems)
    status = None if state is None else str(state)
    return Opening(status, plan.start is not None and "status" not in given, values, False, since)


def _unknown(key: object, known: Mapping[str, Any] | tuple[str, ...], under: str) -> Problem:
    message = f"`{key}` is nothing that can be carried in"
    mend = nearest(str(key), known) or "leave it out: this ruleset carries no balances"
    return Problem("opening", message, help=mend, path=f"opening.{under}{key}")
