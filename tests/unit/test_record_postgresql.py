# SPDX-License-Identifier: MIT
"""The record in PostgreSQL: a real server, started for these tests (Debian's `postgresql`)."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from recorded import seller

from rolerules import Record, RolerulesError

sqlalchemy = pytest.importorskip("sqlalchemy", reason="the extra `sql` is not installed")
pytest.importorskip("psycopg", reason="the extra `sql` is not installed")


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _as_user(folder: Path) -> list[str]:
    """How to run the server: it refuses to be run by root."""
    if os.getuid() != 0:
        return []
    name = next((one for one in ("postgres", "nobody") if _known(one)), None)
    if name is None:
        pytest.skip("PostgreSQL refuses root, and there is no other user to run it")
    shutil.chown(folder, name)
    return ["setpriv", f"--reuid={name}", f"--regid={pwd.getpwnam(name).pw_gid}", "--clear-groups"]


def _known(name: str) -> bool:
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False


@pytest.fixture(scope="module")
def server():
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed here")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = [*_as_user(folder), "env", "LC_ALL=C.UTF-8"]
        data = folder / "data"

        def call(*command):
            done = subprocess.run(
                [*run, *command], cwd=folder, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr

        call(programs / "initdb", "-D", data, "-U", "owner", "--auth=trust", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c lc_messages=C"
        call(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        yield f"postgresql://owner@/postgres?host={folder}"
        call(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


@pytest.fixture
def opened(server, tmp_path):
    engine = sqlalchemy.create_engine(server.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("DROP TABLE IF EXISTS rolerules_entries"))
    engine.dispose()

    def another():
        return Record.open(server, keys=tmp_path / "people.keys")

    return another


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory):
    return seller(tmp_path_factory.mktemp("ruleset"))


def test_from_the_first_fact_to_the_erasure(ruleset, opened):
    record = opened()
    session = ruleset.session(subject="E-1001", period="2026-Q3", record=record)
    session.post("grade", "S1", at="2026-07-01", source="HR")
    number = session.post("satisfied", False, at="2026-09-10", source="GM").proposal
    checkpoint = record.checkpoint()
    record.confirm(number, by="HR-1", reason="as found", at="2026-10-01")
    assert session.decide().decision.total.amount is None
    session.post("rating", "5%", at="2026-10-05", source="HR")
    adjusted = session.adjust()
    assert adjusted.adjusts is not None
    again = opened()
    again.verify(checkpoint)
    assert again.replay(adjusted.number).same
    assert [one["kind"] for one in again.export("E-1001")["entries"]] == [
        "fact", "fact", "decision", "confirm", "decision", "fact", "decision",
    ]  # fmt: skip
    again.erase("E-1001", by="DPO-1", at="2030-01-01")
    again.verify(checkpoint)


def test_eight_threads_make_one_chain(ruleset, opened):
    records = [opened() for _ in range(3)]

    def feed(number):
        session = ruleset.session(
            subject=f"E-{number % 5}", period="2026-Q3", record=records[number % 3]
        )
        session.post("sales", "1.00", at="2026-09-01", source="CRM", event=f"c-{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(feed, range(120)))
    assert records[0].verify().entries == 121


def test_nothing_is_changed_or_removed_by_mistake(ruleset, opened, server):
    record = opened()
    ruleset.session(subject="E-1", period="2026-Q3", record=record).post(
        "grade", "S1", at="2026-07-01", source="HR"
    )
    engine = sqlalchemy.create_engine(server.replace("postgresql:", "postgresql+psycopg:"))
    for statement in ("UPDATE rolerules_entries SET number = 9", "DELETE FROM rolerules_entries",
                      "TRUNCATE rolerules_entries"):  # fmt: skip
        with (
            engine.begin() as connection,
            pytest.raises(sqlalchemy.exc.DatabaseError, match="never"),
        ):
            connection.execute(sqlalchemy.text(statement))
    engine.dispose()


def test_what_fails_inside_leaves_nothing(ruleset, opened):
    record = opened()
    history = record.history("E-1001")

    def stops():
        with record.writing(history) as pen:
            pen.add({"kind": "fact"})
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        stops()
    assert record.verify().entries == 0
    assert history.entries == []


def test_what_is_changed_there_is_found(ruleset, opened, server):
    record = opened()
    ruleset.session(subject="E-1", period="2026-Q3", record=record).post(
        "grade", "S1", at="2026-07-01", source="HR"
    )
    engine = sqlalchemy.create_engine(server.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("ALTER TABLE rolerules_entries DISABLE TRIGGER ALL"))
        connection.execute(
            sqlalchemy.text("UPDATE rolerules_entries SET data = data || ' ' WHERE number = 2")
        )
    engine.dispose()
    with pytest.raises(RolerulesError, match="entry-changed"):
        record.verify()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("postgresql://owner@/postgres?host=/nowhere", "record-file"),
        ("mysql://owner@/postgres", "not-a-record"),
        ("sqlite:///people.db", "not-a-record"),
        ("nonsense://", "not-a-record"),
    ],
)
def test_addresses_that_lead_nowhere(tmp_path, address, code):
    with pytest.raises(RolerulesError) as caught:
        Record.open(address, keys=tmp_path / "people.keys")
    assert [problem.code for problem in caught.value.problems] == [code]
    with pytest.raises(RolerulesError, match="key-missing"):
        Record.open(address)
