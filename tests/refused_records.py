# SPDX-License-Identifier: MIT
"""What sessions and the record refuse: a row each, as in `refusals.py`."""

from __future__ import annotations

import builtins
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import attrs
from recorded import new_record, seller

from rolerules import Record, Session
from rolerules.cli.recording import session_of
from rolerules.record.book import Book
from rolerules.record.database import AGAIN
from rolerules.record.proof import Checkpoint, verify
from rolerules.record.review import act

Run = Callable[[Path], object]
Q3 = "2026-Q3"


def opened(folder: Path, period: str = Q3, subject: str = "E-1001", **more: object) -> Session:
    """The session of a person in a record of the folder."""
    return seller(folder).session(subject=subject, period=period, record=new_record(folder), **more)


def proposed(folder: Path) -> tuple[Session, int]:
    """A session in which a suspension is proposed, and the entry that does."""
    session = opened(folder)
    number = session.post("satisfied", False, at="2026-09-10", source="GM").proposal
    assert number is not None
    return session, number


def done(session: Session, number: int, what: str, **more: str) -> object:
    """Do something about the proposal."""
    given = {"by": "HR-1", "reason": "as found", "at": "2026-10-01", **more}
    return act(session.record, number, what, **given)


def posting(fact: str, value: object, *, before: tuple[object, ...] = (), **more: object) -> Run:
    """Post a fact, after others of the same day."""

    def run(folder: Path) -> object:
        session = opened(folder)
        for name, one, event in before:
            session.post(name, one, at="2026-09-10", source="CRM", event=event)
        return session.post(fact, value, **{"at": "2026-09-10", "source": "CRM", **more})

    return run


def correcting(fact: str, value: object, of: str | None) -> Run:
    """Correct what was posted as `a`."""

    def run(folder: Path) -> object:
        session = opened(folder)
        session.post(fact, value, at="2026-09-10", source="CRM", event="a")
        return session.correct(fact, value, at="2026-09-11", source="CRM", of=of)

    return run


def reviewing(*acts: str, **more: str) -> Run:
    """Do several things about a proposal, the last one as said."""

    def run(folder: Path) -> object:
        session, number = proposed(folder)
        for what in acts[:-1]:
            done(session, number, what)
        return done(session, number, acts[-1], **more)

    return run


def lapsed(folder: Path) -> object:
    """Confirm what is proposed no more."""
    session, number = proposed(folder)
    session.post("satisfied", True, at="2026-09-20", source="GM")
    return done(session, number, "confirm")


def ungrounded(folder: Path) -> object:
    """Uphold what has no ground any more."""
    session, number = proposed(folder)
    done(session, number, "confirm")
    session.post("satisfied", True, at="2026-09-20", source="GM")
    done(session, number, "contest")
    return done(session, number, "uphold")


def another(folder: Path, old: str, new: str, period: str) -> Session:
    """The session of a version in which something else stands, once the quarter is decided."""
    from rolerules import load

    record = new_record(folder)
    first = NOTICE.replace("facts:", PAID)
    for text, name in ((first, Q3), (first.replace(old, new), period)):
        (folder / "noticed.yaml").write_text(text, encoding="utf-8")
        ruleset = load(folder / "noticed.yaml")
        session = ruleset.session(subject="E-1001", period=name, record=record)
        if text == first:
            session.decide()
    return session


PAID = """currency: EUR
pay:
  rounding: half up to 0.01
  lines:
    basic:
      amount: 5.00
facts:"""


def unsaid(folder: Path) -> object:
    """Erase where the record cannot be written."""
    session = opened(folder)
    session.post("grade", "S1", at="2026-09-10", source="CRM")
    file = sqlite3.connect(folder / "people.record")
    file.executescript(
        "DROP TRIGGER entries_stay; UPDATE entries SET hash = x'00' WHERE number = 2"
    )
    file.close()
    return new_record(folder).erase("E-1001", by="DPO-1", at="2030-01-01")


