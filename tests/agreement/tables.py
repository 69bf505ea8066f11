# SPDX-License-Identifier: MIT
"""Reference, single and columnar engine in lock-step: random rulesets, and many rows for each.

`python tests/agreement/tables.py --cases 1000000` is the long campaign; a case is one ruleset over
one row. The reference engine decides every row, and the columns have to hold just what its decision
says, or leave the row to the exact path; what the reference engine refuses they have to leave. For
every fourth row the single engine has to give an equal decision, and for every tenth ruleset the rows
go through `evaluate_table` as well, as a table of texts.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import itertools
import math
import random
import sys
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import polars as pl
from generators.formulas import Options
from generators.loading import checked
from generators.rows import DAYS, Rows
from generators.rulesets import Maker

from rolerules import Decision, FactError, Ruleset
from rolerules.engines.columnar.decide import decide
from rolerules.engines.facts import read_facts
from rolerules.engines.opening import read_opening
from rolerules.model.types import AMOUNTS, Range, Type
from rolerules.plan.plan import Plan
from rolerules.values import exact_text

ROWS = 100
"""So many rows for each ruleset."""
THROUGH_TABLES = 10
"""One ruleset in so many goes through `evaluate_table` too."""
SINGLE = 4
"""One row in so many is decided by the single engine too, of which all is then compared."""
Row = dict[str, Any]


class Extremes(Rows):
    """Rows in which amounts are now and then as large or as small as they may be."""

    def _amount(self, type_: Type, range_: Range) -> Any:
        ends = [end for end in (range_.low, range_.high) if end is not None and end != 0]
        if not ends or self.rng.random() > 0.06:
            return super()._amount(type_, range_)
        end = self.rng.choice(ends)
        if type_.kind == "rate":
            end = max(Fraction(-1), min(Fraction(1), end)) if abs(end) > 10**6 else end
            return f"{exact_text(end * 100)}%"
        return Decimal(exact_text(end))

    def _list(self, type_: Type, gaps: float) -> list[Row]:
        found = super()._list(type_, gaps)
        return (found * 9)[: self.rng.randrange(7)] if self.rng.random() < 0.1 else found


# --- facts as columns


def canonical(
    plan: Plan, rows: Sequence[Row], openings: Sequence[Row | None], start: bool
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Rows as the columnar engine takes them: whole numbers of as few units as they need."""
    units: dict[str, int] = {}
    columns: list[pl.Series] = []
    read = [read_facts(plan.facts, row, plan.digits)[0] for row in rows]
    for name, fact in plan.facts.items():
        columns.append(_column(name, fact.type, [row[name] for row in read], units))
    if not start:
        found = [read_opening(plan, one) for one in openings]
        columns.append(pl.Series("opening.start", [one.start for one in found]))
        if plan.states:
            status = [None if one.start else one.status for one in found]
            columns.append(pl.Series("opening.status", status, dtype=pl.String))
            columns.append(pl.Series("opening.since", [one.since for one in found], dtype=pl.Date))
        for name, carry in plan.carries.items():
            values = [one.carries.get(name) for one in found]
            columns.append(_column(f"opening.{name}", carry.type, values, units))
    return pl.DataFrame(columns), units


def _column(name: str, type_: Type, values: list[Any], units: dict[str, int]) -> pl.Series:
    if type_.item is None:
        held, dtype = _held(name, type_, values, units)
        return pl.Series(name, held, dtype=dtype)
    fields = type_.item.fields
    items = [item for value in values if value is not None for item in value]
    parts, kinds = {}, {}
    for field in fields:
        parts[field.name], kinds[field.name] = _held(
            f"{name}.{field.name}", field.type, [item[field.name] for item in items], units
        )
    records = iter([{field: parts[field][place] for field in parts} for place in range(len(items))])
    lists = [None if one is None else [next(records) for _ in one] for one in values]
    return pl.Series(name, lists, dtype=pl.List(pl.Struct(kinds)))


def _held(
    name: str, type_: Type, values: list[Any], units: dict[str, int]
) -> tuple[list[Any], Any]:
    if type_.kind not in AMOUNTS:
        return values, {"yes/no": pl.Boolean, "date": pl.Date}.get(type_.kind, pl.String)
    below = math.lcm(*(one.denominator for one in values if one is not None))
    units[name] = below
    whole = [None if one is None else int(one * below) for one in values]
    wide = any(one is not None and abs(one) >= 2**63 for one in whole)
    return whole, pl.Int128 if wide else pl.Int64


def texts(
    plan: Plan, rows: Sequence[Row], openings: Sequence[Row | None], start: bool
) -> pl.DataFrame:
    """Rows as a table of texts, as a CSV file or a form would give them."""
    columns = [
        _texts(name, fact.type, [row.get(name) for row in rows])
        for name, fact in plan.facts.items()
    ]
    if start:
        return pl.DataFrame(columns)
    columns.append(pl.Series("opening.start", [one is None for one in openings]))
    if plan.states:
        for part, kind in (("status", pl.String), ("since", pl.Date)):
            given = [None if one is None else one.get(part, plan.start) for one in openings]
            columns.append(pl.Series(f"opening.{part}", given, dtype=kind))
    for name, carry in plan.carries.items():
        given = [None if one is None else one.get("carries", {}).get(name) for one in openings]
        columns.append(_texts(f"opening.{name}", carry.type, given))
    return pl.DataFrame(columns)


def _texts(name: str, type_: Type, values: list[Any]) -> pl.Series:
    kinds = {"yes/no": pl.Boolean, "date": pl.Date}
    if type_.item is None:
        kind = kinds.get(type_.kind, pl.String)
        return pl.Series(
            name, [_text(one) if kind == pl.String else one for one in values], dtype=kind
        )
    fields = {one.name: kinds.get(one.type.kind, pl.String) for one in type_.item.fields}
    lists = [
        None if value is None
        else [{field: _text(one[field]) if kind == pl.String else one[field] for field, kind in fields.items()} for one in value]
        for value in values
    ]  # fmt: skip
    return pl.Series(name, lists, dtype=pl.List(pl.Struct(fields)))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


