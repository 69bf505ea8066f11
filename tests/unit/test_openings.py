# SPDX-License-Identifier: MIT
"""What a period opens with is one function of everything on record, whoever said what when."""

from __future__ import annotations

import datetime
import itertools

import pytest
from recorded import TEXT, new_record, seller

from rolerules import RolerulesError, load

SAID = {"at": "2026-07-01", "source": "HR"}


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory):
    return seller(tmp_path_factory.mktemp("ruleset"))


@pytest.fixture(scope="module")
def buyer(tmp_path_factory):
    """Another role with the same states."""
    path = tmp_path_factory.mktemp("other") / "buyer.yaml"
    path.write_text(TEXT.replace("ruleset: seller", "ruleset: buyer"), encoding="utf-8")
    return load(path)


@pytest.fixture
def record(tmp_path):
    return new_record(tmp_path)


def session(ruleset, record, period, **more):
    return ruleset.session(subject="E-1001", period=period, record=record, **more)


def opens(ruleset, record, period):
    decision = session(ruleset, record, period).decision()
    return decision.opening_status, decision.opening_since


def said(ruleset, record, period, status, **more):
    return session(ruleset, record, period, opening={"status": status, **more}, **SAID)


def proposed(ruleset, record, period="2026-Q3", at="2026-09-10"):
    return session(ruleset, record, period).post("satisfied", False, at=at, source="GM").proposal


def done(record, number, *acts, at="2026-10-05"):
    for what in acts:
        getattr(record, what)(number, by="HR-1", reason="as found", at=at)


def refused(code, call, *args, **more):
    with pytest.raises(RolerulesError) as caught:
        call(*args, **more)
    assert [problem.code for problem in caught.value.problems] == [code]
    return caught.value.problems[0].message


def test_an_opening_says_what_was_confirmed(ruleset, record):
    done(record, proposed(ruleset, record), "confirm")
    told = refused("opening-decided", said, ruleset, record, "2026-Q4", "active")
    assert told == "the status is `suspended` by the record"
    said(ruleset, record, "2026-Q4", "suspended", since="2026-10-15")
    assert opens(ruleset, record, "2026-Q4") == ("suspended", datetime.date(2026, 10, 15))


def test_an_opening_does_not_outlive_a_reversal(ruleset, record):
    number = proposed(ruleset, record)
    done(record, number, "confirm")
    said(ruleset, record, "2026-Q4", "suspended")
    done(record, number, "contest", "reverse")
    assert opens(ruleset, record, "2026-Q4") == ("active", None)
    assert opens(ruleset, record, "2027-Q1") == ("active", None)
    refused("opening-decided", said, ruleset, record, "2027-Q1", "suspended")


def test_an_opening_given_before_the_confirmation_swallows_nothing(ruleset, record):
    number = proposed(ruleset, record)
    said(ruleset, record, "2026-Q4", "active")
    done(record, number, "confirm")
    for period in ("2026-Q4", "2027-Q1"):
        assert opens(ruleset, record, period) == ("suspended", datetime.date(2026, 10, 15))


def test_an_opening_is_said_once_and_corrected_by_name(ruleset, record):
    said(ruleset, record, "2026-Q3", "active")
    told = refused("opening-given", said, ruleset, record, "2026-Q3", "suspended")
    assert told == "2026-Q3 opens with something else by HR, 2026-07-01"
    one = session(ruleset, record, "2026-Q3")
    assert one.correct_opening({"status": "suspended"}, at="2026-07-02", source="HR") == 3
    assert opens(ruleset, record, "2026-Q3") == ("suspended", None)
    assert [entry.kind for entry in one.entries] == ["opening", "opening"]
    one.decide()
    refused("opening-decided", one.correct_opening, {"status": "active"}, **SAID)


def test_since_when_is_held_against_the_record(ruleset, record):
    said(ruleset, record, "2026-Q3", "suspended", since="2026-05-01")
    session(ruleset, record, "2026-Q3").decide()
    told = refused("opening-decided", said, ruleset, record, "2026-Q4", "suspended", since="2026-06-01")  # fmt: skip
    assert told == "`suspended` holds since 2026-05-01 by the record"
    said(ruleset, record, "2026-Q4", "suspended", since="2026-05-01")
    assert opens(ruleset, record, "2026-Q4") == ("suspended", datetime.date(2026, 5, 1))


