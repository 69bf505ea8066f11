# SPDX-License-Identifier: MIT
"""`rolerules record`: verify a record, show, export or erase what it has on a person."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rolerules.cli.cases import decoded
from rolerules.cli.exact_json import parse
from rolerules.cli.files import read_data, replace, shown_name
from rolerules.cli.output import INTERRUPTED, counted, say, say_json
from rolerules.cli.recording import at_option, opened, record_options
from rolerules.limits import LIMITS
from rolerules.record.process import proposals
from rolerules.record.proof import Checkpoint
from rolerules.record.text import entry_text, proposal_text


@click.group("record")
def command() -> None:
    """Verify a record, show, export or erase what it has on a person.

    \b
    Examples:
      rolerules record verify people.record --checkpoint october.json
      rolerules record show people.record E-1001
    """


@command.command("verify")
@record_options
@click.option("--checkpoint", type=click.Path(), help="A file that `record checkpoint` wrote.")
def verify(record: str, keys: str | None, checkpoint: str | None) -> None:
    """Look at every entry: nothing was changed, removed, put elsewhere or cut off."""
    before = None
    if checkpoint is not None:
        text = decoded(read_data(checkpoint, LIMITS.file_bytes), shown_name(checkpoint))
        before = Checkpoint.of_dict(parse(text, shown_name(checkpoint)))
    found = opened(record, keys).verify(before)
    since = f", {found.entries - before.entries:,} of them since the checkpoint" if before else ""
    say(
        f"all is as it was written: {counted(found.entries, 'entry').replace('entrys', 'entries')}{since}"
    )


@command.command("checkpoint")
@record_options
@click.option("-o", "--output", type=click.Path(), help="The file written; else standard output.")
def checkpoint(record: str, keys: str | None, output: str | None) -> None:
    """Write how many entries there are, and the hash of the last one.

    Keep it apart from the record: who can change the record must not be able to change it.
    """
    found = opened(record, keys).checkpoint().to_dict()
    if output is None:
        say_json(found, indent=None)
    else:
        replace(Path(output), (json.dumps(found) + "\n").encode())


@command.command("show")
@record_options
@click.argument("subject", required=False)
def show(record: str, keys: str | None, subject: str | None) -> None:
    """Show what the record has on SUBJECT; without one, who has to decide what."""
    book = opened(record, keys)
    if subject is None:
        waits = [
            f"{one}: {proposal_text(proposal)}"
            for one in book.keys.subjects()
            for proposal in proposals(book.known(one).entries).values()
            if proposal.state in ("proposed", "contested")
        ]
        say("\n".join(waits) or "nothing waits for anybody")
        return
    entries = book.known(subject).entries
    for kept in entries:
        say(entry_text(kept))
    for proposal in proposals(entries).values():
        say(proposal_text(proposal))


@command.command("export")
@record_options
@click.argument("subject")
@click.option("-o", "--output", type=click.Path(), help="The file written; else standard output.")
def export(record: str, keys: str | None, subject: str, output: str | None) -> None:
    """Write everything on SUBJECT as JSON: what the person may ask for."""
    found = opened(record, keys).export(subject)
    if output is None:
        say_json(found)
    else:
        text = json.dumps(found, ensure_ascii=False, indent=2)
        replace(Path(output), f"{text}\n".encode(), private=True)


@command.command("erase")
@record_options
@click.argument("subject")
@click.option("--by", required=True, help="The name or id of the person who carries it out.")
@at_option("The day on which it is done.")
@click.option("--yes", is_flag=True, help="Do not ask: it cannot be undone.")
def erase(record: str, keys: str | None, subject: str, by: str, at: str, yes: bool) -> None:
    """Erase everything on SUBJECT for good, by destroying the key it is under.

    The entries stay where they are, unreadable, and the record still verifies. Backups of the
    file of keys must go too.
    """
    book = opened(record, keys)
    book.known_token(subject)
    if not yes:
        _ask(subject)
    number = book.erase(subject, by=by, at=at)
    say(f"erased; entry {number} says so")


def _ask(subject: str) -> None:
    """Ask, and end where the answer is no; whoever interrupts the question has not answered it."""
    code = 1
    try:
        if click.confirm(f"Erase everything on {subject} for good?"):
            return
    except click.Abort:
        code = INTERRUPTED
        say("", err=True)
    say("nothing is erased", err=True)
    raise click.exceptions.Exit(code)
