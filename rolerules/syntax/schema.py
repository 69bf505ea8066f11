# SPDX-License-Identifier: MIT
"""The shape of the language as a JSON Schema (draft 7), for editors: one fold over `HEADS`.

An editor's YAML turns `2` into a number and `yes` into a truth value before it looks at the
schema; a text is therefore allowed as whatever its spelling could turn into.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from rolerules.syntax import kinds
from rolerules.syntax import shape as shapes

DRAFT = "http://json-schema.org/draft-07/schema#"
DATED = "^from [0-9]{4}-[0-9]{2}-[0-9]{2}$"

_AS_BOOLEAN = {"yes": True, "no": False, "true": True, "false": False, "on": True, "off": False}
_AS_NUMBER = ("0", "1", "7", "42", "0.5", "100.00")
_SCALAR = ["string", "number", "boolean"]

Schema = dict[str, Any]


def schema() -> Schema:
    """Give the JSON Schema of every file of the language, told apart by its head key."""
    fold = _Fold()
    heads = {head: fold.record(record, head) for head, record in shapes.HEADS.items()}
    return {
        "$schema": DRAFT,
        "title": "rolerules",
        "description": "A ruleset, a policy, a company file or cases.",
        "type": "object",
        "oneOf": [_headed(head) for head in heads],
        "allOf": [{"if": _headed(head), "then": ref} for head, ref in heads.items()],
        "definitions": fold.definitions,
    }


def _headed(head: str) -> Schema:
    """That a file has this head; `company` is one too, yet in cases it is a plain key."""
    others = [other for other, record in shapes.HEADS.items() if head in record.keys]
    plain_in = [{"required": [other]} for other in others if other != head]
    return {"required": [head], "not": {"anyOf": plain_in}} if plain_in else {"required": [head]}


class _Fold:
    """Folds a shape into a schema; each record becomes one definition, however often it is met."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}
        self.names: dict[int, str] = {}
        self._folds: dict[type[Any], Callable[[Any], Schema]] = {
            kinds.Text: _text,
            kinds.Formula: lambda shape: {"type": _SCALAR},
            kinds.Empty: lambda shape: {"enum": [None, ""]},
            kinds.Raw: lambda shape: {},
            kinds.Items: self._items,
            kinds.NamedItems: self._named_items,
            kinds.Record: self.record,
            kinds.Short: lambda shape: self.fold(shape.record.keys[shape.key].shape),
            kinds.Cell: lambda shape: {"type": _SCALAR},
            kinds.Cells: lambda shape: _list({"type": _SCALAR}),
            kinds.Edges: lambda shape: {
                "type": "object",
                "patternProperties": {f"^{shapes.EDGE}$": {"type": _SCALAR}},
                "additionalProperties": False,
            },
            kinds.InFile: lambda shape: {
                "anyOf": [
                    {"type": "string", "pattern": f"^{shapes.CSV_NAME}$"},
                    self.fold(shape.here),
                ]
            },
            kinds.Either: self._either,
        }

    def fold(self, shape: kinds.Shape) -> Schema:
        """Give the schema of any shape."""
        return self._folds[type(shape)](shape)

    def record(self, record: kinds.Record, name: str = "") -> Schema:
        """Give a reference to a record's definition, making it where it is met first."""
        if id(record) not in self.names:
            self.names[id(record)] = self._free(name or _spoken(record.cls.__name__))
            self.definitions[self.names[id(record)]] = self._definition(record)
        return {"$ref": f"#/definitions/{self.names[id(record)]}"}

    def _free(self, name: str) -> str:
        taken = set(self.names.values())
        number = next(n for n in range(1, len(taken) + 2) if _numbered(name, n) not in taken)
        return _numbered(name, number)

    def _definition(self, record: kinds.Record) -> Schema:
        definition: Schema = {
            "type": "object",
            "properties": {word: self._key(key) for word, key in record.keys.items()},
            "additionalProperties": False,
        }
        patterns = {DATED: record.dated, f"^{shapes.NAME}$": record.rest}
        if there := {pattern: shape for pattern, shape in patterns.items() if shape}:
            definition["patternProperties"] = {word: self.fold(one) for word, one in there.items()}
        if required := [word for word, key in record.keys.items() if key.required]:
            definition["required"] = required
        if record.one_of:
            definition["oneOf"] = [_has(word) for word in record.one_of]
        return definition

    def _key(self, key: kinds.Key) -> Schema:
        folded = self.fold(key.shape)
        # In draft 7 nothing beside a `$ref` is looked at.
        folded = {"allOf": [folded]} if "$ref" in folded else folded
        return {"description": key.doc, **folded}

    def _items(self, shape: kinds.Items) -> Schema:
        each = self.fold(shape.each)
        return {"anyOf": [each, _list(each)]} if shape.single else _list(each)

    def _named_items(self, shape: kinds.NamedItems) -> Schema:
        each = self.fold(shape.each)
        if shape.free:
            return {"type": "object", "additionalProperties": each}
        names = {f"^{shapes.NAME}$": each}
        return {"type": "object", "patternProperties": names, "additionalProperties": False}

    def _either(self, shape: kinds.Either) -> Schema:
        chosen = (shape.scalar, shape.mapping, shape.sequence)
        return {"anyOf": [self.fold(one) for one in chosen if one is not None]}


def _text(shape: kinds.Text) -> Schema:
    if shape.words:
        return {"enum": [*shape.words, *_typed(shape.words)]}
    if not shape.pattern:
        return {"type": _SCALAR, "minLength": 1}
    types = ["string"]
    if any(re.fullmatch(shape.pattern, word) for word in _AS_NUMBER):
        types.append("number")
    if any(re.fullmatch(shape.pattern, word) for word in _AS_BOOLEAN):
        types.append("boolean")
    # A pattern says nothing about what is no string.
    return {"type": types, "pattern": f"^({shape.pattern})$"}


def _typed(words: Iterable[str]) -> list[bool | int]:
    """What an editor's YAML makes of words that are no text to it."""
    made: list[bool | int] = [_AS_BOOLEAN[word] for word in words if word in _AS_BOOLEAN]
    return made + [int(word) for word in words if word.isdecimal()]


def _list(each: Schema) -> Schema:
    return {"type": "array", "items": each}


def _has(word: str) -> Schema:
    """That a key is there; `from DATE` stands for any dated key."""
    if word != "from DATE":
        return {"required": [word]}
    return {"not": {"propertyNames": {"not": {"pattern": DATED}}}}


def _spoken(name: str) -> str:
    """Spell a class as a word: `CompanyFigures` → `company_figures`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"
