# SPDX-License-Identifier: MIT
"""`rolerules test`: run cases and say what came out differently."""

from __future__ import annotations

from pathlib import Path

import click

from rolerules.cli.files import yaml_files
from rolerules.cli.output import counted, exit_code, report, say
from rolerules.model.sources import shipped
from rolerules.problems import Problem, RolerulesError
from rolerules.testing.cases import CaseResult, run_file


@click.command("test")
@click.argument("files", nargs=-1, type=click.Path())
def command(files: tuple[str, ...]) -> None:
    """Run the cases in every FILE and compare exactly what they expect.

    A folder stands for every *.yaml file below it. Without a FILE, the cases that come with
    rolerules are run.

    \b
    Example:
      rolerules test cases/my_role.yaml
    """
    results: list[CaseResult] = []
    problems: list[Problem] = []
    for path in yaml_files(files or [str(shipped() / "cases")]):
        try:
            results += run_file(Path(path))
        except RolerulesError as error:
            problems += error.problems
    failed = [result for result in results if not result.ok]
    for result in failed:
        say(f"FAILED {result.name} ({result.place})")
        for difference in result.differences:
            say("\n".join(f"  {line}" for line in difference.split("\n")))
        say("")
    if problems:
        report(problems)
    say(f"{counted(len(results) - len(failed), 'case')} passed, {len(failed):,} failed")
    if failed or problems:
        raise click.exceptions.Exit(exit_code(problems) or 1)
