# SPDX-License-Identifier: MIT
"""The fold over a plan: what stands for the result of each step in many cases at once.

What is the same in every case the reference engine works out once. The rest becomes expressions
over columns; results that several steps use are kept as columns.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs
import polars as pl

from rolerules.engines import reference
from rolerules.engines.columnar import bring, lists
from rolerules.engines.columnar.choose import choose
from rolerules.engines.columnar.column import Column
from rolerules.engines.columnar.dates import DATES
from rolerules.engines.columnar.given import left_out
from rolerules.engines.columnar.logic import LOGIC
from rolerules.engines.columnar.needs import NO, Needs, either, expr, failing, where
from rolerules.engines.columnar.numbers import NUMBERS
from rolerules.engines.columnar.ranking import RANKING
from rolerules.engines.columnar.rows import Rows, UnsupportedError
from rolerules.engines.columnar.spans import Spans, of_items, spans
from rolerules.engines.columnar.tables import table
from rolerules.engines.columnar.values import (
    Day,
    Items,
    Number,
    Same,
    Truth,
    Value,
    Word,
)
from rolerules.engines.results import Unknown
from rolerules.model.types import AMOUNTS, Type
from rolerules.plan.bounds import Ratio, not_negative
from rolerules.plan.plan import Body, Plan, Step
from rolerules.plan.promised import never_negative

_ALIKE = {"+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "and", "or", "not", "round"}
"""Operations of which the same one over the same results is worked out once."""
ONCE = {"+", "-", "*", "=", "!=", "<", "<=", ">", ">=", "not", "negative", "sum", "count"}
"""Operations that use an operand once, so that there is no need to keep it."""
EACH = ("some", "every", "filter", "for")
_WRITERS: dict[str, Any] = {**LOGIC, **NUMBERS, **DATES, **lists.LISTS, **RANKING, "table": table}


@attrs.define(eq=False)
class Kernel:
    """The values of a plan's steps over a frame, whose columns are named like the facts.

    Amounts are whole numbers in units of 1/`units[name]`. `given` has the value of each built-in
    name, or the column and the type it is read from.
    """

    plan: Plan
    rows: Rows
    units: Mapping[str, int]
    given: Mapping[str, Any]
    spans: Spans
    values: dict[int, Any] = attrs.field(factory=dict)
    lists: dict[str, Items] = attrs.field(factory=dict)
    choices: dict[str, dict[str, pl.Expr]] = attrs.field(factory=dict)
    standing: dict[str, pl.Expr] = attrs.field(factory=dict)

    def work(self, wanted: Iterable[int]) -> None:
        """Work out some steps, and what they hang on."""
        settled, promised = self._settled(), never_negative(self.plan)
        needed, uses = self._cone(list(wanted), settled)
        steps = [self.plan.steps[place] for place in needed]
        more = {
            _standing_for(arg, settled)
            for step in steps
            if step.op not in ONCE
            for arg in step.args
        }
        for place in sorted(needed):
            value: Any = settled.get(place)
            if value is None:
                value = self.step(self.plan.steps[place], self.values, self.rows)
                if place in promised and isinstance(value, Number):
                    value = attrs.evolve(value, ratio=not_negative(value.ratio))
                if uses[place] > 1 or place in more:
                    value = _kept(value)
            elif isinstance(value, int):
                value = self.values[value]
            self.values[place] = value

    def _key(self, place: int, settled: Mapping[int, Same | int]) -> Any:
        """What makes two steps the same; a step that is like no other is its own key."""
        step = self.plan.steps[place]
        if step.op not in _ALIKE:
            return place
        args = [settled.get(arg, arg) for arg in step.args]
        over = [arg.value if isinstance(arg, Same) else (arg,) for arg in args]
        return (step.op, step.value, *over) if all(map(_plain, over)) else place

    def _settled(self) -> dict[int, Same | int]:
        """Steps whose result is the same in every case, or that are what another step is."""
        found: dict[int, Same | int] = {}
        made: dict[Any, int] = {}
        for place, step in enumerate(self.plan.steps):
            if step.op in ("fact", "given", "opening"):
                one: Same | int | None = self._known_leaf(step)
            else:
                places = [found.get(arg, arg) for arg in step.args]
                args = [found.get(arg) if isinstance(arg, int) else arg for arg in places]
                one = self._shortcut(step, args, found)
            if one is None:
                first = made.setdefault(self._key(place, found), place)
                one = None if first == place else first
            if one is not None:
                found[place] = one
        return found

    def _shortcut(
        self, step: Step, args: list[Any], found: Mapping[int, Same | int]
    ) -> Same | int | None:
        """The result of a step, or the step that it is, where what is the same decides it."""
        same = [arg.value if isinstance(arg, Same) else None for arg in args]
        if step.op == "if" and isinstance(same[0], bool):
            branch = step.args[1 if same[0] else 2]
            return found.get(branch, branch)
        if step.op == "outcome" and len(args) == 2 and same[0] is False:
            return Same(step.value[2])
        if step.op in ("and", "or") and any(one is (step.op == "or") for one in same):
            return Same(step.op == "or")
        every = all(isinstance(arg, Same) for arg in args)
        return self._same(step, args) if every and step.op != "records" else None

    def _cone(
        self, wanted: list[int], settled: Mapping[int, Same | int]
    ) -> tuple[set[int], dict[int, int]]:
        """Every step that some steps hang on, and how many refer to each."""
        uses: dict[int, int] = {}
        todo, found = list(wanted), set[int]()
        while todo:
            place = todo.pop()
            found.add(place)
            place = _standing_for(place, settled)
            uses[place] = uses.get(place, 0) + 1
            if uses[place] == 1 and place not in settled:
                todo += reached(self.plan.steps[place], place)
            found.add(place)
        return found, uses

    def _known_leaf(self, step: Step) -> Same | None:
        """A leaf that is the same in every case: a built-in value, a fact that nobody knows."""
        if step.op != "fact":
            leaf = self.leaf(step.value)
            return leaf if isinstance(leaf, Same) else None
        if self.spans.unknown.get(step.value, 2) < 2:
            return None
        return Same(Unknown(frozenset([step.value])))

    def _same(self, step: Step, args: list[Any]) -> Same | None:
        """The result of a step over what is the same in every case; None where that is no use."""
        if step.op in EACH and isinstance(args[0].value, tuple):
            return None
        results = dict(zip(step.args, [arg.value for arg in args], strict=True))
        found = reference.step_result(step, results, {})  # type: ignore[arg-type]  # looked up by place
        return Same(found)

    def step(self, step: Step, values: Mapping[int, Any], rows: Rows) -> Any:
        """What stands for the result of one step."""
        if step.op in ("fact", "given", "opening"):
            return self._leaf(step)
        args = [bring.to(rows, values[arg]) for arg in step.args]
        if step.op == "field":
            return args[0][step.value]
        if step.op == "records":
            return bring.records(rows, step.value, args)
        if all(isinstance(arg, Same) for arg in args):
            same = self._same(step, args)
            if same is not None:
                return same
        if step.op != "add_working_days":
            args = [
                lists.repeated(rows, arg.value)
                if isinstance(arg, Same) and isinstance(arg.value, tuple)
                else arg
                for arg in args
            ]
        if step.op in EACH:
            return self._each(step, args[0], values, rows)
        if step.op == "not in force":
            needs = failing(args[0].needs, True)
            return _placed(choose([], [Same(Unknown())], needs, rows, step.type), rows)
        if step.op not in _WRITERS:
            raise UnsupportedError(step.op)
        return _placed(_WRITERS[step.op](step, args, rows), rows)

    def _each(self, step: Step, of: Any, values: Mapping[int, Any], rows: Rows) -> Any:
        """A body over the items of a list."""
        body: Body = step.value
        if isinstance(of, Same):
            return of
        inner: dict[int, Any] = {**values, body.start: of.item}
        for place, one in enumerate(body.steps, body.start + 1):
            inner[place] = _kept(self.step(one, inner, of.items))
        result = bring.to(of.items, inner[body.result])
        if step.op == "for":
            if isinstance(result, dict | Items):
                raise UnsupportedError("lists of lists")
            return Items(of.items, result, of.needs)
        fold = lists.kept if step.op == "filter" else lists.quantified
        return _placed(fold(step, of, result, rows), rows)

    # --- leaves

    def leaf(self, name: str) -> Any:
        """A built-in name's value."""
        value = self.given[name]
        if isinstance(value, Same):
            return value
        column, type_ = value
        if column not in self.rows.frame.columns:
            return left_out(name, self.plan)
        return self._root(column, name, type_)

    def _choices(self, name: str, value: pl.Expr, options: tuple[str, ...]) -> dict[str, pl.Expr]:
        """Which choice it is, each looked at once."""
        if name not in self.choices:
            self.choices[name] = {one: self.rows.keep(value == one) for one in options}
        return self.choices[name]

    def outside(self) -> list[pl.Expr]:
        """Where a column that is used as it stands holds what is not taken without a question."""
        found = []
        for name, one in self.spans.as_is.items():
            value = self._standing(name)
            if one.options:
                outside = ~expr(either(self._choices(name, value, one.options).values()))
            elif one.outside is not None:
                outside = one.outside(value)
            else:
                continue
            found.append(outside.fill_null(False) if self.spans.unknown[name] else outside)
        return found

    def _standing(self, name: str) -> pl.Expr:
        """The values of a column that is used as it stands, kept where they had to be cast."""
        if name not in self.standing:
            self.standing[name] = self.rows.keep(self.spans.as_is[name].expr)
        return self.standing[name]

    def _root(self, column: str, need: str, type_: Type) -> Value:
        """A column of the cases themselves."""
        as_is = self.spans.as_is.get(column)
        unit = self.units.get(column, 1) if as_is is None else as_is.unit
        return self.read(column, need, type_, self.rows, self.spans, unit)

    def _leaf(self, step: Step) -> Any:
        if step.op != "fact":
            return self.leaf(step.value)
        fact = self.plan.facts[step.value]
        if fact.type.kind != "list":
            return self._root(step.value, step.value, fact.type)
        if step.value not in self.lists:
            self.lists[step.value] = self._list(step.value, fact.type)
        return self.lists[step.value]

    def _list(self, name: str, type_: Type) -> Items:
        assert type_.item is not None
        column = self.rows.frame[name].rechunk()
        lengths = column.list.len().fill_null(0)
        frame = column.explode(empty_as_null=False, keep_nulls=False).struct.unnest()
        items = self.rows.inside(frame, lengths)
        inner = spans(
            frame, {one.name: 1 for one in type_.item.fields if one.type.kind in AMOUNTS}, {}
        )
        record = {
            field.name: self.read(
                field.name,
                name,
                field.type,
                items,
                inner,
                self.units.get(of_items(name, field.name), 1),
            )
            for field in type_.item.fields
        }
        return Items(items, record, self._unknown(name, name, self.spans))

    def _unknown(self, column: str, name: str, spans_: Spans) -> Needs:
        if not spans_.unknown[column]:
            return NO
        unknown = where(pl.col(column).is_null(), Needs(self.rows.names.bit(name)), NO)
        return Needs(unknown.waits, False, pl.col(column).is_not_null())

    def read(self, name: str, need: str, type_: Type, rows: Rows, known: Spans, unit: int) -> Value:
        """A column of facts; `need` is what an unknown one is called."""
        if name not in rows.frame.columns:
            return Same(Unknown(frozenset([need])))
        dtype, as_is = rows.frame.schema[name], known.as_is.get(name)
        value = pl.col(name) if as_is is None else self._standing(name)
        needs = self._unknown(name, need, known)
        if type_.kind in AMOUNTS:
            held = Column(value, *known.bounds[name])
            if as_is is None and held.wide != (dtype == pl.Int128):
                held = attrs.evolve(held, expr=value.cast(pl.Int128 if held.wide else pl.Int64))
            return Number(Ratio(held, unit), needs, rows)
        if type_.kind == "yes/no":
            return Truth(value, needs, rows)
        if type_.kind == "date":
            return Day(value, needs, rows)
        if isinstance(dtype, pl.Enum):
            return Word(None, needs, rows, tuple(dtype.categories), value.to_physical())
        tests = {} if as_is is None else self._choices(name, value, as_is.options)
        return Word(value, needs, rows, type_.options, tests=tests)


