# SPDX-License-Identifier: MIT
"""A table of cases → a table of decisions, by batches that are decided each on its own."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs
import polars as pl

from rolerules.bulk.arrive import arrive
from rolerules.bulk.columns import Column, read_column
from rolerules.bulk.days import days_as_texts
from rolerules.bulk.exact import Decides, RowByRow, Stopped, never, reasons
from rolerules.bulk.layout import Canonical, Layout, lay_out
from rolerules.bulk.results import REFUSED, leaving, leaving_schema, result_schema
from rolerules.engines.columnar.decide import decide
from rolerules.engines.facts import read_as_of
from rolerules.model.types import DATE
from rolerules.problems import FactError, Problem, RolerulesError


@attrs.frozen(slots=True)
class Decided:
    """A batch of results as they leave, and how many of its rows went the exact path."""

    frame: pl.DataFrame
    exact: int


@attrs.frozen(slots=True)
class Batches:
    """Decides batches of one table: a ruleset, and what the columns of the table are."""

    ruleset: Decides
    layout: Layout
    stop: Callable[[], bool] = never

    def decide(self, given: pl.DataFrame) -> Decided:
        """Decide the rows of a batch, in their order. Raises `Stopped` once it is to stop.

        Raises `RulesetError` where the one date of all rows has no figures.
        """
        if self.stop():
            raise Stopped
        results, exact = self._by_date(given, self.layout.read(given))
        results = leaving(results, self.ruleset.model, minor_units=self.layout.minor_units)
        if self.layout.keep:
            results = results.with_columns(given[name] for name in self.layout.keep)
        return Decided(results[[*self.layout.keep, *self.layout.results]], exact)

    def schema(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The kinds of the columns that come out of a table with columns of the given kinds."""
        results = leaving_schema(self.ruleset.model, minor_units=self.layout.minor_units)
        return {name: given[name] for name in self.layout.keep} | dict(results)

    def _by_date(self, given: pl.DataFrame, read: Canonical) -> tuple[pl.DataFrame, int]:
        as_of = self.layout.as_of
        if isinstance(as_of, datetime.date):
            return self._on(as_of, given, read)
        days, _ = read_column(given[as_of], Column(as_of, DATE), 0, {}, minor=False)
        places = pl.int_range(given.height, eager=True)
        parts, order, exact = [], [], 0
        for day in days.unique():
            some = days.is_null() if day is None else (days == day).fill_null(False)
            part = given.filter(some)
            if day is None:
                found, slow = self._undated(days_as_texts(part[as_of])), 0
            else:
                found, slow = self._dated(day, part, _filtered(read, some))
            parts.append(found)
            order.append(places.filter(some))
            exact += slow
        if not parts:
            return self._refused([]), 0
        back = pl.concat(order).arg_sort()
        return _stacked(parts)[back], exact

    def _dated(
        self, day: datetime.date, given: pl.DataFrame, read: Canonical
    ) -> tuple[pl.DataFrame, int]:
        """Decide the rows of one of several dates: where figures are missing on it, they alone are refused."""
        try:
            return self._on(day, given, read)
        except RolerulesError as error:
            return self._refused([reasons(error.problems)] * given.height), 0

    def _undated(self, given: pl.Series) -> pl.DataFrame:
        empty = Problem("as-of", "the row has no as-of date", help="give its period's last day", path="as_of")  # fmt: skip
        why = []
        for value in given:
            try:
                read_as_of(value)
            except FactError as error:
                problems = (empty,) if value is None else error.problems
                why.append(reasons(problems))
        return self._refused(why)

    def _refused(self, why: list[str]) -> pl.DataFrame:
        """Rows of nothing but reasons."""
        nothing = {
            name: pl.Series([None], dtype=kind).new_from_index(0, len(why))
            for name, kind in result_schema(self.ruleset.model).items()
        }
        return pl.DataFrame({**nothing, REFUSED: pl.Series(why, dtype=pl.String)})

    def _by_columns(self, day: datetime.date, read: Canonical) -> pl.DataFrame | None:
        plan, start = self.ruleset.at(day), self.layout.start
        programs = self.ruleset.programs
        return decide(plan, read.frame, read.units, day, start, programs, read.as_is)

    def _on(
        self, day: datetime.date, given: pl.DataFrame, read: Canonical
    ) -> tuple[pl.DataFrame, int]:
        """Decide rows of one date: by the kernel, and those that it leaves by the exact path."""
        found = self._by_columns(day, read)
        if found is None and read.as_is:
            read = self.layout.read(given, whole=True)
            found = self._by_columns(day, read)
        one_by_one = RowByRow(self.ruleset, self.layout, self.stop)
        if found is None:
            return one_by_one.decide(given, day), given.height
        left = found["exact"] if read.left is None else found["exact"] | read.left
        found = found[[name for name in found.columns if name != "exact"]]
        found = found.with_columns(pl.lit(None, pl.String).alias(REFUSED))
        slow = int(left.sum())
        if not slow:
            return found, 0
        rows = one_by_one.decide(given.filter(left), day)
        places = pl.int_range(given.height, eager=True)
        back = pl.concat([places.filter(~left), places.filter(left)]).arg_sort()
        return _stacked([found.filter(~left), rows])[back], slow


def evaluate_table(
    ruleset: Decides,
    table: Any,
    *,
    as_of: datetime.date | str,
    minor_units: bool,
    keep: Iterable[str],
) -> Any:
    """Decide every row of a table and give the caller's kind of table back."""
    frame, leave = arrive(table)
    batches = prepared(ruleset, frame.schema, as_of=as_of, minor_units=minor_units, keep=keep)
    return leave(batches.decide(frame).frame)


def prepared(
    ruleset: Decides,
    schema: Mapping[str, Any],
    *,
    as_of: datetime.date | str,
    minor_units: bool,
    keep: Iterable[str],
) -> Batches:
    """Settle what the columns are and what date is meant. Raises `RolerulesError`."""
    day = as_of if isinstance(as_of, str) and as_of in schema else _day(as_of, schema)
    if isinstance(day, datetime.date):
        ruleset.at(day)  # figures that are missing for every row are said at once
    results = tuple(leaving_schema(ruleset.model, minor_units=minor_units))
    layout = lay_out(
        ruleset.model, schema, day, minor_units=minor_units, keep=keep, results=results
    )
    return Batches(ruleset, layout)


def _day(as_of: object, schema: Mapping[str, Any]) -> datetime.date:
    try:
        return read_as_of(as_of)
    except FactError as error:
        (problem,) = error.problems
        mend = f"{problem.help}; or name a column of dates"
        raise FactError([attrs.evolve(problem, help=mend)]) from None


def _filtered(read: Canonical, some: pl.Series) -> Canonical:
    left = None if read.left is None else read.left.filter(some)
    return Canonical(read.frame.filter(some), read.units, left, read.as_is)


def _stacked(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Parts one below the other; amounts are as wide as the widest of them."""
    return parts[0] if len(parts) == 1 else pl.concat(parts, how="vertical_relaxed")
