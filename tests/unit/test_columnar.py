# SPDX-License-Identifier: MIT
"""The columnar engine where numbers get large, batches differ, and something is not known."""

from __future__ import annotations

import datetime
from decimal import Decimal

import polars as pl
import pytest
from generators.loading import loaded

from rolerules.engines.columnar.decide import decide

DAY = datetime.date(2026, 9, 30)
HEAD = """ruleset: one
language: 1
version: 1.0.0
currency: CNY
period: quarter
year starts: 1 January
"""
BANDS = (
    HEAD
    + """facts:
  sales: money
  rate: rate
  done: yes/no
tables:
  share:
    hit: unique
    inputs: [sales]
    gives: rate
    rows:
      - [under 100, 1%]
      - [100 to under 200, 2%]
      - [200 or more, 3%]
pay:
  rounding: half up to 0.01
  lines:
    a: {amount: share * sales, may be negative: yes}
    b:
      may be negative: yes
      rules:
        - when: done
          amount: rate * rate * sales
        - otherwise:
          amount: 0
limits:
  not_huge: {require: sales < 1000000000, severity: violation}
assessments:
  done: {every: quarter, due: known(done), met: done}
"""
)


def decided(text, frame, units, **more):
    ruleset = loaded(text)
    return decide(ruleset.at(DAY), pl.DataFrame(frame), units, DAY, True, **more)


def people(sales, rate=50, done=True):
    rows = len(sales)
    return {
        "sales": pl.Series(sales, dtype=pl.Int64),
        "rate": pl.Series([rate] * rows, dtype=pl.Int64),
        "done": pl.Series([done] * rows, dtype=pl.Boolean),
    }


UNITS = {"sales": 100, "rate": 100}


def test_each_row_of_a_table_owns_its_edge():
    found = decided(BANDS, people([9999, 10000, 19999, 20000, -1]), UNITS)
    assert found["pay.a"].to_list() == [100, 200, 400, 600, 0]
    assert found["exact"].to_list() == [False] * 5


@pytest.mark.parametrize("done", [True, False, None])
def test_what_a_condition_that_is_not_known_leaves_open(done):
    found = decided(BANDS, people([10000], done=done), UNITS)
    line, missing, outcome = (found[one].item() for one in ("pay.b", "missing", "assessments.done"))
    assert (line, missing) == {True: (2500, ""), False: (0, ""), None: (None, "done")}[done]
    assert outcome == {True: "met", False: "missed", None: "not_due"}[done]


def test_an_absent_column_is_known_in_no_row():
    found = decided(BANDS, {"done": [True, False]}, {})
    assert found["missing"].to_list() == ["rate, sales", "sales"]
    assert found["pay.total"].to_list() == [None, None]
    assert found["violations"].to_list() == ["", ""]


