# SPDX-License-Identifier: MIT
"""What a period opens with: one function of everything that is on record of a person.

The status on a day is what was said of the time before the record, and every change since that has
effect. It is one person's under all rulesets that have a state in common; balances are each
ruleset's.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from rolerules.model.model import Status
from rolerules.periods import period_start
from rolerules.problems import Problem, RolerulesError
from rolerules.record.book import Book, Kept
from rolerules.record.process import HOLDING, outcome, proposals
from rolerules.record.times import moment
from rolerules.ruleset import Ruleset
from rolerules.values import parse_figure

Held = tuple[str | None, datetime.date | None]
"""A status and since when, each None where it is not known."""


@attrs.frozen(slots=True)
class Change:
    """A change of status that has effect: in which period, from when and until when, to what.

    `to` is None where nobody knows what follows.
    """

    ruleset: str
    as_of: datetime.date
    began: datetime.date
    ended: datetime.date | None
    source: str | None
    to: str | None
    number: int

    def moves(self) -> Iterator[tuple[datetime.date, datetime.date, bool, str]]:
        """The days on which it begins and ends; what ends on a day goes before what begins."""
        if self.ended is None or self.ended > self.began:
            yield self.began, self.as_of, True, str(self.to)
            if self.ended is not None:
                yield self.ended, self.as_of, False, str(self.to)


@attrs.frozen(slots=True)
class Opens:
    """A period that opens, from `first` to `last`, and what is on record of the person.

    `entries` are those of all rulesets that have one of the `states`, `own` those of the ruleset,
    `every` the changes that have effect by the former.
    `start` is the state of the start of employment, None where the ruleset has no states.
    """

    entries: Sequence[Kept]
    own: Sequence[Kept]
    every: Sequence[Change]
    ruleset: str
    first: datetime.date
    last: datetime.date
    start: str | None
    states: frozenset[str]

    def opening(self) -> Mapping[str, Any] | None:
        """What the period opens with; None for the start of employment.

        What is on record goes first: the status that follows from it, and the balances that the
        period just before handed on. An opening that was given says the rest; what neither says
        is unknown.
        """
        said = self.said()
        if not self._follows():
            if said is not None:
                return said
            if self._first_said() is None and not self._other_roles():
                return None
        opening: dict[str, Any] = {"carries": {**self._said_carries(), **self._handed_on()}}
        if self.states:
            status, since = self._status()
            if status not in self.states:  # a word of another ruleset's: what it means here is said
                status, since = (said or {}).get("status"), _day(said or {})
            opening |= {"status": status, "since": since and since.isoformat()}
        return opening

    def said(self) -> Mapping[str, Any] | None:
        """The opening that was given for the period, as it was corrected last."""
        entry = self.said_by()
        return entry.body["opening"] if entry else None

    def said_by(self) -> Kept | None:
        """The entry that gives the opening of the period."""
        found = [one for one in self._of("opening") if _ends(one) == self.last]
        return found[-1] if found else None

    def _said_carries(self) -> Mapping[str, Any]:
        return (self.said() or {}).get("carries") or {}

    def refuse_contradicted(self, given: Mapping[str, Any], *, corrects: bool) -> None:
        """Refuse an opening that the record contradicts. Raises `RolerulesError`."""
        decided = any(_ends(one) == self.last for one in self._of("decision"))
        if corrects:
            settled = any(one.kind == "decision" for one in self.entries)
        else:
            settled = decided or self._other_roles() or self._other_periods()
        if self._follows():
            self._refuse_status(given, self._status())
        elif settled:
            self._refuse_status(given, self._base())
        self._refuse_late(given)
        by_decision = self._said_carries() if decided else {}
        known = {**by_decision, **self._handed_on()}
        for name, figure in (given.get("carries") or {}).items():
            if known.get(name) is not None and parse_figure(str(known[name])) != parse_figure(str(figure)):  # fmt: skip
                message = f"the balance `{name}` is {known[name]} by the record"
                mend = "leave it out of the opening: it is handed on by what was decided"
                raise RolerulesError([Problem("opening-decided", message, help=mend)])

    def _refuse_status(self, given: Mapping[str, Any], held: Held) -> None:
        status, since = held
        message = ""
        if status is not None and status not in self.states:
            return
        if given.get("status", self.start) != status:
            by_record = f"is `{status}`" if status else "is not known"
            message = f"the status {by_record} by the record"
        elif since is not None and _day(given) not in (None, since):
            message = f"`{status}` holds since {since} by the record"
        if message:
            mend = "a status changes by a confirmation alone: leave it out of the opening"
            raise RolerulesError([Problem("opening-decided", message, help=mend)])

    def _refuse_late(self, given: Mapping[str, Any]) -> None:
        """Refuse a day since when that lies within the record: what began there stands in it."""
        since, begins = _day(given), min([self.first, *map(_ends, self._dated())])
        if since is None or since <= begins or since == self._status()[1]:
            return
        message = f"since {since} the status is what the record says, which begins by {begins}"
        mend = "give the day before the record on which the status began, or leave it out"
        raise RolerulesError([Problem("opening-decided", message, help=mend)])

    def _dated(self) -> list[Kept]:
        return [one for one in self.entries if one.body.get("as_of")]

    def _of(self, kind: str) -> list[Kept]:
        return [one for one in self.own if one.kind == kind]

    def _other_roles(self) -> bool:
        return any(one.body["ruleset"] != self.ruleset for one in self._dated())

    def _other_periods(self) -> bool:
        return any(_ends(one) != self.last for one in self._dated())

    def _follows(self) -> bool:
        """Whether anything is on record that says what this period opens with."""
        earlier = any(_ends(one) < self.first for one in (*self._dated(), *self._of("decision")))
        return earlier or bool(self._changes())

    def _handed_on(self) -> Mapping[str, Any]:
        """The balances that the period just before hands on, where it is decided."""
        closed = [one for one in self._of("decision")
                  if one.body["closes"] and (self.first - _ends(one)).days == 1]  # fmt: skip
        return closed[-1].body["closing"]["carries"] if closed else {}

    def _first_said(self) -> Kept | None:
        """The opening of the earliest period, said while nothing earlier was on record.

        Any other opening repeats what is known; it decides nothing.
        """
        found, earliest = None, datetime.date.max
        for entry in self._dated():
            if entry.kind == "opening" and _ends(entry) <= earliest:
                found = entry
            earliest = min(earliest, _ends(entry))
        return found

    def _base(self) -> Held:
        """What was before all changes on record: what was said first, or the start of employment."""
        entry = self._first_said()
        status = entry.body["opening"].get("status", self.start) if entry else self.start
        begins = min(map(_ends, self._dated()), default=datetime.date.min)
        said = [one.body["opening"] for one in self._dated() if one.kind == "opening"]
        days = [day for one in said if one.get("status", self.start) == status
                and (day := _day(one)) and day <= begins]  # fmt: skip
        return status, days[-1] if days else None

    def _status(self) -> Held:
        """Which status holds by the record when the period opens, and since when."""
        entry, base = self._first_said(), self._base()
        if entry is not None and self.last < _ends(entry) and base[0] != self.start:
            return None, None  # what was said is of a later time
        return _walked(base, self._changes(), self.last)

    def _changes(self) -> list[Change]:
        """The changes that this period opens with.

        They are of a period before it and have effect on its last day; those of another role's
        period that overlaps have effect before it begins.
        """
        return [one for one in self.every
                if (one.as_of < self.first and one.began <= self.last)
                or (one.ruleset != self.ruleset and one.began < self.first)]  # fmt: skip

    def status_on(self, day: datetime.date) -> str | None:
        """The status on a day, by everything on record of that day."""
        return _walked(self._base(), self.every, day)[0]


def opens(book: Book, entries: Sequence[Kept], ruleset: Ruleset, as_of: datetime.date) -> Opens:
    """The period that ends on a day, with what `entries` say of the person's status."""
    model = ruleset.model
    first = period_start(as_of, model.period, model.year_starts)
    own = [one for one in entries if one.body.get("ruleset") == ruleset.id]
    status = model.status
    if status is None:
        return Opens(own, own, (), ruleset.id, first, as_of, None, frozenset())
    made = {one.number: one.body["digest"] for one in entries if one.kind == "decision"}
    texts = {ruleset.digest: status}
    shared = []
    for one in entries:
        digest = one.body.get("digest") or made.get(one.body.get("proposal", 0), "")
        if digest and digest not in texts:
            texts[digest] = book.ruleset(digest).model.status or _NO_STATES
        if digest and not {*status.states}.isdisjoint(texts[digest].states):
            shared.append(one)
    began = min((one for one in shared if one.body.get("as_of")), key=_ends, default=None)
    start = texts[began.body["digest"]].start if began else status.start
    return Opens(
        shared,
        own,
        tuple(_changes(shared)),
        ruleset.id,
        first,
        as_of,
        start,
        frozenset(status.states),
    )


