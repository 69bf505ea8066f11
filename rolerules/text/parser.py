# SPDX-License-Identifier: MIT
"""Words and grammar of a formula: text → a tree of the grammar's rules, with places.

The grammar stands in `formula.lark`. What a parser needs of it, its table of states (LALR(1)), is
made from it beforehand and kept in `formula_table.json`, so that reading a formula needs neither
the grammar nor the library that works tables out. `python -m tests.grammar` makes it anew.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

END = "$END"
"""The type of the token behind the last one."""


@attrs.frozen(slots=True, repr=False)
class Token:
    """A word, figure or sign of a formula; `end` is past its last character."""

    type: str
    text: str
    start: int
    end: int


@attrs.frozen(slots=True, repr=False)
class Node:
    """What a rule of the grammar has matched; words that only part others are left out."""

    rule: str
    children: list[Node | Token]
    start: int
    end: int


class Stumble(Exception):  # noqa: N818
    """The first token that cannot stand where it does, and the types that can.

    `token` has no type where no token begins at all.
    """

    def __init__(self, token: Token, expected: frozenset[str] = frozenset()) -> None:
        super().__init__(token)
        self.token, self.expected = token, expected


Rule = tuple[str, str, int, list[int]]
"""A way to make a part of the grammar: which part, the node it becomes, of how many others it is
made, and the places of those that go into the tree. Without a node it is its only part itself; `…`
makes none but gives what it has to the node around it."""


@attrs.frozen(slots=True, repr=False)
class Table:
    """The grammar as a parser uses it.

    `words` are tokens that would be names otherwise. A state says, for each token's type and each
    part of the grammar that can come next, the state that follows, or (below 0) the rule that ends
    before it, counted from the end. In the state `last` everything is read.
    """

    tokens: re.Pattern[str]
    words: dict[str, str]
    rules: list[Rule]
    states: list[dict[str, int]]
    first: int
    last: int


@functools.cache
def table() -> Table:
    """The table of the formula grammar."""
    data = json.loads(Path(__file__).with_name("formula_table.json").read_text(encoding="utf-8"))
    tokens = "|".join(f"(?P<{name}>{pattern})" for name, pattern in data["tokens"].items())
    rest = (data[key] for key in ("words", "rules", "states", "first", "last"))
    return Table(re.compile(tokens), *rest)


def tree_of(text: str) -> Node:
    """The tree of a formula. Raises `Stumble` for the first thing that is wrong."""
    known = table()
    stack, made = [known.first], list[Any]()
    for token in _tokens(known, text):
        _reduce(known, stack, made, token)
        if token.type != END:
            stack.append(known.states[stack[-1]][token.type])
            made.append(token)
    (whole,) = made
    assert isinstance(whole, Node)
    return whole


def _tokens(known: Table, text: str) -> Iterator[Token]:
    place = 0
    while place < len(text):
        found = known.tokens.match(text, place)
        if found is None:
            raise Stumble(Token("", text[place], place, place + 1))
        kind, start, place = found.lastgroup, place, found.end()
        if kind != "BLANK":
            assert kind, "every alternative has a name"
            word = found.group()
            yield Token(known.words.get(word, kind) if kind == "NAME" else kind, word, start, place)
    yield Token(END, "", place, place)


def _reduce(known: Table, stack: list[int], made: list[Any], token: Token) -> None:
    """End every rule that ends before this token, until it can be taken (or all is read)."""
    states, kind = known.states, token.type
    while True:
        action = states[stack[-1]].get(kind)
        if action is None:
            raise Stumble(token, frozenset(_accepted(known, stack)))
        if action >= 0:
            return
        makes, node, size, keeps = known.rules[action]
        del stack[-size:]
        stack.append(states[stack[-1]][makes])
        if node:
            made[-size:] = [_made(node, keeps, made[-size:])]
        if kind == END and stack[-1] == known.last:
            return


def _made(node: str, keeps: list[int], parts: list[Any]) -> Node:
    children = list[Any]()
    for part in (parts[place] for place in keeps):
        if isinstance(part, Node) and part.rule == "…":
            children += part.children
        else:
            children.append(part)
    return Node(node, children, parts[0].start, parts[-1].end)


def _accepted(known: Table, stack: list[int]) -> Iterator[str]:
    """The types of the tokens that can come next."""
    for kind in known.states[stack[-1]]:
        if kind.isupper() and _takes(known, [*stack], kind):
            yield kind


def _takes(known: Table, stack: list[int], kind: str) -> bool:
    while True:
        action = known.states[stack[-1]].get(kind)
        if action is None or action >= 0:
            return action is not None
        makes, _, size, _ = known.rules[action]
        del stack[-size:]
        stack.append(known.states[stack[-1]][makes])
        if kind == END and stack[-1] == known.last:
            return True
