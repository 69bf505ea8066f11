# SPDX-License-Identifier: MIT
"""The exact path: rows decided one by one as `evaluate` decides a case, or refused as it refuses."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

import attrs
import polars as pl

from rolerules.bulk.days import days_as_texts
from rolerules.bulk.layout import OPENING, START, Layout
from rolerules.bulk.listed import items_of
from rolerules.bulk.results import REFUSED, money_columns, result_schema, row_of
from rolerules.decision import Decision
from rolerules.engines.facts import read_value
from rolerules.model.model import Model
from rolerules.model.types import ANY, YES_NO, Type
from rolerules.plan.plan import Plan
from rolerules.problems import FactError, Problem, RolerulesError

_SINCE = f"{OPENING}since"
_MOST = {True: 2**63 - 1, False: 10**38 - 1}
"""The greatest amount of a result column: Int64 of least units, or a decimal of 38 digits."""


_ROWS = 16_384
"""Rows that stand in memory as Python values at once."""


class Stopped(Exception):  # noqa: N818 (it is no error)
    """Whoever waits for the rows has asked to stop."""


def never() -> bool:
    """Go on to the end."""
    return False


class Decides(Protocol):
    """A ruleset, as tables see it."""

    @property
    def model(self) -> Model:
        """What the ruleset means."""

    @property
    def programs(self) -> dict[Any, Any]:
        """What was built for tables before."""

    def at(self, as_of: datetime.date | str) -> Plan:
        """The plan of a date."""

    def evaluate(
        self,
        facts: object,
        *,
        as_of: datetime.date | str,
        opening: Mapping[str, Any] | None = None,
    ) -> Decision:
        """Decide one case."""


@attrs.frozen(slots=True)
class RowByRow:
    """Decides rows of a table, given as they came, one after the other until it is to stop."""

    ruleset: Decides
    layout: Layout
    stop: Callable[[], bool]

    def decide(self, rows: pl.DataFrame, as_of: datetime.date) -> pl.DataFrame:
        """The result columns of rows, with `refused`. Raises `Stopped`."""
        parts = [self._part(part, as_of) for part in rows.iter_slices(_ROWS)]
        parts = parts or [self._part(rows, as_of)]
        return parts[0] if len(parts) == 1 else pl.concat(parts, how="vertical_relaxed")

    def _part(self, rows: pl.DataFrame, as_of: datetime.date) -> pl.DataFrame:
        schema = {**result_schema(self.ruleset.model), REFUSED: pl.String()}
        columns: list[list[Any]] = [[] for _ in schema]
        for row in self._readable(rows).iter_rows(named=True):
            if self.stop():
                raise Stopped
            for column, value in zip(columns, self._row(row, as_of), strict=True):
                column.append(value)
        return pl.DataFrame(
            [
                pl.Series(name, values, _wide_enough(kind, values), strict=True)
                for (name, kind), values in zip(schema.items(), columns, strict=True)
            ]
        )

    def _readable(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows without what is only kept, and with texts for days that Python has none for."""
        rows = rows.drop(name for name in self.layout.keep if name not in self.layout.given)
        return rows.with_columns(map(days_as_texts, rows.get_columns()))

    def _row(self, row: Mapping[str, Any], as_of: datetime.date) -> list[Any]:
        model = self.ruleset.model
        width = len(result_schema(model))
        try:
            decision = self.ruleset.evaluate(
                self._facts(row), as_of=as_of, opening=self._opening(row)
            )
            found = row_of(model, decision)
            self._fits(found)
        except RolerulesError as error:
            return [None] * width + [reasons(error.problems)]
        return [*found, None]

    def _facts(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            column.name: self._given(row[column.name], column.type)
            for column in self.layout.columns
            if column.name in self.layout.given and not column.name.startswith(OPENING)
        }

    def _given(self, value: Any, type_: Type) -> Any:
        """A value as a case would have it: least units as an amount of the currency."""
        if type_.item is not None and isinstance(value, str):
            items = items_of(value)
            return value if items is None else items
        if value is None or not self.layout.minor_units:
            return value
        if type_.kind == "money" and isinstance(value, int):
            return Decimal(f"{value}e-{self.layout.digits}")
        if type_.item is not None:
            kinds = {field.name: field.type for field in type_.item.fields}
            return [
                item and {name: self._given(one, kinds[name]) for name, one in item.items()}
                for item in value
            ]
        return value

    def _opening(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        if self.layout.start:
            return None
        start, problems = read_value(row.get(START), YES_NO, ANY, START, self.layout.digits)
        if problems:
            raise FactError(problems)
        if start:
            self._nothing_came_in(row)
            return None
        found: dict[str, Any] = {"status": row.get(f"{OPENING}status"), "carries": {}}
        for column in self.layout.columns:
            name = column.name.removeprefix(OPENING)
            if name == column.name or name in ("start", "status"):
                continue
            value = self._given(row.get(column.name), column.type)
            if column.name == _SINCE:
                found["since"] = value
            else:
                found["carries"][name] = value
        return found

    def _nothing_came_in(self, row: Mapping[str, Any]) -> None:
        """Raise `FactError` where something comes in at the start of employment."""
        problems = [
            Problem(
                "opening",
                f"`{START}` is yes, and `{name}` comes in",
                help=f"leave `{name}` empty, or say `no` to `{START}`",
                path=name,
            )
            for name in sorted(self.layout.given)
            if name.startswith(OPENING) and name != START and row[name] is not None
        ]
        if problems:
            raise FactError(problems)

    def _fits(self, found: tuple[Any, ...]) -> None:
        """Raise `FactError` for an amount that no column of amounts can hold."""
        names = list(result_schema(self.ruleset.model))
        money = set(money_columns(self.ruleset.model))
        problems = []
        for name, value in zip(names, found, strict=True):
            most = _MOST[self.layout.minor_units or name not in money]
            if isinstance(value, int) and abs(value) > most:
                message = f"`{name}` has more digits than a column of a table can hold"
                mend = "decide this case with `evaluate`"
                problems.append(Problem("result-too-large", message, help=mend, path=name))
        if problems:
            raise FactError(problems)


def reasons(problems: tuple[Problem, ...]) -> str:
    """Every reason for which a row is refused, in one text."""
    return "; ".join(" ".join(str(one).split()) for one in problems)


def _wide_enough(kind: pl.DataType, values: list[Any]) -> pl.DataType:
    far = kind == pl.Int64 and any(abs(one) > _MOST[True] for one in values if one is not None)
    return pl.Int128() if far else kind
