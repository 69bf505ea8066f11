# SPDX-License-Identifier: MIT
"""What limits promise of differences, and what becomes of rows that break the promise."""

from __future__ import annotations

import datetime
from decimal import Decimal

import polars as pl
import pytest
from generators.loading import decided, loaded

from rolerules.plan.promised import never_negative

DAY = datetime.date(2026, 9, 30)
TEXT = """ruleset: one
language: 1
version: 1.0.0
currency: CNY
period: quarter
year starts: 1 January
facts:
  sales: money
  key: money
  bonus: {{type: money, min: 0}}
  done: yes/no
pay:
  rounding: {mode} to 0.01
  lines:
    team: {{amount: (sales - key) / 8, may be negative: yes}}
    back: {{amount: (key - sales) / 8, may be negative: yes}}
limits:
  within: {{require: {test}, severity: {severity}}}
"""


def ruleset(test, severity="error", mode="half up"):
    return loaded(TEXT.format(test=test, severity=severity, mode=mode))


def promised(test, severity="error"):
    """The differences that are said not to be negative, as the names of what they are between."""
    plan = ruleset(test, severity).at(DAY)
    places = {place: name for name, place in plan.names.items()}
    found = [plan.steps[place].args for place in never_negative(plan)]
    return {(places[one], places[two]) for one, two in found}


@pytest.mark.parametrize("test", ["key <= sales", "key < sales", "sales >= key", "sales > key",
                                  "key <= sales and done", "done and (key <= sales and done)"])  # fmt: skip
def test_a_limit_that_refuses_promises_a_difference(test):
    assert promised(test) == {("sales", "key")}


@pytest.mark.parametrize("test", ["key <= sales or done", "not (key <= sales)", "key = sales", "key <= bonus",
                                  "sales - key >= 0"])  # fmt: skip
def test_what_need_not_hold_in_every_case_that_is_decided_promises_nothing(test):
    assert promised(test) == set()


@pytest.mark.parametrize("severity", ["violation", "notice"])
def test_a_limit_that_refuses_nothing_promises_nothing(severity):
    assert promised("key <= sales", severity) == set()


@pytest.mark.parametrize("mode", ["half up", "half down", "half even", "up", "down"])
def test_rows_that_break_the_promise_are_refused_and_others_are_exact(mode):
    rules = ruleset("key <= sales and done", mode=mode)
    amounts = ["-1000000000000", "-0.05", "-0.04", "0", "0.01", "0.04", "1.23", "1000000000000"]
    values = [None, *map(Decimal, amounts)]
    cases = [
        {"sales": one, "key": two, "bonus": None, "done": done}
        for one in values for two in values for done in (True, False, None)
    ]  # fmt: skip
    kinds = dict.fromkeys(("sales", "key", "bonus"), pl.Decimal(38, 2)) | {"done": pl.Boolean}
    found = rules.evaluate_table(pl.DataFrame(cases, schema=kinds), as_of=DAY).to_dicts()
    wanted = [decided(rules, case, DAY) for case in cases]
    assert 0 < wanted.count(None) < len(cases)
    for row, one in zip(found, wanted, strict=True):
        assert (row["refused"] is None) == (one is not None)
        if one is not None:
            assert [row[f"pay.{line.id}"] for line in one.lines] == [
                line.amount for line in one.lines
            ]
            assert row["missing"] == ", ".join(one.missing)
