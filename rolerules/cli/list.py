# SPDX-License-Identifier: MIT
"""`rolerules list`: the ids that can be named without a path."""

from __future__ import annotations

import click

from rolerules.cli.output import say
from rolerules.explain.statement import padded
from rolerules.model.sources import find, known, read_file
from rolerules.syntax import tree

KINDS = {"roles": "Rulesets", "policies": "Policies", "companies": "Companies"}


@click.command("list")
def command() -> None:
    """List the rulesets, policies and companies that come with rolerules.

    \b
    Example:
      rolerules list
    """
    ids = {folder: known(folder) for folder in KINDS}
    width = max((len(one) for group in ids.values() for one in group), default=0)
    for folder, title in KINDS.items():
        say(title)
        for one in ids[folder]:
            say(f"  {padded(one, width)}  {_title(one)}".rstrip())


def _title(identifier: str) -> str:
    path = find(identifier, None)
    file = read_file(path).file if path else None
    title = file.title if isinstance(file, tree.Ruleset | tree.Company) else None
    return title.text if title else ""
