# SPDX-License-Identifier: MIT
"""Tables of cases: every kind in and out, what columns may be, dates, openings, what is refused."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from rolerules import FactError, Ruleset, RulesetError, load

TEXT = """ruleset: pay
language: 1
version: 1.0.0
period: quarter
year starts: 1 January
currency: CNY
facts:
  grade:
    type: choice
    of: [M1, M2]
  sales:
    type: money
    min: 0
  share:
    type: rate
  quality:
    type: rate
    max: 200%
  count: whole
  weight: number
  joined: date
  active: yes/no
  note: text
  accounts:
    type: list
    max items: 2
    each:
      customer: text
      sold: money
parameters:
  bonus:
    type: money
    from 2026-01-01: 10.00
    from 2026-07-01: 20.00
pay:
  rounding: half up to 0.01
  lines:
    commission:
      amount: share * sales
    fixed:
      amount: bonus
    referred:
      amount: sum(accounts.sold)
limits:
  few:
    title: Few
    require: count < 10
    severity: violation
carries:
  owed:
    type: money
    first: 0
    next: owed.opening + sales
    rounding: half up to 0.01
  third:
    type: number
    first: 1
    next: third.opening / 3
  seen:
    type: yes/no
    first: no
    next: seen.opening or active
status:
  states: [on, off]
  start: "on"
  changes:
    leave:
      from: "on"
      to: "off"
      grounds:
        inactive: not active
      effect: duty of the company
      adverse: no
      notice: at once
"""
DAY = "2026-09-30"


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    file = tmp_path_factory.mktemp("table") / "pay.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return load(file)


DATA: dict[str, list[Any]] = {
    "id": ["E-1", "E-2"],
    "grade": ["M1", None],
    "sales": [Decimal("100.50"), Decimal("-1.00")],
    "share": [Decimal("0.05"), Decimal("0.05")],
    "active": [True, True],
    "count": [3, 12],
    "accounts": [[{"customer": "C-1", "sold": Decimal("2.25")}], []],
}


class Streamed:
    """A table of somebody else's, known only by its stream."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return pa.table(DATA).__arrow_c_stream__(requested_schema)


KINDS = [
    (pl.DataFrame(DATA), pl.DataFrame), (pl.DataFrame(DATA).lazy(), pl.LazyFrame),
    (pa.table(DATA), pa.Table), (pa.RecordBatch.from_pydict(DATA), pa.RecordBatch),
    (pd.DataFrame(DATA), pd.DataFrame), (Streamed(), pa.Table),
]  # fmt: skip


@pytest.mark.parametrize(("table", "kind"), KINDS, ids=lambda one: getattr(one, "__name__", None))
def test_the_same_kind_of_table_comes_back(ruleset: Ruleset, table: Any, kind: type) -> None:
    came = ruleset.evaluate_table(table, as_of=DAY, keep=["id"])
    assert isinstance(came, kind)
    frame = came.collect() if isinstance(came, pl.LazyFrame) else pl.DataFrame(came)
    assert frame["id"].to_list() == ["E-1", "E-2"]
    assert frame["pay.commission"].to_list() == [Decimal("5.03"), None]
    assert frame["refused"].is_null().to_list() == [True, False]


def test_columns_come_out_in_their_order_and_kinds(ruleset: Ruleset) -> None:
    came = ruleset.evaluate_table(pl.DataFrame(DATA), as_of=DAY, keep=["id"])
    money, states = pl.Decimal(38, 2), pl.Enum(["on", "off"])
    assert list(came.schema.items()) == [
        ("id", pl.String), ("pay.commission", money), ("pay.fixed", money), ("pay.referred", money),
        ("pay.total", money), ("status", states), ("effect", pl.Enum(["proposed", "effective"])),
        ("grounds", pl.String), ("violations", pl.String), ("missing", pl.String),
        ("closing.status", states), ("closing.since", pl.Date), ("closing.owed", money),
        ("closing.third", pl.String), ("closing.seen", pl.Boolean), ("refused", pl.String),
    ]  # fmt: skip


