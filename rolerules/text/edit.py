# SPDX-License-Identifier: MIT
"""Put other rows in the place of those in a file, and keep all else of it byte for byte.

Rows that stay as they are keep their spelling and their comments too; a row that is changed keeps
the comments above and behind it, one that is left out takes them along.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

import attrs

from rolerules.text import tree
from rolerules.text.emit import emit, plain
from rolerules.text.reader import read
from rolerules.text.tree import Document, Entry, Mapping, Node, Scalar, in_quotes, offsets

Line = Sequence[str]
"""The cells of a row, or an edge and its value."""


def entry_at(root: Node | None, path: Sequence[str]) -> tuple[Mapping, Entry]:
    """The map and its entry that keys lead to, all of which must be there."""
    holder, found = root, None
    for key in path:
        holder = found.value if found else root
        assert isinstance(holder, Mapping), "the keys lead through maps"
        found = next(entry for entry in holder.entries if entry.key.text == key)
    assert isinstance(holder, Mapping), "the keys lead through maps"
    assert found, "there is a key"
    return holder, found


def with_value(root: Node | None, path: Sequence[str], value: Node) -> Node:
    """The tree with another value where keys lead to."""
    if not path:
        return value
    holder, found = entry_at(root, path[:1])
    inner = attrs.evolve(found, value=with_value(found.value, path[1:], value))
    entries = tuple(inner if entry is found else entry for entry in holder.entries)
    return attrs.evolve(holder, entries=entries)


def with_rows(
    document: Document, path: Sequence[str], lines: Sequence[Line], *, edges: bool
) -> str:
    """The text of the file with these rows (or edges) where keys lead to."""
    text = document.text
    holder, entry = entry_at(document.root, path)
    start, end = offsets(text, entry.value.span)
    if holder.flow:
        return text[:start] + _in_brackets(lines, edges=edges) + text[end:]
    if isinstance(entry.value, Scalar) or entry.value.flow:
        head = text[:start].rstrip(" \t")
        text, begin = head + text[end:], len(head)
        indent, old = entry.key.span.column + 1, list[_Old]()
        first = _line_end(text, begin)
    else:
        first = _line_end(text, offsets(text, entry.key.span)[1])
        indent, old = entry.value.span.column - 1, list(_old(text, first, entry.value))
    new = [tuple(line) for line in lines]
    if [one.line for one in old] == new:
        return document.text
    last = old[-1].end if old else first
    newline = "\r\n" if "\r\n" in text else "\n"
    block = "".join(_ended(piece, newline) for piece in _pieces(old, new, indent, newline, edges))
    return _ended(text[:first], newline) + block + text[last:]


@attrs.frozen(slots=True)
class _Old:
    """A row that stands there: its cells, what stands before and behind it, and all of it."""

    line: tuple[str, ...]
    before: str
    behind: str
    whole: str
    end: int


def _old(text: str, first: int, value: Node) -> Iterator[_Old]:
    """The rows in block style from an offset on, with the lines above each."""
    for parts in _parts(value):
        start, end = offsets(text, parts[0].span)[0], offsets(text, parts[-1].span)[1]
        above, stop = text.rfind("\n", 0, start) + 1, _line_end(text, end)
        line = tuple(part.text for part in _scalars(parts))
        yield _Old(line, text[first:above], text[end:stop], text[first:stop], stop)
        first = stop


def _parts(value: Node) -> Iterator[tuple[Node, ...]]:
    if isinstance(value, Mapping):
        yield from ((entry.key, entry.value) for entry in value.entries)
    elif isinstance(value, tree.Sequence):
        yield from ((item,) for item in value.items)


def _scalars(parts: Sequence[Node]) -> Iterator[Scalar]:
    for part in parts:
        if isinstance(part, Scalar):
            yield part
        elif isinstance(part, tree.Sequence):
            yield from _scalars(part.items)


def _pieces(
    old: Sequence[_Old], new: Sequence[Line], indent: int, newline: str, edges: bool
) -> Iterator[str]:
    """The text of each new row; one that takes the place of another keeps what stands around it."""
    lines = [one.line for one in old]
    steps = difflib.SequenceMatcher(None, lines, new, autojunk=False).get_opcodes()
    for step, first, last, begin, end in steps:
        for place in range(begin, end):
            there = old[first + place - begin] if first + place - begin < last else None
            if there and step == "equal":
                yield there.whole
                continue
            printed = newline.join(_printed(new[place], indent, edges=edges))
            yield there.before + printed + there.behind if there else printed


def _printed(line: Line, indent: int, *, edges: bool) -> list[str]:
    """The lines of a row in the canonical layout, at their indent."""
    depth = indent // 2
    outer = "".join(f"{'  ' * level}{level}:\n" for level in range(depth))
    row = _edge(line) if edges else f"- {_row(line)}"
    document = read(f"{outer}{'  ' * depth}{row}\n", "")
    assert not document.problems, "what stands in quotes, or can stand without, is read as it is"
    printed = emit(document).split("\n")[depth:-1]
    return [f"{' ' * (indent % 2)}{one}" for one in printed]


def _in_brackets(lines: Sequence[Line], *, edges: bool) -> str:
    items = [_edge(line, in_flow=True) if edges else _row(line) for line in lines]
    return f"{{{', '.join(items)}}}" if edges else f"[{', '.join(items)}]"


def _row(line: Line) -> str:
    return f"[{', '.join(_text(cell, in_flow=True) for cell in line)}]"


def _edge(line: Line, *, in_flow: bool = False) -> str:
    edge, value = line
    return f"{_text(edge, in_flow=in_flow, is_key=True)}: {_text(value, in_flow=in_flow)}"


def _text(text: str, *, in_flow: bool, is_key: bool = False) -> str:
    return text if plain(text, in_flow=in_flow, is_key=is_key) else in_quotes(text)


def _ended(piece: str, newline: str) -> str:
    return piece if piece.endswith("\n") else piece + newline


def _line_end(text: str, place: int) -> int:
    """The offset behind the line on which a place is."""
    return text.find("\n", place) + 1 or len(text)