# --- what is compared


def expected(plan: Plan, decision: Decision) -> Row:
    """The columns that a decision comes to, money in least units."""
    unit, closing = 10**plan.digits, decision.closing()
    found: Row = {f"pay.{line.id}": _units(line.amount, unit) for line in decision.lines}
    found["pay.total"] = _units(decision.total.amount, unit)
    found |= {f"assessments.{name}": one.outcome for name, one in decision.assessments.items()}
    status = decision.status
    if status is not None:
        grounds = ", ".join(status.grounds)
        found |= {"status": status.to, "effect": status.effect, "grounds": grounds}
    found["violations"] = ", ".join(one.id for one in decision.violations)
    found["missing"] = ", ".join(decision.missing)
    if status is not None:
        since = closing["since"]
        found["closing.status"] = closing["status"]
        found["closing.since"] = since and datetime.date.fromisoformat(str(since))
    for name, carry in plan.carries.items():
        found[f"closing.{name}"] = _balance(decision.carries[name], carry.type, unit)
    return found


def _units(amount: Decimal | None, unit: int) -> int | None:
    return None if amount is None else int(amount * unit)


def _balance(value: Any, type_: Type, unit: int) -> Any:
    if value is None or type_.kind not in AMOUNTS:
        return value
    if type_.kind in ("money", "whole"):
        return int(value * (unit if type_.kind == "money" else 1))
    return exact_text(value)


def _compare(found: Mapping[str, Any], wanted: Row, where: str) -> None:
    wrong = {name: (found[name], one) for name, one in wanted.items() if found[name] != one}
    assert not wrong, f"{where}: {wrong}"


def campaign(cases: int, seed: int, rows: int = ROWS) -> collections.Counter[str]:
    """Run so many cases. Raises `AssertionError` at the first disagreement, naming its ruleset and row."""
    counts: collections.Counter[str] = collections.Counter()
    for number in itertools.count():
        rng = random.Random(f"tables {seed}/{number}")
        maker = Maker(rng.randrange, Options(False))
        ruleset = checked(maker.tables() if rng.random() < 0.25 else maker.ruleset())[0]
        if ruleset is None:
            counts["rulesets with problems"] += 1
            continue
        counts["rulesets"] += 1
        _ruleset(
            ruleset, rng, rows, f"ruleset {seed}/{number}", counts, number % THROUGH_TABLES == 0
        )
        if counts["cases"] >= cases:
            return counts
    raise AssertionError("the numbers of rulesets never end")


def _ruleset(
    ruleset: Ruleset,
    rng: random.Random,
    rows: int,
    name: str,
    counts: collections.Counter[str],
    through: bool,
) -> None:
    draw, day, start = Extremes(ruleset, rng), rng.choice(DAYS), rng.random() < 0.4
    facts = [draw.facts() for _ in range(rows)]
    openings = [None if start else draw.opening() for _ in range(rows)]
    wanted: list[Row | None] = []
    plan = ruleset.at(day)
    for given, opening in zip(facts, openings, strict=True):
        try:
            decision = ruleset.evaluate(given, as_of=day, opening=opening, engine="reference")
        except FactError:
            wanted.append(None)
            continue
        if len(wanted) % SINGLE == 0:
            single = ruleset.evaluate(given, as_of=day, opening=opening)
            assert single == decision, f"{name}, row {len(wanted)}: the single engine"
            counts["by the single engine too"] += 1
        wanted.append(expected(plan, decision))
        counts["with something unknown"] += bool(decision.missing)
    frame, units = canonical(plan, facts, openings, start)
    found = decide(plan, frame, units, day, start)
    counts["cases"] += rows
    counts["refused"] += wanted.count(None)
    if found is None:
        counts["left to the exact path"] += rows
    else:
        _columns(found, wanted, name, counts)
    if through:
        _through(ruleset, texts(plan, facts, openings, start), day, wanted, name, counts)


def _columns(
    found: pl.DataFrame, wanted: Sequence[Row | None], name: str, counts: collections.Counter[str]
) -> None:
    for place, (row, want) in enumerate(zip(found.iter_rows(named=True), wanted, strict=True)):
        if row["exact"]:
            counts["left to the exact path"] += 1
            continue
        assert want is not None, f"{name}, row {place}: decided, and has to be refused"
        _compare(row, want, f"{name}, row {place}")
        counts["decided by columns"] += 1


def _through(
    ruleset: Ruleset,
    table: pl.DataFrame,
    day: datetime.date,
    wanted: Sequence[Row | None],
    name: str,
    counts: collections.Counter[str],
) -> None:
    unit, out = 10**ruleset.model.digits, ruleset.evaluate_table(table, as_of=day)
    for place, (row, want) in enumerate(zip(out.iter_rows(named=True), wanted, strict=True)):
        where = f"{name}, row {place}, as a table"
        assert (row["refused"] is not None) == (want is None), f"{where}: {row['refused']}"
        if want is not None:
            held = {
                one: int(value * unit) if isinstance(value, Decimal) else value
                for one, value in row.items()
            }
            _compare(held, want, where)
        counts["as tables"] += 1


def main() -> None:
    """Run a campaign and say what it came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    given, start = parser.parse_args(), time.monotonic()
    counts = campaign(given.cases, given.seed)
    lines = [f"{count:>12,}  {name}" for name, count in sorted(counts.items())]
    lines.append(f"no difference, in {time.monotonic() - start:,.0f} s")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
