# SPDX-License-Identifier: MIT
"""Values and conditions in words: figures put into formulas, and by how much one fell short."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs

from rolerules.engines.results import Unknown
from rolerules.explain.look import Found, Look
from rolerules.model.context import readable
from rolerules.model.model import Adjustment
from rolerules.model.types import MONEY, RATE, Type
from rolerules.text.expression import Expression, Literal, show
from rolerules.text.formula import parse
from rolerules.values import decimals, exact_text, fixed, grouped, round_to

_SHOWN_ITEMS = 6
_SHOWN_REASONS = 3
_TURNED = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def spoken(name: str) -> str:
    """A name as one says it: `team_sales` → `team sales`."""
    return readable(name).lower()


def shown(value: Any, type_: Type, digits: int) -> str:
    """Write a value for reading: grouped thousands, percent for rates, `≈` where shortened."""
    if isinstance(value, Unknown):
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return _figure(value, type_, digits)
    if isinstance(value, tuple):
        return _items(value, type_, digits)
    return value.isoformat() if isinstance(value, datetime.date) else f'"{value}"'


def _figure(value: Fraction, type_: Type, digits: int) -> str:
    if type_.kind == "money" and (decimals(value) or 0) <= digits and decimals(value) is not None:
        return grouped(fixed(value, digits))
    if type_.kind == "rate":
        return f"{_short(value * 100)}%"
    return _short(value)


def _short(value: Fraction) -> str:
    places = decimals(value)
    if places is not None and places <= 6:
        return grouped(exact_text(value))
    return f"≈{grouped(fixed(round_to(value, Fraction(1, 10**6), 'half up'), 6))}"


def _items(value: tuple[Any, ...], type_: Type, digits: int) -> str:
    if type_.item is None or type_.item.kind == "record" or len(value) > _SHOWN_ITEMS:
        return "no items" if not value else "1 item" if len(value) == 1 else f"{len(value)} items"
    return f"[{', '.join(shown(one, type_.item, digits) for one in value)}]"


def with_figures(expression: Expression, look: Look) -> str:
    """The formula with what its names come to in their place."""
    return show(_put_in(expression, look))


def _put_in(expression: Expression, look: Look) -> Expression:
    op, digits = expression.op, look.proof.plan.digits
    if op in ("some", "every", "literal"):
        return expression
    if op in ("name", "index", "field", "for") or (
        op == "call" and expression.word in ("count", "in_force", "by_days")
    ):
        found = look.value(expression)
        text = shown(found.value, found.type, digits)
        if text == "unknown":
            text = f"({show(expression)} unknown)"
        return Expression("literal", (), Literal("text", text, text))
    return attrs.evolve(expression, args=tuple(_put_in(arg, look) for arg in expression.args))


def reasons(
    expression: Expression,
    look: Look,
    *,
    holds: bool,
    items: Mapping[str, Found] | None = None,
    seen: set[str] | None = None,
) -> Iterator[str]:
    """Why a condition holds, or does not, down to the comparisons that decide it."""
    op, args = expression.op, expression.args
    seen = set() if seen is None else seen  # each name is explained once
    if (
        op == "name"
        and (formula := look.formula(expression.word))
        and not (items and expression.word in items)
    ):
        if expression.word not in seen:
            seen.add(expression.word)
            yield from reasons(formula, look, holds=holds, seen=seen)
    elif op == "not":
        yield from reasons(args[0], look, holds=not holds, items=items, seen=seen)
    elif op in ("and", "or"):
        for arg in args:
            if look.value(arg, items).value is holds:
                yield from reasons(arg, look, holds=holds, items=items, seen=seen)
    elif op in _TURNED:
        missed = op in (">", ">=") and not holds
        yield _comparison(
            op if holds else _TURNED[op], look, items, args, "short of" if missed else "below"
        )
    elif op in ("some", "every"):
        yield from _members(expression, look, holds, items)
    elif op in ("name", "field"):
        yield f"{_said(look, expression)} is {'yes' if holds else 'no'}"
    else:
        yield f"`{show(expression)}` {'holds' if holds else 'does not hold'}"


def _members(
    expression: Expression, look: Look, holds: bool, items: Mapping[str, Found] | None
) -> Iterator[str]:
    source = look.value(expression.args[0], items)
    assert source.type.item is not None
    name = _said(look, expression.args[0])
    if not source.value:
        yield f"{name} has no items"
        return
    all_alike = (expression.op == "every") == holds
    if all_alike:
        yield f"{'every item' if holds else 'no item'} of {name} satisfies `{show(expression.args[1])}`"
    if all_alike and holds:
        return
    for place, item in enumerate(source.value, 1):
        if all_alike and place > _SHOWN_REASONS:
            yield f"and so with {len(source.value) - _SHOWN_REASONS} more"
            return
        inner = {**(items or {}), expression.word: Found(item, source.type.item)}
        if look.value(expression.args[1], inner).value is holds:
            why = "; ".join(reasons(expression.args[1], look, holds=holds, items=inner))
            yield f"{_item(expression.args[0], place, item, look)}: {why}"


def _item(source: Expression, place: int, item: Any, look: Look) -> str:
    """An item of a list in words: a duty or an assessment by its title, others by their number."""
    group = source.args[0] if source.op == "index" else source
    tests = {"duties": look.model.duties, "assessments": look.model.assessments}
    if group.op == "name" and group.word in tests:
        return f'"{tests[group.word][item["id"]].origin.title}"'
    return f"item {place} of {_said(look, source)}"


def _comparison(
    op: str,
    look: Look,
    items: Mapping[str, Found] | None,
    sides: tuple[Expression, ...],
    below: str,
) -> str:
    """Say what is, with the relation that holds between the two sides, and by how much."""
    left, right = sides
    one, two = look.value(left, items), look.value(right, items)
    digits = look.proof.plan.digits
    if RATE in (one.type, two.type):
        one, two = (attrs.evolve(found, type=RATE) for found in (one, two))
    first, second = (_side(look, part, found) for part, found in ((left, one), (right, two)))
    if not isinstance(one.value, Fraction) or not isinstance(two.value, Fraction):
        return f"{_said(look, left) if op == '=' else first} {_relation(op)} {second}"
    by = abs(one.value - two.value)
    type_ = one.type if one.type.kind != "figure" else two.type
    if not by:
        return (
            f"{first} is exactly {second}"
            if op in ("=", "<=", ">=")
            else f"{first} {_relation(op)} {second}"
        )
    side = below if one.value < two.value else "above"
    return f"{first} is {_difference(by, type_, digits)} {side} {second}"


def _difference(by: Fraction, type_: Type, digits: int) -> str:
    if type_ != RATE:
        return shown(by, type_, digits)
    points = _short(by * 100)
    return f"{points} percentage point{'' if points == '1' else 's'}"


def _side(look: Look, expression: Expression, found: Found) -> str:
    text = shown(found.value, found.type, look.proof.plan.digits)
    return text if expression.op == "literal" else f"{_said(look, expression)} ({text})"


def _said(look: Look, expression: Expression) -> str:
    if expression.op == "name":
        return spoken(expression.word)
    if expression.op == "field" and show(expression) in look.proof.plan.names:  # of a balance
        moved = "handed on" if expression.word == "closing" else "brought in"
        return f"{spoken(expression.args[0].word)} {moved}"
    if expression.op == "field":
        return spoken(expression.word)
    if expression.op == "index" and expression.args[0].op == "name":
        return _said(look, expression.args[0])
    if expression.op == "call" and len(expression.args) == 1:
        words = {"count": "the number of", "sum": "the sum of"}
        return f"{words.get(expression.word, f'the {expression.word} of')} {_said(look, expression.args[0])}"
    return f"`{show(expression)}`"


def _relation(op: str) -> str:
    return {
        "=": "is", "!=": "is not", "<": "is before", "<=": "is not after", ">": "is after", ">=": "is not before",
    }[op]  # fmt: skip


def adjusted(
    adjustment: Adjustment, before: Fraction, by: Any, after: Fraction, look: Look, digits: int
) -> str:
    """Say what a gate, weight, proration, floor or cap did to an amount."""
    kind = adjustment.kind
    if kind == "gate":
        why = "; ".join(reasons(parse(adjustment.text), look, holds=bool(by)))
        lost = "" if by or not before else f", {shown(before, MONEY, digits)} not paid"
        return f"gate {'open' if by else 'shut'}{lost}: {why}"
    moved = f"{shown(before, MONEY, digits)} becomes {shown(after, MONEY, digits)}"
    if kind in ("weight", "prorate"):
        return f"{kind} {adjustment.text} = {shown(by, RATE, digits)}: {moved}"
    bound, difference = shown(by, MONEY, digits), shown(abs(after - before), MONEY, digits)
    if before == after:
        return f"{kind} {adjustment.text} = {bound}: changes nothing"
    if kind == "cap":
        return f"capped at {bound} ({adjustment.text}): {difference} not paid"
    return f"raised to the floor of {bound} ({adjustment.text}): {difference} added"
