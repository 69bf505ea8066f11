# SPDX-License-Identifier: MIT
"""Values in source, and the writer that holds what stands for each step of a plan.

A number is a Decimal or a whole `int`, in exact arithmetic; what a division left stands beside it as
`below`, above 0. What may be unknown has a `gap`: the source of a whole number whose bits say what
it waits for, 0 where the value is known. Nothing of an author's text becomes source: names, texts and
figures stand in a table of constants.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs

from rolerules.model.types import AMOUNTS, Type
from rolerules.plan.plan import Plan, Step

FAILED, NOTHING = 1, 2
"""Bits of a gap: it failed; it is unknown and waits for nothing. The others are names."""
DEEPEST = 12
"""An expression nested deeper than this gets variables for its parts."""


@attrs.frozen(slots=True)
class Value:
    """A value in source; `deep` is 0 for a name, and says how deep an expression is nested."""

    source: str
    gap: str = ""
    deep: int = 0
    clears: str = attrs.field(default="", kw_only=True)
    """The gap that is 0 where this condition holds."""


Pick = Callable[[Callable[[Any], Any]], str]
"""Writes a choice among what is made now, by a function, of each figure that a number may be."""
MOST_PICKED = 64
"""A number of more figures than these is worked out in each case."""


@attrs.frozen(slots=True)
class Number(Value):
    """A number in source: the most digits before and after its point, and what it is over."""

    whole: int = 0
    places: int = 0
    integer: bool = False
    """Whether it is held as an `int`."""
    below: Number | None = None
    figures: frozenset[Any] | None = None
    """The few figures that it may be, as fractions."""
    pick: Pick | None = attrs.field(default=None, eq=False)
    by: tuple[Mapping[Any, Any], str] | None = attrs.field(default=None, eq=False)
    """The figure for each choice, and the source of the choice."""


@attrs.frozen(slots=True)
class Items:
    """A list in source: its name, and how one item is written, given the name of its variable."""

    source: str
    item: Callable[[str], Any]
    gap: str = ""


Write = Callable[["Writer", Step, list[Any]], Any]
"""(writer, step, what stands for its arguments) → what stands for its result."""


@attrs.define
class Writer:
    """Writes steps as lines of Python; `values` holds what stands for each step.

    Where `known` holds, every fact is known and a failure stops; else both become gaps. `daily`
    are the steps that hang on no fact: they are written once for a day and an opening.
    """

    plan: Plan
    known: bool
    strictly: Mapping[str, Write]
    specially: Mapping[str, Write]
    shared: set[int] = attrs.field(factory=set)
    """The steps that are used more than once, and get a variable."""
    constants: dict[str, Any] = attrs.field(factory=dict)
    values: dict[int, Any] = attrs.field(factory=dict)
    steps: dict[int, Step] = attrs.field(factory=dict)
    daily: set[int] = attrs.field(factory=set)
    made: dict[str, str] = attrs.field(factory=dict)
    """The variables of the pay lines that are picked among lines made now."""
    needs: dict[str, int] = attrs.field(factory=dict)
    day: list[str] = attrs.field(factory=list)
    case: list[str] = attrs.field(factory=list)
    lines: list[str] = attrs.field(factory=list)
    depth: int = 1
    sure: dict[str, str] = attrs.field(factory=dict)
    """The gaps that are never a failure, each with the test that it is 0."""
    large: bool = False
    """Whether a number may come to have more digits than are allowed."""
    count: int = 0
    _named: dict[tuple[type, Any], str] = attrs.field(factory=dict)

    def put(self, line: str) -> None:
        """Add a line at the present depth."""
        self.lines.append("    " * self.depth + line)

    def name(self) -> str:
        """A new variable."""
        self.count += 1
        return f"v{self.count}"

    def new(self, source: str) -> str:
        """Assign to a new variable."""
        name = self.name()
        self.put(f"{name} = {source}")
        return name

    def constant(self, value: Any) -> str:
        """Name a constant of any kind."""
        value, plain = interned(value), type(value) in (Decimal, str)
        name = self._named.get((type(value), str(value) if plain else id(value)))
        if name is None:
            self.count += 1
            name = f"k{self.count}"
            self._named[type(value), str(value) if plain else id(value)] = name
            self.constants[name] = value
        return name

    def may_pick(self) -> bool:
        """Whether what is written now is always run, so that a choice may be written once more."""
        return self.known and self.depth <= 2

    def bit(self, need: str) -> int:
        """The bit of a gap that stands for something to wait for."""
        return self.needs.setdefault(need, 4 << len(self.needs))

    def step(self, place: int, step: Step) -> None:
        """Write one step; what hangs on the day alone where it is written once for the day."""
        daily = place in self.daily
        if daily:
            self.lines, self.depth = self.day, 1
        self.steps[place] = step
        args = [self.values[arg] for arg in step.args]
        if step.op in self.specially:
            found = self.specially[step.op](self, step, args)
        else:
            write, bare = self.strictly[step.op], [without_gap(arg) for arg in args]
            found = self.strict(step, gaps(args), lambda: write(self, step, bare))
        if daily or place in self.shared:
            found = self.settle(found)
        if daily and self.known and step.op == "if" and found.gap:
            self.put(f"if {found.gap}: raise Slow")
            found = without_gap(found)
        if daily:
            self.lines, self.depth = self.case, 2
        self.values[place] = found

    # --- values

    def settle(self, value: Any) -> Any:
        """A value in variables, as it is used more than once."""
        if not isinstance(value, Value) or (not value.deep and not _below(value).deep):
            return value
        source = self.new(value.source) if value.deep else value.source
        if isinstance(value, Number) and value.below is not None:
            return attrs.evolve(value, source=source, deep=0, below=self.settle(value.below))
        return attrs.evolve(value, source=source, deep=0)

    def expression(self, source: str, *parts: Value) -> Value:
        """An expression over some parts, settled where it is nested too deep."""
        deep = 1 + max((part.deep for part in parts), default=0)
        return Value(f"({source})", "", deep) if deep <= DEEPEST else Value(self.new(source))

    def nothing(self, type_: Type, gap: str) -> Any:
        """An unknown value of a type."""
        if type_.kind == "list":
            assert type_.item is not None
            of = type_.item
            fields = of.fields

            def item(one: str) -> Any:
                if not fields:
                    return self.nothing(of, gap)
                return {field.name: self.nothing(field.type, gap) for field in fields}

            return Items("None", item, gap)
        return Number("None", gap) if type_.kind in AMOUNTS else Value("None", gap)

    # --- what may be unknown

    def union(self, gaps: Iterable[str]) -> str:
        """Several gaps as one; empty where every value is known."""
        some = list(dict.fromkeys(gap for gap in gaps if gap))
        return some[0] if len(some) == 1 else self.new(balanced(some, "|")) if some else ""

    def strict(self, step: Step, gaps: Iterable[str], write: Callable[[], Any]) -> Any:
        """What `write` writes, where nothing is unknown; else unknown for all that is."""
        gap = self.union(gaps)
        if not gap:
            return write()
        if always(gap):
            return self.nothing(step.type, gap)
        first, outer = self.count, self.lines
        self.lines, self.depth = [], self.depth + 1
        found = self.settle(write())
        inner, self.lines, self.depth = self.lines, outer, self.depth - 1
        new = [name for name in names(found) if int(name[1:]) > first]
        if inner:
            unknown = "".join(f"{name} = " for name in new) + "None"
            self.put(f"if {gap}: {unknown}" + (f"; {found.gap} = {gap}" if found.gap else ""))
            self.put("else:")
            self.lines += inner
        return attrs.evolve(found, gap=found.gap or gap)

    def fails(self, test: str) -> str:
        """Where a test holds the step fails: a gap, or (where all is known) a stop."""
        if self.known:
            self.put(f"if {test}: raise Slow")
            return ""
        return self.new(f"{FAILED} if {test} else 0")

    def failure(self, type_: Type) -> Any:
        """What fails where it is looked at."""
        if not self.known or type_.kind == "list":
            return self.nothing(type_, str(FAILED))
        source = "stop()"
        return (
            Number(source, deep=1, integer=True) if type_.kind in AMOUNTS else Value(source, deep=1)
        )


def interned(value: Any) -> Any:
    """A text as Python keeps those of a program: so it is found at once in what a program gives."""
    return sys.intern(value) if type(value) is str else value


def balanced(parts: Iterable[str], sign: str) -> str:
    """An expression of many parts, nested as little as may be: Python nests none too deep."""
    some = list(parts)
    if len(some) <= 8:
        return f" {sign} ".join(some)
    middle = len(some) // 2
    return f"({balanced(some[:middle], sign)}) {sign} ({balanced(some[middle:], sign)})"


def without_gap(value: Any) -> Any:
    """A value where it is known."""
    return attrs.evolve(value, gap="") if isinstance(value, Value | Items) and value.gap else value


def always(gap: str) -> bool:
    """Whether a gap is never 0."""
    return gap.isdigit()


def _below(value: Value) -> Value:
    return (value.below if isinstance(value, Number) else None) or value


def names(value: Any) -> Sequence[str]:
    """The variables that hold a value."""
    found = [value.source]
    if isinstance(value, Number) and value.below is not None:
        found.append(value.below.source)
    return [name for name in found if name[0] == "v" and name[1:].isdigit()]


def gaps(values: Iterable[Any]) -> list[str]:
    """The gaps of some values."""
    return [value.gap for value in values if isinstance(value, Value | Items)]
