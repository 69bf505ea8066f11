# SPDX-License-Identifier: MIT
"""Everything that is wrong with facts is said at once."""

import pytest

import rolerules


def test_wrong_facts_and_broken_limits_together() -> None:
    ruleset = rolerules.load("marketing-director", company="example")
    facts = {
        "grad": "M2",
        "grade": "M9",
        "profit": 0.5,
        "team_sales": 100,
        "key_accounts": [{"customer": "C-1", "sales": 101}],
    }
    with pytest.raises(rolerules.FactError) as caught:
        ruleset.evaluate(facts, as_of="2026-09-30")
    found = {(problem.code, problem.path) for problem in caught.value.problems}
    assert found == {
        ("unknown-fact", "grad"),
        ("unknown-choice", "grade"),
        ("float", "profit"),
        ("broken-limit", ""),
    }


def test_a_refused_fact_breaks_no_limit_itself() -> None:
    ruleset = rolerules.load("marketing-director", company="example")
    facts = {"team_sales": -1, "key_accounts": [{"customer": "C-1", "sales": 101}]}
    with pytest.raises(rolerules.FactError) as caught:
        ruleset.evaluate(facts, as_of="2026-09-30")
    assert [problem.code for problem in caught.value.problems] == ["out-of-range"]
