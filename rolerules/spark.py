# SPDX-License-Identifier: MIT
"""On a cluster: a Spark DataFrame of cases → a Spark DataFrame of decisions, by the same code.

Every worker needs rolerules with the extra `spark`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import attrs

from rolerules.extras import require
from rolerules.ruleset import Ruleset

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    from rolerules.bulk.table import Batches

_ROWS = 65_536
"""Rows decided at once; Spark's own batches are smaller."""


def evaluate(
    df: DataFrame,
    ruleset: Ruleset,
    *,
    as_of: datetime.date | str,
    minor_units: bool = False,
    keep: Iterable[str] = (),
) -> DataFrame:
    """Decide every row of a Spark DataFrame; arguments, columns and errors as `evaluate_table`.

    Columns are looked at and refused at once, rows when Spark works them out.
    """
    require("spark")
    import polars as pl  # these need the extra
    from pyspark.sql.pandas.types import to_arrow_schema
    from pyspark.sql.types import StructType

    from rolerules.bulk.arrive import arrive
    from rolerules.bulk.table import prepared

    frame, _ = arrive(to_arrow_schema(df.schema).empty_table())
    batches = prepared(ruleset, frame.schema, as_of=as_of, minor_units=minor_units, keep=keep)
    kept = batches.layout.keep
    batches = attrs.evolve(batches, layout=attrs.evolve(batches.layout, keep=()))
    results = {name: _spark_type(pl, kind) for name, kind in batches.schema(frame.schema).items()}
    schema = StructType([df.schema[name] for name in kept])
    for name, kind in results.items():
        schema = schema.add(name, kind)
    return df.mapInArrow(_decider(batches, kept, to_arrow_schema(schema)), schema)


def _spark_type(pl: Any, kind: Any) -> Any:
    """How Spark holds a result: words are texts there."""
    from pyspark.sql import types

    if isinstance(kind, pl.Decimal):
        return types.DecimalType(38, kind.scale)
    named = {pl.Int64: types.LongType(), pl.Date: types.DateType(), pl.Boolean: types.BooleanType()}
    return named.get(type(kind), types.StringType())


def _decider(
    batches: Batches, keep: tuple[str, ...], schema: pa.Schema
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What each worker does with the batches of its partition."""

    def decide(given: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import polars as pl
        import pyarrow as pa

        from rolerules.bulk.arrive import arrive

        for table in _gathered(given):
            frame, _ = arrive(table)
            results = batches.decide(frame).frame.cast({pl.Enum: pl.String}).to_arrow()
            columns = [*(table[name] for name in keep), *results.columns]
            made = pa.table(columns, names=[*keep, *results.column_names])
            yield from made.cast(schema).to_batches()

    return decide


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Small batches put together."""
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= _ROWS:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)
