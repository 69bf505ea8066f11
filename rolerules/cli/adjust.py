# SPDX-License-Identifier: MIT
"""`rolerules adjust`: a period that was decided, decided anew by what came late."""

from __future__ import annotations

import click

from rolerules.cli.output import say, say_json
from rolerules.cli.recording import say_alone, session_of, session_options
from rolerules.record.text import closed_text


@click.command("adjust")
@session_options
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="How the result is written.")  # fmt: skip
def command(
    record: str, keys: str | None, subject: str, period: str, ruleset: str | None,
    company: str | None, format_: str,
) -> None:  # fmt: skip
    """Decide a period anew by what came late, with the difference of each line.

    Above 0 it is an arrear, below 0 a recovery. The decision before stays as it is.

    \b
    Example:
      rolerules adjust people.record E-1001 2026-Q3
    """
    session = session_of(record, keys, subject, period, ruleset, company)
    closed = session.adjust()
    say_alone(session)
    if format_ == "json":
        parts = {"entry": closed.number, "adjusts": closed.adjusts}
        owed = [one.to_dict() for one in closed.differences]
        say_json({**parts, "differences": owed, "decision": closed.decision.to_dict()})
    else:
        say(closed_text(session.ruleset, closed, period))