def test_products_past_64_bits_are_held_in_128():
    large = 10**14
    found = decided(BANDS, people([large, 100], rate=99), UNITS)
    assert found["pay.b"].to_list() == [large * 99 * 99 // 10**4, 98]
    assert found["violations"].to_list() == ["not_huge", ""]


def test_an_amount_past_64_bits_is_left_to_the_exact_path():
    text = BANDS.replace("rate * rate * sales", "sales * 100000000")
    found = decided(text, people([10**14, 100]), UNITS)
    assert found["exact"].to_list() == [True, False]
    assert found["pay.b"].to_list()[1] == 100 * 10**8


def test_where_128_bits_are_not_enough_only_the_largest_are_left():
    text = BANDS.replace("rate * rate * sales", "rate * rate * rate * sales")
    frame = people([10**14, 10**4])
    frame["rate"] = pl.Series([10**12, 5 * 10**9], dtype=pl.Int64)
    units = {"sales": 100, "rate": 10**10}
    found = decided(text, frame, units)
    assert found["exact"].to_list() == [True, False]
    assert found["pay.b"].to_list()[1] == 1250


def test_a_tie_that_a_field_has_to_break_waits_for_the_list_and_fails_nobody():
    text = (
        HEAD
        + """facts:
  pool: money
  open: money
  team:
    type: list
    each:
      id: text
      weight: {type: money, min: 0}
pay:
  rounding: half up to 0.01
  lines:
    a:
      may be negative: yes
      amount: open * 1 + sum(allocate(round(pool, 0.01, half up), team, by weight).part)
"""
    )
    team = [[{"id": None, "weight": 100}, {"id": "x", "weight": 100}]] * 2
    frame = {
        "pool": pl.Series([101, 100], dtype=pl.Int64),
        "open": pl.Series([None, 1], dtype=pl.Int64),
        "team": pl.Series(team, dtype=pl.List(pl.Struct({"id": pl.String, "weight": pl.Int64}))),
    }
    found = decided(text, frame, {"pool": 100, "open": 100, "team.weight": 100})
    assert found["missing"].to_list() == ["open, team", ""]
    assert found["pay.a"].to_list() == [None, 101]
    assert found["exact"].to_list() == [False, False]


def test_a_figure_is_compared_with_what_turns_out_the_same_in_every_row():
    text = BANDS.replace(
        "rate * rate * sales", "max(2500, if done and rate > 90% then 1000 else 30)"
    )
    found = decided(text, people([10000, 20000], rate=50), UNITS)
    assert found["pay.b"].to_list() == [250000, 250000]


def test_what_was_built_serves_batches_that_are_alike():
    programs = {}
    ruleset = loaded(BANDS)

    def run(sales):
        return decide(ruleset.at(DAY), pl.DataFrame(people(sales)), UNITS, DAY, True, programs)

    assert run([150, 16000])["pay.a"].to_list() == [2, 320]
    assert len(programs) == 1
    assert run([129, 16001])["pay.a"].to_list() == [1, 320]
    assert len(programs) == 1
    assert run([-5, 10**12])["pay.a"].to_list() == [0, 3 * 10**10]
    assert len(programs) == 2


def test_a_table_says_the_same_in_every_form():
    ruleset = loaded(BANDS)
    sales = [Decimal("99.99"), Decimal("100.00"), Decimal("1000000000.00"), None]
    forms = {
        "decimal": (pl.Series(sales, dtype=pl.Decimal(18, 2)), False),
        "text": (pl.Series([None if one is None else f"{one:f}" for one in sales]), False),
        "cents": (pl.Series([None if one is None else int(one * 100) for one in sales]), True),
    }
    found = {}
    for form, (column, minor) in forms.items():
        table = pl.DataFrame(
            {"sales": column, "rate": ["50%", "0.5", None, "5%"], "done": [True] * 4}
        )
        out = ruleset.evaluate_table(table, as_of=DAY, minor_units=minor)
        money = pl.selectors.starts_with("pay.")
        found[form] = out.with_columns(
            (money.cast(pl.Decimal(38, 2)) / (100 if minor else 1)).round(2)
        )
    assert found["decimal"].to_dicts() == found["text"].to_dicts() == found["cents"].to_dicts()
    assert found["text"]["missing"].to_list() == ["", "", "rate", "sales"]


def alike(text, rows):
    """Both engines over some cases: what the columns say, and what each decision says."""
    ruleset = loaded(text)
    columns = ruleset.evaluate_table(pl.DataFrame(rows), as_of=DAY)
    assert columns["refused"].to_list() == [None] * len(rows)
    found = [ruleset.evaluate(row, as_of=DAY, engine="reference") for row in rows]
    for name in ruleset.model.lines:
        assert columns[f"pay.{name}"].to_list() == [one.line(name).amount for one in found]
    assert columns["missing"].to_list() == [", ".join(one.missing) for one in found]
    return columns


def test_complete_months_and_years_in_both_directions():
    text = (
        HEAD
        + """facts:
  a: date
  b: date
  one: money
pay:
  rounding: half up to 0.01
  lines:
    months:
      amount: one * full_months(a, b)
      may be negative: yes
    years:
      amount: one * full_years(a, b)
      may be negative: yes
"""
    )
    days = ("2024-01-31", "2024-02-28", "2024-02-29", "2024-03-01", "2025-02-28", "2026-02-28")
    rows = [
        {"one": 1, "a": datetime.date.fromisoformat(a), "b": datetime.date.fromisoformat(b)}
        for a in days
        for b in days
    ]
    found = alike(text, rows)["pay.months"].to_list()
    assert (min(found) < -20, max(found) > 20) == (True, True)


def test_equal_remainders_are_told_apart_by_the_fields_in_their_order():
    parts = "\n".join(
        f'    {one}:\n      amount: sum(allocate(round(pool, 0.01, half up), team, by weight)[id = "{one}"].part)'
        for one in "abc"
    )
    text = (
        HEAD
        + f"""facts:
  pool: money
  team:
    type: list
    each:
      rank: whole
      id: text
      weight: {{type: money, min: 0}}
pay:
  rounding: half up to 0.01
  lines:
{parts}
"""
    )
    cent = Decimal("0.01")
    ranks = [(1, 1, 1), (3, 2, 1), (2, 3, 1), (1, 3, 2)]
    rows = [
        {
            "pool": pool * cent,
            "team": [
                {"rank": rank, "id": id_, "weight": 3 * cent}
                for rank, id_ in zip(three, order, strict=True)
            ],
        }
        for pool in (1, 2, 4, 5, 100)
        for three in ranks
        for order in ("abc", "cba", "bca")
    ]
    found = alike(text, rows)
    assert set(found["pay.a"].to_list()) > {0, cent, 2 * cent}


def test_the_items_of_a_list_that_failed_wait_for_nothing():
    """Nothing can be shared out by weights of 0, whoever is asked for; but which branch is open."""
    text = (
        HEAD
        + """facts:
  pool: money
  which: yes/no
  asked: yes/no
  team:
    type: list
    each:
      weight: {type: money, min: 0}
values:
  shared: sum(allocate(round(pool, 0.01, half up), team, by weight)[asked].part)
pay:
  rounding: half up to 0.01
  lines:
    a:
      amount: if which then pool else shared
"""
    )
    rows = [
        {"pool": 1, "which": which, "asked": asked, "team": [{"weight": weight}]}
        for which in (True, None)
        for asked in (True, None)
        for weight in (0, 1)
    ]
    found = alike(text, rows)["missing"].to_list()
    assert found == ["", "", "", "", "which", "which", "which", "asked, which"]


def test_what_a_failed_condition_would_have_led_to_is_not_waited_for():
    text = (
        HEAD
        + """facts:
  pool: money
  other: money
  which: yes/no
  asked: yes/no
  team:
    type: list
    each:
      weight: {type: money, min: 0}
tables:
  picked:
    hit: first
    gives: money
    inputs: [shared]
    rows:
      - [yes, other]
      - [no, pool]
values:
  shared: sum(allocate(round(pool, 0.01, half up), team, by weight).part) > 0 and asked
pay:
  rounding: half up to 0.01
  lines:
    a:
      amount: "if which then pool else if shared then other else pool"
    b:
      amount: "if which then pool else (if shared then pool else pool) or else other"
    c:
      amount: "if which then pool else picked"
"""
    )
    rows = [
        {"pool": 1, "which": None, "asked": asked, "team": [{"weight": weight}], "other": other}
        for asked in (True, None)
        for other in (2, None)
        for weight in (0, 1)
    ]
    found = alike(text, rows)["missing"].to_list()
    assert found[6:] == ["asked, which", "asked, other, which"]


def test_what_was_built_for_known_facts_serves_none_in_which_one_is_not():
    ruleset = loaded(BANDS)
    for sales in ([150, 16000], [150, None], [None, None]):
        table = pl.DataFrame({"sales": pl.Series(sales, dtype=pl.Int64), "done": [True, False]})
        found = ruleset.evaluate_table(table, as_of=DAY, minor_units=True)
        for one, amount, missing in zip(sales, found["pay.a"], found["missing"], strict=True):
            assert (amount is None) == (one is None)
            assert ("sales" in missing) == (one is None)


def test_more_grounds_and_violations_than_a_number_has_bits():
    places = range(70)
    text = (
        HEAD
        + "facts:\n  n: whole\n  whole: yes/no\npay:\n  rounding: half up to 0.01\n  lines:\n    a: {amount: 0}\n"
        + "limits:\n"
        + "".join(
            f"  l{place}: {{require: n != {place}, severity: violation}}\n" for place in places
        )
        + "status:\n  states: [on, off]\n  start: on\n  changes:\n".replace("on,", '"on",')
        .replace("off]", '"off"]')
        .replace("start: on", 'start: "on"')
        + """    end:
      from: "on"
      to: "off"
      effect: right of the company
      adverse: yes
      notice: at once
      grounds:
"""
        + "".join(f"        g{place}: n > {place} and whole\n" for place in places)
    )
    rows = [
        {"n": n, "whole": whole} for n in (-1, 0, 3, 64, 69, 70, None) for whole in (True, False)
    ]
    columns = alike(text, rows)
    ruleset = loaded(text)
    found = [ruleset.evaluate(row, as_of=DAY, engine="reference") for row in rows]
    assert columns["grounds"].to_list() == [", ".join(one.status.grounds) for one in found]
    assert columns["violations"].to_list() == [
        ", ".join(limit.id for limit in one.violations) for one in found
    ]
    frame = pl.DataFrame({"n": [3], "whole": [True]})
    assert decided(text, frame, {"n": 1})["exact"].to_list() == [False]
