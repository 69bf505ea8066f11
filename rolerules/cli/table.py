# SPDX-License-Identifier: MIT
"""`rolerules table`: the rows of a table or the edges of a scale, to CSV and back."""

from __future__ import annotations

import codecs
import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs
import click

from rolerules.cli.arguments import FILE, RULESET, Day, company_option
from rolerules.cli.files import read_data, replace, shown_name
from rolerules.cli.output import counted, say, write
from rolerules.limits import LIMITS
from rolerules.model.check import check
from rolerules.model.sheets import header_of
from rolerules.model.sources import Sources, collect, ruleset_path, sheets_beside
from rolerules.problems import InternalError, Problem, RolerulesError, RulesetError, nearest, one_of
from rolerules.syntax import tree
from rolerules.syntax.build import Built, build
from rolerules.syntax.shape import EDGE_HEADER
from rolerules.text.csv_rows import lines_of, read_csv, written
from rolerules.text.edit import entry_at, with_rows, with_value
from rolerules.text.reader import read_bytes
from rolerules.text.tree import Document, Scalar

Block = tree.Rows | tree.Edges


@attrs.frozen(slots=True)
class _Rows:
    """The rows of a table or the edges of a scale, and the keys that lead to them in their file."""

    built: Built
    path: tuple[str, ...]
    header: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]

    @property
    def edges(self) -> bool:
        """Whether it is a scale."""
        return self.path[-3] == "scales"


_from_option = click.option(
    "--from", "since", type=Day(), help="Which rows, where there are several dated ones."
)


@click.group("table")
def command() -> None:
    """Write the rows of a table or the edges of a scale as CSV, or take them from there.

    \b
    Examples:
      rolerules table export my_role.yaml share -o share.csv
      rolerules table import my_role.yaml share share.csv
    """


@command.command("export")
@click.argument("ruleset", type=RULESET)
@click.argument("name", metavar="TABLE_OR_SCALE")
@company_option
@_from_option
@click.option("-o", "--output", type=click.Path(), help="The file written; else standard output.")
def export(
    ruleset: str, name: str, company: str | None, since: datetime.date | None, output: str | None
) -> None:
    """Write TABLE_OR_SCALE as CSV.

    First comes a header line, then a line for each row or edge.

    \b
    Example:
      rolerules table export my_role.yaml share -o share.csv
    """
    rows = find_rows(_sources(ruleset, company), name, since)
    text = written([rows.header, *rows.lines])
    if output is None:
        write(text)
        return
    replace(Path(output), text.encode())
    say(f"{counted(len(rows.lines), 'line')} of `{name}` written to {output}", err=True)


@command.command("import")
@click.argument("ruleset", type=RULESET)
@click.argument("name", metavar="TABLE_OR_SCALE")
@click.argument("file", metavar="FILE.csv", type=FILE)
@company_option
@_from_option
def import_(
    ruleset: str, name: str, file: str, company: str | None, since: datetime.date | None
) -> None:
    """Put the rows in FILE.csv into TABLE_OR_SCALE.

    They take the place of its rows (or edges) in the YAML file; all else of it stays as it is.
    Nothing is written where the result has a problem.

    \b
    Example:
      rolerules table import my_role.yaml share share.csv
    """
    sources = _sources(ruleset, company)
    rows = find_rows(sources, name, since)
    lines = _checked(sources, rows, read_csv(read_data(file, LIMITS.file_bytes), shown_name(file)))
    document = rows.built.document
    after = with_rows(document, rows.path, lines, edges=rows.edges)
    built = build(read_bytes(after.encode(), document.file), sheets_beside(Path(document.file)))
    if built.problems:
        raise RulesetError(built.problems)
    if find_rows(sources.with_file(built), name, since).lines != lines:
        raise InternalError(f"the rows of `{name}` do not read back as they are")
    if after == document.text:
        say(f"unchanged: {document.file} has these {counted(len(lines), 'line')}", err=True)
        return
    mark = codecs.BOM_UTF8 if read_data(document.file, 2).startswith(codecs.BOM_UTF8) else b""
    replace(Path(document.file), mark + after.encode())
    say(f"{counted(len(lines), 'line')} of `{name}` written into {document.file}", err=True)


def _sources(ruleset: str, company: str | None) -> Sources:
    """Every file taking part. Raises `RulesetError` where one cannot be read as it stands."""
    sources = collect(ruleset_path(ruleset), company)
    if sources.problems:
        raise RulesetError(sources.problems)
    return sources


