# SPDX-License-Identifier: MIT
"""`rolerules check`: every problem of every file, at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from rolerules.cli.arguments import company_option, format_option
from rolerules.cli.files import yaml_files
from rolerules.cli.output import counted, exit_code, report, say, say_json, say_skipped
from rolerules.model.check import check
from rolerules.model.sources import collect, find, known, read_file
from rolerules.problems import Problem, RolerulesError, RulesetError, nearest
from rolerules.syntax import tree
from rolerules.syntax.shape import HEADS
from rolerules.testing.cases import read_cases
from rolerules.testing.expectations import of_case, of_file
from rolerules.text.tree import Document, Mapping, problem_at


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@company_option
@format_option("text", "json", "github")
def command(files: tuple[str, ...], company: str | None, format_: str) -> None:
    """Check every FILE: a ruleset, a policy, a company file or cases.

    A folder stands for every *.yaml file below it that is one of these. A company file is checked
    with every ruleset it has figures for, and cases with their ruleset. All problems of all files
    are shown; the exit code is 1 where there is one. The format `github` annotates a pull request.

    \b
    Examples:
      rolerules check rulesets
      rolerules check my_role.yaml --company my_company.yaml --format json
    """
    found = yaml_files(files)
    problems = check_files(found.names, company)
    if format_ == "json":
        say_json([problem.to_dict() for problem in problems])
    elif format_ == "github":
        for problem in problems:
            say(annotation(problem))
    elif problems:
        report(problems, err=False)
        wrong = len({problem.place.file for problem in problems if problem.place})
        where = f" in {counted(wrong, 'file')}" if wrong else ""
        errors = sum(problem.severity == "error" for problem in problems)
        notices = len(problems) - errors
        counts = [counted(errors, "problem")] if errors or not notices else []
        counts += [counted(notices, "notice")] if notices else []
        say(f"\n{' and '.join(counts)}{where}")
    else:
        say(f"no problems in {counted(len(found.names), 'file')}")
    say_skipped(found.skipped)
    if code := exit_code(problems):
        raise click.exceptions.Exit(code)


def check_files(paths: Sequence[str], company: str | None = None) -> tuple[Problem, ...]:
    """Give every problem of the files, sorted by place, each once."""
    found: dict[object, Problem] = {}
    for path in paths:
        try:
            problems: Iterable[Problem] = list(_problems(Path(path), company))
        except RolerulesError as error:
            problems = error.problems
        for problem in problems:
            found.setdefault(_identity(problem), problem)
    return RulesetError(found.values()).problems


def _identity(problem: Problem) -> object:
    """One problem, whatever way its file was reached."""
    place = problem.place
    where = (os.path.realpath(place.file), place.line, place.column) if place else problem.path
    return where, problem.code, problem.message


def _problems(path: Path, company: str | None) -> Iterator[Problem]:
    built = read_file(path)
    if _head(built.document) == "cases":
        yield from _cases(path)
        return
    match built.file:
        case tree.Company() as file:
            yield from built.problems
            yield from _with_each_ruleset(path, file)
        case tree.Ruleset() as file:
            own = company if _head(file.document) == "ruleset" else None
            yield from check(collect(path, own))[1]
        case None:
            yield from built.problems


def _head(document: Document) -> str | None:
    """What kind of file it is: only a ruleset has a company's figures, for one."""
    entries = document.root.entries if isinstance(document.root, Mapping) else ()
    return next((head for head in HEADS if head in [entry.key.text for entry in entries]), None)


def _with_each_ruleset(path: Path, file: tree.Company) -> Iterator[Problem]:
    for figures in file.figures_for:
        found = find(figures.name, path.parent, but=path)
        if found is None:
            message = f"there is no ruleset `{figures.name}`"
            mend = nearest(figures.name, known("roles", path.parent))
            yield problem_at(file.document, figures.span, "unknown-ruleset", message, mend)
            continue
        yield from check(collect(found, path))[1]


def _cases(path: Path) -> Iterator[Problem]:
    """Wrong cases, and the names in all where their ruleset is without problems of its own."""
    read = read_cases(path)
    yield from (problem for one in read.broken for problem in one.problems)
    model, problems = check(collect(read.ruleset, read.company))
    yield from problems
    if model is not None:
        yield from of_file(read.file, model)
        for case in read.file.cases:
            yield from of_case(read.file, model, case)


def annotation(problem: Problem) -> str:
    """Write a problem as a command of GitHub's workflows."""
    kind = "notice" if problem.severity == "notice" else "error"
    place, fields = problem.place, []
    if place is not None:
        fields = [f"file={_property(place.file)}", f"line={place.line}", f"col={place.column}"]
        if place.end_line == place.line:
            fields.append(f"endColumn={place.end_column}")
        else:
            fields.append(f"endLine={place.end_line}")
    fields.append(f"title={_property(problem.code)}")
    text = f"{problem.message}\nhelp: {problem.help}" if problem.help else problem.message
    return f"::{kind} {','.join(fields)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
