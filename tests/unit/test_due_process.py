# SPDX-License-Identifier: MIT
"""Nobody's status changes for the worse but by a named person's confirmation."""

from __future__ import annotations

import datetime
import itertools
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from recorded import fast_folder, new_record, seller

from rolerules import InternalError, RolerulesError, load
from rolerules.record.book import ACTS
from rolerules.record.process import TRANSITIONS, proposals, takes_effect
from rolerules.record.review import act

NEXT = "2026-Q4"
SAID = {"at": "2026-01-01", "source": "HR"}
DONE = {"confirm": "confirmed", "decline": "declined", "contest": "contested", "uphold": "upheld",
        "reverse": "reversed", "reinstate": "reinstated"}  # fmt: skip


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory):
    return seller(tmp_path_factory.mktemp("ruleset"))


@pytest.fixture
def record(tmp_path):
    return new_record(tmp_path)


def proposed(ruleset, record, subject="E-1001", period="2026-Q3"):
    session = ruleset.session(subject=subject, period=period, record=record)
    number = session.post("satisfied", False, at="2026-09-10", source="GM").proposal
    assert number is not None
    return session, number


def done(record, number, what, at="2026-10-01", by="HR-1"):
    return getattr(record, what)(number, by=by, reason="as found", at=at)


def status_later(ruleset, record, subject="E-1001"):
    later = ruleset.session(subject=subject, period=NEXT, record=record)
    return later.decision().opening_status


def refused(code, call, *args, **more):
    with pytest.raises(RolerulesError) as caught:
        call(*args, **more)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_every_walk_through_the_states(ruleset):
    """Every sequence of acts: those that the table allows, and no others; effect only by confirm."""
    with fast_folder() as folder:
        record = new_record(Path(folder))
        walks, fresh = [()], itertools.count(1)
        tried = reached = 0
        while walks:
            walk = walks.pop()
            subject = f"E-{next(fresh)}"
            _, number = proposed(ruleset, record, subject)
            for what in walk:
                state = done(record, number, what).state
                assert state == DONE[what]
            state = record.proposal(number).state
            live = "confirm" in walk and state not in ("reversed", "reinstated")
            assert status_later(ruleset, record, subject) == ("suspended" if live else "active")
            reached += 1
            for what in ACTS:
                tried += 1
                if (state, what) in TRANSITIONS:
                    if len(walk) < 6:
                        walks.append((*walk, what))
                else:
                    before = record.verify()
                    refused("not-now", done, record, number, what)
                    assert record.verify() == before
        assert (reached, tried) == (13, 78)


def test_the_table_has_one_way_to_have_effect():
    holding = {state for (state, _), after in TRANSITIONS.items() for state in (state, after)}
    start, seen = {"proposed"}, {"proposed"}
    while start:
        start = {
            after
            for (state, what), after in TRANSITIONS.items()
            if state in start and what != "confirm"
        } - seen
        seen |= start
    assert seen == {"proposed", "declined"}
    assert holding == {
        "proposed",
        "confirmed",
        "declined",
        "contested",
        "upheld",
        "reversed",
        "reinstated",
    }


def test_an_adverse_duty_is_a_proposal_too(ruleset, record):
    session, number = proposed(ruleset, record)
    assert session.decision().status.effect == "proposed"
    assert session.decide().decision.closing()["status"] == "active"
    assert status_later(ruleset, record) == "active"
    done(record, number, "confirm")
    assert status_later(ruleset, record) == "suspended"


def test_notice_counts_from_the_confirmation(ruleset, record):
    _, number = proposed(ruleset, record)
    confirmed = done(record, number, "confirm", at="2026-12-25T23:30-05:00")
    assert confirmed.effective_on == datetime.date(2027, 1, 4)
    assert confirmed.on(datetime.date(2027, 1, 3)) == "confirmed"
    assert confirmed.on(datetime.date(2027, 1, 4)) == "effective"
    # It has no effect yet on the last day of the year.
    assert status_later(ruleset, record) == "active"
    first = ruleset.session(subject="E-1001", period="2027-Q1", record=record).decision()
    assert (first.opening_status, first.opening_since) == ("suspended", datetime.date(2027, 1, 4))


