# SPDX-License-Identifier: MIT
"""What the properties draw: a ruleset, its facts, and the outcome as plain data."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from typing import Any

from generators.loading import loaded
from generators.rulesets import rulesets
from hypothesis import settings
from hypothesis import strategies as st

from rolerules import Decision, Problem, RolerulesError, Ruleset
from rolerules.testing import facts
from rolerules.testing.strategies import openings

TIMES = int(os.environ.get("ROLERULES_EXAMPLES", "50"))
DOCUMENTED = {
    "broken-limit", "negative-line", "not-in-force", "nothing-to-share-by", "outside-calendar", "several-rows",
}  # fmt: skip
"""The ways in which well-typed facts within their ranges may be refused."""


def examples(count: int) -> Callable[[Any], Any]:
    """How many examples in the profile `ci`; `long` takes a multiple of them."""
    long = settings.get_current_profile_name() == "long"
    return settings(max_examples=count * TIMES if long else count)


class Case:
    """A ruleset's text, the ruleset, facts, an as-of date and an opening."""

    # No attrs class: Hypothesis would print the whole model of it.
    def __init__(
        self,
        text: str,
        ruleset: Ruleset,
        facts: dict[str, Any],
        day: datetime.date,
        opening: dict[str, Any] | None,
    ) -> None:
        self.text, self.ruleset, self.facts, self.day, self.opening = (
            text,
            ruleset,
            facts,
            day,
            opening,
        )

    def __repr__(self) -> str:
        return f"{self.text}\nfacts: {self.facts}\nas of {self.day}, opening {self.opening}"

    def outcome(self) -> dict[str, Any] | set[str]:
        """The decision as plain data, or the codes for which the case is refused."""
        return outcome(self.ruleset, self.facts, self.day, self.opening)


@st.composite
def cases(
    draw: Any, *, monotone: bool = False, unknowns: bool = True, tables: bool = False
) -> Case:
    """A random ruleset with facts that it accepts."""
    text = draw(rulesets(monotone=monotone, tables=tables))
    ruleset = loaded(text)
    given = draw(facts(ruleset, unknowns=unknowns))
    days = [datetime.date(2026, 3, 31), datetime.date(2026, 12, 31), datetime.date(2027, 6, 30)]
    day = draw(st.sampled_from(days))
    return Case(text, ruleset, given, day, draw(openings(ruleset, unknowns=unknowns)))


def attempt(
    ruleset: Ruleset, given: Any, day: Any, opening: Any = None
) -> Decision | tuple[Problem, ...]:
    """The decision, or the problems for which the case is refused."""
    try:
        return ruleset.evaluate(given, as_of=day, opening=opening)
    except RolerulesError as error:
        return error.problems


def codes(problems: tuple[Problem, ...]) -> set[str]:
    """Their codes."""
    return {problem.code for problem in problems}


def outcome(
    ruleset: Ruleset, given: Any, day: datetime.date, opening: Any = None
) -> dict[str, Any] | set[str]:
    """The decision as plain data, or the codes for which the case is refused."""
    found = attempt(ruleset, given, day, opening)
    return codes(found) if isinstance(found, tuple) else found.to_dict()
