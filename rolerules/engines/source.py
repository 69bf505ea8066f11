# SPDX-License-Identifier: MIT
"""Plan → Python source over whole numbers, for cases in which everything needed is known.

A number is a numerator and a denominator above 0; the denominator is a figure known here wherever
it can be, so most steps are one operation on whole numbers. Nothing of an author's text becomes
source: names, texts and figures by choice stand in a table of constants. What the written code
cannot decide it raises `Slow` for, and the reference engine decides the case.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import attrs

from rolerules.limits import LIMITS
from rolerules.model.types import Range, Type
from rolerules.plan.plan import Body, Plan, Rows, Step


class UnsupportedError(Exception):
    """A plan has a step that is not written as source."""


@attrs.frozen(slots=True)
class Number:
    """A number in source: a numerator, a denominator, and how many bits either can have."""

    top: str
    below: int | str
    bits: int


@attrs.frozen(slots=True)
class Items:
    """A list in source: how one item is written, given the name of its variable."""

    name: str
    item: Callable[[str], Any]


SILENT = object()
"""The value of a step that never has one."""
_ORDER = ("<", "<=", ">", ">=")


@attrs.define
class Writer:
    """Writes steps as lines of Python; `values` holds what stands for each step."""

    plan: Plan
    lines: list[str] = attrs.field(factory=list)
    constants: dict[str, Any] = attrs.field(factory=dict)
    values: dict[int, Any] = attrs.field(factory=dict)
    depth: int = 1
    count: int = 0

    def put(self, line: str) -> None:
        """Add a line at the present depth."""
        self.lines.append("    " * self.depth + line)

    def new(self, source: str) -> str:
        """Assign to a new variable."""
        self.count += 1
        self.put(f"v{self.count} = {source}")
        return f"v{self.count}"

    def constant(self, value: Any) -> str:
        """Name a constant of any kind."""
        self.count += 1
        self.constants[f"k{self.count}"] = value
        return f"k{self.count}"

    def step(self, place: int, step: Step) -> None:
        """Write one step."""
        write = _WRITERS.get(step.op)
        if write is None:
            raise UnsupportedError(step.op)
        args = [self.values[arg] for arg in step.args]
        silent = any(arg is SILENT for arg in args) and step.op not in ("if", "outcome", "table")
        self.values[place] = SILENT if silent else write(self, step, args)

    # --- numbers

    def number(self, value: Fraction) -> Number:
        """A constant."""
        top, below = value.as_integer_ratio()
        return Number(f"({top})", below, max(top.bit_length(), below.bit_length()))

    def scaled(self, number: Number, below: int) -> str:
        """The numerator over another denominator that the known one divides."""
        assert isinstance(number.below, int)
        times = below // number.below
        return number.top if times == 1 else f"{number.top} * {times}"

    def made(self, top: str, below: int | str, bits: int) -> Number:
        """A number in variables of its own. Refused where it may be larger than any result."""
        if bits > LIMITS.result_bits:
            raise UnsupportedError("digits")
        return Number(self.new(top), self.new(below) if isinstance(below, str) else below, bits)

    def alike(self, numbers: Sequence[Number]) -> tuple[list[str], int | str]:
        """Numerators over one denominator."""
        if all(isinstance(one.below, int) for one in numbers):
            common = math.lcm(*(one.below for one in numbers if isinstance(one.below, int)))
            return [self.scaled(one, common) for one in numbers], common
        every = [str(one.below) for one in numbers]
        tops = [
            " * ".join([one.top, *every[:place], *every[place + 1 :]])
            for place, one in enumerate(numbers)
        ]
        return tops, " * ".join(every)


def _bits(range_: Range, limit: Fraction, below: int) -> int:
    ends = [abs(end) for end in (range_.low, range_.high) if end is not None]
    most = max(ends) if len(ends) == 2 else limit
    return max(int(most * below) + 1, below).bit_length()


def least_unit(type_: Type, digits: int) -> int:
    """How many of the least unit of an amount make 1."""
    return int(10 ** {"money": digits, "whole": 0}.get(type_.kind, LIMITS.decimals))


def given_number(name: str, type_: Type, range_: Range, digits: int) -> Number:
    """How a fact's amount is held: whole numbers of its least unit."""
    below = least_unit(type_, digits)
    return Number(name, below, _bits(range_, LIMITS.number, below))


# --- writers: (writer, step, values of the arguments) -> what stands for the result


def _add(to: Writer, step: Step, args: list[Number]) -> Number:
    (one, two), below = to.alike(args)
    bits = _common_bits(args) + 1
    return to.made(f"{one} {step.op} {two}", below, bits)


