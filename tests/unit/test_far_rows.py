# SPDX-License-Identifier: MIT
"""Rows far outside of what is declared or promised: they are refused, and no other row with them."""

from __future__ import annotations

import datetime
from decimal import Decimal

import polars as pl
import pytest
from generators.loading import decided, loaded

DAY = datetime.date(2026, 9, 30)
FACTS = """ruleset: one
language: 1
version: 1.0.0
currency: CNY
period: quarter
year starts: 1 January
facts:
  n: {type: whole, min: -9, max: 9}
  m: {type: whole, min: -9, max: 9}
  far: whole
  near: whole
  share: {type: rate, min: 0, max: 1}
  sales: money
  key: money
  day: date
  deals:
    type: list
    each: {pay: money, weight: {type: whole, min: 0}}
parameters:
  free:
    type: dates
    from 2026-01-01: [2026-10-01]
"""
LIMITS = """limits:
  below: {require: m <= n and near <= far, severity: error}
  within: {require: key <= sales, severity: error}
"""
FORMULAS = [
    "if add_days(day, COUNT) > 2026-01-05 then 5 else 1",
    "if add_months(day, COUNT) > 2026-01-05 then 5 else 1",
    "if add_working_days(day, COUNT, free) > 2026-01-05 then 5 else 1",
    "sum(highest(deals.pay, COUNT))",
    "if count(deals) > 0 then percentile(deals.pay, min(max(COUNT * 10%, 0%), 100%)) else 0",
    "if count(deals) > 0 then percentile(deals.pay, share) else 0",
    "sum(for deal in allocate(sales - key, deals, by weight) return deal.part * (COUNT))",
    "sum(for deal in deals return deal.pay * COUNT)",
    "sum(for deal in deals return deal.pay * (COUNT + n * m))",
    "sales * COUNT",
    "(sales - key) * COUNT",
    "if COUNT + 20 = 0 then 0 else sales / (COUNT + 20)",
    "round(sales * COUNT / 7, 0.01, half even)",
]
COUNTS = ["n", "n - m", "far - near", "far * near", "n * far", "(far - near) * 1000000000"]
LARGE = 10**14
DEALS = [{"pay": Decimal("7.01"), "weight": 2}, {"pay": Decimal("-3.02"), "weight": 1}]


def cases():
    """Rows of which each has something far, and some that have nothing."""
    plain = {"n": 3, "m": 2, "far": 5, "near": 4, "share": Decimal("0.5"), "sales": Decimal("100.00"),
             "key": Decimal("40.00"), "day": datetime.date(2026, 1, 5), "deals": DEALS}  # fmt: skip
    far = [{}, {"n": 2, "m": 3}, {"far": 4, "near": 5}, {"sales": Decimal("1.00")}, {"deals": []},
           *({name: value} for name in ("n", "m", "far", "near")
             for value in (LARGE, -LARGE, 2**63 - 1, -(2**63), 2**31, -(2**31), None)),
           {"far": LARGE, "near": LARGE}, {"far": LARGE, "near": -LARGE}, {"n": 9, "far": LARGE},
           *({"share": Decimal(value)} for value in ("99999", "-99999", "0", "1")),
           *({"day": datetime.date(year, 12, 31)} for year in (1, 9999)),
           *({name: Decimal(value)} for name in ("sales", "key")
             for value in ("1000000000000.00", "-1000000000000.00", "9000000000000000.00"))]  # fmt: skip
    return [{**plain, **one} for one in far]


@pytest.mark.parametrize("limits", ["", LIMITS], ids=["free", "limited"])
@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("formula", FORMULAS)
def test_a_row_that_is_far_out_is_refused_and_all_others_decided(formula, count, limits):
    line = f'    a:\n      amount: "{formula.replace("COUNT", f"({count})")}"\n      may be negative: yes\n'
    text = FACTS + "pay:\n  rounding: half up to 0.01\n  lines:\n" + line + limits
    ruleset, given = loaded(text), cases()
    schema = dict.fromkeys(("n", "m", "far", "near"), pl.Int64) | {
        "share": pl.Decimal(18, 4), "sales": pl.Decimal(18, 2), "key": pl.Decimal(18, 2), "day": pl.Date,
        "deals": pl.List(pl.Struct({"pay": pl.Decimal(18, 2), "weight": pl.Int64})),
    }  # fmt: skip
    found = ruleset.evaluate_table(pl.DataFrame(given, schema=schema), as_of=DAY).to_dicts()
    wanted = [decided(ruleset, case, DAY) for case in given]
    assert 0 < wanted.count(None) < len(given)
    for case, row, one in zip(given, found, wanted, strict=True):
        assert (row["refused"] is None) == (one is not None), case
        if one is not None:
            assert row["pay.a"] == one.line("a").amount, case
            assert row["missing"] == ", ".join(one.missing), case
