# SPDX-License-Identifier: MIT
"""The built-in names' values: the day is the same in every row, what came in may differ."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import polars as pl

from rolerules.engines.columnar.values import Same
from rolerules.engines.opening import Opening
from rolerules.engines.results import Unknown, given_values
from rolerules.model.types import DATE, TEXT, YES_NO
from rolerules.plan.plan import Plan

STATUS, SINCE, START = "opening.status", "opening.since", "opening.start"


def settled_opening(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    """The opening columns as they count: at the start of employment nothing came in."""
    if START not in frame.columns:
        return frame
    start = pl.col(START)
    changed = []
    if STATUS in frame.columns and plan.start is not None:
        first = pl.lit(plan.start, dtype=frame.schema[STATUS])
        changed.append(pl.when(start).then(first).otherwise(pl.col(STATUS)).alias(STATUS))
    came = [SINCE, *(f"opening.{name}" for name in plan.carries)]
    for name in came:
        if name in frame.columns:
            changed.append(pl.when(~start).then(pl.col(name)).alias(name))
    return frame.with_columns(changed)


def given(plan: Plan, as_of: datetime.date, start: bool) -> dict[str, Any]:
    """The value of each built-in name, or the column, type and unit it is read from."""
    opening = Opening(plan.start, True, {}, start)
    found: dict[str, Any] = {
        name: _same(name, value) for name, value in given_values(plan, as_of, opening).items()
    }
    if start:
        return found
    read = {"status_at_start": (STATUS, TEXT), "status_since": (SINCE, DATE)}
    for name, carry in plan.carries.items():
        read[f"{name}.opening"] = (f"opening.{name}", carry.type)
        if found[f"{name}.starts"].value is False:
            read[f"{name}.starts"] = (START, YES_NO)
    return {**found, **read}


def left_out(name: str, plan: Plan) -> Same:
    """What a built-in name comes to where its column is not there."""
    if name == "status_at_start":
        return Same(plan.start) if plan.start else _same(name, None)
    return Same(False) if name.endswith(".starts") else _same(name, None)


def _same(name: str, value: Any) -> Same:
    if value is None:
        return Same(Unknown(frozenset([name])))
    return Same(Fraction(value) if type(value) is int else value)