def test_a_decided_row(ruleset: Ruleset) -> None:
    (row,) = ruleset.evaluate_table(pl.DataFrame(DATA).head(1), as_of=DAY, keep=["id"]).rows(
        named=True
    )
    assert row == {
        "pay.commission": Decimal("5.03"), "pay.fixed": Decimal("20.00"), "pay.referred": Decimal("2.25"),
        "pay.total": Decimal("27.28"), "status": "on", "effect": None, "grounds": "", "violations": "",
        "missing": "", "closing.status": "on", "closing.since": None, "closing.owed": Decimal("100.50"),
        "closing.third": "1/3", "closing.seen": True, "refused": None, "id": "E-1",
    }  # fmt: skip


def test_what_is_not_known_is_never_no_or_zero(ruleset: Ruleset) -> None:
    table = pl.DataFrame({"sales": [None, Decimal("1.00")]})
    rows = ruleset.evaluate_table(table, as_of=DAY).rows(named=True)
    assert [row["pay.total"] for row in rows] == [None, None]
    assert [row["status"] for row in rows] == [None, None]
    assert [row["missing"] for row in rows] == [
        "accounts, active, count, sales, share", "accounts, active, count, share",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("sales", [1050, 0], pl.Int64), ("sales", [1050, 0], pl.UInt16),
        ("sales", [Decimal("1050"), Decimal("0")], pl.Decimal(38, 4)), ("sales", ["1050.00", "0"], pl.String),
        ("share", ["5%", "0.05"], pl.String), ("share", ["150%", "1"], pl.String),
        ("quality", [2, 1], pl.Int8), ("count", [Decimal("3.00"), None], pl.Decimal(9, 2)),
        ("weight", ["0.000000000001", "7"], pl.String), ("joined", ["2026-02-28", None], pl.String),
        ("active", ["yes", "no"], pl.String), ("grade", ["M1", None], pl.Categorical),
        ("grade", ["M1", "M2"], pl.Enum(["M2", "M1", "M3"])), ("note", ["", "ä公司"], pl.String),
        ("note", [None, None], pl.Null),
    ],
)  # fmt: skip
def test_a_column_may_be_given_in_several_ways(
    ruleset: Ruleset, name: str, values: list[Any], kind: Any
) -> None:
    """Each is read as the kernel takes it, and no row is left to the exact path."""
    from rolerules.bulk.table import prepared

    table = pl.DataFrame({name: pl.Series(values, dtype=kind)})
    layout = prepared(ruleset, table.schema, as_of=DAY, minor_units=False, keep=()).layout
    assert layout.read(table).left is None
    assert ruleset.evaluate_table(table, as_of=DAY)["refused"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sales", "1,050"), ("sales", "-0.01"), ("sales", "0.001"), ("sales", "1000000000000.01"), ("sales", "5%"),
        ("sales", " 5"), ("sales", "007"), ("sales", "n/a"), ("sales", ""), ("sales", "9" * 100),
        ("sales", Decimal("0.001")), ("sales", -1), ("share", "85"), ("share", 2), ("share", Decimal("-1.01")),
        ("quality", "201%"), ("count", "2.5"), ("count", Decimal("2.5")), ("weight", "0.1234567890123"),
        ("joined", "2026-02-30"), ("joined", "30.09.2026"), ("active", "true"), ("active", "Yes"),
        ("grade", "m1"), ("note", "x" * 10_001), ("accounts", [{}, {}, {}]), ("accounts", [None]),
        ("accounts", [{"sold": Decimal("0.001")}]), ("accounts", [{"sold": "1,0"}]),
    ],
)  # fmt: skip
def test_a_row_is_refused_as_a_case_is_and_stops_no_other(
    ruleset: Ruleset, name: str, value: Any
) -> None:
    good = [] if isinstance(value, list) else None
    table = pl.DataFrame({name: [good, value, good]}, strict=False)
    came = ruleset.evaluate_table(table, as_of=DAY)
    with pytest.raises(FactError) as refused:
        ruleset.evaluate({name: table[name].to_list()[1]}, as_of=DAY)
    reasons = "; ".join(" ".join(str(one).split()) for one in refused.value.problems)
    assert came["refused"].to_list() == [None, reasons, None]
    assert set(came.row(1)[:-1]) == {None}
    assert came.row(0) == came.row(2) == ruleset.evaluate_table(table.head(1), as_of=DAY).row(0)


