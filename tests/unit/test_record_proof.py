# SPDX-License-Identifier: MIT
"""What the record proves: every change found, a person's export, erasure, replay."""

from __future__ import annotations

import contextlib
import json
import sqlite3

import attrs
import pytest
from recorded import new_record, seller

from rolerules import Record, RolerulesError
from rolerules.record import proof
from rolerules.record.book import Book
from rolerules.record.entry import FIRST, Row, digest_of
from rolerules.record.proof import Checkpoint, verify


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory):
    return seller(tmp_path_factory.mktemp("ruleset"))


@pytest.fixture
def record(tmp_path, ruleset):
    record = new_record(tmp_path)
    session = ruleset.session(subject="E-1001", period="2026-Q3", record=record)
    session.post("grade", "S1", at="2026-07-01", source="HR")
    session.post("satisfied", False, at="2026-09-10", source="GM")
    record.confirm(4, by="HR-1", reason="as found", at="2026-10-01")
    return record


class Listed:
    """A store that is a list of rows."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    @contextlib.contextmanager
    def reading(self):
        yield self

    def after(self, number, most):
        return [] if number else self.rows


def rows_of(record):
    with record.store.reading() as rows:
        return rows.after(0, 1_000)


def codes(record, rows, checkpoint=None):
    """The codes of what is wrong with rows, none where nothing is."""
    try:
        verify(Book(Listed(rows), record.keys), checkpoint)
    except RolerulesError as error:
        return {problem.code for problem in error.problems}
    return set()


def test_every_flipped_bit_is_found(record):
    rows = rows_of(record)
    assert codes(record, rows) == set()
    flipped = 0
    for place, row in enumerate(rows):
        for byte in range(len(row.data)):
            for bit in range(8):
                data = bytearray(row.data)
                data[byte] ^= 1 << bit
                changed = [*rows]
                changed[place] = attrs.evolve(row, data=bytes(data))
                assert "entry-changed" in codes(record, changed)
                flipped += 1
    assert flipped > 10_000


def test_flipped_bits_with_their_hash_put_right_are_found(record):
    """Who also writes the entry's new hash beside it is found by the entry after it."""
    rows = rows_of(record)
    checkpoint = record.checkpoint()
    for place, row in enumerate(rows):
        for byte in range(min(len(row.data), 400)):
            data = bytearray(row.data)
            data[byte] ^= 1
            changed = [*rows]
            changed[place] = attrs.evolve(row, data=bytes(data), hash=digest_of(bytes(data)))
            assert codes(record, changed, checkpoint)


def test_what_stands_beside_an_entry_is_looked_at(record):
    rows = rows_of(record)
    for place, row in enumerate(rows):
        for changed in (
            attrs.evolve(row, hash=row.hash[:-1] + "x"),
            attrs.evolve(row, subject="rules2"),
            attrs.evolve(row, number=row.number + 7),
        ):
            assert codes(record, [*rows[:place], changed, *rows[place + 1 :]])


def test_what_is_removed_or_put_elsewhere_is_found(record):
    rows = rows_of(record)
    for place in range(len(rows) - 1):
        assert codes(record, rows[:place] + rows[place + 1 :])
        swapped = [*rows]
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        assert codes(record, swapped)
        assert codes(record, [*rows[: place + 1], *rows[place:]])


def test_a_cut_tail_is_found_against_a_checkpoint(record):
    rows = rows_of(record)
    checkpoint = record.checkpoint()
    for length in range(len(rows)):
        assert codes(record, rows[:length]) == set()
        assert codes(record, rows[:length], checkpoint) == {"record-cut"}
    assert codes(record, rows, checkpoint) == set()


def test_a_record_written_anew_is_found_against_a_checkpoint(record, tmp_path, ruleset):
    other = new_record(tmp_path, "other")
    session = ruleset.session(subject="E-1001", period="2026-Q3", record=other)
    for day in range(1, 9):
        session.post("grade", "S2", at=f"2026-07-0{day}", source="HR")
    assert codes(other, rows_of(other)) == set()
    assert codes(other, rows_of(other), record.checkpoint()) == {"record-cut"}


