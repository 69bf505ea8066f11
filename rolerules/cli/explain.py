# SPDX-License-Identifier: MIT
"""`rolerules explain`: why a case was decided as it was."""

from __future__ import annotations

import datetime

import click

import rolerules
from rolerules.cli.arguments import case_options, format_option
from rolerules.cli.cases import Case, read_case
from rolerules.cli.output import say, say_json


@click.command("explain")
@case_options
@format_option("text", "json")
def command(
    ruleset: str, facts: str, company: str | None, as_of: datetime.date | None,
    opening_status: str | None, format_: str,
) -> None:  # fmt: skip
    """Explain the decision that RULESET gives on the FACTS in a file (- for stdin).

    Takes what `rolerules evaluate` takes: one case, as JSON or YAML.

    \b
    Example:
      rolerules explain marketing-director facts.yaml --company example --as-of 2026-09-30
    """
    loaded = rolerules.load(ruleset, company=company)
    explanation = explained(loaded, read_case(facts), as_of, opening_status)
    if format_ == "json":
        say_json(explanation.to_dict())
    else:
        say(explanation.to_text())


def explained(
    ruleset: rolerules.Ruleset, case: Case, as_of: datetime.date | None, status: str | None
) -> rolerules.Explanation:
    """Decide a case and explain it; places and errors as `decide`."""
    with case.placing():
        return ruleset.explain(
            case.facts, as_of=case.decided_on(as_of), opening=case.opened_with(status)
        )
