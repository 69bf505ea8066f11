# SPDX-License-Identifier: MIT
"""What lacks its quotes on a line of YAML.

A formula or a table cell often begins with, or holds, a sign that YAML keeps for itself
(`>= 20%`, `[5%..10%)`, `*`). The parser then stumbles somewhere behind it; here the line is
read again as the author meant it, to find the text that only lacks its quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from rolerules.text.tree import in_quotes, visible

LINE = re.compile(
    r"""[ ]*(?:-[ ]+)*                                   # indentation and list signs
    (?:(?P<key>"[^"\n]*"|'[^'\n]*'|[^\s"'\[\]{}>|*&!%@`\#,?:-][^\n\#]*?):(?:[ \t]+|$))?
    (?P<value>.*)""",
    re.VERBOSE,
)
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""")
_INTERVAL = re.compile(r"""[\[\](][^\[\](){},"]*\.\.[^\[\](){},"]*[\])\[]""")
_BLOCK_HEADER = re.compile(r"[>|](?:[+-]?[1-9]?|[1-9][+-])[ \t]*(?:#.*)?$")
_PAIR = re.compile(r"""\s*(?:"[^"]*"|'[^']*'|[^:]+?)\s*:(?:\s+|$)""")
_COLON = re.compile(r":(?:\s|$)")
_COMMENT = re.compile(r"(?:^|[ \t])#.*$")
_COMPARED = re.compile(r">=?\s*[\w.%]+")
_WHY = {
    ">": "begins with `>`, which opens a block of text in YAML",
    "|": "begins with `|`, which opens a block of text in YAML",
    "*": "begins with `*`, which stands for an alias in YAML",
    "&": "begins with `&`, which stands for an anchor in YAML",
    "!": "begins with `!`, which stands for a tag in YAML",
    "@": "begins with `@`, which YAML keeps for itself",
    "`": "begins with a backtick, which YAML keeps for itself",
    "%": "begins with `%`, which YAML keeps for itself",
    "?": "begins with `? `, which marks a key in YAML",
    "-": "begins with `- `, which marks a list item in YAML",
    ":": "begins with `: `, which parts a key from its value in YAML",
    ",": "begins with a comma, which parts list items in YAML",
    "[": "has brackets, which YAML takes for a list",
    "]": "has brackets, which YAML takes for a list",
    "{": "has braces, which YAML takes for a map",
    "}": "has braces, which YAML takes for a map",
    '"': "goes on after its closing quote",
    "'": "goes on after its closing quote",
    "bracket": "has brackets or braces, which YAML takes for a list or a map",
    "comma": "is cut by YAML at its comma",
    "colon": "has a colon and a blank, which YAML reads as a key and its value",
}


@attrs.frozen(slots=True, repr=False)
class Finding:
    """A problem of the text between two offsets, before it has a file."""

    code: str
    start: int
    end: int
    message: str
    help: str


def shown(text: str) -> str:
    """The author's text in backticks, on one line, shortened where it is long."""
    line = " ".join(visible(text).split())
    return f"`{line[:60]}…`" if len(line) > 61 else f"`{line}`"


def needs_quotes(
    text: str, start: int, end: int, why: str, *, key: str = "", block: str = ""
) -> Finding:
    """The finding that quotes are missing around a stretch; `why` is a sign or a reason.

    The help shows it mended: behind its `key`, or, where it stood behind a key in braces
    (`block`), on a line of its own.
    """
    said = " ".join(text[start:end].split())
    bare = said[1:-1] if len(said) > 1 and said[0] == said[-1] == "'" else said
    mend = f"put quotes around it: {_whole(key, in_quotes(bare))}"
    if key and _COMPARED.fullmatch(said):
        mend = (
            f"write on its left what is compared, as in {_whole(key, f'team_sales {said}')}; "
            "only a text or a cell of a table goes in quotes"
        )
    if block:
        mend = f"write {_whole(block, said)} on a line of its own, without braces"
    return Finding("needs-quotes", start, end, f"{shown(said)} {_WHY[why]}", mend)


def _whole(key: str, value: str) -> str:
    mended = visible(f"{key}: {value}" if key else value)
    return f"`{mended}`" if len(mended) <= 120 else '`"…"`'


