# SPDX-License-Identifier: MIT
"""The reader: every problem with its exact underlined text, and places exact in every style."""

from __future__ import annotations

import re

import attrs
import pytest
import yaml

from rolerules.limits import LIMITS
from rolerules.problems import Span
from rolerules.text import reader
from rolerules.text.reader import read, read_bytes
from rolerules.text.tree import (
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    empty_because_comment,
    inside,
    locate,
    problem_at,
)

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__)
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LOADER", request.param)


def value(document: Document, *path: str | int) -> Node:
    node = document.root
    for step in path:
        if isinstance(step, int):
            assert isinstance(node, Sequence)
            node = node.items[step]
        else:
            assert isinstance(node, Mapping)
            node = {entry.key.text: entry.value for entry in node.entries}[step]
    assert node is not None
    return node


def scalar(document: Document, *path: str | int) -> Scalar:
    node = value(document, *path)
    assert isinstance(node, Scalar)
    return node


BAD = [
    # a sign of YAML at the beginning of a formula
    ("met: >= 20%\nb: 1\n", "needs-quotes", ">= 20%", 'write on its left what is compared, as in `met: team_sales >= 20%`; only a text or a cell of a table goes in quotes'),
    ("met: > 5\n", "needs-quotes", "> 5", 'write on its left what is compared, as in `met: team_sales > 5`; only a text or a cell of a table goes in quotes'),
    ("met: > than five\n", "needs-quotes", "> than five", 'put quotes around it: `met: "> than five"`'),
    # a blank that is none
    ("a: 1\nteam_sales:\xa0money\n", "control-character", "\xa0", "type a plain blank in its place"),
    ("met: >5\nb: 1\n", "needs-quotes", ">5", 'put quotes around it: `">5"`'),
    ("met: >5 # five\n", "needs-quotes", ">5 # five", 'put quotes around it: `">5 # five"`'),
    ("a: | x\n", "needs-quotes", "| x", 'put quotes around it: `a: "| x"`'),
    ("a: *x\n", "needs-quotes", "*x", 'put quotes around it: `"*x"`'),
    ("a: * x\n", "needs-quotes", "* x", 'put quotes around it: `a: "* x"`'),
    ("a: &x\n", "needs-quotes", "&x", 'put quotes around it: `"&x"`'),
    ("a: & x # y\n", "needs-quotes", "& x", 'put quotes around it: `a: "& x"`'),
    ("a: !x and y\n", "needs-quotes", "!x and y", 'put quotes around it: `"!x and y"`'),
    ("a: @x\n", "needs-quotes", "@x", 'put quotes around it: `a: "@x"`'),
    ("a: `x`\n", "needs-quotes", "`x`", 'put quotes around it: `a: "`x`"`'),
    ("a: %x\n", "needs-quotes", "%x", 'put quotes around it: `a: "%x"`'),
    ("a: - b\n", "needs-quotes", "- b", 'put quotes around it: `a: "- b"`'),
    ("a: ? x\n", "needs-quotes", "? x", 'put quotes around it: `a: "? x"`'),
    ("? x\n", "needs-quotes", "? x", 'put quotes around it: `"? x"`'),
    (">= 5: 3\n", "needs-quotes", ">= 5", 'put quotes around it: `">= 5"`'),
    # intervals and brackets
    ("a: [5%..10%)\nb: 1\n", "needs-quotes", "[5%..10%)", 'put quotes around it: `a: "[5%..10%)"`'),
    ("a: ]5%..10%[\n", "needs-quotes", "]5%..10%[", 'put quotes around it: `a: "]5%..10%["`'),
    ("a: [1..5]\n", "needs-quotes", "[1..5]", 'put quotes around it: `"[1..5]"`'),
    ("a: {x} * 2\n", "needs-quotes", "{x} * 2", 'put quotes around it: `a: "{x} * 2"`'),
    ("a: {M1, M2}\n", "needs-quotes", "{M1, M2}", 'put quotes around it: `"{M1, M2}"`'),
    # inside rows
    ("- [>= 20%, 30%]\n", "needs-quotes", ">= 20%", 'put quotes around it: `">= 20%"`'),
    ("- [>5, 30%]\n", "needs-quotes", ">5", 'put quotes around it: `">5"`'),
    ("- [[5%..10%), 5%]\n- [a, b]\n", "needs-quotes", "[5%..10%)", 'put quotes around it: `"[5%..10%)"`'),
    ("- []5%..10%[, 5%]\n", "needs-quotes", "]5%..10%[", 'put quotes around it: `"]5%..10%["`'),
    ("- [(5%..10%], 5%]\n", "needs-quotes", "(5%..10%]", 'put quotes around it: `"(5%..10%]"`'),
    ("- [x in [1..5), 3]\n", "needs-quotes", "x in [1..5)", 'put quotes around it: `"x in [1..5)"`'),
    ("- [M1, base[grade]]\n", "needs-quotes", "base[grade]", 'put quotes around it: `"base[grade]"`'),
    ("- [M1, min(a, b)]\n", "needs-quotes", "min(a, b)", 'put quotes around it: `"min(a, b)"`'),
    ("- [a: b, 3]\n", "needs-quotes", "a: b", 'put quotes around it: `"a: b"`'),
    ('- ["M1","M2", 3]\n- [ "a" or b, 3]\n', "needs-quotes", '"a" or b', "put quotes around it: `'\"a\" or b'`"),
    # a formula in braces
    ("x: {amount: min(a, b)}\n", "needs-quotes", "min(a, b)", "write `amount: min(a, b)` on a line of its own, without braces"),
    ("x: {amount: t[g]}\n", "needs-quotes", "t[g]", "write `amount: t[g]` on a line of its own, without braces"),
    ("x: {amount: a: b}\n", "needs-quotes", "a: b", "write `amount: a: b` on a line of its own, without braces"),
    # quotes and colons
    ("a: b: c\n", "needs-quotes", "b: c", 'put quotes around it: `a: "b: c"`'),
    ("- title: Note: this # y\n", "needs-quotes", "Note: this", 'put quotes around it: `title: "Note: this"`'),
    ('a: "yes" = x\n', "needs-quotes", '"yes" = x', "put quotes around it: `a: '\"yes\" = x'`"),
    ('a: "x": y\n', "needs-quotes", '"x": y', "put quotes around it: `a: '\"x\": y'`"),
    ("a: 'Company's plan'\n", "needs-quotes", "'Company's plan'", 'put quotes around it: `a: "Company\'s plan"`'),
    ('a: "abc\nb: "def"\n', "yaml-quote", '"abc', 'end the text with `"`'),
    ("a: 'abc\n", "yaml-quote", "'abc", "end the text with `'`"),
    ('a: "\\d"\n', "yaml-escape", "\\d", "write `\\\\` for a backslash, or use single quotes"),
    ('a: "\\U99999999"\n', "yaml-escape", "\\U99999999", "write `\\\\` for a backslash, or use single quotes"),
    # the layout
    ("a: [1, 2\nb: 3\n", "yaml-bracket", "[1, 2", "close it with `]`, or write it one entry a line"),
    ("a: {b: 1\nc: 2\n", "yaml-bracket", "{b: 1", "close it with `}`, or write it one entry a line"),
    ("x: [a]]\n", "yaml-bracket", "]", "take it out, or quote the whole value"),
    ("a: 1\ntitle Marketing\nb: 2\n", "yaml-colon", "title Marketing", "write `key: value`, with a colon and a blank between them"),
    ("a: 1\nb:2\n", "yaml-colon", "b:2", "put a blank after the colon: `b: 2`"),
    ("a:1\n", "yaml-colon", "a:1", "put a blank after the colon: `a: 1`"),
    ("f:\n  grade\n  team: x\n", "yaml-colon", "grade", "write `key: value`, with a colon and a blank between them"),
    ("a: x\n  b: y\n", "yaml-indentation", "b: y", "begin both in the same column, or put quotes around a text of several lines"),
    ("a:\n    b: 1\n  c: 2\n", "yaml-indentation", "c: 2", "begin lines of the same level in the same column, two blanks deeper than their parent"),
    ("a: 1\n- b\n", "yaml-indentation", "- b", "begin lines of the same level in the same column, two blanks deeper than their parent"),
    ("- a\nb: 1\n", "yaml-indentation", "b: 1", "begin lines of the same level in the same column, two blanks deeper than their parent"),
    ("a:\n\tb: 1\n", "yaml-tab", "\t", "indent with blanks, two for each level"),
    ("a: , b\n", "needs-quotes", ", b", 'put quotes around it: `a: ", b"`'),
    ("a: 1\n...\nb\n", "yaml-documents", "b", "take out the line `---` or `...`, or make a file of its own from what follows"),
    # what YAML allows and rulesets do not
    ("a: 1\na: 2\n", "duplicate-key", "a", "keep one of the two, or give one another name"),
    ("{a: 1, 'a': 2}\n", "duplicate-key", "'a'", "keep one of the two, or give one another name"),
    ("a: &m\n  b: 1\n", "yaml-anchor", "&m", "take it out and write the value itself"),
    ("a: !!int 5\n", "yaml-tag", "!!int", "take it out and write the value itself"),
    ("a: !t\n  b: 1\n", "yaml-tag", "!t", "take it out and write the value itself"),
    ("<<: x\n", "yaml-merge", "<<", "write the entries themselves"),
    ("[a]: 3\n", "yaml-key", "[a]", "a key is a short text on one line, followed by a colon"),
    ("{a: b}: c\n", "yaml-key", "{a: b}", "a key is a short text on one line, followed by a colon"),
    ("k" * 201 + ": 3\n", "yaml-key", "k" * 201, "a key is a short text on one line, followed by a colon"),
    ("a: 1\n---\nb: 2\n", "yaml-documents", "---", "take out the line `---` or `...`, or make a file of its own from what follows"),
    ("%YAML 1.1\n---\na: 1\n", "yaml-directive", "%YAML 1.1", "take the line out, or quote its key"),
    ("a: 1\n%x: 2\n", "yaml-directive", "%x: 2", "take the line out, or quote its key"),
    ("# nothing\n", "empty-file", "", "begin with a line such as `ruleset: marketing-director`"),
    # characters
    ("a: b\0c\n", "control-character", "␀", "take the character out"),
    ("a: b\ufeffc\n", "control-character", "�", "take the character out"),
    ("a: \ud800\n", "control-character", "�", "take the character out"),
    ("a: b\rc\n", "control-character", "␍", "take the character out"),
    ("a: b\u2028c\n", "control-character", "�", "take the character out"),
    ("a: \u202eb\n", "control-character", "�", "take the character out"),
    ('a: "x\\0"\n', "control-character", '"x\\0"', "take its escape out"),
]  # fmt: skip


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize(("text", "code", "underlined", "mend"), BAD)
def test_problem(text: str, code: str, underlined: str, mend: str) -> None:
    problems = read(text, "f.yaml").problems
    assert [(one.code, one.underlined, one.help) for one in problems] == [(code, underlined, mend)]
    crlf = read(text.replace("\n", "\r\n"), "f.yaml").problems
    assert crlf == problems
    (problem,) = problems
    assert re.fullmatch("[a-z0-9-]+", problem.code)
    assert not problem.message.endswith(".")
    assert problem.place is not None
    assert problem.place.file == "f.yaml"


