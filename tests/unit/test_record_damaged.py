# SPDX-License-Identifier: MIT
"""A record that somebody changed: nothing is done over it, and what is said is no traceback."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3

import pytest
from click.testing import CliRunner
from recorded import TEXT

from rolerules import Record, RolerulesError, load
from rolerules.cli import app

BY = ("--by", "HR-1", "--reason", "as found", "--at", "2026-10-06")
SAID = ("--at", "2026-09-11", "--source", "HR")
LOOSE = "DROP TRIGGER entries_stay; DROP TRIGGER entries_remain;"
COMMANDS = (
    ("record", "verify", "people.record"), ("record", "checkpoint", "people.record"),
    ("record", "show", "people.record"), ("record", "show", "people.record", "E-1"),
    ("record", "export", "people.record", "E-1"), ("replay", "people.record", "3"),
    ("confirm", "people.record", "3", *BY), ("reverse", "people.record", "3", *BY),
    ("session", "show", "people.record", "E-1", "2026-Q3"),
    ("session", "post", "people.record", "E-1", "2026-Q3", "grade=S1", *SAID),
    ("session", "decide", "people.record", "E-1", "2026-Q3"),
    ("adjust", "people.record", "E-1", "2026-Q3"),
    ("record", "erase", "people.record", "E-1", "--by", "HR-1", "--at", "2030-01-01", "--yes"),
)  # fmt: skip


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory):
    path = tmp_path_factory.mktemp("ruleset") / "seller.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return load(path)


@pytest.fixture
def record(tmp_path, monkeypatch, ruleset):
    """Entries: 1 rules, 2 fact, 3 proposal, 4 confirm, 5 contest (after its decision), 7 reverse."""
    monkeypatch.chdir(tmp_path)
    record = Record.open("people.record")
    session = ruleset.session(subject="E-1", period="2026-Q3", record=record)
    assert session.post("satisfied", False, at="2026-09-10", source="GM").proposal == 3
    for day, what in enumerate(("confirm", "contest", "reverse"), 1):
        getattr(record, what)(3, by="HR-1", reason="as found", at=f"2026-10-0{day}")
    return record


def changed(statement, file="people.record"):
    """Change a file behind the record's back."""
    connection = sqlite3.connect(file)
    connection.executescript(statement)
    connection.close()


def rows():
    with contextlib.closing(sqlite3.connect("people.record")) as file:
        return file.execute("SELECT * FROM entries").fetchall()


def run(words):
    return CliRunner().invoke(app, list(words))


DAMAGE = {
    "text": "UPDATE entries SET data = 'hello' WHERE number = {n}",
    "null bytes": "UPDATE entries SET data = x'00ff' WHERE number = {n}",
    "number": "UPDATE entries SET data = 7 WHERE number = {n}",
    "list": "UPDATE entries SET data = x'5b5d' WHERE number = {n}",
    "deep": "UPDATE entries SET data = CAST(replace(hex(zeroblob(100000)), '00', '[') AS BLOB) WHERE number = {n}",
    "hash": "UPDATE entries SET hash = 'x' WHERE number = {n}",
    "subject": "UPDATE entries SET subject = 'x' WHERE number = {n}",
    "gone": "DELETE FROM entries WHERE number = {n}",
    "renumbered": "DELETE FROM entries WHERE number = {n}; UPDATE entries SET number = -number WHERE number > {n}; UPDATE entries SET number = -number - 1 WHERE number < 0",
}


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("damage", DAMAGE)
def test_no_damage_ends_in_a_traceback_and_nothing_is_written_over_it(record, damage, number):
    changed(f"{LOOSE} {DAMAGE[damage].format(n=number)}")
    before = rows()
    cut = number == 7 and damage in ("gone", "renumbered")  # which a checkpoint alone shows
    for words in COMMANDS:
        result = run(words)
        assert result.exit_code in (0, 1, 2), (words, result.output)
        if cut or words[1] == "erase":  # a right of the person's, whatever else is wrong
            continue
        assert rows() == before, words
    if not cut:
        assert run(COMMANDS[0]).exit_code == 1


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("damage", DAMAGE)
def test_no_damage_keeps_a_persons_key(record, damage, number):
    changed(f"{LOOSE} {DAMAGE[damage].format(n=number)}")
    result = run(COMMANDS[-1])
    assert result.exit_code == 0, result.output
    assert Record.open("people.record").keys.subjects() == ()


