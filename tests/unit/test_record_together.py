# SPDX-License-Identifier: MIT
"""Many threads and processes over one record: the chain never forks, and no two people mix."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from recorded import AT, fast_folder, new_record, seller

PEOPLE = 1_000
THREADS = 8
FACTS = {
    "target": "900.00", "sales": "1000.00", "grade": "S1", "satisfied": True, "rating": "10%",
    "joined": "2026-06-01", "accounts": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory):
    return seller(tmp_path_factory.mktemp("ruleset"))


def person(number):
    """The facts of a person: everybody's sales and target are their own."""
    return {**FACTS, "sales": f"{1000 + number}.00", "target": f"{1000 + (number * 7) % PEOPLE}.00",
            "satisfied": number % 5 != 0}  # fmt: skip


def test_eight_threads_over_a_thousand_people(ruleset):
    """Each thread posts one fact (one of them two) of everybody, and each begins elsewhere."""
    names = [
        ["target"],
        ["sales"],
        ["grade"],
        ["satisfied"],
        ["rating"],
        ["joined"],
        ["accounts"],
        ["grade"],
    ]
    with fast_folder() as folder:
        record = new_record(Path(folder))

        def feed(thread):
            for step in range(PEOPLE):
                number = (step + thread * PEOPLE // THREADS) % PEOPLE
                session = ruleset.session(subject=f"E-{number}", period="2026-Q3", record=record)
                for name in names[thread]:
                    session.post(
                        name, person(number)[name], at="2026-09-01", source="CRM",
                        event=name, complete=name == "sales",
                    )  # fmt: skip

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(feed, range(THREADS)))
        record.verify()
        for number in range(PEOPLE):
            session = ruleset.session(subject=f"E-{number}", period="2026-Q3", record=record)
            alone = ruleset.evaluate(person(number), as_of=AT)
            assert session.decision() == alone
            assert sum(one.kind == "fact" for one in session.entries) == len(FACTS)
            proposals = sum(bool(one.body.get("proposes")) for one in session.entries)
            assert bool(proposals) == (alone.status.effect == "proposed")


def test_one_session_shared_by_threads(ruleset, tmp_path):
    record = new_record(tmp_path)
    session = ruleset.session(subject="E-1001", period="2026-Q3", record=record)

    def post(number):
        session.post("sales", "1.00", at="2026-09-01", source="CRM", event=f"c-{number % 20}")

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(post, range(80)))
    assert session.so_far == {"sales": "20.00"}
    record.verify()


def _feed(folder, process, barrier):
    ruleset = seller(Path(folder) / f"p{process}")
    record = new_record(Path(folder))
    barrier.wait()
    for number in range(25):
        session = ruleset.session(subject=f"E-{number % 5}", period="2026-Q3", record=record)
        session.post("sales", "1.00", at="2026-09-01", source="CRM", event=f"{process}-{number}")


def test_several_processes_make_one_record_and_one_chain(tmp_path):
    """They begin together, on a record that is not there yet."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(4)
    for process in range(4):
        (tmp_path / f"p{process}").mkdir()
    started = [context.Process(target=_feed, args=(tmp_path, one, barrier)) for one in range(4)]
    for one in started:
        one.start()
    for one in started:
        one.join()
    assert [one.exitcode for one in started] == [0] * 4
    record = new_record(tmp_path)
    # The text of the one ruleset, then all events.
    assert record.verify().entries == 1 + 4 * 25
    facts = [
        one.body["event"] for number in range(5) for one in record.known(f"E-{number}").entries
    ]
    assert len(set(facts)) == len(facts) == 100


def test_a_fork_goes_on_with_handles_of_its_own(ruleset, tmp_path):
    record = new_record(tmp_path)
    session = ruleset.session(subject="E-1001", period="2026-Q3", record=record)
    session.post("grade", "S1", at="2026-09-01", source="HR")

    def in_child():
        session.post("sales", "1.00", at="2026-09-01", source="CRM", event="child")

    child = multiprocessing.get_context("fork").Process(target=in_child)
    child.start()
    session.post("sales", "2.00", at="2026-09-01", source="CRM", event="parent")
    child.join()
    assert child.exitcode == 0
    assert session.so_far == {"sales": "3.00"}
    record.verify()


def test_who_waits_gets_in(ruleset, tmp_path):
    """A writer waits for another process that is writing."""
    record, other = new_record(tmp_path), new_record(tmp_path)
    session = ruleset.session(subject="E-1001", period="2026-Q3", record=record)
    inside, done = threading.Event(), threading.Event()

    def hold():
        with other.store.writing():
            inside.set()
            done.wait(0.3)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait()
    session.post("grade", "S1", at="2026-09-01", source="HR")
    thread.join()
    record.verify()


@pytest.mark.parametrize(
    "pair", [("EMP-162789", "EMP-379192"), ("E-1", "e-1"), ("E-1", "E-10"), ("É-1", "E-1")]
)
def test_ids_that_are_near_or_collide_elsewhere_never_mix(ruleset, tmp_path, pair):
    """The first pair has one 32-bit hash in durable-rules."""
    record = new_record(tmp_path)
    sessions = [ruleset.session(subject=one, period="2026-Q3", record=record) for one in pair]
    sessions[0].post("grade", "S1", at="2026-09-01", source="HR")
    sessions[1].post("grade", "S2", at="2026-09-01", source="HR")
    assert [session.facts for session in sessions] == [{"grade": "S1"}, {"grade": "S2"}]