def test_messages_are_our_own_words() -> None:
    (problem,) = read("- [>= 20%, 30%]\n", "f").problems
    assert problem.message == "`>= 20%` begins with `>`, which opens a block of text in YAML"
    (problem,) = read("a: x\n  b: y\n", "f").problems
    assert problem.message == "`b: y` is indented deeper than `a: x`, which has a value"
    (problem,) = read("a: 1\nb: 2\na: 3\n", "f").problems
    assert problem.message == "`a` stands twice, first on line 1"
    (problem,) = read("a: 1\n- b\n", "f").problems
    assert problem.message == "`- b` is a list item where a `key: value` line is expected"


def test_everything_wrong_is_told_at_once() -> None:
    text = "a: >= 1\nb: < 2\nc: [>= 3, 4, [1..2)]\nd: *x\nd: 4\ne: 'a' b\n"
    found = [(one.code, one.underlined) for one in read(text, "f").problems]
    assert found == [
        ("needs-quotes", ">= 1"),
        ("needs-quotes", ">= 3"),
        ("needs-quotes", "[1..2)"),
        ("needs-quotes", "*x"),
        ("duplicate-key", "d"),
        ("needs-quotes", "'a' b"),
    ]


def test_an_alias_with_its_anchor_is_yaml_and_not_a_formula() -> None:
    problems = read("a: &x 5\nb: *x\n", "f").problems
    assert [(one.code, one.underlined) for one in problems] == [
        ("yaml-anchor", "&x"),
        ("yaml-alias", "*x"),
    ]


