# SPDX-License-Identifier: MIT
"""The shipped marketing director over the benchmark's cases, single and as a table."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import rolerules
from tests.benchmarks.peers.rolerules_single import read
from tests.benchmarks.policy import AS_OF, Case

_DAY = datetime.date.fromisoformat(AS_OF)


def ruleset() -> Any:
    """It, with the example company's figures."""
    return rolerules.load("marketing-director", company="example")


def facts(case: Case) -> dict[str, Any]:
    """Its facts for a case: as many key accounts as `n`, one special task."""
    shares = _shares(case["key_sales"], case["n"])
    return {
        "grade": case["grade"],
        "team_target": _amount(case["target"]),
        "team_sales": _amount(case["sales"]),
        "key_accounts": [
            {"customer": f"C-{number}", "sales": _amount(part)}
            for number, part in enumerate(shares)
        ],
        "profit": _amount(case["sales"] * case["margin"] // 10_000),
        "special_tasks": [{"task": "T-1", "passed": case["task"]}],
        "satisfied": case["sat"],
        "annual_target": _amount(case["target"] * 4),
        "annual_sales": _amount(case["sales"] * 4),
    }


def _amount(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _shares(whole: int, parts: int) -> list[int]:
    return [whole // parts] * (parts - 1) + [whole - whole // parts * (parts - 1)] if parts else []


def deciding() -> Callable[[Any], Any]:
    """A function that decides, and reads lines, total, status and grounds."""
    evaluate = ruleset().evaluate
    return lambda given: read(evaluate(given, as_of=_DAY))


# --- as a program of the benchmark, for tables alone

NAME, PACKAGE, MONEY = "rolerules, shipped marketing director", "rolerules", "exact"
OUTPUTS = "every column"


def load_table() -> Callable[[Any], Any]:
    """Decide a table of its facts; the named customers are a column of lists."""
    evaluate = ruleset().evaluate_table
    return lambda people: evaluate(people, as_of=_DAY, minor_units=True)


def given_table(path: Path) -> Any:
    """The people of a file with its facts: `n` named customers each, and one special task."""
    import polars as pl

    people = pl.read_parquet(path)
    count, key = pl.col("n").clip(1), pl.col("key_sales")
    share = (key // count).repeat_by("n")
    return people.select(
        "grade", pl.col("target").alias("team_target"), pl.col("sales").alias("team_sales"),
        share.alias("shares"), (pl.col("sales") * (pl.col("margin") * 10000).cast(pl.Int64) // 10000).alias("profit"),
        pl.col("task"), pl.col("sat").alias("satisfied"),
        (pl.col("target") * 4).alias("annual_target"), (pl.col("sales") * 4).alias("annual_sales"),
    ).with_columns(
        pl.col("shares").list.eval(pl.struct(pl.lit("C-1").alias("customer"), pl.element().alias("sales"))).alias("key_accounts"),
        pl.concat_list(pl.struct(pl.lit("T-1").alias("task"), pl.col("task").alias("passed"))).alias("special_tasks"),
    ).drop("shares", "task").rechunk()  # fmt: skip


def totals(found: Any) -> tuple[int, int]:
    """The sums of its answers."""
    return int(found["pay.total"].sum()), int((found["status"] == "suspended").sum())
