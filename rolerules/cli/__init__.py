# SPDX-License-Identifier: MIT
"""The command line: one module a command, loaded when it is asked for.

Nobody who uses it ever sees a traceback: whatever goes wrong ends here, as problems with a
place or as one line that asks for a report.

Exit codes: 0 all is well; 1 problems were found; 2 the command could not be carried out as it
was called; 70 a fault of rolerules itself; 130 interrupted.
"""

from __future__ import annotations

import importlib
from typing import Any, NoReturn

import click

from rolerules import __version__
from rolerules.cli.output import ending, prepare
from rolerules.problems import nearest

COMMANDS = {
    "check": "Check rulesets, policies, company files and cases.",
    "evaluate": "Decide a case: pay, assessments, duties, status.",
    "run": "Decide every row of a file: Parquet, CSV, Arrow.",
    "explain": "Explain a decision: why, and what it rests on.",
    "roles": "Put roles side by side: duties, pay, assessment.",
    "test": "Run cases and compare what comes out.",
    "session": "Take in a person's facts as they arrive.",
    "adjust": "Decide a period anew by what came late.",
    "confirm": "Confirm a proposed change of status.",
    "decline": "Decline a proposed change of status.",
    "contest": "Contest a confirmed change of status.",
    "uphold": "Uphold a contested change of status.",
    "reverse": "Reverse a contested change of status.",
    "reinstate": "End a change of status.",
    "record": "Verify a record; show, export, erase a person.",
    "replay": "Make a recorded decision again.",
    "table": "Write a table or scale as CSV, or take it from there.",
    "fmt": "Put files into their canonical layout.",
    "schema": "Print a JSON Schema, for editors and forms.",
    "list": "List the rulesets, policies and companies known.",
}
"""Every command with its help in one line; the module of the same name holds it."""
_REVIEWS = ("confirm", "decline", "contest", "uphold", "reverse", "reinstate")
"""Commands that `review` holds: they differ in their word alone."""

COMPLETION = """\b
Completion in the shell, here of bash (or write zsh_source, fish_source):
  eval "$(_ROLERULES_COMPLETE=bash_source rolerules)"

\b
Examples:
  rolerules check rulesets
  rolerules evaluate marketing-director facts.json --company example --as-of 2026-09-30
"""


class _Commands(click.Group):
    """Loads a command's module when the command is asked for, and ends every error."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command
        if cmd_name in _REVIEWS:
            command = importlib.import_module(f"{__name__}.review").COMMANDS[cmd_name]
        else:
            command = importlib.import_module(f"{__name__}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS:
            raise click.UsageError(f"no command `{args[0]}`; {nearest(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # From the table above, so that help loads no command.
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        prepare()
        with ending():
            return super().invoke(ctx)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=COMPLETION,
)
@click.version_option(__version__, prog_name="rolerules")
def app() -> None:
    """Written HR policy as rulesets that give exact pay and status decisions.

    A RULESET is the id of a known one (see `rolerules list`) or the path of a file.
    """


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    app.main(prog_name="rolerules")
    raise AssertionError("click ends the process")
