# SPDX-License-Identifier: MIT
"""Pools that are shared and scales that are called: what is said about them, and other currencies."""

import pytest
from generators.loading import checked, loaded

HEAD = """ruleset: random-one
language: 1
version: 1.0.0
currency: {currency}
period: month
year starts: 1 January
facts:
  pool: money
  person: text
  team: {{type: list, each: {{id: text, hours: {{type: number, min: 0}}}}}}
"""
SHARES = """
values:
  shares: allocate(pool, team, by hours)
indicators:
  own: {value: "sum(shares[id = person].part)"}
"""
CALLED = """
scales:
  commission: {marginal: any money, edges: {below 10: 1%, from 10: 2%}}
indicators:
  called: {value: commission(pool)}
  items: {value: "sum(for t in team return commission(t.hours * pool))"}
"""
TEAM = [{"id": f"E-{n}", "hours": 1} for n in range(1, 4)]


def text(rest, currency="CNY"):
    return HEAD.format(currency=currency) + rest


def explained(rest, **facts):
    explanation = loaded(text(rest)).explain(facts, as_of="2026-01-31").to_text()
    return " ".join(explanation.split())


@pytest.mark.parametrize(("currency", "most"), [("CNY", "33.34"), ("JPY", "34"), ("KWD", "33.334")])
def test_a_pool_is_shared_to_the_smallest_unit_of_its_currency(currency, most):
    facts = {"pool": 100, "person": "E-1", "team": TEAM}
    decision = loaded(text(SHARES, currency)).evaluate(facts, as_of="2026-01-31")
    assert decision.to_dict()["indicators"]["own"] == most


def test_a_pool_in_yen_has_no_fractions_of_a_yen():
    rest = SHARES.replace("allocate(pool", "allocate(round(pool / 3, 0.01, down)")
    assert not checked(text(rest))[1]
    assert [one.code for one in checked(text(rest, "JPY"))[1]] == ["pool-not-rounded"]


def test_it_is_said_who_got_what():
    said = explained(SHARES, pool=100, person="E-1", team=TEAM)
    parts = "33.34 for 1, 33.33 for 1, 33.33 for 1"
    why = "the greatest remainders got what rounding left over"
    assert f"because: 100.00 is shared by hours, 3 in all: {parts}; {why}" in said


def test_nothing_is_said_of_what_rounding_left_where_it_left_nothing():
    said = explained(SHARES, pool=9, person="E-1", team=TEAM * 3)
    assert "1.00 for 1, and so with 3 more" in said
    assert "remainders" not in said


def test_a_scale_is_explained_over_the_amount_it_is_called_with():
    said = explained(CALLED, pool=15, team=TEAM)
    assert "commission(pool): 0.20 (1% * min(pool, 10) + 2% * max(pool - 10, 0))" in said
    assert "= 1% * min(15.00, 10) + 2% * max(15.00 - 10, 0) [scale]" in said


def test_a_scale_without_an_amount_of_its_own_may_be_set_by_the_company():
    rest = CALLED.replace("edges: {below 10: 1%, from 10: 2%}", "set by: company")
    assert not checked(text(rest))[1]
