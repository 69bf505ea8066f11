# SPDX-License-Identifier: MIT
"""Print a positioned tree in the canonical layout.

What is printed reads back to the same texts and the same structure, and printing that again
changes nothing; the formatter and the digest rely on both.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from collections.abc import Mapping as Map

import attrs

from rolerules.problems import Span
from rolerules.text.tree import (
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    in_quotes,
    offsets,
)

WIDTH = 100
"""A list stands on one line where it does not make the line longer than this."""

_SIGNS = frozenset("?:,[]{}#&*!|>'\"%@`")
_HEADER = re.compile(r"[|>][-+1-9]*")
_MEANINGFUL = re.compile(r"|null|Null|NULL|not\b.*|\W.*")
"""Texts that a table cell or a fact may read otherwise without quotes: given quotes are kept."""


def emit(document: Document, formulas: Map[Span, str] | None = None, comments: bool = True) -> str:
    """Print the document, with the scalars at the spans in `formulas` replaced by those texts.

    Without comments and blank lines this is the canonical text, which depends on nothing but
    the texts and the structure.
    """
    assert document.root is not None, "only a document with a tree is printed"
    notes = list(_comments(document)) if comments else []
    printer = _Printer(document, formulas or {}, notes, keep_blanks=comments)
    printer.node(document.root)
    printer.end()
    return "\n".join(printer.out) + "\n"


@attrs.frozen(slots=True, repr=False)
class _Comment:
    """A comment of the source; `alone` where nothing but blanks stands before it on its line."""

    offset: int
    column: int
    text: str
    alone: bool


@attrs.frozen(slots=True, repr=False)
class _Level:
    """Where the lines of a block begin: in the source (None within brackets) and when printed."""

    column: int | None
    indent: int


@attrs.frozen(slots=True, repr=False)
class _Lead:
    """What a line begins with: blanks and list signs, the outermost block, and its own blocks."""

    text: str
    levels: tuple[_Level, ...]
    outer: _Level
    first: int

    def under(self) -> str:
        """The blanks that stand in its place on the following lines."""
        return " " * len(self.text)


@attrs.define(slots=True, repr=False)
class _Printer:
    """Prints lines from the top; comments wait in their order until a line takes them."""

    document: Document
    formulas: Map[Span, str]
    comments: list[_Comment]
    keep_blanks: bool
    out: list[str] = attrs.Factory(list)
    levels: tuple[_Level, ...] = ()
    waiting: int = 0

    def node(self, root: Node) -> None:
        """Print the root of the tree."""
        self._node(root, _Lead("", (), _Level(0, 0), self._ends(root)[0]))

    def end(self) -> None:
        """Print the comments behind the last line."""
        for indent, text, blank in self._above(len(self.document.text) + 1, _Level(0, 0)):
            self._put(" " * indent + text, blank)

    def _node(self, node: Node, lead: _Lead, key: str = "", name: Scalar | None = None) -> None:
        """Print a value behind its lead and its key, where it has one."""
        flow = None if isinstance(node, Scalar) else self._on_one_line(node)
        if isinstance(node, Scalar):
            self._scalar(node, lead, key)
        elif flow is not None and self._fits(f"{lead.text}{key} {flow}", node):
            self._line(lead, f"{key} {flow}".lstrip(), self._ends(node))
        else:
            if name:
                self._line(lead, key, self._ends(name), section=len(lead.levels) == 1)
                lead = _Lead(lead.under() + "  ", lead.levels, lead.outer, 0)
            if isinstance(node, Mapping):
                self._mapping(node, lead)
            else:
                self._sequence(node, lead)

    def _fits(self, line: str, node: Mapping | Sequence) -> bool:
        empty = not (node.entries if isinstance(node, Mapping) else node.items)
        return empty or len(line.removesuffix(" ")) <= WIDTH

    def _mapping(self, node: Mapping, lead: _Lead) -> None:
        level = _level(node, lead)
        for number, entry in enumerate(node.entries):
            inner = self._next(lead, level, entry.key, number)
            self._node(entry.value, inner, self._text(entry.key, is_key=True) + ":", entry.key)

    def _sequence(self, node: Sequence, lead: _Lead) -> None:
        level = _level(node, lead)
        for number, item in enumerate(node.items):
            inner = self._next(lead, level, item, number)
            self._node(item, attrs.evolve(inner, text=inner.text + "- "))

    def _next(self, lead: _Lead, level: _Level, node: Node, number: int) -> _Lead:
        """The lead of a line of a block; its first line goes on behind the list signs above."""
        levels = (*lead.levels, level)
        if number == 0 and lead.text.strip():
            return attrs.evolve(lead, levels=levels)
        return _Lead(lead.under(), levels, level, self._ends(node)[0])

    def _scalar(self, node: Scalar, lead: _Lead, key: str) -> None:
        text = self.formulas.get(node.span, node.text)
        start, end = self._ends(node)
        header = _HEADER.match(self.document.text, start, end)
        end = header.end() if header else end
        pad = lead.under() + ("  " if key or not lead.levels else "")
        shown = self._text(node)
        lines = _block(text) if "\n" in text else []
        if len(f"{lead.text}{key} {shown}") > WIDTH and not self._keeps_quotes(node):
            lines = _folded(text, WIDTH - len(pad)) or lines
        self._line(lead, f"{key} {lines[0] if lines else shown}".strip(), (start, end))
        self.out += [pad + line if line else "" for line in lines[1:]]

    def _on_one_line(self, node: Node) -> str | None:
        """A list as it stands on one line: one in brackets without a comment inside.

        In the canonical text brackets and list signs make no difference.
        """
        if isinstance(node, Scalar):
            return self._text(node, in_flow=True) if node.text or node.quoted else None
        if isinstance(node, Mapping):
            return None if node.entries else "{}"
        if not node.items:
            return "[]"
        if (self.keep_blanks and not node.flow) or self._has_comment(*self._ends(node)):
            return None
        items = [self._on_one_line(item) for item in node.items]
        shown = [item for item in items if item is not None]
        return f"[{', '.join(shown)}]" if len(shown) == len(items) else None

    def _text(self, node: Scalar, *, in_flow: bool = False, is_key: bool = False) -> str:
        text = self.formulas.get(node.span, node.text)
        if plain(text, in_flow=in_flow, is_key=is_key) and not self._keeps_quotes(node):
            return text
        needed = text or node.quoted or in_flow or is_key or node is self.document.root
        return in_quotes(text) if needed else ""

    def _keeps_quotes(self, node: Scalar) -> bool:
        if not node.quoted or node.span in self.formulas:
            return False
        return node is self.document.root or bool(_MEANINGFUL.fullmatch(node.text))

    def _line(
        self, lead: _Lead, text: str, last: tuple[int, int], *, section: bool = False
    ) -> None:
        """Print a line whose last piece stands between two offsets, with its comments."""
        if not self.keep_blanks:  # the canonical text, which has no comments
            self._put(" " * lead.outer.indent + lead.text.lstrip() + text, False)
            return
        lines = [*self._above(last[0], lead.outer)]
        own = (lead.outer.indent, lead.text.lstrip() + text, self._blank_above(lead.first))
        lines.append(own)
        at_root = [number for number, line in enumerate(lines) if line[0] == 0]
        forced = at_root[0] if section and not any(lines[n][2] for n in at_root) else None
        for number, (indent, shown, blank) in enumerate(lines):
            self._put(" " * indent + shown, blank or number == forced)
        self._behind(last[1])
        self.levels = lead.levels

    def _put(self, line: str, blank: bool) -> None:
        if blank and self.out and self.keep_blanks:
            self.out.append("")
        self.out.append(line.rstrip(" "))

    def _above(self, offset: int, level: _Level) -> Iterator[tuple[int, str, bool]]:
        """The comments before an offset, as lines: indent, text, and whether a blank precedes.

        A comment indented deeper than the line it precedes belongs to the block that ends there.
        """
        while self.waiting < len(self.comments) and self.comments[self.waiting].offset < offset:
            comment = self.comments[self.waiting]
            self.waiting += 1
            indent = level.indent
            if comment.alone and level.column is not None and comment.column > level.column:
                ended = [
                    block.indent
                    for block in self.levels
                    if block.column is not None and block.column <= comment.column
                ]
                indent = max([indent, *ended])
            yield indent, comment.text, comment.alone and self._blank_above(comment.offset)

    def _behind(self, end: int) -> None:
        """Put the comment that follows next on the same line of the source behind the line."""
        if self.waiting < len(self.comments):
            comment = self.comments[self.waiting]
            if not self.document.text[end : comment.offset].strip(" \t:,[]{}"):
                self.waiting += 1
                self.out[-1] += f"  {comment.text}"

    def _blank_above(self, offset: int) -> bool:
        """Whether a blank line stands above what begins its line at this offset."""
        text = self.document.text
        start = text.rfind("\n", 0, offset) + 1
        above = text.rfind("\n", 0, max(0, start - 1)) + 1
        first = not text[start:offset].strip(" \t-")
        return first and start > 0 and not text[above:start].strip()

    def _has_comment(self, start: int, end: int) -> bool:
        number = bisect.bisect_left(self.comments, start, key=lambda comment: comment.offset)
        return number < len(self.comments) and self.comments[number].offset < end

    def _ends(self, node: Node) -> tuple[int, int]:
        return offsets(self.document.text, node.span)


def _level(node: Mapping | Sequence, lead: _Lead) -> _Level:
    return _Level(None if node.flow else node.span.column - 1, len(lead.text))


def plain(text: str, *, in_flow: bool, is_key: bool) -> bool:
    """Whether the text stands without quotes and reads back as it is."""
    if not text or text != text.strip() or text[0] in _SIGNS or (is_key and text == "<<"):
        return False
    if text.startswith(("...", "---", "- ")) or text == "-":
        return False
    if in_flow and (re.search(r"[,\[\]{}?]|\.\.", text) or text.count("(") > text.count(")")):
        return False
    return not (re.search(r"[\n\t]|: | #", text) or text.endswith(":"))


def _block(text: str) -> list[str]:
    """The lines of a `|` block, its sign first; none where it would not keep the text."""
    lines = text.removesuffix("\n").split("\n")
    if lines[0][:1] in ("", " ") or lines[-1] == "":
        return []
    for line in lines:
        if line and (not line.strip() or line.lstrip(" ").startswith("\t")):
            return []
    return ["|" if text.endswith("\n") else "|-", *lines]


def _folded(text: str, width: int) -> list[str]:
    """The lines of a `>` block, its sign first; none where it would not keep the text."""
    words = text.removesuffix("\n").split(" ")
    if "" in words or any("\n" in word or "\t" in word for word in words):
        return []
    lines = [">" if text.endswith("\n") else ">-", words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _comments(document: Document) -> Iterator[_Comment]:
    """All comments of the source: what follows a `#` outside of its texts."""
    text, place = document.text, 0
    assert document.root is not None, "only a document with a tree has texts"
    for scalar in _scalars(document.root):
        start, end = offsets(text, scalar.span)
        yield from _between(text, place, start)
        if _HEADER.match(text, start, end):
            line_end = text.find("\n", start, end)
            yield from _between(text, start, line_end if line_end >= 0 else end)
        place = end
    yield from _between(text, place, len(text))


def _between(text: str, start: int, end: int) -> Iterator[_Comment]:
    for found in re.compile(r"#[^\n]*").finditer(text, start, end):
        line = text.rfind("\n", 0, found.start()) + 1
        before = text[line : found.start()]
        yield _Comment(found.start(), len(before), found[0].rstrip(), not before.strip())


def _scalars(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Mapping():
            for entry in node.entries:
                yield entry.key
                yield from _scalars(entry.value)
        case Sequence():
            for item in node.items:
                yield from _scalars(item)