@pytest.mark.parametrize(
    ("damage", "file"),
    [
        ("UPDATE entries SET hash = x'00' WHERE number = 7", "people.record"),
        ("UPDATE entries SET number = 9223372036854775807 WHERE number = 7", "people.record"),
        ("UPDATE keys SET token = x'00'", "people.keys"),
    ],
)
def test_a_key_goes_even_where_the_record_cannot_say_so(record, damage, file):
    changed(f"{LOOSE if 'record' in file else ''} {damage}", file)
    result = run(COMMANDS[-1])
    assert result.exit_code in (0, 1), result.output
    assert result.exit_code == 0 or "[erased-unsaid]" in result.output
    assert Record.open("people.record").keys.subjects() == ()


def test_nothing_is_done_over_a_chain_with_a_gap(record, ruleset):
    """The reversal is taken out of the middle: the person would be suspended again."""
    later = ruleset.session(subject="E-1", period="2026-Q4", record=record)
    later.post("grade", "S1", at="2026-10-10", source="HR")
    changed(f"{LOOSE} DELETE FROM entries WHERE number = 7")
    before = rows()
    anew = Record.open("people.record")
    session = ruleset.session(subject="E-1", period="2026-Q3", record=anew)
    for call in (
        lambda: session.post("grade", "S2", at="2026-10-11", source="HR"),
        session.decide,
        lambda: anew.reverse(3, by="HR-1", reason="as found", at="2026-10-09"),
    ):
        with pytest.raises(RolerulesError, match="entry-missing"):
            call()
    assert rows() == before


def test_a_book_that_is_open_looks_at_what_was_added_since(record, ruleset):
    session = ruleset.session(subject="E-2", period="2026-Q3", record=record)
    session.post("grade", "S1", at="2026-09-10", source="HR")
    other = Record.open("people.record")
    ruleset.session(subject="E-3", period="2026-Q3", record=other).post(
        "grade", "S1", at="2026-09-10", source="HR"
    )
    changed(f"{LOOSE} UPDATE entries SET data = x'7b7d' WHERE number = 9")
    with pytest.raises(RolerulesError, match="entry-changed"):
        session.post("grade", "S2", at="2026-09-11", source="HR")


def test_the_keys_of_another_record_are_refused_at_once(record, ruleset):
    other = Record.open("other.record")
    ruleset.session(subject="E-1", period="2026-Q3", record=other)
    before = record.verify()
    for words in COMMANDS:
        result = run([*words, "--keys", "other.keys"])
        assert result.exit_code == 1, words
        assert "holds the keys of another record" in result.output
    assert record.verify() == before


def test_a_copy_of_both_files_is_the_same_record(record, tmp_path):
    shutil.copy("people.record", "copy.record")
    shutil.copy("people.keys", "copy.keys")
    assert Record.open("copy.record").verify() == record.verify()


def test_keys_that_changed_hands_open_nothing(record, ruleset):
    """Two people's names are swapped in the file of keys: neither has the other's past."""
    ruleset.session(subject="E-2", period="2026-Q3", record=record).post(
        "grade", "S1", at="2026-09-10", source="HR"
    )
    changed(
        "UPDATE keys SET subject = 'x' WHERE subject = 'E-1';"
        "UPDATE keys SET subject = 'E-1' WHERE subject = 'E-2';"
        "UPDATE keys SET subject = 'E-2' WHERE subject = 'x'",
        "people.keys",
    )
    for subject in ("E-1", "E-2"):
        with pytest.raises(RolerulesError, match="key-missing"):
            ruleset.session(subject=subject, period="2026-Q4", record=Record.open("people.record"))
    with pytest.raises(RolerulesError) as caught:
        Record.open("people.record").verify()
    assert {problem.code for problem in caught.value.problems} == {"key-missing"}


@pytest.mark.parametrize("secret", ["'text'", "x'00'", "zeroblob(32)", "7"])
def test_a_secret_that_is_another_one_is_found(record, secret):
    changed(f"UPDATE keys SET secret = {secret}", "people.keys")
    for words in COMMANDS[:-1]:
        result = run(words)
        assert result.exit_code == 1, (words, result.output)
        assert "[key-missing]" in result.output
    assert run(COMMANDS[-1]).exit_code == 0  # what cannot be read can be destroyed
    assert Record.open("people.record").keys.subjects() == ()


@pytest.mark.parametrize("file", ["people.record", "people.keys"])
@pytest.mark.parametrize(
    "about", ["DELETE FROM about", "UPDATE about SET record = 'x'", "DROP TABLE about"]
)
def test_a_file_without_its_id_is_refused(record, file, about):
    changed(about, file)
    for words in COMMANDS:
        result = run(words)
        assert result.exit_code in (1, 2), (words, result.output)


def test_a_checkpoint_after_it_all(record):
    assert json.loads(run(COMMANDS[1]).output)["entries"] == 7