def test_the_hash_is_over_canonical_bytes(record):
    """The same data, written with a blank, is another entry."""
    rows = rows_of(record)
    spaced = rows[0].data.replace(b',"', b', "', 1)
    assert json.loads(spaced) == json.loads(rows[0].data)
    changed = attrs.evolve(rows[0], data=spaced, hash=digest_of(spaced))
    assert codes(record, [changed]) == {"entry-changed"}


def test_nobody_changes_an_entry_by_mistake(record, tmp_path):
    connection = sqlite3.connect(tmp_path / "people.record")
    for statement in ("UPDATE entries SET data = x'00'", "DELETE FROM entries"):
        with pytest.raises(sqlite3.IntegrityError, match="an entry is never"):
            connection.execute(statement)


def test_flipped_bits_in_the_file_are_found(record, tmp_path):
    path = tmp_path / "people.record"
    intact = path.read_bytes()
    row = rows_of(record)[-1]
    start = intact.index(row.data)
    for byte in range(0, len(row.data), 7):
        data = bytearray(intact)
        data[start + byte] ^= 1 << byte % 8
        path.write_bytes(data)
        with pytest.raises(RolerulesError) as caught:
            new_record(tmp_path).verify()
        assert {problem.code for problem in caught.value.problems} <= {
            "entry-changed",
            "record-file",
        }
    path.write_bytes(intact)
    new_record(tmp_path).verify()


def test_nothing_of_a_person_can_be_read_or_guessed_without_the_key(record, tmp_path):
    file = (tmp_path / "people.record").read_bytes()
    for word in (b"E-1001", b"HR-1", b"as found", b'satisfied"', b"dissatisfaction"):
        people = [row.data for row in rows_of(record) if row.subject != "rules"]
        assert not any(word in data for data in people)
    assert b"E-1001" not in file
    sealed = [row for row in rows_of(record) if row.subject != "rules"]
    assert {frozenset(row.read()) for row in sealed} == {
        frozenset(("number", "at", "subject", "previous", "sealed"))
    }


def test_the_same_fact_twice_is_sealed_differently(tmp_path, ruleset):
    sealed = set()
    for name in ("a", "b"):
        record = new_record(tmp_path, name)
        ruleset.session(subject="E-1001", period="2026-Q3", record=record).post(
            "grade", "S1", at="2026-07-01", source="HR"
        )
        sealed.add(rows_of(record)[-1].read()["sealed"])
        sealed.add(rows_of(record)[-1].subject)
    assert len(sealed) == 4


def test_an_entry_opens_at_its_place_alone(record):
    """An entry's text, put under the header of another one, does not open."""
    key = record.keys.of("E-1001")
    first, last = (row.read() for row in rows_of(record)[-2:])
    names = ("number", "at", "subject", "previous")
    header = {name: first[name] for name in names}
    with pytest.raises(RolerulesError, match="key-missing"):
        key.opened(header, last["sealed"])


def test_an_erased_person_is_gone_and_the_record_verifies(record, tmp_path, ruleset):
    checkpoint, token = record.checkpoint(), record.keys.of("E-1001").token
    secret = record.keys.of("E-1001")._secret
    number = record.erase("E-1001", by="DPO-1", at="2030-01-01")
    record.verify(checkpoint)
    keys = (tmp_path / "people.keys").read_bytes()
    assert secret not in keys
    assert token.encode() not in keys
    assert b"E-1001" not in keys
    for call in (record.export, record.known, record.known_key):
        with pytest.raises(RolerulesError, match="not-in-record"):
            call("E-1001")
    with pytest.raises(RolerulesError, match="not-in-record"):
        record.replay(4)
    entry = rows_of(record)[number - 1].read()
    assert entry["open"] == {"kind": "erased", "by": "DPO-1", "at": "2030-01-01"}
    # Whoever comes back is somebody new.
    session = ruleset.session(subject="E-1001", period="2027-Q1", record=record)
    assert session.decision().opening_assumed
    assert record.keys.of("E-1001").token != token


