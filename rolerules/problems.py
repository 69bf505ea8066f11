# SPDX-License-Identifier: MIT
"""Problems as values: what is wrong, where, what was expected, and how to mend it.

A stage gathers every problem it finds and stops at its border; one exception type carries
the list out. A message is one sentence in lowercase without a final period, with the
author's own words in backticks; the mend stands in `help`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

SEVERITIES = ("error", "notice")


@attrs.frozen(slots=True, order=True)
class Span:
    """A stretch of a file: 1-based lines and columns (in characters), the end one past the last."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@attrs.frozen(slots=True)
class Problem:
    """One thing that is wrong with a ruleset, a facts file or an argument.

    `code` is stable and documented; `place` is None for values that came from a program;
    `path` then says which fact is meant (`key_accounts[2].sales`, counted from 1).
    """

    code: str
    message: str
    place: Span | None = None
    help: str = ""
    path: str = ""
    underlined: str = ""
    source_line: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else f"{self.path}: " if self.path else ""
        mend = f"\n  help: {self.help}" if self.help else ""
        kind = "" if self.severity == "error" else f", {self.severity}"
        return f"{where}{self.message} [{self.code}{kind}]{self._excerpt()}{mend}"

    def _excerpt(self) -> str:
        if not (self.place and self.source_line):
            return ""
        before = self.source_line[: self.place.column - 1]
        pad = "".join(char if char == "\t" else " " * cells(char) for char in before)
        marks = "^" * max(1, sum(cells(char) for char in self.underlined.split("\n")[0]))
        number = str(self.place.line)
        return f"\n  {number} | {self.source_line}\n  {' ' * len(number)} | {pad}{marks}"

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON: code, severity, message, help, file, line, column, ends, path."""
        place = self.place
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "help": self.help,
            "file": place.file if place else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
            "end_line": place.end_line if place else None,
            "end_column": place.end_column if place else None,
            "underlined": self.underlined,
            "path": self.path or None,
        }


def cells(char: str) -> int:
    """How many columns of a terminal a character takes: 2 for wide East Asian ones."""
    import unicodedata

    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


class RolerulesError(Exception):
    """What rolerules raises on purpose; `problems` lists every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems, key=_order))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[RolerulesError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class RulesetError(RolerulesError):
    """A ruleset, policy, company or case file that cannot be used as it stands."""


class FactError(RolerulesError):
    """Facts (or an as-of date, or an opening) that are refused: no decision was made."""


class InternalError(Exception):
    """A fault of rolerules itself, never of a ruleset or of facts: please report it.

    `case` is what it happened on, if it is known; it may hold a person's facts.
    """

    def __init__(self, message: str, case: object = None) -> None:
        self.case = case
        super().__init__(message)


def _order(problem: Problem) -> tuple[object, ...]:
    place = problem.place
    key = (place.file, place.line, place.column) if place else ("", 0, 0)
    return (*key, problem.path, problem.code, problem.message)


# Words that authors bring along, with the word that stands here for the same thing.
_SYNONYMS = {
    "integer": "whole", "int": "whole", "percent": "rate", "percentage": "rate",
    "boolean": "yes/no", "bool": "yes/no", "string": "text", "amount": "money",
    "currency": "money", "decimal": "number", "clause": "source", "name": "title",
    "else": "otherwise", "condition": "when",
}  # fmt: skip
_SHOWN = 12  # so many words are shown whole; of a longer list only the first five


def nearest(word: str, candidates: Iterable[str]) -> str:
    """Say which known spellings are meant, as help text: the nearest, or else all of a few."""
    known = sorted(set(candidates))
    if close := closest(word, known):
        return f"did you mean `{close}`?"
    return f"known here: {one_of(known)}" if known else ""


_MANY = 200
"""From so many candidates on, only the likely ones are compared letter by letter."""


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The known spelling that a word was most likely meant for; None where none is near."""
    import difflib  # only where something is wrong

    known = sorted(set(candidates))
    if len(known) > _MANY:  # a near spelling has nearly the same ends and length
        known = [one for one in known if abs(len(one) - len(word)) < 3 and one[:1] == word[:1]]
    if (meant := _SYNONYMS.get(word.casefold())) in known:
        return meant
    if close := difflib.get_close_matches(word, known, n=1):
        return close[0]
    folded = {name.casefold().replace("-", "_"): name for name in known}
    if spelt := folded.get(word.casefold().replace("-", "_").replace(" ", "_")):
        return spelt
    brought = [
        one
        for one, meant in _SYNONYMS.items()
        if meant in known and one[0] == word[:1].casefold() and abs(len(one) - len(word)) <= 1
    ]
    near = difflib.get_close_matches(word.casefold(), brought, n=1)
    return _SYNONYMS[near[0]] if near else None


def one_of(words: Sequence[str]) -> str:
    """Join words in backticks for a message: all of up to twelve, else the first five."""
    some = words if len(words) <= _SHOWN else words[:5]
    shown = ", ".join(f"`{word}`" for word in some)
    return shown if some == words else f"{shown} and {len(words) - len(some)} more"


def choices(word: str, options: Sequence[str]) -> str:
    """Say which of the choices is meant, and what they are."""
    close = closest(word, options)
    listed = f"the choices are {one_of(options)}" if options else ""
    return f"did you mean `{close}`? {listed}" if close else listed
