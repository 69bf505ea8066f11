# SPDX-License-Identifier: MIT
"""Why a file is no YAML, in the author's terms: missing quotes first, then everything else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from rolerules.spelling import figure_help, invisible
from rolerules.text.quotes import LINE, Finding, line_traps, shown

_ESCAPE = re.compile(r"\\(?:[xuU][0-9A-Fa-f]*|.?)")


@attrs.frozen(slots=True, repr=False)
class Failure:
    """Where and at what the parser stopped: offsets, its words, and the last scalar it read.

    `opened` is the innermost bracket that was open then.
    """

    at: int
    context: int | None
    words: str
    last: tuple[int, int]
    opened: int | None


def cut_figure(text: str, start: int) -> Finding | None:
    """The finding that YAML has cut a figure at its comma; its second part begins at `start`."""
    first = re.search(r"-?[0-9][0-9.,]*,$", text[max(0, start - 40) : start])
    rest = re.compile(r"[0-9][0-9.,]*%?").match(text, start)
    if not first or not rest:
        return None
    written = first[0] + rest[0].rstrip(",")
    message = f"`{written}` has a comma between digits"
    mend = figure_help(written) or "write decimals with a point and no separators"
    begin = start - len(first[0])
    return Finding("decimal-comma", begin, begin + len(written), message, mend)


def closing(text: str, start: int) -> int:
    """The offset behind the `)` that closes the first `(` on the line; 0 where there is none."""
    depth = 0
    _, end = rest_of_line(text, start)
    for found in re.compile(r"[()]").finditer(text, start, end):
        depth += 1 if found[0] == "(" else -1
        if depth <= 0:
            return found.end()
    return 0


def diagnose(text: str, failure: Failure) -> Finding:
    """Say in plain words why the text is no YAML at the place where the parser stopped."""
    finding = _diagnosed(text, failure)
    blank = finding.code in ("yaml-indentation", "yaml-syntax")
    return (_hidden(text, finding.start, finding.end) if blank else None) or finding


def _hidden(text: str, start: int, end: int) -> Finding | None:
    """The finding that a character nobody sees stands where a line needs a plain blank."""
    found = invisible(text[start:end])
    if found is None or text[start : start + found[0]].rstrip()[-1:] not in ("", ":", "-"):
        return None
    at = start + found[0]
    message = (
        f"the character {found[1]} cannot be seen, and is no blank between a key and its value"
    )
    return Finding("control-character", at, at + 1, message, "type a plain blank in its place")


def _diagnosed(text: str, failure: Failure) -> Finding:
    for explain in (_escape, _open_quote, _directive, _missing_quotes, _bracket, _colon, _indent):
        finding = explain(text, failure)
        if finding:
            return finding
    start, end = rest_of_line(text, failure.at)
    if text.startswith("...", _line_above(text, start)):
        return second_document(start, end)
    found = shown(text[start:end]) if start < end else "the end of the file"
    help_ = "look for a missing quote, bracket or colon here or on the line above"
    return Finding("yaml-syntax", start, end, f"{found} cannot be read here", help_)


def second_document(start: int, end: int) -> Finding:
    """The finding that a file goes on behind its end."""
    mend = "take out the line `---` or `...`, or make a file of its own from what follows"
    return Finding("yaml-documents", start, end, "a second YAML document begins here", mend)


def _escape(text: str, failure: Failure) -> Finding | None:
    if not re.search(r"quoted.*(escape|hex)|^escape$", failure.words):
        return None
    said = _ESCAPE.match(text, text.rfind("\\", 0, failure.at + 1))
    assert said, "the parser stopped at or just behind a backslash"
    message = f"{shown(said[0])} is no escape that can be used inside double quotes"
    mend = "write `\\\\` for a backslash, or use single quotes"
    return Finding("yaml-escape", *said.span(), message, mend)


def _open_quote(text: str, failure: Failure) -> Finding | None:
    start, end = failure.last
    lines = "\n" in text[start:end] and "\n" not in text[end : failure.at]
    if "quoted scalar" in failure.words and failure.context is not None:
        start = failure.context
    elif not (lines and text[start] in "\"'"):
        return None
    start, end = rest_of_line(text, start)
    message = f"{shown(text[start:end])} has no closing quote on its line"
    return Finding("yaml-quote", start, end, message, f"end the text with `{text[start]}`")


def _missing_quotes(text: str, failure: Failure) -> Finding | None:
    for start, end in _suspects(text, failure):
        finding = next(line_traps(text, start, end), None)
        if finding:
            return finding
    return None


def _suspects(text: str, failure: Failure) -> Iterator[tuple[int, int]]:
    """The lines to read again: those of an open list or map, else where the parser stopped."""
    start = failure.at if failure.opened is None else failure.opened
    if failure.context is not None and " block " not in failure.words:
        start = min(start, failure.context)
    start = text.rfind("\n", 0, start) + 1
    for _ in range(50):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1
        if start > failure.at:
            return


def _directive(text: str, failure: Failure) -> Finding | None:
    start, end = _line(text, failure.at)
    return directive(text, start, end) if text[start : start + 1] == "%" else None


def directive(text: str, start: int, end: int) -> Finding:
    """The finding that a line begins with `%`, which is for YAML's own orders."""
    message = f"{shown(text[start:end])} is a YAML directive, which is not used here"
    return Finding("yaml-directive", start, end, message, "take the line out, or quote its key")


