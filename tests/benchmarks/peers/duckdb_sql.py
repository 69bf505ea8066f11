# SPDX-License-Identifier: MIT
"""DuckDB over cents, every column; into an Arrow table, or from Parquet to Parquet.

What was tried and kept: a list of texts looked up by the mask, and words that are of their types from
the outset instead of cast from texts (a third less time).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.benchmarks.policy import TEXTS

NAME, PACKAGE, MONEY = "DuckDB", "duckdb", "BIGINT, cents"
OUTPUTS = "every column"

_CREATE = """
CREATE TYPE outcomes AS ENUM ('met', 'missed', 'not_due', 'undetermined');
CREATE TYPE states AS ENUM ('active', 'suspended');
CREATE TYPE effects AS ENUM ('proposed', 'effective');
"""
_QUERY = """
SELECT base AS "pay.base", key AS "pay.key", team AS "pay.team", perf AS "pay.perf",
  base + key + team + perf AS "pay.total",
  CASE WHEN missed THEN 'missed'::outcomes ELSE 'met'::outcomes END AS "assessments.target",
  CASE WHEN task THEN 'met'::outcomes ELSE 'missed'::outcomes END AS "assessments.task",
  CASE WHEN annual IS NULL THEN 'not_due'::outcomes WHEN annual THEN 'met'::outcomes
    ELSE 'missed'::outcomes END
    AS "assessments.annual",
  CASE WHEN mask <> 0 THEN 'suspended'::states ELSE 'active'::states END AS status,
  CASE WHEN mask <> 0 THEN 'proposed'::effects END AS effect,
  {texts} AS grounds, '' AS violations, '' AS missing,
  'active'::states AS "closing.status", NULL::DATE AS "closing.since", NULL::VARCHAR AS refused
FROM (SELECT *, (base * share + 50) // 100 AS perf FROM (SELECT task, annual,
  CASE WHEN n > 5 THEN error('more than five key accounts') ELSE
    CASE grade WHEN 'M1' THEN 2000000 WHEN 'M2' THEN 2600000 ELSE 3400000 END::BIGINT END AS base,
  (key_sales * 2 + 50) // 100 AS key,
  ((sales - key_sales) * CASE WHEN sales < target THEN 5 ELSE 10 END + 500) // 1000 AS team,
  CASE WHEN margin < 0.05 THEN 0 WHEN margin < 0.10 THEN 5 WHEN margin < 0.20 THEN 15 ELSE 30 END::BIGINT
    AS share,
  sales < target AS missed,
  CASE WHEN annual = false THEN 1 ELSE 0 END + CASE WHEN sat THEN 0 ELSE 2 END
    + CASE WHEN sales < target THEN 4 ELSE 0 END + CASE WHEN task THEN 0 ELSE 8 END AS mask
FROM {people}))
"""
_LISTED = ", ".join(f"'{text}'" for text in TEXTS)
_TEXTS = f"([{_LISTED}])[mask + 1]"


def load_table() -> Callable[[pa.Table], pa.Table]:
    connection = duckdb.connect()
    connection.execute(_CREATE)

    def decide(people: pa.Table) -> pa.Table:
        connection.register("people", people)
        try:
            return connection.sql(_QUERY.format(texts=_TEXTS, people="people")).to_arrow_table()
        finally:
            connection.unregister("people")

    return decide


def given_table(path: Path) -> pa.Table:
    return pq.read_table(path).combine_chunks()


def answers(found: pa.Table) -> dict[str, list[Any]]:
    return found.to_pydict()


def totals(found: pa.Table) -> tuple[int, int]:
    suspended = pc.sum(pc.equal(found["status"].cast(pa.string()), "suspended")).as_py()
    return pc.sum(found["pay.total"]).as_py(), suspended


def file(source: Path, target: Path) -> None:
    connection = duckdb.connect()
    connection.execute(_CREATE)
    query = _QUERY.format(texts=_TEXTS, people=f"read_parquet('{source}')")
    connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION snappy)")