def _common_bits(numbers: Sequence[Number]) -> int:
    return sum(one.bits for one in numbers) + 1


def _times(to: Writer, step: Step, args: list[Number]) -> Number:
    one, two = args
    bits = one.bits + two.bits
    if isinstance(one.below, int) and isinstance(two.below, int):
        return to.made(f"{one.top} * {two.top}", one.below * two.below, bits)
    return to.made(f"{one.top} * {two.top}", f"{one.below} * {two.below}", bits)


def _over(to: Writer, step: Step, args: list[Number]) -> Number:
    one, two = args
    bits = one.bits + two.bits
    found = to.made(f"{one.top} * {two.below}", f"{one.below} * {two.top}", bits)
    to.put(f"if {found.below} <= 0:")
    to.put(f"    if not {found.below}: raise Slow")
    to.put(f"    {found.top} = -{found.top}; {found.below} = -{found.below}")
    return found


def _negative(to: Writer, step: Step, args: list[Number]) -> Number:
    return to.made(f"-{args[0].top}", args[0].below, args[0].bits)


def _abs(to: Writer, step: Step, args: list[Number]) -> Number:
    return to.made(f"abs({args[0].top})", args[0].below, args[0].bits)


def _floor(to: Writer, step: Step, args: list[Number]) -> Number:
    return to.made(f"{args[0].top} // {args[0].below}", 1, args[0].bits)


def _ceiling(to: Writer, step: Step, args: list[Number]) -> Number:
    return to.made(f"-(-{args[0].top} // {args[0].below})", 1, args[0].bits)


def _compare(to: Writer, step: Step, args: list[Any]) -> str:
    op = {"=": "=="}.get(step.op, step.op)
    if isinstance(args[0], Number):
        args, _ = to.alike(args)
    return to.new(f"{args[0]} {op} {args[1]}")


def _not(to: Writer, step: Step, args: list[str]) -> str:
    return to.new(f"not {args[0]}")


def _logic(to: Writer, step: Step, args: list[str]) -> str:
    return to.new(f" {step.op} ".join(args))


def _round(to: Writer, step: Step, args: list[Number]) -> Number:
    size, mode = step.value
    unit, parts = size.as_integer_ratio()
    (one,) = args
    bits = one.bits + parts.bit_length() + unit.bit_length() + 1
    if isinstance(one.below, int) and unit == 1 and parts % one.below == 0:
        return to.made(f"{one.top} * {parts // one.below}", parts, bits)
    top = to.new(f"{one.top} * {parts}")
    below = f"{one.below} * {unit}" if isinstance(one.below, str) else str(one.below * unit)
    name = to.constant(mode)
    whole = f"rounded({top}, {below}, {name})"
    if mode == "half up":
        below = to.new(below) if isinstance(one.below, str) else below
        doubled = f"2 * {below}" if isinstance(one.below, str) else str(2 * int(below))
        whole = (
            f"(2 * {top} + {below}) // ({doubled}) if {top} >= 0 "
            f"else -(({below} - 2 * {top}) // ({doubled}))"
        )
    whole = to.new(whole)
    return to.made(f"{whole} * {unit}" if unit != 1 else whole, parts, bits)


def _pay(to: Writer, step: Step, args: list[Number]) -> Number:
    if step.value is not None:
        to.put(f"if {args[0].top} < 0: raise Slow")
    return args[0]


def _extreme(to: Writer, step: Step, args: list[Any]) -> Any:
    if not isinstance(args[0], Number):
        return to.new(f"{step.op}({', '.join(args)})")
    tops, below = to.alike(args)
    return to.made(f"{step.op}({', '.join(tops)})", below, _common_bits(args))


def _chosen(to: Writer, tests: list[str], found: list[Any], otherwise: Any) -> Any:
    """The first of several results whose test holds; without one that can be known, `Slow`."""
    every = [one for one in (*found, otherwise) if one is not SILENT]
    if not every:
        return SILENT
    if all(isinstance(one, Number) for one in every):
        tops, below = to.alike(every)
        rest = iter(tops)
        sources = [None if one is SILENT else next(rest) for one in (*found, otherwise)]
    elif any(isinstance(one, Items) for one in every):
        raise UnsupportedError("lists")
    else:
        sources = [None if one is SILENT else str(one) for one in (*found, otherwise)]
    to.count += 1
    name = f"v{to.count}"
    for place, (test, source) in enumerate(zip([*tests, ""], sources, strict=True)):
        word = "else" if not test else "elif" if place else "if"
        does = f"{name} = {source}" if source is not None else "raise Slow"
        to.put(f"{word}{' ' + test if test else ''}: {does}")
    if not isinstance(every[0], Number):
        return name
    if isinstance(below, str):
        return to.made(name, below, _common_bits(every))
    return Number(name, below, _common_bits(every))


