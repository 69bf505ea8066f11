# SPDX-License-Identifier: MIT
"""From a plan and a frame of facts to the columns of a decision (as `results.decide` for a case)."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Mapping

import attrs
import polars as pl

from rolerules.engines.columnar import status
from rolerules.engines.columnar.closing import closing, least_units
from rolerules.engines.columnar.column import Column, figure
from rolerules.engines.columnar.given import given, settled_opening
from rolerules.engines.columnar.kernel import Kernel
from rolerules.engines.columnar.logic import certainly
from rolerules.engines.columnar.needs import Needs, Test, bits, either, expr, together
from rolerules.engines.columnar.rows import Rows, UnsupportedError, collected
from rolerules.engines.columnar.texts import texts
from rolerules.engines.columnar.values import (
    Word,
    needs_of,
    number,
    truth,
    word,
)
from rolerules.plan.bounds import UnprovedError
from rolerules.plan.plan import Plan

UNDETERMINED = "undetermined"
SMALLER = (10**12, 10**9, 10**6, 10**4)
"""Sizes of amounts, in whole units; where a batch is too large for 128 bits, what lies within."""


def decide(
    plan: Plan,
    frame: pl.DataFrame,
    units: Mapping[str, int],
    as_of: datetime.date,
    start: bool,
) -> pl.DataFrame | None:
    """Decide every case of a frame; None where the plan or the amounts are none for columns.

    A fact has the column of its name; amounts are whole numbers in units of 1/`units[name]`.
    Where `start` is said, every case is the start of employment, else what came in stands in
    `opening.status`, `opening.since`, `opening.NAME` and `opening.start`.

    Gives the columns of the decision: money in the currency's least unit, null for what is
    undetermined, and `exact` for the cases that the exact path has to decide.
    """
    try:
        return _decided(plan, frame, units, as_of, start)
    except UnsupportedError:
        return None
    except UnprovedError:
        with contextlib.suppress(UnsupportedError):
            return _without_large(plan, frame, units, as_of, start)
        return None


def _decided(
    plan: Plan, frame: pl.DataFrame, units: Mapping[str, int], as_of: datetime.date, start: bool
) -> pl.DataFrame:
    rows = Rows(frame if start else settled_opening(plan, frame))
    kernel = Kernel(plan, rows, units, given(plan, as_of, start))
    kernel.work(outputs(plan))
    return _Results(kernel, as_of).frame()


def _without_large(
    plan: Plan, frame: pl.DataFrame, units: Mapping[str, int], as_of: datetime.date, start: bool
) -> pl.DataFrame | None:
    """Decide the cases whose amounts are small enough; the others take the exact path."""
    for most in SMALLER:
        small = frame.select(within(units, most)).to_series()
        if not small.any() or small.all():
            continue
        try:
            found = _decided(plan, frame.filter(small), units, as_of, start)
        except UnprovedError:
            continue
        places = pl.select(pl.when(small).then(small.cast(pl.UInt32).cum_sum() - 1)).to_series()
        return found.select(pl.all().gather(places)).with_columns(pl.col("exact").fill_null(True))
    return None


def within(units: Mapping[str, int], most: int) -> pl.Expr:
    """The rows in which no amount is past a size, in whole units."""
    found = [pl.lit(True)]
    for name, unit in units.items():
        listed, _, field = name.partition(".")
        if field and listed != "opening":
            one = pl.element().struct.field(field)
            found.append(pl.col(listed).list.eval(_inside(one, most * unit)).list.all())
        else:
            found.append(_inside(pl.col(name), most * unit))
    return pl.all_horizontal(one.fill_null(True) for one in found)


def _inside(value: pl.Expr, most: int) -> pl.Expr:
    return value.cast(pl.Int128).is_between(pl.lit(-most, pl.Int128), pl.lit(most, pl.Int128))


def outputs(plan: Plan) -> list[int]:
    """The steps that a decision is made of."""
    found = [line.result for line in plan.lines.values()]
    found += [one.result for one in (*plan.assessments.values(), *plan.duties.values())]
    found += [*plan.indicators.values(), *(limit.result for limit in plan.limits.values())]
    found += [carry.result for carry in plan.carries.values()]
    found += [step for change in plan.changes for step in change.grounds.values()]
    found += [one.notice_days for one in plan.changes if one.notice_days is not None]
    return list(dict.fromkeys(found))


@attrs.define(eq=False)
class _Results:
    kernel: Kernel
    as_of: datetime.date
    columns: dict[str, pl.Expr] = attrs.field(factory=dict)
    past: list[pl.Expr] = attrs.field(factory=list)
    """Where an amount is past 64 bits."""

    def frame(self) -> pl.DataFrame:
        plan, values = self.kernel.plan, self.kernel.values
        self._lines(plan)
        for name, one in plan.assessments.items():
            self.columns[f"assessments.{name}"] = self._outcome(
                word(values[one.result], self.kernel.rows), plan
            )
        decided = status.status(self.kernel, self.as_of)
        needs = [needs_of(values[place], self.kernel.rows) for place in _looked_at(plan)]
        if decided is not None:
            needs.append(decided.needs)
            self.columns |= decided.columns
        broken = [name for name, one in plan.limits.items() if one.severity == "violation"]
        self.columns["violations"] = texts({name: self._broken(name) for name in broken})
        missing = together(needs)
        self.columns["missing"] = self._missing(missing)
        if decided is not None:
            self.columns |= decided.closing
        self.columns |= closing(self.kernel, self.long)
        self.columns["exact"] = self._exact(plan)
        return self._collected()

    def _lines(self, plan: Plan) -> None:
        unit, needs, total = 10**plan.digits, list[Needs](), figure(0)
        for name, line in plan.lines.items():
            amount = number(self.kernel.values[line.result], self.kernel.rows)
            units = least_units(amount.ratio, unit)
            needs.append(amount.needs)
            total = total.plus(units)
            self.columns[f"pay.{name}"] = masked(self.long(units), amount.needs)
        self.columns["pay.total"] = masked(self.long(total), together(needs))

    def long(self, units: Column) -> pl.Expr:
        """Whole numbers in 64 bits; the exact path has the cases that do not fit."""
        if not units.wide:
            return units.expr
        narrow = units.expr.cast(pl.Int64, strict=False)
        self.past.append(narrow.is_null() & units.expr.is_not_null())
        return narrow

    def _outcome(self, value: Word, plan: Plan) -> pl.Expr:
        options = (*_words(plan), UNDETERMINED)
        codes = value.as_codes(options).cast(pl.UInt8)
        sure, unknown = value.needs.known, pl.lit(len(options) - 1, pl.UInt8)
        if not isinstance(sure, bool):
            codes = pl.when(sure).then(codes).otherwise(unknown)
        return (codes if sure is not False else unknown).cat.to(pl.Enum(options))

    def _broken(self, name: str) -> pl.Expr:
        return certainly(
            truth(self.kernel.values[self.kernel.plan.limits[name].result], self.kernel.rows), False
        )

    def _missing(self, missing: Needs) -> pl.Expr:
        names = {
            name: (bits(missing.waits) & pl.lit(bit, pl.UInt64)) != 0
            for name, bit in self.kernel.rows.names.bits.items()
            if not name.startswith("silent:")
        }
        return texts({} if missing.known is True else names)

    def _exact(self, plan: Plan) -> pl.Expr:
        """Where something may fail, or a limit refuses the case."""
        found: list[Test] = [
            self._broken(name) for name, one in plan.limits.items() if one.severity == "error"
        ]
        found += self.past
        for place in outputs(plan):
            found.append(needs_of(self.kernel.values[place], self.kernel.rows).fails)
        return expr(either(found)).fill_null(True)

    def _collected(self) -> pl.DataFrame:
        """Everything worked out; what is the same in every row is put beside it."""
        rows, height = self.kernel.rows, self.kernel.rows.frame.height
        varying = [one.alias(name) for name, one in self.columns.items() if one.meta.root_names()]
        same = [
            pl.select(one.alias(name)).to_series().new_from_index(0, height)
            for name, one in self.columns.items()
            if not one.meta.root_names()
        ]
        if not varying:
            return pl.DataFrame(same)
        found = collected(rows.waiting().select(varying))
        return found.with_columns(same).select(list(self.columns))


def _looked_at(plan: Plan) -> list[int]:
    """The steps whose needs are the decision's; those of the status are gathered with it."""
    found = [line.result for line in plan.lines.values()] + list(plan.indicators.values())
    found += [one.result for one in (*plan.assessments.values(), *plan.duties.values())]
    found += [limit.result for limit in plan.limits.values()]
    return found + [carry.result for carry in plan.carries.values()]


def _words(plan: Plan) -> tuple[str, ...]:
    one = next(iter(plan.assessments.values()))
    return tuple(plan.steps[one.result].type.options)


def masked(value: pl.Expr, needs: Needs) -> pl.Expr:
    """Null where something is waited for."""
    sure = needs.known
    if isinstance(sure, bool):
        return value if sure else pl.lit(None, pl.Int64)
    return pl.when(sure).then(value)
