# SPDX-License-Identifier: MIT
"""Polars by hand, the least that could be called an answer: lines, total, status, a mask of grounds.

No outcome of an assessment, no effect, no texts: what one writes who needs only the amounts.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from tests.benchmarks.peers.polars_hand import (
    PAY,
    PERF,
    amounts,
    collected,
    given_table,
    status,
    totals,
    written,
)

NAME, PACKAGE, MONEY = "hand-written Polars, lean", "polars", "Int64, cents"
OUTPUTS = "lines, total, status, mask"
__all__ = [
    "MONEY",
    "NAME",
    "OUTPUTS",
    "PACKAGE",
    "answers",
    "file",
    "given_table",
    "load_table",
    "totals",
]


def lean(people: pl.LazyFrame) -> pl.LazyFrame:
    """Lines, total, status, mask."""
    return people.select(amounts()).with_columns(PERF).select(*PAY, status(), "mask")


def load_table() -> Callable[[pl.DataFrame], pl.DataFrame]:
    return collected(lean)


def answers(found: pl.DataFrame) -> dict[str, list[Any]]:
    return found.to_dict(as_series=False)


def file(source: Path, target: Path) -> None:
    written(lean, source, target)
