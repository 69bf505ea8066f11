# SPDX-License-Identifier: MIT
"""A session against one evaluation: what follows depends on the final facts alone."""

from __future__ import annotations

import datetime
import random
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from recorded import AT, fast_folder, new_record, seller

from rolerules import FactError

AMOUNTS = st.decimals("-5000.00", "20000.00", places=2).map(str)
# Days, and the same instants in other offsets; the hour that comes twice when summer time ends.
TIMES = st.sampled_from((
    "2026-07-31", "2026-08-31", "2026-09-30", "2026-11-03", "2026-07-31T08:00+08:00",
    "2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", "2026-08-31T00:00Z",
))  # fmt: skip
ITEM = st.fixed_dictionaries({"customer": st.sampled_from("ABC"), "bought": AMOUNTS})
VALUES = {
    "target": st.sampled_from(("0.01", "900.00", "10000.00", "30000.00")),
    "sales": AMOUNTS,
    "grade": st.sampled_from(("S1", "S2")),
    "satisfied": st.booleans(),
    "rating": st.sampled_from(("10%", "150%", "0.5", "-20%")),
    "joined": st.sampled_from(("2026-06-01", "2026-07-01", "2026-07-02")),
    "accounts": ITEM | st.lists(ITEM, max_size=3),
}
MANY = ("sales", "accounts")
RANK = {"post": 0, "correct": 1, "withdraw": 2}


def instant(text: str) -> datetime.datetime:
    day = datetime.datetime.fromisoformat(text)
    return day if day.tzinfo else day.replace(tzinfo=datetime.UTC)


def expected_facts(said: list[dict]) -> dict:
    """The final facts, worked out by saying everything again in the order of its times."""
    single: dict = {}
    items: dict = {name: {} for name in MANY}
    whole: dict = {name: set() for name in MANY}
    first: dict = {}
    for one in sorted(said, key=lambda one: (instant(one["at"]), RANK[one["act"]])):
        name, value = one["fact"], one["value"]
        if name not in MANY:
            single[name] = value
            continue
        item = one["of"] or one["event"]
        first.setdefault(item, instant(one["at"]))
        items[name][item] = value
        if one["complete"]:
            whole[name].add(item)
    facts = {name: value for name, value in single.items() if value is not None}
    for name, of in items.items():
        live = {item: value for item, value in of.items() if value is not None}
        if not live or not whole[name] & set(live):
            continue
        if name == "sales":
            facts[name] = sum(Fraction(value) for value in live.values())
        else:
            ordered = sorted(live, key=lambda item: (first[item], item))
            listed = [
                live[item] if isinstance(live[item], list) else [live[item]] for item in ordered
            ]
            facts[name] = [row for rows in listed for row in rows]
    return facts


