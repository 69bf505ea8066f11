# SPDX-License-Identifier: MIT
"""Sessions: what each event changes, periods, what comes late, what a period hands on."""

from __future__ import annotations

import datetime
import itertools
import os
import shutil
import subprocess
import sys
import types
from decimal import Decimal
from pathlib import Path

import pytest
from recorded import TEXT, new_record, seller

from rolerules import FactError, InternalError, RolerulesError, load
from rolerules.periods import last_day, name_of, period_start
from rolerules.record.canonical import canonical, parsed
from rolerules.record.keys import KeyFile
from rolerules.record.record import Record
from rolerules.record.store import SqliteStore
from rolerules.record.text import changed_text
from rolerules.record.times import moment


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory):
    return seller(tmp_path_factory.mktemp("ruleset"))


@pytest.fixture
def record(tmp_path):
    return new_record(tmp_path)


@pytest.fixture
def session(ruleset, record):
    return ruleset.session(subject="E-1001", period="2026-Q3", record=record)


def say(session, fact, value, at="2026-09-10", **more):
    return session.post(fact, value, at=at, source="CRM", **more)


def test_each_event_says_what_it_changed(session):
    first = say(session, "grade", "S1")
    assert [(one.id, one.before, one.after) for one in first.lines] == [
        ("basic", None, Decimal("1000.00"))
    ]
    assert first.missing == ("accounts", "joined", "rating", "sales", "satisfied", "target")
    say(session, "target", "900.00")
    part = say(session, "sales", "400.00", at="2026-07-31")
    assert (part.lines, part.assessments, part.so_far) == ((), (), {"sales": "400.00"})
    whole = say(session, "sales", "450.00", at="2026-08-31", complete=True)
    assert [(one.id, one.before, one.after) for one in whole.assessments] == [
        ("target_met", "undetermined", "missed")
    ]
    assert (whole.status.effect, whole.status.grounds) == ("proposed", ("target_met",))
    assert whole.proposal == whole.number + 1
    more = say(session, "sales", "60.00", at="2026-09-30")
    assert [(one.before, one.after) for one in more.assessments] == [("missed", "met")]
    assert more.status.to is None


def test_a_first_month_decides_no_quarter(session):
    """What a sum has come to so far misses no target: it is not known yet."""
    say(session, "target", "900.00")
    assert (
        say(session, "sales", "1.00", at="2026-07-31").decision.assessments["target_met"].outcome
        == "undetermined"
    )


def test_violations_come_and_go(session):
    row = {"customer": "A", "bought": "1.00"}
    assert say(session, "accounts", row, event="a").violations == ()
    assert say(session, "accounts", [row, row], event="b").violations == ("few_accounts",)
    mended = session.withdraw("accounts", of="a", at="2026-09-11", source="CRM")
    assert mended.mended == ("few_accounts",)
    assert session.facts == {"accounts": [row, row]}


def test_items_stand_in_the_order_of_their_times(session):
    for name, at in (("B", "2026-08-01"), ("A", "2026-09-01"), ("C", "2026-07-01")):
        say(session, "accounts", {"customer": name, "bought": "1.00"}, at=at, event=f"e-{name}")
    session.correct(
        "accounts", {"customer": "C2", "bought": "1.00"}, of="e-C", at="2026-11-01", source="CRM"
    )
    say(session, "accounts", [], at="2026-09-30")
    assert [row["customer"] for row in session.facts["accounts"]] == ["C2", "B", "A"]


def test_facts_that_contradict_each_other_are_told_and_wait(session):
    say(session, "accounts", [{"customer": "A", "bought": "11.00"}])
    broken = say(session, "sales", "10.00", complete=True, event="s")
    assert [problem.code for problem in broken.refused] == ["broken-limit"]
    assert broken.decision is None
    with pytest.raises(FactError):
        session.decide()
    assert session.correct("sales", "12.00", of="s", at="2026-09-11", source="CRM").refused == ()


