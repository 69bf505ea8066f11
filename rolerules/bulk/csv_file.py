# SPDX-License-Identifier: MIT
"""A CSV file's lines, looked at before any is decided: every one must have the header's cells."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import attrs

from rolerules.problems import Problem, RolerulesError
from rolerules.spelling import counted

_QUOTED = re.compile(r'"[^"]*(?:"|\Z)')


@attrs.frozen(slots=True)
class Lines:
    """What parts the cells, the header, and how many rows follow it."""

    separator: str
    header: tuple[str, ...]
    rows: int


def look_over(path: Path) -> Lines:
    """Read all lines once: readers of tables fill up short ones and let open quotes swallow others.

    Raises `RolerulesError` for the first line that is broken, `OSError` where it cannot be read.
    """
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            head = _QUOTED.sub("", file.readline()).lstrip("\r\n")
            file.seek(0)
            separator = next((sign for sign in ";\t" if sign in head), ",")
            reader = csv.reader(file, delimiter=separator, strict=True)
            try:
                return _checked(path, separator, reader)
            except csv.Error as error:
                raise _broken(path, reader.line_num, str(error), _QUOTES) from None
    except UnicodeDecodeError:
        message = f"`{path}` is not written in UTF-8"
        raise _refused(message, "save the file as `CSV UTF-8`") from None


_QUOTES = 'put quotes around the whole cell, and double those inside, as in `"the ""big"" one"`'


def _checked(path: Path, separator: str, reader: csv.Reader) -> Lines:  # type: ignore[name-defined]
    header = next(reader, None)
    if not header:
        raise _refused(
            f"`{path}` has no header line", "write the names of the facts in the first line"
        )
    rows, empty, width = 0, 0, len(header)
    for row in reader:
        if not row:
            empty = empty or reader.line_num
            continue
        if empty:
            raise _broken(
                path, empty, "it is empty, and rows follow it", "take it out, or write its row"
            )
        if len(row) != width:
            found = f"it has {counted(len(row), 'cell')}, and the header has {width}"
            mend = "write a cell for each column, empty where nothing is known, and no comma in a figure"
            raise _broken(path, reader.line_num, found, mend)
        rows += 1
    return Lines(separator, tuple(header), rows)


def _broken(path: Path, line: int, found: str, mend: str) -> RolerulesError:
    return _refused(f"line {line} of `{path}` cannot be read: {found}", mend)


def _refused(message: str, mend: str) -> RolerulesError:
    return RolerulesError([Problem("table-file", message, help=mend)])
