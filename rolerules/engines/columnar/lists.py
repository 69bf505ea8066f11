# SPDX-License-Identifier: MIT
"""Lists over columns: the items of all cases in a frame of their own, and back to the cases.

An item's unknown field is named by its list. `some` and `every` follow Kleene over the items;
every other result over an unknown item is unknown.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import attrs
import polars as pl
import pyarrow as pa

from rolerules.engines.columnar.column import Column
from rolerules.engines.columnar.logic import certainly
from rolerules.engines.columnar.needs import EMPTY, NO, Needs, after, both, expr, together, where
from rolerules.engines.columnar.rows import Rows, UnsupportedError
from rolerules.engines.columnar.values import (
    AS,
    Day,
    Items,
    Number,
    Same,
    Truth,
    Value,
    kind_of,
    truth,
)
from rolerules.engines.results import Unknown
from rolerules.model.types import Type
from rolerules.plan.bounds import Ratio, fits
from rolerules.plan.plan import Step


def listed(items: Rows, of: pl.Expr | pl.Series) -> pl.Series:
    """A list of the values of each row's items."""
    values = items.series(of) if isinstance(of, pl.Expr) else of
    offsets = pl.concat([pl.Series([0], dtype=pl.Int64), items.ends()]).to_arrow()
    return pl.Series(pl.from_arrow(pa.LargeListArray.from_arrays(offsets, values.to_arrow())))


def back(items: Rows, of: pl.Expr | pl.Series, fold: Callable[[Any], pl.Series]) -> pl.Expr:
    """A column of the rows that the items belong to: a fold of each row's values."""
    assert items.parent is not None
    return items.parent.add(fold(listed(items, of).list))


def gaps(items: Rows, needs: Needs) -> Needs:
    """For each row everything that any of its items waits for."""
    assert items.parent is not None
    if needs.none:
        return NO
    fails = needs.fails
    if fails is not False:
        fails = back(items, expr(fails).fill_null(False), lambda one: one.any())
    if isinstance(needs.waits, int):
        some = items.parent.add(items.lengths > 0)
        return attrs.evolve(where(some, Needs(needs.waits), NO), fails=fails)
    found = Needs(0, fails)
    for bit in _bits(items.series(needs.waits)):
        marked = back(items, (needs.waits & pl.lit(bit, pl.UInt64)) != 0, lambda one: one.any())
        found = together([found, where(marked, Needs(bit), NO)])
    return found


def _bits(needs: pl.Series) -> list[int]:
    """The bits that are set anywhere."""
    all_ = needs.to_frame().select(pl.all().bitwise_or()).item() if needs.len() else 0
    return [1 << place for place in range(64) if (all_ or 0) >> place & 1]


def repeated(rows: Rows, values: tuple[Any, ...]) -> Items:
    """A list of dates that is the same in every row."""
    if not all(isinstance(one, datetime.date) for one in values):
        raise UnsupportedError("a constant list of amounts")
    height = rows.frame.height
    lengths = pl.Series([len(values)], dtype=pl.UInt32).new_from_index(0, height)
    dates = pl.select(pl.lit(pl.Series([list(values)], dtype=pl.List(pl.Date)))).to_series()
    frame = dates.new_from_index(0, height).explode(empty_as_null=False).to_frame("value")
    items = rows.inside(frame, lengths)
    return Items(items, Day(pl.col("value"), NO, items), NO)


def unknown(rows: Rows, type_: Type, needs: Needs) -> Items:
    """A list that is known in no row."""
    assert type_.item is not None
    items = rows.inside(
        pl.DataFrame(), pl.Series([0], dtype=pl.UInt32).new_from_index(0, rows.frame.height)
    )
    record = {field.name: _never(field.type, items) for field in type_.item.fields}
    return Items(items, record or _never(type_.item, items), needs)


def _never(type_: Type, items: Rows) -> Any:
    return attrs.evolve(AS[kind_of(type_)](Same(Unknown()), items), rows=items)


def count(step: Step, args: list[Value], rows: Rows) -> Value:
    """How many items a list has."""
    (of,) = args
    assert isinstance(of, Items)
    assert of.rows is not None
    column = of.rows.add(of.items.lengths.cast(pl.Int64))
    return Number(Ratio(Column(column, 0, most_items(of)), 1), of.needs, None)


def most_items(of: Items) -> int:
    """How many items the longest list has."""
    return int(of.items.lengths.max() or 0)  # type: ignore[arg-type]  # of whole numbers


