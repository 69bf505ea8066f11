# SPDX-License-Identifier: MIT
"""Facts at every edge of a ruleset: each comparison exactly at, one unit below and one above.

The comparisons come from the plan (conditions, table cells, limits, tests); a `min` or `max` of
two compares them as well, and bends where they are equal. For each, every fact
it depends on is moved alone until both sides are equal: along a straight line where that is
exact, else by halving. So `profit / team_sales >= 5%` gives the profit, and the sales, at which
the rate is 5 %, and one cent either side.
"""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from rolerules.engines.facts import read_as_of, read_facts
from rolerules.engines.opening import Opening, read_opening
from rolerules.engines.reference import step_result
from rolerules.engines.results import given_values
from rolerules.model.model import Model
from rolerules.model.term import Scalar, Term
from rolerules.model.types import AMOUNTS, Range, Type
from rolerules.plan.plan import Body, Plan, Step
from rolerules.problems import FactError
from rolerules.ruleset import Ruleset
from rolerules.values import exact_text, parse_rate, percent

Case = dict[str, Any]
Path = tuple[str, ...]
"""A fact's name, or a list's name and the name of a field of its first item."""
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
DECIDING = (*COMPARISONS, "min", "max")
"""A floor, a cap and a band of a marginal scale begin where the two sides of these meet."""
_TYPICAL = {"rate": Fraction(1, 10), "number": Fraction(10), "whole": Fraction(3)}
_ITEMS = 3


def boundary_cases(
    ruleset: Ruleset, *, as_of: datetime.date | str, opening: Mapping[str, Any] | None = None
) -> list[Case]:
    """Give facts at every edge, each case differing from an ordinary one in one fact.

    The first is the ordinary case; then come edges one unit below, at and above; every choice,
    every yes and no, every text that a condition names; every fact and every field of an item
    unknown. A unit is the currency's least, a day, 1 for a whole number and 0.000001 for a rate
    or number. The same ruleset and date give the same list. A case may break a limit of severity
    error, which is an edge as well. Balances open with `opening`, as `evaluate` takes it.
    """
    day = read_as_of(as_of)
    plan = ruleset.at(day)
    search = _Search(plan, day, constants(ruleset.model), read_opening(plan, opening))
    base = next(
        (case for case in search.ordinary() if _accepted(ruleset, case, day, opening)),
        next(search.ordinary()),
    )
    found: dict[str, Case] = {repr(base): base}
    for path, value in search.variations(base):
        case = search.put(base, path, value)
        found.setdefault(repr(case), case)
    return list(found.values())


def constants(model: Model) -> dict[str, list[Scalar]]:
    """Every constant of a ruleset's formulas and cells by kind of value, sorted."""
    found: dict[str, set[Any]] = {"amount": set(), "date": set(), "text": set()}
    for term in _terms([getattr(model, field.name) for field in attrs.fields(Model)]):
        kind = next((kind for kind, type_ in _KINDS if isinstance(term.value, type_)), None)
        if term.op == "constant" and kind:
            found[kind].add(term.value)
    return {kind: sorted(values) for kind, values in found.items()}


_KINDS: tuple[tuple[str, type[Any]], ...] = (
    ("amount", Fraction),
    ("date", datetime.date),
    ("text", str),
)


def _terms(thing: Any) -> Iterator[Term]:
    if isinstance(thing, Term):
        yield from thing.walk()
    elif isinstance(thing, Mapping):
        yield from _terms(list(thing.values()))
    elif isinstance(thing, list | tuple):
        for one in thing:
            yield from _terms(one)
    elif attrs.has(type(thing)):
        yield from _terms([getattr(thing, field.name) for field in attrs.fields(type(thing))])


def unit(type_: Type, digits: int) -> Fraction:
    """The least step of a value that the cases take; a day for dates."""
    return {
        "money": Fraction(1, 10**digits),
        "whole": Fraction(1),
        "date": Fraction(1),
        "list": Fraction(1),
    }.get(type_.kind, Fraction(1, 10**6))


def as_given(value: Fraction, type_: Type) -> Any:
    """Give a figure as a program would: Decimal, int where it is whole, date for a day's number."""
    if type_.kind == "date":
        return datetime.date.fromordinal(int(value))
    if type_.kind == "rate" and abs(value) > 1:
        return percent(value)  # a bare figure of that size is taken for a slip
    return int(value) if type_.kind in ("whole", "list") else Decimal(exact_text(value))


def _accepted(
    ruleset: Ruleset, case: Case, day: datetime.date, opening: Mapping[str, Any] | None
) -> bool:
    try:
        ruleset.evaluate(case, as_of=day, opening=opening)
    except FactError:
        return False
    return True