NOTICE = """
ruleset: noticed
language: 1
version: 1.0.0
period: quarter
year starts: 1 January
facts:
  satisfied: yes/no
  joined: date
status:
  states: [active, suspended]
  start: active
  changes:
    suspend:
      from: active
      to: suspended
      grounds:
        dissatisfaction: not satisfied
      effect: right of the company
      adverse: yes
      notice days: full_years(joined, as_of) * 10
"""


def unnoticed(folder: Path) -> object:
    """Confirm a change whose notice is not known."""
    from rolerules import load

    (folder / "noticed.yaml").write_text(NOTICE, encoding="utf-8")
    session = load(folder / "noticed.yaml").session(
        subject="E-1001", period=Q3, record=new_record(folder)
    )
    number = session.post("satisfied", False, at="2026-09-10", source="GM").proposal
    assert number is not None
    return done(session, number, "confirm")


def changed(
    folder: Path, change: Callable[[list], list], checkpoint: Checkpoint | None = None
) -> None:
    """Verify a record whose rows were changed."""
    session, _ = proposed(folder)
    with session.record.store.reading() as rows:
        listed = rows.after(0, 1_000)
    rows_after = change(listed)
    store = mock.MagicMock()
    store.reading.return_value.__enter__.return_value.after.side_effect = [rows_after, []]
    verify(Book(store, session.record.keys), checkpoint)


def erased(folder: Path) -> object:
    """Go on with the session of a person who was erased."""
    session, _ = proposed(folder)
    session.record.erase("E-1001", by="DPO-1", at="2030-01-01")
    return session.post("grade", "S1", at="2026-09-10", source="HR")


def without_cryptography(folder: Path) -> object:
    """Make a record where the package for its keys is not installed."""
    real = builtins.__import__

    def lacking(name: str, *rest: object) -> object:
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *rest)

    with mock.patch.object(builtins, "__import__", lacking), mock.patch.dict(sys.modules):
        return opened(folder)


def other_file(folder: Path) -> object:
    """Open a file that is no record."""
    (folder / "people.record").write_text("a text\n" * 100, encoding="utf-8")
    return new_record(folder)


def swapped_keys(folder: Path) -> object:
    """Open a record with the keys of another one."""
    session, _ = proposed(folder)
    key = session.record.keys.of("E-1001")
    assert key is not None
    wrong = attrs.evolve(key, secret=b"\0" * 32)
    with mock.patch.object(session.record.keys, "of", return_value=wrong):
        return session.record.known("E-1001")


def unnamed(folder: Path) -> object:
    """Open the session of somebody new without saying by which ruleset."""
    opened(folder)
    return session_of(str(folder / "people.record"), None, "E-1", Q3, None, None)