def _if(to: Writer, step: Step, args: list[Any]) -> Any:
    return SILENT if args[0] is SILENT else _chosen(to, [args[0]], [args[1]], args[2])


def _outcome(to: Writer, step: Step, args: list[str]) -> Any:
    yes, no, not_due = (to.constant(word) for word in step.value)
    *due, test = args
    if test is SILENT and not due:
        return SILENT
    if test is SILENT:
        to.put(f"if {due[0]}: raise Slow")
        return not_due
    source = f"{yes} if {test} else {no}"
    return to.new(f"({source}) if {due[0]} else {not_due}" if due else source)


def _table(to: Writer, step: Step, args: list[Any]) -> Any:
    shape: Rows = step.value
    tests, found = args[: 2 * shape.rows : 2], args[1 : 2 * shape.rows : 2]
    rest = args[2 * shape.rows :]
    otherwise = rest[0] if shape.otherwise else SILENT
    if shape.hit == "collect count" and SILENT not in tests:
        return to.made(" + ".join(tests), 1, 20)
    if any(test is SILENT for test in tests):
        return SILENT
    if shape.hit.startswith("collect"):
        if shape.hit == "collect sum" and not shape.otherwise:
            otherwise = to.number(Fraction(0))
        return _collected(to, shape.hit.split()[1], tests, found, otherwise)
    if shape.hit == "priority":
        tests, found = _by_rank(to, step, tests, found)
    if shape.hit == "unique" and len(tests) > 1:
        to.put(f"if {' + '.join(tests)} > 1: raise Slow")
    return _chosen(to, tests, found, otherwise)


def _collected(to: Writer, fold: str, tests: list[str], found: list[Any], otherwise: Any) -> Any:
    """The sum, least or greatest of the outputs of all rows that match."""
    if any(one is SILENT for one in found):
        raise UnsupportedError("silent")
    every = [*found, *([] if otherwise is SILENT else [otherwise])]
    if not all(isinstance(one, Number) for one in every):
        raise UnsupportedError("collect")
    tops, below = to.alike(every)
    kept = to.new("[]")
    for test, top in zip(tests, tops, strict=False):
        to.put(f"if {test}: {kept}.append({top})")
    if otherwise is SILENT:
        to.put(f"if not {kept}: raise Slow")
        source = f"{fold}({kept})"
    else:
        source = f"{fold}({kept}) if {kept} else {tops[-1]}"
    return to.made(source, below, _common_bits(every) + 13)


def _by_rank(
    to: Writer, step: Step, tests: list[str], found: list[Any]
) -> tuple[list[str], list[Any]]:
    """The rows of a priority table, the most important output first."""
    shape: Rows = step.value
    steps = [to.plan.steps[arg] for arg in step.args]
    if any(
        one.op != "constant"
        for one in (*steps[1 : 2 * shape.rows : 2], *steps[2 * shape.rows + shape.otherwise :])
    ):
        raise UnsupportedError("priority")
    ranks = [one.value for one in steps[2 * shape.rows + shape.otherwise :]]
    outputs = [one.value for one in steps[1 : 2 * shape.rows : 2]]
    order = sorted(range(shape.rows), key=lambda row: ranks.index(outputs[row]))
    return [tests[row] for row in order], [found[row] for row in order]


def _records(to: Writer, step: Step, args: list[Any]) -> Items:
    pairs = [f"({to.constant(name)}, {one})" for name, one in zip(step.value, args, strict=True)]
    name = to.new(f"({''.join(f'{pair}, ' for pair in pairs)})")
    return Items(name, lambda one: {"id": f"{one}[0]", "outcome": f"{one}[1]"})


def _constant(to: Writer, step: Step, args: list[Any]) -> Any:
    if isinstance(step.value, Fraction):
        return to.number(step.value)
    name = to.constant(step.value)
    return Items(name, str) if isinstance(step.value, tuple) else name


def _lookup(to: Writer, step: Step, args: list[str]) -> Any:
    figures = step.value
    if not all(isinstance(one, Fraction) for one in figures.values()):
        return to.new(f"{to.constant(dict(figures))}[{args[0]}]")
    below = math.lcm(*(one.denominator for one in figures.values()))
    tops = {key: int(one * below) for key, one in figures.items()}
    bits = max(max(abs(one) for one in tops.values()), below).bit_length()
    return to.made(f"{to.constant(tops)}[{args[0]}]", below, bits)


