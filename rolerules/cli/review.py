# SPDX-License-Identifier: MIT
"""`rolerules confirm`, `decline`, `contest`, `uphold`, `reverse`, `reinstate`: a person decides."""

from __future__ import annotations

import click

from rolerules.cli.output import say
from rolerules.cli.recording import at_option, opened, record_options
from rolerules.record import review
from rolerules.record.text import proposal_text

_HELP = {
    "confirm": "Confirm the change of status that ENTRY proposes: it takes effect after its notice.",
    "decline": "Decline the change of status that ENTRY proposes: it never takes effect.",
    "contest": "Contest the confirmed change of ENTRY: a new decision is made by the facts of now.",
    "uphold": "Uphold the contested change of ENTRY.",
    "reverse": "Reverse the contested change of ENTRY: it never had effect.",
    "reinstate": "End the change of ENTRY: from that day on the status is what it was before.",
}


_EXAMPLE = """

\b
Example:
  rolerules {what} people.record 8 --by HR-2 --at 2026-10-02 --reason "heard on 16 September"
"""


def _command(what: str) -> click.Command:
    @click.command(what, help=_HELP[what] + _EXAMPLE.replace("{what}", what))
    @record_options
    @click.argument("entry", type=int)
    @click.option("--by", required=True, help="The name or id of the person who acts.")
    @click.option("--reason", required=True, help="Why.")
    @at_option("The day on which it is done.")
    def command(record: str, keys: str | None, entry: int, by: str, reason: str, at: str) -> None:
        book = opened(record, keys)
        say(proposal_text(review.act(book, entry, what, by=by, reason=reason, at=at)))

    return command


COMMANDS = {what: _command(what) for what in _HELP}
"""One command for each act of due process."""
