# SPDX-License-Identifier: MIT
"""What a period opens with: one function of everything that is on record of a person.

The status on a day is what was said of the time before the record, and every change since that has
effect. It is one person's under all rulesets that know the same states; balances are each ruleset's.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

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
class Opens:
    """A period that opens, from `first` to `last`, and what is on record of the person.

    `entries` are those of all rulesets with the same states; `start` is the state of the start of
    employment, None where the ruleset has no states.
    """

    entries: Sequence[Kept]
    ruleset: str
    first: datetime.date
    last: datetime.date
    start: str | None

    def opening(self) -> Mapping[str, Any] | None:
        """What the period opens with; None for the start of employment.

        What is on record of earlier periods goes first: the status that holds on the last day by
        it, and the balances that the period just before handed on. An opening that was given says
        the rest; what neither says is unknown.
        """
        said = self.said()
        if not self._earlier():
            if said is not None:
                return said
            if self._first_said() is None:
                return None
        opening: dict[str, Any] = {"carries": {**self._said_carries(), **self._handed_on()}}
        if self.start is not None:
            status, since = self._status()
            if since is None and said and said.get("status", self.start) == status:
                since = _day(said)
            opening |= {"status": status, "since": since and since.isoformat()}
        return opening

    def said(self) -> Mapping[str, Any] | None:
        """The opening that was given for the period, as it was corrected last."""
        entry = self.said_by()
        return entry.body["opening"] if entry else None

    def _said_carries(self) -> Mapping[str, Any]:
        return (self.said() or {}).get("carries") or {}

    def said_by(self) -> Kept | None:
        """The entry that gives the opening of the period."""
        found = [one for one in self._of("opening") if _ends(one) == self.last]
        return found[-1] if found else None

    def refuse_contradicted(self, given: Mapping[str, Any]) -> None:
        """Refuse an opening that the record contradicts. Raises `RolerulesError`."""
        decided = any(_ends(one) == self.last for one in self._of("decision"))
        elsewhere = any(_ends(one) != self.last or one.body["ruleset"] != self.ruleset
                        for one in self._dated())  # fmt: skip
        if self._earlier():
            self._refuse_status(given, self._status())
        elif decided or elsewhere:
            self._refuse_status(given, self._base())
        by_decision = self._said_carries() if decided else {}
        known = {**by_decision, **self._handed_on()}
        for name, figure in (given.get("carries") or {}).items():
            if name in known and parse_figure(str(known[name])) != parse_figure(str(figure)):
                message = f"the balance `{name}` is {known[name]} by the record"
                mend = "leave it out of the opening: it is handed on by what was decided"
                raise RolerulesError([Problem("opening-decided", message, help=mend)])

    def _refuse_status(self, given: Mapping[str, Any], held: Held) -> None:
        status, since = held
        message = ""
        if given.get("status", self.start) != status:
            by_record = f"is `{status}`" if status else "is not known"
            message = f"the status {by_record} by the record"
        elif since is not None and _day(given) not in (None, since):
            message = f"`{status}` holds since {since} by the record"
        if message:
            mend = "a status changes by a confirmation alone: leave it out of the opening"
            raise RolerulesError([Problem("opening-decided", message, help=mend)])

    def _dated(self) -> list[Kept]:
        return [one for one in self.entries if one.body.get("as_of")]

    def _of(self, kind: str) -> list[Kept]:
        return [one for one in self.entries
                if one.kind == kind and one.body["ruleset"] == self.ruleset]  # fmt: skip

    def _earlier(self) -> bool:
        """Whether anything is on record of a period that ended before this one begins."""
        return any(_ends(one) < self.first for one in self._dated())

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
        if entry is None:
            return self.start, None
        return entry.body["opening"].get("status", self.start), _day(entry.body["opening"])

    def _status(self) -> Held:
        """Which status holds on the last day by what was decided before the first, and since when."""
        entry = self._first_said()
        if entry is not None and self.last < _ends(entry):
            return None, None  # what was said is of a later time
        held = self._base()
        changes = [one for one in _changes(self.entries)
                   if one[0] < self.first and one[1] <= self.last]  # fmt: skip
        for _, since, status in sorted(changes, key=lambda change: (change[1], change[0])):
            held = status, since if status else None
        return held


def opens(book: Book, entries: Sequence[Kept], ruleset: Ruleset, as_of: datetime.date) -> Opens:
    """The period that ends on a day, with what `entries` say of the person's status."""
    model = ruleset.model
    first = period_start(as_of, model.period, model.year_starts)
    same = {ruleset.id}
    if model.status:
        others = {one.body["ruleset"]: one.body["digest"] for one in entries
                  if one.body.get("digest") and one.body["ruleset"] != ruleset.id}  # fmt: skip
        same |= {id_ for id_, digest in others.items() if _states(book.ruleset(digest)) == _states(ruleset)}  # fmt: skip
    start = model.status.start if model.status else None
    shared = [one for one in entries if one.body.get("ruleset") in same]
    return Opens(shared, ruleset.id, first, as_of, start)


def _states(ruleset: Ruleset) -> frozenset[str]:
    status = ruleset.model.status
    return frozenset(status.states) if status else frozenset()


def _day(opening: Mapping[str, Any]) -> datetime.date | None:
    since = opening.get("since")
    return moment(since).day if since else None


def _ends(entry: Kept) -> datetime.date:
    return datetime.date.fromisoformat(entry.body["as_of"])


def _changes(
    entries: Sequence[Kept],
) -> Iterator[tuple[datetime.date, datetime.date, str | None]]:
    """Every change that has effect: the last day of its period, its first day, and to what."""
    for one in proposals(entries).values():
        if one.state in HOLDING and one.effective_on is not None:
            yield one.as_of, one.effective_on, one.to
            if one.ended_on is not None:
                yield one.as_of, max(one.ended_on, one.effective_on), one.source
    latest = {(entry.body["ruleset"], entry.body["period"]): entry
              for entry in entries if entry.kind in ("decision", "refused")}  # fmt: skip
    for entry in latest.values():
        if entry.kind == "refused":  # what followed before may follow no more
            yield _ends(entry), _ends(entry), None
        elif (found := outcome(entry.body)) and found[-1] == "effective":
            since = entry.body["since"]  # notice that is not known leaves it open
            began = moment(since).day if since else _ends(entry)
            yield _ends(entry), began, found[2] if since else None
