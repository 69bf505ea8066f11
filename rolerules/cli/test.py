# SPDX-License-Identifier: MIT
"""`rolerules test`: run cases and say what came out differently."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from rolerules.cli.files import below, is_cases, yaml_files
from rolerules.cli.output import counted, exit_code, report, say
from rolerules.model.sources import shipped
from rolerules.problems import Problem, RolerulesError
from rolerules.testing.cases import CaseResult, run_file


@click.command("test")
@click.argument("files", nargs=-1, type=click.Path())
def command(files: tuple[str, ...]) -> None:
    """Run the cases in every FILE and compare exactly what they expect.

    A folder stands for every cases file below it. Without a FILE, the cases files below the
    current folder are run; where there are none, the cases that come with rolerules.

    \b
    Example:
      rolerules test cases/my_role.yaml
    """
    paths, which = _chosen(files)
    results: list[CaseResult] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found = run_file(Path(path))
            results += found
            problems += [problem for result in found for problem in result.problems]
        except RolerulesError as error:
            problems += error.problems
    failed = [result for result in results if not result.ok]
    for result in failed:
        if result.differences:
            _say(result)
    if problems:
        report(problems)
    say(f"{counted(len(results) - len(failed), 'case')} passed, {len(failed):,} failed{which}")
    if failed or problems:
        raise click.exceptions.Exit(exit_code(problems) or 1)


def _chosen(files: tuple[str, ...]) -> tuple[Sequence[str], str]:
    """The files that are run, and what is said of them where none were named."""
    if files:
        return yaml_files(files, is_cases).names, ""
    here = [str(path) for path in below(Path()) if is_cases(path)]
    if here:
        return here, f" ({counted(len(here), 'file')} below this folder)"
    cases = [str(shipped() / "cases")]
    return yaml_files(cases, is_cases).names, " (the cases that come with rolerules)"


def _say(result: CaseResult) -> None:
    say(f"FAILED {result.name} ({result.place})")
    for difference in result.differences:
        say("\n".join(f"  {line}" for line in difference.split("\n")))
    say("")
