# SPDX-License-Identifier: MIT
"""Random formulas over lists: pools that are shared, percentiles, and the best of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generators.formulas import Formulas


def shared(maker: Formulas, depth: int) -> str:
    """What comes of a pool that is shared among the items of a list, seldom without a guard."""
    if not maker.weights:
        return maker.named("money")
    name = maker.pick(list(maker.weights))
    by, items = maker.pick(maker.weights[name]), maker.items(depth - 1, name)
    unit = {0: "1", 2: "0.01", 3: "0.001"}[maker.digits]
    parts = f"allocate(round({maker.money(depth - 1)}, {unit}, {maker.mode()}), {items}, by {by})"
    test = f"part {maker.compare()} {maker.pick(['0', '1', '33.33', maker.named('money')])}"
    found = maker.pick([
        f"sum({parts}.part)", f"sum({parts}[{test}].part)",
        f"sum({parts}[{maker.about_item(name, '')}].part)",
        f"sum(for x in {parts} return x.part * {maker.pick(['2', 'count(' + name + ')'])})",
    ])  # fmt: skip
    if maker.chance(6):
        return found
    return f"(if sum({items}.{by}) > 0 then {found} else 0)"


def figures(maker: Formulas, kind: str, depth: int) -> str:
    """A list of amounts: what comes of each item, or a field, perhaps only the best."""
    found = maker.listed(maker.pick(list(maker.lists)), kind, depth)
    field = "money" if kind == "money" else "whole"
    name = maker.list_with(field)
    if name and maker.chance(2):
        found = f"{maker.items(depth, name)}.{maker.field(name, field)}"
    if maker.chance(3):
        count = maker.pick(["1", "2", "3", "0", f"min({maker.named('whole')}, 2)"])
        return f"{maker.pick(['highest', 'lowest'])}({found}, {count})"
    return found


def best(maker: Formulas, kind: str, depth: int) -> str:
    """The sum of the best of a list."""
    if not maker.lists:
        return maker.money(0) if kind == "money" else maker.number(0)
    word = maker.pick(["highest", "lowest"])
    return f"sum({word}({figures(maker, kind, depth)}, {maker.pick(['2', '1', '5'])}))"


def ranked(maker: Formulas, depth: int) -> str:
    """The place of an amount among those of a list."""
    if not maker.lists:
        return maker.number(0)
    kind = maker.pick(["money", "number"])
    one = maker.money(depth - 1) if kind == "money" else maker.number(depth - 1)
    order = maker.pick(["highest first", "lowest first"])
    return f"rank({one}, {figures(maker, kind, depth)}, {order})"


def of_days(maker: Formulas, depth: int) -> str:
    """The first or last of a list's days; nothing where there is no such list."""
    name = maker.list_with("date")
    if not name:
        return ""
    days = f"{maker.items(depth, name)}.{maker.field(name, 'date')}"
    if maker.chance(2):
        days = f"{maker.pick(['highest', 'lowest'])}({days}, {maker.pick(['1', '2', '3'])})"
    found = f"{maker.pick(['min', 'max'])}({days})"
    if not maker.options.monotone and maker.chance(2):
        return f"({found} or else {maker.date(0)})"
    return f"(if count({days}) > 0 then {found} else {maker.date(0)})"


def percentile(maker: Formulas, kind: str, depth: int) -> str:
    """A percentile of a list that is not empty, or with something that stands in for it."""
    other = maker.money(0) if kind == "money" else maker.number(0)
    if not maker.lists:
        return other
    items = figures(maker, kind, depth)
    share = maker.pick(["75%", "0%", "1", "0.5", "1/3", f"min(max({maker.number(0)}, 0%), 100%)"])
    if not maker.options.monotone and maker.chance(2):
        return f"(percentile({items}, {share}) or else {other})"
    return f"(if count({items}) > 0 then percentile({items}, {share}) else {other})"
