# SPDX-License-Identifier: MIT
"""What the commands over a record share: its argument, its options, its session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

import rolerules
from rolerules.cli.arguments import COMPANY, RULESET
from rolerules.cli.output import say
from rolerules.problems import Problem, RolerulesError, nearest
from rolerules.record.record import Record
from rolerules.record.sessions import Session

F = TypeVar("F", bound=Callable[..., Any])


def record_options(command: F) -> F:
    """Add RECORD and `--keys`."""
    keys = "The file of the people's keys; else the record's name, ending with .keys."
    for add in (
        click.option("--keys", type=click.Path(), help=keys),
        click.argument("record", metavar="RECORD"),
    ):
        command = add(command)
    return command


def session_options(command: F) -> F:
    """Add RECORD, SUBJECT, PERIOD, and what says by which ruleset it goes."""
    by = "The ruleset; once something is on record, it goes on by the one that is kept there."
    for add in (
        click.option("--company", type=COMPANY, help="The company whose figures are used."),
        click.option("--ruleset", type=RULESET, help=by),
        click.argument("period"),
        click.argument("subject"),
    ):
        command = add(command)
    return record_options(command)


def at_option(text: str) -> Callable[[F], F]:
    """Add `--at`, which is always asked for: there is no clock."""
    return click.option("--at", required=True, metavar="DATE", help=text)


def opened(record: str, keys: str | None, *, create: bool = False) -> Record:
    """Open a record. Raises `RolerulesError`."""
    return Record.open(record, keys=keys, create=create)


def session_of(
    record: str, keys: str | None, subject: str, period: str, ruleset: str | None,
    company: str | None, *, create: bool = False,
) -> Session:  # fmt: skip
    """The session, by the ruleset that is named or else the last one it went by.

    Raises `RolerulesError`, before a record is made where that is allowed.
    """
    if ruleset is not None:
        loaded = rolerules.load(ruleset, company=company)
        return Session(loaded, subject, period, opened(record, keys, create=create))
    if company is not None:
        raise click.UsageError("`--company` goes with `--ruleset`: name both")
    book = opened(record, keys)
    return Session(_kept(book, subject, period), subject, period, book)


def _kept(record: Record, subject: str, period: str) -> rolerules.Ruleset:
    """The ruleset that a session went by last, by its text in the record."""
    entries = record.known(subject).entries if record.keys.of(subject) else []
    found = {
        one.body["ruleset"]: one.body["digest"]
        for one in entries if one.body.get("period") == period and "digest" in one.body
    }  # fmt: skip
    if len(found) != 1:
        several = ", ".join(f"`{name}`" for name in found)
        message = (
            f"`{subject}` has facts under {several} in {period}" if found
            else f"nothing is on record of `{subject}` in {period}"
        )  # fmt: skip
        mend = "say by which ruleset it goes: `--ruleset`, and `--company` with it"
        known = sorted({str(one.body["period"]) for one in entries if "period" in one.body})
        if known and not found:
            mend = f"on record are {', '.join(known)}; for another period, {mend}"
        raise RolerulesError([Problem("which-ruleset", message, help=mend)])
    return record.ruleset(next(iter(found.values())))


def say_alone(session: Session) -> None:
    """Point out what corrects an event that is not there: it counts as one more."""
    for event in session.alone:
        ids = [
            one.body["event"]
            for one in session.entries
            if one.kind == "fact" and not one.body["of"]
        ]
        mend = nearest(event, ids)
        say(f"note: what was corrected as `{event}` is not on record, so the correction counts by itself; {mend}", err=True)  # fmt: skip
