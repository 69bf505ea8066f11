# SPDX-License-Identifier: MIT
"""From the values of a plan's steps to the columns of decisions (as `engines.results` for a case)."""

from __future__ import annotations

import datetime

import attrs
import polars as pl

from rolerules.engines.columnar import status
from rolerules.engines.columnar.choose import first
from rolerules.engines.columnar.closing import closing, least_units
from rolerules.engines.columnar.column import Column, figure
from rolerules.engines.columnar.kernel import Kernel
from rolerules.engines.columnar.logic import certainly
from rolerules.engines.columnar.needs import Needs, Test, bits, either, expr, together
from rolerules.engines.columnar.texts import texts
from rolerules.engines.columnar.values import (
    Word,
    needs_of,
    number,
    truth,
    word,
)
from rolerules.plan.plan import Plan

UNDETERMINED = "undetermined"


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
class Results:
    """The columns of the decisions that a kernel's values come to."""

    kernel: Kernel
    as_of: datetime.date
    columns: dict[str, pl.Expr] = attrs.field(factory=dict)
    past: list[pl.Expr] = attrs.field(factory=list)
    """Where an amount is past 64 bits."""

    def worked(self) -> dict[str, pl.Expr]:
        """Every column by its name, in the order in which they are given."""
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
        return self.columns

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
        kind = pl.Enum(options)
        if value.chain is not None and value.needs.known is not False:
            tests, words = value.chain
            if not isinstance(value.needs.known, bool):
                tests, words = (~value.needs.known, *tests), (UNDETERMINED, *words)
            return first(tests, [pl.lit(one, kind) for one in words])
        codes = value.as_codes(options).cast(pl.UInt8)
        sure, unknown = value.needs.known, pl.lit(len(options) - 1, pl.UInt8)
        if not isinstance(sure, bool):
            codes = pl.when(sure).then(codes).otherwise(unknown)
        return (codes if sure is not False else unknown).cat.to(kind)

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
        found += [*self.past, *self.kernel.outside()]
        for place in outputs(plan):
            found.append(needs_of(self.kernel.values[place], self.kernel.rows).fails)
        return expr(either(found))


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
