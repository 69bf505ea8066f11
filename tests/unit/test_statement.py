# SPDX-License-Identifier: MIT
"""The pay statement: exact text, never wider than promised, nothing said that is not decided."""

import pytest

import rolerules
from rolerules.explain.statement import WIDTH, padded, statement, width_of, wrapped

FACTS = {
    "grade": "M2",
    "team_target": "1200000.00",
    "team_sales": "1199999.99",
    "key_accounts": [],
    "profit": "150000.00",
    "special_tasks": [],
    "satisfied": "yes",
    "reports": [],
}
EXPECTED = """\
Marketing director                                                      quarter to 30 September 2026
Example company (invented figures, not from the policy text)
marketing-director 1.0.0 ({digest})

Pay in CNY
  Basic salary                                                                     26,000.00  PAY-1
  Commission on named customers                                                         0.00  PAY-2a
  Team management commission                                                        6,000.00  PAY-2c
  Performance pay                                                                   3,900.00  PAY-3
  Total                                                                            35,900.00

Assessments
  Annual sales target                                      not due: quarter (3) is 1 below 4  ASM-1
  Quarterly sales target                                                                      ASM-1
      missed: team sales (1,199,999.99) is 0.01 short of team target (1,200,000.00)
  Special tasks                                                                          met  ASM-1

Duties
  16 in all: 4 unfulfilled, 3 not due, 9 undetermined
"""
STATUS = """
Indicators
  Profit rate                                                                       ≈ 12.5 %  IND-1
  Sales performance against the quarter's target                                   ≈ 99.99 %  IND-1

Status
  active → suspended: PROPOSED, takes effect only when a named person of the company          ASM-3
    confirms it
  Ground: Quarterly sales target (missed)
  Notice: at once

Missing facts
"""
OPENING = (
    "The status before this quarter was not given; active, as at the start of employment, was"
    " assumed."
)


@pytest.fixture(scope="module")
def marketing() -> rolerules.Ruleset:
    return rolerules.load("marketing-director", company="example")


def written(ruleset: rolerules.Ruleset, facts: dict[str, object], **opening: object) -> str:
    return statement(ruleset.model, ruleset.explain(facts, as_of="2026-09-30", **opening))


class TestWords:
    def test_whole(self, marketing):
        text = written(marketing, FACTS)
        assert text.startswith(EXPECTED.format(digest=marketing.digest[:12]))
        assert STATUS in text
        assert text.endswith(OPENING)

    def test_the_id_of_a_case_stands_in_the_head(self, marketing):
        explanation = marketing.explain({}, as_of="2026-09-30")
        first = statement(marketing.model, explanation, "E-1001").splitlines()[0]
        assert first.startswith("Marketing director, E-1001  ")

    def test_is_deterministic(self, marketing):
        assert written(marketing, FACTS) == written(marketing, dict(reversed(FACTS.items())))

    def test_undetermined_pay_names_titles(self, marketing):
        text = written(marketing, {**FACTS, "team_target": None})
        assert "undetermined: needs Team's sales target for the quarter" in text
        assert "  Total" in text
        assert "(team_target)" in text.split("Missing facts")[1]

    def test_unfulfilled_duty_says_what_is_asked_for(self, marketing):
        text = written(marketing, {**FACTS, "marketing_cost": 5, "marketing_budget": 4})
        assert "Keep marketing cost within its budget" in text
        assert "unfulfilled: marketing cost (5.00) is 1.00 above marketing budget (4.00)" in text

    def test_open_grounds_are_named(self, marketing):
        text = written(marketing, {**FACTS, "satisfied": None})
        assert "Other grounds are open: needs Whether the company is satisfied" in text
        assert "Whether the company is satisfied (attested by general manager)" in text

    def test_undetermined_status(self, marketing):
        text = written(marketing, {**FACTS, "team_sales": 1200000, "satisfied": None})
        assert "active → undetermined: needs Whether the company is satisfied" in text

    def test_ground_that_is_a_condition(self, marketing):
        text = written(marketing, {**FACTS, "satisfied": False})
        assert "Ground: Company dissatisfaction (not satisfied)" in text

    def test_status_unchanged_and_opening_given(self, marketing):
        facts = {**FACTS, "team_sales": 1200000}
        text = written(marketing, facts, opening={"status": "active"})
        assert "  active, unchanged\n" in text
        assert "100 %" in text
        assert text.endswith("Opening as given, with the status active.")

    def test_violations_and_notices(self, marketing):
        accounts = [{"customer": f"C-{n}", "sales": 1} for n in range(6)]
        text = written(marketing, {**FACTS, "key_accounts": accounts})
        assert "Violations\n  At most five named customers" in text
        text = written(marketing, {**FACTS, "key_accounts": accounts[:1]})
        assert "Notices\n  No named customers, or at least three" in text

    def test_a_figure_just_below_is_never_shown_as_reached(self, marketing):
        facts = {**FACTS, "team_target": "900000000000.00", "team_sales": "899999999999.99"}
        assert "≈ 99.99 %" in written(marketing, facts)

    def test_role_without_pay(self):
        text = written(rolerules.load("executive-director"), {})
        assert "Pay in" not in text
        assert "undetermined" in text