def _rising(to: Writer, step: Step, args: list[Any]) -> Any:
    tops, _ = to.alike(args[1:])
    if len(tops) > 1:
        to.put(f"if not ({' < '.join(tops)}): raise Slow")
    return args[0]


def _dates(to: Writer, step: Step, args: list[str]) -> Number:
    source = f"({args[1]} - {args[0]}).days"
    if step.op != "days":
        source = f"{step.op}({args[0]}, {args[1]})"
    return to.made(source, 1, 24)


def _added(to: Writer, step: Step, args: list[Any]) -> str:
    day, count, *holidays = args
    days = f", frozenset({holidays[0].name})" if holidays else ""
    return to.new(f"{step.op}({day}, int({count.top} // {count.below}){days})")


def _part(to: Writer, step: Step, args: list[str]) -> Number:
    assert step.value in ("year", "month", "day"), "no other word of an author becomes source"
    return to.made(f"{args[0]}.{step.value}", 1, 14)


# --- lists


def _count(to: Writer, step: Step, args: list[Items]) -> Number:
    return to.made(f"len({args[0].name})", 1, 20)


def _sum(to: Writer, step: Step, args: list[Items]) -> Number:
    one = args[0].item("x")
    if not isinstance(one, Number) or not isinstance(one.below, int):
        raise UnsupportedError("sum")
    items = args[0].name if one.top == "x" else f"[{one.top} for x in {args[0].name}]"
    return to.made(f"sum({items})", one.below, one.bits + 20)


def _least(to: Writer, step: Step, args: list[Items]) -> Any:
    one = args[0].item("x")
    if isinstance(one, Number) and not isinstance(one.below, int):
        raise UnsupportedError(step.op)
    to.put(f"if not {args[0].name}: raise Slow")
    source = one.top if isinstance(one, Number) else one
    found = f"{step.op.split()[0]}([{source} for x in {args[0].name}])"
    return to.made(found, one.below, one.bits) if isinstance(one, Number) else to.new(found)


def _project(to: Writer, step: Step, args: list[Items]) -> Items:
    source = args[0]
    return Items(source.name, lambda one: source.item(one)[step.value])


def _field(to: Writer, step: Step, args: list[Any]) -> Any:
    return args[0][step.value]


def _each(to: Writer, step: Step, args: list[Items]) -> Any:
    """A loop over a list, its body written inside."""
    body: Body = step.value
    (source,) = args
    kept = to.new({"some": "False", "every": "True"}.get(step.op, "[]"))
    to.count += 1
    one = f"v{to.count}"
    to.put(f"for {one} in {source.name}:")
    to.depth += 1
    to.values[body.start] = source.item(one)
    for place, inner in enumerate(body.steps, body.start + 1):
        to.step(place, inner)
    found = to.values[body.result]
    if found is SILENT:
        raise UnsupportedError("silent")
    item: Callable[[str], Any] = source.item
    if step.op == "filter":
        to.put(f"if {found}: {kept}.append({one})")
    elif step.op == "for":
        if isinstance(found, Number) and isinstance(found.below, int):
            to.put(f"{kept}.append({found.top})")
            item = functools.partial(Number, below=found.below, bits=found.bits)
        elif isinstance(found, str):
            to.put(f"{kept}.append({found})")
            item = str
        else:
            raise UnsupportedError("for")
    else:
        to.put(f"if {found if step.op == 'some' else f'not {found}'}: {kept} = {step.op == 'some'}")
    to.depth -= 1
    return Items(kept, item) if step.op in ("filter", "for") else kept


_WRITERS: dict[str, Callable[[Writer, Step, list[Any]], Any]] = {
    "+": _add, "-": _add, "*": _times, "/": _over, "negative": _negative, "abs": _abs,
    "floor": _floor, "ceiling": _ceiling, "=": _compare, "!=": _compare,
    **dict.fromkeys(_ORDER, _compare), "not": _not, "and": _logic, "or": _logic,
    "round": _round, "pay": _pay, "min": _extreme, "max": _extreme, "if": _if,
    "or else": lambda to, step, args: args[0], "known": lambda to, step, args: to.new("True"),
    "outcome": _outcome, "table": _table, "records": _records, "constant": _constant, "lookup": _lookup,
    "silent": lambda to, step, args: SILENT, "not in force": lambda to, step, args: SILENT, "rising": _rising, "days": _dates,
    "full_months": _dates, "full_years": _dates, "add_days": _added, "add_months": _added,
    "add_working_days": _added, "part": _part, "count": _count, "sum": _sum,
    "min of": _least, "max of": _least,
    "project": _project, "field": _field, "some": _each, "every": _each, "filter": _each,
    "for": _each,
}  # fmt: skip