@attrs.frozen(slots=True)
class _Search:
    plan: Plan
    day: datetime.date
    constants: Mapping[str, list[Scalar]]
    opening: Opening

    def ordinary(self) -> Iterator[Case]:
        """Cases in the middle of every range, with some or no items in lists."""
        for items in (_ITEMS, 0):
            yield {
                name: self._typical(fact.type, fact.range, items)
                for name, fact in self.plan.facts.items()
            }

    def _typical(self, type_: Type, range_: Range, items: int = 0, amount: int = 1000) -> Any:
        if type_.item is not None:
            item = {
                field.name: self._typical(field.type, field.range, amount=100)
                for field in type_.item.fields
            }
            return [dict(item) for _ in range(items)]
        if type_.kind in AMOUNTS:
            return as_given(
                self._inside(_TYPICAL.get(type_.kind, Fraction(amount)), type_, range_), type_
            )
        known = [text for text in self.constants["text"] if type_.kind == "text"]
        return {"yes/no": True, "date": self.day}.get(
            type_.kind, next(iter((*type_.options, *known)), "text")
        )

    def _inside(self, value: Fraction, type_: Type, range_: Range) -> Fraction:
        step = unit(type_, self.plan.digits)
        if range_.low is not None and value < range_.low:
            return math.ceil(range_.low / step) * step
        if range_.high is not None and value > range_.high:
            return math.floor(range_.high / step) * step
        return value

    def paths(self) -> Iterator[tuple[Path, Type, Range]]:
        """Every fact, and every field of an item, with its type and range."""
        for name, fact in self.plan.facts.items():
            range_ = (
                Range(Fraction(0), Fraction(fact.max_items))
                if fact.type.kind == "list"
                else fact.range
            )
            yield (name,), fact.type, range_
            for field in fact.type.item.fields if fact.type.item else ():
                yield (name, field.name), field.type, field.range

    def put(self, case: Case, path: Path, value: Any) -> Case:
        """The case with one value changed; a whole number at a list is its number of items."""
        name, *field = path
        given = case[name]
        if field:
            first, *rest = given or self._typical(self.plan.facts[name].type, Range(), 1)
            given = [{**first, field[0]: value}, *rest]
        elif self.plan.facts[name].type.kind == "list" and value is not None:
            given = self._typical(self.plan.facts[name].type, Range(), value)
        else:
            given = value
        return {**case, name: given}

    def results(self, case: Case) -> list[Any]:
        """The result of every step; also where the decision would be refused."""
        plan, results = self.plan, list[Any]()
        values, _ = read_facts(plan.facts, case, plan.digits)
        values |= given_values(plan, self.day, self.opening)
        for step in plan.steps:
            results.append(step_result(step, results, values))
        return results

    def variations(self, base: Case) -> Iterator[tuple[Path, Any]]:
        """Every change of one value that is worth a case."""
        edges = _Edges(self, base)
        for path, type_, range_ in self.paths():
            if type_.kind in (*AMOUNTS, "date", "list"):
                for value in sorted(edges.of(path, type_, range_)):
                    yield path, as_given(value, type_)
            words = self.constants["text"] if type_.kind == "text" else type_.options
            for word in (True, False) if type_.kind == "yes/no" else words:
                yield path, word
            yield path, None


@attrs.frozen(slots=True)
class _Edges:
    """Finds where the two sides of a comparison meet while one value moves."""

    search: _Search
    base: Case

    def of(self, path: Path, type_: Type, range_: Range) -> set[Fraction]:
        """The values just below, at and just above every edge, within the declared range."""
        step = unit(type_, self.search.plan.digits)
        low, high = self._ends(type_, range_)
        found = (
            {low, high}
            if type_.kind == "list"
            else {end for end in (range_.low, range_.high) if end is not None}
        )
        found = {
            end
            for end in found
            if (end / step).denominator == 1 and (type_.kind != "list" or end <= 100)
        }
        for gap in (*self._gaps(path, type_), *self._gaps_inside(path)):
            found |= _around(_meet(gap, self._start(path, type_), low, high, step), step)
        return {value for value in found if low <= value <= high}

    def _ends(self, type_: Type, range_: Range) -> tuple[Fraction, Fraction]:
        if type_.kind == "date":
            today = self.search.day.toordinal()
            return Fraction(max(1, today - 3700)), Fraction(
                min(datetime.date.max.toordinal(), today + 3700)
            )
        low = Fraction(0) if range_.low is None else range_.low
        high = Fraction(0) if range_.high is None else range_.high
        return low, min(high, low + 1000) if type_.kind == "list" else high

    def _start(self, path: Path, type_: Type) -> Fraction:
        given = self.base[path[0]]
        if len(path) == 2:
            given = (given or [{path[1]: None}])[0][path[1]]
        return Fraction(_ITEMS) if given is None or type_.kind == "list" else _number(given)

    def _gaps(self, path: Path, type_: Type) -> Iterator[Callable[[Fraction], Fraction | None]]:
        """For every comparison that depends on the value: its left side less its right side."""
        plan, read = self.search.plan, _reads(self.search.plan)
        for place, step in enumerate(plan.steps):
            if step.op in DECIDING and path[0] in read[place] and _ordered(plan, step):
                for pair in itertools.combinations(step.args, 2):
                    yield lambda value, pair=pair: self._gap(path, type_, pair, value)  # type: ignore[misc]

    def _gap(
        self, path: Path, type_: Type, pair: tuple[int, ...], value: Fraction
    ) -> Fraction | None:
        case = self.search.put(self.base, path, as_given(value, type_))
        try:
            results = self.search.results(case)
        except FactError:
            return None
        left, right = (results[arg] for arg in pair)
        return _number(left) - _number(right) if _is_number(left) and _is_number(right) else None

    def _gaps_inside(self, path: Path) -> Iterator[Callable[[Fraction], Fraction | None]]:
        """For every comparison of an item's field with a value from outside the item."""
        if len(path) == 1:
            return
        plan, read = self.search.plan, _reads(self.search.plan)
        results = self.search.results(self.base)
        for place, step in enumerate(plan.steps):
            if isinstance(step.value, Body) and path[0] in read[place]:
                for edge in _edges_of_body(step.value, path[1], results):
                    yield lambda value, edge=edge: value - edge  # type: ignore[misc]


