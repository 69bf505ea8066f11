# SPDX-License-Identifier: MIT
"""`rolerules fmt`: files in their canonical layout, with nothing that they say changed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

import attrs
import click

from rolerules.cli.files import STDIN, read_data, replace, shown_name, yaml_files
from rolerules.cli.output import counted, report, say, say_skipped, write
from rolerules.limits import LIMITS
from rolerules.problems import InternalError, Problem, RolerulesError
from rolerules.syntax.build import Built, build
from rolerules.text.emit import emit
from rolerules.text.reader import read_bytes


@attrs.frozen(slots=True)
class _Laid:
    """A file as it stands and as it should be laid out."""

    name: str
    before: bytes
    after: str

    @property
    def changed(self) -> bool:
        """Whether the two differ in any byte."""
        return self.before != self.after.encode()


@click.command("fmt")
@click.argument("files", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def command(files: tuple[str, ...], check: bool, diff: bool) -> None:
    """Put every FILE into the canonical layout (- reads stdin and writes stdout).

    A folder stands for every *.yaml file below it that is a ruleset, a policy, a company file or
    cases. A file that cannot be read without problems is left alone and reported.

    \b
    Examples:
      rolerules fmt my_role.yaml
      rolerules fmt --check --diff rulesets
    """
    found = yaml_files(files)
    laid, problems = _lay_out(found.names)
    changed = [one for one in laid if one.changed]
    if diff:
        for one in changed:
            write(_difference(one))
    for one in laid:
        if one.name == STDIN and not (check or diff):
            write(one.after)
        elif one.changed and not (check or diff):
            problems += _written(one)
    if problems:
        report(problems)
    if laid:
        _summary(laid, changed, "would change" if check or diff else "changed")
    say_skipped(found.skipped)
    if problems or (check and changed):
        called = any(problem.place is None for problem in problems)
        raise click.exceptions.Exit(2 if called else 1)


def _lay_out(names: Iterable[str]) -> tuple[list[_Laid], list[Problem]]:
    laid, problems = list[_Laid](), list[Problem]()
    for name in names:
        try:
            laid.append(_one(name))
        except RolerulesError as error:
            problems += error.problems
    return laid, problems


def _one(name: str) -> _Laid:
    data = read_data(name, LIMITS.file_bytes)
    built = build(read_bytes(data, shown_name(name)))
    if built.document.problems or built.file is None:
        raise RolerulesError(built.problems)
    after = _emitted(built)
    again = build(read_bytes(after.encode(), shown_name(name)))
    if again.document.problems or _emitted(again) != after:
        raise InternalError(f"the layout of `{shown_name(name)}` does not read back as it is")
    return _Laid(name, data, after)


def _emitted(built: Built) -> str:
    return emit(built.document, built.formulas)


def _written(laid: _Laid) -> tuple[Problem, ...]:
    """Write a file anew, and say what kept it from being written."""
    try:
        replace(Path(laid.name), laid.after.encode())
    except RolerulesError as error:
        return error.problems
    return ()


def _difference(laid: _Laid) -> str:
    before = laid.before.decode().splitlines(keepends=True)
    after = laid.after.splitlines(keepends=True)
    name = shown_name(laid.name)
    lines = difflib.unified_diff(before, after, name, f"{name} (laid out)")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _summary(laid: list[_Laid], changed: list[_Laid], word: str) -> None:
    for one in changed:
        if one.name != STDIN:
            say(f"{word}: {one.name}", err=True)
    same = len(laid) - len(changed)
    say(f"{counted(len(changed), 'file')} {word}, {same:,} as they should be", err=True)
