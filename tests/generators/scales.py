# SPDX-License-Identifier: MIT
"""Random scales: the three kinds, every word of an edge, edges and values that are formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generators.formulas import Formulas
    from generators.rulesets import Maker

EDGES = ("0", "0.01", "100", "1000.5", "2500", "250000")
TURNED = {"below": "from", "up to and including": "above"}


def scale(maker: Maker) -> tuple[str, list[str]]:
    """One scale, as lines of the section `scales`; its name may be used from then on."""
    name, kind = maker.name("s"), maker.pick(["marginal", "whole", "linear"])
    over = maker.pick(["money", "money", "number"])
    amounts = maker.pick(
        ["rates", "rates", "money" if (kind, over) != ("marginal", "money") else "rates"]
    )
    if kind == "whole" and over == "money":
        amounts = "rates"
    of_any = maker.chance(3)
    amount = f"any {over}" if of_any else maker.of(over, maker.below(2))
    out = [f"  {name}:", f"    {kind}: {amount}"]
    blocks = ["edges"] if not maker.chance(4) else ["from 2020-01-01", "from 2026-12-31"]
    for key in maker.shuffled(blocks):
        out.append(f"    {key}:")
        lines = (
            line(maker, over, amounts) if kind == "linear" else bands(maker, kind, over, amounts)
        )
        out += [f"      {edge}" for edge in lines]
    gives = "money" if amounts == "money" or (kind != "linear" and over == "money") else "number"
    if not of_any:
        maker.names[gives].append(name)
    maker.called[name] = (over, gives)
    return "scales", out


def called(maker: Formulas, gives: str, depth: int) -> str:
    """A scale over another amount; where there is none, something simpler."""
    names = [name for name, (_, found) in maker.called.items() if found == gives]
    if not names:
        return maker.money(0) if gives == "money" else maker.number(0)
    name = maker.pick(names)
    over = maker.called[name][0]
    return f"{name}({maker.money(depth) if over == 'money' else maker.number(depth)})"


def rate(maker: Maker, amounts: str) -> str:
    """What stands at an edge."""
    if amounts == "money":
        return maker.named("money")
    return maker.pick([maker.pick(["0%", "5%", "12.5%", "1", "0.1", "200%"]), "0.5"])


def rising(maker: Maker, over: str, *, exact: bool) -> list[str]:
    """Edges that are sure to rise: figures, or formulas over something above 0."""
    some = [one for one in maker.names[over] if not exact or one in maker.exact]
    if maker.options.failing and len(some) > 1 and maker.chance(3):
        return [f"{one} * 1" for one in maker.shuffled(some)[:2]]
    names = [
        one
        for one in maker.positive
        if one in maker.names[over] and (not exact or one in maker.exact)
    ]
    if names and maker.chance(3):
        name = maker.pick(names)
        found = [name, f"{name} * 1.5", f"({name} + {name}) * 2", f"{name} * 4 + 10"]
        return found[: 1 + maker.below(4)]
    figures = [*EDGES, "100 * 10000"]
    kept = [one for one in figures if maker.chance(2)] or ["1000"]
    return kept if over == "money" else [f"{one} * 1" for one in kept]  # never bare beside a rate


def bands(maker: Maker, kind: str, over: str, amounts: str) -> list[str]:
    """The bands of a marginal or whole scale, the owner of each edge said."""
    at = rising(maker, over, exact=False)
    if kind == "whole" and at[0] in ("0", "0 * 1") and maker.chance(2):
        at = ["-1000 * 1", *at] if over == "number" else ["-1000", *at]
    first = maker.pick(["below", "up to and including"])
    words = [TURNED[first], *(maker.pick(["from", "above"]) for _ in at[1:])]
    out = [f"{first} {at[0]}: {rate(maker, amounts)}"]
    return out + [
        f"{word} {one}: {rate(maker, amounts)}" for word, one in zip(words, at, strict=True)
    ]


def line(maker: Maker, over: str, amounts: str) -> list[str]:
    """The points of a linear scale, and what holds beyond them."""
    at = rising(maker, over, exact=True)
    if at[0] in ("0", "0 * 1") and maker.chance(2):
        at = ["-1000 * 1", *at] if over == "number" else ["-1000", *at]
    low, high = (maker.chance(2) for _ in range(2))
    if len(at) == 1:
        low = not high
    inner = at[:] if low and high else at[1:] if high else at[:-1] if low else at[1:-1]
    if len(at) == 1:
        inner = []
    ends = [
        "continues" if len(at) > 1 and maker.chance(2) else rate(maker, amounts) for _ in range(2)
    ]
    out = [
        f"below {at[0]}: {ends[0]}"
        if low
        else f"up to and including {at[0]}: {rate(maker, amounts)}"
    ]
    out += [f"at {one}: {rate(maker, amounts)}" for one in inner]
    out.append(f"above {at[-1]}: {ends[1]}" if high else f"from {at[-1]}: {rate(maker, amounts)}")
    return out