def _compares(step: Step) -> bool:
    return step.op in COMPARISONS or (step.op in ("min", "max") and len(step.args) == 2)


def _edges_of_body(body: Body, field: str, results: list[Any]) -> Iterator[Fraction]:
    for step in body.steps:
        if isinstance(step.value, Body):
            yield from _edges_of_body(step.value, field, results)
        if not _compares(step):
            continue
        for here, there in (step.args, step.args[::-1]):
            own = body.steps[here - body.start - 1] if here > body.start else None
            other = results[there] if there < body.start else None
            if there > body.start and body.steps[there - body.start - 1].op == "constant":
                other = body.steps[there - body.start - 1].value
            if own is not None and own.op == "field" and own.value == field and _is_number(other):
                yield _number(other)


def _reads(plan: Plan) -> list[set[str]]:
    """The facts that each step depends on."""
    read: list[set[str]] = []
    for step in plan.steps:
        mine = {step.value} if step.op == "fact" else set()
        read.append(mine.union(*(read[arg] for arg in _outer(step, len(read)))))
    return read


def _outer(step: Step, before: int) -> Iterator[int]:
    yield from (arg for arg in step.args if arg < before)
    for inner in step.value.steps if isinstance(step.value, Body) else ():
        yield from _outer(inner, before)


def _ordered(plan: Plan, step: Step) -> bool:
    return all(
        plan.steps[arg].type.kind not in ("text", "choice", "yes/no")
        or plan.steps[arg].op == "given"
        for arg in step.args
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, Fraction | Decimal | int | datetime.date) and not isinstance(
        value, bool
    )


def _number(value: Any) -> Fraction:
    if isinstance(value, str):  # a rate above 100%
        return parse_rate(value) or Fraction(0)
    return Fraction(value.toordinal() if isinstance(value, datetime.date) else value)


def _around(values: set[Fraction], step: Fraction) -> set[Fraction]:
    return {near for value in values for near in (value - step, value, value + step)}


def _meet(
    gap: Callable[[Fraction], Fraction | None],
    start: Fraction,
    low: Fraction,
    high: Fraction,
    step: Fraction,
) -> set[Fraction]:
    """The values on the grid of `step` at which the gap is nil, or changes its sign."""
    here, other = start, start + step if start + step <= high else start - step
    one, two = gap(here), gap(other)
    if one is None or two is None:
        return set()
    if one == two:  # flat here, perhaps for a floor or a cap in between
        return _halve(gap, low, high, step)
    guess = here - one * (other - here) / (two - one)
    below = math.floor(guess / step) * step
    ends = [value for value in (below, below + step) if low <= value <= high]
    signs = [gap(value) for value in ends]
    exact = {value for value, sign in zip(ends, signs, strict=True) if sign == 0}
    if exact:
        return exact
    if (
        len(ends) == 2
        and signs[0] is not None
        and signs[1] is not None
        and (signs[0] < 0) != (signs[1] < 0)
    ):
        return set(ends)
    return _halve(gap, low, high, step)


def _halve(
    gap: Callable[[Fraction], Fraction | None], low: Fraction, high: Fraction, step: Fraction
) -> set[Fraction]:
    """Halve a range whose ends have different signs, down to one unit."""
    left, right = math.ceil(low / step), math.floor(high / step)
    ends = gap(left * step), gap(right * step)
    if ends[0] is None or ends[1] is None or (ends[0] < 0) == (ends[1] < 0):
        return set()
    while right - left > 1:
        middle = (left + right) // 2
        found = gap(middle * step)
        if found is None:
            return set()
        left, right = (middle, right) if (found < 0) == (ends[0] < 0) else (left, middle)
    return {left * step, right * step}
