# SPDX-License-Identifier: MIT
"""What stands for the result of a step in many cases at once.

`Same` is one result for every row, as the reference engine has it. The others hold expressions
over the columns of `rows`, and `needs`: what each row's result waits for.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs
import polars as pl

from rolerules.engines.columnar.column import Column, figure
from rolerules.engines.columnar.needs import NO, Needs
from rolerules.engines.columnar.rows import Rows, UnsupportedError
from rolerules.engines.results import Unknown
from rolerules.model.types import AMOUNTS, Type
from rolerules.plan.bounds import Ratio


@attrs.frozen(slots=True, eq=False)
class Same:
    """The same result in every row, perhaps unknown."""

    value: Any


@attrs.frozen(slots=True, eq=False)
class Number:
    """An amount."""

    ratio: Ratio[Column]
    needs: Needs
    rows: Rows | None


@attrs.frozen(slots=True, eq=False)
class Truth:
    """Yes or no.

    `knows` are needs that are none where it holds. `ends` are where it begins and ends to hold as
    one number rises, None for an end that is open, and `upper` the test of the upper one alone.
    """

    expr: pl.Expr
    needs: Needs
    rows: Rows | None
    knows: Needs | None = None
    ends: tuple[Any, Any] | None = None
    upper: pl.Expr | None = None


@attrs.frozen(slots=True, eq=False)
class Day:
    """A date."""

    expr: pl.Expr
    needs: Needs
    rows: Rows | None


@attrs.frozen(slots=True, eq=False)
class Word:
    """A text; where it is one of few, its place among `options` is in `codes`.

    `tests` has the condition for an option where it is at hand; `chain` are tests in turn and the
    option of the first that holds, the last where none does.
    """

    text: pl.Expr | None
    needs: Needs
    rows: Rows | None
    options: tuple[str, ...] = ()
    codes: pl.Expr | None = None
    tests: Mapping[str, pl.Expr] = attrs.field(factory=dict)
    chain: tuple[tuple[pl.Expr, ...], tuple[str, ...]] | None = None

    def equals(self, option: str) -> pl.Expr:
        """Whether it is a certain text."""
        if option in self.tests:
            return self.tests[option]
        if self.codes is None:
            return self.as_text() == option
        if option not in self.options:
            return pl.lit(False)
        return self.codes == self.options.index(option)

    def as_text(self) -> pl.Expr:
        """The text itself."""
        if self.text is not None:
            return self.text
        assert self.codes is not None
        if len(self.options) == 1:
            return pl.lit(self.options[0])
        return pl.lit(pl.Series(list(self.options), dtype=pl.String)).gather(self.codes)

    def as_codes(self, options: tuple[str, ...]) -> pl.Expr:
        """Its place among some options; null where it is none of them."""
        if self.codes is None:
            return self.as_text().cast(pl.Enum(options), strict=False).to_physical()
        if self.options == options[: len(self.options)]:
            return self.codes
        if len(self.options) == 1 and self.options[0] in options:
            return pl.lit(options.index(self.options[0]), pl.UInt32)
        places = [options.index(one) if one in options else None for one in self.options]
        return pl.lit(pl.Series(places, dtype=pl.UInt32)).gather(self.codes)


@attrs.frozen(slots=True, eq=False)
class Items:
    """A list: the rows of its items, what one item is, and what the list itself waits for."""

    items: Rows
    item: Any
    needs: Needs

    @property
    def rows(self) -> Rows | None:
        """The rows that have a list each."""
        return self.items.parent


Value = Same | Number | Truth | Day | Word | Items


def needs_of(value: Value, rows: Rows) -> Needs:
    """What a result waits for."""
    if isinstance(value, Same):
        return rows.names.of(value.value) if isinstance(value.value, Unknown) else NO
    return value.needs


def number(value: Value, rows: Rows) -> Number:
    """A result as an amount."""
    if isinstance(value, Number):
        return value
    assert isinstance(value, Same)
    needs = needs_of(value, rows)
    top, below = (0, 1) if _unknown(value) else Fraction(value.value).as_integer_ratio()
    return Number(Ratio(figure(top), below), needs, None)


def truth(value: Value, rows: Rows) -> Truth:
    """A result as yes or no."""
    if isinstance(value, Truth):
        return value
    assert isinstance(value, Same)
    needs = needs_of(value, rows)
    return Truth(pl.lit(False if _unknown(value) else bool(value.value)), needs, None)


def day(value: Value, rows: Rows) -> Day:
    """A result as a date."""
    if isinstance(value, Day):
        return value
    assert isinstance(value, Same)
    needs = needs_of(value, rows)
    return Day(
        pl.lit(datetime.date.min if _unknown(value) else value.value, dtype=pl.Date), needs, None
    )


def word(value: Value, rows: Rows) -> Word:
    """A result as a text."""
    if isinstance(value, Word):
        return value
    assert isinstance(value, Same)
    needs = needs_of(value, rows)
    text = "" if _unknown(value) else str(value.value)
    return Word(None, needs, None, (text,), pl.lit(0, dtype=pl.UInt32))


def _unknown(value: Same) -> bool:
    return isinstance(value.value, Unknown)


AS: dict[type, Any] = {Number: number, Truth: truth, Day: day, Word: word}


def kind(values: list[Value], type_: Type | None = None) -> type:
    """What kind some results are of: by the first that is known, else by the type."""
    for value in values:
        if not isinstance(value, Same):
            return type(value)
    known = [one.value for one in values if isinstance(one, Same) and not isinstance(one.value, Unknown)]  # fmt: skip
    for of, made in ((bool, Truth), (Fraction, Number), (str, Word), (datetime.date, Day)):
        if known and isinstance(known[0], of):
            return made
    if known or type_ is None or type_.kind in ("list", "record"):
        raise UnsupportedError("lists")
    return kind_of(type_)


def kind_of(type_: Type) -> type:
    """What kind results of a type are of."""
    if type_.kind in AMOUNTS:
        return Number
    return {"yes/no": Truth, "date": Day}.get(type_.kind, Word)


def alike(values: list[Value], rows: Rows, type_: Type | None = None) -> list[Any]:
    """Results of one kind; `type_` says which where none is known."""
    of = kind(values, type_)
    if of is Items:
        raise UnsupportedError("lists")
    return [AS[of](value, rows) for value in values]
