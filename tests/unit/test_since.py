# SPDX-License-Identifier: MIT
"""How long a status has lasted: what comes in, and what is handed on."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from generators.loading import loaded

from rolerules import FactError, load

GOOD = Path(__file__).parent.parent / "cases" / "status" / "good"
RULESET = load(GOOD / "since.yaml")
SUSPENDED = {"status": "suspended", "since": "2026-01-05"}
NO_STATUS = """ruleset: random-one
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts: {amount: money}
"""


def closing(facts, opening, as_of="2026-02-28"):
    return RULESET.evaluate(facts, as_of=as_of, opening=opening).closing()


def test_an_unchanged_status_keeps_its_day():
    opening = {"status": "active", "since": datetime.date(2026, 1, 5)}
    assert closing({"late": False}, opening) == {
        "status": "active", "since": "2026-01-05", "carries": {},
    }  # fmt: skip


def test_a_proposal_keeps_the_status_and_its_day():
    opening = {"status": "active", "since": "2026-01-05"}
    assert closing({"late": True}, opening)["since"] == "2026-01-05"


@pytest.mark.parametrize(
    ("days", "since"), [(0, "2026-02-28"), (1, "2026-03-01"), (14, "2026-03-14"), (-3, "2026-02-28")]
)  # fmt: skip
def test_an_effective_change_begins_after_its_days_of_notice(days, since):
    facts = {"pardoned": True, "days_of_notice": days}
    decision = RULESET.evaluate(facts, as_of="2026-02-28", opening=SUSPENDED)
    assert decision.status.since == datetime.date.fromisoformat(since)
    in_time = {"status": "ended", "since": since, "carries": {}}
    still_open = {"status": None, "since": None, "carries": {}}
    assert decision.closing() == (in_time if days <= 1 else still_open)


@pytest.mark.parametrize("days", [None, 10**9])
def test_where_the_notice_is_unknown_or_leaves_the_calendar_the_day_is_unknown(days):
    found = closing({"pardoned": True, "days_of_notice": days}, SUSPENDED)
    assert (found["status"], found["since"]) == (None, None)


@pytest.mark.parametrize("days", ["9999999999", "9" * 3000, "9" * 5000])
def test_a_notice_that_nobody_means_ends_in_no_day(tmp_path, days):
    text = (
        (GOOD / "since.yaml")
        .read_text()
        .replace("effect: duty", f"notice: {days} days\n      effect: duty", 1)
    )
    (tmp_path / "since.yaml").write_text(text.replace("      notice: at once\n", "", 1))
    found = load(tmp_path / "since.yaml").evaluate({}, as_of="2026-05-31", opening=SUSPENDED)
    assert (found.status.to, found.status.since) == ("active", None)


def test_an_undetermined_status_has_no_day():
    assert closing({}, SUSPENDED) == {"status": None, "since": None, "carries": {}}


def test_the_decision_says_since_when():
    decision = RULESET.evaluate({}, as_of="2026-02-28", opening=SUSPENDED)
    assert decision.opening_since == datetime.date(2026, 1, 5)
    assert decision.to_dict()["opening"] == {"status": "suspended", "assumed": False}


def test_what_is_missing_is_said_in_words():
    text = RULESET.explain({}, as_of="2026-02-28", opening={"status": "suspended"}).to_text()
    assert "The day on which the status at the start began (`status_since`)" in text
    text = RULESET.explain({}, as_of="2026-02-28", opening={"status": None}).to_text()
    assert "The status at the start (`status_at_start`)" in text


@pytest.mark.parametrize("since", ["2026-02-30", 3, True, ["2026-01-01"]])
def test_what_is_no_day(since):
    with pytest.raises(FactError) as caught:
        RULESET.evaluate({}, as_of="2026-02-28", opening={"status": "active", "since": since})
    assert [(one.code, one.path) for one in caught.value.problems] == [
        ("wrong-type", "opening.since")
    ]


def test_a_ruleset_without_a_status_has_no_day():
    with pytest.raises(FactError) as caught:
        loaded(NO_STATUS).evaluate({}, as_of="2026-02-28", opening={"since": "2026-01-01"})
    assert [(one.code, one.path) for one in caught.value.problems] == [("opening", "opening.since")]


NOTICE = """ruleset: notice
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts:
  promoted: yes/no
status:
  states: [junior, senior]
  start: junior
  changes:
    promote:
      from: junior
      to: senior
      grounds: {promotion: promoted}
      effect: duty of the company
      adverse: no
      notice: NOTICE
"""


@pytest.mark.parametrize(
    ("notice", "closing"),
    [
        ("at once", {"status": "senior", "since": "2026-01-31"}),
        ("1 day", {"status": "senior", "since": "2026-02-01"}),
        ("2 days", {"status": None, "since": None}),
        ("60 days", {"status": None, "since": None}),
    ],
)
def test_a_change_that_is_still_to_take_effect_leaves_the_next_status_open(notice, closing):
    ruleset = loaded(NOTICE.replace("NOTICE", notice))
    decision = ruleset.evaluate({"promoted": True}, as_of="2026-01-31")
    assert (decision.status.to, decision.status.effect) == ("senior", "effective")
    assert decision.closing() == {**closing, "carries": {}}
