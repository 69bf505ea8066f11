# SPDX-License-Identifier: MIT
"""Rulesets and facts made to get something wrong accepted, to hang, or to exhaust."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import rolerules

HEAD = """
ruleset: hostile
language: 1
version: 1.0.0
currency: EUR
period: quarter
year starts: 1 April
facts:
  x: whole
  b: yes/no
  a:
    type: list
    each:
      n: number
      whom: text
  other:
    type: list
    each:
      n: number
"""


def load(tmp_path: Path, text: str, facts: str = "") -> rolerules.Ruleset:
    file = tmp_path / "hostile.yaml"
    file.write_text(HEAD + facts + text, encoding="utf-8")
    return rolerules.load(file)


def codes(tmp_path: Path, text: str) -> set[str]:
    with pytest.raises(rolerules.RulesetError) as caught:
        load(tmp_path, text)
    return {problem.code for problem in caught.value.problems}


def met(formula: str) -> str:
    return f"assessments:\n  t:\n    every: quarter\n    met: {formula}\n"


def table(rows: str, head: str = "hit: unique", inputs: str = "[x]", gives: str = "whole") -> str:
    lines = "".join(f"      - {row}\n" for row in rows.split("\n"))
    return (
        f"tables:\n  t:\n    {head}\n    inputs: {inputs}\n    gives: {gives}\n    rows:\n{lines}"
    )


def test_an_overlap_behind_many_harmless_gaps_is_found(tmp_path: Path) -> None:
    rows = [f"[{i * 10} to {i * 10 + 1}, 0]" for i in range(22)]
    rows += ["[1000 to 1010, 1]", "[1005 to 1020, 2]"]
    text = table("\n".join(rows)) + "    otherwise: 0\n"
    assert codes(tmp_path, text) == {"table-overlap"}


def test_a_gap_behind_many_harmless_overlaps_is_found(tmp_path: Path) -> None:
    rows = [f"[under {i * 10}, {i}]" for i in range(1, 23)] + ["[under 1000, 5]"]
    assert codes(tmp_path, table("\n".join(rows), "hit: collect max")) == {"table-gap"}


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("every p in a satisfies p in a", "not-a-value"),
        ("some r in a satisfies r.n > 0 and (some r in other satisfies 1 / r.n > 2)", "name-taken"),
        ("count(a[n > 0 and count(other[1 / n > 2]) > 0]) = 1", "divisor-zero"),
        ("count(a.n[item > 0 and count(other.n[1 / item > 2]) > 0]) = 1", "divisor-zero"),
        ("x / year > 1", "divisor-zero"),
        ("max(a.n) > 1", "may-be-empty"),
        ("some x in a satisfies b", "name-taken"),
        ("some later in a satisfies b", "name-taken"),
    ],
)
def test_refused(tmp_path: Path, formula: str, code: str) -> None:
    assert code in codes(tmp_path, met(formula) + "values:\n  later: x + 1\n")


@pytest.mark.parametrize("cell", ["not any", '"not(any)"', '","', '"not(-)"'])
def test_cells_that_match_nothing_or_say_nothing(tmp_path: Path, cell: str) -> None:
    assert "cell-form" in codes(tmp_path, table(f"[{cell}, 1]\n[any, 2]", "hit: first"))


def test_a_count_never_looks_at_otherwise(tmp_path: Path) -> None:
    text = table("[over 3, x]", "hit: collect count") + "    otherwise: 5\n"
    assert codes(tmp_path, text) == {"key-of-other-type"}


def test_a_count_needs_only_its_inputs(tmp_path: Path) -> None:
    text = table("[yes, x]", "hit: collect count", "[b]") + "indicators:\n  i:\n    value: t\n"
    assert load(tmp_path, text).evaluate({}, as_of="2026-09-30").missing == ("b",)


def test_a_count_can_be_an_input(tmp_path: Path) -> None:
    text = table("[over 3, 1]", "hit: collect count") + (
        "  u:\n    hit: unique\n    inputs: [t]\n    gives: whole\n"
        "    rows:\n      - [0, 0]\n      - [1 or more, 1]\n"
    )
    load(tmp_path, text)


def test_text_outputs_are_formulas_unless_they_are_bare_words(tmp_path: Path) -> None:
    rows = '[yes, if x > 3 then "senior" else "junior"]\n[no, not known yet]'
    text = table(rows, inputs="[b]", gives="text") + met('t = "senior" or t = "not known yet"')
    ruleset = load(tmp_path, text)
    for b, x, outcome in ((True, 5, "met"), (True, 1, "missed"), (False, 1, "met")):
        decision = ruleset.evaluate({"b": b, "x": x}, as_of="2026-09-30")
        assert decision.assessments["t"].outcome == outcome


def test_a_text_with_a_comma_or_an_or_in_quotes(tmp_path: Path) -> None:
    rows = '[\'"Smith, J" or "A or B"\', 1]\n[any, 0]'
    text = table(rows, "hit: first", "[who]") + "indicators:\n  i:\n    value: t\n"
    ruleset = load(tmp_path, text, "  who: text\n")
    for who, found in (("Smith, J", 1), ("A or B", 1), ("Smith", 0), ("A", 0)):
        assert ruleset.evaluate({"who": who}, as_of="2026-09-30").indicators["i"] == found


def test_a_table_over_the_other_text_itself_has_a_gap(tmp_path: Path) -> None:
    file = tmp_path / "hostile.yaml"
    text = table("[(any other text), 1]", inputs="[who]")
    file.write_text(f"{HEAD}  who: text\n{text}", encoding="utf-8")
    with pytest.raises(rolerules.RulesetError, match="table-gap"):
        rolerules.load(file)


def test_a_list_that_is_counted_has_a_greatest_item(tmp_path: Path) -> None:
    text = met("if count(a) > 0 then max(a.n) > 1 else no")
    ruleset = load(tmp_path, text)
    for facts, outcome in (
        ({"a": []}, "missed"),
        ({}, "undetermined"),
        ({"a": [{}]}, "undetermined"),
    ):
        assert ruleset.evaluate(facts, as_of="2026-09-30").assessments["t"].outcome == outcome


@pytest.mark.parametrize("key", ["5", "yes", "5%", "2026-01-01"])
def test_only_a_choice_looks_up(tmp_path: Path, key: str) -> None:
    text = (
        "  grade:\n    type: choice\n    of: [A]\nparameters:\n  base:\n    type: number\n"
        f"    by: grade\n    value:\n      A: 1\nvalues:\n  v: base[{key}]\n"
    )
    assert codes(tmp_path, text) == {"wrong-type"}


def test_max_items_is_a_number(tmp_path: Path) -> None:
    assert codes(
        tmp_path, "  l:\n    type: list\n    max items: many\n    each:\n      n: number\n"
    ) == {"wrong-form"}


def test_priority_ranks_figures(tmp_path: Path) -> None:
    text = table("[over 3, -7]\n[any, 5]", "hit: priority") + "    priority: [-5, 5]\n"
    assert codes(tmp_path, text) == {"priority"}
    load(tmp_path, text.replace("-7", "-5"))


def test_the_outcomes_first_used_inside_an_item(tmp_path: Path) -> None:
    text = (
        "limits:\n  l:\n    severity: notice\n    require: some r in a satisfies "
        'count(assessments[outcome = "missed"]) = 0 and r.n > 0\n'
    )
    ruleset = load(tmp_path, text + met("b"))
    explanation = ruleset.explain({"a": [{"n": 0}], "b": True}, as_of="2026-09-30")
    assert [one.id for one in explanation.decision.notices] == ["l"]


@pytest.mark.parametrize("op", ["and", "or"])
def test_doubled_conditions_do_not_double_the_work(tmp_path: Path, op: str) -> None:
    values = "values:\n  v0: b\n" + "".join(
        f"  v{n}: v{n - 1} {op} v{n - 1}\n" for n in range(1, 60)
    )
    ruleset = load(tmp_path, values + met("if v59 then v59 else no"))
    assert ruleset.explain({"b": True}, as_of="2026-09-30").to_text()


def test_a_long_chain_of_conditions(tmp_path: Path) -> None:
    values = "values:\n  v0: b\n" + "".join(f"  v{n}: not v{n - 1}\n" for n in range(1, 1500))
    ruleset = load(tmp_path, values + met("if v1499 then yes else no"))
    assert ruleset.evaluate({"b": False}, as_of="2026-09-30").assessments["t"].outcome == "met"


@pytest.mark.parametrize("op", ["*", "/ (1 /"])
def test_repeated_squares_are_refused(tmp_path: Path, op: str) -> None:
    end = ")" if "(" in op else ""
    squares = "values:\n  v0: if x > 0 then x else 1\n" + "".join(
        f"  v{n}: if v{n - 1} > 0 then v{n - 1} {op} v{n - 1}{end} else 1\n" for n in range(1, 23)
    )
    ruleset = load(tmp_path, squares + "indicators:\n  i:\n    value: v22\n")
    with pytest.raises(rolerules.FactError, match="result-too-large"):
        ruleset.evaluate({"x": 999_999_999_999_999}, as_of="2026-09-30")
    assert ruleset.evaluate({"x": 1}, as_of="2026-09-30").indicators["i"] == 1


class Liar(str):
    """A text that says something else of itself."""

    def __str__(self) -> str:
        return "A"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"x": 10**5000}, "wrong-type"),
        ({"b": 10**5000}, "wrong-type"),
        ({"x": Fraction(10**5000)}, "wrong-type"),
        ({"x": Fraction(1, 10**20000)}, "wrong-type"),
        ({"x": Decimal("1E+999999")}, "wrong-type"),
        ({10**5000: 1}, "unknown-fact"),
        ({"a": itertools.repeat({"n": 1})}, "too-many-items"),
        ({"a": range(10**9)}, "too-many-items"),
        ({"grade": Liar("Z")}, "unknown-choice"),
        ({"who": "a" * 10_001}, "text-too-long"),
    ],
)
def test_facts_that_are_not_what_they_seem(
    tmp_path: Path, facts: dict[str, object], code: str
) -> None:
    ruleset = load(tmp_path, "", "  grade:\n    type: choice\n    of: [A]\n  who: text\n")
    with pytest.raises(rolerules.FactError) as caught:
        ruleset.evaluate(facts, as_of="2026-09-30")
    assert {problem.code for problem in caught.value.problems} == {code}


def test_very_many_unknown_facts(tmp_path: Path) -> None:
    with pytest.raises(rolerules.FactError) as caught:
        load(tmp_path, "").evaluate({f"fact_{n}": 1 for n in range(5000)}, as_of="2026-09-30")
    assert len(caught.value.problems) == 50


@pytest.mark.parametrize("name", ["a" * 5000, "x\0y"])
def test_names_no_file_can_have(name: str) -> None:
    with pytest.raises(rolerules.RulesetError):
        rolerules.load(name)
    with pytest.raises(rolerules.RulesetError):
        rolerules.load(Path(name))
    with pytest.raises(rolerules.RulesetError):
        rolerules.load("marketing-director", company=name)


def test_an_explanation_prints_no_control_characters(tmp_path: Path) -> None:
    ruleset = load(tmp_path, met('who = "B"'), "  who: text\n")
    text = ruleset.explain({"who": "\x1b[31m\u202e"}, as_of="2026-09-30").to_text()
    assert "\x1b" not in text
    assert "\u202e" not in text