def test_a_sum_may_pass_below_its_least_value_on_the_way(session):
    below = say(session, "sales", "-5.00", complete=True)
    assert [problem.code for problem in below.refused] == ["out-of-range"]
    assert say(session, "sales", "7.00", at="2026-09-11").refused == ()
    with pytest.raises(FactError, match="out-of-range"):
        say(session, "target", "0.00")


@pytest.mark.parametrize(
    ("fact", "value", "kept"),
    [
        ("target", Decimal("1.5"), "1.50"),
        ("rating", "150%", "150%"),
        ("rating", Decimal("0.1234"), "12.34%"),
        ("joined", datetime.date(2026, 7, 1), "2026-07-01"),
        ("satisfied", "no", False),
    ],
)
def test_values_are_kept_so_that_they_read_back_the_same(session, fact, value, kept):
    say(session, fact, value)
    assert session.facts == {fact: kept}
    session.decision()


@pytest.mark.parametrize(
    ("fact", "value"), [("target", 1.5), ("rating", "150"), ("grade", "S9"), ("salse", "1")]
)
def test_what_cannot_be_read_is_not_recorded(session, record, fact, value):
    with pytest.raises(FactError):
        say(session, fact, value)
    assert record.verify().entries == 0


def test_late_facts_give_a_new_decision_and_the_difference(session, record):
    for fact, value in (("grade", "S1"), ("target", "900.00"), ("rating", "10%"), ("accounts", [])):
        say(session, fact, value)
    say(session, "sales", "1000.00", complete=True)
    decided = session.decide()
    late = session.post("sales", "-200.00", at="2026-11-12", source="CRM")
    assert late.late
    adjusted = session.adjust()
    assert adjusted.adjusts == decided.number
    assert [(one.line, one.amount) for one in adjusted.differences] == [
        ("basic", Decimal("0.00")), ("commission", Decimal("-12.00")), ("bonus", Decimal("0.00")),
        ("total", Decimal("-12.00")),
    ]  # fmt: skip
    session.post("sales", "250.00", at="2026-11-20", source="CRM")
    again = session.adjust()
    assert again.adjusts == adjusted.number
    assert again.differences[-1].amount == Decimal("13.00")
    kept = [
        one.body["decision"]["pay"]["total"] for one in session.entries if one.body.get("closes")
    ]
    assert kept == ["1120.00", "1108.00", "1121.00"]


def test_what_has_no_effect_is_said(session):
    """A slip of the year: what is said for an earlier time does not hold."""
    session.post("grade", "S2", at="2062-07-02", source="HR", event="slip")
    late = session.correct("grade", "S1", at="2026-07-03", source="HR")
    assert late.overruled == "slip"
    assert "no effect: `slip` holds" in changed_text(session.ruleset, late)
    session.post("sales", "5.00", at="2026-07-31", source="CRM", event="a")
    session.correct("sales", "6.00", of="a", at="2026-08-02", source="CRM", event="b")
    assert session.correct("sales", "7.00", of="a", at="2026-08-01", source="CRM").overruled == "b"
    assert session.correct("sales", "8.00", of="a", at="2026-08-03", source="CRM").overruled == ""


def test_what_was_undetermined_has_no_difference(session):
    say(session, "grade", "S1")
    session.decide()
    session.post("rating", "10%", at="2026-10-05", source="HR")
    found = {one.line: one for one in session.adjust().differences}
    assert found["bonus"].before is None
    assert found["bonus"].amount is None
    assert found["basic"].amount == 0
    assert found["bonus"].to_dict() == {
        "line": "bonus",
        "before": None,
        "after": "100.00",
        "difference": None,
    }