_NO_STATES = Status((), "", ())


def _day(opening: Mapping[str, Any]) -> datetime.date | None:
    since = opening.get("since")
    return moment(since).day if since else None


def _ends(entry: Kept) -> datetime.date:
    return datetime.date.fromisoformat(entry.body["as_of"])


def _walked(base: Held, changes: Iterable[Change], day: datetime.date) -> Held:
    """The status on a day, after changes in the order of their days.

    One has effect only where the status that it leaves, or makes, holds; where it ends, what the
    others made goes on.
    """
    status, since = base
    stack: list[tuple[str | None, int]] = [(status, 0)]
    moves = [(*move, one) for one in changes for move in one.moves() if move[0] <= day]
    for on, _, begins, _, change in sorted(moves, key=lambda move: move[:4]):
        if not begins:
            stack = [one for one in stack if one[1] != change.number]
        elif change.to is None or stack[-1][0] in (change.source, change.to):
            stack.append((change.to, change.number))
        if stack[-1][0] != status:
            status = stack[-1][0]
            since = on if status else None
    return status, since


def _changes(entries: Sequence[Kept]) -> Iterator[Change]:
    """Every change that has effect, or may have some."""
    settled = set()
    for one in proposals(entries).values():
        if one.state in HOLDING and one.effective_on is not None:
            settled.add((one.ruleset, one.as_of))
            yield Change(one.ruleset, one.as_of, one.effective_on, one.ended_on, one.source, one.to, one.number)  # fmt: skip
    latest = {(entry.body["ruleset"], _ends(entry)): entry
              for entry in entries if entry.kind in ("decision", "refused")}  # fmt: skip
    for (ruleset, ends), entry in latest.items():
        if entry.kind == "refused":  # what would follow is not known
            if entry.body["leaves_open"] and (ruleset, ends) not in settled:
                yield Change(ruleset, ends, ends, None, None, None, entry.number)
        elif (found := outcome(entry.body)) and found[-1] == "effective":
            since = entry.body["since"]  # notice that is not known leaves it open
            began, to = (moment(since).day, found[2]) if since else (ends, None)
            yield Change(ruleset, ends, began, None, found[1], to, entry.number)
