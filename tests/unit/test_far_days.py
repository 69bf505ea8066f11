# SPDX-License-Identifier: MIT
"""Days that no calendar here has, in every place of a table: their row is refused, and no other with it."""

from __future__ import annotations

import datetime

import polars as pl
import pytest
from generators.loading import loaded

DAY = datetime.date(2026, 9, 30)
FAR = [2932897, -719163, 100_000_000, 2**31 - 1, -(2**31)]
"""By numbers of days: the first ones outside, ones of which Polars can say no year, the very last."""
HEAD = """ruleset: one
language: 1
version: 1.0.0
currency: EUR
period: quarter
year starts: 1 January
facts:
  sales: {type: money, min: 0}
  day: date
"""
PLAIN = HEAD + "pay:\n  rounding: half up to 0.01\n  lines:\n    all: {amount: sales}\n"
BY_YEAR = (
    HEAD
    + """  deals:
    type: list
    each: {sold: date, worth: {type: money, min: 0}}
parameters:
  free: {type: dates, value: [2026-05-01]}
carries:
  last: {type: date, first: 2026-01-01, next: if last.opening > day then last.opening else day}
pay:
  rounding: half up to 0.01
  lines:
    by_year: {amount: if day.year > 2000 then sales else 2 * sales}
    by_month: {amount: "if add_months(day, 1) > as_of then sales else 2 * sales"}
    working: {amount: "if add_working_days(day, 3, free) > as_of then sales else 2 * sales"}
    dealt:
      amount: sum(for one in deals return if one.sold.year > 2000 then one.worth else 2 * one.worth)
"""
)
GOOD = {
    "sales": 1,
    "day": DAY,
    "deals": [{"sold": DAY, "worth": 1}],
    "opening.start": False,
    "opening.last": DAY,
    "as of": DAY,
    "kept": DAY,
}


def far(number):
    return pl.select(pl.lit(number, pl.Int32).cast(pl.Date)).to_series()


def rows_with(name, number):
    """Three rows, the second of them with a far day; `deals` stands for its field."""
    frame = pl.DataFrame([GOOD] * 3)
    field = "sold" if name == "deals" else name
    day = far(number).alias(field)
    wrong = (
        pl.DataFrame([day, pl.Series("worth", [1])]).to_struct().implode()
        if name == "deals"
        else day
    )
    return pl.concat([frame.head(1), frame.head(1).with_columns(wrong.alias(name)), frame.head(1)])


def refused(frame, as_of, keep):
    found = loaded(BY_YEAR).evaluate_table(frame, as_of=as_of, keep=keep)
    assert found["pay.total"].is_null().to_list() == found["refused"].is_not_null().to_list()
    return found["refused"].to_list()


@pytest.mark.parametrize("number", FAR)
@pytest.mark.parametrize("name", ["day", "deals", "opening.last", "as of"])
def test_a_row_with_a_far_day_is_refused_alone(name, number):
    one, wrong, other = refused(rows_with(name, number), "as of", ["kept"])
    assert f"`{number} days after 1970-01-01`" in wrong
    assert one is other is None


@pytest.mark.parametrize("number", FAR)
def test_a_far_day_that_is_only_kept_is_kept(number):
    frame = rows_with("kept", number).with_columns(sales=pl.Series([1, -1, -1]))
    one, wrong, other = refused(frame, DAY, ["kept", "as of"])
    assert one is None
    assert "below the least value" in wrong
    assert "below the least value" in other
    kept = loaded(BY_YEAR).evaluate_table(frame, as_of=DAY, keep=["kept", "as of"])["kept"]
    assert kept.equals(frame["kept"])


def test_what_python_has_no_value_for_may_be_kept_beside_a_refused_row():
    ruleset = loaded(PLAIN)
    for kind in (pl.Duration("ms"), pl.Datetime("ms"), pl.Datetime("us", "UTC")):
        frame = pl.DataFrame(
            {"sales": [-1, 1], "day": [DAY, DAY], "kept": pl.Series([2**62] * 2).cast(kind)}
        )
        found = ruleset.evaluate_table(frame, as_of=DAY, keep=["kept"])
        assert found["refused"].is_null().to_list() == [False, True]
        assert found["kept"].equals(frame["kept"])


def test_a_fact_that_nobody_gives_is_unknown_in_rows_that_are_only_kept():
    ruleset = loaded(PLAIN)
    found = ruleset.evaluate_table(pl.DataFrame({"kept": [1, 2]}), as_of=DAY, keep=["kept"])
    assert found.rows() == [(1, None, None, "", "sales", None), (2, None, None, "", "sales", None)]


def test_whole_numbers_of_128_bits_without_a_sign_are_read_like_others():
    ruleset = loaded(PLAIN)
    sales = pl.Series("sales", [1, 2**127, 2**128 - 1, None], dtype=pl.UInt128)
    found = ruleset.evaluate_table(pl.DataFrame([sales]), as_of=DAY)
    assert found["pay.total"].cast(pl.String).to_list() == ["1.00", None, None, None]
    above = ["above the greatest value" in (one or "") for one in found["refused"]]
    assert above == [False, True, True, False]


LIST_CALLED_OPENING = (
    HEAD.replace("  day: date\n", "")
    + """  opening:
    type: list
    each: {since: {type: money, min: 0}}
  far: number
pay:
  rounding: half up to 0.01
  lines:
    all: {amount: sales + sum(opening.since)}
    more: {amount: if far * far * far > 5 then 1.00 else 2.00}
status:
  states: [a, b]
  start: a
  changes:
    ends:
      from: a
      to: b
      grounds:
        much: sales > 3.00
      effect: right of the company
      adverse: yes
      notice: at once
"""
)


@pytest.mark.parametrize("far", [10, 10**15])
def test_a_list_may_be_called_opening_and_a_field_of_it_like_what_comes_in(far):
    """Where an amount is large, the rows are looked at one by one for it, list by list."""
    row = {
        "sales": 1,
        "opening": [{"since": 1}],
        "far": 1,
        "opening.status": "a",
        "opening.since": DAY,
    }
    frame = pl.DataFrame([row, row | {"far": far}])
    found = loaded(LIST_CALLED_OPENING).evaluate_table(frame, as_of=DAY)
    assert found["refused"].to_list() == [None, None]
    assert found["pay.total"].cast(pl.String).to_list() == ["4.00", "3.00"]
    assert found["closing.since"].to_list() == [DAY, DAY]