CHINESE = """\
ruleset: sales-lead
language: 1
version: 2.0.1
title: 销售主管
currency: JPY
period: month
year starts: 1 April
readings:
  open_end:
    text: The text names no amount for a month without any visit at all, so that a person of the company decides.
facts:
  visits:
    type: whole
    min: 0
    title: 本月客户拜访次数
parameters:
  per_visit:
    type: money
    value: 1500
pay:
  rounding: half up to 1
  lines:
    base:
      title: 基本工资
      amount: 300000
      source: 第一条
    visit_pay:
      title: 按本月实际完成的客户拜访次数计算的奖金
      rules:
        - when: visits = 0
          silent: open_end
        - otherwise:
          amount: visits * per_visit
          source: 第二条
indicators:
  visits_made:
    title: 次数
    value: visits
  base_pay:
    title: 工资
    value: base
"""


@pytest.fixture(scope="module")
def chinese(tmp_path_factory) -> rolerules.Ruleset:
    path = tmp_path_factory.mktemp("wide") / "sales_lead.yaml"
    path.write_text(CHINESE, encoding="utf-8")
    return rolerules.load(path)


class TestLayout:
    def test_wide_characters_stay_in_their_columns(self, chinese):
        lines = written(chinese, {"visits": 12}).split("\n")
        ends = {
            width_of(line[: line.index(amount) + len(amount)])
            for line in lines
            for amount in ("300,000", "18,000", "318,000")
            if line.endswith(("第一条", "第二条")) and f" {amount} " in line
        }
        assert len(ends) == 1

    def test_figures_that_are_no_percentages(self, chinese):
        text = written(chinese, {"visits": 12})
        assert "  次数" in text
        assert text.endswith(" 12")
        assert " 300,000\n" in text

    def test_silence_says_its_reading(self, chinese):
        text = written(chinese, {"visits": 0})
        said = " ".join(text.split())
        assert "undetermined: needs a decision where the text is silent (The text names" in said

    def test_never_wider_than_promised(self, chinese, marketing):
        for text in (
            written(chinese, {}),
            written(chinese, {"visits": 0}),
            written(marketing, {}),
            written(marketing, FACTS),
        ):
            assert max(width_of(line) for line in text.split("\n")) <= WIDTH
            assert not any(line != line.rstrip() for line in text.split("\n"))

    def test_wrapped(self):
        assert wrapped("one two three", 7) == ["one two", "three"]
        assert wrapped("one two three", 7, 2) == ["one two", "  three"]
        assert wrapped("客户拜访", 5) == ["客户", "拜访"]
        assert wrapped("a 客户拜访", 5) == ["a", "客户", "拜访"]
        assert wrapped("", 5) == [""]

    def test_padded(self):
        assert padded("客户", 6) == "客户  "


SHARES = """ruleset: shares
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts:
  hours: {type: number, min: 0}
  days: whole
  sales: money
  quota: {type: money, min: 1}
values:
  reached: if quota > 50 then sales / quota else 0
indicators:
  hours: {value: hours}
  half_days: {value: days / 2}
  reached: {value: reached}
  of_target: {actual: days, target: 40}
"""


def test_only_shares_are_shown_in_per_cent(tmp_path):
    file = tmp_path / "shares.yaml"
    file.write_text(SHARES, encoding="utf-8")
    facts = {"hours": "4.75", "days": 7, "sales": "85", "quota": "100"}
    ruleset = rolerules.load(file)
    found = ruleset.explain(facts, as_of="2026-03-31")
    shown = {part.id: part.result for part in found.parts}
    assert shown == {"hours": "4.75", "half_days": "3.5", "reached": "85%", "of_target": "17.5%"}
    text = statement(ruleset.model, found)
    for said in ("Hours 4.75", "Half days 3.5", "Reached 85 %", "Of target 17.5 %"):
        assert said in " ".join(text.split())


CARRIED = """ruleset: carried
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts:
  earned: money
carries:
  owed: {type: money, first: 0, next: owed.opening + earned, rounding: half up to 0.01}
"""


def test_an_assumed_opening_is_said_also_without_a_status(tmp_path):
    file = tmp_path / "carried.yaml"
    file.write_text(CARRIED, encoding="utf-8")
    ruleset = rolerules.load(file)
    said = "No opening was given: the balances are those of the start of employment."
    first = ruleset.explain({"earned": "1"}, as_of="2026-03-31")
    assert said in " ".join(statement(ruleset.model, first).split())
    opening = {"carries": {"owed": "5"}}
    later = ruleset.explain({"earned": "1"}, as_of="2026-04-30", opening=opening)
    assert "No opening" not in statement(ruleset.model, later)