def test_minor_units_go_in_and_come_out(ruleset: Ruleset) -> None:
    table = pl.DataFrame(
        {"sales": [10050, -1], "share": ["5%", "5%"], "accounts": [[{"sold": 225}], []]}
    )
    came = ruleset.evaluate_table(table, as_of=DAY, minor_units=True)
    assert came["pay.referred"].to_list() == [225, None]
    assert came["pay.commission"].to_list() == [503, None]
    assert came["closing.owed"].to_list() == [10050, None]
    assert "`sales` is -0.01, 0.01 below the least value 0.00" in came["refused"][1]
    assert came["pay.referred"].dtype == pl.Int64


def test_each_row_has_the_figures_of_its_own_date(ruleset: Ruleset) -> None:
    days = ["2026-09-30", "2026-03-31", None, "2025-12-31", "2026-03-31", "soon"]
    came = ruleset.evaluate_table(pl.DataFrame({"day": days}), as_of="day", keep=["day"])
    assert came["day"].to_list() == days
    assert came["pay.fixed"].to_list() == [
        Decimal("20.00"), Decimal("10.00"), None, None, Decimal("10.00"), None,
    ]  # fmt: skip
    reasons = came["refused"].to_list()
    assert reasons[0] is reasons[1] is reasons[4] is None
    assert "the row has no as-of date [as-of] help: give its period's last day" in reasons[2]
    assert "no figure of `bonus` is in force on 2025-12-31" in reasons[3]
    assert "`soon` is no as-of date" in reasons[5]


def test_figures_that_are_missing_for_all_rows_are_said_at_once(ruleset: Ruleset) -> None:
    with pytest.raises(RulesetError) as missing:
        ruleset.evaluate_table(pl.DataFrame({"sales": [1]}), as_of="2025-12-31")
    assert [one.code for one in missing.value.problems] == ["not-in-force"]


def test_a_period_opens_with_what_the_last_one_closed_with(ruleset: Ruleset) -> None:
    table = pl.DataFrame({"id": ["a", "b"], "sales": [1, 2], "active": [True, False]})
    first = ruleset.evaluate_table(table, as_of="2026-06-30", keep=["id", "sales", "active"])
    handed_on = {
        name: name.replace("closing.", "opening.")
        for name in first.columns
        if name.startswith("closing.")
    }
    opened = first.select("id", "sales", "active", *handed_on).rename(handed_on)
    second = ruleset.evaluate_table(opened, as_of=DAY, keep=["id"])
    for place, row in enumerate(table.rows(named=True)):
        facts = {"sales": row["sales"], "active": row["active"]}
        before = ruleset.evaluate(facts, as_of="2026-06-30")
        after = ruleset.evaluate(facts, as_of=DAY, opening=before.closing())
        found = second.row(place, named=True)
        assert found["closing.third"] == after.closing()["carries"]["third"] == "1/9"
        assert found["closing.owed"] == after.carries["owed"]
        assert (found["status"], found["closing.status"]) == (
            after.status.to,
            after.closing()["status"],
        )
        assert str(found["closing.since"] or "") == (after.closing()["since"] or "")


def test_rows_that_start_employment_open_with_nothing(ruleset: Ruleset) -> None:
    table = pl.DataFrame(
        {"opening.start": [True, False, None], "opening.owed": [None, 5, None], "opening.status": [None, "off", None],
         "sales": [1, 1, 1]}
    )  # fmt: skip
    came = ruleset.evaluate_table(table, as_of=DAY)
    assert came["closing.owed"].to_list() == [Decimal("1.00"), Decimal("6.00"), None]
    assert came["closing.third"].to_list() == ["1/3", None, None]
    assert came["closing.status"].to_list() == [None, "off", None]


@pytest.mark.parametrize("wrong", ["maybe", "true"])
def test_a_start_that_is_neither_yes_nor_no_is_refused(ruleset: Ruleset, wrong: str) -> None:
    came = ruleset.evaluate_table(pl.DataFrame({"opening.start": ["yes", wrong]}), as_of=DAY)
    assert came["refused"].is_null().to_list() == [True, False]


