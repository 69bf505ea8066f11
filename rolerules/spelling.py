# SPDX-License-Identifier: MIT
"""What a text that cannot be read was most likely meant for: the mends that help can show.

Nothing is ever read this way: each guess is only shown to the author, who decides.
"""

from __future__ import annotations

import datetime
import itertools
import re
import unicodedata
from collections.abc import Callable, Sequence

UNKNOWN = frozenset(("n/a", "na", "n.a.", "unknown", "none", "nil", "tbd", "-", "–", "—", "?"))
"""Words that people write in a cell for what they do not know."""

_CURRENCY = re.compile(r"[A-Z]{3}(?=[\s\d-])|[$€£¥]|(?<=[\d\s])[A-Z]{3}$")
_FIGURE = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?%?", re.ASCII)
_GROUPS = re.compile(r"(?<=\d)[\s'’_](?=\d{3}(?!\d))")
_DATES = (
    (re.compile(r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>\d{4})"), False),
    (re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"), False),
    (re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"), False),
    (re.compile(r"(?P<d>\d{1,2})[-/](?P<m>\d{1,2})[-/](?P<y>\d{4})"), True),
)


def plain_figures(text: str) -> tuple[str, ...]:
    """The plain decimals a figure with separators, blanks or a currency can mean, if any.

    `92,500` is ninety-two thousand to some and ninety-two to others, so both are given.
    """
    bare = _CURRENCY.sub("", text.strip()).strip()
    bare = re.sub(r"\s+%$", "%", _GROUPS.sub("", bare))
    found = [one for one in _points(bare) if _FIGURE.fullmatch(one) and one != text]
    return tuple(dict.fromkeys(found))


def _points(text: str) -> list[str]:
    """The text with a point before its decimals, and with no other comma or point."""
    commas, points = text.count(","), text.count(".")
    if commas and points:
        last, other = (",", ".") if text.rindex(",") > text.rindex(".") else (".", ",")
        return [text.replace(other, "").replace(last, ".")] if text.count(last) == 1 else []
    sign = "," if commas else "."
    grouped = re.fullmatch(rf"-?[1-9]\d{{0,2}}(?:\{sign}\d{{3}})+%?", text)
    if commas > 1 or points > 1:
        return [text.replace(sign, "")] if grouped else []
    if not commas:
        return [text]
    return [text.replace(",", ""), text.replace(",", ".")] if grouped else [text.replace(",", ".")]


def figure_help(text: str) -> str:
    """The mend for a figure that is not written plainly; nothing where none can be told."""
    plain = plain_figures(text)
    return f"write {' or '.join(f'`{one}`' for one in plain)}" if plain else ""


def cut_figure(cells: Sequence[str]) -> str:
    """The mend for a row with a figure that its own comma has cut into two cells."""
    for one, two in itertools.pairwise(cells):
        first, second = re.search(r"-?\d+$", one), re.match(r"\d+(?:\.\d+)?%?", two)
        if first and second and (mend := figure_help(f"{first[0]},{second[0]}")):
            return f"a comma parts cells, and `{first[0]},{second[0]}` has one: {mend}"
    return ""


def date_help(text: str) -> str:
    """The mend for a text that is no date: the day it means, or that there is no such day."""
    for pattern, either_way in _DATES:
        if found := pattern.fullmatch(text.strip()):
            year, one, two = int(found["y"]), int(found["m"]), int(found["d"])
            pairs = dict.fromkeys([(one, two), (two, one)] if either_way else [(one, two)])
            days = [day for month, date in pairs if (day := _day(year, month, date))]
            if days:
                return f"write {' or '.join(f'`{day}`' for day in days)}"
            return "there is no such day: write a day of the calendar, such as `2026-09-30`"
    return ""


def _day(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""


def invisible(text: str) -> tuple[int, str] | None:
    """Where the first character stands that nobody sees (a plain blank is none), and its name."""
    for place, char in enumerate(text):
        if char != " " and unicodedata.category(char) in ("Cf", "Zs"):
            return place, f"U+{ord(char):04X} ({unicodedata.name(char, 'no name').lower()})"
    return None


def invisible_help(text: str) -> str:
    """The mend for a word that only looks right; nothing where all of it can be seen."""
    hidden = invisible(text)
    return f"it holds {hidden[1]}, which cannot be seen: type it anew" if hidden else ""


def corrected(text: str, fits: Callable[[str], object]) -> str:
    """The first spelling of a text that fits where the text itself does not; else nothing."""
    low = text.strip().lower()
    words = re.sub(r"[\s_]+", "-", low)
    tries = (
        low,
        text.strip().upper(),
        low.title(),
        words,
        words.replace("-", "_"),
        *plain_figures(text),
    )
    dates = re.findall(r"`(.+?)`", date_help(text))
    return next((one for one in (*tries, *dates) if one != text and fits(one)), "")


def counted(number: int, thing: str) -> str:
    """A number of things: `1 input`, `2 inputs`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
