# SPDX-License-Identifier: MIT
"""Results of some rows seen from the items that belong to them, and lists over other rows."""

from __future__ import annotations

from typing import Any

import attrs
import polars as pl

from rolerules.engines.columnar.column import Column
from rolerules.engines.columnar.needs import NO, Needs, bits, expr
from rolerules.engines.columnar.rows import Rows, UnsupportedError
from rolerules.engines.columnar.values import (
    Items,
    Number,
    Same,
    Truth,
    Value,
    Word,
    word,
)
from rolerules.plan.bounds import Ratio


def to(rows: Rows, value: Any) -> Any:
    """A result for each of some rows, which lie inside those that it is a result of."""
    if isinstance(value, Same) or value is None:
        return value
    if isinstance(value, dict):
        return {name: to(rows, one) for name, one in value.items()}
    if value.rows is rows or value.rows is None:
        return value
    if rows.parent is None:
        raise UnsupportedError("a result of other items")
    outer = to(rows.parent, value)
    if isinstance(outer, Items):
        return _repeated(rows, outer)
    return _each(outer, rows)


def _each(value: Any, rows: Rows) -> Any:
    """A result of the rows above, for each item."""
    return over(value, rows, lambda expr: down(expr, rows))


def over(value: Any, rows: Rows, of: Any) -> Any:
    """The same result over other rows, every expression changed by a function."""
    needs = carried(value.needs, of)
    if isinstance(value, Number):
        return Number(
            Ratio(_moved(value.ratio.top, of), _moved(value.ratio.below, of)), needs, rows
        )
    if isinstance(value, Word):
        text = None if value.text is None else of(value.text)
        codes = None if value.codes is None else of(value.codes)
        return attrs.evolve(
            value, text=text, codes=codes, needs=needs, rows=rows, tests={}, chain=None
        )
    if isinstance(value, Truth):
        return Truth(of(value.expr), needs, rows)
    return attrs.evolve(value, expr=of(value.expr), needs=needs, rows=rows)


def _moved(column: Column | int, of: Any) -> Any:
    return column if isinstance(column, int) else attrs.evolve(column, expr=of(column.expr))


def down(expr: pl.Expr, rows: Rows) -> pl.Expr:
    """An expression over the rows above, for each item."""
    assert rows.parent is not None
    if not expr.meta.root_names():
        return expr
    return rows.add(rows.parent.series(expr).gather(rows.places()))


def _repeated(rows: Rows, of: Items) -> Items:
    """A list of the rows above once more for each item of another list of theirs."""
    places, lengths = rows.places(), of.items.lengths
    of.items.settle()
    starts = (of.items.ends() - lengths).gather(places)
    mine = lengths.gather(places)
    frame = pl.DataFrame({"start": starts, "n": mine.cast(pl.Int64)})
    wanted = frame.select(
        pl.int_ranges("start", pl.col("start") + pl.col("n")).explode(
            empty_as_null=False, keep_nulls=False
        )
    ).to_series()
    items = rows.inside(of.items.frame[wanted], mine, of.items.count)
    needs = carried(of.needs, lambda one: down(one, rows))
    return Items(items, _inside(of.item, items), needs)


def _inside(item: Any, rows: Rows) -> Any:
    if isinstance(item, dict):
        return {name: _inside(one, rows) for name, one in item.items()}
    return item if isinstance(item, Same) else attrs.evolve(item, rows=rows)


def records(rows: Rows, ids: tuple[str, ...], outcomes: list[Value]) -> Items:
    """The list of all outcomes of a kind, an item an outcome."""
    words = [word(one, rows) for one in outcomes]
    options = tuple(dict.fromkeys(option for one in words for option in one.options))
    parts = [
        {
            "codes": rows.series(one.as_codes(options).cast(pl.UInt32)),
            "needs": rows.series(bits(one.needs.waits)),
            "fails": rows.series(expr(one.needs.fails)),
        }
        for one in words
    ]
    row = pl.int_range(rows.frame.height, eager=True)
    frame = pl.concat(
        pl.DataFrame({"row": row, **part}).with_columns(pl.lit(place, pl.UInt32).alias("id"))
        for place, part in enumerate(parts)
    ).sort("row", "id")
    lengths = pl.Series([len(ids)], dtype=pl.UInt32).new_from_index(0, rows.frame.height)
    items = rows.inside(frame, lengths)
    record = {
        "id": Word(None, NO, items, ids, pl.col("id")),
        "outcome": Word(
            None, Needs(pl.col("needs"), pl.col("fails")), items, options, pl.col("codes")
        ),
    }
    return Items(items, record, NO)


def carried(needs: Needs, of: Any) -> Needs:
    """What is waited for, every expression changed by a function."""
    waits, fails = needs.waits, needs.fails
    return Needs(
        waits if isinstance(waits, int) else of(waits),
        fails if isinstance(fails, bool) else of(fails),
    )
