# SPDX-License-Identifier: MIT
"""How lists are written: what is worked out over every item, and what is gathered of them."""

from __future__ import annotations

from typing import Any

import attrs

from rolerules.engines.single.crossing import by_reference
from rolerules.engines.single.numbers import NARROW
from rolerules.engines.single.used import shared
from rolerules.engines.single.writer import NOTHING, Items, Number, Value, Write, Writer
from rolerules.plan.plan import Body, Step


def _count(to: Writer, step: Step, args: list[Items]) -> Number:
    return Number(f"len({args[0].source})", deep=1, whole=6, integer=True)


def _gathered(to: Writer, items: Items) -> tuple[str, Any, str]:
    """A list of plain values, one of them in source, and the gaps of all together."""
    one = items.item("x")
    if not one.gap:
        source = items.source if one.source == "x" else f"[{one.source} for x in {items.source}]"
        return source, one, ""
    kept, gap = to.new("[]"), to.new("0")
    to.put(f"for x in {items.source}:")
    to.put(f"    if {one.gap}: {gap} |= {one.gap}")
    to.put(f"    else: {kept}.append({one.source})")
    return kept, one, gap


def _over_amounts(to: Writer, step: Step, args: list[Items]) -> Any:
    """The sum, the least or the greatest; items over something go to the reference engine."""
    one = args[0].item("x")
    if isinstance(one, Number) and one.below:
        return by_reference(to, step)
    items, one, gap = _gathered(to, args[0])

    def write() -> Any:
        if step.op == "sum":
            whole = one.whole + 6
            wide = not one.integer and whole + one.places > NARROW
            source = f"{'summed' if wide else 'sum'}({items})"
            return attrs.evolve(
                one,
                source=to.new(source),
                deep=0,
                gap="",
                whole=whole,
                figures=None,
                pick=None,
                by=None,
            )
        return attrs.evolve(one, source=to.new(f"{step.op.split()[0]}({items})"), deep=0, gap="")

    if step.op != "sum":
        items = to.new(items)
        gap = to.new(f"{gap or 0} or (0 if {items} else {NOTHING})")
    return to.strict(step, [gap], write)


def _project(to: Writer, step: Step, args: list[Items]) -> Items:
    source = args[0]
    return Items(source.source, lambda one: source.item(one)[step.value], source.gap)


def _field(to: Writer, step: Step, args: list[Any]) -> Any:
    return args[0][step.value]


def _by_reference(to: Writer, step: Step, args: list[Any]) -> Any:
    return by_reference(to, step)


# --- a loop over a list, its body written inside


def each(to: Writer, step: Step, args: list[Items]) -> Any:
    """Write `some`, `every`, `filter` or `for`."""
    (source,) = args
    write = _quantified if step.op in ("some", "every") else _kept
    return to.strict(step, [source.gap], lambda: write(to, step, source))


def _body(to: Writer, step: Step, one: str, source: Items) -> Any:
    body: Body = step.value
    to.values[body.start] = source.item(one)
    outer, to.shared = to.shared, shared(enumerate(body.steps, body.start + 1))
    daily, to.daily = to.daily, set()
    for place, inner in enumerate(body.steps, body.start + 1):
        to.step(place, inner)
    to.shared, to.daily = outer, daily
    return to.values[body.result]


def _quantified(to: Writer, step: Step, source: Items) -> Value:
    decides = step.op == "some"
    found, gap, one = to.new(str(not decides)), to.new("0"), to.name()
    to.put(f"for {one} in {source.source}:")
    to.depth += 1
    test = _body(to, step, one, source)
    sign = "" if decides else "not "
    if not test.gap:
        to.put(f"if {sign}{test.source}: {found} = {decides}; break")
        to.depth -= 1
        return Value(found)
    test = to.settle(test)
    to.put(f"if {test.gap}: {gap} |= {test.gap}")
    to.put(f"elif {sign}{test.source}: {found} = {decides}; {gap} = 0; break")
    to.depth -= 1
    to.put(f"if {gap}: {found} = None")
    return Value(found, gap)


def _kept(to: Writer, step: Step, source: Items) -> Items:
    kept, gap, one = to.new("[]"), to.new("0"), to.name()
    to.put(f"for {one} in {source.source}:")
    to.depth += 1
    found = _body(to, step, one, source)
    if step.op == "for":
        if isinstance(found, dict):  # the items themselves
            to.put(f"{kept}.append({one})")
        made = Items(kept, source.item) if isinstance(found, dict) else _for(to, kept, found)
        to.depth -= 1
        return made
    if found.gap:
        to.put(f"{gap} |= {found.gap}")
    to.put(f"if {found.source}: {kept}.append({one})")
    to.depth -= 1
    return Items(kept, source.item, gap if found.gap else "")


def _for(to: Writer, kept: str, found: Any) -> Items:
    """Keep what comes of each item: alone where it is one value, else with what it is over, and its gap."""
    parts = [
        found.source,
        *([found.below.source] if isinstance(found, Number) and found.below else []),
    ]
    parts += [found.gap] if found.gap else []
    to.put(f"{kept}.append({parts[0] if len(parts) == 1 else '(' + ', '.join(parts) + ')'})")
    if len(parts) == 1:
        return Items(kept, lambda one: attrs.evolve(found, source=one, deep=0))

    def item(one: str) -> Any:
        gap = f"{one}[{len(parts) - 1}]" if found.gap else ""
        made = attrs.evolve(found, source=f"{one}[0]", deep=1, gap=gap)
        if isinstance(found, Number) and found.below:
            return attrs.evolve(made, below=attrs.evolve(found.below, source=f"{one}[1]", deep=1))
        return made

    return Items(kept, item)


LISTS = {
    "project": _project,
    "field": _field,
    "some": each,
    "every": each,
    "filter": each,
    "for": each,
}
OVER: dict[str, Write] = {
    "count": _count, "sum": _over_amounts, "min of": _over_amounts, "max of": _over_amounts,
    "allocate": _by_reference, "percentile": _by_reference, "highest": _by_reference, "lowest": _by_reference,
}  # fmt: skip
"""Those that are unknown as soon as an argument is."""