def test_every_fault_of_the_columns_is_said_at_once(ruleset: Ruleset) -> None:
    table = pl.DataFrame(
        {"slaes": [1], "sales": [1.5], "share": [b"x"], "joined": [datetime.datetime(2026, 9, 30)], "active": [1],
         "note": [5], "accounts": [5], "opening.owd": [1], "grade": [True]}
    )  # fmt: skip
    with pytest.raises(FactError) as refused:
        ruleset.evaluate_table(table, as_of=DAY, keep=["id"])
    assert sorted((one.path, one.code) for one in refused.value.problems) == [
        ("accounts", "wrong-type"), ("active", "wrong-type"), ("grade", "wrong-type"), ("id", "unknown-column"),
        ("joined", "wrong-type"), ("note", "wrong-type"), ("opening.owd", "unknown-column"), ("sales", "float"),
        ("share", "wrong-type"), ("slaes", "unknown-column"),
    ]  # fmt: skip


def test_fields_of_lists_are_looked_at_too(ruleset: Ruleset) -> None:
    table = pl.DataFrame({"accounts": [[{"sold": 1.5, "customr": "x"}]]})
    with pytest.raises(FactError) as refused:
        ruleset.evaluate_table(table, as_of=DAY)
    found = [(one.path, one.code) for one in refused.value.problems]
    assert found == [("accounts.customr", "unknown-column"), ("accounts.sold", "float")]


def test_pandas_keeps_its_index_and_gets_no_floats(ruleset: Ruleset) -> None:
    frame = pd.DataFrame({"sales": [100, None]}, dtype=object, index=["x", "y"])
    came = ruleset.evaluate_table(frame, as_of=DAY, minor_units=True)
    assert list(came.index) == ["x", "y"]
    assert came["closing.owed"].to_list()[0] == 100
    assert came["closing.owed"].dtype == pd.ArrowDtype(pa.int64())


def test_a_pandas_column_of_several_kinds_is_refused(ruleset: Ruleset) -> None:
    with pytest.raises(FactError) as refused:
        ruleset.evaluate_table(pd.DataFrame({"grade": ["M1", 3]}), as_of=DAY)
    assert [(one.code, one.path) for one in refused.value.problems] == [("wrong-type", "grade")]


def test_an_infinite_decimal_is_pointed_out(ruleset: Ruleset) -> None:
    with pytest.raises(FactError, match="`sales` holds the decimal Infinity, which is no amount"):
        ruleset.evaluate_table(pd.DataFrame({"sales": [Decimal("Infinity")]}), as_of=DAY)


@pytest.mark.parametrize("kind", [pa.decimal256(50, 2), pa.month_day_nano_interval()])
def test_a_kind_of_column_that_cannot_be_read_is_refused(ruleset: Ruleset, kind: Any) -> None:
    with pytest.raises(FactError) as refused:
        ruleset.evaluate_table(pa.table({"sales": pa.array([None], kind)}), as_of=DAY)
    assert [(one.code, one.path) for one in refused.value.problems] == [("wrong-type", "sales")]


def test_a_table_without_rows_gives_one(ruleset: Ruleset) -> None:
    for as_of in (DAY, "day"):
        table = pl.DataFrame(
            schema={
                "sales": pl.Int64,
                "day": pl.Date,
                "accounts": pl.List(pl.Struct({"sold": pl.Int64})),
            }
        )
        came = ruleset.evaluate_table(table, as_of=as_of, keep=["day"])
        assert came.height == 0
        assert came.columns[0] == "day"


def test_parts_of_a_larger_table_are_read_for_themselves(ruleset: Ruleset) -> None:
    """Slices share memory with what is left out of them; so do lists that are null."""
    table = pl.DataFrame(
        {"accounts": [[{"sold": "x"}], [{"sold": "1"}], None, [{"sold": "2"}, {"sold": None}]]}
    )
    offsets, values = (
        pa.array([0, 1, 3], pa.int32()),
        pa.array([{"sold": "1"}, {"sold": "x"}, {"sold": "y"}]),
    )
    hidden = pa.ListArray.from_arrays(offsets, values, mask=pa.array([False, True]))
    came = ruleset.evaluate_table(table.slice(1), as_of=DAY)
    assert came["pay.referred"].to_list() == [Decimal("1.00"), None, None]
    assert came["refused"].null_count() == 3
    assert ruleset.evaluate_table(pa.table({"accounts": hidden}), as_of=DAY)["pay.referred"].to_pylist() == [
        Decimal("1.00"), None,
    ]  # fmt: skip