@pytest.mark.parametrize(
    ("day", "notice", "effect"),
    [
        ("2026-10-01", "at once", "2026-10-01"),
        ("2028-02-28", "1 day", "2028-02-29"),
        ("2026-10-01", "30 days", "2026-10-31"),
        ("9999-12-31", "1 day", None),
        ("2026-10-01", None, None),
    ],
)
def test_notice_dates(day, notice, effect):
    found = takes_effect(datetime.date.fromisoformat(day), notice)
    assert found == (effect and datetime.date.fromisoformat(effect))


def test_new_facts_end_what_is_proposed(ruleset, record):
    session, number = proposed(ruleset, record)
    session.post("satisfied", True, at="2026-09-20", source="GM")
    assert record.proposal(number).state == "lapsed"
    for what in ACTS:
        refused("not-now", done, record, number, what)
    again = session.post("satisfied", False, at="2026-09-25", source="GM").proposal
    assert again not in (None, number)
    assert done(record, again, "confirm").state == "confirmed"


def test_facts_that_are_refused_end_what_is_proposed(ruleset, record):
    session, number = proposed(ruleset, record)
    session.post("sales", "10.00", at="2026-09-20", source="CRM", complete=True)
    rows = [{"customer": "A", "bought": "11.00"}]
    assert session.post("accounts", rows, at="2026-09-20", source="CRM").refused
    assert record.proposal(number).state == "lapsed"
    refused("not-now", done, record, number, "confirm")


def test_the_same_ground_is_proposed_once(ruleset, record):
    session, number = proposed(ruleset, record)
    assert session.post("grade", "S1", at="2026-09-20", source="HR").proposal is None
    assert session.decide().proposal is None
    session.post("rating", "5%", at="2026-10-20", source="HR")
    assert session.adjust().proposal is None
    assert list(proposals(session.entries)) == [number]


def test_another_ground_is_another_proposal(ruleset, record):
    session, number = proposed(ruleset, record)
    other = session.post("joined", "2026-07-02", at="2026-09-20", source="HR").proposal
    assert record.proposal(number).state == "lapsed"
    assert record.proposal(other).grounds == ("dissatisfaction", "long_here")


def test_a_reviewer_is_named_and_is_another_person(ruleset, record):
    _, number = proposed(ruleset, record)
    refused("nobody-named", act, record, number, "confirm", by=" ", reason="x", at="2026-10-01")
    refused("nobody-named", act, record, number, "confirm", by="HR-1", reason="", at="2026-10-01")
    refused("own-case", act, record, number, "confirm", by="E-1001", reason="x", at="2026-10-01")
    refused("time", act, record, number, "confirm", by="HR-1", reason="x", at="tomorrow")
    done(record, number, "confirm")
    assert done(record, number, "contest", by="E-1001").state == "contested"
    refused("own-case", act, record, number, "reverse", by="E-1001", reason="x", at="2026-10-02")


def test_what_is_done_comes_after_what_was_done(ruleset, record):
    _, number = proposed(ruleset, record)
    done(record, number, "confirm", at="2026-10-02T10:00+02:00")
    refused("before-the-last", done, record, number, "contest", at="2026-10-02T07:59Z")
    assert done(record, number, "contest", at="2026-10-02T08:00Z").state == "contested"