def line_traps(text: str, start: int, end: int) -> Iterator[Finding]:
    """The findings that quotes are missing on a line, the line between two offsets."""
    line = LINE.match(text, start, end)
    assert line, "every part of the pattern is optional"
    value = line["value"]
    key = line["key"] or ""
    begin = line.start("value")
    pair = None if key or value.startswith(("[", "{")) else _PAIR.match(value)
    if pair and value[0] in _WHY and value[0] not in "\"'":
        colon = value.index(":", len(pair[0].rstrip()) - 1)
        yield needs_quotes(text, begin, begin + len(value[:colon].rstrip()), value[0])
        return
    for first, last, why, block in _traps(value, flow=False):
        if why != "colon" or key or block:
            behind = key if first == 0 else ""
            yield needs_quotes(text, begin + first, begin + last, why, key=behind, block=block)


_Trap = tuple[int, int, str, str]
"""Where it begins and ends, why it is one, and its key where it stands in braces."""


_DEEPEST, _LONGEST = 40, 20_000
"""Lists within lists that are looked through, and signs of one; past that the parser's own word stands."""


def _traps(value: str, *, flow: bool, key: str = "", depth: int = 0) -> Iterator[_Trap]:
    """Stretches of a value (or of a piece of a list in one line) that lack their quotes."""
    first = len(value) - len(value.lstrip())
    body = value[first:].rstrip()
    sign = body[:1]
    quoted = _QUOTED.match(body) if sign in ('"', "'") else None
    if not quoted and not flow:
        body = _COMMENT.sub("", body).rstrip()
    last = first + len(body)
    header = not flow and _BLOCK_HEADER.match(body)
    if not body or header or (sign in ('"', "'") and not quoted):
        return
    if quoted:
        after = body[quoted.end() :].strip(" \t\r,]}" if not flow else " \t\r")
        if after and not after.startswith((":", "#") if flow else "#"):
            yield first, first + len(_COMMENT.sub("", body).rstrip()), sign, key
    elif sign in "[{" and not _INTERVAL.match(body):
        yield from _flow_traps(body, first, depth + 1)
    elif sign in ">|*&!@`%[]{},":
        yield first, last, sign, key
    elif sign in "?-:" and body[1:2] in ("", " "):
        if body[1:2]:
            yield first, last, sign, key
    elif flow and re.search(r"[\[\]{}]", body):
        yield first, last, "bracket", key
    elif flow and "," in body:
        yield first, last, "comma", key
    elif _COLON.search(body):
        yield first, last, "colon", key


def _flow_traps(body: str, offset: int, depth: int) -> Iterator[_Trap]:
    """The traps inside `[…]` or `{…}`, or the whole where more follows the closing bracket."""
    if depth > _DEEPEST or (depth > 1 and len(body) > _LONGEST):
        return
    pieces = list(_pieces(body))
    after = body[pieces[-1][1] + 1 :].strip()
    if after.strip(",]} \t\r") and not after.startswith(("#", ":", ",")):
        yield offset, offset + len(body), body[0], ""
        return
    for start, end in pieces:
        pair = _PAIR.match(body, start, end) if body[0] == "{" else None
        key = pair[0].strip().removesuffix(":").rstrip() if pair else ""
        start = pair.end() if pair else start
        for first, last, why, block in _traps(body[start:end], flow=True, key=key, depth=depth):
            yield offset + start + first, offset + start + last, why, block


def _pieces(body: str) -> Iterator[tuple[int, int]]:
    """Cut what stands between the brackets at its commas, as its author would: not in brackets."""
    start = place = 1
    depth = 0
    while place < len(body):
        whole = _INTERVAL.match(body, place)
        if body[place] == '"' or (body[place] == "'" and not body[start:place].strip()):
            whole = _QUOTED.match(body, place)
        if whole:
            place = whole.end()
            continue
        if body[place] in "]}" and not depth:
            break
        if body[place] == "," and not depth:
            yield start, place
            start = place + 1
        depth = max(0, depth + (body[place] in "([{") - (body[place] in ")]}"))
        place += 1
    yield start, place
