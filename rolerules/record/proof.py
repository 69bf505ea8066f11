# SPDX-License-Identifier: MIT
"""What the record proves: that nothing in it was changed, what it holds of a person, a replay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from rolerules.problems import FactError, Problem, RolerulesError
from rolerules.record.book import Book, Kept
from rolerules.record.canonical import canonical
from rolerules.record.decide import proof_digest, worked_out
from rolerules.record.entry import FIRST, MEND, RULES, Row, header, wrong
from rolerules.record.keys import Key
from rolerules.record.process import proposals
from rolerules.record.review import named
from rolerules.record.times import moment
from rolerules.record.words import checked_subject, same_person
from rolerules.spelling import counted

FORMAT = "rolerules record 1"
AT_A_TIME = 1_000
MOST_PROBLEMS = 50
"""So many are said at once; a record with more is another one."""


@attrs.frozen(slots=True)
class Checkpoint:
    """How many entries a record had, and the hash of the last one."""

    entries: int
    hash: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"record": FORMAT, "entries": self.entries, "hash": self.hash}

    @classmethod
    def of_dict(cls, given: object) -> Checkpoint:
        """Read what `to_dict` gave. Raises `RolerulesError`."""
        good = (
            isinstance(given, Mapping) and given.get("record") == FORMAT
            and type(given.get("entries")) is int and isinstance(given.get("hash"), str)
        )  # fmt: skip
        if not good:
            mend = "give the file that `rolerules record checkpoint` wrote"
            raise RolerulesError([Problem("checkpoint", "this is no checkpoint", help=mend)])
        assert isinstance(given, Mapping)
        return cls(given["entries"], given["hash"])


def verify(book: Book, checkpoint: Checkpoint | None) -> Checkpoint:
    """Look at every entry in its order, and at the checkpoint. Raises `RolerulesError`."""
    last: Row | None = None
    problems: list[Problem] = []
    erased: dict[str, bool] = {}
    keys = book.keys.all()
    met = checkpoint is None or (checkpoint.entries == 0 and checkpoint.hash == FIRST)
    for row in _every(book):
        if problem := wrong(row, last):
            problems.append(problem)
        elif row.subject != RULES:
            erased[row.subject] = b'"open":' in row.data
            problems += _unread(row, keys.get(row.subject))
        if checkpoint and row.number == checkpoint.entries and row.hash == checkpoint.hash:
            met = True
        last = row
        if len(problems) >= MOST_PROBLEMS:
            raise RolerulesError(problems)
    if not met and checkpoint:
        problems.append(_cut(checkpoint, last))
    problems += _keys(keys, erased)
    if problems:
        raise RolerulesError(problems)
    return Checkpoint(last.number, last.hash) if last else Checkpoint(0, FIRST)


def _every(book: Book) -> Iterator[Row]:
    """Every entry, some at a time, so that nobody waits who writes meanwhile."""
    number = 0
    while True:
        with book.store.reading() as rows:
            some = rows.after(number, AT_A_TIME)
        if not some:
            return
        yield from some
        number = some[-1].number


def _unread(row: Row, key: Key | None) -> tuple[Problem, ...]:
    """What keeps an entry from being read with the key of its person, where there is one."""
    parts = row.read()
    if key is None or "open" in parts:
        return ()
    sealed = parts.pop("sealed")
    try:
        key.decrypted(parts, sealed)
    except RolerulesError as error:
        return error.problems
    return ()


def _keys(there: Mapping[str, Key], erased: Mapping[str, bool]) -> Iterator[Problem]:
    """What is wrong between the record and its keys: one is lost, or one was to be destroyed."""
    lost = [token for token, gone in erased.items() if not gone and token not in there]
    left = [token for token, gone in erased.items() if gone and token in there]
    if lost:
        message = f"the keys of {counted(len(lost), 'person')} are missing, who were not erased"
        mend = "name the file of keys that belongs to this record, or put it back from its backup"
        yield Problem("key-missing", message.replace("persons", "people"), help=mend)
    for token in left:
        message = f"`{there[token].subject}` was erased, and the key is still there"
        yield Problem("erased", message, help="erase the person again: that ends it")


def _cut(checkpoint: Checkpoint, last: Row | None) -> Problem:
    number = last.number if last else 0
    if number < checkpoint.entries:
        message = (
            f"the record ends with entry {number}, and had {checkpoint.entries} at the checkpoint"
        )
    else:
        message = f"entry {checkpoint.entries} is another one than at the checkpoint"
    mend = "put the record back from a backup; what was added since then is given again"
    return Problem("record-cut", message, help=mend)


def export(book: Book, subject: str) -> dict[str, Any]:
    """Everything on a person, in the order it was written. Raises `RolerulesError`."""
    history = book.known(subject)
    return {
        "record": FORMAT,
        "subject": history.key.subject,
        "entries": [{"number": one.number, "recorded": one.at, **one.body} for one in history.entries],
        "changes of status": [
            {"decision": one.number, "from": one.source, "to": one.to, "state": one.state,
             "effective on": one.effective_on.isoformat() if one.effective_on else None,
             "ended on": one.ended_on.isoformat() if one.ended_on else None}
            for one in proposals(history.entries).values()
        ],
    }  # fmt: skip


def erase(book: Book, subject: str, *, by: str, at: object) -> int:
    """Say in the record that a person was erased, then destroy the key.

    It stands in the record before the key is gone: were it the other way round, nobody could
    tell an erasure from a lost key. Where only the first was done, doing it again ends it. Entries
    that are not what was written keep nobody's key.
    """
    token, when = book.known_token(subject), moment(at)
    named(by, "by")
    by = checked_subject(by, "by", "give the name or the id of the person who carries it out")
    if same_person(by, subject):
        message = "the entry that says so would name the person who is erased"
        raise FactError([Problem("own-case", message, help="name who carries it out", path="by")])
    try:
        number = _said_erased(book, token, {"kind": "erased", "by": by, "at": when.text})
    except (RolerulesError, TypeError, OverflowError, UnicodeError) as error:
        book.keys.destroy(subject)
        message = f"the key of `{subject}` is destroyed, and the record could not say so"
        why = (
            error.problems[0].message
            if isinstance(error, RolerulesError)
            else "its last entry is not what was written"
        )
        raise RolerulesError([Problem("erased-unsaid", f"{message}: {why}", help=MEND)]) from None
    book.keys.destroy(subject)
    return number


def _said_erased(book: Book, token: str, body: Mapping[str, Any]) -> int:
    """The entry that says that a person was erased, written unless it is there."""
    with book.store.writing() as rows:
        said = [row.number for row in rows.of(token) if _says_erased(row)]
        if not said:
            row = Row.of(header(rows.last(), book.clock(), token), open=body)
            rows.add(row)
            said = [row.number]
    return said[0]


def _says_erased(row: Row) -> bool:
    try:
        return "open" in row.read()
    except RolerulesError:
        return False


@attrs.frozen(slots=True)
class Replayed:
    """A decision made again: its canonical bytes, and whether they and the proof are the same."""

    number: int
    data: bytes
    same: bool
    same_proof: bool


def replay(book: Book, number: int) -> Replayed:
    """Decide again what an entry decided, by the text of the ruleset as it was kept."""
    _, entry = book.of_entry(number)
    body = _decision(entry)
    ruleset = book.ruleset(body["digest"])
    worked = worked_out(ruleset, body["facts"], moment(body["as_of"]).day, body["opening"])
    data = canonical(worked.decision.to_dict())
    same_proof = proof_digest(worked.proof) == body["proof"]
    return Replayed(number, data, data == canonical(body["decision"]), same_proof)


def _decision(entry: Kept) -> Mapping[str, Any]:
    if entry.kind != "decision":
        message = f"entry {entry.number} is no decision"
        mend = "`rolerules record show` lists the decisions of a person"
        raise RolerulesError([Problem("no-decision", message, help=mend)])
    return entry.body
