# SPDX-License-Identifier: MIT
"""The marketing director at every threshold, against arithmetic in whole cents done by hand."""

from decimal import Decimal

import pytest
from drawing import attempt, codes, examples
from hypothesis import given
from hypothesis import strategies as st

from rolerules import load
from rolerules.testing import boundary_cases, boundary_facts

RULESET = load("marketing-director", company="example")
SALARY = {"M1": 20_000_00, "M2": 26_000_00, "M3": 34_000_00}
DAY = "2026-12-31"


def half_up(numerator, denominator):
    """Round a quotient of whole numbers, ties away from zero."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def by_hand(grade, target, sales, accounts, profit):
    """The four lines in cents, from facts in cents."""
    named = sum(accounts)
    per_mille = 10 if sales >= target else 5
    if sales <= 0 or profit * 100 < sales * 5:
        share = 0
    elif profit * 100 < sales * 10:
        share = 5
    else:
        share = 15 if profit * 100 < sales * 20 else 30
    return [
        SALARY[grade],
        half_up(named * 2, 100),
        half_up((sales - named) * per_mille, 1000),
        half_up(SALARY[grade] * share, 100),
    ]


def cents(amount):
    return None if amount is None else int(Decimal(amount) * 100)


def check(case):
    money = {name: cents(case.get(name)) for name in ("team_target", "team_sales", "profit")}
    accounts = case.get("key_accounts")
    sales_to = None if accounts is None else [cents(account.get("sales")) for account in accounts]
    if None in (*money.values(), case.get("grade"), sales_to) or None in sales_to:
        return
    expected = by_hand(
        case["grade"], money["team_target"], money["team_sales"], sales_to, money["profit"]
    )
    decision = attempt(RULESET, case, DAY)
    if isinstance(decision, tuple):
        assert codes(decision) == {"broken-limit"}
        assert sum(sales_to) > money["team_sales"]
        return
    assert [line.amount * 100 for line in decision.lines] == expected
    assert decision.total.amount * 100 == sum(expected)
    met = money["team_sales"] >= money["team_target"]
    assert decision.assessments["quarterly_sales"].outcome == ("met" if met else "missed")
    assert ("quarterly_sales" in decision.status.grounds) == (not met)


@pytest.mark.parametrize("case", boundary_cases(RULESET, as_of=DAY), ids=str)
def test_every_boundary(case):
    check(case)


AROUND = (-1, 0, 1)


@pytest.mark.parametrize("grade", SALARY)
@pytest.mark.parametrize("target", [1, 100_000, 120_000_000, 99_999_999_99])
def test_one_cent_around_the_target_and_around_each_band(grade, target):
    for sales in (target - 1, target, target + 1):
        for band in (5, 10, 20):
            for off in AROUND:
                profit = sales * band // 100 + off
                check(facts_of(grade, target, sales, [], profit))


@given(
    st.sampled_from(sorted(SALARY)), st.integers(1, 10**11), st.integers(0, 10**11),
    st.lists(st.integers(0, 10**9), max_size=6), st.integers(-(10**10), 10**10),
)  # fmt: skip
@examples(150)
def test_any_figures(grade, target, sales, accounts, profit):
    check(facts_of(grade, target, sales, accounts, profit))


@given(
    boundary_facts(RULESET, as_of=DAY),
    boundary_facts(RULESET, as_of=DAY),
    st.sets(st.sampled_from(sorted(RULESET.model.facts))),
)
@examples(100)
def test_two_boundaries_at_once(one, two, taken):
    check({**one, **{name: two[name] for name in taken}})


def facts_of(grade, target, sales, accounts, profit):
    def money(amount):
        return Decimal(amount).scaleb(-2)

    return {
        "grade": grade, "team_target": money(target), "team_sales": money(sales), "profit": money(profit),
        "key_accounts": [{"customer": "C-1", "sales": money(amount)} for amount in accounts],
    }  # fmt: skip
