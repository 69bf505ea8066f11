# SPDX-License-Identifier: MIT
"""Reference, single and columnar engine in lock-step: random rulesets, and many rows for each.

A case is one ruleset over one row. The reference engine decides each, and is what the others are
held to:

- `columns`: the columnar engine gives just what the decision says, in every column, or leaves the
  row to the exact path; a row that is refused it has to leave. Every tenth ruleset has batches of
  one and two rows too;
- `single`: for every fourth row the single engine gives an equal decision, or the same refusal;
- `table`: every tenth ruleset's rows have dates of their own and now and then a broken value, and go
  through `evaluate_table` instead, which refuses the same rows for the same reasons.

`python tests/agreement/tables.py --cases 1000000` is the long campaign. It goes on after a difference,
says at the end how many there were, and fails if there was any; `--first` is the ruleset to begin with.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import functools
import itertools
import multiprocessing
import random
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import attrs
from draws import DAYS, MORE_DAYS, Draws, as_texts
from frames import Canonical, table
from generators.formulas import Options
from generators.loading import checked
from generators.rows import too_large
from generators.rulesets import Maker

from rolerules import Decision, RolerulesError, Ruleset
from rolerules.bulk.exact import reasons
from rolerules.bulk.results import money_columns, result_schema
from rolerules.engines.columnar.decide import decide
from rolerules.model.types import AMOUNTS, Type
from rolerules.values import exact_text

ROWS = 100
"""So many rows for each ruleset."""
THROUGH_TABLES = 10
"""One ruleset in so many goes through `evaluate_table` too."""
SINGLE = 4
"""One row in so many is decided by the single engine too, of which all is then compared."""
EACH = 10
"""So many rulesets are handed to a process at once."""
FEW = 10
"""One ruleset in so many has batches of one and two rows too, whose bounds are narrow."""
Row = dict[str, Any]
Counts = collections.Counter[str]


@attrs.frozen
class Case:
    """One row of facts with its date and opening, and what the reference engine says of it.

    `wanted` is a decision, or the reasons for which there is none.
    """

    facts: Row
    day: datetime.date
    opening: Row | None
    wanted: Decision | str

    def __str__(self) -> str:
        return f"{self.facts}, as of {self.day}, opening {self.opening}"


def said(
    ruleset: Ruleset, facts: Row, day: datetime.date, opening: Row | None, engine: Any
) -> Decision | str:
    """The decision of an engine, or the reasons for which there is none."""
    try:
        return ruleset.evaluate(facts, as_of=day, opening=opening, engine=engine)
    except RolerulesError as error:
        return reasons(error.problems)


# --- what a decision comes to


def expected(ruleset: Ruleset, decision: Decision) -> Row:
    """The columns that a decision comes to, money in least units."""
    unit, closing = 10**ruleset.model.digits, decision.closing()
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
    for name, carry in ruleset.model.carries.items():
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
    assert not wrong, f"{where}: (found, wanted) {wrong}"


# --- one ruleset


def cases_of(ruleset: Ruleset, rng: random.Random, rows: int, *, mixed: bool) -> list[Case]:
    """Random rows, decided by the reference engine; if `mixed`, of three dates and some of them broken."""
    draw, cases, last = Draws(ruleset, rng), [], None
    start = rng.random() < 0.4
    days = rng.sample(MORE_DAYS, 3) if mixed else [rng.choice(DAYS)]
    for _ in range(rows):
        facts, day = draw.facts(), rng.choice(days)
        opening = None if start else draw.opening_after(last)
        if mixed:
            facts = as_texts(draw.broken(facts) if rng.random() < 0.05 else facts)
            opening = as_texts(opening)
        wanted = said(ruleset, facts, day, opening, "reference")
        last = wanted if isinstance(wanted, Decision) else last
        cases.append(Case(facts, day, opening, wanted))
    return cases


def hold_columns(ruleset: Ruleset, cases: Sequence[Case], name: str, counts: Counts) -> None:
    """The columnar engine over cases of one date, beside what the reference engine says of them."""
    plan, start = ruleset.at(cases[0].day), all(one.opening is None for one in cases)
    given = Canonical(plan, [one.facts for one in cases], [one.opening for one in cases], start)
    found = decide(plan, given.frame, given.units, cases[0].day, start)
    refused = sum(isinstance(one.wanted, str) for one in cases)
    counts["columns: rows"] += len(cases)
    counts["columns: refused by the reference engine"] += refused
    if found is None:
        counts["columns: left to the exact path"] += len(cases) - refused
        return
    assert found.columns == [*result_schema(plan), "exact"]
    rows = found.iter_rows(named=True)
    for place, case in enumerate(cases):
        row: Row = {"exact": True} if place in given.left else next(rows)
        if row["exact"]:
            counts["columns: left to the exact path"] += not isinstance(case.wanted, str)
            continue
        where = f"{name}, row {place}, columns, {case}"
        assert not isinstance(case.wanted, str), f"{where}: decided, wanted {case.wanted}"
        _compare(row, expected(ruleset, case.wanted), where)
        counts["columns: decided"] += 1
    assert next(rows, None) is None, name


def hold_single(ruleset: Ruleset, cases: Sequence[Case], name: str, counts: Counts) -> None:
    """The single engine: an equal decision, or the same refusal."""
    for place, case in enumerate(cases):
        found = said(ruleset, case.facts, case.day, case.opening, "single")
        where = f"{name}, row {place}, single, {case}"
        assert found == case.wanted, f"{where}: (found, wanted) {(found, case.wanted)}"
        counts["single: rows"] += 1


def hold_table(ruleset: Ruleset, cases: Sequence[Case], name: str, counts: Counts) -> None:
    """`evaluate_table` over cases of any dates: the same columns, and the same rows refused.

    The second half is a table of its own, so that what was built for the first can serve it.
    """
    start, half = all(one.opening is None for one in cases), -(-len(cases) // 2)
    facts, openings = [one.facts for one in cases], [one.opening for one in cases]
    days, rng = [one.day for one in cases], random.Random(name)
    given = table(ruleset.model, facts, openings, days, start=start, rng=rng)
    halves = [given.head(half), given.tail(-half)] if half < len(cases) else [given]
    rows = [row for one in halves for row in ruleset.evaluate_table(one, as_of="as of").iter_rows(named=True)]  # fmt: skip
    for place, (row, case) in enumerate(zip(rows, cases, strict=True)):
        _hold_row(ruleset, row, case, f"{name}, row {place}, table, {case}")
        counts["table: rows"] += 1
        counts["table: refused"] += row["refused"] is not None


def _hold_row(ruleset: Ruleset, row: Row, case: Case, where: str) -> None:
    why, unit = row["refused"], 10**ruleset.model.digits
    if isinstance(case.wanted, str):
        assert why == case.wanted, f"{where}: (refused, wanted) {(why, case.wanted)}"
        assert set(row.values()) == {None, why}, f"{where}: {row}"
        return
    wanted = expected(ruleset, case.wanted)
    if too_large(ruleset.model, wanted):
        assert "result-too-large" in (why or ""), f"{where}: {why}"
        return
    assert why is None, f"{where}: refused, {why}"
    money = set(money_columns(ruleset.model))
    held = {one: _units(value, unit) if one in money else value for one, value in row.items()}
    _compare(held, wanted, where)


def hold(seed: int, number: int, rows: int, counts: Counts) -> None:
    """One random ruleset over its rows. Raises `AssertionError` at the first difference."""
    name = f"ruleset {seed}/{number}"
    rng = random.Random(f"tables {seed}/{number}")
    ruleset = checked(text_of(rng))[0]
    if ruleset is None:
        counts["rulesets with problems"] += 1
        return
    mixed = number % THROUGH_TABLES == 0
    cases = cases_of(ruleset, rng, rows, mixed=mixed)
    counts["rulesets"] += 1
    counts["cases"] += rows
    for case in cases:
        decided = isinstance(case.wanted, Decision)
        counts["refused"] += not decided
        counts["with something unknown"] += decided and bool(case.wanted.missing)  # type: ignore[union-attr]  # it is a decision
    hold_single(ruleset, cases[::SINGLE], name, counts)
    if mixed:
        hold_table(ruleset, cases, name, counts)
        return
    ends = [1, 2, 4, rows] if rows > 4 and number % FEW == 1 else [rows]
    for start, end in itertools.pairwise([0, *ends]):
        hold_columns(ruleset, cases[start:end], f"{name}, rows {start} to {end - 1}", counts)


def text_of(rng: random.Random) -> str:
    """A random ruleset; every fourth is one of tables."""
    maker = Maker(rng.randrange, Options(failing=True))
    return maker.tables() if rng.random() < 0.25 else maker.ruleset()


# --- many rulesets


def campaign(numbers: Iterable[int], seed: int = 0, rows: int = ROWS) -> Counts:
    """Rulesets of the given numbers. Raises `AssertionError` at the first difference."""
    counts: Counts = collections.Counter()
    for number in numbers:
        hold(seed, number, rows, counts)
    return counts


def survey(numbers: Iterable[int], seed: int, rows: int) -> tuple[Counts, list[str]]:
    """Rulesets of the given numbers, and the first difference of each that has one."""
    counts: Counts = collections.Counter()
    differences = []
    for number in numbers:
        try:
            hold(seed, number, rows, counts)
        except Exception as error:  # what an engine raises is a difference as well
            differences.append(f"ruleset {seed}/{number}: {type(error).__name__}: {error}")
    return counts, differences


def main() -> None:
    """Run a campaign and say what it came to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first ruleset")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows for each ruleset")
    parser.add_argument("--minutes", type=float, default=10**6, help="stop after so many")
    parser.add_argument("-j", "--jobs", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print the text of the first ruleset")
    given = parser.parse_args()
    if given.show:
        sys.stdout.write(text_of(random.Random(f"tables {given.seed}/{given.first}")))
        return
    counts, differences = _run(given)
    sys.stdout.write(report(counts, differences))
    sys.exit(1 if differences else 0)


def _run(given: argparse.Namespace) -> tuple[Counts, list[str]]:
    start, end = time.monotonic(), given.first - (-given.cases // given.rows)
    shares = [range(at, min(at + EACH, end)) for at in range(given.first, end, EACH)]
    work = functools.partial(survey, seed=given.seed, rows=given.rows)
    counts: Counts = collections.Counter()
    differences: list[str] = []
    with multiprocessing.get_context("spawn").Pool(given.jobs) as pool:
        for done, (some, wrong) in enumerate(pool.imap(work, shares), 1):
            counts += some
            differences += wrong
            late = time.monotonic() - start > given.minutes * 60
            on = shares[done - 1].stop
            if late or done % 10 == 0 or done == len(shares):
                wrong.append(
                    f"{counts['cases']:,} cases; to go on: --seed {given.seed} --first {on}"
                )
            for line in wrong:
                sys.stderr.write(f"{line}\n")
            if late:
                break
    counts["seconds"] = round(time.monotonic() - start)
    return counts, differences


def report(counts: Counts, differences: Sequence[str]) -> str:
    """What a campaign came to, as a text of several lines."""
    lines = [f"{count:>12,}  {name}" for name, count in sorted(counts.items())]
    decided = counts["columns: decided"]
    share = decided / max(1, decided + counts["columns: left to the exact path"])
    lines.append(f"{share:>12.1%}  of the rows that columns were given and that have a decision, decided by columns")  # fmt: skip
    lines.append(f"{len(differences):>12,}  rulesets with a difference")
    lines += [f"the first: {one}" for one in differences[:1]]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
