# SPDX-License-Identifier: MIT
"""The columns that come out: their kinds, a decision as a row of them, and how they leave."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl
import pyarrow as pa

from rolerules.decision import Decision
from rolerules.model.model import Model
from rolerules.plan.plan import Plan
from rolerules.values import exact_text

OUTCOMES = ("met", "missed", "not_due", "undetermined")
REFUSED = "refused"
Row = tuple[Any, ...]


def result_schema(model: Model | Plan) -> dict[str, pl.DataType]:
    """The result columns of a kernel in their order; money in the currency's least units."""
    states = _states(model)
    schema: dict[str, pl.DataType] = {f"pay.{name}": pl.Int64() for name in (*model.lines, "total")}
    schema |= {f"assessments.{name}": pl.Enum(OUTCOMES) for name in model.assessments}
    if states:
        schema |= {
            "status": states,
            "effect": pl.Enum(("proposed", "effective")),
            "grounds": pl.String(),
        }
    schema |= {"violations": pl.String(), "missing": pl.String()}
    if states:
        schema |= {"closing.status": states, "closing.since": pl.Date()}
    kinds = {"money": pl.Int64(), "whole": pl.Int64(), "date": pl.Date(), "yes/no": pl.Boolean()}
    schema |= {
        f"closing.{name}": kinds.get(carry.type.kind, pl.String())
        for name, carry in model.carries.items()
    }
    return schema


def _states(model: Model | Plan) -> pl.Enum | None:
    words = model.states if isinstance(model, Plan) else model.status and model.status.states
    return pl.Enum(words) if words else None


def money_columns(model: Model) -> list[str]:
    """The result columns that hold money."""
    carries = [name for name, carry in model.carries.items() if carry.type.kind == "money"]
    return [f"pay.{name}" for name in (*model.lines, "total")] + [
        f"closing.{name}" for name in carries
    ]


def row_of(model: Model, decision: Decision) -> Row:
    """A decision as a row of the result columns."""
    amounts = {line.id: line.amount for line in decision.lines}
    row: list[Any] = [_least(amounts[name]) for name in model.lines]
    row.append(_least(decision.total.amount))
    row += [decision.assessments[name].outcome for name in model.assessments]
    closing = decision.closing()
    status = decision.status
    if status is not None:
        row += [status.to, status.effect, ", ".join(status.grounds)]
    row += [", ".join(one.id for one in decision.violations), ", ".join(decision.missing)]
    if status is not None:
        since = closing["since"]
        row += [closing["status"], since and datetime.date.fromisoformat(str(since))]
    row += [
        _balance(carry.type.kind, decision.carries[name]) for name, carry in model.carries.items()
    ]
    return tuple(row)


def _least(amount: Any) -> int | None:
    """An amount, which has just the currency's digits, in least units."""
    return None if amount is None else int(f"{amount:f}".replace(".", ""))


def _balance(kind: str, value: Any) -> Any:
    if kind == "money" or value is None:
        return _least(value)
    if kind == "whole":
        return int(value)
    return exact_text(value) if isinstance(value, Fraction) else value


def leaving(results: pl.DataFrame, model: Model, *, minor_units: bool) -> pl.DataFrame:
    """The results as they leave: money as decimals, unless least units are asked for."""
    if minor_units:
        return results
    return results.with_columns(
        _decimal(results[name], model.digits).alias(name) for name in money_columns(model)
    )


def leaving_schema(model: Model, *, minor_units: bool) -> Mapping[str, pl.DataType]:
    """The kinds of the results as they leave."""
    schema = result_schema(model)
    if not minor_units:
        schema |= {name: pl.Decimal(38, model.digits) for name in money_columns(model)}
    return {**schema, REFUSED: pl.String()}


def _decimal(units: pl.Series, digits: int) -> pl.Series:
    """Least units as decimals: the same 128 bits, with the point put in their type."""
    whole = units.cast(pl.Decimal(38, 0)).to_arrow()
    buffers = whole.buffers()
    moved = pa.Array.from_buffers(
        pa.decimal128(38, digits), len(whole), buffers, offset=whole.offset
    )
    return pl.Series(pl.from_arrow(moved))
