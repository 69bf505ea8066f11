# SPDX-License-Identifier: MIT
"""The printer: canonical layout, nothing lost, nothing changed by printing twice."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rolerules.text.emit import emit
from rolerules.text.reader import read
from rolerules.text.tree import Mapping, Node, Scalar, in_quotes

Tree = Any

WORDS = [
    "a", "M1", "no", "~", "null", "Null", "-", "- a", "--- x", "...", "5%", "< 5%", ">= 20%", "[5%..10%)", "a: b",
    "a #b", "#", "a:", ":a", "?x", "x?", "a, b", "min(a, b)", "min(a", "{x}", "'", '"', "it's", '"yes" = x', "\\", "\\n",
    "a\nb", "a\nb\n", "a\n\n b\n", " a", "a ", "a\n", "\n", "\ta", "a\tb", "a\n\tb", "", "é😀中", "<<", "%x", "@", "`", "|", "&a",
    "*a", "!a", "1..5", "not(A)", "=", "x" * 120, "word " * 30 + "end", "two  blanks " * 12 + "end", "a\n   \nb", "a\n\n\n", "\u00a0",
]  # fmt: skip
texts = st.one_of(
    st.sampled_from(WORDS),
    st.text(st.sampled_from("ab 0:#-,[]{}()'\"\\\n\t?!%&*|>.\u00e9\U0001f600\u00a0"), max_size=12),
)
keys = st.one_of(st.sampled_from("abcdefg"), texts.map(lambda text: text[:100]))
trees = st.recursive(
    texts,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(keys, inner, max_size=4),
    ),
    max_leaves=12,
)

seeds = st.integers(0, 2**32)


def plain(node: Node | None) -> Tree:
    match node:
        case Scalar():
            return node.text
        case Mapping():
            return {entry.key.text: plain(entry.value) for entry in node.entries}
        case None:
            return None
    return [plain(item) for item in node.items]


def flow(tree: Tree) -> str:
    if isinstance(tree, str):
        return in_quotes(tree)
    if isinstance(tree, list):
        return "[" + ", ".join(flow(item) for item in tree) + "]"
    return "{" + ", ".join(f"{in_quotes(key)}: {flow(tree[key])}" for key in tree) + "}"


class Writer:
    """Writes a tree with comments, blank lines and indentation of all kinds, each comment numbered."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.count = 0
        self.lines: list[str] = []

    def comment(self) -> str:
        self.count += 1
        return f"# c{self.count}: [not 'text"

    def between(self) -> None:
        while self.chance.random() < 0.3:
            blank = self.chance.random() < 0.4
            self.lines.append("" if blank else " " * self.chance.randrange(9) + self.comment())

    def behind(self) -> str:
        return f" {self.comment()}" if self.chance.random() < 0.25 else ""

    def flow(self, tree: Tree, indent: int) -> str:
        """In brackets, sometimes over lines with comments between."""
        if not isinstance(tree, str) and self.chance.random() < 0.3:
            pad = "\n" + " " * (indent + self.chance.randrange(4))
            opened, closed = "[]" if isinstance(tree, list) else "{}"
            parts = [
                (in_quotes(part) + ": " if isinstance(tree, dict) else "")
                + self.flow(tree[part] if isinstance(tree, dict) else part, indent + 1)
                + ","
                + self.behind()
                + pad
                for part in tree
            ]
            return opened + self.behind() + pad + "".join(parts) + closed
        return flow(tree)

    def write(self, tree: Tree, indent: int, lead: str) -> None:
        """The value behind `lead`; block collections begin on a line of their own."""
        if isinstance(tree, str) or not tree or self.chance.random() < 0.3:
            value = self.flow(tree, indent + 1)
            self.lines += f"{lead} {value}{self.behind()}".split("\n")
            return
        if lead:
            self.lines.append(lead + self.behind())
        indent += self.chance.choice([1, 2, 4]) if lead else 0
        for part in tree:
            self.between()
            if isinstance(tree, dict):
                self.write(tree[part], indent, " " * indent + in_quotes(part) + ":")
            else:
                self.write(part, indent, " " * indent + "-")
        self.between()


def check(source: str, wanted: Tree) -> None:
    document = read(source, "f")
    assert not document.problems, (source, document.problems)
    assert plain(document.root) == wanted
    printed = emit(document)
    again = read(printed, "f")
    assert not again.problems, (printed, again.problems)
    assert plain(again.root) == wanted
    assert emit(again) == printed
    found = re.compile(r"# c(\d+): \[not 'text")
    assert found.findall(printed) == found.findall(source)
    bare = emit(document, {}, False)
    assert plain(read(bare, "f").root) == wanted
    assert emit(again, comments=False) == bare
    assert emit(read(bare, "f"), comments=False) == bare
    assert not found.search(bare)


