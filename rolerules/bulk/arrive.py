# SPDX-License-Identifier: MIT
"""Any table → a Polars frame, and a frame back to the caller's kind."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import polars as pl
import pyarrow as pa

from rolerules.problems import FactError, Problem, one_of

Leave = Callable[[pl.DataFrame], Any]


def arrive(table: Any) -> tuple[pl.DataFrame, Leave]:
    """Take a table in; also gives the function that makes the caller's kind of a frame.

    pyarrow, Polars and pandas tables come back as what they were, everything else that has
    `__arrow_c_stream__` as a pyarrow table. Raises `FactError` for what is no table.
    """
    frame, leave = _arrived(table)
    if not frame.width:
        raise _refusal("table-shape", "the table has no columns", "give a column for each fact")
    return frame, leave


def _refusal(code: str, message: str, mend: str, path: str = "") -> FactError:
    """An error of one problem, of the table as a whole."""
    return FactError([Problem(code, message, help=mend, path=path)])


def unique(names: Iterable[str]) -> None:
    """Raise `FactError` where two columns have one name."""
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        message = f"two columns have one name: {one_of(twice)}"
        raise _refusal("table-shape", message, "give every column a name of its own")


def _arrived(table: Any) -> tuple[pl.DataFrame, Leave]:
    if isinstance(table, pl.LazyFrame):
        return table.collect(), pl.DataFrame.lazy
    if isinstance(table, pl.DataFrame):
        return table, lambda frame: frame
    if isinstance(table, pa.RecordBatch):
        return _of_arrow(pa.Table.from_batches([table])), _batch
    if isinstance(table, pa.Table):
        return _of_arrow(table), pl.DataFrame.to_arrow
    pandas = sys.modules.get("pandas")  # a frame of it can only come from there
    if pandas is not None and isinstance(table, pandas.DataFrame):
        return _of_pandas(table), lambda frame: _pandas(frame, table.index)
    if hasattr(table, "__arrow_c_stream__"):
        return _of_arrow(_streamed(table)), pl.DataFrame.to_arrow
    message = "facts cannot be given as a value of this kind, a table is asked for"
    raise _refusal(
        "table-shape", message, "give a pyarrow, Polars or pandas table, or `evaluate` one case"
    )


def _streamed(table: Any) -> pa.Table:
    try:
        return pa.table(table)
    except (pa.ArrowException, TypeError, ValueError):
        message = "the table's stream of Arrow data cannot be read"
        raise _refusal("table-shape", message, "give a pyarrow, Polars or pandas table") from None


def _of_arrow(table: pa.Table) -> pl.DataFrame:
    unique(table.column_names)
    wrong = []
    for name, kind in zip(table.column_names, table.schema.types, strict=True):
        if not _is_readable(kind):
            message = f"`{name}` is a column of Arrow type `{kind}`, which cannot be read"
            mend = "cast it to a type that the facts have, or leave it out"
            wrong.append(Problem("wrong-type", message, help=mend, path=name))
    if wrong:
        raise FactError(wrong)
    return pl.DataFrame(pl.from_arrow(table))


def _is_readable(kind: pa.DataType) -> bool:
    """Whether Polars has such a column; of some it cannot even be asked."""
    of = pa.types
    if of.is_list(kind) or of.is_large_list(kind) or of.is_fixed_size_list(kind):
        return _is_readable(kind.value_type)
    if of.is_struct(kind):
        return all(_is_readable(kind.field(place).type) for place in range(kind.num_fields))
    if of.is_dictionary(kind):
        return _is_readable(kind.value_type)
    if of.is_decimal(kind):
        return bool(kind.bit_width <= 128 and kind.scale >= 0)
    plain = (of.is_null, of.is_boolean, of.is_integer, of.is_floating, of.is_date, of.is_time,
             of.is_timestamp, of.is_duration, of.is_binary, of.is_large_binary, of.is_binary_view,
             of.is_fixed_size_binary, of.is_string, of.is_large_string, of.is_string_view)  # fmt: skip
    return any(one(kind) for one in plain)


def _of_pandas(table: Any) -> pl.DataFrame:
    unique(str(name) for name in table.columns)
    found, wrong = {}, []
    for label in table.columns:
        name = str(label)
        try:
            found[name] = pa.Array.from_pandas(table[label])
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            message, mend = _of_no_kind(name, table[label])
            wrong.append(Problem("wrong-type", message, help=mend, path=name))
    if wrong:
        raise FactError(wrong)
    return _of_arrow(pa.table(found)) if found else pl.DataFrame()


def _of_no_kind(name: str, values: Any) -> tuple[str, str]:
    """Why a column of Python values is none, and what to do."""
    for value in values:
        if isinstance(value, Decimal) and value.is_infinite():
            return (
                f"`{name}` holds the decimal {value}, which is no amount",
                "give None for unknown",
            )
    message = f"`{name}` is a column of values of several kinds, or of one that cannot be read"
    mend = "give a column one kind: Decimal, int, text, date or bool, with None for unknown"
    return message, mend


def _pandas(frame: pl.DataFrame, index: Any) -> Any:
    """A pandas frame of Arrow columns: its own kinds would make floats of integers with gaps."""
    made = frame.to_pandas(use_pyarrow_extension_array=True)
    made.index = index
    return made


def _batch(frame: pl.DataFrame) -> pa.RecordBatch:
    table = frame.rechunk().to_arrow().combine_chunks()
    batches = table.to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)