def test_what_was_paid_is_owed_against_through_what_was_undetermined(session):
    """A line is held against the last figure decided of it, not against one that was open."""
    say(session, "grade", "S2")
    session.decide()
    session.withdraw("grade", at="2026-10-01", source="HR")
    (basic,) = (one for one in session.adjust().differences if one.line == "basic")
    assert (basic.before, basic.after, basic.amount) == (2000, None, None)
    session.post("grade", "S1", at="2026-10-02", source="HR")
    (basic,) = (one for one in session.adjust().differences if one.line == "basic")
    assert (basic.before, basic.after, basic.amount) == (2000, 1000, -1000)


def test_balances_are_handed_on_by_what_was_decided(ruleset, record, session):
    for fact, value in (("target", "900.00"), ("accounts", [])):
        say(session, fact, value)
    say(session, "sales", "1000.00", complete=True)
    later = ruleset.session(subject="E-1001", period="2026-Q4", record=record)
    assert "owed.opening" in str(later._plan.names)
    assert later.entries
    assert later._state().opening["carries"] == {}
    session.decide()
    assert later.record.refreshed(later._history)
    assert later._state().opening == {
        "carries": {"owed": "20.00"},
        "status": "active",
        "since": None,
    }
    session.post("sales", "500.00", at="2026-11-12", source="CRM")
    session.adjust()
    later.record.refreshed(later._history)
    assert later._state().opening["carries"] == {"owed": "30.00"}
    # Of a period that does not follow the decided one, the balance is not known.
    after = ruleset.session(subject="E-1001", period="2027-Q1", record=record)
    assert after._state().opening["carries"] == {}


def test_an_opening_is_kept(ruleset, record):
    opening = {"status": "active", "carries": {"owed": "5.00"}}
    more = {"subject": "E-1001", "period": "2026-Q3", "record": record}
    said = {"at": "2026-07-01", "source": "HR"}
    first = ruleset.session(opening=opening, **said, **more)
    assert not first.decision().opening_assumed
    assert ruleset.session(**more).decision() == first.decision()
    count = record.verify().entries
    ruleset.session(opening=opening, **said, **more)
    assert record.verify().entries == count
    with pytest.raises(FactError, match="opening"):
        ruleset.session(opening={"status": "gone"}, **said, **more)


PERIODS = {"month": "2026-07", "quarter": "2026-Q3", "half year": "2026-H2", "year": "2026"}


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("year_starts", range(1, 13))
def test_names_of_periods_and_their_last_days(period, year_starts):
    """Every day of five years lies in the period whose name it gives."""
    day = datetime.date(2024, 1, 1)
    while day.year < 2029:
        name = name_of(day, period, year_starts)
        last = last_day(name, period, year_starts)
        assert period_start(day, period, year_starts) <= day <= last
        assert name_of(last, period, year_starts) == name
        following = last + datetime.timedelta(days=1)
        assert name_of(following, period, year_starts) != name
        assert period_start(following, period, year_starts) == following
        day += datetime.timedelta(days=13)


@pytest.mark.parametrize(
    ("name", "period", "year_starts", "last"),
    [
        ("2026-Q3", "quarter", 1, "2026-09-30"),
        ("2026-Q4", "quarter", 4, "2027-03-31"),
        ("2026-H2", "half year", 7, "2027-06-30"),
        ("2028-02", "month", 4, "2028-02-29"),
        ("2026", "year", 10, "2027-09-30"),
        ("9999-Q4", "quarter", 1, "9999-12-31"),
        ("9999-Q4", "quarter", 2, None),
        ("0001-Q1", "quarter", 1, "0001-03-31"),
        ("2026-Q5", "quarter", 1, None),
        ("2026-q3", "quarter", 1, None),
        ("2026-13", "month", 1, None),
        ("2026-Q3 ", "quarter", 1, None),
        ("٢٠٢٦", "year", 1, None),
    ],
)
def test_last_days(name, period, year_starts, last):
    found = last_day(name, period, year_starts)
    assert found == (last and datetime.date.fromisoformat(last))