def test_an_open_session_of_an_erased_person_writes_nothing(record, ruleset):
    session = ruleset.session(subject="E-1001", period="2026-Q3", record=record)
    record.erase("E-1001", by="DPO-1", at="2030-01-01")
    before = record.checkpoint()
    with pytest.raises(RolerulesError, match="erased"):
        session.post("grade", "S1", at="2026-07-02", source="HR")
    assert record.checkpoint() == before


def test_whoever_erases_is_not_the_one_who_is_erased(record):
    for by in ("E-1001", ""):
        with pytest.raises(RolerulesError):
            record.erase("E-1001", by=by, at="2030-01-01")
    assert record.known("E-1001").entries


def test_the_export_is_all_of_it(record, ruleset):
    other = ruleset.session(subject="E-1002", period="2026-Q3", record=record)
    other.post("grade", "S2", at="2026-07-01", source="HR")
    found = record.export("E-1001")
    assert json.loads(json.dumps(found)) == found
    assert [entry["kind"] for entry in found["entries"]] == ["fact", "fact", "decision", "confirm"]
    (change,) = found["changes of status"]
    assert (change["state"], change["effective on"]) == ("confirmed", "2026-10-11")
    assert "E-1002" not in json.dumps(found)


def test_replay_needs_the_record_alone(record, tmp_path, ruleset):
    anew = new_record(tmp_path)
    found = anew.replay(4)
    assert found.same
    assert found.same_proof
    assert json.loads(found.data)["pay"]["lines"][0] == {
        "id": "basic",
        "amount": "1000.00",
        "needs": [],
    }
    for number, code in ((3, "no-decision"), (77, "not-in-record"), (2**70, "not-in-record")):
        with pytest.raises(RolerulesError, match=code):
            anew.replay(number)


def test_checkpoints():
    assert Checkpoint.of_dict(Checkpoint(7, "ab").to_dict()) == Checkpoint(7, "ab")
    for wrong in ({}, [], {"record": "rolerules record 1", "entries": "7", "hash": "ab"}, None):
        with pytest.raises(RolerulesError, match="no checkpoint"):
            Checkpoint.of_dict(wrong)


def test_more_entries_than_are_read_at_a_time(record, ruleset, monkeypatch):
    monkeypatch.setattr(proof, "AT_A_TIME", 2)
    found = record.verify()
    assert found.entries == 5
    assert record.verify(found) == found


def test_a_record_of_which_nothing_is_right_is_said_in_short(record):
    rows = [attrs.evolve(row, hash="0") for row in rows_of(record)] * 40
    with pytest.raises(RolerulesError) as caught:
        verify(Book(Listed(rows), record.keys), None)
    assert len(caught.value.problems) == proof.MOST_PROBLEMS


def test_an_empty_record(tmp_path):
    record = new_record(tmp_path)
    assert record.verify() == Checkpoint(0, FIRST)
    assert record.verify(Checkpoint(0, FIRST)) == Checkpoint(0, FIRST)


def test_keys_that_are_lost_are_missed(record, tmp_path, ruleset):
    other = ruleset.session(subject="E-1002", period="2026-Q3", record=record)
    other.post("grade", "S1", at="2026-07-01", source="HR")
    record.keys.destroy("E-1001")
    with pytest.raises(RolerulesError, match="the keys of 1 person are missing") as caught:
        record.verify()
    assert [problem.code for problem in caught.value.problems] == ["key-missing"]
    (tmp_path / "people.keys").unlink()
    with pytest.raises(RolerulesError, match="there is no file") as caught:
        Record.open(tmp_path / "people.record")
    assert [problem.code for problem in caught.value.problems] == ["no-such-file"]


def test_an_erasure_that_stopped_half_way_is_said_and_ended(record, monkeypatch):
    monkeypatch.setattr(record.keys, "destroy", lambda subject: None)
    number = record.erase("E-1001", by="DPO-1", at="2030-01-01")
    with pytest.raises(RolerulesError, match="`E-1001` was erased, and the key is still there"):
        record.verify()
    monkeypatch.undo()
    assert record.erase("E-1001", by="DPO-2", at="2030-01-02") == number
    record.verify()


def test_the_keys_are_their_owners_alone(record, tmp_path):
    assert (tmp_path / "people.keys").stat().st_mode & 0o777 == 0o600