@settings(max_examples=150, deadline=None)
@given(trees)
@example(["a:1"])
@example("a:1")
@example({"a": "word " * 30 + "end\n"})
@example([[["a", ["b"]], {"c": ["d"]}]])
def test_every_tree_reads_back(tree: Tree) -> None:
    check(flow(tree) + "\n", tree)


@settings(max_examples=250, deadline=None)
@given(trees, seeds)
def test_every_comment_stays_and_printing_twice_changes_nothing(tree: Tree, seed: int) -> None:
    writer = Writer(random.Random(seed))
    writer.between()
    writer.write(tree, 0, "")
    writer.between()
    check("\n".join(writer.lines) + "\n", tree)


@settings(max_examples=60, deadline=None)
@given(trees, seeds)
def test_canonical_text_depends_on_line_ends_and_comments_of_no_kind(tree: Tree, seed: int) -> None:
    writer = Writer(random.Random(seed))
    writer.write(tree, 0, "")
    unix, dos = "\n".join(writer.lines), "\r\n".join(writer.lines)
    assert emit(read(unix, "f"), comments=False) == emit(read(dos, "f"), comments=False)


LAYOUT = [
    ("a:   1   # one\n\n\n\nb: 2\n", "a: 1  # one\n\nb: 2\n"),
    ("a: {b: 1, c: [x,  y]}\n", "a:\n  b: 1\n  c: [x, y]\n"),
    ("a:\n- b: 1\n  c: 2\n-   d\n", "a:\n  - b: 1\n    c: 2\n  - d\n"),
    ("a: 'x'\nb: \"it's\"\nc: 'say \"so\", do'\n", "a: x\nb: it's\nc: say \"so\", do\n"),
    ("a: '\"yes\" = x'\nb: '>= 5'\n", "a: '\"yes\" = x'\nb: \">= 5\"\n"),
    ("a: '-'\nb: ''\nc: 'null'\nd: 'not(A)'\n", 'a: "-"\nb: ""\nc: "null"\nd: "not(A)"\n'),
    ("a:\n    # deep\n    b: 1\n    # last of a\nc: 2\n", "a:\n  # deep\n  b: 1\n  # last of a\nc: 2\n"),
    ("a: 1\nb:\n  c: 1\nd: 2\n", "a: 1\n\nb:\n  c: 1\nd: 2\n"),
    ("a: 1\n# about b\nb:\n  c: 1\n", "a: 1\n\n# about b\nb:\n  c: 1\n"),
    ("a: |\n    x\n\n    y\nb: 1\n", "a: |\n  x\n\n  y\nb: 1\n"),
    ("a: | # note\n  x\n  y\n", "a: |  # note\n  x\n  y\n"),
    ("a: [x, # one\n  y]\n", "a:\n  - x  # one\n  - y\n"),
    ("a: # one\n  x # two\n", "# one\na: x  # two\n"),
    ("- - a\n  - b\n-\n  c: 1\n", "- - a\n  - b\n- c: 1\n"),
    ("otherwise:\na: 1 # x\n# end\n", "otherwise:\na: 1  # x\n# end\n"),
    ("---\n# c\na: 1\n...\n", "# c\na: 1\n"),
    ("a: [" + ", ".join(["word"] * 20) + "]\n", "a:\n" + "  - word\n" * 20),
    ("a: [" + ", ".join(["word"] * 15) + "]\n", "a: [" + ", ".join(["word"] * 15) + "]\n"),
    ("a: " + "word " * 24 + "end\n", "a: >-\n  " + " ".join(["word"] * 19) + "\n  " + "word " * 5 + "end\n"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "printed"), LAYOUT)
def test_layout(source: str, printed: str) -> None:
    assert emit(read(source, "f")) == printed
    assert emit(read(printed, "f")) == printed


def test_formulas_are_replaced_by_their_canonical_text() -> None:
    document = read("a:\n  met: 'x>=5'\n  rows: [[x>5 , base]]\nb: x\n", "f")
    assert isinstance(document.root, Mapping)
    inner = document.root.entries[0].value
    assert isinstance(inner, Mapping)
    met, rows = (entry.value for entry in inner.entries)
    first = rows.items[0].items[0]  # type: ignore[union-attr]
    formulas = {met.span: ">= 5 or x", first.span: "min(x, 5)"}
    wanted = 'a:\n  met: ">= 5 or x"\n  rows: [["min(x, 5)", base]]\nb: x\n'
    assert emit(document, formulas) == wanted


def test_canonical_text_has_no_comments_and_no_blank_lines() -> None:
    assert emit(read("# x\na: 1\n\nb:\n  c: 2 # y\n\n", "f"), {}, False) == "a: 1\nb:\n  c: 2\n"
