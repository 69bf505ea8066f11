# SPDX-License-Identifier: MIT
"""Ruleset texts checked without any file."""

from __future__ import annotations

import datetime
from typing import Any

from rolerules import Decision, FactError, Problem, Ruleset, RulesetError
from rolerules.model.check import check
from rolerules.model.sources import Sources
from rolerules.plan.lower import intervals
from rolerules.ruleset import Engine
from rolerules.syntax.build import build
from rolerules.text.reader import read


def sources(text: str) -> Sources:
    """A ruleset text as the only file taking part."""
    built = build(read(text, "random.yaml"))
    return Sources(built.file, (), None, (built,), tuple(built.problems))


def checked(text: str) -> tuple[Ruleset | None, tuple[Problem, ...]]:
    """The ruleset, or None and its problems."""
    model, problems = check(sources(text))
    return (None if model is None else Ruleset(model, intervals(model), ())), problems


def loaded(text: str) -> Ruleset:
    """The ruleset. Raises `RulesetError`."""
    ruleset, problems = checked(text)
    if ruleset is None:
        raise RulesetError(problems)
    return ruleset


def decided(
    ruleset: Ruleset, facts: dict[str, Any], day: datetime.date, engine: Engine = "reference"
) -> Decision | None:
    """What an engine says of a case; None where it refuses it."""
    try:
        return ruleset.evaluate(facts, as_of=day, engine=engine)
    except FactError:
        return None