@pytest.mark.usefixtures("_loader")
def test_places_count_characters_with_crlf_and_wide_and_astral_ones() -> None:
    text = 't: "😀é中"  # 中\r\n中😀: [😀, ｘ]\r\nx: 1\r\nx: 2\r\n'
    document = read(text, "f")
    assert scalar(document, "t").span == Span("f", 1, 4, 1, 9)
    assert scalar(document, "中😀", 1).span == Span("f", 2, 9, 2, 10)
    assert value(document, "中😀").span == Span("f", 2, 5, 2, 11)
    (problem,) = document.problems
    assert problem.place == Span("f", 4, 1, 4, 2)
    assert problem.source_line == "x: 2"


@pytest.mark.usefixtures("_loader")
def test_spans_end_one_past_the_last_character() -> None:
    document = read("a:\n  b: |\n    x\n    y\n\n  c:   # none\n  d:\n    - e\n\n", "f")
    assert value(document).span == Span("f", 1, 1, 8, 8)
    assert scalar(document, "a", "b").span == Span("f", 2, 6, 4, 6)
    assert scalar(document, "a", "b").text == "x\ny\n"
    assert scalar(document, "a", "c").span == Span("f", 6, 5, 6, 5)
    assert value(document, "a", "d").span == Span("f", 8, 5, 8, 8)


