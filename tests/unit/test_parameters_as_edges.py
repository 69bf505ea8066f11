# SPDX-License-Identifier: MIT
"""Tables with parameters as edges, which may rise, fall or be the same: no engine takes them for bands that rise."""

from __future__ import annotations

import datetime
from typing import get_args

import polars as pl
import pytest
from generators.loading import decided, loaded

from rolerules.ruleset import Engine

DAY = datetime.date(2026, 9, 30)
TEXT = """ruleset: one
language: 1
version: 1.0.0
currency: EUR
period: quarter
year starts: 1 January
facts:
  sales: {{type: money, min: 0}}
parameters:
  p: {{type: money, value: {p}}}
  q: {{type: money, value: {q}}}
tables:
  share:
    hit: {hit}
    inputs: [sales]
    gives: rate
    rows:
{rows}
    otherwise: 9%
pay:
  rounding: half even to 0.01
  lines:
    bonus: {{amount: share * sales}}
"""
SALES = [50, 100, 150, 200, 250]
ROWS = [
    ["under p", "p to under q", "q or more"],
    ["p or less", "over p to q", "over q"],
    ["p or less", "over p to under q", "q or more"],
    ["under p", "p or more", "under q", "q or more"],
    ["under p", "p to under q", "q to under p", "p or more"],
    ["under p", "q or more"],
]


def table(hit, rows, p, q):
    written = "\n".join(f"      - [{cell}, {place}%]" for place, cell in enumerate(rows, 1))
    return loaded(TEXT.format(hit=hit, rows=written, p=p, q=q))


@pytest.mark.parametrize(("p", "q"), [(100, 200), (150, 150), (200, 100)])
@pytest.mark.parametrize("rows", ROWS, ids="; ".join)
@pytest.mark.parametrize("hit", ["unique", "first"])
def test_every_engine_says_the_same(hit, rows, p, q):
    ruleset = table(hit, rows, p, q)
    wanted = [decided(ruleset, {"sales": one}, DAY) for one in SALES]
    single = [decided(ruleset, {"sales": one}, DAY, "single") for one in SALES]
    assert single == wanted
    found = ruleset.evaluate_table(pl.DataFrame({"sales": SALES}), as_of=DAY)
    assert found["pay.total"].to_list() == [one and one.total.amount for one in wanted]
    assert found["refused"].is_null().to_list() == [one is not None for one in wanted]


def test_where_edges_fall_rows_of_a_unique_table_match_together_and_the_case_is_refused():
    ruleset = table("unique", ROWS[0], 200, 100)
    for engine in get_args(Engine)[:2]:
        found = [decided(ruleset, {"sales": one}, DAY, engine) for one in SALES]
        assert [one and str(one.total.amount) for one in found] == [
            "0.50",
            None,
            None,
            "6.00",
            "7.50",
        ]
    told = ruleset.evaluate_table(pl.DataFrame({"sales": SALES}), as_of=DAY)["refused"]
    assert ["[several-rows]" in (one or "") for one in told] == [False, True, True, False, False]