def test_a_contest_links_facts_and_a_new_decision(ruleset, record):
    session, number = proposed(ruleset, record)
    done(record, number, "confirm")
    late = session.correct("satisfied", True, at="2026-10-05", source="GM", event="gm-7")
    contested = done(record, number, "contest", at="2026-10-06", by="E-1001")
    body = contested.acts[-1].body
    assert body["events"] == [late.event]
    (new,) = [one for one in session.entries if one.number == body["decision"]]
    assert new.body["contests"] == number
    assert new.body["decision"]["status"]["effect"] is None
    refused("no-grounds", done, record, number, "uphold", at="2026-10-07")
    assert done(record, number, "reverse", at="2026-10-07").state == "reversed"
    assert status_later(ruleset, record) == "active"
    (old,) = [one for one in session.entries if one.number == number]
    assert old.body["decision"]["status"]["grounds"] == ["dissatisfaction"]


def test_refused_facts_keep_nobody_from_contesting(ruleset, record):
    session, number = proposed(ruleset, record)
    done(record, number, "confirm")
    session.post("sales", "10.00", at="2026-09-20", source="CRM", complete=True)
    session.post("accounts", [{"customer": "A", "bought": "11.00"}], at="2026-09-20", source="CRM")
    body = done(record, number, "contest").acts[-1].body
    assert body["decision"] is None
    assert len(body["refused"]) == 1
    refused("no-grounds", done, record, number, "uphold")


def test_a_reinstatement_ends_it_from_its_day_on(ruleset, record):
    _, number = proposed(ruleset, record)
    done(record, number, "confirm")
    ended = done(record, number, "reinstate", at="2027-02-01")
    assert (ended.state, ended.ended_on) == ("reinstated", datetime.date(2027, 2, 1))
    assert status_later(ruleset, record) == "suspended"
    after = ruleset.session(subject="E-1001", period="2027-Q1", record=record).decision()
    assert (after.opening_status, after.opening_since) == ("active", datetime.date(2027, 2, 1))


def test_an_opening_is_no_way_around(ruleset, record):
    proposed(ruleset, record)
    for period in ("2026-Q3", "2026-Q4"):
        more = {"subject": "E-1001", "period": period, "record": record}
        refused("opening-decided", ruleset.session, opening={"status": "suspended"}, **SAID, **more)
    assert status_later(ruleset, record) == "active"


def test_what_has_no_proposal(ruleset, record):
    session, number = proposed(ruleset, record)
    for unknown in (99, "5x", None, True):
        refused("not-in-record", done, record, unknown, "confirm")
    refused("not-in-record", done, record, 1, "confirm")  # the ruleset's text
    refused("no-proposal", done, record, session.decide().number, "confirm")
    refused("no-proposal", record.proposal, number - 1)


def test_many_reviewers_at_once_decide_once(ruleset, record):
    _, number = proposed(ruleset, record)

    def one(place):
        try:
            return done(
                record, number, "confirm" if place % 2 else "decline", by=f"HR-{place}"
            ).state
        except RolerulesError as error:
            return error.problems[0].code

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, range(8)))
    assert found.count("not-now") == 7
    assert len(record.proposal(number).acts) == 1
    record.verify()


PROMOTED = """
ruleset: promoted
language: 1
version: 1.0.0
currency: CNY
period: quarter
year starts: 1 January
facts:
  good: yes/no
  sales:
    type: money
    min: 0
    accumulates: yes
  joined: date
status:
  states: [junior, senior]
  start: junior
  changes:
    promote:
      from: junior
      to: senior
      grounds:
        good_work: good
      effect: duty of the company
      adverse: no
      notice days: full_years(joined, as_of) * 10
"""


@pytest.fixture(scope="module")
def promoted(tmp_path_factory):
    path = tmp_path_factory.mktemp("promoted") / "promoted.yaml"
    path.write_text(PROMOTED, encoding="utf-8")
    return load(path)


def opens(ruleset, record, period):
    decision = ruleset.session(subject="E-1001", period=period, record=record).decision()
    return decision.opening_status, decision.opening_since


