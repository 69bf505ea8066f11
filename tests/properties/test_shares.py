# SPDX-License-Identifier: MIT
"""A pool that is shared: nothing is lost, nobody is far from the exact share, order means nothing."""

from fractions import Fraction

from drawing import examples
from generators.loading import loaded
from hypothesis import given
from hypothesis import strategies as st

from rolerules.engines.reference import step_result

TEXT = """ruleset: random-one
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts:
  pool: money
  team: {type: list, each: {id: text, hours: {type: number, min: 0}}}
values:
  shares: allocate(pool, team, by hours)
"""
PLAN = loaded(TEXT).at("2026-01-31")
STEP = next(step for step in PLAN.steps if step.op == "allocate")
CENT = Fraction(1, 100)


def shares(pool, team):
    return step_result(STEP, [pool, tuple(team)], {})


@st.composite
def pools(draw):
    pool = draw(st.integers(-100_000, 100_000)) * CENT
    hours = st.integers(0, 5) | st.fractions(0, 100, max_denominator=7)
    weights = draw(st.lists(hours, min_size=1, max_size=12).filter(any))
    ids = draw(st.lists(st.sampled_from("abc"), min_size=len(weights), max_size=len(weights)))
    return pool, [
        {"id": one, "hours": Fraction(two)} for one, two in zip(ids, weights, strict=True)
    ]


@given(pools())
@examples(100)
def test_the_parts_are_the_pool_and_nobody_is_a_cent_off(case):
    pool, team = case
    total = sum(item["hours"] for item in team)
    found = shares(pool, team)
    assert sum(item["part"] for item in found) == pool
    for item in found:
        assert item["part"] % CENT == 0
        assert abs(item["part"] - pool * item["hours"] / total) < CENT


@given(pools(), st.randoms())
@examples(100)
def test_the_order_of_the_items_means_nothing(case, random):
    pool, team = case
    mixed = random.sample(team, len(team))
    assert sorted(map(repr, shares(pool, team))) == sorted(map(repr, shares(pool, mixed)))


@given(pools())
@examples(100)
def test_who_weighs_more_never_gets_less(case):
    found = sorted(shares(*case), key=lambda item: (item["hours"], abs(item["part"])))
    parts = [abs(item["part"]) for item in found]
    assert parts == sorted(parts)