def test_an_opening_says_what_the_record_cannot_know(ruleset, record):
    """Since when, and the balances, where the quarter before is not decided."""
    session(ruleset, record, "2026-Q3").post("grade", "S1", **SAID)
    opening = {"status": "active", "since": "2026-05-01", "carries": {"owed": "5.00"}}
    decision = session(ruleset, record, "2026-Q4", opening=opening, **SAID).decision()
    assert decision.opening_since == datetime.date(2026, 5, 1)
    assert session(ruleset, record, "2026-Q4")._state().opening["carries"] == {"owed": "5.00"}


def test_what_was_said_of_a_later_period_says_nothing_of_an_earlier_one(ruleset, record):
    said(ruleset, record, "2026-Q4", "suspended")
    assert opens(ruleset, record, "2026-Q3") == (None, None)
    session(ruleset, record, "2026-Q3").post("grade", "S1", **SAID)
    assert opens(ruleset, record, "2026-Q4") == ("suspended", None)
    refused("opening-decided", said, ruleset, record, "2026-Q3", "active")
    said(ruleset, record, "2026-Q3", "suspended")
    assert opens(ruleset, record, "2026-Q3") == ("suspended", None)


def test_another_role_with_the_same_states_is_the_same_person(ruleset, buyer, record):
    done(record, proposed(ruleset, record), "confirm")
    held = ("suspended", datetime.date(2026, 10, 15))
    assert opens(buyer, record, "2026-Q4") == opens(ruleset, record, "2026-Q4") == held
    refused("opening-decided", said, buyer, record, "2026-Q4", "active")
    number = proposed(buyer, record, "2026-Q4", "2026-10-02")
    assert number is None  # who is suspended is not suspended again


def test_two_roles_of_one_quarter_open_alike(ruleset, buyer, record):
    said(buyer, record, "2026-Q3", "suspended")
    refused("opening-decided", said, ruleset, record, "2026-Q3", "active")
    assert opens(ruleset, record, "2026-Q3") == ("suspended", None)
    one = session(buyer, record, "2026-Q3")
    one.correct_opening({"status": "active"}, **SAID)
    assert opens(ruleset, record, "2026-Q3") == ("active", None)


def test_another_role_that_shares_no_state_is_a_status_of_its_own(ruleset, record, tmp_path):
    path = tmp_path / "temp.yaml"
    text = TEXT.replace("ruleset: seller", "ruleset: temp")
    path.write_text(text.replace("suspended", "off").replace("active", "on"), encoding="utf-8")
    done(record, proposed(ruleset, record), "confirm")
    assert opens(load(path), record, "2026-Q4") == ("on", None)


def test_a_status_for_which_another_role_has_no_word_is_not_known(ruleset, record, tmp_path):
    path = tmp_path / "temp.yaml"
    text = TEXT.replace("ruleset: seller", "ruleset: temp").replace("suspended", "on_leave")
    path.write_text(text, encoding="utf-8")
    temp = load(path)
    done(record, proposed(ruleset, record), "confirm")
    assert opens(temp, record, "2026-Q4") == (None, None)
    said(temp, record, "2026-Q4", "on_leave")
    assert opens(temp, record, "2026-Q4") == ("on_leave", None)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_openings_and_acts_in_any_order(ruleset, record, order):
    """Whatever is accepted, both later quarters open with the suspension in the end."""
    number = proposed(ruleset, record)

    def opening(period):
        one = session(ruleset, record, period)
        held = one.decision().opening_status
        said(ruleset, record, period, held)

    steps = [
        lambda: done(record, number, "confirm"),
        lambda: opening("2026-Q4"),
        lambda: opening("2027-Q1"),
    ]
    for place in order:
        steps[place]()
    for period in ("2026-Q4", "2027-Q1"):
        assert opens(ruleset, record, period) == ("suspended", datetime.date(2026, 10, 15))


def test_no_confirmation_is_dated_before_the_latest_fact(ruleset, record):
    one = session(ruleset, record, "2026-Q3")
    one.post("target", "900.00", at="2026-09-28", source="HR")
    number = one.post("satisfied", False, at="2026-07-02", source="GM").proposal
    told = refused("before-the-last", done, record, number, "confirm", at="2026-09-27")
    assert told == "2026-09-27 is before the latest fact that it follows from, of 2026-09-28"
    done(record, number, "confirm", at="2026-09-28")
