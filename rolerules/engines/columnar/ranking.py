# SPDX-License-Identifier: MIT
"""Results that put the items of a list in order: the highest, a percentile, shares of a pool."""

from __future__ import annotations

from typing import Any

import attrs
import polars as pl

from rolerules.engines.columnar import bring, lists
from rolerules.engines.columnar.choose import choose
from rolerules.engines.columnar.column import Column
from rolerules.engines.columnar.lists import gaps, listed, most_items, or_empty, static, total_of
from rolerules.engines.columnar.needs import NO, Needs, after, bits, failing, together
from rolerules.engines.columnar.rows import Rows, UnsupportedError
from rolerules.engines.columnar.values import (
    Day,
    Items,
    Number,
    Same,
    Value,
    Word,
    needs_of,
    number,
)
from rolerules.engines.results import Unknown
from rolerules.plan import bounds
from rolerules.plan.bounds import Ratio
from rolerules.plan.plan import Step


def some_of(step: Step, args: list[Value], rows: Rows) -> Value:
    """The so many highest (lowest) of a list."""
    of, count = args[0], number(args[1], rows)
    if isinstance(of, Same):
        return lists.unknown(rows, step.type, together([needs_of(of, rows), count.needs]))
    assert isinstance(of, Items)
    assert of.rows is not None
    expr = of.item.expr if isinstance(of.item, Day) else _narrow(static(of, rows)[0].top)
    ordered = listed(of.items, expr).list.sort(descending=step.op == "highest")
    if count.ratio.below != 1:
        raise UnsupportedError("a count that is no whole number")
    wanted = of.rows.series(count.ratio.top.expr.clip(0, 2**31).fill_null(0))
    some = pl.DataFrame({"of": ordered, "n": wanted}).select(pl.col("of").list.head("n"))["of"]
    rows = of.rows.inside(
        some.explode(empty_as_null=False, keep_nulls=False).to_frame("value"),
        some.list.len(),
    )
    needs = after(together([of.needs, count.needs]), gaps(of.items, of.item.needs))
    value = pl.col("value")
    if isinstance(of.item, Day):
        return Items(rows, Day(value, NO, rows), needs)
    top = attrs.evolve(of.item.ratio.top, expr=value)
    return Items(rows, Number(Ratio(top, of.item.ratio.below), NO, rows), needs)


def _narrow(top: Column) -> pl.Expr:
    if top.wide:  # Arrow, by which lists are made, has no such numbers
        raise UnsupportedError("wide amounts in a list")
    return top.expr


def percentile(step: Step, args: list[Value], rows: Rows) -> Value:
    """The value at a share of the way from the least to the greatest."""
    of, share = args[0], number(args[1], rows)
    if isinstance(of, Same):
        needs = together([needs_of(of, rows), share.needs])
        return choose([], [Same(Unknown())], needs, rows, step.type)
    assert isinstance(of, Items)
    assert of.rows is not None
    ratio, inner = static(of, rows)
    if not isinstance(share.ratio.below, int):
        raise UnsupportedError("a share that is a quotient")
    rising = of.rows.add(listed(of.items, _narrow(ratio.top)).list.sort())
    last = Column(rising.list.len().cast(pl.Int64) - 1, -1, max(most_items(of) - 1, 0))
    place = share.ratio.top.times(last)
    below = place.parts(share.ratio.below)
    rest = place.plus(below.times(-share.ratio.below))
    rest = rest.held(0, share.ratio.below - 1)
    above = (below.expr + (rest.expr > 0).cast(pl.Int64)).cast(pl.Int64)
    low, high = (
        attrs.evolve(ratio.top, expr=rising.list.get(at.cast(pl.Int64), null_on_oob=True))
        for at in (below.expr, above)
    )
    between = high.plus(low.negative()).times(rest)
    top = low.times(share.ratio.below).plus(between)
    needs = after(together([of.needs, share.needs]), inner)
    empty = rising.list.len() == 0
    needs = or_empty(needs, empty)
    assert isinstance(ratio.below, int)
    return Number(Ratio(top, ratio.below * share.ratio.below), needs, None)


