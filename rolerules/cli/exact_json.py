# SPDX-License-Identifier: MIT
"""Read JSON exactly: numbers as they are written, nothing twice, every problem with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import attrs

from rolerules.problems import Problem, RolerulesError
from rolerules.text.tree import Document, problem_at, span_of, visible

NUMBER_LENGTH = 60
"""Characters of a number; far more than an amount needs, far less than would cost time."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)


class _Refused(Exception):  # noqa: N818
    """A value that JSON's own reader came upon, to be looked for in the text."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def parse(text: str, file: str, line: int = 1) -> Any:
    """Read a JSON text: numbers with a point become Decimal, others int.

    `line` is the one on which the text begins in its file.

    Raises `RolerulesError` for what is no JSON, is nested too deep, holds NaN, a number of
    more than `NUMBER_LENGTH` characters, or the same key twice in one object.
    """
    text = text.removeprefix("\N{BYTE ORDER MARK}")
    document = Document(file, text, None, ())
    try:
        return json.loads(
            text, parse_float=_decimal, parse_int=_whole, parse_constant=_constant,
            object_pairs_hook=_object,
        )  # fmt: skip
    except _Refused as refused:
        problem = _look_for(document, refused.word, line)
    except json.JSONDecodeError as error:
        problem = _no_json(document, error)
    except RecursionError:
        problem = Problem("too-deep", f"`{file}` is nested too deep", help="a case needs 4 levels")
    raise RolerulesError([problem])


def _decimal(word: str) -> Decimal:
    if len(word) > NUMBER_LENGTH:
        raise _Refused(word)
    try:
        return Decimal(word)
    except InvalidOperation:
        raise _Refused(word) from None


def _whole(word: str) -> int:
    if len(word) > NUMBER_LENGTH:
        raise _Refused(word)
    return int(word)


def _constant(word: str) -> None:
    raise _Refused(word)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise _Refused("")
    return values


def _no_json(document: Document, error: json.JSONDecodeError) -> Problem:
    """In our own words: the decoder's differ between versions of Python, and so do its places."""
    text, at = document.text, error.pos
    before = text[:at].rstrip()
    if before.endswith(",") and text[at : at + 1] in ("}", "]"):
        at = len(before) - 1
    if at >= len(text.rstrip()):
        message = "the JSON ends before it is complete"
    else:
        message = f"this is not JSON: `{visible(text[at])}` cannot stand here"
    span = span_of(document.file, text, min(at, len(text)), min(len(text), at + 1))
    mend = "names and texts stand in double quotes, a comma between two entries, none after all"
    return problem_at(document, span, "not-json", message, mend)


@attrs.define(slots=True)
class _Open:
    """An object or array not closed yet; `keys` by their text, None for an array."""

    keys: dict[str, int] | None
    at_key: bool


def _look_for(document: Document, word: str, first_line: int) -> Problem:
    """Find the value refused: the number or NaN, or (for no word) the first doubled key."""
    text = document.text
    for start, end, first in _suspects(text):
        if first is not None and not word:
            span = span_of(document.file, text, start, end)
            line = span_of(document.file, text, first, first).line + first_line - 1
            message = f"`{json.loads(text[start:end])}` stands twice, first on line {line}"
            return problem_at(document, span, "duplicate-key", message, "keep one of the two")
        # What is no JSON any more may follow the word without a blank.
        if first is None and word and text.startswith(word, start, end):
            span = span_of(document.file, text, start, start + len(word))
            return problem_at(document, span, "not-a-number", *_no_number(word))
    raise AssertionError("what is refused stands in the text")


def _no_number(word: str) -> tuple[str, str]:
    if word.lstrip("-") in ("NaN", "Infinity"):
        return f"`{word}` is no number", "write `null` for what is not known"
    if len(word) <= NUMBER_LENGTH:
        return f"`{word}` is out of all range", "correct its exponent"
    message = f"a number of {len(word):,} characters is too long"
    return message, f"write at most {NUMBER_LENGTH} characters"


def _suspects(text: str) -> Iterator[tuple[int, int, int | None]]:
    """Both ends of every bare word, and of every doubled key with the place of its first."""
    stack: list[_Open] = []
    for token in _TOKEN.finditer(text):
        word, (start, end) = token[0], token.span()
        if word in "{[":
            stack.append(_Open({} if word == "{" else None, word == "{"))
        elif word in "}]" and stack:
            stack.pop()
        elif word == "," and stack:
            stack[-1].at_key = stack[-1].keys is not None
        elif word == ":" and stack:
            stack[-1].at_key = False
        elif word[0] != '"':
            yield start, end, None
        elif stack and stack[-1].at_key and (keys := stack[-1].keys) is not None:
            key = json.loads(word)
            if key in keys:
                yield start, end, keys[key]
            keys.setdefault(key, start)
