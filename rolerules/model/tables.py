# SPDX-License-Identifier: MIT
"""Decision tables: cells and outputs settled, gaps and overlaps reported with a witness."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from rolerules.limits import LIMITS
from rolerules.model import cells, grid
from rolerules.model.context import Context, origin
from rolerules.model.figures import in_force
from rolerules.model.infer import infer, is_share
from rolerules.model.model import InForce, Reading, Row, Silence, Table
from rolerules.model.results import BROKEN_TERM, accept, is_scaled
from rolerules.model.sections import silence
from rolerules.model.sheets import plain_rows
from rolerules.model.term import Scalar, Term
from rolerules.model.types import ANY, BROKEN, NUMBER, RATE, WHOLE, YES_NO, Range, Type
from rolerules.spelling import counted, cut_figure
from rolerules.syntax import tree
from rolerules.syntax.shape import HITS, TYPES
from rolerules.text import tree as text_tree
from rolerules.text.expression import show
from rolerules.text.formula import FormulaError, parse
from rolerules.text.tree import inside
from rolerules.values import exact_text, percent

_MOST = 20  # findings of one table; more of them help nobody
_ADD = "add `otherwise:` with what the table gives for the rest"


def table(
    context: Context, named: tree.Named[tree.Table], company: tree.Named[tree.CompanyTable] | None,
    file: str, readings: Mapping[str, Reading],
) -> Table:  # fmt: skip
    """Check one table with the company's rows, and let formulas name its result."""
    written = named.value
    inputs = tuple(_input(context, one) for one in written.inputs)
    type_ = Type(written.gives.text) if written.gives.text in TYPES else BROKEN
    source: tree.Table | tree.CompanyTable | None = written
    if written.set_by:
        source = company.value if company else None
        if file and company is None:
            message = f"the company's file `{file}` has no rows for `{named.name}`"
            context.report(
                named.span, "figure-missing", message, f"add `{named.name}:` to its tables"
            )
    blocks: list[InForce[tuple[Row, ...]]] = []
    otherwise = _output(context, written.otherwise, type_, readings) if written.otherwise else None
    if source is not None:
        always = [tree.Dated(None, source.rows)] if source.rows is not None else []
        for since, one in in_force(context, [*always, *source.dated]):
            given = plain_rows(context, written, one.value)
            if given is None:
                continue
            asked = _spread(context, named, given)
            rows = tuple(
                row for row in (_row(context, row, inputs, type_, readings) for row in asked) if row
            )
            blocks.append(InForce(since, rows))
            if inputs and len(rows) == len(asked) and (asked or not given):
                _complete(context, named, inputs, rows, otherwise)
    priority = tuple(_given(context, one, type_) for one in written.priority or ())
    _hit(context, named, inputs, blocks, type_, priority)
    texts = tuple(show(one.expression) for one in written.inputs)
    made = Table(
        origin(named), type_, written.hit.text, inputs, texts, tuple(blocks), otherwise, priority,
        written.set_by is not None,
    )  # fmt: skip
    result = WHOLE if written.hit.text == "collect count" else type_
    context.name(named.name, Term("name", (), result, _outputs(made), named.name))
    return made


def _outputs(made: Table) -> Range:
    if made.hit == "collect count":
        return Range(low=Fraction(0), step=Fraction(1))
    given = [row.output for block in made.rows for row in block.value]
    given += [made.otherwise] if made.otherwise else []
    outputs = [one.range for one in given if isinstance(one, Term)]  # silence gives nothing
    if made.hit.startswith("collect") or not outputs:
        whole = made.hit == "collect count" or made.type.kind == "whole"
        return Range(step=Fraction(1)) if whole else ANY
    range_ = outputs[0]
    for output in outputs[1:]:
        range_ = range_.either(output)
    return range_


def _spread(
    context: Context, named: tree.Named[tree.Table], rows: tuple[tree.Row, ...]
) -> tuple[tree.Row, ...]:
    """The rows of a table with `columns`, one for each of its outputs."""
    columns = named.value.columns
    if columns is None:
        return rows
    if len(named.value.inputs) != 2:
        message = (
            f"`columns` are the cells of a second input, and there are {len(named.value.inputs)}"
        )
        context.report(named.span, "cell-count", message, "write two inputs: down, then across")
        return ()
    if len(rows) * len(columns) > LIMITS.table_rows:
        _too_large(context, named, 2, len(rows) * len(columns))
        return ()
    spread = []
    for row in rows:
        if len(row.cells) != len(columns) + 1:
            message = f"this row has {counted(len(row.cells), 'cell')}, and the table {counted(len(columns), 'column')}"
            mend = f"write {len(columns) + 1} cells: one for the first input, then the outputs"
            context.report(row.span, "cell-count", message, mend)
            return ()
        first, *outputs = row.cells
        for column, output in zip(columns, outputs, strict=True):
            spread.append(tree.Row(span=row.span, cells=(first, column, output)))
    return tuple(spread)


