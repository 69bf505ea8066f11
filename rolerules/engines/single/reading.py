# SPDX-License-Identifier: MIT
"""How facts are read: plain values at once, all others as the reference engine reads them."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from rolerules.engines.facts import read_value
from rolerules.engines.single import Slow
from rolerules.engines.single.numbers import EXACT, number
from rolerules.engines.single.writer import Items, Number, Value, Writer, interned
from rolerules.limits import LIMITS
from rolerules.model.model import Fact
from rolerules.model.types import AMOUNTS, Range, Type
from rolerules.plan.plan import Step
from rolerules.values import decimals, fixed


def places_of(type_: Type, digits: int) -> int:
    """How many decimals an amount may have."""
    return {"money": digits, "whole": 0}.get(type_.kind, LIMITS.decimals)


def read_fact(to: Writer, fact: Fact, name: str, *, known: bool, checked: bool = True) -> Any:
    """Write how a fact is read; where it need not be known, unknown leaves a gap."""
    key = to.constant(name)
    given = to.new(f"facts[{key}]" if to.known else f"facts.get({key})")
    bit = to.bit(name)
    read = _list if fact.type.kind == "list" else _value
    if known:
        return read(to, given, fact, bit, checked)
    to.put(f"if {given} is not None:")
    to.depth += 1
    found = read(to, given, fact, bit, checked)
    to.put("pass")
    to.depth -= 1
    gap = f"({bit} if {given} is None else 0)"
    gap = gap if to.known else to.new(gap)
    to.sure[gap] = f"{given} is not None"
    return attrs.evolve(found, gap=gap)


def _value(to: Writer, given: str, fact: Any, bit: int, checked: bool) -> Any:
    """Read one value in its variable."""
    type_, range_ = fact.type, fact.range
    if type_.kind in AMOUNTS:
        return _amount(to, given, type_, range_, checked)
    if checked:
        tests = {
            "yes/no": f"type({given}) is not bool",
            "date": f"type({given}) is not date",
            "choice": f"type({given}) is not str or {given} not in {to.constant(frozenset(map(interned, type_.options)))}",
        }
        longest = f"type({given}) is not str or len({given}) > {LIMITS.text_length}"
        other = to.constant(_reader(type_, range_, to.plan.digits))
        to.put(f"if {tests.get(type_.kind, longest)}: {given} = {other}({given})")
    return Value(given)


def _amount(to: Writer, given: str, type_: Type, range_: Range, checked: bool) -> Number:
    """An amount: a Decimal or an int with few enough decimals, from its least to its greatest."""
    places, whole = places_of(type_, to.plan.digits), type_.kind == "whole"
    low, high = range_.low, range_.high
    assert low is not None, "every fact has a range"
    assert high is not None, "every fact has a range"
    digits = len(str(int(max(abs(low), abs(high)))))
    number = Number(given, "", 0, digits, places, whole)
    if not checked:
        return number
    if type_.kind == "rate":  # without a bound of its own a bare rate above 1 is refused
        low = Fraction(-1) if low == -LIMITS.number else low
        high = Fraction(1) if high == LIMITS.number else high
    other = to.constant(_reader(type_, range_, to.plan.digits))
    if whole:
        to.put(f"if type({given}) is not int: {given} = {other}({given})")
        to.put(f"if not {-(-low // 1)} <= {given} <= {high // 1}: raise Slow")
        return number
    fits = to.known and high == 10 ** (len(str(int(high))) - 1) and high > 1 and low >= -high
    held = EXACT
    if fits:  # so many digits are all that is allowed: one look does for decimals and range
        held = decimal.Context(len(str(int(high))) - 1 + places, traps=[decimal.Inexact, decimal.InvalidOperation])  # fmt: skip
    least, most = (to.constant(Decimal(fixed(end, decimals(end) or 0))) for end in (low, high))
    test = f"{least} <= {given} <= {most}"
    if fits:
        test = f"{given} == {given}" if low == -high else f"{given} >= {least}"
    unit = to.constant(Decimal(1).scaleb(-places))
    to.put(f"if type({given}) is Decimal or type({given}) is int:")
    to.put(f"    {given} = {to.constant(held.quantize)}({given}, {unit})")
    to.put(f"    if not {test}: raise Slow")
    to.put(f"else: {given} = {other}({given})")
    return number


def _list(to: Writer, given: str, fact: Fact, bit: int, checked: bool) -> Items:
    """Read a list of records, each item as a tuple of its fields, None for what is unknown."""
    record = fact.type.item
    assert record is not None
    items, one = to.new("[]"), to.name()
    to.put(f"if type({given}) is not list and type({given}) is not tuple: raise Slow")
    to.put(f"if len({given}) > {fact.max_items}: raise Slow")
    to.put(f"for {one} in {given}:")
    to.depth += 1
    wrong = f"len({one}) != {len(record.fields)}"
    if not to.known:
        wrong = (
            f"not {to.constant(frozenset(field.name for field in record.fields))}.issuperset({one})"
        )
    to.put(f"if type({one}) is not dict or {wrong}: raise Slow")
    read = {}
    for field in record.fields:
        key = to.constant(field.name)
        part = to.new(f"{one}[{key}]" if to.known else f"{one}.get({key})")
        if not to.known:
            to.put(f"if {part} is not None:")
            to.depth += 1
        read[field.name] = _value(to, part, field, bit, checked)
        to.depth -= not to.known
    to.put(f"{items}.append(({''.join(f'{value.source}, ' for value in read.values())}))")
    to.depth -= 1

    def item(name: str) -> dict[str, Any]:
        found = {}
        for place, (field, value) in enumerate(read.items()):
            source = f"{name}[{place}]"
            gap = "" if to.known else f"({bit} if {source} is None else 0)"
            found[field] = attrs.evolve(value, source=source, gap=gap, deep=1)
        return found

    to.put(f"{given} = {items}")
    return Items(given, item)


def _reader(type_: Type, range_: Range, digits: int) -> Callable[[Any], Any]:
    """Read what is not plain, as the reference engine does."""

    def read(given: Any) -> Any:
        value, problems = read_value(given, type_, range_, "", digits)
        if problems or value is None:
            raise Slow
        if type_.kind == "whole":
            return int(value)
        return Decimal(fixed(value, decimals(value) or 0)) if type_.kind in AMOUNTS else value

    return read


# --- what does not come from facts


def constant(to: Writer, step: Step, args: list[Any]) -> Any:
    """A figure, word, day, or list of them."""
    value, digits = step.value, to.plan.digits if step.type.kind == "money" else 0
    if isinstance(value, Fraction):
        return number(to, value, digits)
    if isinstance(value, bool):
        return Value(str(value))
    if isinstance(value, tuple):
        return Items(to.constant(value), Value)
    return Value(to.constant(value))


def read_given(to: Writer, step: Step) -> Any:
    """A built-in name; the status at the start of the period, and since when, may be unknown."""
    name = to.new(f"given[{to.constant(step.value)}]")
    gap = ""
    if step.value in ("status_at_start", "status_since"):
        gap = to.new(f"{to.bit(step.value)} if {name} is None else 0")
    if step.type.kind in AMOUNTS:
        return Number(name, "", 0, 5, 0, True)
    return Value(name, gap)


def read_opening(to: Writer, step: Step) -> Any:
    """What a balance came in with."""
    came = to.new(f"given[{to.constant(step.value)}]")
    gap = to.new(f"{to.bit(step.value)} if {came} is None else 0")
    if step.type.kind not in AMOUNTS:
        return Value(came, gap)
    top, below = to.name(), to.name()
    to.put(f"if {gap}: {top} = {below} = None")
    if step.type.kind == "money":
        places = to.plan.digits
        to.put(f"else: {top} = decimal_of({came})")
        return Number(top, gap, 0, 80, places)
    to.put(f"else: {top} = {came}.numerator; {below} = {came}.denominator")
    return Number(top, gap, 0, 250, 0, True, Number(below, "", 0, 250, 0, True))
