# SPDX-License-Identifier: MIT
"""rolerules' reference engine, which defines the meaning and keeps every step for explanations."""

import datetime
from collections.abc import Callable
from typing import Any

import rolerules
from tests.benchmarks.peers.rolerules_single import RULESET, answer, given, read
from tests.benchmarks.policy import AS_OF, Case

NAME, PACKAGE, MONEY = "rolerules, reference engine", "rolerules", "exact"
__all__ = ["MONEY", "NAME", "PACKAGE", "answer", "given", "load"]


def load() -> Callable[[Case], Any]:
    evaluate, day = rolerules.load(RULESET).evaluate, datetime.date.fromisoformat(AS_OF)

    def decide(facts: Case) -> Any:
        try:
            return read(evaluate(facts, as_of=day, engine="reference"))
        except rolerules.FactError:
            return None

    return decide