def _input(context: Context, written: tree.Formula) -> Term:
    term = context.term(written)
    if term.type.kind not in ("list", "record"):
        return term
    message = f"an input is one value, and `{show(written.expression)}` is {term.type}"
    mend = "look at one value: a fact, or `count(…)`, `sum(…)` or `max(…)` of the list"
    context.report(written.span, "wrong-type", message, mend)
    return BROKEN_TERM


def _row(
    context: Context, row: tree.Row, inputs: Sequence[Term], type_: Type,
    readings: Mapping[str, Reading],
) -> Row | None:  # fmt: skip
    if len(row.cells) != len(inputs) + 1:
        message = (
            f"this row has {counted(len(row.cells), 'cell')}, "
            f"and the table {counted(len(inputs), 'input')} and an output"
        )
        mend = f"write {counted(len(inputs) + 1, 'cell')}, the output last"
        cut = cut_figure([cell.text for cell in row.cells])
        context.report(row.span, "cell-count", message, cut or mend)
        return None
    conditions = tuple(
        _cell(context, cell, term) for cell, term in zip(row.cells, inputs, strict=False)
    )
    output = _output(context, row.cells[-1], type_, readings)
    parts = (*conditions, output)
    broken = [part for part in parts if isinstance(part, Term) and part.type is BROKEN]
    return (
        None
        if broken
        else Row(conditions, output, row.span, tuple(cell.text for cell in row.cells))
    )


def _output(
    context: Context, cell: text_tree.Scalar, type_: Type, readings: Mapping[str, Reading]
) -> Term | Silence:
    if found := cells.SILENT.fullmatch(cell.text):
        place = inside(context.documents[cell.span.file], cell, *found.span(1))
        return silence(context, tree.Written(found[1], place), readings)
    forgot = cell.text == "silent" and "silent" not in context.scope.names and type_.kind != "text"
    if forgot or cell.text.startswith("silent:"):
        message = f"`{cell.text}` does not say which reading is meant"
        mend = (
            f"write `silent {next(iter(readings), 'NAME')}`: the reading that says so stands behind"
        )
        context.report(cell.span, "unknown-reading", message, mend)
        return Term("constant", (), BROKEN)
    return _given(context, cell, type_)


def _given(context: Context, cell: text_tree.Scalar, type_: Type) -> Term:
    text = cell.text
    bare = re.fullmatch(r"\w[\w -]*", text) and not text.startswith("if ")
    if type_.kind == "text" and bare and text not in context.scope.names:
        return Term("constant", (), type_, ANY, text)
    report = context.inside(cell)
    try:
        return accept(infer(parse(text), context.scope, report), type_, report, "`gives`")
    except FormulaError as error:
        report(error.at, error.code, error.message, error.help)
        return Term("constant", (), BROKEN)


def _cell(context: Context, cell: text_tree.Scalar, term: Term) -> Term | None:
    if term.type is BROKEN:
        return Term("constant", (), BROKEN)
    report = context.inside(cell)
    try:
        condition = cells.condition(cell.text, term.type)
    except FormulaError as error:
        report(error.at, error.code, error.message, error.help)
        return Term("constant", (), BROKEN)
    if condition is None:
        return None
    # `quality * 100` is points: its cells may hold figures above 1.
    points = term.type == RATE and is_scaled(term, context.scope)
    type_ = NUMBER if points else term.type
    scope = context.scope
    scope.names["?"] = Term("name", (), type_, term.range, "?")
    if is_share(term, scope):
        scope.formulas["?"] = parse("0%")  # any share: cells are noted that lack their `%`
    found = accept(infer(condition, scope, report), YES_NO, report, "a cell")
    del scope.names["?"]
    scope.formulas.pop("?", None)
    return found


def _too_large(context: Context, named: tree.Named[tree.Table], inputs: int, rows: int) -> None:
    message = (
        f"this table has {counted(inputs, 'input')} and {counted(rows, 'row')}, "
        f"and at most {LIMITS.table_inputs} and {LIMITS.table_rows:,} are allowed"
    )
    context.report(named.span, "table-too-large", message, "split it into two tables")


