# SPDX-License-Identifier: MIT
"""The positioned tree: what a YAML file says, each piece with its place and nothing interpreted.

Every later stage points at the author's text through `problem_at`, so that each problem
carries its excerpt.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from typing import Any

import attrs

from rolerules.problems import Problem, Span
from rolerules.spelling import invisible

EXCERPT_LENGTH = 1_000
"""Longer lines and stretches are not repeated in problems: a hostile file may be one line."""

UNSAFE = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]|\r(?!\n)"
)
"""Controls, stray line breaks (NEL, LS, PS), a BOM, lone surrogates, bidirectional overrides."""

_WORDS = (
    "csv-header", "formula-character", "not-a-name", "unknown-choice", "unknown-fact", "unknown-field", "unknown-key",
    "unknown-name", "unknown-state", "unknown-word", "wrong-form", "wrong-shape",
)  # fmt: skip
"""Codes of a word that is not the one it seems to be, perhaps for a character nobody sees."""

_COMMENT = re.compile(r"[ \t]*#")


@attrs.frozen(slots=True, repr=False)
class Scalar:
    """One text of the file; an empty plain scalar has the text `""`, `null` stays `null`."""

    span: Span
    text: str
    quoted: bool
    in_flow: bool


@attrs.frozen(slots=True, repr=False)
class Entry:
    """A key of a mapping and its value."""

    key: Scalar
    value: Node


@attrs.frozen(slots=True, repr=False)
class Mapping:
    """Entries in the order of the file; no key stands twice. `flow` means written `{…}`."""

    span: Span
    entries: tuple[Entry, ...]
    flow: bool


@attrs.frozen(slots=True, repr=False)
class Sequence:
    """Items in the order of the file; `flow` means written `[…]`."""

    span: Span
    items: tuple[Node, ...]
    flow: bool


Node = Scalar | Mapping | Sequence


@attrs.frozen(slots=True, repr=False)
class Document:
    """A file as read; `root` is None where a problem kept the tree from being built."""

    file: str
    text: str
    root: Node | None
    problems: tuple[Problem, ...]


@functools.lru_cache(maxsize=16)
def line_starts(text: str) -> tuple[int, ...]:
    """The offset at which each line begins; a line ends with its line feed."""
    lengths = (len(line) + 1 for line in text.split("\n"))
    return tuple(itertools.accumulate(lengths, initial=0))[:-1]


def span_of(file: str, text: str, start: int, end: int) -> Span:
    """The span of the stretch of the file between two offsets."""
    starts = line_starts(text)
    line, last = bisect.bisect_right(starts, start), bisect.bisect_right(starts, end)
    return Span(file, line, start - starts[line - 1] + 1, last, end - starts[last - 1] + 1)


def offsets(text: str, span: Span) -> tuple[int, int]:
    """The offsets of a span's two ends in the file."""
    starts = line_starts(text)
    return starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1


def locate(document: Document, span: Span) -> tuple[str, str]:
    """The exact text underlined, and the whole line on which it begins.

    Characters that a terminal would obey are shown by a sign of the same width.
    """
    start, end = offsets(document.text, span)
    line_start = start - span.column + 1
    line_end = document.text.find("\n", start)
    line_end = len(document.text) if line_end < 0 else line_end
    line = document.text[line_start:line_end] if line_end - line_start <= EXCERPT_LENGTH else ""
    underlined = document.text[start : min(end, start + EXCERPT_LENGTH)].replace("\r\n", "\n")
    return visible(underlined), visible(line.removesuffix("\r"))


def visible(text: str) -> str:
    """The text with every unsafe character replaced by a visible sign, one for one."""
    return UNSAFE.sub(lambda found: _sign(ord(found[0])), text)


def _sign(code: int) -> str:
    return chr(0x2400 + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"


def problem_at(document: Document, span: Span, code: str, message: str, help: str = "") -> Problem:
    """A problem with its excerpt filled in: the way all stages make one that has a place."""
    underlined, line = locate(document, span)
    if code in _WORDS and (hidden := invisible(underlined)):
        # Whatever else it seems to say: the word looks right to its author.
        code, message = "control-character", f"the character {hidden[1]} stands here, unseen"
        help = "take it out, or type a plain blank in its place"
    return Problem(code, message, span, help, underlined=underlined, source_line=line)


def inside(document: Document, scalar: Scalar, start: int, end: int) -> Span:
    """Map two offsets in a scalar's text to the place in the file.

    Exact for every style without backslash escapes (and for CSV): what is not blank stands in the same
    order in the text and in the file. With escapes the whole scalar is meant.
    """
    first, last = offsets(document.text, scalar.span)
    source = document.text[first:last]
    places = _places(source, scalar.text)
    if places is None:
        return scalar.span
    begin = places[start] if start < end else places[start - 1] + 1 if start else places[0]
    finish = places[end - 1] + 1 if start < end else begin
    return span_of(document.file, document.text, first + begin, first + finish)


def _places(source: str, text: str) -> list[int] | None:
    """Where in the source each character of the text stands; None where that is not simple."""
    if "\\" in source and source.startswith('"'):
        return None
    body = source.find("\n") + 1 if source.startswith(("|", ">")) else 0
    body, stop = (1, len(source) - 1) if source.startswith(('"', "'")) else (body, len(source))
    # A doubled quote is one character of the text; in double quotes only CSV writes it so.
    doubled = {"'": r"''|\S", '"': r'""|\S'}
    unit = re.compile(doubled.get(source[:1], r"\S"))
    solid = [found.start() for found in unit.finditer(source, body, stop)]
    if len(solid) != sum(not char.isspace() for char in text):
        return None
    places, following, here = [], iter(solid), body
    for char in text:
        here = here if char.isspace() else next(following)
        places.append(here)
        here += 1
    return places or [body]


def empty_because_comment(document: Document, scalar: Scalar) -> bool:
    """Whether a value is empty although something follows on its line: a `#` began a comment."""
    _, end = offsets(document.text, scalar.span)
    return not (scalar.text or scalar.quoted) and bool(_COMMENT.match(document.text, end))


def in_quotes(text: str) -> str:
    """The text as YAML reads it back from quotes: double, or single where it holds double ones."""
    if "\n" in text or "\t" in text:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


NULLS = ("", "null", "Null", "NULL", "~")
"""What is no value where it stands without quotes."""


def nothing(node: Node | None) -> bool:
    """Whether nothing stands there, or `null` without quotes."""
    return node is None or (isinstance(node, Scalar) and node.text in NULLS and not node.quoted)


def plain(node: Node | None) -> Any:
    """A tree as maps, lists and texts; nothing, `null` and `~` without quotes are unknown."""
    match node:
        case Mapping():
            return {entry.key.text: plain(entry.value) for entry in node.entries}
        case Sequence():
            return [plain(item) for item in node.items]
        case Scalar() if not nothing(node):
            return node.text
    return None
