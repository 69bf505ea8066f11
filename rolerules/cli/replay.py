# SPDX-License-Identifier: MIT
"""`rolerules replay`: a recorded decision made again, by the ruleset's text of that time."""

from __future__ import annotations

import click

from rolerules.cli.output import say, write
from rolerules.cli.recording import opened, record_options


@click.command("replay")
@record_options
@click.argument("entry", type=int)
@click.option("--show", is_flag=True, help="Write the decision's canonical bytes.")
def command(record: str, keys: str | None, entry: int, show: bool) -> None:
    """Decide again what ENTRY decided, and compare every byte.

    \b
    Example:
      rolerules replay people.record 14
    """
    found = opened(record, keys).replay(entry)
    if show:
        write(found.data.decode() + "\n")
    elif found.same:
        proof = (
            "and so is every step of its proof"
            if found.same_proof
            else "yet its proof is another one"
        )
        say(f"entry {entry}: the same {len(found.data):,} bytes, {proof}")
    if not found.same:
        say(f"entry {entry}: another decision than was recorded", err=True)
    if not (found.same and found.same_proof):
        raise click.exceptions.Exit(1)
