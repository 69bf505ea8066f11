# SPDX-License-Identifier: MIT
"""A table is decided as `evaluate` decides its rows, however its columns are given."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
from drawing import attempt, examples
from generators.loading import loaded
from generators.rows import too_large
from generators.rulesets import rulesets
from hypothesis import given
from hypothesis import strategies as st

from rolerules import Decision, Ruleset
from rolerules.bulk.exact import reasons
from rolerules.bulk.results import money_columns, result_schema, row_of
from rolerules.bulk.table import prepared
from rolerules.engines.columnar.spans import of_items
from rolerules.engines.facts import read_value
from rolerules.model.types import AMOUNTS, Range, Type
from rolerules.testing import facts
from rolerules.testing.strategies import openings
from rolerules.values import decimals, exact_text, parse_figure, parse_rate

DAYS = [datetime.date(2026, 3, 31), datetime.date(2026, 12, 31), datetime.date(2027, 6, 30)]
WILD = st.sampled_from(
    ["", " ", "x", "-", "+1", "1.", ".5", "007", "-0", "1e3", "1,000", "0.123456789012345", "5%", "5 %",
     "150%", "1.5", "-1.5", "85", "1000000000000.01", "1000000000000000", "99999999999999999999999999999",
     "1.10000000000000000", "yes", "Yes", "true", "2026-02-30", "2026-2-3", "+2026-01-01", "0000-01-01",
     "９", "5\n", "5%\n", "1/3", "-1/3", "1/0", "M1"]
)  # fmt: skip
FAR = st.sampled_from(
    [0, 1, -1, 2, 100, 101, 10**12, 10**14, 10**14 + 1, 10**15, 10**18, -(10**18)]
)


class Table:
    """A ruleset, rows of facts and openings of one representation, and how they are decided."""

    def __init__(
        self,
        text: str,
        ruleset: Ruleset,
        rows: list[dict[str, Any]],
        schema: dict[str, Any],
        minor: bool,
        day: Any,
    ) -> None:
        self.text, self.ruleset, self.rows, self.schema = text, ruleset, rows, schema
        self.minor, self.day = minor, day

    def __repr__(self) -> str:
        return f"{self.text}\n{self.schema}\n{self.rows}\nminor {self.minor}, as of {self.day}"

    @property
    def frame(self) -> pl.DataFrame:
        return pl.DataFrame(
            [
                pl.Series(name, [row[name] for row in self.rows], kind, strict=True)
                for name, kind in self.schema.items()
            ]
        )


@st.composite
def tables(draw: Any) -> Table:
    text = draw(rulesets())
    ruleset = loaded(text)
    size = draw(st.integers(1, 4))
    given_facts = [draw(facts(ruleset)) for _ in range(size)]
    opened = [draw(openings(ruleset)) for _ in range(size)]
    minor = draw(st.booleans())
    rows: list[dict[str, Any]] = [{} for _ in range(size)]
    schema: dict[str, Any] = {}

    def add(name: str, type_: Type, values: list[Any]) -> None:
        kind, found = _column(draw, type_, values, ruleset.model.digits, minor)
        schema[name] = kind
        for row, value in zip(rows, found, strict=True):
            row[name] = value

    for name, fact in ruleset.model.facts.items():
        if draw(st.integers(0, 9)):
            add(name, fact.type, [one.get(name) for one in given_facts])
    if any(opened):
        add("opening.start", Type("yes/no"), [one is None for one in opened])
        if ruleset.model.status:
            states = Type("choice", tuple(ruleset.model.status.states))
            add("opening.status", states, [(one or {}).get("status") for one in opened])
            add("opening.since", Type("date"), [(one or {}).get("since") for one in opened])
        for name, carry in ruleset.model.carries.items():
            came = [((one or {}).get("carries") or {}).get(name) for one in opened]
            add(f"opening.{name}", carry.type, came)
    day = draw(st.sampled_from([*DAYS, "day"]))
    if day == "day" or not schema:
        schema["day"] = draw(st.sampled_from([pl.Date, pl.String]))
        for row in rows:
            one = draw(st.one_of(st.sampled_from(DAYS), st.none()))
            row["day"] = str(one) if one and schema["day"] == pl.String else one
        day = "day"
    return Table(text, ruleset, rows, schema, minor, day)


def _column(
    draw: Any, type_: Type, values: list[Any], digits: int, minor: bool
) -> tuple[Any, list[Any]]:
    """Values in one of the ways that a column can have them, some of them wrong."""
    if type_.item is not None:
        kinds, columns = {}, {}
        flat = [item for some in values for item in some or []]
        for field in type_.item.fields:
            kinds[field.name], columns[field.name] = _column(
                draw, field.type, [item.get(field.name) for item in flat], digits, minor
            )
        items = iter(
            [
                {name: column[place] for name, column in columns.items()}
                for place in range(len(flat))
            ]
        )
        lists = [None if some is None else [next(items) for _ in some] for some in values]
        return pl.List(pl.Struct(kinds)), lists
    if type_.kind in AMOUNTS:
        kind, found = _amounts(draw, type_, [_exactly(one) for one in values], digits, minor)
    elif type_.kind in ("yes/no", "date") and draw(st.booleans()):
        to = (
            {"yes": True, "no": False}.get
            if type_.kind == "yes/no"
            else datetime.date.fromisoformat
        )
        kind = pl.Boolean if type_.kind == "yes/no" else pl.Date
        return kind, [to(one) if isinstance(one, str) else one for one in values]
    else:
        words = {True: "yes", False: "no", None: None}
        kind, found = (
            pl.String,
            [words[one] if isinstance(one, bool | None) else str(one) for one in values],
        )
    if kind == pl.String and not draw(st.integers(0, 3)):
        found = [draw(WILD) if not draw(st.integers(0, 3)) else one for one in found]
    return kind, found


def _exactly(value: Any) -> Fraction | None:
    if isinstance(value, str) and "/" not in value:
        return parse_rate(value)
    return None if value is None else Fraction(value)


def _amounts(
    draw: Any, type_: Type, values: list[Fraction | None], digits: int, minor: bool
) -> tuple[Any, list[Any]]:
    factor = 10**digits if minor and type_.kind == "money" else 1
    way = draw(st.sampled_from(["text", "decimal", "whole"]))
    if any(one is not None and decimals(one) is None for one in values):
        way = "text"
    if way == "whole" and all(one is None or (one * factor).denominator == 1 for one in values):
        whole = [None if one is None else int(one * factor) for one in values]
        if not draw(st.integers(0, 3)):
            whole = [draw(FAR) if not draw(st.integers(0, 2)) else one for one in whole]
        fits = all(one is None or abs(one) < 2**63 for one in whole)
        return pl.Int64 if fits else pl.Int128, whole
    if way == "decimal" or way == "whole":
        scale = max([decimals(one) or 0 for one in values if one is not None], default=0)
        scale = min(scale + draw(st.sampled_from([0, 0, 1, 3])), 14)
        found = [None if one is None else Decimal(exact_text(one)) for one in values]
        if not draw(st.integers(0, 3)):
            other = Decimal(draw(FAR)).scaleb(-scale)
            found = [other if not draw(st.integers(0, 2)) else one for one in found]
        return pl.Decimal(38, scale), found
    percent = type_.kind == "rate" and draw(st.booleans())
    return pl.String, [
        None if one is None else f"{exact_text(one * 100)}%" if percent else exact_text(one)
        for one in values
    ]


def _as_case(value: Any, type_: Type, digits: int, minor: bool) -> Any:
    if minor and type_.kind == "money" and isinstance(value, int):
        return Fraction(value, 10**digits)
    if type_.item is not None and value is not None:
        kinds = {one.name: one.type for one in type_.item.fields}
        return [
            {name: _as_case(one, kinds[name], digits, minor) for name, one in item.items()}
            for item in value
        ]
    return value


def case(table: Table, row: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """A row as `evaluate` takes it: facts and an opening."""
    model = table.ruleset.model
    found = {
        name: _as_case(row[name], fact.type, model.digits, table.minor)
        for name, fact in model.facts.items() if name in row
    }  # fmt: skip
    if "opening.start" not in row or row["opening.start"] in (True, "yes"):
        return found, None
    carries = {
        name: _as_case(row[f"opening.{name}"], carry.type, model.digits, table.minor)
        for name, carry in model.carries.items()
    }
    opening = {"status": row.get("opening.status"), "carries": carries}
    return found, opening | ({"since": row["opening.since"]} if model.status else {})


@examples(150)
@given(tables())
def test_a_table_is_decided_as_its_rows(table: Table) -> None:
    came = table.ruleset.evaluate_table(table.frame, as_of=table.day, minor_units=table.minor)
    model = table.ruleset.model
    for row, out in zip(table.frame.rows(named=True), came.rows(), strict=True):
        day = row["day"] if table.day == "day" else table.day
        start = row.get("opening.start")
        came_in = [
            one
            for one in row
            if one.startswith("opening.") and one != "opening.start" and row[one] is not None
        ]
        contradicts = start in (True, "yes") and came_in
        if day is None or contradicts or start not in (None, True, False, "yes", "no"):
            assert out[-1]
            assert set(out[:-1]) == {None}
            continue
        found = attempt(table.ruleset, case(table, row)[0], day, case(table, row)[1])
        if isinstance(found, Decision):
            wanted = row_of(model, found)
            columns = dict(zip(result_schema(model), wanted, strict=True))
            if too_large(model, columns, minor=table.minor):
                assert set(out[:-1]) == {None}
                assert "[result-too-large]" in out[-1]
            else:
                assert _plain(out) == (*_plain(wanted, model, table.minor), None)
        else:
            assert set(out[:-1]) == {None}
            assert out[-1].count("[") >= len({one.code for one in found})
            if not table.minor:
                assert out[-1] == reasons(found)


def _plain(row: tuple[Any, ...], model: Any = None, minor: bool = True) -> tuple[Any, ...]:
    if minor:
        return row
    money = set(money_columns(model))
    return tuple(
        Decimal(f"{one}e-{model.digits}") if name in money and one is not None else one
        for name, one in zip(result_schema(model), row, strict=True)
    )


@examples(300)
@given(tables())
def test_what_is_not_left_to_the_exact_path_is_read_as_a_case(table: Table) -> None:
    """The canonical columns hold just what `evaluate` reads of the same values, or the row is left."""
    frame, model = table.frame, table.ruleset.model
    layout = prepared(
        table.ruleset, frame.schema, as_of=table.day, minor_units=table.minor, keep=()
    ).layout
    read = layout.read(frame, whole=True)
    left = read.left if read.left is not None else [False] * frame.height
    for row, canonical, is_left in zip(
        frame.rows(named=True), read.frame.rows(named=True), left, strict=True
    ):
        wrong = False
        for column in layout.columns:
            if column.name not in canonical:
                assert column.name not in row
                continue
            value = _as_case(row.get(column.name), column.type, model.digits, table.minor)
            expected, problems = _read(value, column, model.digits)
            wrong |= bool(problems)
            if not is_left:
                assert not problems
                assert (
                    _scaled(canonical[column.name], column.type, read.units, column.name)
                    == expected
                )
        assert is_left or not wrong


def _read(value: Any, column: Any, digits: int) -> tuple[Any, list[Any]]:
    from rolerules.engines.facts import _Reader

    if (
        column.name.startswith("opening.")
        and isinstance(value, str)
        and parse_figure(value) is not None
    ):
        return read_value(value, column.type, column.range, column.name, 10**6)[0], []
    reader = _Reader(digits)
    found = reader.value(value, column.type, column.range, column.name, column.items)
    return (list(found) if isinstance(found, tuple) else found), reader.problems


def _scaled(value: Any, type_: Type, units: Mapping[str, int], name: str) -> Any:
    if value is None:
        return None
    if type_.item is not None:
        kinds = {one.name: one.type for one in type_.item.fields}
        return [
            {
                field: _scaled(one, kinds[field], units, of_items(name, field))
                for field, one in item.items()
            }
            for item in value
        ]
    return Fraction(value, units[name]) if type_.kind in AMOUNTS else value


assert Range
