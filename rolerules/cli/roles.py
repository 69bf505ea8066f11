# SPDX-License-Identifier: MIT
"""`rolerules roles`: roles side by side."""

from __future__ import annotations

import shutil

import click

import rolerules
from rolerules.analysis.roles import WIDTH, side_by_side
from rolerules.cli.arguments import RULESET, company_option, format_option
from rolerules.cli.output import say
from rolerules.model.sources import known


@click.command("roles")
@click.argument("rulesets", nargs=-1, type=RULESET)
@company_option
@format_option("text", "markdown")
def command(rulesets: tuple[str, ...], company: str | None, format_: str) -> None:
    """Put roles side by side: overview, duties, pay, assessment, changes of status.

    Takes every RULESET named, in that order; without one, all that come with rolerules.

    \b
    Examples:
      rolerules roles
      rolerules roles marketing-director executive-director --format markdown
    """
    names = rulesets or tuple(known("roles"))
    roles = side_by_side([rolerules.load(name, company=company).model for name in names])
    if format_ == "markdown":
        say(roles.to_markdown())
    else:
        say(roles.to_text(min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)))
