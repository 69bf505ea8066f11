# SPDX-License-Identifier: MIT
"""The record against a list: what was written stays, in its order, for everybody who reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from recorded import TEXT, fast_folder, new_record, seller

from rolerules import RolerulesError, load
from rolerules.record.book import ACTS
from rolerules.record.process import TRANSITIONS, proposals
from rolerules.record.review import act
from rolerules.record.words import same_person

# Unfriendly on purpose: quotes, SQL, another script, a joined sign, one that is another's prefix.
PEOPLE = ("E-1", "E-10", "e-1", "O'Hara; DROP TABLE entries", "员工-1", "É-1", "EMP-162789", "EMP-379192")  # fmt: skip
BY = ("HR-1", *PEOPLE[:2])
PERIODS = ("2026-Q2", "2026-Q3", "2026-Q4")
AT = st.sampled_from(("2026-09-01", "2026-10-02", "2026-10-01T00:00+14:00", "2027-01-05"))
WHO = st.sampled_from(PEOPLE)


class RecordMachine(RuleBasedStateMachine):
    """Facts, decisions, reviews and erasures of several people, against lists of entries."""

    ruleset = other = None

    @initialize()
    def start(self):
        self.folder = fast_folder()
        self.record = new_record(Path(self.folder.name))
        self.lists: dict[str, list] = {}
        self.before: dict[str, str] = {}
        self.checkpoints = [self.record.checkpoint()]

    def look(self, subject):
        """What the record has of a person begins with all it had: nothing changed, nothing gone."""
        entries = self.record.export(subject)["entries"]
        known = self.lists.get(subject, [])
        assert entries[: len(known)] == known
        numbers = [entry["number"] for entry in entries]
        assert numbers == sorted(set(numbers))
        assert all(
            entry["number"] > self.checkpoints[-1].entries for entry in entries[len(known) :]
        )
        self.lists[subject] = entries
        self.checkpoints.append(self.record.checkpoint())

    @rule(who=WHO, period=st.sampled_from(PERIODS), value=st.booleans(), at=AT,
          fact=st.sampled_from(("satisfied", "satisfied", "joined", "sales")),
          role=st.sampled_from(("ruleset", "ruleset", "other")))  # fmt: skip
    def post(self, who, period, value, at, fact, role):
        given_ = {
            "satisfied": value,
            "joined": "2026-06-01" if value else "2026-12-31",
            "sales": "9.99",
        }
        ruleset = getattr(self, role)
        session = ruleset.session(subject=who, period=period, record=self.record)
        try:
            session.post(fact, given_[fact], at=at, source="CRM")
        except RolerulesError as error:
            assert {one.code for one in error.problems} == {"conflicting-facts"}  # noqa: PT017
        self.look(who)

    @rule(who=WHO, period=st.sampled_from(PERIODS), late=st.booleans())
    def decide(self, who, period, late):
        session = self.ruleset.session(subject=who, period=period, record=self.record)
        try:
            (session.adjust if late else session.decide)()
        except RolerulesError as error:
            allowed = (
                {"period-open", "nothing-to-adjust"}
                if late
                else {"period-decided", "which-ruleset"}
            )
            assert {one.code for one in error.problems} <= allowed  # noqa: PT017
        self.look(who)

    @rule(data=st.data(), what=st.sampled_from(ACTS), by=st.sampled_from(BY), at=AT)
    def review(self, data, what, by, at):
        who = data.draw(st.sampled_from(sorted(self.lists) or [PEOPLE[0]]))
        found = self.of(who)
        if not found:
            return
        one = found[data.draw(st.sampled_from(sorted(found)))]
        may = (one.state, what) in TRANSITIONS and (not same_person(by, who) or what == "contest")
        try:
            after = act(self.record, one.number, what, by=by, reason="as found", at=at)
            assert may
            assert after.state == TRANSITIONS[one.state, what]
        except RolerulesError as error:
            codes = {problem.code for problem in error.problems}
            assert not may or codes <= {"before-the-last", "no-grounds", "not-now"}
        self.look(who)

    def of(self, who):
        return proposals(self.record.known(who).entries) if who in self.lists else {}

    @rule(
        who=WHO,
        period=st.sampled_from(PERIODS),
        status=st.sampled_from(("active", "suspended")),
        other=st.booleans(),
    )
    def open_otherwise(self, who, period, status, other):
        """An opening says what was before the record, and never what the record knows better."""
        ruleset = self.other if other else self.ruleset
        session = ruleset.session(subject=who, period=period, record=self.record)
        held = session.decision().opening_status
        free = all(
            (entry["kind"], entry["ruleset"], entry["period"]) == ("fact", ruleset.id, period)
            for entry in self.lists.get(who, [])
        )
        if free:
            self.before[who] = status
        try:
            session = ruleset.session(
                subject=who, period=period, record=self.record,
                opening={"status": status}, at="2026-04-01", source="HR",
            )  # fmt: skip
            # Of a time before the first opening nothing is known, and the same may be said.
            assert status == (held or self.before.get(who, "active")) or free
            assert session.decision().opening_status == status
        except RolerulesError as error:
            # It may be taken or refused: `pytest.raises` would ask for a refusal each time.
            assert {one.code for one in error.problems} <= {"opening-decided", "opening-given"}  # noqa: PT017
            assert status != held
            assert not free
        if self.record.keys.of(who) and session.entries:
            self.look(who)

    @rule(data=st.data())
    def erase(self, data):
        who = data.draw(st.sampled_from(sorted(self.lists) or [PEOPLE[0]]))
        if who not in self.lists:
            return
        self.record.erase(who, by="DPO-1", at="2030-01-01")
        del self.lists[who]
        self.before.pop(who, None)
        with pytest.raises(RolerulesError):
            self.record.export(who)
        self.checkpoints.append(self.record.checkpoint())

    @rule()
    def reopen(self):
        self.record = new_record(Path(self.folder.name))

    @invariant()
    def effect_by_confirmation_alone(self):
        """Who is suspended was suspended by a named other person, and nobody took that back."""
        for who in getattr(self, "lists", {}):
            found = self.of(who)
            later = self.ruleset.session(subject=who, period="2027-Q2", record=self.record)
            status = later.decision().opening_status
            holding = [
                one for one in found.values() if one.state in ("confirmed", "contested", "upheld")
            ]
            if self.before.get(who) == "suspended":
                assert (status, holding) == ("suspended", [])  # who is suspended cannot be again
                continue
            assert status == "suspended" or not holding
            for one in holding:
                confirmation = one.acts[0]
                assert confirmation.kind == "confirm"
                assert confirmation.body["by"].casefold() not in ("", who.casefold())
            if status == "suspended":
                assert holding

    def teardown(self):
        if not hasattr(self, "lists"):
            return
        for checkpoint in self.checkpoints:
            self.record.verify(checkpoint)
        for entries in self.lists.values():
            for entry in entries:
                if entry["kind"] == "decision":
                    replayed = self.record.replay(entry["number"])
                    assert replayed.same
                    assert replayed.same_proof
        self.folder.cleanup()


@pytest.fixture(scope="module", autouse=True)
def _ruleset(tmp_path_factory):
    RecordMachine.ruleset = seller(tmp_path_factory.mktemp("ruleset"))
    path = tmp_path_factory.mktemp("other") / "buyer.yaml"
    path.write_text(TEXT.replace("ruleset: seller", "ruleset: buyer"), encoding="utf-8")
    RecordMachine.other = load(path)


def test_the_record_is_a_list_to_which_one_only_adds():
    fewer = settings(max_examples=25, stateful_step_count=30)
    run_state_machine_as_test(RecordMachine, settings=fewer)
