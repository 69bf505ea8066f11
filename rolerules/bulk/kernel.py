# SPDX-License-Identifier: MIT
"""What decides a batch of one date: the columns that come out, and which rows go the exact path."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import polars as pl

from rolerules.bulk.results import result_schema
from rolerules.plan.plan import Plan


def decide(
    plan: Plan, frame: pl.DataFrame, units: Mapping[str, int], as_of: datetime.date, start: bool
) -> pl.DataFrame:
    """Leave every row to the exact path."""
    nothing = [
        pl.Series(name, [None], kind).new_from_index(0, frame.height)
        for name, kind in result_schema(plan).items()
    ]
    exact = pl.Series("exact", [True]).new_from_index(0, frame.height)
    return pl.DataFrame([*nothing, exact])