def test_moments_are_compared_as_instants():
    rising = (
        "2026-10-25T02:30+02:00", "2026-10-25T00:45Z", "2026-10-25T02:30+01:00",
        datetime.datetime(2026, 10, 25, 2, 30, tzinfo=datetime.timezone(datetime.timedelta(0))),
        datetime.date(2026, 10, 26), "2026-10-26T00:00:00.000001Z",
    )  # fmt: skip
    found = [moment(one).instant for one in rising]
    assert found == sorted(set(found))
    assert moment("2026-12-31T23:30-05:00").day == datetime.date(2026, 12, 31)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-07-01T25:00Z", "2026-07-01T10:00", "2026-W31-5", "20260701", "",
             "2026-07-01 10:00Z", "9999-12-31T23:00-05:00", None, 20260701]
)  # fmt: skip
def test_what_is_no_moment(text):
    with pytest.raises(FactError, match="time"):
        moment(text)


def test_a_clock_that_jumps_orders_nothing(ruleset, tmp_path):
    ticks = itertools.cycle(
        ("2026-10-25T01:30:00+00:00", "1970-01-01T00:00:00+00:00", "9999-01-01T00:00:00+00:00")
    )
    store = SqliteStore(tmp_path / "a.record")
    record = Record(store, KeyFile(tmp_path / "a.keys", store.id), lambda: next(ticks))
    session = ruleset.session(subject="E-1", period="2026-Q3", record=record)
    for day, grade in ((3, "S1"), (1, "S2"), (2, "S1")):
        say(session, "grade", grade, at=f"2026-07-0{day}")
    assert session.facts == {"grade": "S1"}
    record.verify()


def test_canonical_bytes():
    value = {"b": [1, True, None, 'é\u2028\n"\\'], "a": {"ä": "1.00", "z": {}, "Z": []}}
    data = canonical(value)
    assert data == '{"a":{"Z":[],"z":{},"ä":"1.00"},"b":[1,true,null,"é\u2028\\n\\"\\\\"]}'.encode()
    assert parsed(data) == value
    for wrong in (1.5, {"a": 1.5}, {1: "a"}, [object()], Decimal(1), "\ud800", {"a": {1}}):
        with pytest.raises((TypeError, ValueError)):
            canonical(wrong)
    for wrong in (
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1.0}',
        b'"\\u00e9"',
        b'{"a":1,"a":1}',
        b"",
        b"\xff",
    ):
        with pytest.raises(ValueError):  # noqa: PT011
            parsed(wrong)


def test_another_engine_must_say_the_same(ruleset, record, monkeypatch):
    asked = []
    module = types.ModuleType("rolerules.engines.durable")
    module.fire = asked.append
    monkeypatch.setitem(sys.modules, "rolerules.engines.durable", module)
    session = ruleset.session(subject="E-1001", period="2026-Q3", record=record)
    number = say(session, "satisfied", False).proposal
    (kept,) = [one for one in session.entries if one.number == number]
    assert kept.body["engine"] == "durable"
    assert asked[-1].decision == session.decision()

    def differs(proof):
        raise InternalError("the engines differ")

    session._fires = differs
    before = record.verify()
    with pytest.raises(InternalError):
        say(session, "satisfied", True, at="2026-09-11")
    assert record.verify() == before


def test_which_engine(ruleset, record, monkeypatch):
    more = {"subject": "E-1001", "period": "2026-Q3", "record": record}
    assert ruleset.session(engine="reference", **more)._fires is None
    with pytest.raises(ValueError, match="no session goes by `fast`"):
        ruleset.session(engine="fast", **more)
    monkeypatch.setitem(sys.modules, "rolerules.engines.durable", None)
    assert ruleset.session(**more)._fires is None
    with pytest.raises(ImportError):
        ruleset.session(engine="durable", **more)


def test_a_policy_alone_has_no_sessions(record):
    policy = load("rulesets/policies/assessment_and_suspension.yaml")
    with pytest.raises(RolerulesError):
        policy.session(subject="E-1001", period="2026-Q3", record=record)


