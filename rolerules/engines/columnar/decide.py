# SPDX-License-Identifier: MIT
"""The door of the columnar engine: a plan and a frame of facts → a frame of decisions.

What was built for one batch of a table serves the next ones that are like it: the same columns,
of amounts that lie within the same powers of two.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Mapping
from typing import Any

import attrs
import polars as pl

from rolerules.engines.columnar.given import given, settled_opening
from rolerules.engines.columnar.kernel import Kernel
from rolerules.engines.columnar.results import Results, outputs
from rolerules.engines.columnar.rows import Rows, UnsupportedError, collected
from rolerules.engines.columnar.spans import AsIs, Spans, list_and_field, spans
from rolerules.plan.bounds import UnprovedError
from rolerules.plan.plan import Plan

SMALLER = (10**12, 10**9, 10**6, 10**4)
"""Sizes of amounts, in whole units; where a batch is too large for 128 bits, what lies within."""
_KEPT = 100
"""So many programs are kept; then they are built anew."""


@attrs.frozen(slots=True, eq=False)
class Program:
    """Columns of decisions as expressions over a frame: those kept on the way, by stages, first.

    `same` are the columns that are the same in every row.
    """

    stages: tuple[tuple[pl.Expr, ...], ...]
    varying: tuple[pl.Expr, ...]
    same: tuple[pl.Expr, ...]
    names: tuple[str, ...]

    def run(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Decide a frame."""
        lazy, height = frame.lazy(), frame.height
        for stage in self.stages:
            lazy = lazy.with_columns(stage)
        varying = (
            collected(lazy.select(self.varying), height)
            if self.varying
            else pl.DataFrame(height=height)
        )
        # By names alone, which is not planned as a query: a tenth of the time.
        found = varying.with_columns(self.same)[list(self.names)]
        if found["exact"].null_count():  # a test of what is not known: nothing is sure there
            found = found.with_columns(pl.col("exact").fill_null(True))
        return found


Programs = dict[Any, Program]


@attrs.frozen(slots=True)
class Batch:
    """What a batch is decided by: one plan, one day, and the units that amounts are held in."""

    plan: Plan
    units: Mapping[str, int]
    as_of: datetime.date
    start: bool
    programs: Programs
    as_is: Mapping[str, AsIs]


def decide(
    plan: Plan,
    frame: pl.DataFrame,
    units: Mapping[str, int],
    as_of: datetime.date,
    start: bool,
    programs: Programs | None = None,
    as_is: Mapping[str, AsIs] | None = None,
) -> pl.DataFrame | None:
    """Decide every case of a frame; None where the plan or the amounts are none for columns.

    A fact has the column of its name; amounts are whole numbers in units of 1/`units[name]`, those
    in items of a list of 1/`units[of_items(list, field)]`.
    Where `start` is said, every case is the start of employment, else what came in stands in
    `opening.status`, `opening.since`, `opening.NAME` and `opening.start`. `programs` keeps what
    was built, for the next batch of the same ruleset; `as_is` are columns of facts that were not
    read.

    Gives the columns of the decision: money in the currency's least unit, null for what is
    undetermined, and `exact` for the cases that the exact path has to decide.
    """
    batch = Batch(plan, units, as_of, start, {} if programs is None else programs, as_is or {})
    try:
        return _decided(batch, frame)
    except UnsupportedError:
        return None
    except UnprovedError:
        if batch.as_is:  # read, the batch's own bounds may do
            return None
        with contextlib.suppress(UnsupportedError):
            return _without_large(batch, frame)
        return None


def _decided(batch: Batch, frame: pl.DataFrame) -> pl.DataFrame:
    if not batch.start:
        frame = settled_opening(batch.plan, frame)
    bounds = spans(frame, batch.units, batch.as_is)
    units = tuple(sorted(batch.units.items()))
    key = (
        batch.plan.since,
        batch.as_of,
        batch.start,
        tuple(frame.schema.items()),
        units,
        bounds.key,
    )
    program = batch.programs.get(key)
    if program is not None:
        return program.run(frame)
    rows = Rows(frame)
    program = _built(batch, rows, bounds)
    if rows.frame is frame:  # no list made it a program of this frame alone
        if len(batch.programs) > _KEPT:
            batch.programs.clear()
        batch.programs[key] = program
    return program.run(rows.frame)


def _built(batch: Batch, rows: Rows, bounds: Spans) -> Program:
    kernel = Kernel(
        batch.plan, rows, batch.units, given(batch.plan, batch.as_of, batch.start), bounds
    )
    kernel.work(outputs(batch.plan))
    columns = Results(kernel, batch.as_of).worked()
    varying = {name: one for name, one in columns.items() if one.meta.root_names()}
    return Program(
        rows.stages,
        tuple(one.alias(name) for name, one in varying.items()),
        tuple(_one(one).alias(name) for name, one in columns.items() if name not in varying),
        tuple(columns),
    )


def _one(same: pl.Expr) -> pl.Expr:
    """What is the same in every row, worked out."""
    found = pl.select(same).to_series()
    return pl.lit(found.item(), dtype=found.dtype)


def _without_large(batch: Batch, frame: pl.DataFrame) -> pl.DataFrame | None:
    """Decide the cases whose amounts are small enough; the others take the exact path."""
    for most in SMALLER:
        small = frame.rechunk().select(_within(batch.units, most)).to_series()
        if not small.any() or small.all():
            continue
        try:
            found = _decided(batch, frame.filter(small))
        except UnprovedError:
            continue
        places = pl.select(pl.when(small).then(small.cast(pl.UInt32).cum_sum() - 1)).to_series()
        return found.select(pl.all().gather(places)).with_columns(pl.col("exact").fill_null(True))
    return None


def _within(units: Mapping[str, int], most: int) -> pl.Expr:
    """The rows in which no amount is past a size, in whole units."""
    found = [pl.lit(True)]
    for name, unit in units.items():
        listed, field = list_and_field(name)
        if field:
            one = pl.element().struct.field(field)
            found.append(pl.col(listed).list.eval(_inside(one, most * unit)).list.all())
        else:
            found.append(_inside(pl.col(name), most * unit))
    return pl.all_horizontal(one.fill_null(True) for one in found)


def _inside(value: pl.Expr, most: int) -> pl.Expr:
    return value.cast(pl.Int128).is_between(pl.lit(-most, pl.Int128), pl.lit(most, pl.Int128))
