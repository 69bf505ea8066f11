# SPDX-License-Identifier: MIT
"""Explanations: why, why not by how much, and what is missing."""

import datetime
import json
from pathlib import Path

import pytest

import rolerules
from rolerules.model.sources import read_file
from rolerules.syntax import tree
from rolerules.testing.cases import CASE_BEFORE, company_of, plain, ruleset_of

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("rulesets/cases/*.yaml"), *ROOT.glob("tests/**/*cases.yaml")])
FACTS = {
    "grade": "M2",
    "team_target": "1200000.00",
    "team_sales": "1199999.99",
    "key_accounts": [],
    "profit": "119999.99",
    "special_tasks": [{"task": "T-1", "passed": True}, {"task": "T-2", "passed": False}],
    "satisfied": True,
}


def explained(**more: object) -> rolerules.Explanation:
    ruleset = rolerules.load("marketing-director", company="example")
    return ruleset.explain({**FACTS, **more}, as_of=datetime.date(2026, 9, 30))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_case_can_be_explained(path: Path) -> None:
    file = read_file(path).file
    assert isinstance(file, tree.Cases)
    ruleset = rolerules.load(ruleset_of(path, file), company=company_of(path, file))
    decision = None
    for case in file.cases:
        facts = {**(plain(file.facts_for_all) or {}), **(plain(case.facts) or {})}
        opening = plain(case.opening)
        if opening == CASE_BEFORE:
            assert decision is not None
            opening = decision.closing()
        given = {"as_of": case.as_of.text, "opening": opening}
        try:
            decision = ruleset.evaluate(facts, **given)
        except rolerules.FactError:
            continue
        explanation = ruleset.explain(facts, **given)
        assert explanation.decision == decision
        assert json.loads(json.dumps(explanation.to_dict()))["decision"] == decision.to_dict()
        assert explanation.to_text().isprintable() or "\n" in explanation.to_text()
        assert {part.id for part in explanation.parts} >= {line.id for line in decision.lines}


def test_why_not_says_by_how_much() -> None:
    text = explained().to_text()
    assert "team sales (1,199,999.99) is 0.01 short of team target (1,200,000.00)" in text
    assert "item 2 of special tasks: passed is no" in text
    part = next(part for part in explained().parts if part.id == "performance_pay")
    row = next(row for row in part.not_applied if "10% to under 20%" in row.what)
    assert row.why == ("profit rate (≈9.999999%) is ≈0.000001 percentage points short of 10%",)


def test_a_line_shows_its_rule_figures_and_clause() -> None:
    part = next(part for part in explained().parts if part.id == "team_commission")
    assert part.result == "6,000.00"
    assert part.source == ("PAY-2c",)
    assert part.rule == "otherwise"
    assert part.formula == "team_rate_missed * team_own_sales"
    assert part.figures == "0.5% * 1,199,999.99"
    (other,) = part.not_applied
    assert other.what == "target_met"
    assert other.source == ("PAY-2b",)


def test_missing_facts_say_what_waits_for_them() -> None:
    explanation = explained(team_target=None)
    missing = {one.fact: one.needed_by for one in explanation.missing}
    assert "team_commission" in missing["team_target"]
    assert "quarterly_sales" in missing["team_target"]


LISTS = """
ruleset: lists
language: 1
version: 1.0.0
period: quarter
year starts: 1 January
currency: CNY
facts:
  handed_in: yes/no
  quality: rate
  sales: money
  visits:
    type: list
    each:
      length: number
duties:
  office_run:
    title: Run the office
    part: leads
    every: quarter
    done: handed_in
values:
  half: sales * 0.5
pay:
  rounding: half up to 0.01
  lines:
    base:
      rules:
        - when: quality >= 90%
          amount: half
          source: PAY-1
        - otherwise:
          amount: 0
          source: PAY-2
    bonus:
      amount: 10% * base
assessments:
  duties_done:
    every: quarter
    met: some d in duties satisfies d.outcome = "fulfilled"
  long_visit:
    every: quarter
    met: some v in visits satisfies v.length > 10
  plain:
    every: quarter
    met: handed_in
  all_duties_done:
    every: quarter
    met: every d in duties[outcome = "unfulfilled"] satisfies d.id != "office_run"
"""


def test_lists_lines_and_rates_in_words(tmp_path: Path) -> None:
    file = tmp_path / "lists.yaml"
    file.write_text(LISTS, encoding="utf-8")
    facts = {"handed_in": False, "quality": "85%", "sales": "100"}
    facts |= {"visits": [{"length": length} for length in (1, 2, 3, 4, 5)]}
    explanation = rolerules.load(file).explain(facts, as_of="2026-09-30")
    parts = {part.id: part for part in explanation.parts}
    assert parts["duties_done"].because == (
        'no item of duties satisfies `d.outcome = "fulfilled"`',
        '"Run the office": outcome ("unfulfilled") is not "fulfilled"',
    )
    assert parts["all_duties_done"].because == ('"Run the office": id is "office_run"',)
    assert parts["long_visit"].because == (
        "no item of visits satisfies `v.length > 10`",
        "item 1 of visits: length (1) is 9 short of 10",
        "item 2 of visits: length (2) is 8 short of 10",
        "item 3 of visits: length (3) is 7 short of 10",
        "and so with 2 more",
    )
    (other,) = parts["base"].not_applied
    assert other.why == ("quality (85%) is 5 percentage points short of 90%",)
    assert [one.source for one in parts["bonus"].used] == [("PAY-2",)]


