# SPDX-License-Identifier: MIT
"""Hostile files: what YAML 1.1 would turn into something else, bombs, and noise."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rolerules.limits import LIMITS
from rolerules.text import reader
from rolerules.text.emit import emit
from rolerules.text.reader import read, read_bytes
from rolerules.text.tree import (
    Document,
    Mapping,
    Node,
    Scalar,
    empty_because_comment,
    inside,
    locate,
)

SURPRISES = [
    "no", "on", "off", "yes", "NO", "No", "y", "n", "true", "1:30", "190:20:30", "014", "0o14", "1e3", "1E3", "~", "null", "Null",
    "0x1F", "0b11", "1_000", ".inf", "-.inf", ".nan", ".5", "2026-01-01", "2026-01-01 10:00:00", "=", "+1", "-0", "1.", "1.10", "-",
]  # fmt: skip


@pytest.mark.parametrize("text", SURPRISES)
def test_a_text_stays_the_text_it_is(text: str) -> None:
    if text == "-":
        sources = [f"a: '{text}'\n", f"a: [{text}, b]\n"]
    else:
        sources = [f"a: {text}\n", f"{text}: {text}\n", f"a: [{text}, b]\n", f"a:\n  - {text}\n"]
    for source in sources:
        document = read(source, "f")
        assert not document.problems
        texts = [node.text for node in scalars(document.root)]
        assert text in texts
        again = read(emit(document), "f")
        assert [node.text for node in scalars(again.root)] == texts


def test_nothing_and_null_differ() -> None:
    document = read("a:\nb: null\nc: ''\n", "f")
    nodes = scalars(document.root)
    assert [(node.text, node.quoted) for node in nodes[1::2]] == [
        ("", False),
        ("null", False),
        ("", True),
    ]


def scalars(node: Node | None) -> list[Scalar]:
    match node:
        case None:
            return []
        case Scalar():
            return [node]
        case Mapping():
            pairs = [(entry.key, entry.value) for entry in node.entries]
            return [leaf for pair in pairs for part in pair for leaf in scalars(part)]
    return [leaf for item in node.items for leaf in scalars(item)]


def examine(document: Document) -> None:
    """What holds for every file: a tree or problems, each with its place, within its text."""
    assert document.root is not None or document.problems
    for problem in document.problems:
        assert problem.place is not None
        assert problem.message
        assert problem.help
        assert str(problem)
        assert "\0" not in str(problem)
        if problem.code not in ("file-too-large", "control-character", "not-utf8", "yaml-tab"):
            underlined, _ = locate(document, problem.place)
            assert problem.underlined == underlined
            assert problem.code in ("empty-file", "yaml-syntax") or underlined
    for scalar in scalars(document.root):
        inside(document, scalar, 0, len(scalar.text))
        empty_because_comment(document, scalar)
    if not document.problems:
        printed = emit(document)
        again = read(printed, document.file)
        assert not again.problems, printed
        wanted = [scalar.text for scalar in scalars(document.root)]
        assert [scalar.text for scalar in scalars(again.root)] == wanted
        assert emit(again) == printed


signs = st.sampled_from(
    [*"ab1 \n:-,[]{}#&*!|>'\"%@`?\t\r.()<=~\\é😀\0\ufeff\ud800\u2028", ": ", "- ", "\n  ", "\n- ", "..", "---\n", '"\\', "#c\n", "!!", "<<"]
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.lists(signs, max_size=25).map("".join))
@example("a\n  :a")
@example("\n  a: : ")
@example("a: >")
@example("a: >\n\n\n# c")
@example("&")
@example("- &a\n- *a")
@example('a: "\\')
@example('"\\U99999999"')
@example("\ufeff\ufeff")
@example("? - a\n: b")
@example("{a, [b]: c}")
def test_noise_of_signs(text: str) -> None:
    examine(read(text, "f"))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_noise_of_characters(text: str) -> None:
    examine(read(text, "f"))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
@example(b"\xff\xfea\0:\0")
@example(b"\xef\xbb\xbf\xef\xbb\xbf")
@example(b"\xef\xbb")
def test_noise_of_bytes(data: bytes) -> None:
    examine(read_bytes(data, "f"))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_a_good_file_damaged(seed: int) -> None:
    chance = random.Random(seed)
    text = (
        "ruleset: x  # note\npay:\n  rounding: half up to 0.01\n  lines:\n    a:\n      - when: b > 5\n"
        "        amount: 'c'\n      - otherwise:\n        amount: |\n          d\n          e\n"
        'tables:\n  rows:\n    - [under 5%, 0%]\n    - ["5% or more", {a: 1}]\n'
    )
    for _ in range(chance.randrange(1, 4)):
        start = chance.randrange(len(text))
        text = (
            text[:start]
            + chance.choice(">|[]{}:-\"'#&*!%\n\t ,")
            + text[start + chance.randrange(3) :]
        )
    examine(read(text, "f"))


@settings(max_examples=150, deadline=None)
@given(st.lists(signs, max_size=20).map("".join))
def test_the_parser_without_c_gives_no_exception_either(text: str) -> None:
    import yaml

    loader, reader.LOADER = reader.LOADER, yaml.SafeLoader
    try:
        document = read(text, "f")
        assert document.root is not None or document.problems
    finally:
        reader.LOADER = loader


BOMBS = {
    "deep lists": "[" * 1_900_000,
    "deep maps": "{a: " * 400_000,
    "deep dashes": "- " * 900_000,
    "deep questions": "? " * 900_000,
    "deep blocks": "\n".join(" " * depth + "a:" for depth in range(1_900)),
    "aliases": "a: &a [x, x]\n" + "".join(f"k{i}: &k{i} [*a, *a]\n" for i in range(60_000)),
    "unknown aliases": "a: [" + "*x, " * 400_000 + "]",
    "doubled keys": "{" + "a: 1, " * 30_000 + "}",
    "doubled keys in lines": "a: 1\n" * 30_000,
    "a long scalar": "a: " + "x" * 1_900_000,
    "a long line of words": "a: " + "x " * 900_000,
    "a long quote": 'a: "' + "x\n" * 900_000,
    "a long bracket": "a: [" + "(\n" * 900_000,
    "a long key": "x" * 1_900_000 + ": a",
    "many missing quotes": "".join(f"k{i}: >= {i}\n" for i in range(120_000)),
    "many missing quotes in a row": "- [" + ">= 5, " * 300_000 + "]",
    "many open intervals": "- [" + "[1..2), " * 200_000 + "]",
    "many values": "[" + "a, " * 250_000 + "]",
    "many tabs": "\t\n" * 900_000,
    "many zeros": "\0" * 1_900_000,
    "many blanks": " " * 1_900_000 + "a: b: c",
    "many colons": "a: " + ": " * 900_000,
    "many quotes": "a: " + '"" ' * 600_000,
    "many dots": "a: [" + "[.." * 600_000,
    "many comments": "# c\n" * 450_000 + "a: b: c",
    "too large": "x" * (LIMITS.file_bytes + 1),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_or_read_fast(name: str) -> None:
    began = time.monotonic()
    document = read(BOMBS[name], "f")
    assert document.root is not None or document.problems
    assert len(document.problems) <= reader.PROBLEMS
    assert sum(len(str(problem)) for problem in document.problems) < 500_000
    # What must not happen is a hang; a busy machine under coverage takes seconds.
    assert time.monotonic() - began < 60
