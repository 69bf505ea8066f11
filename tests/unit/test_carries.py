# SPDX-License-Identifier: MIT
"""Balances: every way an opening can be wrong, exact numbers, restarts, cases in turn."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from generators.loading import checked, loaded

from rolerules import FactError, RulesetError
from rolerules.testing.cases import run_file

TEXT = """ruleset: random-one
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts:
  amount: {type: money, max: 1000}
carries:
  owed: {type: money, first: 0, next: owed.opening + amount, rounding: half up to 0.01}
  share: {type: number, first: 1, next: share.opening / 3}
  rated: {type: rate, first: 5%, next: rated.opening * 0.1}
  seen: {type: whole, first: 0, next: seen.opening + 1}
  once: {type: yes/no, first: amount > 5, next: once.opening}
  since: {type: date, first: as_of, next: since.opening}
  word: {type: text, first: '"a"', next: word.opening}
status:
  states: [active, suspended]
  start: active
  changes:
    stop:
      from: active
      to: suspended
      grounds:
        little: amount < 0
      effect: duty of the company
      adverse: no
      notice: at once
"""  # fmt: skip
RULESET = loaded(TEXT)
DAY, NEXT, FAR = "2026-02-28", "2026-03-31", "2026-04-30"


def refused(opening, facts=None):
    with pytest.raises(FactError) as caught:
        RULESET.evaluate({"amount": 1} if facts is None else facts, as_of=DAY, opening=opening)
    return [(problem.code, problem.path) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ([], [("opening", "")]), ("active", [("opening", "")]), (3, [("opening", "")]),
        ({"state": "active"}, [("opening", "opening.state")]),
        ({"owed": 1}, [("opening", "opening.owed")]),
        ({"status": "asleep"}, [("opening", "opening.status")]),
        ({"status": ["active"]}, [("opening", "opening.status")]),
        *(({"carries": wrong}, [("opening", "opening.carries")]) for wrong in ([], "", 0, False, [1], "owed")),
        ({"carries": {"debt": 1}}, [("opening", "opening.carries.debt")]),
        ({"carries": {1: 1}}, [("opening", "opening.carries.1")]),
        ({"carries": {"owed": "1.234"}}, [("too-many-decimals", "opening.carries.owed")]),
        ({"carries": {"owed": 0.5}}, [("float", "opening.carries.owed")]),
        ({"carries": {"owed": "1/3"}}, [("wrong-type", "opening.carries.owed")]),
        ({"carries": {"owed": True}}, [("wrong-type", "opening.carries.owed")]),
        ({"carries": {"owed": []}}, [("wrong-type", "opening.carries.owed")]),
        ({"carries": {"share": "1/0"}}, [("wrong-type", "opening.carries.share")]),
        ({"carries": {"share": "1/-3"}}, [("wrong-type", "opening.carries.share")]),
        ({"carries": {"share": "9" * 5000}}, [("wrong-type", "opening.carries.share")]),
        ({"carries": {"seen": "1.5"}}, [("too-many-decimals", "opening.carries.seen")]),
        ({"carries": {"once": 1}}, [("wrong-type", "opening.carries.once")]),
        ({"carries": {"since": "2026-02-30"}}, [("wrong-type", "opening.carries.since")]),
        ({"carries": {"word": 3}}, [("wrong-type", "opening.carries.word")]),
    ],
)  # fmt: skip
def test_what_is_no_opening(opening, expected):
    assert refused(opening) == expected


def test_all_reasons_at_once():
    opening = {"status": "asleep", "state": 1, "carries": {"debt": 1, "owed": "x", "seen": "y"}}
    assert sorted(refused(opening, {"amount": 1001, "sum": 1})) == [
        ("opening", "opening.carries.debt"), ("opening", "opening.state"),
        ("opening", "opening.status"), ("out-of-range", "amount"), ("unknown-fact", "sum"),
        ("wrong-type", "opening.carries.owed"), ("wrong-type", "opening.carries.seen"),
    ]  # fmt: skip


def test_the_nearest_name_is_told():
    with pytest.raises(FactError, match="did you mean `owed`"):
        RULESET.evaluate({}, as_of=DAY, opening={"carries": {"owd": 1}})


def test_numbers_are_handed_on_exactly():
    decision = RULESET.evaluate({"amount": 1}, as_of=DAY)
    for _ in range(30):
        closing = json.loads(json.dumps(decision.closing()))
        decision = RULESET.evaluate({"amount": 1}, as_of=DAY, opening=closing)
    assert decision.carries["share"] == Fraction(1, 3**31)
    assert decision.carries["rated"] == Fraction(5, 100 * 10**31)
    assert (decision.carries["seen"], decision.carries["owed"]) == (31, Decimal(31))
    assert decision.closing()["carries"]["share"] == f"1/{3**31}"
    again = RULESET.evaluate({}, as_of=DAY, opening={"carries": decision.carries})
    assert again.carries["share"] == Fraction(1, 3**32)


def test_a_first_that_is_finer_than_money_is_not_taken_for_whole_cents():
    cent = "amount: {type: money, max: 1000}\n  cent: {type: money, min: 0.01, max: 0.01}"
    text = TEXT.replace("amount: {type: money, max: 1000}", cent)
    text += "values:\n  later: add_days(as_of, owed.opening / cent)\n"
    assert not checked(text)[1]
    finer = text.replace("first: 0, next: owed", "first: amount / 3, next: owed")
    assert [problem.code for problem in checked(finer)[1]] == ["wrong-operands"]


@pytest.mark.parametrize("period", ["month", "quarter", "half year", "year"])
@pytest.mark.parametrize("restarts", ["each quarter", "each half year", "each year"])
def test_a_period_that_begins_where_a_quarter_or_a_year_does_restarts(period, restarts):
    text = TEXT.replace("period: month", f"period: {period}").replace(
        "rounding: half up to 0.01}", f"rounding: half up to 0.01, restarts: {restarts}}}"
    )
    ruleset = loaded(text)
    for month, days in ((3, 31), (6, 30), (7, 31), (12, 31)):
        day = f"2026-{month:02}-{days}"
        half = 1 if month < 7 else 7
        starts = {"month": month, "quarter": month // 3 * 3 - 2, "half year": half, "year": 1}[
            period
        ]
        if period == "quarter" and month % 3:
            continue
        found = ruleset.evaluate({"amount": 1}, as_of=day, opening={"carries": {"owed": 5}})
        opens = {"each quarter": (1, 4, 7, 10), "each half year": (1, 7), "each year": (1,)}
        fresh = starts in opens[restarts]
        assert found.carries["owed"] == (1 if fresh else 6)


def in_turn(tmp_path, *cases, days=(DAY, NEXT)):
    (tmp_path / "ruleset.yaml").write_text(TEXT)
    lines = []
    for (name, facts, expect), day in zip(cases, days, strict=False):
        opening = ["opening: case before"] if lines else []
        lines += [f"  - name: {name}", *(f"    {one}" for one in (f"as of: {day}", *opening)),
                  f"    facts: {facts}", f"    expect: {expect}"]  # fmt: skip
    path = tmp_path / "some.cases.yaml"
    path.write_text("\n".join(["cases: random-one", "cases of:", *lines]) + "\n")
    results = run_file(path)
    return [[one.code for one in result.problems] or result.differences for result in results]


def test_cases_open_with_what_the_case_before_handed_on(tmp_path):
    assert in_turn(
        tmp_path,
        ("one", "{amount: 5}", "{carries: {owed: 5, seen: 1}}"),
        ("two", "{amount: 7}", "{carries: {owed: 12, seen: 2}}"),
    ) == [(), ()]


@pytest.mark.parametrize("second", [DAY, FAR])
def test_a_case_does_not_open_with_what_no_period_before_it_handed_on(tmp_path, second):
    cases = (
        ("one", "{amount: 5}", "{carries: {owed: 5}}"),
        ("two", "{amount: 7}", "{missing: []}"),
    )
    assert in_turn(tmp_path, *cases, days=(DAY, second))[1] == ["out-of-turn"]


def test_after_a_refused_case_a_balance_is_unknown_and_not_the_first_again(tmp_path):
    differences = in_turn(
        tmp_path,
        ("one", "{amount: 5000}", "{refused: [out-of-range]}"),
        ("two", "{amount: 7}", "{missing: [once.opening, owed.opening, rated.opening, seen.opening, share.opening, since.opening, status_at_start, word.opening]}"),
    )  # fmt: skip
    assert differences == [(), ()]


def test_a_balance_is_no_name_of_its_own():
    _, problems = checked(TEXT.replace("amount < 0", "owed < 0"))
    assert [problem.code for problem in problems] == ["unknown-name"]
    with pytest.raises(RulesetError, match="what it came in with"):
        loaded(TEXT.replace("amount < 0", "owed < 0"))


COUNTED = """ruleset: counted
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts:
  missed: yes/no
carries:
  misses: {in a row: missed}
indicators:
  share: {value: 10 / (misses.closing + 1)}
"""


def test_a_count_is_never_below_0():
    ruleset = loaded(COUNTED)
    opening = {"carries": {"misses": 4}}
    found = ruleset.evaluate({"missed": True}, as_of="2026-03-31", opening=opening)
    assert (found.carries["misses"], found.indicators["share"]) == (5, Fraction(10, 6))
    with pytest.raises(FactError, match="misses` is -4, 4 below the least value 0"):
        ruleset.evaluate({}, as_of="2026-03-31", opening={"carries": {"misses": -4}})
