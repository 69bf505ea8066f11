# SPDX-License-Identifier: MIT
"""A ruleset's facts as a JSON Schema (draft 7), for forms and for programs that send facts.

No `multipleOf` bounds an amount's decimals: validators test it in binary floats, and refuse
one right amount in seven. A text carries its decimals in its pattern.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from rolerules.limits import LIMITS
from rolerules.model.model import Fact, Model
from rolerules.model.types import AMOUNTS, Range, Type
from rolerules.syntax.schema import DRAFT, Schema
from rolerules.values import exact_text

_DIGITS = r"-?(0|[1-9][0-9]*)"
_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def facts_schema(model: Model) -> Schema:
    """Give the JSON Schema of a map of this ruleset's facts; any may be null or left out."""
    title = f"Facts of {model.id} {model.version}".rstrip()
    facts = {name: _fact(fact, model.digits) for name, fact in model.facts.items()}
    return {"$schema": DRAFT, "title": title, **_object(facts)}


def _fact(fact: Fact, digits: int) -> Schema:
    by = f" (attested by {fact.attested_by})" if fact.attested_by else ""
    return {
        "description": f"{fact.origin.title}{by}",
        **_value(fact.type, fact.range, digits, fact.max_items),
    }


def _value(type_: Type, range_: Range, digits: int, items: int = 0) -> Schema:
    if type_.kind in AMOUNTS:
        return {"anyOf": [*_amount(type_, range_, digits), {"type": "null"}]}
    if type_.kind == "list":
        return _records(type_, digits, items)
    if type_.kind == "choice":
        return {"enum": [*type_.options, None]}
    if type_.kind == "yes/no":
        return {"enum": [True, False, "yes", "no", None]}
    if type_.kind == "date":
        return {"type": ["string", "null"], "format": "date", "pattern": _DATE}
    return {"type": ["string", "null"], "maxLength": LIMITS.text_length}


def _records(type_: Type, digits: int, items: int) -> Schema:
    assert type_.item is not None, "a list fact has items"
    fields = {field.name: _value(field.type, field.range, digits) for field in type_.item.fields}
    return {"type": ["array", "null"], "maxItems": items, "items": _object(fields)}


def _amount(type_: Type, range_: Range, digits: int) -> list[Schema]:
    """An amount as a text, exact in any program, or as a number."""
    places = {"money": digits, "whole": 0}.get(type_.kind, LIMITS.decimals)
    pattern = rf"{_DIGITS}(\.[0-9]{{1,{places}}})?" if places else _DIGITS
    low, high = range_.low, range_.high
    if type_.kind == "rate":
        bare = pattern
        # As in the reading of facts: without a bound of its own, a bare rate is at most 1 in size.
        low = Fraction(-1) if low == -LIMITS.number else low
        if high == LIMITS.number:
            high, bare = Fraction(1), rf"-?(0(\.[0-9]{{1,{places}}})?|1(\.0{{1,{places}}})?)"
        pattern = f"({bare}|{pattern} *%)"
    number: Schema = {"type": "number" if places else "integer"}
    for key, bound in (("minimum", low), ("maximum", high)):
        if bound is not None and (figure := _figure(bound)) is not None:
            number[key] = figure
    return [{"type": "string", "pattern": f"^{pattern}$"}, number]


def _figure(bound: Fraction) -> int | float | None:
    """A bound as JSON writes it; None where it would not be written exactly."""
    if bound.denominator == 1:
        return int(bound)
    written = float(exact_text(bound)) if "/" not in exact_text(bound) else None
    return written if written is not None and Fraction(repr(written)) == bound else None


def _object(properties: dict[str, Any]) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}
