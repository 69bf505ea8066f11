# SPDX-License-Identifier: MIT
"""What is on record of one period of a person, as a session works with it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from rolerules.decision import Decision
from rolerules.record.book import Kept
from rolerules.record.changes import Difference
from rolerules.record.facts import Event
from rolerules.record.process import Proposal, outcome


@attrs.frozen(slots=True)
class Closed:
    """A decision that was recorded: its entry, and against an earlier one what is owed.

    `proposal` is its number where it proposes a change of status; `stands` what has become of
    the one that was proposed before, where that follows still.
    """

    number: int
    decision: Decision
    proposal: int | None = None
    adjusts: int | None = None
    differences: tuple[Difference, ...] = ()
    stands: str | None = None


@attrs.frozen(slots=True)
class State:
    """What is on record for the session: its events, its decisions, and what it opens with."""

    events: Mapping[str, tuple[Event, int]]
    decisions: tuple[Kept, ...]
    opening: Mapping[str, Any] | None
    proposed: Proposal | None
    """The change that was proposed last."""

    @property
    def refused(self) -> bool:
        """Whether the facts were refused when they were looked at last."""
        return bool(self.decisions) and self.decisions[-1].kind == "refused"

    @property
    def outcome(self) -> tuple[Any, ...] | None:
        """What was last found to follow for the status."""
        found = [outcome(one.body) for one in self.decisions if one.kind == "decision"]
        return found[-1] if found else None

    @property
    def said(self) -> list[Event]:
        """Every event."""
        return [event for event, _ in self.events.values()]

    @property
    def closing(self) -> list[Kept]:
        """The decisions by which the period was decided, and decided anew."""
        return [one for one in self.decisions if one.kind == "decision" and one.body["closes"]]

    @property
    def closed(self) -> Kept | None:
        """The decision by which the period was last decided."""
        return self.closing[-1] if self.closing else None


def plain_opening(opening: Mapping[str, Any]) -> dict[str, Any]:
    """An opening as plain data: days and amounts as texts."""

    def one(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {str(name): one(part) for name, part in value.items()}
        if isinstance(value, Decimal):
            return f"{value:f}"
        if isinstance(value, datetime.date):
            return value.isoformat()
        return str(value) if isinstance(value, Fraction) else value

    return {str(name): one(value) for name, value in opening.items()}


def free_id(number: int, taken: Iterable[str]) -> str:
    """The id of an event that came without one: its entry's, which nothing else has."""
    name = f"entry-{number}"
    while name in taken:
        name += "+"
    return name
