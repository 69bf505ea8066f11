# SPDX-License-Identifier: MIT
"""Arguments and options that several commands share, with their completion in the shell."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from rolerules.values import parse_date

F = TypeVar("F", bound=Callable[..., Any])


class Known(click.ParamType[str]):
    """The id of a known file of one kind, or a path."""

    def __init__(self, name: str, folder: str) -> None:
        self.name, self.folder = name, folder

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete ids; once it looks like a path, files."""
        from rolerules.model.sources import known

        items = [CompletionItem(one) for one in known(self.folder) if one.startswith(incomplete)]
        return items or [CompletionItem(incomplete, type="file")]


class Day(click.ParamType[datetime.date]):
    """A date like 2026-09-30."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime.date:
        """Read an ISO date."""
        day = value if isinstance(value, datetime.date) else parse_date(str(value))
        if day is None:
            self.fail(f"`{value}` is no date; write it like 2026-09-30", param, ctx)
        return day


RULESET = Known("ruleset", "roles")
COMPANY = Known("id|path", "companies")
FILE = click.Path(allow_dash=True)


def company_option(command: F) -> F:
    """Add `--company`."""
    text = "The company whose figures are used: its id or its file."
    return click.option("--company", type=COMPANY, help=text)(command)


def format_option(*formats: str) -> Callable[[F], F]:
    """Add `--format`, of which the first is taken when nothing is said."""
    return click.option(
        "--format", "format_", type=click.Choice(formats), default=formats[0],
        show_default=True, help="How the result is written.",
    )  # fmt: skip


def case_options(command: F) -> F:
    """Add what a case is decided with: RULESET, FACTS, the company, the date, the opening."""
    for add in (
        click.option(
            "--opening-status", metavar="STATUS", help="The status at the period's start."
        ),
        click.option("--as-of", type=Day(), help="The period's last day; goes before the file's."),
        company_option,
        click.argument("facts", type=FILE),
        click.argument("ruleset", type=RULESET),
    ):
        command = add(command)
    return command
