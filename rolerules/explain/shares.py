# SPDX-License-Identifier: MIT
"""A pool that was shared, in words: who got which part, and why."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rolerules.engines.results import Unknown
from rolerules.explain.look import Look
from rolerules.explain.words import shown, spoken
from rolerules.model.types import MONEY
from rolerules.text.expression import Expression

_SHOWN = 6
_LEFT = "the greatest remainders got what rounding left over"
_TIED = ", and of equal ones the item whose fields come first"


def shared(formula: Expression, look: Look) -> Iterator[str]:
    """One sentence for each pool that a formula shares, those of the values it names included."""
    waiting, seen = [formula], set[str]()
    while waiting:
        for part in outer(waiting.pop()):
            if part.op == "allocate" and (said := _said(part, look)):
                yield said
            if part.op == "name" and part.word not in seen and (of := look.formula(part.word)):
                seen.add(part.word)
                waiting.append(of)


def outer(expression: Expression) -> Iterator[Expression]:
    """The parts of a formula that are worked out once, not for each item of a list."""
    yield expression
    once = expression.args
    if expression.op in ("some", "every", "for", "index"):
        once = once[:1]
    for arg in once:
        yield from outer(arg)


def _tied(items: tuple[dict[str, Fraction], ...], field: str) -> bool:
    """Whether items of one weight, and so of one remainder, got different parts."""
    parts: dict[Fraction, set[Fraction]] = {}
    for item in items:
        parts.setdefault(item[field], set()).add(item["part"])
    return any(len(some) > 1 for some in parts.values())


def _said(part: Expression, look: Look) -> str:
    pool, items = look.value(part.args[0]).value, look.value(part)
    if isinstance(items.value, Unknown) or not items.value:
        return ""
    record, digits = items.type.item, look.proof.plan.digits
    assert record is not None
    field = record.field(part.word)
    assert field is not None
    total = sum((item[part.word] for item in items.value), Fraction(0))
    parts = [
        f"{shown(item['part'], MONEY, digits)} for {shown(item[part.word], field.type, digits)}"
        for item in items.value[:_SHOWN]
    ]
    rest = len(items.value) - len(parts)
    more = f", and so with {rest} more" if rest else ""
    amount, all_ = shown(pool, MONEY, digits), shown(total, field.type, digits)
    exact = all(total and item["part"] == pool * item[part.word] / total for item in items.value)
    left = "" if exact or not pool else f"; {_LEFT}{_TIED if _tied(items.value, part.word) else ''}"
    by = f"{amount} is shared by {spoken(part.word)}, {all_} in all"
    return f"{by}: {', '.join(parts)}{more}{left}"
