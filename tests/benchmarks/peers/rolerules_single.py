# SPDX-License-Identifier: MIT
"""rolerules, one case: facts as Decimals in, a decision out, of which pay, status and grounds are read."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rolerules
from tests.benchmarks.peers.hand_decimal import given
from tests.benchmarks.policy import AS_OF, REFUSED, Answer, Case
from tests.benchmarks.policy import answer as answered

NAME, PACKAGE, MONEY = "rolerules", "rolerules", "exact"
RULESET = Path(__file__).parents[1] / "director.yaml"
__all__ = ["MONEY", "NAME", "PACKAGE", "RULESET", "answer", "given", "load", "read"]


def load() -> Callable[[Case], Any]:
    evaluate, day = rolerules.load(RULESET).evaluate, datetime.date.fromisoformat(AS_OF)

    def decide(facts: Case) -> Any:
        try:
            return read(evaluate(facts, as_of=day))
        except rolerules.FactError:
            return None

    return decide


def read(decision: rolerules.Decision) -> Any:
    """What every other program gives too."""
    status = decision.status
    return decision.lines, decision.total, status.to, status.grounds


def answer(found: Any) -> Answer:
    if found is None:
        return REFUSED
    lines, total, _, grounds = found
    cents = [int(line.amount.scaleb(2)) for line in lines]
    return {**answered(cents, int(total.amount.scaleb(2)), list(grounds)), "status": found[2]}
