# SPDX-License-Identifier: MIT
"""numpy over cents, every column; outcomes as codes, texts gathered by a mask.

It gets the grade as a code and the margin as whole ten-thousandths, made before the clock starts.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.benchmarks.people import whole_margin
from tests.benchmarks.policy import GRADES, TEXTS

NAME, PACKAGE, MONEY = "numpy", "numpy", "int64, cents"
OUTPUTS = "every column"
Arrays = dict[str, Any]
_OUTCOMES = ["met", "missed", "not_due", "undetermined"]
_WORDS = {
    "assessments.target": _OUTCOMES, "assessments.task": _OUTCOMES, "assessments.annual": _OUTCOMES,
    "status": ["active", "suspended"], "effect": [None, "proposed"], "closing.status": ["active", "suspended"],
}  # fmt: skip


def load_table() -> Callable[[Arrays], Arrays]:
    texts = np.array(TEXTS, object)

    def decide(people: Arrays) -> Arrays:
        found, mask = worked_out(people)
        count = len(mask)
        return {
            **found, "grounds": texts[mask],
            "violations": np.full(count, "", object), "missing": np.full(count, "", object),
            "closing.status": np.zeros(count, np.uint8), "closing.since": np.full(count, "NaT", "M8[D]"),
            "refused": np.full(count, None, object),
        }  # fmt: skip

    return decide


def worked_out(people: Arrays) -> tuple[Arrays, Any]:
    """Everything that hangs on the facts, and the mask of the grounds."""
    if (people["n"] > 5).any():
        raise ValueError("more than five key accounts")
    sales, key_sales, margin = people["sales"], people["key_sales"], people["margin"]
    base = np.array([20_000_00, 26_000_00, 34_000_00])[people["grade"]]
    missed, failed, annual = sales < people["target"], ~people["task"], people["annual"]
    key = (key_sales * 2 + 50) // 100
    team = ((sales - key_sales) * np.where(missed, 5, 10) + 500) // 1000
    share = np.select([margin < 500, margin < 1000, margin < 2000], [0, 5, 15], 30)
    perf = (base * share + 50) // 100
    bits = (annual == 1, ~people["sat"], missed, failed)
    mask = sum((bit.astype(np.uint8) << place for place, bit in enumerate(bits)), np.uint8(0))
    suspended = (mask != 0).astype(np.uint8)
    return {
        "pay.base": base, "pay.key": key, "pay.team": team, "pay.perf": perf,
        "pay.total": base + key + team + perf, "assessments.target": missed.astype(np.uint8),
        "assessments.task": failed.astype(np.uint8), "assessments.annual": annual,
        "status": suspended, "effect": suspended,
    }, mask  # fmt: skip


def given_table(path: Path) -> Arrays:
    return arrays(pq.read_table(path))


def arrays(people: pa.Table) -> Arrays:
    """A table's columns as arrays; `annual` is 0 for met, 1 for missed, 2 for unknown."""
    grade = pc.index_in(people["grade"], pa.array(GRADES)).to_numpy().astype(np.int8)
    annual = pc.fill_null(pc.invert(people["annual"]).cast(pa.uint8()), 2).to_numpy()
    plain = ("target", "sales", "key_sales", "n", "task", "sat")
    return {
        **{name: people[name].to_numpy() for name in plain},
        "grade": grade, "annual": annual, "margin": whole_margin(people),
    }  # fmt: skip


def answers(found: Arrays) -> dict[str, list[Any]]:
    return {
        name: [_WORDS[name][code] for code in column] if name in _WORDS else column.tolist()
        for name, column in found.items()
    }


def totals(found: Arrays) -> tuple[int, int]:
    return int(found["pay.total"].sum()), int((found["status"] != 0).sum())


def file(source: Path, target: Path) -> None:
    """Batch by batch through pyarrow; words go out as dictionaries of codes."""
    writer = None
    for batch in pq.ParquetFile(source).iter_batches(262_144):
        found, mask = worked_out(arrays(pa.Table.from_batches([batch])))
        columns = {name: _coded(name, column) for name, column in found.items()}
        columns["grounds"] = pa.DictionaryArray.from_arrays(mask, TEXTS)
        for name in ("violations", "missing"):
            columns[name] = pa.DictionaryArray.from_arrays(np.zeros(len(mask), np.int8), [""])
        columns["closing.status"] = _coded("closing.status", np.zeros(len(mask), np.uint8))
        columns["closing.since"] = pa.nulls(len(mask), pa.date32())
        columns["refused"] = pa.nulls(len(mask), pa.string())
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(target, table.schema, compression="snappy")
        writer.write_table(table)
    if writer:
        writer.close()


def _coded(name: str, column: Any) -> Any:
    if name == "effect":
        codes = pa.array(np.zeros(len(column), np.int8), mask=column == 0)
        return pa.DictionaryArray.from_arrays(codes, ["proposed"])
    return pa.DictionaryArray.from_arrays(column, _WORDS[name]) if name in _WORDS else column