def test_a_duty_in_the_persons_favour_takes_effect_by_itself(promoted, record):
    session = promoted.session(subject="E-1001", period="2026-Q3", record=record)
    session.post("joined", "2024-01-01", at="2026-07-01", source="HR")
    said = session.post("good", True, at="2026-09-01", source="GM")
    assert (said.status.effect, said.proposal) == ("effective", None)
    # Twenty days of notice after the period's last day.
    assert opens(promoted, record, "2026-Q4") == ("senior", datetime.date(2026, 10, 20))


def test_a_notice_that_is_not_known_leaves_the_next_status_open(promoted, record):
    session = promoted.session(subject="E-1001", period="2026-Q3", record=record)
    session.post("good", True, at="2026-09-01", source="GM")
    assert opens(promoted, record, "2026-Q4") == (None, None)
    session.post("good", False, at="2026-09-02", source="GM")
    assert opens(promoted, record, "2026-Q4") == ("junior", None)


def test_what_followed_from_facts_that_are_now_refused_is_open(promoted, record):
    session = promoted.session(subject="E-1001", period="2026-Q3", record=record)
    session.post("joined", "2024-01-01", at="2026-07-01", source="HR")
    session.post("good", True, at="2026-09-01", source="GM")
    session.post("sales", "-1.00", at="2026-09-02", source="CRM", complete=True)
    assert opens(promoted, record, "2026-Q4") == (None, None)


def test_one_state_after_another(promoted, record):
    """A later period opens with what holds then, in the order in which it took effect."""
    session = promoted.session(
        subject="E-1001",
        period="2026-Q1",
        record=record,
        opening={"status": "junior", "since": "2025-05-01"},
        **SAID,
    )
    session.post("good", False, at="2026-03-01", source="GM")
    assert opens(promoted, record, "2026-Q2") == ("junior", datetime.date(2025, 5, 1))
    second = promoted.session(subject="E-1001", period="2026-Q2", record=record)
    second.post("joined", "2026-05-01", at="2026-05-01", source="HR")
    second.post("good", True, at="2026-06-01", source="GM")
    assert opens(promoted, record, "2026-Q3") == ("senior", datetime.date(2026, 6, 30))
    assert opens(promoted, record, "2027-Q1") == ("senior", datetime.date(2026, 6, 30))
    assert opens(promoted, record, "2026-Q2") == ("junior", datetime.date(2025, 5, 1))


def test_what_is_confirmed_follows_still_from_the_status_as_it_is(ruleset, record):
    """Two quarters propose the same; once one has effect, the other has nobody to suspend."""
    _, first = proposed(ruleset, record)
    later = ruleset.session(subject="E-1001", period=NEXT, record=record)
    second = later.post("satisfied", False, at="2026-10-02", source="GM").proposal
    done(record, first, "confirm", at="2026-10-03")
    before = record.verify()
    refused("not-now", done, record, second, "confirm", at="2026-10-04")
    assert record.verify() == before
    done(record, first, "contest", at="2026-10-05")
    done(record, first, "reverse", at="2026-10-06")
    assert status_later(ruleset, record) == "active"
    # What follows again may be confirmed again.
    assert done(record, second, "confirm", at="2026-10-07").state == "confirmed"


def test_what_is_upheld_has_a_ground_when_it_is_upheld(ruleset, record):
    session, number = proposed(ruleset, record)
    done(record, number, "confirm")
    done(record, number, "contest", at="2026-10-02")
    session.correct("satisfied", True, at="2026-10-03", source="GM")
    refused("no-grounds", done, record, number, "uphold", at="2026-10-04")
    assert done(record, number, "reverse", at="2026-10-04").state == "reversed"


def test_what_is_corrected_after_a_contest_may_be_upheld(ruleset, record):
    session, number = proposed(ruleset, record)
    done(record, number, "confirm")
    session.correct("satisfied", True, at="2026-10-02", source="GM")
    done(record, number, "contest", at="2026-10-02")
    session.correct("satisfied", False, at="2026-10-03", source="GM")
    assert done(record, number, "uphold", at="2026-10-04").state == "upheld"