def test_importing_loads_neither_the_database_nor_the_ciphers():
    program = (
        "import sys, rolerules; rolerules.load('marketing-director', company='example'); "
        "print([name for name in ('sqlite3', 'cryptography', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


LOCALES = Path("/usr/share/i18n/locales")


@pytest.mark.skipif(shutil.which("localedef") is None, reason="no locale can be made here")
@pytest.mark.parametrize("name", ["de_DE", "tr_TR"])
def test_another_locale_and_time_zone_change_nothing(tmp_path, name):
    """Decimal commas, an `i` whose capital is another one, and a clock with summer time."""
    if not (LOCALES / name).is_file():
        pytest.skip(f"the source of the locale {name} is not on this machine")
    made = ["localedef", "-i", name, "-f", "UTF-8", tmp_path / f"{name}.UTF-8"]
    subprocess.run(made, check=True, capture_output=True)
    program = """
import locale, pathlib, sys
locale.setlocale(locale.LC_ALL, "")
assert locale.localeconv()["decimal_point"] == ","
sys.path.insert(0, sys.argv[2])
from recorded import TEXT, new_record, seller
folder = pathlib.Path(sys.argv[1])
record = new_record(folder)
session = seller(folder).session(subject="E-1001", period="2026-Q3", record=record)
session.post("rating", "12.5%", at="2026-07-01", source="HR")
session.post("grade", "S1", at="2026-10-25T02:30+01:00", source="HR")
number = session.post("satisfied", "no", at="2026-10-25T02:30+02:00", source="GM").proposal
print(record.confirm(number, by="HR-1", reason="as found", at="2026-10-25T02:30+01:00").effective_on)
closed = session.decide()
print(closed.decision.line("bonus").amount, record.replay(closed.number).same)
"""
    environment = {
        **os.environ,
        "LOCPATH": str(tmp_path),
        "LC_ALL": f"{name}.UTF-8",
        "TZ": "Europe/Berlin",
    }
    command = [sys.executable, "-c", program, str(tmp_path), str(Path(__file__).parents[1])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["2026-11-04", "125.00", "True"], done.stderr


def test_several_facts_are_recorded_all_or_none(session, record):
    before = record.verify()
    for wrong in (("rating", "oops"), ("salse", "1.00"), ("grade", "S9")):
        with pytest.raises(FactError):
            session.post_all([("sales", "5.00"), wrong], at="2026-09-10", source="CRM")
        assert record.verify() == before
    # A conflict is seen only beside what is on record, when the first fact was written already.
    say(session, "grade", "S1")
    before = record.verify()
    with pytest.raises(FactError, match="conflicting-facts"):
        session.post_all([("sales", "5.00"), ("grade", "S2")], at="2026-09-10", source="CRM")
    assert record.verify() == before
    assert session.so_far == {}
    first, second = session.post_all(
        [("sales", "5.00"), ("target", "900.00")], at="2026-09-11", source="CRM"
    )
    assert (second.number, session.so_far) == (first.number + 1, {"sales": "5.00"})
    with pytest.raises(FactError, match="event-taken"):
        session.post_all(
            [("sales", "5.00"), ("target", "1.00")], at="2026-09-11", source="CRM", event="a"
        )


def test_facts_that_conflict_in_one_call_are_none(session, record):
    before = record.verify()
    with pytest.raises(FactError, match="conflicting-facts"):
        session.post_all([("grade", "S1"), ("grade", "S2")], at="2026-09-10", source="CRM")
    assert record.verify() == before


def test_a_refused_fact_leaves_no_opening(session, record):
    before = record.verify()
    with pytest.raises(FactError):
        session.post_all(
            [("grade", "S9")], at="2026-09-10", source="HR", opening={"status": "suspended"}
        )
    assert record.verify() == before
    assert session.decision().opening_status == "active"


def test_an_opening_says_who_said_so_and_for_when(ruleset, record):
    more = {"subject": "E-1001", "period": "2026-Q3", "record": record}
    with pytest.raises(FactError, match="no time"):
        ruleset.session(opening={"status": "active"}, **more)
    with pytest.raises(FactError, match="no-name"):
        ruleset.session(opening={"status": "active"}, at="2026-07-01", **more)
    assert record.verify().entries == 0
    session = ruleset.session(opening={"status": "active"}, at="2026-07-01", source="HR", **more)
    (kept,) = session.entries
    assert (kept.body["at"], kept.body["source"]) == ("2026-07-01", "HR")
    assert record.ruleset(kept.body["digest"]).digest == ruleset.digest


@pytest.mark.parametrize(("first", "then"), [("2026-Q3", "2026-Q4"), ("2026-Q4", "2026-Q3")])
@pytest.mark.parametrize("given", ["active", "suspended", None])
def test_an_opening_contradicts_no_other_period(ruleset, record, first, then, given):
    """Whatever another period went by, given or assumed, nothing decided yet."""
    said = {"at": "2026-07-01", "source": "HR"}
    opening = {"status": given} if given else None
    session = ruleset.session(subject="E-1001", period=first, record=record)
    session.post_all([("grade", "S1")], opening=opening, **said)
    held = given or "active"
    other = "suspended" if held == "active" else "active"
    before = record.verify()
    with pytest.raises(RolerulesError, match="opening-decided"):
        ruleset.session(
            subject="E-1001", period=then, record=record, opening={"status": other}, **said
        )
    assert record.verify() == before
    same = ruleset.session(
        subject="E-1001", period=then, record=record, opening={"status": held}, **said
    )
    assert same.decision().opening_status == held


def test_an_opening_contradicts_no_balance_that_was_handed_on(ruleset, record, session):
    for fact, value in (("target", "900.00"), ("accounts", [])):
        say(session, fact, value)
    say(session, "sales", "1000.00", complete=True)
    session.decide()
    more = {"subject": "E-1001", "period": "2026-Q4", "record": record}
    said = {"at": "2026-10-01", "source": "HR"}
    with pytest.raises(RolerulesError, match=r"the balance `owed` is 20\.00"):
        ruleset.session(opening={"carries": {"owed": "20.01"}}, **said, **more)
    ruleset.session(opening={"carries": {"owed": "20.0"}}, **said, **more)


def test_a_period_is_decided_by_the_ruleset_of_its_facts(ruleset, record, session, tmp_path):
    say(session, "grade", "S1")
    path = tmp_path / "other.yaml"
    path.write_text(TEXT.replace("ruleset: seller", "ruleset: buyer"), encoding="utf-8")
    other = load(path).session(subject="E-1001", period="2026-Q3", record=record)
    before = record.verify()
    with pytest.raises(RolerulesError, match="which-ruleset"):
        other.decide()
    assert record.verify() == before
    say(other, "grade", "S2")
    assert other.decide().decision.line("basic").amount == 2000
    assert session.decide().decision.line("basic").amount == 1000


def test_what_corrects_an_event_that_is_not_there_is_said(session):
    ahead = session.correct("sales", "5.00", of="a", at="2026-09-11", source="CRM")
    assert ahead.ahead
    assert "is not on record yet" in changed_text(session.ruleset, ahead)
    assert not say(session, "sales", "9.00", event="a").ahead
    assert not session.withdraw("sales", of="a", at="2026-09-12", source="CRM").ahead


@pytest.mark.parametrize("word", ["a\nb", "a\x1b[2J", "a\u2028b", "a\u202eb", "a\x00"])
def test_what_is_said_stands_on_one_line(session, record, word):
    for more in ({"source": word}, {"source": "CRM", "event": word}):
        with pytest.raises(FactError, match="no-name"):
            session.post("grade", "S1", at="2026-09-10", **more)
    with pytest.raises(FactError, match="no-name"):
        session.correct("sales", "1.00", of=word, at="2026-09-10", source="CRM")
    assert record.verify().entries == 0
