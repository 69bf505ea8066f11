# SPDX-License-Identifier: MIT
"""Due process: what becomes of a proposed change of status, and who holds which status when.

A change that is proposed takes effect by a confirmation alone, given by a named person with a
reason. Nothing here is stored: every state is worked out from the entries.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from rolerules.dates import add_days
from rolerules.problems import Problem, RolerulesError
from rolerules.record.book import ACTS, Kept
from rolerules.record.entry import MEND
from rolerules.record.times import moment
from rolerules.values import parse_figure

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
        same = (one.ruleset, one.period) == (body["ruleset"], body["period"])
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


def opening_of(
    entries: Iterable[Kept],
    ruleset: str,
    first: datetime.date,
    last: datetime.date,
    start: str | None,
) -> Mapping[str, Any] | None:
    """What the period from `first` to `last` opens with; None for the start of employment.

    What was given for it goes first. Else the status is what holds on its last day by all that
    was decided for earlier periods, which begin with `start`, and the balances are those that the
    period just before handed on, unknown where that is not decided.
    """
    own = [entry for entry in entries if entry.body.get("ruleset") == ruleset]
    said = [entry.body for entry in own if entry.kind == "opening" and _ends(entry) == last]
    if said:
        return said[-1]["opening"]  # type: ignore[no-any-return]  # it is plain data
    return _follows(own, first, last, start)


def _follows(
    own: list[Kept], first: datetime.date, last: datetime.date, start: str | None
) -> Mapping[str, Any] | None:
    """What a period opens with by what is on record before it; None where nothing is."""
    before = [entry for entry in own if entry.body.get("as_of") and _ends(entry) < first]
    if not before:
        return None
    closed = [one.body for one in before if one.kind == "decision" and one.body["closes"]
              and (first - _ends(one)).days == 1]  # fmt: skip
    opening: dict[str, Any] = {"carries": dict(closed[-1]["closing"]["carries"]) if closed else {}}
    if start is not None:
        status, since = _status(own, first, last, start)
        opening |= {"status": status, "since": since and since.isoformat()}
    return opening


def refuse_contradicted(
    entries: Iterable[Kept], ruleset: str, first: datetime.date, last: datetime.date,
    start: str | None, given: Mapping[str, Any],
) -> None:  # fmt: skip
    """Refuse an opening that the record contradicts. Raises `RolerulesError`.

    What is on record of earlier periods says what this one opens with. Else it is what a
    decision of this period, or else the earliest later period, went by.
    """
    own = [entry for entry in entries
           if entry.body.get("ruleset") == ruleset and entry.body.get("as_of")]  # fmt: skip
    held = _follows(own, first, last, start)
    if held is None:
        later = min((_ends(one) for one in own if _ends(one) > last), default=None)
        decided = any(_ends(one) == last and one.kind == "decision" for one in own)
        if later is None and not decided:
            return
        went_by = last if decided else later
        said = [one.body["opening"] for one in own
                if one.kind == "opening" and _ends(one) == went_by]  # fmt: skip
        held = said[-1] if said else {"status": start}
    status = held.get("status", start)
    if given.get("status", start) != status:
        by_record = f"is `{status}`" if status else "is not known"
        message = f"the status {by_record} by the record"
        mend = "a status changes by a confirmation alone: leave it out of the opening"
        raise RolerulesError([Problem("opening-decided", message, help=mend)])
    known = held.get("carries") or {}
    for name, figure in (given.get("carries") or {}).items():
        if name in known and parse_figure(str(known[name])) != parse_figure(str(figure)):
            message = f"the balance `{name}` is {known[name]} by the record"
            mend = "leave it out of the opening: it is handed on by what was decided"
            raise RolerulesError([Problem("opening-decided", message, help=mend)])


def _ends(entry: Kept) -> datetime.date:
    return datetime.date.fromisoformat(entry.body["as_of"])


Held = tuple[str | None, datetime.date | None]


def _status(own: list[Kept], first: datetime.date, last: datetime.date, start: str) -> Held:
    """Which status holds on the last day by what was decided before the first, and since when."""
    said = {_ends(one): one.body["opening"] for one in own
            if one.kind == "opening" and _ends(one) < first}  # fmt: skip
    base = max(said, default=datetime.date.min)
    given = said.get(base) or {}
    held: Held = (
        given.get("status", start),
        moment(given["since"]).day if given.get("since") else None,
    )
    changes = [one for one in _changes(own) if base <= one[0] < first and one[1] <= last]
    for _, since, status in sorted(changes, key=lambda change: (change[1], change[0])):
        held = status, since if status else None
    return held


def _changes(own: list[Kept]) -> Iterator[tuple[datetime.date, datetime.date, str | None]]:
    """Every change that has effect: the last day of its period, its first day, and to what."""
    for one in proposals(own).values():
        if one.state in HOLDING and one.effective_on is not None:
            yield one.as_of, one.effective_on, one.to
            if one.ended_on is not None:
                yield one.as_of, max(one.ended_on, one.effective_on), one.source
    latest = {entry.body["period"]: entry for entry in own if entry.kind in ("decision", "refused")}
    for entry in latest.values():
        if entry.kind == "refused":  # what followed before may follow no more
            yield _ends(entry), _ends(entry), None
        elif (found := outcome(entry.body)) and found[-1] == "effective":
            since = entry.body["since"]  # notice that is not known leaves it open
            began = moment(since).day if since else _ends(entry)
            yield _ends(entry), began, found[2] if since else None