@pytest.mark.parametrize("subject", ["E-1", "Émile-1", "straße-1"])
def test_nobody_reviews_their_own_case_under_a_name_that_looks_like_it(ruleset, record, subject):
    _, number = proposed(ruleset, record, subject)
    for by in (subject, subject.upper(), subject.lower(), subject.casefold()):
        refused("own-case", done, record, number, "confirm", by=by)
        refused("own-case", record.erase, subject, by=by, at="2030-01-01")
    decomposed = unicodedata.normalize("NFD", subject)
    wrong = [
        f"{subject}\u200b",
        f" {subject}",
        f"{subject} ",
        f"{subject}\u00a0",
        f"\u2066{subject}",
    ]
    for by in (*wrong, *([decomposed] if decomposed != subject else [])):
        with pytest.raises(RolerulesError):
            done(record, number, "confirm", by=by)
    assert record.proposal(number).state == "proposed"
    assert done(record, number, "confirm", by="HR-1").state == "confirmed"


@pytest.mark.parametrize("by", [
    "E\u20101001", "E1001", "E 1001", "e.10-01", "\uff25-\uff11\uff10\uff10\uff11", "\u0415-1001", "\u0395-1001",
    "E-l00l", "E-1OO1", "E-\u0661001", "\u00c9-1001",
])  # fmt: skip
def test_nobody_reviews_their_own_case_under_an_id_that_reads_the_same(ruleset, record, by):
    _, number = proposed(ruleset, record)
    refused("own-case", done, record, number, "confirm", by=by)
    refused("own-case", record.erase, "E-1001", by=by, at="2030-01-01")


def test_other_people_are_other_people(ruleset, record):
    _, number = proposed(ruleset, record)
    for by in ("E-1002", "E-10011", "F-1001", "\u5458\u5de5-1001"):
        assert done(record, number, "confirm", by=by).state == "confirmed"
        _, number = proposed(ruleset, record, f"{number}")


def test_a_name_may_be_any_kind_of_text(ruleset, record):
    class Name(str):
        __slots__ = ()

    _, number = proposed(ruleset, record)
    confirmed = record.confirm(number, by=Name("HR-1"), reason=Name("as found"), at="2026-10-01")
    assert type(confirmed.acts[0].body["by"]) is str


@pytest.mark.parametrize("reason", ["a\nb", "a\x1b[2K", "a\u2028b", "a\u202eb"])
def test_a_reason_stands_on_one_line(ruleset, record, reason):
    _, number = proposed(ruleset, record)
    refused(
        "nobody-named", act, record, number, "confirm", by="HR-1", reason=reason, at="2026-10-01"
    )


def test_nothing_is_done_before_what_it_follows_from(ruleset, record):
    _, number = proposed(ruleset, record)
    for what in ("confirm", "decline"):
        refused("before-the-last", done, record, number, what, at="2026-09-09T23:59Z")
    early = ruleset.session(subject="E-1002", period=NEXT, record=record)
    other = early.post("satisfied", False, at="2026-09-10", source="GM").proposal
    # Ten days of notice from here end on the last day before the quarter.
    refused("before-the-last", done, record, other, "confirm", at="2026-09-20")
    assert done(record, other, "confirm", at="2026-09-21").effective_on.isoformat() == "2026-10-01"
    assert done(record, number, "confirm", at="2026-09-10").state == "confirmed"


@pytest.mark.parametrize("what", ACTS)
def test_the_pen_writes_no_review(ruleset, record, what):
    _, number = proposed(ruleset, record)
    body = {"kind": what, "proposal": number, "by": "HR-1", "reason": "x", "at": "2026-10-01"}
    before = record.verify()
    with pytest.raises(InternalError), record.writing(record.history("E-1001")) as pen:
        pen.add(body)
    assert record.verify() == before
