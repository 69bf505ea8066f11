# SPDX-License-Identifier: MIT
"""Random decision tables: every hit policy, one to three inputs, cells in words and DMN's forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generators.rulesets import Maker

KINDS = ("money", "rate", "number", "whole", "yes/no", "date", "text")
SILENT = "silent open_place"
EDGES = {
    "money": ("0", "1000", "2500.5"), "number": ("1", "2.5", "10"), "rate": ("5%", "12.5%", "50%"),
    "whole": ("1", "3", "7"), "date": ("2026-03-31", "2026-07-01", "2026-12-31"),
}  # fmt: skip


def table(maker: Maker) -> tuple[str, list[str]]:
    """One table, as lines of the section `tables`; its name may be used from then on."""
    name = maker.name("t")
    hit = maker.pick(
        [
            "unique",
            "first",
            "priority",
            "collect sum",
            "collect min",
            "collect max",
            "collect count",
        ]
    )
    gives = maker.pick(KINDS[:4] if hit.startswith("collect") else KINDS)
    inputs = [_input(maker) for _ in range(1 + maker.below(3))]
    axes = [_cells(maker, kind, formula) for formula, kind in inputs]
    static = all(known for _, known in axes)
    outputs = [maker.literal(gives) for _ in range(2)]
    rows = _rows(maker, [cells for cells, _ in axes], hit)
    out = [f"  {name}:", f"    hit: {hit}", f"    gives: {gives}", "    inputs:"]
    out += [f"      - {formula}" for formula, _ in inputs]
    if hit == "priority":
        out.append(
            f"    priority: [{', '.join(_quoted(gives, one) for one in dict.fromkeys(outputs))}]"
        )
    whole = static and hit == "unique" and len(rows) == _product(axes)
    if hit != "collect count" and (not whole or maker.chance(4)):
        out.append(f"    otherwise: {SILENT if maker.chance(8) else _rest(maker, gives)}")
    across = len(axes) == 2 and hit != "priority" and maker.chance(2)
    if across:  # every row of the product, written as on paper
        out += ["    columns:", *(f"      - {cell}" for cell in axes[1][0])]
    blocks = ["rows"] if not maker.chance(4) else ["from 2020-01-01", "from 2026-12-31"]
    for key in blocks:
        out.append(f"    {key}:")
        for cell in axes[0][0] if across else ():
            given = [SILENT if maker.chance(8) else _output(maker, gives) for _ in axes[1][0]]
            out += _row(maker, [cell, *given])
        for row in () if across else rows:
            output = maker.pick(outputs) if hit == "priority" else _output(maker, gives)
            out += _row(maker, [*row, SILENT if maker.chance(8) else output])
    kind = "whole" if hit == "collect count" else gives
    maker.names[kind].append(name)
    return "tables", out


def _product(axes: list[tuple[list[str], bool]]) -> int:
    total = 1
    for cells, _ in axes:
        total *= len(cells)
    return total


def _input(maker: Maker) -> tuple[str, str]:
    kind = maker.pick(["money", "choice", "yes/no", "number", "rate", "date", "text", "whole"])
    if kind in ("money", "number") and maker.chance(4):
        return _any_figures(maker.of(kind, 1), kind), kind
    name = maker.pick(maker.names[kind])
    return (_any_figures(name, kind) if name[:2] in ("v_", "s_", "t_") else name), kind


def _any_figures(formula: str, kind: str) -> str:
    """Multiplied, a formula that may be a rate can be compared with any figure."""
    return f"({formula}) * 1" if kind == "number" else formula


def _cells(maker: Maker, kind: str, formula: str) -> tuple[list[str], bool]:
    """Cells that cover an input once, and whether they can be shown to."""
    if kind == "yes/no":
        return maker.pick([["yes", "no"], ["yes", "not yes"]]), True
    if kind == "choice":
        options = maker.choices[formula]
        first, rest = options[0], options[1:]
        quoted = ",".join(f'"{one}"' for one in rest)
        return maker.pick(
            [
                [first, " or ".join(rest)],
                [first, f"not {first}"],
                list(options),
                [first, f"'{quoted}'"],
                [f'"not({first})"', first],
            ]
        ), True
    if kind == "text":
        return maker.pick(
            [
                ["alpha", "not alpha"],
                ["alpha", "beta", "not alpha or beta"],
                ["alpha or gamma", "not alpha or gamma"],
            ]
        ), True
    edges = sorted({maker.below(3) for _ in range(2)})
    low, high = _edge(maker, kind, edges[0]), _edge(maker, kind, edges[-1])
    if maker.options.failing and maker.chance(4):
        return _between_parameters(maker, kind), False
    if kind in ("money", "number") and maker.chance(2 if maker.options.failing else 6):
        name = maker.pick(maker.names[kind])
        other = maker.pick(maker.names[kind]) if maker.options.failing else name
        return [f"under {name}", f"{other} or more"], False
    if low == high:
        return maker.pick([
            [f"under {low}", f"{low} or more"], [f"{low} or less", f"over {low}"], [f'"< {low}"', f'">= {low}"'],
            [f"not over {low}", f"over {low}"],
        ]), True  # fmt: skip
    return maker.pick([
        [f"under {low}", f"{low} to under {high}", f"{high} or more"],
        [f"{low} or less", f"over {low} to {high}", f"over {high}"],
        [f"under {low}", f"{low} to {high}", f"over {high}"],
        [f"{low} or less", f"over {low} to under {high}", f"{high} or more"],
        [f'"< {low}"', f'"[{low}..{high})"', f'">= {high}"'],
        [f'"<= {low}"', f'"]{low}..{high}]"', f'"> {high}"'],
        [f"under {low}", f"not under {low}"],
    ]), True  # fmt: skip


def _edge(maker: Maker, kind: str, place: int) -> str:
    edge = EDGES[kind][place]
    return edge.replace(".5", "") if kind == "money" and maker.digits == 0 else edge


def _between_parameters(maker: Maker, kind: str) -> list[str]:
    """Cells whose edges are parameters: they may rise, fall or be the same, and change with the day."""
    low, high = (maker.name("p") for _ in range(2))
    for name in (low, high):
        days = ["from 2020-01-01", "from 2026-07-01"] if maker.chance(4) else ["value"]
        figures = [f"    {day}: {_edge(maker, kind, maker.below(3))}" for day in days]
        maker.edges += [f"  {name}:", f"    type: {kind}", *figures]
    return maker.pick([
        [f"under {low}", f"{low} to under {high}", f"{high} or more"],
        [f"{low} or less", f"over {low} to {high}", f"over {high}"],
        [f"under {low}", f"{low} to {high}", f"over {high}"],
        [f"{low} or less", f"over {low} to under {high}", f"{high} or more"],
        [f"under {low}", f"{low} or more", f"under {high}", f"{high} or more"],
        [f"under {low}", f"{low} to under {high}", f"{high} to under {low}", f"{low} or more"],
    ])  # fmt: skip


def _rows(maker: Maker, axes: list[list[str]], hit: str) -> list[list[str]]:
    """The crossed cells; where rows may overlap, some fewer, some of them wider."""
    rows: list[list[str]] = [[]]
    for cells in axes:
        rows = [[*row, cell] for row in rows for cell in cells]
    rows = rows if maker.chance(2) else maker.shuffled(rows)  # in order, they may be rising bands
    if hit == "unique":
        return rows[: len(rows) if not maker.chance(4) else 1 + maker.below(len(rows))]
    kept = []
    for row in rows[: 1 + maker.below(6)]:
        wide = [maker.pick([cell, cell, maker.pick(["any", '"-"'])]) for cell in row]
        if hit != "first" or not any(_hides(before, wide) for before in kept):
            kept.append(wide)
    last = ["any" for _ in axes]
    last[-1] = maker.pick([axes[-1][0], "any"])
    if maker.chance(2) and (hit != "first" or not any(_hides(before, last) for before in kept)):
        kept.append(last)
    return kept


def _hides(before: list[str], row: list[str]) -> bool:
    free = ("any", '"-"')
    return all(one in free or one == two for one, two in zip(before, row, strict=True))


def _output(maker: Maker, gives: str) -> str:
    if gives in ("money", "number", "rate") and maker.chance(3):
        return maker.of(gives, maker.below(2))
    return maker.literal(gives)


def _quoted(gives: str, literal: str) -> str:
    return f"'\"{literal}\"'" if gives == "text" else literal


def _rest(maker: Maker, gives: str) -> str:
    return maker.pick([_output(maker, gives), _quoted(gives, maker.literal(gives))])


def _row(maker: Maker, cells: list[str]) -> list[str]:
    if all(
        cell[0] in "\"'" or not any(sign in cell for sign in ',[]{}"') for cell in cells
    ) and not maker.chance(4):
        return [f"      - [{', '.join(cells)}]"]
    return [f"      {'  ' if place else '- '}- {cell}" for place, cell in enumerate(cells)]
