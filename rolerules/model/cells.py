# SPDX-License-Identifier: MIT
"""Table cells: words (`5% to under 10%`) or DMN's unary tests (`"[5%..10%)"`) → conditions.

A cell becomes an expression over the name `?`, the row's input, so that types, units and
unknowns are settled by the same rules as in every other formula.
"""

from __future__ import annotations

import re

from rolerules.model.types import Type
from rolerules.text.expression import Expression, Literal, shifted
from rolerules.text.formula import FormulaError, parse

SILENT = re.compile(r"silent +(\S+)")
"""An output that the text does not say: `silent NAME`, with the reading that says so."""
INPUT = Expression("name", (), "?")
FORMS = "`under X`, `X or less`, `over X`, `X or more`, `X to under Y`, `X to Y`, `A or B`, `not A`, `any`"

_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"over (.+) to under (.+)", (">", "<")),
    (r"over (.+) to (.+)", (">", "<=")),
    (r"(.+) to under (.+)", (">=", "<")),
    (r"(.+) to (.+)", (">=", "<=")),
    (r"under (.+)", ("<",)),
    (r"over (.+)", (">",)),
    (r"(.+) or more", (">=",)),
    (r"(.+) or less", ("<=",)),
)
# Other words that authors write: pattern, what is written here.
_SYNONYMS = (
    (r"(?:below|less than) (.+)", "under {}"),
    (r"(?:above|more than) (.+)", "over {}"),
    (r"(?:at least|from) (.+)", "{} or more"),
    (r"(?:at most|up to|until) (.+)", "{} or less"),
    (r"between (.+) and (.+)", "{} to {}"),
    (r"([0-9.]+ ?%?) ?[-–—~] ?([0-9.]+ ?%?)", "{} to {}"),
)
_INTERVAL = re.compile(r"([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])")
_COMPARISON = re.compile(r"(<=|>=|!=|<|>|=)\s*(.+)")


def condition(text: str, type_: Type) -> Expression | None:
    """Read a cell for an input of a type; None where anything will do.

    Raises `FormulaError`, its place counted from the start of the cell.
    """
    if text in ("any", "-"):
        return None
    if found := re.fullmatch(r"not\s*\((.+)\)|not (.+)", text):
        inner = condition(found[1] or found[2], type_)
        if inner is None:
            message = f"`{text}` matches nothing"
            raise FormulaError("cell-form", message, (0, len(text)), "leave the row out")
        return Expression("not", (inner,), at=(0, len(text)))
    if found := _INTERVAL.fullmatch(text):
        opening, low, high, closing = found.groups()
        ops = (">=" if opening == "[" else ">", "<=" if closing == "]" else "<")
        return _compared(ops, [(low, found.start(2)), (high, found.start(3))])
    if found := _COMPARISON.fullmatch(text):
        return _compared((found[1],), [(found[2], found.start(2))])
    if type_.kind not in ("choice", "text", "yes/no"):
        for pattern, words in _WORDS:
            if found := re.fullmatch(pattern, text):
                ends = [(found[part], found.start(part)) for part in range(1, len(words) + 1)]
                return _compared(words, ends)
        _refuse_synonyms(text)
    return _alternatives(text, type_)


def _refuse_synonyms(text: str) -> None:
    for pattern, form in _SYNONYMS:
        if found := re.fullmatch(pattern, text):
            message = f"`{text}` is not one of the forms of a cell"
            mend = f"write `{form.format(*found.groups())}`"
            raise FormulaError("cell-form", message, (0, len(text)), mend)


def _compared(ops: tuple[str, ...], ends: list[tuple[str, int]]) -> Expression:
    tests = []
    for op, (text, start) in zip(ops, ends, strict=True):
        end = _formula(text, start)
        tests.append(Expression(op, (INPUT, end), at=end.at))
    return (
        tests[0]
        if len(tests) == 1
        else Expression("and", tuple(tests), at=(tests[0].at[0], tests[1].at[1]))
    )


_WORD = re.compile(r'(?:"[^"]*"|(?! or |,)[^"])+')


def _alternatives(text: str, type_: Type) -> Expression:
    """`A or B`, or DMN's `"A", "B"`; quotes keep a comma or an `or` inside a text."""
    tests: list[Expression] = []
    for found in _WORD.finditer(text):
        word = found[0].strip()
        word = word.removeprefix("or ").strip() if tests else word
        if word:
            start = text.index(word, found.start())
            test = Expression("=", (INPUT, _one(word, start, type_)), at=(start, start + len(word)))
            tests.append(test)
    if not tests:
        message = f"`{text}` is not one of the forms of a cell"
        raise FormulaError("cell-form", message, (0, len(text)), f"write one of {FORMS}")
    whole = tests[0]
    for test in tests[1:]:
        whole = Expression("or", (whole, test), at=(0, len(text)))
    return whole


def _one(word: str, start: int, type_: Type) -> Expression:
    if type_.kind in ("choice", "text") and not word.startswith('"'):
        return Expression(
            "literal", (), Literal("text", word, f'"{word}"'), (start, start + len(word))
        )
    return _formula(word, start)


def _formula(text: str, start: int) -> Expression:
    try:
        return shifted(parse(text), start)
    except FormulaError as error:
        at = (error.at[0] + start, error.at[1] + start)
        mend = error.help if error.code != "formula-order" else f"cells are written {FORMS}"
        raise FormulaError(error.code, error.message, at, mend) from None
