# SPDX-License-Identifier: MIT
"""What differs between two decisions: for whoever posted a fact, and for what is paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs

from rolerules.decision import Decision, Needs, StatusDecision
from rolerules.problems import Problem


@attrs.frozen(slots=True)
class Differs:
    """One result before and after; None where it was, or is, undetermined or not there."""

    id: str
    before: Any
    after: Any


@attrs.frozen(slots=True)
class Difference:
    """What a pay line comes to now and was last decided to be; the signed difference is what is owed.

    Above 0 it is an arrear, below 0 a recovery; None where one of the two is undetermined.
    """

    line: str
    before: Decimal | None
    after: Decimal | None

    @property
    def amount(self) -> Decimal | None:
        """The signed difference."""
        known = self.before is not None and self.after is not None
        return self.after - self.before if known else None  # type: ignore[operator]  # both known

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        amounts = {"before": self.before, "after": self.after, "difference": self.amount}
        written = {name: None if one is None else f"{one:f}" for name, one in amounts.items()}
        return {"line": self.line, **written}


@attrs.frozen(slots=True, kw_only=True)
class Changed:
    """What an event changed.

    `event` is its id and `number` its entry; `repeated` says that it was known already and
    changed nothing. `decision` is what now follows, None where the facts together are refused
    for the reasons in `refused`; they may be mended by what is still to come. `proposal` is the
    number of a change of status that was proposed by this event. `so_far` is what has arrived of
    lists and sums that are not complete yet. `late` says that the period was decided before,
    `ahead` that the event which is corrected or withdrawn has not arrived yet; `overruled` names
    the event that holds all the same, since it says something for a later time.
    """

    event: str
    number: int
    decision: Decision | None
    repeated: bool = False
    lines: tuple[Differs, ...] = ()
    assessments: tuple[Differs, ...] = ()
    duties: tuple[Differs, ...] = ()
    status: StatusDecision | None = None
    proposal: int | None = None
    violations: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    missing: Needs = ()
    refused: tuple[Problem, ...] = ()
    so_far: Mapping[str, Any] = attrs.field(factory=dict)
    late: bool = False
    ahead: bool = False
    overruled: str = ""


def changed(before: Decision | None, after: Decision | None) -> dict[str, Any]:
    """What differs between two decisions of one case, as arguments of `Changed`."""
    if after is None:
        return {}
    broken = [{one.id for one in decision.violations} if decision else set[str]() for decision in (before, after)]  # fmt: skip
    was, status = (_said(one) for one in (before, after))
    return {
        "lines": tuple(_differ(_amounts(before), _amounts(after))),
        "assessments": tuple(_differ(_outcomes(before, "assessments"), _outcomes(after, "assessments"))),
        "duties": tuple(_differ(_outcomes(before, "duties"), _outcomes(after, "duties"))),
        "status": after.status if status != was else None,
        "violations": tuple(sorted(broken[1] - broken[0])),
        "mended": tuple(sorted(broken[0] - broken[1])),
        "missing": after.missing,
    }  # fmt: skip


def _said(decision: Decision | None) -> tuple[Any, ...] | None:
    """What a decision says of the status, whatever it still waits for."""
    one = decision.status if decision else None
    return (one.source, one.to, one.effect, one.grounds, one.notice) if one else None


def _amounts(decision: Decision | None) -> dict[str, Decimal | None]:
    return {line.id: line.amount for line in decision.lines} if decision else {}


def _outcomes(decision: Decision | None, section: str) -> dict[str, str]:
    found = getattr(decision, section) if decision else {}
    return {name: one.outcome for name, one in found.items()}


def _differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Differs]:
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield Differs(name, before.get(name), after.get(name))


def differences(closed: Iterable[Mapping[str, Any]], after: Decision) -> tuple[Difference, ...]:
    """What each pay line comes to now, and the total, against what was last decided of it.

    `closed` are the recorded decisions of the period in their order. A line that one of them left
    undetermined is held against the figure before: that is what was paid. One that a decision
    has not at all was, or is, nothing; the total is that of the lines.
    """
    nothing = Decimal(0).scaleb(-after.digits)
    now, paid = _amounts(after), dict[str, Decimal | None]()
    for number, decision in enumerate(closed):
        lines = {line["id"]: _amount(line["amount"]) for line in decision["pay"]["lines"]}
        new = nothing if number else None
        before = paid
        paid = dict.fromkeys((name for name in before if name not in lines), nothing)
        for name, amount in lines.items():
            paid[name] = before.get(name, new) if amount is None else amount
    every = {name: (paid.get(name, nothing), now.get(name, nothing)) for name in {**paid, **now}}
    known = [before for before, _ in every.values() if before is not None]
    total = sum(known, nothing) if len(known) == len(every) else None
    found = [Difference(name, before, amount) for name, (before, amount) in every.items()]
    return (*found, Difference("total", total, after.total.amount))


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
