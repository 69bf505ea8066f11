# SPDX-License-Identifier: MIT
"""Facts as given → facts as values, every one checked; all reasons to refuse them at once."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from rolerules.limits import LIMITS
from rolerules.model.model import Fact
from rolerules.model.types import AMOUNTS, Range, Type
from rolerules.problems import FactError, Problem, choices, nearest, one_of
from rolerules.spelling import UNKNOWN, counted, date_help, figure_help, invisible_help
from rolerules.values import (
    decimals,
    exact_text,
    fixed,
    parse_date,
    parse_figure,
    parse_rate,
    percent,
    percent_help,
)

LIKE = {
    "money": "`1200000.00`, in a program as Decimal, int or text",
    "rate": "`5%` or `0.05`, in a program as Decimal or text",
    "number": "`1.25`, in a program as Decimal, int or text", "whole": "`5`", "yes/no": "`yes` or `no` (in JSON and programs true or false)",
    "date": "`2026-09-30`", "text": "a text", "choice": "one of the choices", "list": "a list",
}  # fmt: skip


_MOST_UNKNOWN = 50


def read_facts(
    facts: Mapping[str, Fact], given: object, digits: int
) -> tuple[dict[str, Any], list[Problem]]:
    """Read a case's facts: a mapping, or an instance of an attrs class or dataclass.

    A fact left out, or None, is unknown. Amounts come as Decimal, int or text. Gives a value or
    None for every declared fact (Fraction, bool, str, date, or a tuple of such mappings), and
    a problem for every fact that is not declared, of the wrong type or out of range; what is
    refused counts as unknown.

    Raises `FactError` for facts that are no mapping.
    """
    fields = as_mapping(given)
    if fields is None:
        raise FactError(
            [
                Problem(
                    "facts-shape",
                    f"facts cannot be given as {_kind(given)}",
                    help="give a mapping of fact names to values, or an attrs or dataclass instance",
                )
            ]
        )
    reader = _Reader(digits)
    values = {}
    for name in fields:
        if name not in facts:
            if len(reader.problems) == _MOST_UNKNOWN:
                break  # whoever gives so many has not misspelt them
            said = _shown(name)
            mend = invisible_help(said) or nearest(said, facts)
            reader.problems.append(
                Problem(
                    "unknown-fact",
                    f"`{said}` is no fact of this ruleset",
                    help=mend,
                    path=said,
                )
            )
    for name, fact in facts.items():
        before = len(reader.problems)
        value = reader.value(fields.get(name), fact.type, fact.range, name, fact.max_items)
        values[name] = value if len(reader.problems) == before else None
    return values, reader.problems


def read_as_of(as_of: object) -> datetime.date:
    """Read an as-of date: a date, or ISO text. Raises `FactError` for anything else."""
    if isinstance(as_of, datetime.date) and not isinstance(as_of, datetime.datetime):
        return as_of
    day = parse_date(as_of) if isinstance(as_of, str) else None
    if day is None:
        told = date_help(as_of) if isinstance(as_of, str) else ""
        mend = told or 'give a date, or text like "2026-09-30"'
        mend += "; it is the last day of the period"
        raise FactError([Problem("as-of", f"`{as_of}` is no as-of date", help=mend, path="as_of")])
    return day


def read_value(
    given: object, type_: Type, range_: Range, path: str, digits: int, items: int = 0
) -> tuple[Any, list[Problem]]:
    """Read one value of a type; None where it is unknown or refused, with the problems.

    A list may have so many `items`.
    """
    reader = _Reader(digits)
    return reader.value(given, type_, range_, path, items), reader.problems


def as_mapping(given: object) -> Mapping[Any, Any] | None:
    """See a mapping, attrs or dataclass instance as a mapping; None where it is none."""
    if isinstance(given, Mapping):
        return given
    kind = type(given)
    if attrs.has(kind):
        return {field.name: getattr(given, field.name) for field in attrs.fields(kind)}
    if dataclasses.is_dataclass(given) and not isinstance(given, type):
        return {field.name: getattr(given, field.name) for field in dataclasses.fields(given)}
    return None


class _Reader:
    def __init__(self, digits: int) -> None:
        self.digits = digits
        self.problems: list[Problem] = []

    def refuse(self, path: str, code: str, message: str, mend: str = "") -> None:
        self.problems.append(Problem(code, f"`{path}` {message}", help=mend, path=path))

    def value(self, given: object, type_: Type, range_: Range, path: str, items: int = 0) -> Any:
        if given is None:
            return None
        if type_.kind == "list":
            return self._list(given, type_, path, items)
        if type_.kind in AMOUNTS:
            return self._amount(given, type_, range_, path)
        value: bool | str | datetime.date | None
        if type_.kind == "yes/no":
            words = {"yes": True, "no": False}
            value = words.get(plain(given)) if isinstance(given, str) else None
            value = given if isinstance(given, bool) else value
        elif type_.kind == "date":
            value = self._date(given)
        else:
            value = plain(given) if isinstance(given, str) else None
        if isinstance(value, str) and len(value) > LIMITS.text_length:
            found = f"has {len(value):,} characters, and at most {LIMITS.text_length:,} are allowed"
            self.refuse(path, "text-too-long", found, "shorten it")
            return None
        if value is None:
            self._wrong(given, type_, path)
        elif type_.kind == "choice" and value not in type_.options:
            self.refuse(
                path,
                "unknown-choice",
                f"is `{_shown(given)}`, none of the choices",
                _told(given, type_) or choices(str(value), type_.options),
            )
        return value

    def _wrong(self, given: object, type_: Type, path: str) -> None:
        mend = f"give {LIKE[type_.kind]}"
        if type_.kind == "choice":
            mend = f"give one of {one_of(type_.options)}"
        if isinstance(given, float):
            self.refuse(
                path,
                "float",
                "is a floating-point number, which is not exact",
                f"{mend}; a JSON file is read exactly as it is written",
            )
        else:
            message = f"is {_shown_kind(given)}, and {type_} is asked for"
            self.refuse(path, "wrong-type", message, _told(given, type_) or mend)

    def _date(self, given: object) -> datetime.date | None:
        if isinstance(given, datetime.datetime):
            return None
        if isinstance(given, datetime.date):
            return given
        return parse_date(given) if isinstance(given, str) else None

    def _amount(self, given: object, type_: Type, range_: Range, path: str) -> Fraction | None:
        value = _fraction(given, type_)
        if value is None:
            self._wrong(given, type_, path)
            return None
        most = self.digits if type_.kind == "money" else LIMITS.decimals
        places = decimals(value)
        if places is None or places > most or (type_.kind == "whole" and places):
            whole = type_.kind == "whole"
            found = "is no whole number" if whole else f"has more than {most} decimal places"
            mend = "write it without decimals" if whole else f"write at most {most} decimals"
            mend += ", the digits of its currency" if type_.kind == "money" else ""
            message = f"is `{_shown(given)}`, which {found}"
            self.refuse(path, "too-many-decimals", message, mend)
            return None
        bare = type_.kind == "rate" and not str(given).endswith("%")
        # Without a bound of its own a rate of 8500% would pass for one of 85%.
        open_ends = (range_.high == LIMITS.number, range_.low == -LIMITS.number)
        if bare and ((value > 1 and open_ends[0]) or (value < -1 and open_ends[1])):
            message = f"is `{_shown(given)}`, a rate without `%`"
            self.refuse(path, "rate-without-percent", message, percent_help(value))
            return None
        self._in_range(value, type_, range_, path, bare=bare)
        return value

    def _in_range(
        self, value: Fraction, type_: Type, range_: Range, path: str, *, bare: bool
    ) -> None:
        mend = "correct the fact, or the range in the ruleset"
        if bare and abs(value) > 1:
            mend = f"did you mean `{exact_text(value)}%`? else {mend}"
        for bound, word, broken in (
            (range_.low, "least", range_.low is not None and value < range_.low),
            (range_.high, "greatest", range_.high is not None and value > range_.high),
        ):
            if broken and bound is not None:
                found, wanted = self._text(value, type_), self._text(bound, type_)
                by = self._text(abs(bound - value), type_)
                side = "below" if word == "least" else "above"
                self.refuse(
                    path,
                    "out-of-range",
                    f"is {found}, {by} {side} the {word} value {wanted}",
                    mend,
                )

    def _text(self, value: Fraction, type_: Type) -> str:
        if type_.kind == "rate":
            return percent(value)
        return (
            fixed(value, self.digits)
            if type_.kind == "money" and (decimals(value) or 0) <= self.digits
            else exact_text(value)
        )

    def _list(
        self, given: object, type_: Type, path: str, most: int
    ) -> tuple[dict[str, Any], ...] | None:
        if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
            self._wrong(given, type_, path)
            return None
        items = list(itertools.islice(given, most + 1))
        if len(items) > most:
            self.refuse(
                path,
                "too-many-items",
                f"has more than the {counted(most, 'item')} that are allowed",
                "raise `max items` in the ruleset, or leave items out",
            )
            return None
        return tuple(
            self._item(item, type_, f"{path}[{place}]") for place, item in enumerate(items, 1)
        )

    def _item(self, given: object, type_: Type, path: str) -> dict[str, Any]:
        fields = as_mapping(given)
        assert type_.item is not None
        if fields is None:
            names = ", ".join(field.name for field in type_.item.fields)
            self.refuse(
                path,
                "wrong-type",
                f"is {_shown_kind(given)}, and an item is asked for",
                f"give a mapping with {names}",
            )
            return {}
        known = [field.name for field in type_.item.fields]
        for name in fields:
            if name not in known:
                self.refuse(
                    f"{path}.{name}",
                    "unknown-fact",
                    "is no field of this list",
                    nearest(str(name), known),
                )
        return {
            field.name: self.value(fields.get(field.name), field.type, field.range, f"{path}.{field.name}")
            for field in type_.item.fields
        }  # fmt: skip


def _fraction(given: object, type_: Type) -> Fraction | None:
    """An exact number, or None; sizes are looked at before anything is multiplied out."""
    if isinstance(given, bool | float):
        return None
    if isinstance(given, int):
        return Fraction(given) if given.bit_length() <= 256 else None
    if isinstance(given, Decimal):
        # Ahead of Fraction(), which would write out an exponent of a billion zeros.
        if not given.is_finite() or given.adjusted() > 60 or int(given.as_tuple().exponent) < -60:
            return None
        return Fraction(given)
    if isinstance(given, str) and len(given) <= 60:
        return parse_rate(given) if type_.kind == "rate" else parse_figure(given)
    if isinstance(given, Fraction) and max(map(int.bit_length, given.as_integer_ratio())) <= 256:
        return given
    return None


def _told(given: object, type_: Type) -> str:
    """The mend where a text shows what was meant; nothing where it does not."""
    if not isinstance(given, str) or len(given) > 60:
        return ""
    if given.strip().casefold() in UNKNOWN:
        return "leave it out, or write null, if it is not known"
    told = figure_help(given) if type_.kind in AMOUNTS else ""
    told = told or (date_help(given) if type_.kind == "date" else "")
    return told or invisible_help(given)


def _kind(given: object) -> str:
    if isinstance(given, list | tuple):
        return "a list"
    return "text" if isinstance(given, str) else "a value of this kind"


def plain(text: str) -> str:
    """A text as plain `str`: a subclass may say something else of itself."""
    return str.__str__(text)[:]


def _shown(given: object) -> str:
    if (
        isinstance(given, int | Fraction)
        and max(map(int.bit_length, given.as_integer_ratio())) > 256
    ):
        return "a number of very many digits"
    text = plain(given) if isinstance(given, str) else str(given)
    return text if len(text) <= 60 else text[:57] + "…"


def _shown_kind(given: object) -> str:
    if isinstance(given, bool):
        return "yes or no"
    if isinstance(given, Mapping):
        return "a map"
    if isinstance(given, list | tuple):
        return "a list"
    if isinstance(given, str | int | Decimal | Fraction | datetime.date):
        return f"`{_shown(given)}`"
    return "of a kind that cannot be read"