def test_empty_because_a_comment_begins() -> None:
    document = read("a: # x > 5\nb:\n# c\nc: ''  # d\nd: e # f\n", "f")
    assert [empty_because_comment(document, scalar(document, key)) for key in "abcd"] == [
        True,
        False,
        False,
        False,
    ]


INSIDE = [
    ("v: a + foo", "foo"),
    ("v: 'a + foo'", "foo"),
    ("v: 'it''s foo'", "foo"),
    ('v: "a + foo"', "foo"),
    ("v: a\n   + foo # c", "foo"),
    ("v: |\r\n  a +\r\n\r\n    foo\r\n", "foo"),
    ("v: >-  # foo\n  a +\n  foo bar\n", "foo"),
    ("v: [a, b + foo]", "foo"),
    ('v: "a\n  + 中 foo"', "foo"),
]


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize(("text", "word"), INSIDE)
def test_inside_points_into_the_text(text: str, word: str) -> None:
    document = read(text, "f")
    node = value(document, "v")
    node = node.items[-1] if isinstance(node, Sequence) else node
    assert isinstance(node, Scalar)
    start = node.text.index(word)
    assert locate(document, inside(document, node, start, start + len(word)))[0] == word
    end = len(node.text.rstrip())
    last = inside(document, node, end, end)
    assert (last.line, last.column) == (last.end_line, last.end_column)


def test_inside_with_escapes_means_the_whole() -> None:
    document = read('v: "a\\tfoo"', "f")
    node = scalar(document, "v")
    assert inside(document, node, 2, 5) == node.span


def test_problem_at_fills_in_the_excerpt() -> None:
    document = read("a: 1\nbc: x + y\n", "f")
    node = scalar(document, "bc")
    problem = problem_at(document, inside(document, node, 4, 5), "code", "message", "help")
    assert (problem.underlined, problem.source_line) == ("y", "bc: x + y")
    assert str(problem).splitlines() == [
        "f:2:9: message [code]",
        "  2 | bc: x + y",
        "    |         ^",
        "  help: help",
    ]


def test_a_byte_order_mark_may_begin_a_file() -> None:
    for document in (read("\ufeffa: 1\n", "f"), read_bytes(b"\xef\xbb\xbfa: 1\n", "f")):
        assert not document.problems
        assert scalar(document, "a").span == Span("f", 1, 4, 1, 5)


def test_bytes_that_are_no_utf8() -> None:
    document = read_bytes("\ufeffé: 1\nzu: ".encode() + b"\xff\n", "f")
    (problem,) = document.problems
    assert (problem.code, problem.place) == ("not-utf8", Span("f", 2, 5, 2, 6))
    assert problem.message == "byte 0xff is no part of a UTF-8 text"
    assert problem.underlined == "\N{REPLACEMENT CHARACTER}"


def test_a_single_document_sign_is_allowed() -> None:
    assert scalar(read("---\na: 1\n...\n", "f"), "a").text == "1"


@pytest.mark.parametrize("over", [0, 1])
def test_limits(over: int, monkeypatch: pytest.MonkeyPatch) -> None:
    few = attrs.evolve(LIMITS, file_bytes=5_000, yaml_nodes=500)
    monkeypatch.setattr(reader, "LIMITS", few)
    deep = "[" * (few.yaml_depth + over) + "]" * (few.yaml_depth + over)
    size = b"a: " + b"x" * (few.file_bytes - 3 + over)
    many = "[" + "x, " * (few.yaml_nodes - 1 + over) + "]"
    documents = [read(deep, "f"), read_bytes(size, "f"), read(size.decode(), "f"), read(many, "f")]
    codes = [problem.code for document in documents for problem in document.problems]
    wanted = ["too-deep", "file-too-large", "file-too-large", "too-many-nodes"]
    assert codes == (wanted if over else [])


def test_too_deep_points_at_its_bracket() -> None:
    (problem,) = read("[" * 30, "f").problems
    assert (problem.place, problem.underlined) == (Span("f", 1, 21, 1, 22), "[")