def test_an_amount_too_large_for_a_column_is_refused(tmp_path: Path) -> None:
    head, _ = TEXT.split("facts:\n")
    file = tmp_path / "large.yaml"
    file.write_text(
        f"{head}facts:\n  a: number\n  b: number\nparameters:\n  one:\n    type: money\n    value: 1.00\npay:\n  rounding: half up to 0.01\n  lines:\n"
        "    product:\n      amount: one * a * b * b\n",
        encoding="utf-8",
    )
    large = load(file)
    table = pl.DataFrame({"a": [10**15, 10**15, 1], "b": [10**15, 10**5, 1]})
    exact = large.evaluate_table(table, as_of=DAY)
    assert exact["pay.product"].to_list() == [
        None,
        Decimal(10**25).quantize(Decimal("0.01")),
        Decimal("1.00"),
    ]
    assert "[result-too-large]" in exact["refused"][0]
    least = large.evaluate_table(table, as_of=DAY, minor_units=True)
    assert least["pay.product"].to_list() == [None, None, 100]
    most = Decimal(2**63 - 1).scaleb(-4)
    edge = pl.DataFrame({"a": [most, most + Decimal("0.0001")], "b": [10, 10]})
    least = large.evaluate_table(edge, as_of=DAY, minor_units=True)
    assert least["pay.product"].to_list() == [2**63 - 1, None]
    assert least["refused"][0] is None
    assert "[result-too-large]" in least["refused"][1]


def test_a_balance_may_not_be_called_as_a_part_of_the_opening(tmp_path: Path) -> None:
    file = tmp_path / "pay.yaml"
    file.write_text(TEXT.replace("owed", "since"), encoding="utf-8")
    with pytest.raises(FactError) as refused:
        load(file).evaluate_table(pl.DataFrame({"sales": [1]}), as_of=DAY)
    assert [(one.code, one.path) for one in refused.value.problems] == [("table-shape", "since")]


LISTED = """ruleset: listed
language: 1
version: 1.0.0
currency: EUR
period: quarter
year starts: 1 January
facts:
  deals:
    type: list
    each:
      sold:
        type: money
        min: 0
pay:
  rounding: half up to 0.01
  lines:
    commission: {amount: 2% * sum(deals.sold)}
"""
DEALS = pl.List(pl.Struct({"sold": pl.String}))


@pytest.mark.parametrize("seed", range(20))
def test_lists_are_those_of_their_rows_in_whatever_pieces_a_table_comes(
    tmp_path: Path, seed: int
) -> None:
    (tmp_path / "listed.yaml").write_text(LISTED, encoding="utf-8")
    listed, rng = load(tmp_path / "listed.yaml"), random.Random(seed)

    def deals() -> list[dict[str, str | None]] | None:
        if rng.random() < 0.7:
            return None
        return [{"sold": rng.choice(["100.00", "7.49", None])} for _ in range(rng.randrange(4))]

    rows = [deals() for _ in range(rng.randrange(4, 40))]
    cuts = sorted(rng.sample(range(1, len(rows)), 3))
    pieces = [rows[start:end] for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    table = pl.concat(pl.DataFrame({"deals": piece}, schema={"deals": DEALS}) for piece in pieces)
    wanted = [
        listed.evaluate({"deals": row}, as_of=DAY, engine="reference").total.amount for row in rows
    ]
    assert listed.evaluate_table(table, as_of=DAY)["pay.total"].to_list() == wanted
    part = listed.evaluate_table(table[2:-1], as_of=DAY)["pay.total"].to_list()
    assert part == wanted[2:-1]


def test_a_start_of_employment_with_something_that_came_in_is_refused(ruleset: Ruleset) -> None:
    rows = {"opening.start": [True, True, False], "opening.status": ["off", None, "off"]}
    out = ruleset.evaluate_table(pl.DataFrame(rows), as_of=DAY)
    refused = out["refused"].to_list()
    assert "`opening.start` is yes, and `opening.status` comes in" in refused[0]
    assert refused[1:] == [None, None]