CORRECT = "say which of the two holds: correct it, with a later time"
BACKUP = "put the record back from a backup; what was added since then is given again"
SHOWN = "`rolerules record show` lists the entries of a person"
NAMES = 'give the id that your HR system has, such as "E-1001"'
ROWS: tuple[tuple[str, str, Run, str, str, str], ...] = (
    ("period-name", "a fifth quarter", lambda folder: opened(folder, "2026-Q5"), "period",
     "`2026-Q5` is no quarter", "write it like `2026-Q3`"),
    ("period-name", "a month", lambda folder: opened(folder, "2026-07"), "period",
     "`2026-07` is no quarter", "write it like `2026-Q3`"),
    ("subject", "nothing", lambda folder: opened(folder, subject=" "), "subject",
     "an id is a text of 1 to 200 signs", NAMES),
    ("subject", "a blank", lambda folder: opened(folder, subject="E-1001 "), "subject",
     "the id `E-1001 ` begins or ends with a blank", NAMES),
    ("subject", "unseen", lambda folder: opened(folder, subject="E-\u200b1001"), "subject",
     "the id holds a sign that cannot be seen", NAMES),
    ("subject", "two signs", lambda folder: opened(folder, subject="E\u0301-1"), "subject",
     "the id `E\u0301-1` is not in Unicode's form NFC", "bring it into that form"),
    ("time", "another form", posting("grade", "S1", at="31.7.2026"), "at",
     "`31.7.2026` is no time", "write `2026-07-31`"),
    ("time", "no offset", posting("grade", "S1", at="2026-10-25T02:30"), "at",
     "`2026-10-25T02:30` is no time",
     "give a day, `2026-07-31`, or a moment with its offset, `2026-07-31T17:30+08:00`"),
    ("no-name", "no source", posting("grade", "S1", source=""), "source",
     "`` is no name of a source or an event", "give a text of 1 to 200 signs on one line"),
    ("conflicting-facts", "one day", posting("grade", "S2", before=(("grade", "S1", "a"),)), "grade",
     "`grade` was given another value for 2026-09-10, by `a`", CORRECT),
    ("event-taken", "another value", posting("sales", "2.00", before=(("sales", "1.00", "a"),), event="a"), "",
     "the event `a` is on record, and says something else",
     "give each event an id of its own; correct or withdraw one that was wrong"),
    ("which-event", "a sum", correcting("sales", "1.00", None), "sales",
     "`sales` is made of events, and none is named",
     "name the one that is meant, with `--of`: a (2026-09-10, CRM)"),
    ("which-event", "one value", correcting("grade", "S1", "a"), "grade",
     "`grade` has one value, and the event `a` is named", "leave the event out"),
    ("wrong-type", "given nothing", posting("grade", None), "grade",
     "`grade` is given nothing",
     "give a value; what is not known is not posted, and what was wrong is withdrawn"),
    ("period-decided", "twice", lambda folder: [opened(folder).decide(), opened(folder).decide()], "",
     "2026-Q3 of `E-1001` was decided by entry 2",
     "adjust it: what came since gives a new decision and the difference"),
    ("period-open", "too early", lambda folder: opened(folder).adjust(), "",
     "2026-Q3 of `E-1001` is not decided yet", "decide it first"),
    ("nothing-to-adjust", "nothing came", lambda folder: [opened(folder).decide(), opened(folder).adjust()], "",
     "nothing has changed since entry 2", "post what came late first"),
    ("opening-decided", "another status",
     lambda folder: [opened(folder).decide(), opened(folder, opening={"status": "suspended"}, at="2026-07-01", source="HR")], "",
     "the status is `active` by the record",
     "a status changes by a confirmation alone: leave it out of the opening"),
    ("opening-given", "said again, otherwise", lambda folder: [
        opened(folder, opening={"status": one}, at="2026-07-01", source="HR") for one in ("active", "suspended")], "",
     "2026-Q3 opens with something else by HR, 2026-07-01",
     "leave the opening out; one that was wrong is corrected, by `correct_opening` or `session correct`"),
    ("period-overlaps", "a month of a quarter",
     lambda folder: another(folder, "period: quarter", "period: month", "2026-09").decide(), "",
     "2026-Q3, which overlaps 2026-09, was decided by entry 2",
     "adjust that, or decide a period that begins after it"),
    ("other-currency", "yuan and euros",
     lambda folder: another(folder, "currency: EUR", "currency: USD", Q3).adjust(), "",
     "2026-Q3 was decided in EUR, and the ruleset pays in USD",
     "adjust it by a ruleset of the same currency"),
    ("erased-unsaid", "a damaged record", unsaid, "",
     "the key of `E-1001` is destroyed, and the record could not say so: its last entry is not what was written",
     "put the record back from a backup; what was added since then is given again"),
    ("nobody-named", "no reviewer", reviewing("confirm", by=""), "by",
     "`by` is no text of 1 to 2,000 signs on one line", "name the person who acts, and say why"),
    ("own-case", "oneself", reviewing("confirm", by="E-1001"), "by",
     "`E-1001` cannot confirm what concerns `E-1001`", "another person has to do it"),
    ("before-the-last", "earlier", reviewing("confirm", "contest", at="2026-09-30"), "at",
     "2026-09-30 is before what was done last, on 2026-10-01", "give the right time"),
    ("not-now", "declined", reviewing("decline", "confirm"), "",
     "the change that entry 3 proposed is declined: it cannot be confirmed",
     "nothing more can be done about it"),
    ("not-now", "confirmed", reviewing("confirm", "uphold"), "",
     "the change that entry 3 proposed is confirmed: it cannot be upheld",
     "what can be done: contest, reinstate"),
    ("not-now", "lapsed", lapsed, "",
     "the change that entry 3 proposed is proposed no more: the facts have changed",
     "look at the latest decision"),
    ("no-proposal", "a fact", lambda folder: done(*_other(folder, 2)), "",
     "entry 2 proposes no change of status",
     "name the decision that does: `rolerules record show` lists them"),
    ("no-grounds", "corrected", ungrounded, "",
     "by the facts and the status as they now are there is no ground for the change",
     "reverse it; where the facts were refused, correct them and contest anew"),
    ("notice-unknown", "no date", unnoticed, "", "the days of notice are not known",
     "post the facts that they are worked out from"),
    ("no-decision", "a fact", lambda folder: proposed(folder)[0].record.replay(2), "",
     "entry 2 is no decision", "`rolerules record show` lists the decisions of a person"),
    ("not-in-record", "misspelt", lambda folder: proposed(folder)[0].record.export("E-1OO1"), "",
     "`E-1OO1` is not in this record", "did you mean `E-1001`?"),
    ("not-in-record", "no entry", lambda folder: done(*_other(folder, 77)), "",
     "there is no entry 77 of a person in this record", SHOWN),
    ("which-ruleset", "the first fact", lambda folder: unnamed(folder), "",
     "nothing is on record of `E-1` in 2026-Q3",
     "say by which ruleset it goes: `--ruleset`, and `--company` with it"),
    ("erased", "an open session", erased, "", "what the record had on `E-1001` was erased",
     "start anew: open the session again; if that says the same, erase once more, which ends it"),
    ("entry-missing", "removed", lambda folder: changed(folder, lambda rows: [rows[0], rows[2]]), "entry 2",
     "entry 2 is missing: entry 3 follows 1", BACKUP),
    ("entry-changed", "another hash",
     lambda folder: changed(folder, lambda rows: [attrs.evolve(rows[0], hash="0")]), "entry 1",
     "entry 1 is not what was written", BACKUP),
    ("record-cut", "shorter", lambda folder: changed(folder, lambda rows: rows[:2], Checkpoint(3, "ab")), "",
     "the record ends with entry 2, and had 3 at the checkpoint", BACKUP),
    ("record-cut", "another one", lambda folder: changed(folder, lambda rows: rows, Checkpoint(2, "ab")), "",
     "entry 2 is another one than at the checkpoint", BACKUP),
    ("checkpoint", "no checkpoint", lambda folder: Checkpoint.of_dict({"entries": 3}), "",
     "this is no checkpoint", "give the file that `rolerules record checkpoint` wrote"),
    ("not-a-record", "a text", other_file, "", "`people.record` is another kind of file",
     "name the file of a record, or of its keys, whichever is asked for"),
    ("record-file", "a folder", lambda folder: Record.open(folder / "none" / "a.record"), "",
     "`none/a.record` cannot be used: No such file or directory", f"check its disk; {AGAIN}"),
    ("key-missing", "other keys", swapped_keys, "", "entry 2 cannot be read with the key of its person",
     "name the file of keys that belongs to this record"),
    ("not-installed", "no cryptography", without_cryptography, "",
     "the record needs the package `cryptography`, which is not installed",
     'install it: `pip install "rolerules[record]"`'),
)  # fmt: skip


def _other(folder: Path, number: int) -> tuple[Session, int, str]:
    return proposed(folder)[0], number, "confirm"
