# SPDX-License-Identifier: MIT
"""Formulas are read as their grammar says: beside lark, over right and wrong formulas."""

import random
from typing import Any

import pytest
from grammar import TABLE, grammar, recorded
from lark import Token as LarkToken
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

from rolerules.text.parser import Node, Stumble, Token, tree_of

WORDS = (
    (
        "if then else and or not in between some every satisfies for return yes no round a b sales item "
        '1 2.5 5% 0.5 2026-01-01 007 "t" ( ) [ ] , .. . <= >= != = < > + - * / half up rank highest first '
        "allocate by $ # ? _ é x.y or_else"
    )
    .replace("or_else", "or\N{NO-BREAK SPACE}else")
    .split(" ")
)
RIGHT = (
    "if a then b else c",
    "some x in l satisfies x.y = 1",
    "for x in team return x.pay",
    "a between 1 and 2",
    "round(a, 0.01, half up)",
    "a in [1, 2, 3]",
    "a in (1..2]",
    "a in ]1..2[",
    "not a and b or c",
    "x[1 + 2].y",
    "rank(a, l.b, highest first)",
    "allocate(p, l, by h)",
    "-a * 3 + 2%",
    "f()",
    "f(a, b, c)",
    "a or  else b",
    "(a + b) * (c - d)",
)
MANY = 6_000


def mutated(chance: random.Random) -> str:
    """A formula with parts put into each other and, often, a word changed; or words at random."""
    if chance.random() < 0.3:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, 9)))
    text = chance.choice(RIGHT)
    for _ in range(chance.randint(0, 2)):
        text = text.replace(chance.choice("abcx12"), f"({chance.choice(RIGHT)})", 1)
    words = text.split(" ")
    if chance.random() < 0.5:
        place = chance.randrange(len(words))
        words[place : place + chance.randint(0, 1)] = [chance.choice(WORDS)]
    return " ".join(words)


def by_lark(text: str) -> Any:
    try:
        return plain(grammar().parse(text))
    except UnexpectedCharacters as error:
        return "no token", error.pos_in_stream, set()
    except UnexpectedInput as error:
        end = error.token.type == "$END"
        return error.token.type, None if end else error.pos_in_stream, set(error.accepts)


def plain(tree: Any) -> Any:
    if isinstance(tree, LarkToken):
        return tree.type, str(tree), tree.start_pos, tree.end_pos
    return tree.data, tree.meta.start_pos, tree.meta.end_pos, [plain(one) for one in tree.children]


def ours(text: str) -> Any:
    try:
        return same(tree_of(text))
    except Stumble as error:
        end = error.token.type == "$END"
        place = None if end else error.token.start
        return error.token.type or "no token", place, set(error.expected)


def same(tree: Node | Token) -> Any:
    if isinstance(tree, Token):
        return tree.type, tree.text, tree.start, tree.end
    return tree.rule, tree.start, tree.end, [same(one) for one in tree.children]


def test_the_table_is_that_of_the_grammar() -> None:
    assert TABLE.read_text(encoding="utf-8") == recorded()


@pytest.mark.parametrize("text", [*RIGHT, *WORDS, "", " ", "a $ b", "a b $", "(((a", 'f("x", 1'])
def test_a_formula_is_read_as_by_lark(text: str) -> None:
    assert ours(text) == by_lark(text)


def test_random_formulas_are_read_as_by_lark() -> None:
    chance = random.Random(4)
    texts = {mutated(chance) for _ in range(MANY)}
    read = [(text, ours(text), by_lark(text)) for text in sorted(texts)]
    assert [text for text, one, other in read if one != other] == []
    right = sum(len(one) == 4 for _, one, _ in read)
    assert (right > 500, len(read) - right > 2_000) == (True, True)