def _bracket(text: str, failure: Failure) -> Finding | None:
    at = failure.at
    if failure.opened is not None:
        start, end = rest_of_line(text, failure.opened)
        close = "]" if text[start] == "[" else "}"
        message = f"{shown(text[start:end])} has no closing `{close}`"
        mend = f"close it with `{close}`, or write it one entry a line"
        return Finding("yaml-bracket", start, end, message, mend)
    if text[at : at + 1] not in ("]", "}"):
        return None
    message = f"`{text[at]}` closes a bracket that was never opened"
    return Finding("yaml-bracket", at, at + 1, message, "take it out, or quote the whole value")


def _colon(text: str, failure: Failure) -> Finding | None:
    """A line without its colon: the scanner waits for it, or folds it into the next line."""
    if "could not find expected ':'" in failure.words and failure.context is not None:
        start, end = _line(text, failure.context)
    elif "mapping values" in failure.words:
        start, end = _line(text, _line_above(text, failure.at))
        if start == end or LINE.fullmatch(text, start, end)["key"]:  # type: ignore[index]
            return None
    else:
        return None
    return no_colon(text, start, end)


def no_colon(text: str, start: int, end: int) -> Finding:
    """The finding that a line should be a key and its value."""
    if hidden := _hidden(text, start, end):
        return hidden
    said = text[start:end]
    close = re.fullmatch(r"([\w ]+):(\S.*)", said)
    mend = f"put a blank after the colon: `{close[1]}: {close[2]}`" if close else ""
    mend = mend or "write `key: value`, with a colon and a blank between them"
    return Finding("yaml-colon", start, end, f"{shown(said)} has no colon after its key", mend)


def _indent(text: str, failure: Failure) -> Finding | None:
    start, end = _line(text, failure.at)
    said = shown(text[start:end])
    mend = "begin lines of the same level in the same column, two blanks deeper than their parent"
    if "mapping values" in failure.words:
        first, last = _line(text, _line_above(text, failure.at))
        if first in (last, start):
            return None
        message = f"{said} is indented deeper than {shown(text[first:last])}, which has a value"
        mend = "begin both in the same column, or put quotes around a text of several lines"
    elif "block" not in failure.words or start == end:
        return None
    elif failure.context is None or _column(text, start) != _column(text, failure.context):
        message = f"{said} does not line up with the lines above it"
    elif text.startswith("- ", start):
        message = f"{said} is a list item where a `key: value` line is expected"
    else:
        message = f"{said} stands where a list item is expected, which begins with `- `"
    return Finding("yaml-indentation", start, end, message, mend)


def _line(text: str, at: int) -> tuple[int, int]:
    """The two ends of what is written on the line of an offset, without blanks around it."""
    start = text.rfind("\n", 0, at) + 1
    _, end = rest_of_line(text, start)
    while start < end and text[start] == " ":
        start += 1
    return start, end


def rest_of_line(text: str, at: int) -> tuple[int, int]:
    """The offset itself, and where what is written on its line ends."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    while end > at and text[end - 1] in " \t\r":
        end -= 1
    return at, end


def _line_above(text: str, at: int) -> int:
    """The start of the nearest line above that is neither empty nor a comment."""
    start = text.rfind("\n", 0, at) + 1
    while start > 0:
        start = text.rfind("\n", 0, start - 1) + 1
        first, end = _line(text, start)
        if first < end and text[first] != "#":
            break
    return start


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at)
