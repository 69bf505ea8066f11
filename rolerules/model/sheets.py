# SPDX-License-Identifier: MIT
"""The header of a table's CSV file: it names the inputs, so that no column is taken for another."""

from __future__ import annotations

from rolerules.model.context import Context
from rolerules.spelling import counted
from rolerules.syntax import tree
from rolerules.syntax.build import BROKEN
from rolerules.text.csv_rows import written
from rolerules.text.expression import show
from rolerules.text.formula import FormulaError, parse

GIVES = "gives"
"""The header of the output's column."""


def header(table: tree.Table) -> tuple[str, ...]:
    """The header line of a table: its inputs and the output, or with `columns` their cells."""
    inputs = [show(one.expression) for one in table.inputs]
    if table.columns is not None:
        return (*inputs[:1], *(cell.text for cell in table.columns))
    return (*inputs, GIVES)


def plain_rows(context: Context, table: tree.Table, rows: tree.Rows) -> tuple[tree.Row, ...] | None:
    """The rows, wherever they stand; None where a CSV file has another header."""
    if not isinstance(rows, tree.Sheet):
        return rows
    if any(one.expression == BROKEN for one in table.inputs):
        return None
    wanted, given = header(table), rows.header.cells
    line = written([wanted]).removesuffix("\n")
    mend = f"write the header line `{line}`, and the cells of each row in this order"
    for cell, word in zip(given, wanted, strict=False):
        if _spelt(cell.text) != _spelt(word):
            message = f"`{cell.text}` stands where the table has `{word}`"
            context.report(cell.span, "csv-header", message, mend)
            return None
    if len(given) != len(wanted):
        message = f"the header has {counted(len(given), 'cell')}, and the table {len(wanted)}"
        context.report(rows.header.span, "csv-header", message, mend)
        return None
    return rows.rows


def header_of(table: tree.Table, rows: tree.Rows | tree.Edges) -> tuple[str, ...]:
    """The header that rows are written with: a CSV file's own where it is not that of the table."""
    wanted = header(table)
    if not isinstance(rows, tree.Sheet):
        return wanted
    given = tuple(cell.text for cell in rows.header.cells)
    return wanted if [*map(_spelt, given)] == [*map(_spelt, wanted)] else given


def _spelt(text: str) -> str:
    """An input as it is always spelt; other words as they stand."""
    try:
        return show(parse(text))
    except FormulaError:
        return text