def _hit(
    context: Context, named: tree.Named[tree.Table], inputs: Sequence[Term],
    blocks: Sequence[InForce[tuple[Row, ...]]], type_: Type, priority: Sequence[Term],
) -> None:  # fmt: skip
    written, hit = named.value, named.value.hit
    if len(inputs) > LIMITS.table_inputs or any(
        len(block.value) > LIMITS.table_rows for block in blocks
    ):
        most = max((len(block.value) for block in blocks), default=0)
        _too_large(context, named, len(inputs), most)
    if not inputs:
        context.report(
            named.span,
            "inputs-missing",
            "this table has no inputs",
            "write `inputs: [profit_rate]`",
        )
    if hit.text not in HITS:
        return
    if (hit.text == "priority") != (written.priority is not None):
        context.report(
            hit.span,
            "priority",
            "`hit: priority` has no list under `priority`"
            if hit.text == "priority"
            else f"`priority` is used by `hit: priority`, and not by `hit: {hit.text}`",
            "list the outputs under `priority:`, the most important first"
            if hit.text == "priority"
            else "leave `priority` out, or write `hit: priority`",
        )
    if hit.text in ("collect sum", "collect min", "collect max") and type_.kind not in (
        "money",
        "rate",
        "number",
        "whole",
        "broken",
    ):
        context.report(
            written.gives.span,
            "wrong-type",
            f"`{hit.text}` asks for amounts, and this table gives {type_}",
            "use `collect count`, or give an amount",
        )
    if hit.text == "collect count" and written.otherwise is not None:
        message = "`collect count` gives 0 where no row matches, and never looks at `otherwise`"
        context.report(written.otherwise.span, "key-of-other-type", message, "leave it out")
    if BROKEN in [one.type for one in priority]:
        return
    ranked = [grid.constant(one) for one in priority]
    for row in (row for block in blocks for row in block.value if priority):
        if isinstance(row.output, Silence):
            continue
        if (given := grid.constant(row.output)) is None or given not in ranked:
            context.report(
                row.span,
                "priority",
                f"`{row.texts[-1]}` has no place under `priority`",
                "add it to the list, in its place",
            )


def _complete(
    context: Context,
    named: tree.Named[tree.Table],
    inputs: Sequence[Term],
    rows: Sequence[Row],
    otherwise: Term | Silence | None,
) -> None:
    """Report what no row covers, and in a unique table what several rows do."""
    has_rest = otherwise is not None or named.value.hit.text in ("collect sum", "collect count")
    if not rows:
        context.report(
            named.span, "rows-missing", "this table has no rows", "write at least one row"
        )
        return
    columns = [[row.conditions[column] for row in rows] for column in range(len(inputs))]
    if not all(grid.is_static(cell) for column in columns for cell in column if cell):
        if not has_rest:
            message = "cells with formulas cannot be shown to cover every case"
            context.report(named.span, "otherwise-missing", message, _ADD)
        return
    try:
        single = len(inputs) == 1
        found = list((grid.runs if single else grid.findings)(inputs, columns))
    except grid.TooComplexError:
        context.report(
            named.span,
            "table-too-large",
            "this table has too many combinations to check",
            "split it into two tables",
        )
        return
    _report_findings(context, named, inputs, rows, found, has_rest=has_rest)


def _report_findings(
    context: Context, named: tree.Named[tree.Table], inputs: Sequence[Term], rows: Sequence[Row],
    found: Sequence[grid.Finding], *, has_rest: bool,
) -> None:  # fmt: skip
    reported: set[tuple[int, ...]] = set()
    unique = named.value.hit.text == "unique"
    wrong = (one for one in found if (one.rows[1:] and unique) or not (one.rows or has_rest))
    for finding in itertools.islice(wrong, _MOST):
        case = _case(named, inputs, finding.witness)
        if not finding.rows:
            near = rows[finding.near if finding.near is not None else -1]
            message = f"no row of `{named.name}` covers the case where {case}"
            context.report(near.span, "table-gap", message, f"add a row for it, or {_ADD}")
        elif finding.rows not in reported:
            reported.add(finding.rows)
            first, second = (rows[place] for place in finding.rows)
            message = (
                f"this row and the one in line {first.span.line} both cover the case where {case}"
            )
            mend = "move an edge so that one row owns it, or choose another `hit`"
            context.report(second.span, "table-overlap", message, mend)
    _unreachable(context, rows, named.value.hit.text)


def _case(named: tree.Named[tree.Table], inputs: Sequence[Term], witness: Sequence[Scalar]) -> str:
    names = [show(one.expression) for one in named.value.inputs]
    parts = zip(names, witness, inputs, strict=True)
    return " and ".join(f"`{name}` is {_shown(value, term.type)}" for name, value, term in parts)


def _unreachable(context: Context, rows: Sequence[Row], hit: str) -> None:
    """Report rows of a first table whose cells are those of an earlier one, or `any` there."""
    if hit != "first":
        return
    earlier: dict[tuple[bool, ...], dict[tuple[Term | None, ...], Row]] = {}
    for row in rows:
        for given, known in earlier.items():
            alike = tuple(
                one if cares else None for one, cares in zip(row.conditions, given, strict=True)
            )
            if before := known.get(alike):
                message = (
                    f"this row is never reached: the one in line {before.span.line} comes first"
                )
                context.report(row.span, "row-unreachable", message, "move it up, or leave it out")
                break
        given = tuple(one is not None for one in row.conditions)
        earlier.setdefault(given, {}).setdefault(row.conditions, row)


def _shown(value: Scalar, type_: Type) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    return percent(value) if type_.kind == "rate" else exact_text(value)