def _plain(value: Any) -> bool:
    return isinstance(value, tuple | bool | str | Fraction | datetime.date)


def _standing_for(place: int, settled: Mapping[int, Same | int]) -> int:
    """The step itself, or the one that it is."""
    one = settled.get(place)
    return one if isinstance(one, int) else place


def _placed(value: Any, rows: Rows) -> Any:
    """A result with the rows that it is a result of."""
    return value if isinstance(value, Same | Items) else attrs.evolve(value, rows=rows)


def reached(step: Step, before: int) -> list[int]:
    """The steps of the plan that a step refers to, those from inside a body included."""
    found = [*step.args]
    if step.op in EACH:
        inside = [arg for one in step.value.steps for arg in reached(one, step.value.start)]
        found += [arg for arg in (*inside, step.value.result) if arg < step.value.start]
    return [arg for arg in found if arg < before]


def _kept(value: Any) -> Any:
    """The same, as columns."""
    if isinstance(value, Same | Items | dict) or value.rows is None:
        return value
    rows: Rows = value.rows
    needs = rows.kept(value.needs)
    if isinstance(value, Number):
        top = attrs.evolve(value.ratio.top, expr=rows.keep(value.ratio.top.expr))
        below: Any = value.ratio.below
        below = below if isinstance(below, int) else attrs.evolve(below, expr=rows.keep(below.expr))
        return Number(Ratio(top, below), needs, rows)
    if isinstance(value, Word):
        text = None if value.text is None else rows.keep(value.text)
        codes = None if value.codes is None else rows.keep(value.codes)
        return attrs.evolve(value, text=text, codes=codes, needs=needs)
    return attrs.evolve(value, expr=rows.keep(value.expr), needs=needs)