def _checked(sources: Sources, rows: _Rows, sheet: Document) -> tuple[tuple[str, ...], ...]:
    """The lines of a CSV file. Raises `RulesetError` where the ruleset has a problem with them."""
    document, beside = rows.built.document, sheets_beside(Path(rows.built.document.file))
    name = Scalar(entry_at(document.root, rows.path)[1].value.span, "imported.csv", False, False)
    changed = attrs.evolve(document, root=with_value(document.root, rows.path, name))
    built = build(changed, lambda asked: sheet if asked is name else beside(asked))
    model, problems = check(sources.with_file(built))
    if model is None:
        raise RulesetError(problems)
    return tuple(lines_of(sheet))[1:]


def find_rows(sources: Sources, name: str, since: datetime.date | None) -> _Rows:
    """The rows in force from a date on. Raises `RolerulesError` where there are none."""
    files = [file for file in (sources.main, *sources.policies) if file]
    known = dict[str, tuple[tree.Ruleset, str, tree.Table | tree.Scale]]()
    for file in files:
        known |= {one.name: (file, "tables", one.value) for one in file.tables}
        known |= {one.name: (file, "scales", one.value) for one in file.scales}
    if name not in known:
        mend = nearest(name, known) or "there are none in it"
        raise _refused(f"there is no table or scale `{name}` in `{files[0].id.text}`", mend)
    file, section, asked = known[name]
    document, path, owner = _owner(sources, file, section, name, asked)
    blocks = dict(_blocks(owner))
    day = _chosen(name, blocks, since.isoformat() if since else None)
    built = next(one for one in sources.built if one.document.file == document.file)
    first = header_of(asked, blocks[day]) if isinstance(asked, tree.Table) else EDGE_HEADER
    key = f"from {day}" if day else "rows" if section == "tables" else "edges"
    return _Rows(built, (*path, key), first, tuple(_lines(blocks[day])))


Owner = tree.Table | tree.Scale | tree.CompanyTable | tree.CompanyScale


def _owner(
    sources: Sources, file: tree.Ruleset, section: str, name: str, asked: tree.Table | tree.Scale
) -> tuple[Document, tuple[str, ...], Owner]:
    """What has the rows, its file and the keys that lead there: the company's where it sets them."""
    if not asked.set_by:
        return file.document, (section, name), asked
    company, ruleset = sources.company, sources.built[0].file
    if company is None or not isinstance(ruleset, tree.Ruleset):
        message = f"the rows of `{name}` are set by the company, and no company is given"
        raise _refused(message, "name one, as in `--company example`")
    for figures in company.figures_for:
        for own in getattr(figures.value, section) if figures.name == ruleset.id.text else ():
            if own.name == name:
                path = ("figures for", figures.name, section, name)
                return company.document, path, own.value
    message = f"the company's file `{company.document.file}` has no rows for `{name}`"
    raise _refused(message, f"add `{name}:` to its {section}")


def _blocks(owner: Owner) -> Iterator[tuple[str | None, Block]]:
    always = owner.rows if isinstance(owner, tree.Table | tree.CompanyTable) else owner.edges
    if always is not None:
        yield None, always
    for one in owner.dated:
        yield one.since.text if one.since else None, one.value


def _chosen(name: str, blocks: Mapping[str | None, Block], since: str | None) -> str | None:
    """Which rows are meant: those of the date, or the only ones."""
    if since in blocks:
        return since
    if since is None and len(blocks) == 1:
        return next(iter(blocks))
    days = one_of([day for day in blocks if day])
    if since is None:
        message = f"`{name}` has rows from several dates on"
        raise _refused(message, f"say which with `--from`: {days}")
    message = f"`{name}` has no rows from {since} on"
    mend = f"known here: {days}; or add `from {since}:` to the file" if days else "leave it out"
    raise _refused(message, mend)


def _lines(block: Block) -> Iterator[tuple[str, ...]]:
    for one in block.rows if isinstance(block, tree.Sheet) else block:
        if isinstance(one, tree.Row):
            yield tuple(cell.text for cell in one.cells)
        else:
            yield one.at.scalar.text, one.value.scalar.text if one.value else "continues"


def _refused(message: str, mend: str) -> RolerulesError:
    return RolerulesError([Problem("no-such-rows", message, help=mend)])
