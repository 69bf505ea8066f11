# SPDX-License-Identifier: MIT
"""What decides a batch of one date at once; None leaves all of it to the exact path."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import polars as pl

from rolerules.plan.plan import Plan


def decide(
    plan: Plan, frame: pl.DataFrame, units: Mapping[str, int], as_of: datetime.date, start: bool
) -> pl.DataFrame | None:
    """Leave every row to the exact path."""
    return None
