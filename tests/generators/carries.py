# SPDX-License-Identifier: MIT
"""Random balances, and what may follow a line's amount: gate, weight, prorate, floor, cap."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generators.rulesets import Maker

KINDS = ("money", "money", "money", "number", "whole", "rate", "yes/no", "date", "text")


def opened(maker: Maker) -> list[tuple[str, str, str]]:
    """Some balances, each with its type and its `first`; what they open with may be named."""
    made = []
    for _ in range(maker.below(4)):
        kind, name = maker.pick(KINDS), maker.name("c")
        made.append((name, kind, written(kind, maker.of(kind, maker.below(2)))))
        maker.names[kind].append(f"{name}.opening")
    return made


def carried(maker: Maker, made: list[tuple[str, str, str]]) -> tuple[str, list[str]]:
    """The section `carries`: what is handed on may name everything."""
    out: list[str] = []
    for name, kind, first in made:
        if kind == "whole" and maker.chance(2) and not maker.options.monotone:
            out += [f"  {name}:", f"    in a row: {maker.yes_no(2)}"]
            out += ["    restarts: each year"] if maker.chance(3) else []
            maker.names[kind].append(f"{name}.closing")
            continue
        next_ = changed(maker, name, kind) if maker.chance(2) else maker.of(kind, 2)
        out += [
            f"  {name}:",
            f"    type: {kind}",
            f"    first: {first}",
            f"    next: {written(kind, next_)}",
        ]
        if maker.chance(3):
            out.append(
                f"    restarts: {maker.pick(['each year', 'each quarter', 'each half year'])}"
            )
        if kind == "money" and maker.chance(3):
            out.append(f"    rounding: {maker.mode()} to {maker.pick(['1', '100'])}")
        maker.names[kind].append(f"{name}.closing")
    return "carries", out


def changed(maker: Maker, name: str, kind: str) -> str:
    """What came in, with something done to it."""
    came = f"{name}.opening"
    if kind in ("money", "number", "rate"):
        return maker.pick(
            [
                f"max({came} + {maker.of(kind, 1)}, 0)",
                f"{came} - {maker.of(kind, 1)}",
                f"{came} / 3",
            ]
        )
    if kind == "whole":
        return f"{came} + 1"
    return f"({came} or {maker.yes_no(1)})" if kind == "yes/no" else came


def written(kind: str, formula: str) -> str:
    """A formula as the value of a key: one that starts with a quote is quoted."""
    return f"'{formula}'" if kind == "text" else formula


def adjustments(maker: Maker) -> list[str]:
    """Keys after a line's amount, in any order: theirs is fixed."""
    out: list[list[str]] = []
    if maker.chance(4):
        out.append([f"      gate: {maker.yes_no(1)}"])
    if maker.chance(4):
        out.append([f"      weight: {maker.number(1)}"])
    if maker.chance(4):
        out.append(
            [
                f"      prorate: {maker.pick(['1/2', 'days(period_start, as_of) / 92', maker.number(0)])}"
            ]
        )
    for kind in ("floor", "cap"):
        if maker.chance(4):
            out.append(bound(maker, kind))
    return [line for lines in maker.shuffled(out) for line in lines]


def bound(maker: Maker, kind: str) -> list[str]:
    """A floor or a cap: a formula, or one under a condition."""
    amount = maker.pick([maker.figure(), maker.money(1)])
    if maker.chance(2):
        return [f"      {kind}: {amount}"]
    return [f"      {kind}:", f"        amount: {amount}", f"        when: {maker.yes_no(1)}"]