def plain(value):
    """A value by what it means: amounts as numbers, whatever way they are written."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, str) and value.removesuffix("%").lstrip("-").replace(".", "").isdigit():
        number = Fraction(value.removesuffix("%"))
        return number / 100 if value.endswith("%") else number
    return value


def expected_refusal(said: dict, before: list[dict]) -> str | None:
    """Why an event cannot be taken; the same event once more is no such thing."""

    def same(one, other):
        fields = ("act", "fact", "of", "complete")
        value, known = (plain(listed(each)) for each in (one, other))
        equal = all(one[name] == other[name] for name in fields) and value == known
        return equal and instant(one["at"]) == instant(other["at"]) and one["at"] == other["at"]

    known = {one["event"]: one for one in before}
    if said["event"] in known and same(said, known[said["event"]]):
        return None
    for other in before:
        item, of_other = said["of"] or said["event"], other["of"] or other["event"]
        if said["event"] == other["event"] or (item == of_other and said["fact"] != other["fact"]):
            return "event-taken"
        if said["of"] and said["of"] == other["event"] and other["act"] != "post":
            return "which-event"
        if said["act"] != "post" and said["event"] and other["of"] == said["event"]:
            return "which-event"
        about = said["fact"] not in MANY or item == of_other
        one_time = instant(said["at"]) == instant(other["at"]) and said["act"] == other["act"]
        differ = plain(listed(said)) != plain(listed(other))
        if said["fact"] == other["fact"] and about and one_time and differ:
            return "conflicting-facts"
    return None


def listed(said: dict):
    """The value said; one item of a list is a list of it."""
    one = said["fact"] == "accounts" and isinstance(said["value"], dict)
    return [said["value"]] if one else said["value"]


class SessionMachine(RuleBasedStateMachine):
    """Events in any order, late, twice, corrected and withdrawn."""

    ruleset = None

    @initialize(status=st.sampled_from((None, "active")))
    def start(self, status):
        self.folder = fast_folder()
        self.record = new_record(Path(self.folder.name))
        self.opening = status and {"status": status, "carries": {"owed": "12.34"}}
        self.session = self.opened("E-1001", self.record)
        self.said: list[dict] = []
        self.closed = False

    def opened(self, subject, record):
        return self.ruleset.session(
            subject=subject,
            period="2026-Q3",
            record=record,
            opening=self.opening,
            at="2026-07-01",
            source="HR",
        )

    @rule(data=st.data(), name=st.sampled_from(sorted(VALUES)), at=TIMES,
          act=st.sampled_from(("post", "post", "post", "correct", "withdraw")),
          event=st.sampled_from((None, "a", "b", "c", "d")), of=st.sampled_from("abcde"),
          complete=st.booleans())  # fmt: skip
    def say(self, data, name, at, act, event, of, complete):
        value = None if act == "withdraw" else data.draw(VALUES[name])
        said = {"act": act, "fact": name, "value": value, "at": at, "event": event, "of": None,
                "complete": False}  # fmt: skip
        if name in MANY:
            said["complete"] = act != "withdraw" and (complete or isinstance(value, list))
            said["of"] = None if act == "post" else of
        before = self.record.verify()
        refused = expected_refusal(said, self.said)
        if refused:
            with pytest.raises(FactError) as caught:
                self.told(self.session, said)
            assert {problem.code for problem in caught.value.problems} == {refused}
            assert self.record.verify() == before
            return
        changed = self.told(self.session, said)
        if not changed.repeated:
            self.said.append({**said, "event": changed.event})
        else:
            assert self.record.verify() == before
        assert changed.late == self.closed

    def told(self, session, said):
        more = {"at": said["at"], "source": "CRM", "event": said["event"]}
        if said["act"] == "withdraw":
            return session.withdraw(said["fact"], of=said["of"], **more)
        more["complete"] = said["complete"]
        if said["act"] == "correct":
            return session.correct(said["fact"], said["value"], of=said["of"], **more)
        return session.post(said["fact"], said["value"], **more)

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def again(self, data):
        said = data.draw(st.sampled_from(self.said))
        before = self.record.verify()
        assert self.told(self.session, said).repeated
        assert self.record.verify() == before

    @rule()
    def from_elsewhere(self):
        """Another process opens the session anew, and what it knows is the same."""
        self.session = self.ruleset.session(subject="E-1001", period="2026-Q3", record=self.record)

    @rule()
    def decide(self):
        if self.closed or isinstance(self.alone(), frozenset):
            return
        assert self.session.decide().decision == self.alone()
        self.closed = True

    def alone(self):
        """One evaluation of the final facts, or the codes for which they are refused."""
        try:
            return self.ruleset.evaluate(
                expected_facts(self.said), as_of=AT, opening=self.opening, engine="reference"
            )
        except FactError as error:
            return frozenset(problem.code for problem in error.problems)

    @invariant()
    def one_evaluation(self):
        if not hasattr(self, "session"):
            return
        try:
            found = self.session.decision()
        except FactError as error:
            found = frozenset(problem.code for problem in error.problems)
        assert found == self.alone()
        assert plain(self.session.facts) == plain(expected_facts(self.said))

    def teardown(self):
        if not hasattr(self, "said"):
            return
        shuffled = list(self.said)
        random.Random(len(shuffled)).shuffle(shuffled)
        other = self.opened("E-1002", self.record)
        for said in shuffled:
            self.told(other, said)
        assert other.facts == self.session.facts
        assert other.so_far == self.session.so_far
        self.record.verify()
        self.folder.cleanup()


@pytest.fixture(scope="module", autouse=True)
def _ruleset(tmp_path_factory):
    SessionMachine.ruleset = seller(tmp_path_factory.mktemp("ruleset"))


def test_a_session_is_one_evaluation_of_its_final_facts():
    fewer = settings(max_examples=40, stateful_step_count=25)
    run_state_machine_as_test(SessionMachine, settings=settings(fewer))
