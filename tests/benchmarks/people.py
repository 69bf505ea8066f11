# SPDX-License-Identifier: MIT
"""Tables of people for the benchmark, seeded: the same rows on every machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks.policy import GRADES, SEED, Case

_CHUNK = 1_000_000
_GROUP = 262_144
_SCHEMA = pa.schema(
    [
        ("grade", pa.string()), ("target", pa.int64()), ("sales", pa.int64()),
        ("key_sales", pa.int64()), ("n", pa.int64()), ("margin", pa.decimal128(9, 4)),
        ("task", pa.bool_()), ("sat", pa.bool_()), ("annual", pa.bool_()),
    ]
)  # fmt: skip


def people_file(folder: Path, count: int) -> Path:
    """The Parquet file of so many people, written once: amounts as whole cents."""
    path = folder / f"people_{count}.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with pq.ParquetWriter(
            part, _SCHEMA, compression="snappy", store_decimal_as_integer=True
        ) as to:
            for start in range(0, count, _CHUNK):
                to.write_table(_people(start, min(_CHUNK, count - start)), row_group_size=_GROUP)
        part.rename(path)
    return path


def _people(start: int, count: int) -> pa.Table:
    """Random people; one in ten exactly on the target, one in five on half a cent."""
    draw = np.random.default_rng(SEED + start)
    target = draw.integers(100_000_00, 5_000_000_00, count)
    sales = target * draw.integers(500, 1600, count) // 1000
    sales = np.where(draw.random(count) < 0.1, target, sales)
    key = (sales * draw.random(count)).astype(np.int64)
    tie = draw.integers(0, 10, count)
    key -= np.where(tie == 0, (key - 25) % 50, 0)
    key -= np.where(tie == 1, (key - (sales - 100)) % 200, 0)
    margin = draw.integers(-2000, 4000, count)
    margin = np.where(draw.random(count) < 0.1, draw.choice([500, 1000, 2000], count), margin)
    year = draw.integers(0, 4, count)
    columns = [
        pa.DictionaryArray.from_arrays(draw.integers(0, 3, count, np.int8), list(GRADES)).cast(pa.string()),
        target, sales, np.clip(key, 0, sales), draw.integers(0, 6, count),
        decimals(margin, 4),
        draw.random(count) < 0.85, draw.random(count) < 0.85,
        pa.array(year != 2, mask=year == 3),
    ]  # fmt: skip
    return pa.table(columns, schema=_SCHEMA)


def decimals(whole: Any, digits: int) -> pa.Array:
    """Exact decimals of whole numbers of their least unit: two 64-bit words each."""
    words = np.stack([whole.astype(np.int64), np.where(whole < 0, -1, 0)], axis=1)
    kind = pa.decimal128(9, digits)
    return pa.Array.from_buffers(kind, len(whole), [None, pa.py_buffer(words.tobytes())])


def table_of(cases: list[Case]) -> pa.Table:
    """Cases as a table of the same columns."""
    columns = {name: [one[name] for one in cases] for name in _SCHEMA.names}
    columns["margin"] = decimals(np.array(columns["margin"]), 4)
    return pa.table(columns, schema=_SCHEMA)


def whole_margin(table: pa.Table) -> Any:
    """The margin as whole ten-thousandths, for programs that hold it so."""
    held = table.column("margin").combine_chunks()
    words = np.frombuffer(held.buffers()[1], np.int64, 2 * len(held), 16 * held.offset)
    return np.ascontiguousarray(words[::2]).astype(np.int32)
