# SPDX-License-Identifier: MIT
"""The record's door: open it, review what is proposed, verify, show, export, erase, replay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rolerules.problems import Problem, RolerulesError
from rolerules.record import proof, review
from rolerules.record.book import Book
from rolerules.record.keys import KeyFile
from rolerules.record.process import Proposal, proposals
from rolerules.record.proof import Checkpoint, Replayed
from rolerules.record.store import SqliteStore, Store


class Record(Book):
    """Facts, decisions and what people made of them: written and synced before a call returns.

    It may be shared between threads, and its file between processes. Nothing in it is ever
    changed: what was wrong is corrected by another entry.
    """

    @classmethod
    def open(
        cls, place: str | Path, *, keys: str | Path | None = None, create: bool = True
    ) -> Record:
        """Open a record, or make a new one: a file, or a `postgresql://` address.

        The keys stand in a file of their own; for a file `people.record` that is `people.keys`
        unless `keys` names another one. Raises `RolerulesError` for what is no record.
        """
        if "://" in str(place):
            from rolerules.record.sql import SqlStore

            if keys is None:
                message = "a record in a database needs a file for its keys"
                mend = "name one with `--keys`, such as `people.keys`"
                raise RolerulesError([Problem("key-missing", message, help=mend)])
            store = SqlStore(str(place), create=create)
            return cls(store, KeyFile(Path(keys), store.id, create=create and is_empty(store)))
        path = Path(place)
        own = path.with_suffix(".keys") if keys is None else Path(keys)
        file = SqliteStore(path, create=create)
        return cls(file, KeyFile(own, file.id, create=create and is_empty(file)))

    def proposal(self, number: int) -> Proposal:
        """What became of the proposal of a decision. Raises `RolerulesError` where it is none."""
        history, _ = self.of_entry(number)
        found = proposals(history.entries).get(number)
        if found is None:
            message = f"entry {number} proposes no change of status"
            mend = "name the decision that does: `rolerules record show` lists them"
            raise RolerulesError([Problem("no-proposal", message, help=mend)])
        return found

    def confirm(self, number: int, *, by: str, reason: str, at: object) -> Proposal:
        """Confirm a proposed change: it takes effect, after its notice from the day `at` on."""
        return review.act(self, number, "confirm", by=by, reason=reason, at=at)

    def decline(self, number: int, *, by: str, reason: str, at: object) -> Proposal:
        """Decline a proposed change: it never takes effect."""
        return review.act(self, number, "decline", by=by, reason=reason, at=at)

    def contest(self, number: int, *, by: str, reason: str, at: object) -> Proposal:
        """Contest a confirmed change: a new decision is made by the facts as they now are."""
        return review.act(self, number, "contest", by=by, reason=reason, at=at)

    def uphold(self, number: int, *, by: str, reason: str, at: object) -> Proposal:
        """Uphold a contested change, for which the new decision must have a ground."""
        return review.act(self, number, "uphold", by=by, reason=reason, at=at)

    def reverse(self, number: int, *, by: str, reason: str, at: object) -> Proposal:
        """Reverse a contested change: it never had effect."""
        return review.act(self, number, "reverse", by=by, reason=reason, at=at)

    def reinstate(self, number: int, *, by: str, reason: str, at: object) -> Proposal:
        """End a change that had effect: from the day `at` on the status is what it was before."""
        return review.act(self, number, "reinstate", by=by, reason=reason, at=at)

    def verify(self, checkpoint: Checkpoint | None = None) -> Checkpoint:
        """Look at every entry; raises `RolerulesError` with what is changed, missing or cut."""
        return proof.verify(self, checkpoint)

    def checkpoint(self) -> Checkpoint:
        """How many entries there are, and the hash of the last one: keep it apart from the record."""
        return proof.verify(self, None)

    def export(self, subject: str) -> dict[str, Any]:
        """Everything on a person, as plain data: what the person may ask for."""
        return proof.export(self, subject)

    def erase(self, subject: str, *, by: str, at: object) -> int:
        """Erase everything on a person for good; gives the number of the entry that says so."""
        return proof.erase(self, subject, by=by, at=at)

    def replay(self, number: int) -> Replayed:
        """Decide again what an entry decided, by the ruleset's text as it was kept."""
        return proof.replay(self, number)


def is_empty(store: Store) -> bool:
    """Whether nothing is in it: only then is a file of keys that is not there a new one."""
    with store.reading() as rows:
        return rows.last() is None
