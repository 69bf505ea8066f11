# SPDX-License-Identifier: MIT
"""Polars by hand over cents, every column that rolerules gives, as quick as we could write it.

What was tried and kept: the streaming engine also in memory (half as long as the other), `when` for
choices instead of `replace_strict`, and the grounds' texts gathered by a mask instead of joined (a
tenth of the time). It trusts the table: facts are there, in range and of the right kind.
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from tests.benchmarks.policy import BASE, TEXTS

NAME, PACKAGE, MONEY = "hand-written Polars", "polars", "Int64, cents"
OUTPUTS = "every column"
_FEW = 50_000
"""Up to so many rows the streaming engine takes longer than the other."""
OUTCOMES = pl.Enum(["met", "missed", "not_due", "undetermined"])
STATES = pl.Enum(["active", "suspended"])
EFFECTS = pl.Enum(["proposed", "effective"])


def _whole(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int64)


def _flag(test: pl.Expr, bit: int) -> pl.Expr:
    return pl.when(test).then(pl.lit(bit, dtype=pl.UInt8)).otherwise(pl.lit(0, dtype=pl.UInt8))


def _outcome(word: str) -> pl.Expr:
    return pl.lit(word, dtype=OUTCOMES)


def amounts() -> list[pl.Expr]:
    """Three lines, the rate of the fourth, and the mask of the grounds."""
    sales, key, grade, margin = map(pl.col, ("sales", "key_sales", "grade", "margin"))
    missed = sales < pl.col("target")
    low, middle, high = (
        pl.lit(Decimal(edge)).cast(pl.Decimal(9, 4)) for edge in ("0.05", "0.1", "0.2")
    )
    salary = (
        pl.when(grade == "M1").then(_whole(BASE["M1"])).when(grade == "M2").then(_whole(BASE["M2"]))
    )
    share = pl.when(margin < low).then(_whole(0)).when(margin < middle).then(_whole(5))
    return [
        salary.otherwise(_whole(BASE["M3"])).alias("pay.base"),
        ((key * 2 + 50) // 100).alias("pay.key"),
        (((sales - key) * pl.when(missed).then(_whole(5)).otherwise(_whole(10)) + 500) // 1000).alias("pay.team"),
        share.when(margin < high).then(_whole(15)).otherwise(_whole(30)).alias("share"),
        (_flag(~pl.col("annual"), 1) + _flag(~pl.col("sat"), 2) + _flag(missed, 4)
         + _flag(~pl.col("task"), 8)).alias("mask"),
    ]  # fmt: skip


def outcomes() -> list[pl.Expr]:
    """The outcomes of the three assessments."""
    annual = pl.col("annual")
    met, missed, not_due = map(_outcome, ("met", "missed", "not_due"))
    return [
        pl.when(pl.col("sales") < pl.col("target")).then(missed).otherwise(met).alias("assessments.target"),
        pl.when("task").then(met).otherwise(missed).alias("assessments.task"),
        pl.when(annual).then(met).when(~annual).then(missed).otherwise(not_due).alias("assessments.annual"),
    ]  # fmt: skip


def status() -> pl.Expr:
    """The status after."""
    suspended, active = (pl.lit(word, dtype=STATES) for word in ("suspended", "active"))
    return pl.when(pl.col("mask") != 0).then(suspended).otherwise(active).alias("status")


PERF = ((pl.col("pay.base") * pl.col("share") + 50) // 100).alias("pay.perf")
PAY = [
    *(f"pay.{name}" for name in ("base", "key", "team", "perf")),
    (pl.col("pay.base") + pl.col("pay.key") + pl.col("pay.team") + pl.col("pay.perf")).alias("pay.total"),
]  # fmt: skip


def query(people: pl.LazyFrame, grounds: pl.Expr, nothing: pl.Expr) -> pl.LazyFrame:
    """Every column; `grounds` makes the texts of the mask, `nothing` is the text without a name."""
    effect = pl.when(pl.col("mask") != 0).then(pl.lit("proposed", dtype=EFFECTS))
    return people.select(*amounts(), *outcomes()).with_columns(PERF).select(
        *PAY, "assessments.target", "assessments.task", "assessments.annual",
        status(), effect.alias("effect"), grounds.alias("grounds"),
        nothing.alias("violations"), nothing.alias("missing"),
        pl.lit("active", dtype=STATES).alias("closing.status"),
        pl.lit(None, dtype=pl.Date).alias("closing.since"),
        pl.lit(None, dtype=pl.String).alias("refused"),
    )  # fmt: skip


def texts(people: pl.LazyFrame) -> pl.LazyFrame:
    """Every column, of the very types that rolerules gives."""
    return query(people, pl.lit(pl.Series(TEXTS)).gather(pl.col("mask")), pl.lit(""))


def refuse(most: int) -> None:
    """Refuse a table with too many key accounts anywhere."""
    if most > 5:
        raise ValueError("more than five key accounts")


def load_table() -> Callable[[pl.DataFrame], pl.DataFrame]:
    return collected(texts)


def collected(
    whole: Callable[[pl.LazyFrame], pl.LazyFrame],
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The function of a query over a table in memory."""

    def decide(people: pl.DataFrame) -> pl.DataFrame:
        refuse(people["n"].max())
        engine = "streaming" if len(people) > _FEW else "in-memory"
        return whole(people.lazy()).collect(engine=engine)

    return decide


def given_table(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path).rechunk()


def answers(found: pl.DataFrame) -> dict[str, list[Any]]:
    return found.to_dict(as_series=False)


def totals(found: pl.DataFrame) -> tuple[int, int]:
    return int(found["pay.total"].sum()), int((found["status"] == "suspended").sum())


def file(source: Path, target: Path) -> None:
    written(texts, source, target)


def written(whole: Callable[[pl.LazyFrame], pl.LazyFrame], source: Path, target: Path) -> None:
    """From Parquet to Parquet, streaming; the column that refuses is looked through first."""
    people = pl.scan_parquet(source)
    refuse(people.select(pl.col("n").max()).collect(engine="streaming").item())
    whole(people).sink_parquet(target, compression="snappy")
