# SPDX-License-Identifier: MIT
"""`rolerules session`: the facts of one person over one period, as they arrive."""

from __future__ import annotations

from typing import Any

import click

from rolerules.cli.output import say, say_json
from rolerules.cli.recording import at_option, say_alone, session_of, session_options
from rolerules.problems import FactError, Problem, RulesetError
from rolerules.record.changes import Changed
from rolerules.record.process import proposals
from rolerules.record.record import is_empty
from rolerules.record.sessions import Session
from rolerules.record.text import (
    changed_text,
    closed_text,
    fact_text,
    opening_text,
    pending,
    proposal_text,
)
from rolerules.text.reader import read_bytes
from rolerules.text.tree import plain


@click.group("session")
def command() -> None:
    """Take in the facts of one person over one period, as they arrive.

    PERIOD is written as the ruleset counts: 2026-Q3, 2026-07, 2026-H2 or 2026.

    \b
    Examples:
      rolerules session post people.record E-1001 2026-Q3 team_sales=400000.00 \\
        --ruleset marketing-director --company example --at 2026-07-31 --source CRM
      rolerules session show people.record E-1001 2026-Q3
    """


_source = click.option("--source", required=True, help="The system or the person it comes from.")
_id = click.option("--id", "event", help="The id the source gives it: the same one counts once.")
_complete = click.option(
    "--complete", is_flag=True, help="With it, all of a list or of a sum has been posted."
)
_of = click.option("--of", help="Of a list or a sum: the event that is meant.")
_at = at_option("The day, or the moment with its offset, for which it is said.")


@command.command("post")
@session_options
@click.argument("said", metavar="FACT=VALUE…", nargs=-1, required=True)
@_source
@_at
@_id
@_complete
@click.option("--opening-status", metavar="STATUS", help="The status before the record began.")
def post(
    record: str, keys: str | None, subject: str, period: str, ruleset: str | None,
    company: str | None, said: tuple[str, ...], source: str, at: str, event: str | None,
    complete: bool, opening_status: str | None,
) -> None:  # fmt: skip
    """Say what a fact is; of a list or a sum, one more item. Several are recorded all, or none.

    An item of a list is written `key_accounts={customer: C-1, sales: 90000.00}`, a whole list
    in square brackets, `special_tasks=[]` where there is nothing. A record that is not there is
    made.
    """
    if event is not None and len(said) > 1:
        raise click.UsageError("`--id` is for one fact at a time")
    opening = {"status": opening_status} if opening_status is not None else None
    facts = [_parted(one) for one in said]
    session = session_of(record, keys, subject, period, ruleset, company, create=True)
    new = is_empty(session.record.store)
    found = session.post_all(
        facts, at=at, source=source, event=event, complete=complete, opening=opening
    )
    if new:
        say(f"new record {record}, with its keys in {session.record.keys.path}", err=True)
    others = ", ".join(f"`{name}`" for name in sorted(session.others))
    if others:
        say(f"note: `{subject}` has facts under {others} in {period} too", err=True)
    for changed in found:
        _show(session, changed)


@command.command("correct")
@session_options
@click.argument("said", metavar="FACT=VALUE", required=False)
@_source
@_at
@_id
@_complete
@_of
@click.option("--opening-status", metavar="STATUS", help="What the status before the record was.")
def correct(
    record: str, keys: str | None, subject: str, period: str, ruleset: str | None,
    company: str | None, said: str | None, source: str, at: str, event: str | None, complete: bool,
    of: str | None, opening_status: str | None,
) -> None:  # fmt: skip
    """Say what a fact, an item of it, or the opening status should have been said to be."""
    if (said is None) == (opening_status is None):
        raise click.UsageError("give either FACT=VALUE or `--opening-status`")
    session = session_of(record, keys, subject, period, ruleset, company)
    if said is None:
        balances = {name: one for name, one in session.opening_said.items() if name == "carries"}
        opening = {"status": opening_status, **balances}
        entry = session.correct_opening(opening, at=at, source=source)
        say(f"{period} opens with {opening_status}: recorded as entry {entry}")
        return
    name, value = _parted(said)
    _show(session, session.correct(name, value, at=at, source=source, of=of, event=event, complete=complete))  # fmt: skip


@command.command("withdraw")
@session_options
@click.argument("fact")
@_source
@_at
@_id
@_of
def withdraw(
    record: str, keys: str | None, subject: str, period: str, ruleset: str | None,
    company: str | None, fact: str, source: str, at: str, event: str | None, of: str | None,
) -> None:  # fmt: skip
    """Say that a fact, or an item of it, should not have been said."""
    session = session_of(record, keys, subject, period, ruleset, company)
    _show(session, session.withdraw(fact, at=at, source=source, of=of, event=event))


@command.command("show")
@session_options
def show(
    record: str, keys: str | None, subject: str, period: str, ruleset: str | None,
    company: str | None,
) -> None:  # fmt: skip
    """Show what is known so far, what is proposed, and what is missing."""
    session = session_of(record, keys, subject, period, ruleset, company)
    model = session.ruleset.model
    say(f"{model.title}, {subject}, {period}")
    for name, value in session.facts.items():
        say(fact_text(model.facts[name], value))
    for one in proposals(session.entries).values():
        if (one.ruleset, one.period) == (session.ruleset.id, period):
            say(proposal_text(one))
    decided = session.decided
    if decided is not None:
        say(f"decided by entry {decided}")
    missing: tuple[str, ...] = ()
    try:
        decision = session.decision()
        missing = decision.missing
        if opens := opening_text(decision):
            say(opens)
    except FactError as error:
        for problem in error.problems:
            say(f"  refused so far: {problem.message}")
    for line in pending(model, session.so_far, missing, len(model.facts)):
        say(line)
    say_alone(session)


@command.command("decide")
@session_options
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="How the result is written.")  # fmt: skip
def decide(
    record: str, keys: str | None, subject: str, period: str, ruleset: str | None,
    company: str | None, format_: str,
) -> None:  # fmt: skip
    """Decide the period by what is on record, once."""
    session = session_of(record, keys, subject, period, ruleset, company)
    closed = session.decide()
    say_alone(session)
    if format_ == "json":
        say_json({"entry": closed.number, **closed.decision.to_dict()})
    else:
        say(closed_text(session.ruleset, closed, period))


def _parted(said: str) -> tuple[str, Any]:
    """The name of a fact and its value; an item or a list is written as in YAML."""
    name, sign, text = said.partition("=")
    if not sign:
        mend = "write it as `team_sales=400000.00`"
        raise FactError([Problem("facts-shape", f"`{said}` gives no fact a value", help=mend)])
    if text[:1] not in ("{", "["):
        return name, text
    try:
        document = read_bytes(text.encode(), name)
    except UnicodeEncodeError:
        mend = "write it in UTF-8"
        raise FactError(
            [Problem("not-utf8", f"the value of `{name}` is no text", help=mend)]
        ) from None
    if document.problems or document.root is None:
        raise RulesetError(document.problems)
    return name, plain(document.root)


def _show(session: Session, changed: Changed) -> None:
    say(changed_text(session.ruleset, changed))
