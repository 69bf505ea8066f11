# SPDX-License-Identifier: MIT
"""What `rolerules.testing` gives: facts that are accepted, edges that are edges."""

import subprocess
import sys
from decimal import Decimal

import pytest
from drawing import cases, examples
from generators.loading import loaded
from hypothesis import given
from hypothesis import strategies as st

from rolerules import Ruleset, load, testing
from rolerules.engines.facts import read_facts
from rolerules.engines.opening import read_opening
from rolerules.testing import boundary_cases, facts
from rolerules.testing.strategies import openings

RULESETS = {
    name: load(name, company="example")
    for name in ("marketing-director", "executive-director", "director-of-operations")
}


def test_nothing_but_a_strategy_imports_hypothesis():
    code = "import sys, rolerules, rolerules.testing, rolerules.testing.cases; rolerules.testing.boundary_cases; sys.exit('hypothesis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_only_what_is_public_is_there():
    assert dir(testing) == sorted(testing.__all__)
    with pytest.raises(AttributeError, match="nothing_here"):
        testing.nothing_here  # noqa: B018


@pytest.mark.parametrize("name", RULESETS)
@given(st.data())
@examples(30)
def test_facts_are_accepted(name, data):
    model = RULESETS[name].model
    _, refused = read_facts(model.facts, data.draw(facts(RULESETS[name])), model.digits)
    assert not refused
    drawn = data.draw(facts(RULESETS[name], unknowns=False))
    known, refused = read_facts(model.facts, drawn, model.digits)
    assert not refused
    assert set(known) == set(model.facts)
    assert None not in known.values()


@given(st.from_type(Ruleset))
@examples(10)
def test_hypothesis_knows_how_to_make_a_ruleset(ruleset):
    assert ruleset.id in RULESETS


@given(cases())
@examples(20)
def test_boundary_cases_of_any_ruleset_are_accepted_and_always_the_same(case):
    found = boundary_cases(case.ruleset, as_of=case.day, opening=case.opening)
    for one in found:
        _, refused = read_facts(case.ruleset.model.facts, one, case.ruleset.model.digits)
        assert not refused
    assert found == boundary_cases(case.ruleset, as_of=case.day, opening=case.opening)
    missing = {name for name in case.ruleset.model.facts for one in found if one[name] is None}
    assert missing == set(case.ruleset.model.facts)


SCALES = """ruleset: random-one
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts:
  marginal: {type: money, min: 0}
  whole: {type: money, min: 0}
  linear: {type: money, min: 0}
  earned: {type: money, min: 0}
scales:
  one:
    marginal: marginal
    edges: {below 4000: 1%, from 4000: 2%, above 7000: 3%}
  two:
    whole: whole
    edges: {up to and including 4000: 1%, above 4000: 2%, from 7000: 3%}
  three:
    linear: linear
    edges: {below 4000: 1%, at 4000: 5%, from 7000: 3%}
carries:
  owed: {type: money, first: 0, next: owed.opening + due - earned}
pay:
  rounding: half up to 0.01
  lines:
    due:
      amount: earned - owed.opening
      floor: 3000
      cap: 9000
indicators:
  one: {value: one}
  two: {value: two}
  three: {value: three}
"""


def around(edge):
    return {Decimal(edge) + by * Decimal("0.01") for by in (-1, 0, 1)}


def test_edges_of_scales_floors_and_caps_are_found_and_balances_open():
    ruleset = loaded(SCALES)

    def given(name, opening=None):
        return {one[name] for one in boundary_cases(ruleset, as_of="2026-01-31", opening=opening)}

    for name in ("marginal", "whole", "linear"):
        assert around(4000) | around(7000) <= given(name)
    assert around(3000) | around(9000) <= given("earned")
    assert around(3500) | around(9500) <= given("earned", {"carries": {"owed": "500.00"}})
    assert not around(3500) & given("earned")


@given(cases(), st.data())
@examples(30)
def test_openings_are_accepted(case, data):
    plan = case.ruleset.at(case.day)
    for unknowns in (True, False):
        opening = data.draw(openings(case.ruleset, unknowns=unknowns))
        read = read_opening(plan, opening)
        assert read.start == (opening is None)
        if not unknowns and opening:
            assert set(read.carries) == set(case.ruleset.model.carries)
            assert None not in read.carries.values()


def values(name, ruleset="marketing-director"):
    return {
        case[name]
        for case in boundary_cases(RULESETS[ruleset], as_of="2026-12-31")
        if not isinstance(case[name], list)
    }


def test_edges_are_found_through_values_and_tables():
    # The ordinary case has sales and a target of 1,000: the bands of the profit rate begin at 50, 100 and 200.
    for edge in (50, 100, 200):
        assert {
            Decimal(edge) - Decimal("0.01"),
            Decimal(edge),
            Decimal(edge) + Decimal("0.01"),
        } <= values("profit")
    assert {Decimal("999.99"), Decimal("1000.01")} <= values("team_sales") & values("team_target")
    assert values("grade") == {"M1", "M2", "M3", None}


BENDS = """\
ruleset: bends
language: 1
version: 1.0.0
currency: EUR
period: month
year starts: 1 January
facts:
  sales: money
  extra: money
  visits:
    type: list
    each:
      hours: whole
pay:
  rounding: half up to 0.01
  lines:
    capped:
      amount: min(10% * sales, 500.00)
    at_least:
      amount: max(extra, 250.00)
    long_visits:
      amount: if count(visits[min(hours, 8) > 5]) > 1 then 10.00 else 0
"""


def test_min_and_max_of_two_bend_where_they_are_equal(tmp_path):
    path = tmp_path / "bends.yaml"
    path.write_text(BENDS)
    found = boundary_cases(load(path), as_of="2026-01-31")

    def at(name):
        return {case[name] for case in found}

    assert {Decimal("4999.99"), Decimal("5000"), Decimal("5000.01")} <= at("sales")
    assert {Decimal("249.99"), Decimal("250"), Decimal("250.01")} <= at("extra")
    hours = {case["visits"][0]["hours"] for case in found if case["visits"]}
    assert {7, 8, 9} <= hours


def test_without_hypothesis_it_is_said_how_to_install_it():
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from rolerules.testing import boundary_cases\n"
        "try:\n    from rolerules.testing import facts\n"
        "except ImportError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == '`facts` needs Hypothesis: pip install "rolerules[testing]"\n'


def test_lists_have_as_many_items_as_a_limit_allows_and_one_more():
    sizes = {
        len(case["key_accounts"])
        for case in boundary_cases(RULESETS["marketing-director"], as_of="2026-12-31")
        if case["key_accounts"] is not None
    }
    assert {0, 1, 2, 3, 4, 5, 6, 50} <= sizes