def test_a_name_alone_has_no_figures(tmp_path: Path) -> None:
    file = tmp_path / "lists.yaml"
    file.write_text(LISTS, encoding="utf-8")
    explanation = rolerules.load(file).explain({"quality": "90%"}, as_of="2026-09-30")
    parts = {part.id: part for part in explanation.parts}
    assert (parts["plain"].formula, parts["plain"].figures) == ("handed_in", "")
    assert (parts["base"].formula, parts["base"].figures) == ("half", "")
    assert parts["bonus"].figures == "10% * (base unknown)"


def test_a_line_below_0_says_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "lists.yaml"
    file.write_text(LISTS.replace("10% * base", "base - 1"), encoding="utf-8")
    with pytest.raises(rolerules.FactError) as raised:
        rolerules.load(file).evaluate({"quality": "0%"}, as_of="2026-09-30")
    (problem,) = raised.value.problems
    assert problem.place
    assert LISTS.split("\n")[problem.place.line - 1].strip() == "bonus:"


BOUNDED = """ruleset: bounded
language: 1
version: 1.0.0
currency: CNY
period: quarter
year starts: 1 January
facts:
  sales: money
  newcomer: yes/no
pay:
  rounding: half up to 0.01
  lines:
    bonus:
      amount: 10% * sales
      floor:
        amount: 100.00
        when: newcomer
"""


@pytest.mark.parametrize(
    ("newcomer", "sales", "said"),
    [
        (False, "500", "floor 100.00 does not apply: newcomer is no"),
        (True, "500", "raised to the floor of 100.00 (100.00): 50.00 added"),
        (True, "5000", "floor 100.00 = 100.00: changes nothing"),
    ],
)
def test_a_floor_whose_condition_does_not_hold_says_so(tmp_path: Path, newcomer, sales, said):
    file = tmp_path / "bounded.yaml"
    file.write_text(BOUNDED, encoding="utf-8")
    facts = {"newcomer": newcomer, "sales": sales}
    explanation = rolerules.load(file).explain(facts, as_of="2026-09-30")
    assert explanation.parts[0].because[-1] == said


def test_it_is_said_where_a_table_is_silent():
    path = ROOT / "tests/cases/tables/good/silent_outputs.yaml"
    found = rolerules.load(path, company="invented").explain(
        {"completion": "0.95", "quality": "0.6"}, as_of="2026-03-31"
    )
    parts = {part.id: part for part in found.parts}
    said = "the text is silent: The text does not say what is paid from 95 % to under 100 %."
    for name in ("first", "over_half", "unique"):
        assert said in parts[name].because
    rows = {one.name: one.formula for part in found.parts for one in part.used}
    assert rows["of_unique"] == "95% to under 100% → silent between_the_levels"
    found = rolerules.load(path, company="invented").explain(
        {"completion": "0.5", "quality": "0.6"}, as_of="2026-03-31"
    )
    rows = {one.name: one.formula for part in found.parts for one in part.used}
    assert rows["of_unique"] == "otherwise → silent outside_the_table"


ITEMS = """ruleset: items
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts:
  deals:
    type: list
    each: {amount: money, rate: rate}
pay:
  rounding: half up to 0.01
  lines:
    bonus:
      amount: sum(for d in deals return d.amount * d.rate)
"""


def test_what_a_sum_was_made_of_is_shown_item_by_item_and_what_an_item_lacks(tmp_path: Path):
    file = tmp_path / "items.yaml"
    file.write_text(ITEMS, encoding="utf-8")
    ruleset = rolerules.load(file)
    deals = [{"amount": "100", "rate": "5%"}, {"amount": "300", "rate": "5%"}]
    found = ruleset.explain({"deals": deals}, as_of="2026-03-31")
    assert found.parts[0].figures == "sum([5.00, 15.00])"
    assert found.missing == ()
    found = ruleset.explain({"deals": [*deals, {"rate": "5%"}, {}]}, as_of="2026-03-31")
    assert found.parts[0].figures == "sum([5.00, 15.00, unknown, unknown])"
    assert found.missing[0].gaps == ("amount of item 3", "amount and rate of item 4")
    assert (
        "Deals (`deals`): amount of item 3, amount and rate of item 4, needed by" in found.to_text()
    )
    found = ruleset.explain({}, as_of="2026-03-31")
    assert found.missing[0].gaps == ()
