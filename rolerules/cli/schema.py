# SPDX-License-Identifier: MIT
"""`rolerules schema`: JSON Schemas of the language and of a ruleset's facts."""

from __future__ import annotations

import click

import rolerules
from rolerules.cli.arguments import RULESET
from rolerules.cli.facts_schema import facts_schema
from rolerules.cli.output import say_json
from rolerules.syntax.schema import schema


@click.command("schema")
@click.option("--facts", "ruleset", type=RULESET, help="The schema of this ruleset's facts.")
def command(ruleset: str | None) -> None:
    """Print a JSON Schema (draft 7) of the language, for editors that check and complete YAML.

    \b
    Examples:
      rolerules schema > rolerules.schema.json
      rolerules schema --facts marketing-director > facts.schema.json
    """
    say_json(schema() if ruleset is None else facts_schema(rolerules.load(ruleset).model))