def allocate(step: Step, args: list[Value], rows: Rows) -> Value:
    """The items, each with its part of a pool, by largest remainders (see `engines.shares`)."""
    pool, of = number(args[0], rows), args[1]
    if isinstance(of, Same):
        return lists.unknown(rows, step.type, together([pool.needs, needs_of(of, rows)]))
    assert isinstance(of, Items)
    assert of.rows is not None
    by, unit = step.value
    weights = attrs.evolve(of, item=of.item[by])
    weight, inner = static(weights, rows)
    units = bounds.lowest_terms(pool.ratio.top, pool.ratio.below, unit.denominator)
    if units.below != 1:
        raise UnsupportedError("a pool that is a quotient")
    total = total_of(weights, weight.top)
    nothing = (units.top.expr != 0) & (total.expr == 0)
    size, whole = (_down(one, of.items) for one in (units.top.size(), total))
    over = weight.top.times(size)
    floor = over.parts(whole)
    rest = over.plus(floor.times(whole).negative())
    most, sign = units.top.size().high, _down(units.top.below_zero().times(-2).plus(1), of.items)
    one_more, torn = _one_more(of, floor.expr, rest.expr, units.top.size().expr)
    more = Column(one_more.cast(pl.Int64), 0, 1)
    part = floor.plus(more).held(0, most).times(sign)
    part = attrs.evolve(part, expr=pl.when(size.expr == 0).then(0).otherwise(part.expr))
    needs = after(together([pool.needs, of.needs]), inner)
    needs = after(failing(needs, nothing.fill_null(False)), torn)
    return Items(
        of.items, {**of.item, "part": Number(Ratio(part, unit.denominator), NO, of.items)}, needs
    )


def _down(column: Column, items: Rows) -> Column:
    """A column of the rows for each of their items."""
    return attrs.evolve(column, expr=bring.down(column.expr, items))


def _one_more(of: Items, floor: pl.Expr, rest: pl.Expr, size: pl.Expr) -> tuple[pl.Expr, Needs]:
    """The items that get one of the units left over, the largest remainders first.

    Equal ones are told apart by what the items hold, in the order of their fields. Also what is
    waited for where a field that would tell is not known.
    """
    items, rows = of.items, of.rows
    assert rows is not None
    held = [_held(field) for field in of.item.values() if not isinstance(field, Same)]
    waits = together(needs_of(field, items) for field in of.item.values()).waits
    order = pl.DataFrame(
        [
            items.places().alias("row"),
            items.series(rest).alias("rest"),
            items.series(floor).alias("floor"),
        ]
        + [items.series(one).alias(f"h{place}") for place, one in enumerate(held)]
        + [items.series(bits(waits)).alias("waits")]
    ).with_row_index("item")
    fields = [f"h{place}" for place in range(len(held))]
    order = order.sort(
        ["row", "rest", *fields],
        descending=[False, True, *(False for _ in fields)],
        maintain_order=True,
    ).with_columns(rank=pl.int_range(pl.len()).over("row", order_by=None))
    spread = order.group_by("row", maintain_order=True).agg(given=pl.col("floor").sum())
    sizes = pl.DataFrame({"size": rows.series(size)}).with_row_index("row")
    left = spread.join(sizes, on="row").select("row", left=pl.col("size") - pl.col("given"))
    order = order.join(left, on="row", how="left", maintain_order="left")
    gets = order.with_columns(gets=(pl.col("rank") < pl.col("left")).fill_null(False))
    last = gets.filter(pl.col("rank") == pl.col("left") - 1).select("row", last="rest")
    after = gets.filter(pl.col("rank") == pl.col("left")).select("row", after="rest")
    tied = (
        last.join(after, on="row").filter(pl.col("last") == pl.col("after")).select("row", "last")
    )
    torn = gets.join(tied, on="row").filter(pl.col("rest") == pl.col("last"))
    open_ = torn.group_by("row").agg(pl.col("waits").bitwise_or()).filter(pl.col("waits") != 0)
    found = pl.Series([0], dtype=pl.UInt64).new_from_index(0, rows.frame.height)
    found = found.scatter(open_["row"], open_["waits"])
    needs = Needs(rows.add(found)) if open_.height else NO
    return items.add(gets.sort("item")["gets"]), needs


def _held(field: Any) -> pl.Expr:
    """What an item holds, in the order of its values; null where it is not known."""
    expr = (
        field.ratio.top.expr
        if isinstance(field, Number)
        else field.as_text()
        if isinstance(field, Word)
        else field.expr
    )
    return pl.when(field.needs.known).then(expr)


RANKING: dict[str, Any] = {
    "highest": some_of, "lowest": some_of, "percentile": percentile, "allocate": allocate,
}  # fmt: skip
