# SPDX-License-Identifier: MIT
"""What is worked out after what, and cycles named in order."""

from __future__ import annotations

import graphlib
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

import attrs

from rolerules.model.cells import SILENT
from rolerules.problems import Span
from rolerules.syntax import tree
from rolerules.text import tree as text_tree
from rolerules.text.expression import Expression, show

Key = tuple[str, str]
"""A kind (`value`, `table`, `line`, `opening`, `closing`, `duty`, …) and a name."""


def names(expressions: Iterable[Expression], dotted: Container[str] = ()) -> Iterator[str]:
    """Every name the expressions mention; items of lists and their fields are among them.

    Names with a dot in `dotted` (`owed.closing`) are names of their own.
    """
    for part in expressions:
        if part.op == "name":
            yield part.word
        elif part.op == "field" and part.args[0].op == "name" and show(part) in dotted:
            yield show(part)
        else:
            yield from names(part.args, dotted)


def called(expressions: Iterable[Expression]) -> Iterator[str]:
    """Every name the expressions call: functions, and scales."""
    for expression in expressions:
        for part in expression.walk():
            if part.op == "call":
                yield part.word


def order(
    nodes: Mapping[Key, Iterable[Expression]], named: Mapping[str, Key]
) -> tuple[list[Key], list[list[Key]]]:
    """Sort the nodes so that each comes after what it needs; the cycles found, each in order.

    The built-in lists `duties` and `assessments` need every duty and every assessment.
    """
    groups = {
        group: [key for key in nodes if key[0] == kind]
        for group, kind in (("duties", "duty"), ("assessments", "assessment"))
    }
    needs: dict[Key, list[Key]] = {}
    for key, expressions in nodes.items():
        wanted = dict.fromkeys(names(expressions, named))
        needs[key] = [named[name] for name in wanted if name in named]
        needs[key] += [
            named[name] for name in called(expressions) if named.get(name, ("",))[0] == "scale"
        ]
        needs[key] += [
            member for group, members in groups.items() if group in wanted for member in members
        ]
    cycles: list[list[Key]] = [[key, key] for key, needed in needs.items() if key in needed]
    needs = {key: [need for need in needed if need != key] for key, needed in needs.items()}
    while True:
        try:
            return list(graphlib.TopologicalSorter(needs).static_order()), cycles
        except graphlib.CycleError as error:
            cycle = list(reversed(error.args[1]))
            cycles.append(cycle)
            needs[cycle[0]] = [need for need in needs[cycle[0]] if need != cycle[1]]


def expressions_of(value: object) -> list[Expression]:
    """Every formula of a construct, the cells of a table's rows included."""
    found: list[Expression] = []
    waiting: list[Any] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tree.Formula):
            found.append(one.expression)
        elif isinstance(one, text_tree.Scalar):
            found.extend(() if SILENT.fullmatch(one.text) else _cell(one.text))
        elif isinstance(one, tuple):
            waiting.extend(one)
        elif attrs.has(type(one)) and not isinstance(one, tree.Written | Span):
            waiting.extend(getattr(one, field.name) for field in attrs.fields(type(one)))
    return found


def _cell(text: str) -> Iterator[Expression]:
    """The names a cell mentions: its words will do, since its input's type is not known yet."""
    for word in re.findall(r"[^\W0-9]\w*(?:\.closing\b)?", re.sub(r'"[^"]*"', "", text)):
        name = Expression("name", (), word.removesuffix(".closing"))
        yield Expression("field", (name,), "closing") if "." in word else name
