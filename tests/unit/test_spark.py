# SPDX-License-Identifier: MIT
"""A Spark DataFrame is decided as a table is, on a real Spark of this machine."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from rolerules import FactError, load

pytest.importorskip("pyspark", reason="Spark is not installed: pip install 'rolerules[spark]'")
if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
    pytest.skip("Spark needs Java, and there is none", allow_module_level=True)

from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

from rolerules.spark import evaluate

RULESET = load("marketing-director", company="example")
COLUMNS = (
    "employee string, grade string, team_target decimal(12,2), team_sales decimal(12,2), "
    "profit decimal(12,2), satisfied boolean, period_end date, "
    "key_accounts array<struct<customer:string,sales:decimal(12,2)>>, "
    "special_tasks array<struct<task:string,passed:boolean>>"
)
QUARTER, YEAR = datetime.date(2026, 9, 30), datetime.date(2026, 12, 31)
FACTS = [
    ("E-1", "M1", Decimal("1000.00"), Decimal("1200.50"), Decimal("90.00"), True, QUARTER, [("C-1", Decimal("100.00"))], []),
    ("E-2", "M2", Decimal("1000.00"), Decimal("900.00"), Decimal("-90.00"), True, YEAR, [], []),
    ("E-3", None, Decimal("1000.00"), None, None, None, QUARTER, None, None),
    ("E-4", "M9", Decimal("1000.00"), Decimal("-1.00"), None, None, QUARTER, [("C-1", None), None], []),
    ("E-5", "M1", None, None, None, None, None, None, None),
]  # fmt: skip


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    yield made
    made.stop()


def _frame(spark: SparkSession) -> Any:
    return spark.createDataFrame(FACTS, COLUMNS).repartition(2)


def _rows(table: Any) -> list[tuple[Any, ...]]:
    columns = [column.to_pylist() for column in table.columns]
    return sorted(zip(*columns, strict=True))


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")
def test_rows_are_decided_as_in_a_table(spark: SparkSession) -> None:
    df = _frame(spark)
    keep = ["employee", "period_end"]
    came = evaluate(df, RULESET, as_of="period_end", keep=keep)
    expected = RULESET.evaluate_table(df.toArrow(), as_of="period_end", keep=keep)
    assert isinstance(came.schema, StructType)
    assert came.columns == expected.column_names
    assert _rows(came.toArrow()) == _rows(expected)
    assert [row.refused is None for row in came.sort("employee").collect()] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_columns_are_refused_before_anything_runs(spark: SparkSession) -> None:
    df = spark.createDataFrame([("M1", 1.5)], "grade string, team_sales double")
    with pytest.raises(FactError) as refused:
        evaluate(df, RULESET, as_of=QUARTER)
    assert [problem.code for problem in refused.value.problems] == ["float"]
