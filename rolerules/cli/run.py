# SPDX-License-Identifier: MIT
"""`rolerules run`: decide every row of a file of people into another file."""

from __future__ import annotations

import datetime
import os
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

import rolerules
from rolerules.cli.arguments import RULESET, Day, company_option
from rolerules.cli.files import whole
from rolerules.cli.output import say
from rolerules.extras import require
from rolerules.problems import Problem, RolerulesError, nearest
from rolerules.values import fixed, grouped

if TYPE_CHECKING:
    from rolerules.bulk.files import Source
    from rolerules.bulk.summary import Summary
    from rolerules.bulk.table import Batches
    from rolerules.model.model import Model

_MANY = 10_000
"""So many rows on the exact path take seconds."""
_SLOW = (
    "note: the exact path is slow; it has the rows that are refused or out of a declared range, "
    "and all of them where a formula is none for columns"
)
PATH = click.Path(path_type=Path)


@click.command("run")
@click.argument("ruleset", type=RULESET)
@click.argument("file", metavar="FILE", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="Where the decisions go.")
@company_option
@click.option("--as-of", type=Day(), help="The period's last day, for all rows.")
@click.option(
    "--as-of-column", metavar="NAME", help="The column with the period's last day of each row."
)
@click.option(
    "--minor-units", is_flag=True,
    help="Integers of money count the currency's least unit (cents), and come out so; not for CSV.",
)  # fmt: skip
@click.option(
    "--keep", metavar="NAME", multiple=True,
    help="A column that is carried through, such as an id; may be given several times.",
)  # fmt: skip
@click.option(
    "--refused", type=PATH,
    help="Where refused rows go as CSV, with their reasons.  [default: OUTPUT as .refused.csv]",
)  # fmt: skip
def command(
    ruleset: str, file: Path, output: Path, company: str | None, as_of: datetime.date | None,
    as_of_column: str | None, minor_units: bool, keep: tuple[str, ...], refused: Path | None,
) -> None:  # fmt: skip
    """Decide every row of FILE by RULESET: one person, one period a row, a column for each fact.

    Files are Parquet (.parquet), CSV (.csv) or Arrow (.arrow), in and out. A row that is refused
    says why in its column `refused`, and in a file of refused rows; it stops no other. The
    output takes its name when it is whole: a run that is interrupted leaves nothing.

    \b
    Example:
      rolerules run marketing-director people.parquet -o pay.parquet --company example \\
        --as-of 2026-09-30 --keep employee
    """
    day = as_of or as_of_column
    if day is None or (as_of and as_of_column):
        raise click.UsageError("say the period's last day: either `--as-of` or `--as-of-column`")
    require("bulk")
    # One group of rows read ahead is enough for two threads, and several are much memory.
    os.environ.setdefault("POLARS_ROW_GROUP_PREFETCH_SIZE", "1")
    from rolerules.bulk import files  # these need the extra
    from rolerules.cli.progress import Run

    _writable(output)
    rejects = refused or output.with_suffix(".refused.csv")
    if rejects.suffix.lower() != ".csv":
        mend = "let its name end in .csv"
        raise _refusal("table-file", f"`{rejects}` would hold the refused rows as CSV", mend)
    apart(file, output, rejects)
    loaded = rolerules.load(ruleset, company=company)
    kind = files.format_of(output)
    source = files.open_table(file)
    if minor_units and "CSV" in (kind, files.format_of(file)):
        mend = "leave it out: a CSV file holds amounts as they are read, such as 12.34"
        raise _refusal("table-shape", "`--minor-units` is not for CSV files", mend)
    batches = _prepared(loaded, source, day, minor_units, keep)
    began = time.monotonic()
    run = Run(source.rows, rejects, _kept_aside(source, keep, kind))
    stoppable = attrs.evolve(batches, stop=run.stop.is_set)
    with (
        run.heard(),
        whole(rejects, lambda: run.summary.refused > 0) as aside,
        whole(output) as waiting,
        open(aside, "wb") as run.into,
    ):
        run.carry_out(lambda: files.run(stoppable, source, waiting, kind, run.seen))
    _say(loaded.model, run.summary, time.monotonic() - began)
    if run.summary.exact > max(run.summary.people // 10, _MANY):
        say(_SLOW, err=True)
    if run.summary.refused:
        say(f"the refused rows and their reasons are in {rejects}", err=True)
        raise click.exceptions.Exit(1)
    if rejects.exists():
        say(f"{rejects} is of an earlier run: no row was refused in this one", err=True)


def _writable(output: Path) -> None:
    """Raise `RolerulesError` for a folder, or a file in a folder that is not there."""
    if output.is_dir() or not output.name:
        raise _refusal("table-file", f"`{output}` is a folder", "name a file in it")
    if not output.parent.is_dir():
        message = f"`{output}` cannot be written: there is no folder `{output.parent}`"
        raise _refusal("not-writable", message, "make the folder, or name another")


def apart(*paths: Path) -> None:
    """Raise `RolerulesError` where two of the files are one."""
    real = [os.path.realpath(path) for path in paths]
    for path, at in zip(paths, real, strict=True):
        if real.count(at) > 1:
            mend = "give each file its own name"
            raise _refusal("same-file", f"`{path}` would be read and written at once", mend)


def _kept_aside(source: Source, keep: tuple[str, ...], kind: str) -> list[str]:
    """The kept columns that refused rows have too. Raises `RolerulesError` for one that cannot be written."""
    from rolerules.bulk.files import not_for_csv
    from rolerules.cli.progress import NUMBER

    if NUMBER in keep:
        mend = "rename the column before, or leave it out of those that are kept"
        told = f"`{NUMBER}` is a column of the refused rows too, with the number of each"
        raise _refusal("table-shape", told, mend)
    lists = not_for_csv(source.schema, keep)
    if lists and kind == "CSV":
        mend = "leave it out of `--keep`, or write Parquet or Arrow"
        raise _refusal("table-shape", f"`{lists[0]}` is no column that CSV can hold", mend)
    return [name for name in keep if name not in lists]


def _prepared(
    loaded: rolerules.Ruleset, source: Source, day: datetime.date | str, minor_units: bool,
    keep: tuple[str, ...],
) -> Batches:  # fmt: skip
    from rolerules.bulk.table import prepared

    if isinstance(day, str) and day not in source.schema:
        mend = nearest(day, source.schema)
        raise _refusal("unknown-column", f"`{day}` is no column of the table", mend)
    return prepared(loaded, source.schema, as_of=day, minor_units=minor_units, keep=keep)


def _refusal(code: str, message: str, mend: str) -> RolerulesError:
    return RolerulesError([Problem(code, message, help=mend)])


def _say(model: Model, summary: Summary, seconds: float) -> None:
    """Write what the run came to, a line each."""
    total = grouped(fixed(Fraction(summary.total, 10**model.digits), model.digits))
    lines = [
        ("people", f"{summary.people:,}"),
        ("total pay", f"{model.currency} {total}".strip()),
    ]
    if summary.unpaid:
        lines.append(("  undetermined for", f"{summary.unpaid:,}"))
    lines += [
        (f"status {word or 'undetermined'}", f"{number:,}")
        for word, number in summary.statuses.items()
        if number or word
    ]
    lines += [
        (f"changes {word}", f"{number:,}") for word, number in summary.effects.items() if word
    ]
    lines.append(("with violations", f"{summary.broken:,}"))
    lines += [(f"  {name}", f"{number:,}") for name, number in sorted(summary.violations.items())]
    lines += [
        ("refused", f"{summary.refused:,}"),
        ("by the exact path", f"{summary.exact:,}"),
        ("time", f"{seconds:,.1f} s"),
    ]
    width = max(len(name) for name, _ in lines)
    say("\n".join(f"{name:{width}}  {value}" for name, value in lines))