def sum_(step: Step, args: list[Value], rows: Rows) -> Value:
    """The sum of a list, 0 for an empty one."""
    (of,) = args
    assert isinstance(of, Items)
    ratio, inner = static(of, rows)
    total = total_of(of, ratio.top)
    return Number(Ratio(total, ratio.below), after(of.needs, inner), None)


def total_of(of: Items, top: Column) -> Column:
    """The sum of whole numbers over each row's items."""
    most = most_items(of)
    low, high = min(0, top.low * most), max(0, top.high * most)
    if fits(low, high) == 64 and not top.wide:
        return Column(back(of.items, top.expr.fill_null(0), lambda one: one.sum()), low, high)
    # Arrow, by which lists are made, has no numbers of 128 bits: by running totals.
    values = of.items.series(top.expr.cast(pl.Int128).fill_null(0))
    running = pl.concat([pl.Series("", [0], dtype=pl.Int128), values.cum_sum()])
    ends = of.items.ends()
    assert of.rows is not None
    sums = running.gather(ends) - running.gather(ends - of.items.lengths)
    width = pl.Int64 if fits(low, high) == 64 else pl.Int128
    return Column(of.rows.add(sums.cast(width)), low, high)


def static(of: Items, rows: Rows) -> tuple[Ratio[Column], Needs]:
    """The amounts of a list over one known denominator, and what items that are unknown need."""
    if not isinstance(of.item, Number) or not isinstance(of.item.ratio.below, int):
        raise UnsupportedError("quotients in a list")
    return of.item.ratio, gaps(of.items, of.item.needs)


def extreme(step: Step, args: list[Value], rows: Rows) -> Value:
    """The least or greatest of a list; nothing comes of an empty one."""
    (of,) = args
    assert isinstance(of, Items)
    fold: Callable[[Any], pl.Series] = (
        (lambda one: one.min()) if step.op == "min of" else (lambda one: one.max())
    )
    assert of.rows is not None
    empty = of.rows.add(of.items.lengths == 0)
    if isinstance(of.item, Day):
        inner = gaps(of.items, of.item.needs)
        least = back(of.items, of.item.expr, fold)
        needs = after(of.needs, inner)
        return Day(least, or_empty(needs, empty), None)
    ratio, inner = static(of, rows)
    if ratio.top.wide:
        raise UnsupportedError("wide amounts in a list")
    needs = after(of.needs, inner)
    needs = or_empty(needs, empty)
    column = Column(back(of.items, ratio.top.expr, fold), ratio.low, ratio.high)
    return Number(Ratio(column, ratio.below), needs, None)


def or_empty(needs: Needs, empty: pl.Expr) -> Needs:
    """The needs, where a list that is known may be empty, so that nothing comes of it."""
    found = where(both(needs.known, empty), Needs(EMPTY), needs)
    return attrs.evolve(found, fails=needs.fails)


def project(step: Step, args: list[Value], rows: Rows) -> Value:
    """One field of every item."""
    (of,) = args
    assert isinstance(of, Items)
    return attrs.evolve(of, item=of.item[step.value])


def quantified(step: Step, of: Items, test: Value, rows: Rows) -> Value:
    """Whether some item, or every one, satisfies a condition."""
    decides = step.op == "some"
    inner = truth(test, rows)
    decided = back(of.items, certainly(inner, decides).fill_null(False), lambda one: one.any())
    needs = after(of.needs, where(decided, NO, gaps(of.items, inner.needs)))
    return Truth(decided if decides else ~decided, needs, None)


def kept(step: Step, of: Items, test: Value, rows: Rows) -> Value:
    """The items that satisfy a condition."""
    inner = truth(test, rows)
    needs = after(of.needs, gaps(of.items, inner.needs))
    keep = of.items.series(certainly(inner, True).fill_null(False))
    assert of.rows is not None
    lengths = of.rows.series(back(of.items, keep, lambda one: one.sum())).cast(pl.UInt32)
    rows = of.items.some(of.items.frame.filter(keep), lengths)
    return Items(rows, moved(of.item, rows), needs)


def moved(item: Any, rows: Rows) -> Any:
    """What an item is, over other rows that have the same columns."""
    if isinstance(item, dict):
        return {name: moved(one, rows) for name, one in item.items()}
    if isinstance(item, Same):
        return item
    return attrs.evolve(item, rows=rows)


LISTS: dict[str, Any] = {
    "count": count, "sum": sum_, "min of": extreme, "max of": extreme, "project": project,
}  # fmt: skip
