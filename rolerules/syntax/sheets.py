# SPDX-License-Identifier: MIT
"""CSV files in the place of rows and edges: found by their name, and seen as what stands in YAML."""

from __future__ import annotations

import re
from collections.abc import Callable

from rolerules.problems import Problem, Span
from rolerules.spelling import counted, cut_figure
from rolerules.syntax import shape, tree
from rolerules.text.reader import KEY_LENGTH
from rolerules.text.tree import Document, Entry, Mapping, Scalar, Sequence, problem_at

Sheets = Callable[[Scalar], Document]
"""Reads the CSV file that a name stands for; raises `OSError` where it cannot be read."""


def opened(document: Document, name: Scalar, sheets: Sheets | None) -> Document | Problem:
    """The CSV file of a name that stands in a document, or why there is none.

    A text without `sheets` has no folder, and can name no CSV file.
    """
    code = "csv-name"
    if not re.fullmatch(shape.CSV_NAME, name.text):
        message = f"`{name.text}` is not the plain name of a CSV file"
        mend = "put the file beside this one, and write its name without folders"
        return problem_at(document, name.span, code, message, mend)
    if sheets is None:
        message = f"`{name.text}` cannot be looked for: this text stands in no folder"
        mend = "load the ruleset from its file"
        return problem_at(document, name.span, code, message, mend)
    try:
        return sheets(name)
    except OSError as error:
        message = f"`{name.text}` cannot be read: {error.strerror or 'no reason given'}"
        mend = "the file must stand beside this one, and small and capital letters count"
        return problem_at(document, name.span, "no-such-file", message, mend)


def rows(document: Document) -> tuple[tree.Row, Sequence]:
    """The header line, and the rows below it as a list."""
    header, *lines = _lines(document)
    cells = tuple(cell for cell in header.items if isinstance(cell, Scalar))
    return tree.Row(span=header.span, cells=cells), Sequence(_whole(document), tuple(lines), False)


def edges(document: Document) -> tuple[Mapping, list[Problem]]:
    """The edges and their values as a map, and what keeps lines from being one."""
    found, problems = list[Entry](), list[Problem]()

    def report(span: Span, code: str, message: str, mend: str) -> None:
        problems.append(problem_at(document, span, code, message, mend))

    header, *lines = _lines(document)
    if _texts(header) != [*shape.EDGE_HEADER]:
        wanted = ",".join(shape.EDGE_HEADER)
        message = f"the first line of a scale's file is its header, and this is not `{wanted}`"
        report(header.span, "csv-header", message, f"write `{wanted}` as the first line")
        lines = []
    for line in lines:
        match line.items:
            case (Scalar(text=""), Scalar()):
                report(line.items[0].span, "empty", "nothing stands here", "write an edge here")
            case (Scalar() as edge, Scalar()) if len(edge.text) > KEY_LENGTH:
                message = f"this edge is longer than {KEY_LENGTH} characters"
                report(edge.span, "edge-form", message, "name a part of it under `values`")
            case (Scalar() as edge, Scalar() as value):
                found.append(Entry(edge, value))
            case _:
                texts = _texts(line)
                message = f"this line has {counted(len(texts), 'cell')}, and a scale's has 2"
                mend = cut_figure(texts) or "write the edge, then its value"
                report(line.span, "cell-count", message, mend)
    return Mapping(_whole(document), tuple(found), False), problems


def _lines(document: Document) -> list[Sequence]:
    assert isinstance(document.root, Sequence), "a CSV file is a list of lines"
    return [line for line in document.root.items if isinstance(line, Sequence)]


def _texts(line: Sequence) -> list[str]:
    return [cell.text for cell in line.items if isinstance(cell, Scalar)]


def _whole(document: Document) -> Span:
    assert document.root, "a CSV file is a list of lines"
    return document.root.span
