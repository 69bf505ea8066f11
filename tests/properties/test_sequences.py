# SPDX-License-Identifier: MIT
"""Periods in turn: what one hands on is what the next opens with, and nothing else."""

import datetime
import json
from decimal import Decimal
from fractions import Fraction

from drawing import attempt, cases, examples
from generators.loading import loaded, sources
from generators.oracle import Oracle
from hypothesis import given
from hypothesis import strategies as st

from rolerules.engines.facts import read_facts
from rolerules.engines.opening import read_opening
from rolerules.testing import facts

DRAW = loaded("""ruleset: recoverable-draw
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 April
facts:
  earned: {type: money, min: 0}
  sold: whole
parameters:
  guarantee: {type: money, value: 3000.00}
carries:
  owed:
    type: money
    first: 0
    next: owed.opening + commission - earned
  year_to_date:
    type: money
    first: 0
    next: year_to_date.opening + commission
    restarts: each year
  quarter_to_date:
    type: money
    first: 0
    next: quarter_to_date.opening + commission
    restarts: each quarter
  mean:
    type: number
    first: 1
    next: (mean.opening + sold) / 3
pay:
  rounding: half up to 0.01
  lines:
    commission:
      amount: earned - owed.opening
      floor: guarantee
""")
CENTS = st.lists(st.integers(0, 9_000_00), min_size=1, max_size=14)


def month_end(number):
    """The last day of the month so many after December 2025."""
    year, month = divmod(number + 1, 12)
    return datetime.date(2026 + year, month + 1, 1) - datetime.timedelta(days=1)


def in_turn(earned, *, over_json=False):
    opening, found = None, []
    for number, cents in enumerate(earned):
        case = {"earned": Decimal(cents).scaleb(-2), "sold": cents}
        found.append(DRAW.evaluate(case, as_of=month_end(number), opening=opening))
        opening = found[-1].closing()
        opening = json.loads(json.dumps(opening)) if over_json else opening
    return found


@given(CENTS)
@examples(40)
def test_what_is_paid_beyond_what_is_earned_is_owed(earned):
    found = in_turn(earned)
    paid = sum(decision.total.amount for decision in found)
    assert paid - Decimal(sum(earned)).scaleb(-2) == found[-1].carries["owed"]
    assert all(decision.total.amount >= 3000 for decision in found)


@given(CENTS)
@examples(40)
def test_periods_in_turn_are_balances_carried_by_hand(earned):
    owed = year = quarter = 0
    mean = Fraction(1)
    for number, (cents, decision) in enumerate(
        zip(earned, in_turn(earned, over_json=True), strict=True)
    ):
        month = month_end(number).month
        year = 0 if month == 4 else year
        quarter = 0 if month in (1, 4, 7, 10) else quarter
        paid = max(cents - owed, 3000_00)
        owed, year, quarter, mean = (
            owed + paid - cents,
            year + paid,
            quarter + paid,
            (mean + cents) / 3,
        )
        assert decision.total.amount * 100 == paid
        assert decision.carries["owed"] * 100 == owed
        assert decision.carries["year_to_date"] * 100 == year
        assert decision.carries["quarter_to_date"] * 100 == quarter
        assert decision.carries["mean"] == mean
        assert not decision.missing


@given(cases(unknowns=False), st.data())
@examples(35)
def test_what_is_handed_on_survives_json_exactly_and_is_what_carrying_by_hand_gives(case, data):
    file, plan, by_hand = sources(case.text).main, case.ruleset.at(case.day), case.opening
    start = read_opening(plan, by_hand)
    carried, opening, status = None if start.start else start.carries, case.opening, start.status
    since = start.since
    for day in (
        case.day,
        case.day + datetime.timedelta(days=31),
        case.day + datetime.timedelta(days=62),
    ):
        given_facts = data.draw(facts(case.ruleset, unknowns=data.draw(st.booleans())))
        decision = attempt(case.ruleset, given_facts, day, opening)
        values, _ = read_facts(case.ruleset.model.facts, given_facts, plan.digits)
        expected = Oracle(file, values, day, status, carried, since).decision()
        if isinstance(decision, tuple):
            assert {problem.code for problem in decision} == expected
            return
        assert dict(decision.carries) == expected["carries"]
        assert {line.id: line.amount for line in decision.lines} == {
            name: amount for name, (amount, _) in expected["lines"].items()
        }
        opening = json.loads(json.dumps(decision.closing()))
        read = read_opening(plan, opening)
        assert read.carries == dict(decision.carries)
        assert not read.start
        carried, status = expected["carries"], read.status
        since = expected["status"][-1] if expected["status"] else None
        assert read.since == since


@given(cases(unknowns=False), st.data())
@examples(40)
def test_a_missing_balance_is_unknown_and_never_the_first(case, data):
    carries = case.ruleset.model.carries
    plan = case.ruleset.at(case.day)
    status = {"status": plan.start} if plan.start else {}
    missing = attempt(case.ruleset, case.facts, case.day, {**status, "carries": {}})
    none = attempt(
        case.ruleset, case.facts, case.day, {**status, "carries": dict.fromkeys(carries)}
    )
    assert missing == none
    if isinstance(missing, tuple):
        return
    values, _ = read_facts(plan.facts, case.facts, plan.digits)
    state = plan.start
    expected = Oracle(sources(case.text).main, values, case.day, state, {}).decision()
    assert dict(missing.carries) == expected["carries"]
    assert list(missing.missing) == expected["missing"]


def test_nothing_but_the_start_of_employment_opens_with_the_first():
    case = {"earned": "1000.00", "sold": 3}
    for opening in ({"carries": {}}, {"carries": None}, {"carries": {"owed": None}}):
        decision = DRAW.evaluate(case, as_of="2026-05-31", opening=opening)
        assert decision.total.amount is None
        assert decision.line("commission").needs == ("owed.opening",)
        assert decision.missing == (
            "mean.opening",
            "owed.opening",
            "quarter_to_date.opening",
            "year_to_date.opening",
        )
    for opening in (None, {}):
        assert DRAW.evaluate(case, as_of="2026-05-31", opening=opening).total.amount == 3000


def test_what_restarts_needs_no_opening_then():
    case = {"earned": "5000.00", "sold": 3}
    opening = {
        "carries": {"owed": "0.00", "mean": "2/37", "year_to_date": "9.99", "quarter_to_date": None}
    }
    april = DRAW.evaluate(case, as_of="2026-04-30", opening=opening)
    assert (april.carries["year_to_date"], april.carries["quarter_to_date"]) == (5000, 5000)
    july = DRAW.evaluate(case, as_of="2026-07-31", opening=opening)
    assert july.carries["year_to_date"] == Decimal("5009.99")
    assert july.carries["quarter_to_date"] == 5000
    may = DRAW.evaluate(case, as_of="2026-05-31", opening=opening)
    assert may.carries["quarter_to_date"] is None


@given(CENTS, st.data())
@examples(15)
def test_the_order_of_facts_and_balances_means_nothing(earned, data):
    opening = in_turn(earned)[-1].closing()
    names = data.draw(st.permutations(list(opening["carries"])))
    turned = {"carries": {name: opening["carries"][name] for name in names}}
    one = DRAW.evaluate({"earned": 1, "sold": 2}, as_of="2026-06-30", opening=opening)
    assert one == DRAW.evaluate({"sold": 2, "earned": 1}, as_of="2026-06-30", opening=turned)
