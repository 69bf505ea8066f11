# SPDX-License-Identifier: MIT
"""The book that the record is written in: entries chained, each person's part under a key."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from rolerules.model.texts import Text, sources_of
from rolerules.problems import InternalError, Problem, RolerulesError, nearest
from rolerules.record.entry import MEND, RULES, Row, header, unlinked
from rolerules.record.keys import Key, KeyFile
from rolerules.record.store import Rows, Store
from rolerules.record.times import now
from rolerules.record.words import checked_subject
from rolerules.ruleset import Ruleset, of_sources

AT_A_TIME = 1_000
ACTS = ("confirm", "decline", "contest", "uphold", "reverse", "reinstate")
"""The acts of due process."""


@attrs.frozen(slots=True)
class Kept:
    """An entry of a person as it can be read with the key: number, when it was written, what."""

    number: int
    at: str
    body: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """What kind of entry it is: fact, opening, decision, refused, confirmed, …"""
        return str(self.body["kind"])


@attrs.define(slots=True)
class History:
    """Everything the record has on a person, as far as it was read."""

    key: Key
    entries: list[Kept] = attrs.field(factory=list)
    seen: int = 0
    lock: Any = attrs.field(factory=threading.RLock, eq=False, repr=False)


class Pen:
    """Adds entries of one person while the record is being written."""

    def __init__(self, rows: Rows, key: Key, at: str, kept: set[str]) -> None:
        self._rows, self._key, self._at, self.kept = rows, key, at, kept
        self.added: list[Kept] = []

    def next(self) -> int:
        """The number that the next entry gets."""
        last = self._rows.last()
        return last.number + 1 if last else 1

    def add(self, body: Mapping[str, Any], *, reviewed: bool = False) -> Kept:
        """Add an entry; it is there once all that is written with it is.

        Acts of due process are written by `review` alone, which looks at who does what when.
        """
        if body["kind"] in ACTS and not reviewed:
            raise InternalError(f"`{body['kind']}` is written by a review alone")
        head = header(self._rows.last(), self._at, self._key.token)
        self._rows.add(Row.of(head, sealed=self._key.sealed(head, body)))
        self.added.append(Kept(head["number"], self._at, body))
        return self.added[-1]

    def keep(self, ruleset: Ruleset) -> None:
        """Keep the text of every file of a ruleset, unless it is there by its digest."""
        if ruleset.digest in self.kept:
            return
        self.kept |= {row.read()["open"].get("digest") for row in self._rows.of(RULES)}
        if ruleset.digest in self.kept:
            return
        texts = [attrs.asdict(text) for text in ruleset.texts]
        if not texts:
            raise InternalError("a ruleset without its texts cannot be kept")
        body = {"kind": RULES, "digest": ruleset.digest, "id": ruleset.id,
                "version": ruleset.version, "files": texts}  # fmt: skip
        self._rows.add(Row.of(header(self._rows.last(), self._at, RULES), open=body))
        self.kept.add(ruleset.digest)


class Book:
    """Entries, each chained to the one before; what is of a person is encrypted under its key.

    `store` keeps the entries, `keys` the key of each person; both may be used by several threads
    and processes. `clock` gives the moment that stands in an entry; it orders nothing.
    """

    def __init__(self, store: Store, keys: KeyFile, clock: Callable[[], str] = now) -> None:
        self.store, self.keys, self.clock = store, keys, clock
        self._rulesets: dict[str, Ruleset] = {}
        self._kept: set[str] = set()
        self._whole: Row | None = None

    def known(self, subject: str) -> History:
        """All the record has on a person. Raises `RolerulesError` for nobody it knows."""
        return self.refreshed(History(self.known_key(subject)))

    def known_key(self, subject: str) -> Key:
        """The key of a person. Raises `RolerulesError` for nobody the record knows."""
        key = self.keys.of(checked_subject(subject))
        if key is None:
            raise self._nobody(subject)
        return key

    def known_token(self, subject: str) -> str:
        """The token of a person, though the key be damaged. Raises `RolerulesError` for nobody known."""
        token = self.keys.token(checked_subject(subject))
        if token is None:
            raise self._nobody(subject)
        return token

    def _nobody(self, subject: str) -> RolerulesError:
        mend = nearest(subject, self.keys.subjects()) or "nobody is in it"
        message = f"`{subject}` is not in this record"
        return RolerulesError([Problem("not-in-record", message, help=mend)])

    def history(self, subject: str) -> History:
        """All the record has on a person, who gets a key where there is none."""
        return self.refreshed(History(self.keys.made(checked_subject(subject))))

    def refreshed(self, history: History) -> History:
        """Read what was added since."""
        with history.lock, self.store.reading() as rows:
            _read(history, rows)
        return history

    @contextlib.contextmanager
    def writing(self, history: History) -> Iterator[Pen]:
        """Let one writer add to what is then known of a person; all of it is kept, or nothing."""
        with history.lock:
            with self.store.writing() as rows:
                self._follow(rows)
                _read(history, rows)
                pen = Pen(rows, history.key, self.clock(), set(self._kept))
                yield pen
            self._kept |= pen.kept
            history.entries += pen.added
            history.seen = pen.added[-1].number if pen.added else history.seen

    def _follow(self, rows: Rows) -> None:
        """Refuse to go on where the chain is broken. Raises `RolerulesError`.

        Each entry is looked at once, and the last of those again.
        """
        last = self._whole
        if last is not None and rows.at(last.number) != last:
            last = None
        while some := rows.after(last.number if last else 0, AT_A_TIME):
            for row in some:
                if problem := unlinked(row, last):
                    raise RolerulesError([problem])
                last = row
        self._whole = last

    def of_entry(self, number: int) -> tuple[History, Kept]:
        """A person's entry by its number, and all on that person. Raises `RolerulesError`."""
        with self.store.reading() as rows:
            row = rows.at(number) if type(number) is int and 0 < number < 1 << 62 else None
        key = self.keys.of_token(row.subject) if row else None
        if key is None:
            message = f"there is no entry {number} of a person in this record"
            mend = "`rolerules record show` lists the entries of a person"
            raise RolerulesError([Problem("not-in-record", message, help=mend)])
        history = self.refreshed(History(key))
        return history, next(one for one in history.entries if one.number == number)

    def ruleset(self, digest: str) -> Ruleset:
        """A ruleset as its text was kept. Raises `RolerulesError` where it was not."""
        if digest not in self._rulesets:
            with self.store.reading() as rows:
                held = [row.read()["open"] for row in rows.of(RULES)]
            found = next((one for one in held if one.get("digest") == digest), None)
            if found is None:
                message = f"no ruleset with the digest {digest[:12]} was kept"
                mend = "look for the right record"
                raise RolerulesError([Problem("not-in-record", message, help=mend)])
            try:
                ruleset = of_sources(sources_of(Text(**one) for one in found["files"]))
            except (AttributeError, KeyError, TypeError):
                ruleset = None
            if ruleset is None or ruleset.digest != digest:
                message = (
                    f"the text of the ruleset with the digest {digest[:12]} is not what was kept"
                )
                raise RolerulesError([Problem("entry-changed", message, help=MEND)])
            self._rulesets[digest] = ruleset
        return self._rulesets[digest]


def _read(history: History, rows: Rows) -> None:
    """Decrypt a person's entries that were added since. Raises `RolerulesError` once erased."""
    for row in rows.of(history.key.token, history.seen):
        parts = row.read()
        if "open" in parts:
            message = f"what the record had on `{history.key.subject}` was erased"
            mend = "start anew: open the session again; if that says the same, erase once more, which ends it"
            raise RolerulesError([Problem("erased", message, help=mend)])
        head = {name: parts[name] for name in ("number", "at", "subject", "previous")}
        body = history.key.opened(head, parts["sealed"])
        history.entries.append(Kept(row.number, parts["at"], body))
        history.seen = row.number
