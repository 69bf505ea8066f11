# SPDX-License-Identifier: MIT
"""One person's status by everything on record: several changes, roles, versions, periods, in any order."""

from __future__ import annotations

import datetime
import itertools

import pytest
from recorded import new_record

from rolerules import RolerulesError, load

SAID = {"at": "2026-01-01", "source": "HR"}
TEXT = """ruleset: a
language: 1
version: 1.0.0
currency: CNY
period: quarter
year starts: 1 January
facts:
  good: yes/no
  bad: yes/no
  worse: yes/no
  forgiven: yes/no
  sales: {type: money, min: 0, accumulates: yes}
status:
  states: [junior, senior, suspended, dismissed]
  start: junior
  changes:
    promote: {from: junior, to: senior, grounds: {g: good}, effect: duty of the company, adverse: no, notice: at once}
    suspend: {from: junior, to: suspended, grounds: {g: bad}, effect: duty of the company, adverse: yes, notice: at once}
    dismiss: {from: suspended, to: dismissed, grounds: {g: worse}, effect: right of the company, adverse: yes, notice: at once}
    lift: {from: suspended, to: junior, grounds: {g: forgiven}, effect: right of the company, adverse: no, notice: at once}
"""
FACTS = ("good", "bad", "worse", "forgiven")


