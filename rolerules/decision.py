# SPDX-License-Identifier: MIT
"""The one result shape of all engines."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from rolerules.values import exact_text

Needs = tuple[str, ...]
"""Names of the unknown facts a result waits for, sorted; `silent:NAME` for a silent reading."""


Value = Fraction | str | bool | datetime.date | None
"""What an indicator comes to; None where it is undetermined."""


class OpenPayLine:
    """A pay line while it is written: once its class is `PayLine`, it never changes.

    So the single engine fills one in a quarter of the time that a frozen class takes for it.
    """

    __slots__ = ("__weakref__", "amount", "id", "needs", "rule")


@attrs.frozen(slots=True)
class PayLine(OpenPayLine):
    """One line: its amount (None: undetermined), and what it needs to be determined.

    The amount is exact, in major units, with just the currency's digits. `rule` is the position
    of the rule that applied (None: undetermined, or a total).
    """

    id: str
    amount: Decimal | None
    needs: Needs
    rule: int | None = None


@attrs.frozen(slots=True)
class Outcome:
    """A duty's or an assessment's outcome, `undetermined` with its needs where not known."""

    outcome: str
    needs: Needs


@attrs.frozen(slots=True)
class StatusDecision:
    """The status before and after.

    `source` is None where the period before left it undetermined. `to` is None where it is
    undetermined; `effect` is `proposed`, `effective` or None for no change; `grounds` are those
    known so far, `needs` what pending ones wait for. `change` is the name of the change; `since`
    the day on which the status that goes on began, None where that is unknown.
    """

    source: str | None
    to: str | None
    effect: str | None
    grounds: tuple[str, ...]
    notice: str | None
    needs: Needs
    change: str | None = None
    since: datetime.date | None = None


@attrs.frozen(slots=True)
class Remark:
    """A violation or a notice: the broken limit, its title and the clauses it cites."""

    id: str
    title: str
    source: tuple[str, ...]


class OpenDecision:
    """A decision while it is written; see `OpenPayLine`."""

    __slots__ = (
        "__weakref__",
        "_later",
        "_values",
        "as_of",
        "assessments",
        "carries",
        "currency",
        "digest",
        "digits",
        "duties",
        "indicators",
        "lines",
        "missing",
        "notices",
        "opening_assumed",
        "opening_since",
        "opening_status",
        "ruleset",
        "status",
        "total",
        "version",
        "violations",
    )  # fmt: skip


class _Part:
    """A field of a decision, made when somebody first looks at it: from the values of the case."""

    def __init__(self, slot: Any) -> None:
        self.slot = slot

    def __get__(self, decision: Any, owner: type | None = None) -> Any:
        if decision is None:
            return self
        try:
            return self.slot.__get__(decision)
        except AttributeError:
            for name, value in decision._later(decision._values, self.slot.__name__).items():
                object.__setattr__(decision, name, value)
            return self.slot.__get__(decision)

    def __set__(self, decision: Any, value: Any) -> None:
        self.slot.__set__(decision, value)


@attrs.frozen(slots=True, kw_only=True)
class Decision(OpenDecision):
    """What follows from the facts: pay, assessments, duties, indicators, status.

    Amounts are exact, in major units of `currency`, each a multiple of its least unit.
    `opening_assumed` says that no opening was given, so the start of employment was taken.
    """

    ruleset: str
    version: str
    digest: str
    as_of: datetime.date
    currency: str
    digits: int
    opening_status: str | None
    opening_since: datetime.date | None
    opening_assumed: bool
    lines: tuple[PayLine, ...]
    total: PayLine
    assessments: Mapping[str, Outcome]
    duties: Mapping[str, Outcome]
    indicators: Mapping[str, Value]
    carries: Mapping[str, Any]
    status: StatusDecision | None
    violations: tuple[Remark, ...]
    notices: tuple[Remark, ...]
    missing: Needs
    _later: Any = attrs.field(default=None, eq=False, repr=False, init=False)
    _values: Any = attrs.field(default=None, eq=False, repr=False, init=False)

    def __getstate__(self) -> dict[str, Any]:
        """Every field, looked at: what they are made of stays behind."""
        names = [field.name for field in attrs.fields(Decision) if not field.name.startswith("_")]
        return {name: getattr(self, name) for name in names}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in {**state, "_later": None, "_values": None}.items():
            object.__setattr__(self, name, value)

    def line(self, name: str) -> PayLine:
        """Give a pay line by its name. Raises `KeyError`."""
        return {line.id: line for line in self.lines}[name]

    def money(self, amount: Decimal | None) -> str | None:
        """Write an amount with the currency's digits."""
        return None if amount is None else f"{amount:f}"

    def written(self, value: Any) -> object:
        """Write a value for JSON: numbers exactly as text, dates as ISO text."""
        if isinstance(value, Decimal):
            return self.money(value)
        if isinstance(value, Fraction):
            return exact_text(value)
        return value.isoformat() if isinstance(value, datetime.date) else value

    def closing(self) -> dict[str, object]:
        """What the next period opens with.

        A proposed change of status is not in it: it is effective only when it is confirmed. A
        status that is undetermined stays unknown, and so does a balance. `since` is the day on
        which the status began. A change whose notice ends after the next period has begun leaves
        the status open: whoever opens that period says which one holds.
        """
        carries = {name: self.written(value) for name, value in self.carries.items()}
        status = self.status
        if status is None:
            return {"carries": carries}
        if status.effect == "effective" and not self._in_time(status.since):
            return {"status": None, "since": None, "carries": carries}
        goes_on = status.source if status.effect == "proposed" else status.to
        return {"status": goes_on, "since": self.written(status.since), "carries": carries}

    def _in_time(self, since: datetime.date | None) -> bool:
        """Whether a change has taken effect by the day after the as-of date."""
        return since is not None and since.toordinal() <= self.as_of.toordinal() + 1

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON: money as text with the currency's digits, unknown as null."""
        return {
            "ruleset": {"id": self.ruleset, "version": self.version, "digest": self.digest},
            "as_of": self.as_of.isoformat(),
            "opening": {"status": self.opening_status, "assumed": self.opening_assumed},
            "pay": {
                "currency": self.currency or None,
                "lines": [
                    {"id": line.id, "amount": self.money(line.amount), "needs": list(line.needs)}
                    for line in self.lines
                ],
                "total": self.money(self.total.amount),
                "needs": list(self.total.needs),
            },
            "assessments": _outcomes(self.assessments),
            "duties": _outcomes(self.duties),
            "indicators": {
                name: self.written(value) for name, value in sorted(self.indicators.items())
            },
            "carries": {name: self.written(value) for name, value in sorted(self.carries.items())},
            "status": _status(self.status),
            "violations": [_remark(one) for one in self.violations],
            "notices": [_remark(one) for one in self.notices],
            "missing": list(self.missing),
        }


for _name in {one.name for one in attrs.fields(Decision)} - {"lines", "total", "status"}:
    if not _name.startswith("_"):
        setattr(Decision, _name, _Part(getattr(OpenDecision, _name)))


def _outcomes(outcomes: Mapping[str, Outcome]) -> dict[str, object]:
    return {
        name: {"outcome": one.outcome, "needs": list(one.needs)}
        for name, one in sorted(outcomes.items())
    }


def _status(status: StatusDecision | None) -> dict[str, object] | None:
    if status is None:
        return None
    return {
        "from": status.source,
        "to": status.to,
        "effect": status.effect,
        "grounds": list(status.grounds),
        "notice": status.notice,
        "needs": list(status.needs),
    }


def _remark(remark: Remark) -> dict[str, object]:
    return {"id": remark.id, "title": remark.title, "source": list(remark.source)}
