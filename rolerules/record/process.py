# SPDX-License-Identifier: MIT
"""Due process: what becomes of a proposed change of status.

A change that is proposed takes effect by a confirmation alone, given by a named person with a
reason. Nothing here is stored: every state is worked out from the entries.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from rolerules.dates import add_days
from rolerules.problems import Problem, RolerulesError
from rolerules.record.book import ACTS, Kept
from rolerules.record.entry import MEND
from rolerules.record.times import moment

TRANSITIONS: Mapping[tuple[str, str], str] = {
    ("proposed", "confirm"): "confirmed",
    ("proposed", "decline"): "declined",
    ("confirmed", "contest"): "contested",
    ("confirmed", "reinstate"): "reinstated",
    ("contested", "uphold"): "upheld",
    ("contested", "reverse"): "reversed",
    ("upheld", "contest"): "contested",
    ("upheld", "reinstate"): "reinstated",
}
"""What an act makes of a state; there is no other way. New facts make `lapsed` of `proposed`."""
DONE = {"confirm": "confirmed", "decline": "declined", "contest": "contested",
        "uphold": "upheld", "reverse": "reversed", "reinstate": "reinstated"}  # fmt: skip
"""Each act as it is said of what was done."""
HOLDING = frozenset(("confirmed", "contested", "upheld", "reinstated"))
"""States in which the change has effect, from its date on (until a reinstatement)."""


@attrs.frozen(slots=True)
class Proposal:
    """A proposed change of status: the decision that proposed it, and what was done about it.

    `effective_on` is the first day on which it has effect, once it is confirmed; `ended_on` the
    first day on which it has none any more, by a reinstatement.
    """

    number: int
    ruleset: str
    period: str
    as_of: datetime.date
    change: str
    source: str
    to: str
    grounds: tuple[str, ...]
    notice: str | None
    state: str = "proposed"
    effective_on: datetime.date | None = None
    ended_on: datetime.date | None = None
    acts: tuple[Kept, ...] = ()

    def on(self, day: datetime.date) -> str:
        """The state as people say it on a day: confirmed, and effective from its day on."""
        begun = self.effective_on is not None and day >= self.effective_on
        return "effective" if self.state == "confirmed" and begun else self.state

    def after(self, act: Kept) -> Proposal:
        """The proposal after an act. Raises `KeyError` for one that its state does not allow."""
        state = TRANSITIONS[self.state, act.kind]
        day = moment(act.body["at"]).day
        return attrs.evolve(
            self,
            state=state,
            acts=(*self.acts, act),
            effective_on=takes_effect(day, self.notice) if act.kind == "confirm" else self.effective_on,
            ended_on=day if act.kind == "reinstate" else self.ended_on,
        )  # fmt: skip


def takes_effect(notified: datetime.date, notice: str | None) -> datetime.date | None:
    """The day so many days of notice after somebody was notified; None where they are not known."""
    if notice is None:
        return None
    try:
        return add_days(notified, 0 if notice == "at once" else int(notice.split()[0]))
    except OverflowError:
        return None


def proposals(entries: Iterable[Kept]) -> dict[int, Proposal]:
    """Every proposal of a person, by the number of the decision that made it.

    Raises `RolerulesError` where something is missing between the entries.
    """
    found: dict[int, Proposal] = {}
    for entry in entries:
        body = entry.body
        if entry.kind in ("decision", "refused"):
            _lapse(found, body)
            if body.get("proposes"):
                found[entry.number] = _proposed(entry.number, body)
        elif entry.kind in ACTS:
            one = found.get(body["proposal"])
            if one is None or (one.state, entry.kind) not in TRANSITIONS:
                message = f"entry {entry.number} does not follow from what was done about entry {body['proposal']}"
                raise RolerulesError([Problem("entry-missing", message, help=MEND)])
            found[one.number] = one.after(entry)
    return found


def _proposed(number: int, body: Mapping[str, Any]) -> Proposal:
    status = body["decision"]["status"]
    return Proposal(
        number, body["ruleset"], body["period"], moment(body["as_of"]).day, body["change"],
        status["from"], status["to"],
        tuple(status["grounds"]), status["notice"],
    )  # fmt: skip


def _lapse(found: dict[int, Proposal], body: Mapping[str, Any]) -> None:
    """A later decision of the period that says something else ends what is still proposed."""
    for number, one in found.items():
        same = (one.ruleset, one.period, one.as_of.isoformat()) == (
            body["ruleset"], body["period"], body["as_of"],
        )  # fmt: skip
        if same and one.state == "proposed" and outcome(body) != (
            one.change, one.source, one.to, one.grounds, one.notice, "proposed",
        ):  # fmt: skip
            found[number] = attrs.evolve(one, state="lapsed")


def outcome(body: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """What a recorded decision says of the status; None where nothing changes."""
    status = body["decision"]["status"] if body["kind"] == "decision" else None
    if status is None or status["effect"] is None:
        return None
    return (
        body["change"], status["from"], status["to"], tuple(status["grounds"]), status["notice"],
        status["effect"],
    )  # fmt: skip