@pytest.fixture
def record(tmp_path):
    return new_record(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Loads a variant of the ruleset by what is replaced in it."""
    count = itertools.count()

    def variant(**words):
        text = TEXT
        for old, new in words.items():
            old = old.replace("_", " ")
            assert f"{old}: " in text
            before, _, rest = text.partition(f"{old}: ")
            text = f"{before}{old}: {new}\n{rest.partition(chr(10))[2]}"
        path = tmp_path_factory.mktemp("made") / f"v{next(count)}.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path)

    return variant


@pytest.fixture(scope="module")
def role(made):
    return made()


def session(ruleset, record, period, **more):
    return ruleset.session(subject="E-1", period=period, record=record, engine="reference", **more)


def post(ruleset, record, period, fact, at):
    """Say that one thing is so, and nothing else; the number of what is proposed by it."""
    one = session(ruleset, record, period)
    others = [(name, False) for name in FACTS if name != fact and name not in one.facts]
    if others:
        one.post_all(others, at=at, source="GM")
    return one.post(fact, True, at=at, source="GM").proposal


def done(record, number, *acts, at):
    for what in acts:
        getattr(record, what)(number, by="HR-1", reason="as found", at=at)


def opens(ruleset, record, period):
    decision = session(ruleset, record, period).decision()
    return decision.opening_status


def refused(call, *args, **more):
    with pytest.raises(RolerulesError) as caught:
        call(*args, **more)
    (problem,) = caught.value.problems
    return problem.code, problem.message


@pytest.fixture
def suspended(role, record):
    """Suspended from 1 April on."""
    number = post(role, record, "2026-Q1", "bad", "2026-03-01")
    done(record, number, "confirm", at="2026-04-01")
    return number


def test_a_reinstatement_brings_back_no_status_that_was_reversed(role, record, suspended):
    lift = post(role, record, "2026-Q2", "forgiven", "2026-05-01")
    done(record, lift, "confirm", at="2026-07-02")
    done(record, suspended, "contest", "reverse", at="2026-08-01")
    assert opens(role, record, "2026-Q4") == "junior"
    done(record, lift, "reinstate", at="2026-09-01")
    assert opens(role, record, "2026-Q4") == "junior"


def test_a_dismissal_from_a_suspension_that_was_reversed_has_no_effect(role, record, suspended):
    dismissal = post(role, record, "2026-Q2", "worse", "2026-05-01")
    done(record, dismissal, "confirm", at="2026-07-02")
    assert opens(role, record, "2026-Q4") == "dismissed"
    done(record, suspended, "contest", "reverse", at="2026-08-01")
    assert opens(role, record, "2026-Q4") == "junior"
    done(record, dismissal, "reinstate", at="2026-09-01")
    assert opens(role, record, "2026-Q4") == "junior"


def test_what_was_suspended_twice_is_reinstated_twice(made, role, record):
    other = made(ruleset="b")
    numbers = [post(one, record, "2026-Q3", "bad", "2026-08-01") for one in (role, other)]
    for number in numbers:
        done(record, number, "confirm", at="2026-10-01")
    for number, after in zip(numbers, ("suspended", "junior"), strict=True):
        done(record, number, "reinstate", at="2026-10-10")
        assert opens(role, record, "2026-Q4") == opens(other, record, "2026-Q4") == after


def test_a_change_of_a_status_that_no_more_holds_is_not_confirmed(role, record):
    number = post(role, record, "2026-Q1", "bad", "2026-03-01")
    post(role, record, "2026-Q2", "good", "2026-05-01")
    assert opens(role, record, "2026-Q3") == "senior"
    told = refused(done, record, number, "confirm", at="2026-07-01")
    assert told == (
        "not-now",
        "on 2026-07-01, when it would take effect, the status is `senior` by the record",
    )


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_facts_and_confirmations_in_either_order(role, record, order):
    number = post(role, record, "2026-Q2", "bad", "2026-06-01")
    steps = (
        lambda: done(record, number, "confirm", at="2026-07-01"),
        lambda: post(role, record, "2026-Q3", "good", "2026-08-01"),
    )
    for place in order:
        steps[place]()
    assert opens(role, record, "2026-Q3") == opens(role, record, "2026-Q4") == "suspended"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(("fact", "after"), [("bad", None), ("good", None)])
def test_facts_that_are_refused_leave_the_status_open_in_either_order(role, record, order, fact, after):  # fmt: skip
    one = session(role, record, "2026-Q3")
    steps = (
        lambda: post(role, record, "2026-Q3", fact, "2026-08-01"),
        lambda: one.post("sales", "-1.00", at="2026-09-01", source="CRM", complete=True),
    )
    for place in order:
        steps[place]()
    assert opens(role, record, "2026-Q4") == after


def test_what_was_confirmed_stays_whatever_is_refused_later(role, record):
    number = post(role, record, "2026-Q3", "bad", "2026-08-01")
    done(record, number, "confirm", at="2026-08-05")
    one = session(role, record, "2026-Q3")
    one.post("sales", "-1.00", at="2026-10-01", source="CRM", complete=True)
    assert opens(role, record, "2026-Q4") == "suspended"


def test_what_was_declined_is_not_proposed_again_by_a_refusal_in_between(role, record):
    number = post(role, record, "2026-Q3", "bad", "2026-08-01")
    done(record, number, "decline", at="2026-08-05")
    one = session(role, record, "2026-Q3")
    wrong = one.post("sales", "-1.00", at="2026-09-01", source="CRM", complete=True, event="x")
    assert wrong.refused
    mended = one.correct("sales", "1.00", of="x", at="2026-09-02", source="CRM")
    assert (mended.proposal, record.proposal(number).state) == (None, "declined")
    # What no more followed, and follows again, is another matter.
    one.correct("bad", False, at="2026-09-03", source="GM")
    assert one.correct("bad", True, at="2026-09-04", source="GM").proposal is not None


def test_a_version_with_more_states_knows_the_same_person(made, role, record, suspended):
    more = made(ruleset="b", states="[junior, senior, suspended, dismissed, retired]")
    assert opens(more, record, "2026-Q3") == "suspended"
    session(more, record, "2026-Q3").post("good", False, at="2026-07-01", source="GM")
    assert opens(role, record, "2026-Q3") == "suspended"
    told = refused(session, more, record, "2026-Q4", opening={"status": "junior"}, **SAID)
    assert told == ("opening-decided", "the status is `suspended` by the record")


def test_another_start_does_not_change_where_the_record_began(made, role, record):
    post(role, record, "2026-Q2", "good", "2026-04-02")
    harsh = made(ruleset="c", start="suspended")
    assert opens(harsh, record, "2026-Q4") == opens(role, record, "2026-Q4") == "senior"


def test_a_state_that_was_renamed_is_said_anew(made, tmp_path, role, record, suspended):
    path = tmp_path / "renamed.yaml"
    path.write_text(TEXT.replace("suspended", "on_hold").replace("1.0.0", "2.0.0"), encoding="utf-8")  # fmt: skip
    renamed = load(path)
    assert opens(renamed, record, "2026-Q3") is None
    one = session(renamed, record, "2026-Q3", opening={"status": "on_hold"}, **SAID)
    assert one.decision().opening_status == "on_hold"


def test_a_suspension_of_the_quarter_holds_for_the_months_that_begin_in_it(made, role, record):
    number = post(role, record, "2026-Q3", "bad", "2026-07-05")
    done(record, number, "confirm", at="2026-07-10")
    months = made(ruleset="m", period="month")
    found = [opens(months, record, f"2026-{month:02}") for month in (7, 8, 9, 10)]
    assert found == ["junior", "suspended", "suspended", "suspended"]
    assert opens(role, record, "2026-Q3") == "junior"


def test_periods_that_overlap_are_not_both_decided(made, role, record):
    session(role, record, "2026-Q3").decide()
    told = refused(session(made(period="month"), record, "2026-09").decide)
    assert told == ("period-overlaps", "2026-Q3, which overlaps 2026-09, was decided by entry 2")


def test_quarters_of_another_year_are_other_quarters(made, role, record):
    first = session(role, record, "2026-Q1")
    first.post("good", True, at="2026-03-01", source="GM")
    first.decide()
    moved = session(made(year_starts="1 April"), record, "2026-Q1")
    assert moved.as_of == datetime.date(2026, 6, 30)
    assert moved.facts == {}
    assert moved.decide().adjusts is None


def test_since_when_is_one_person_s(made, role, record):
    other = made(ruleset="b")
    session(role, record, "2026-Q3", opening={"status": "junior"}, **SAID)
    session(other, record, "2026-Q3", opening={"status": "junior", "since": "2026-05-01"}, **SAID)
    for one in (role, other):
        decision = session(one, record, "2026-Q4").decision()
        assert decision.opening_since == datetime.date(2026, 5, 1)


def test_no_status_begins_within_the_record_by_an_opening(role, record):
    one = session(role, record, "2026-Q3")
    one.post("good", False, at="2026-08-01", source="GM")
    given = {"status": "dismissed", "since": "2026-09-15"}
    told = refused(one.correct_opening, given, at="2026-09-20", source="GM")
    assert told[0] == "opening-decided"
    assert "since 2026-09-15 the status is what the record says" in told[1]
    assert refused(one.correct_opening, {"status": "senior"}, at="2026-09-20", source="e 1")[0] == "own-case"  # fmt: skip


def test_what_was_said_of_another_kind_is_told_and_can_be_withdrawn(made, role, record):
    """A sum that became a list with the next version: the facts are refused until it is mended."""
    old = session(role, record, "2026-Q3")
    old.post("sales", "5.55", at="2026-09-01", source="CRM", event="x", complete=True)
    listed = made(version="2.0.0", sales="{type: list, each: {n: money}}")
    one = session(listed, record, "2026-Q3")
    told = refused(one.decision)
    assert told == (
        "wrong-type",
        "what is on record of `sales` was said when it was of another kind",
    )
    assert one.so_far == {}
    again = one.post("sales", {"n": "1.00"}, at="2026-09-02", source="CRM", complete=True)
    assert [problem.code for problem in again.refused] == ["wrong-type"]
    assert one.withdraw("sales", of="x", at="2026-09-03", source="CRM").refused == ()
    assert one.facts["sales"] == [{"n": "1.00"}]
