# SPDX-License-Identifier: MIT
"""rolerules without the look at the facts: what the decision alone takes. Measured here, never offered.

It runs the very function that rolerules writes for the ruleset, with the lines left out that look
at the type, the range and the decimals of each fact.
"""

import datetime
import linecache
import re
from collections.abc import Callable
from typing import Any

import rolerules
from rolerules.engines.single.later import SLOWER
from tests.benchmarks.peers.rolerules_single import RULESET, answer, given, read
from tests.benchmarks.policy import AS_OF, Case, cases

NAME, PACKAGE, MONEY = "rolerules, facts not looked at", "rolerules", "exact"
__all__ = ["MONEY", "NAME", "PACKAGE", "answer", "given", "load"]
_TAKES = re.compile(r" {8}v\d+ = facts\[k\d+\]$")
_LOOKS = re.compile(r" {8}(if type\(|if not .*: raise Slow|else: |pass|if v\d+ is not None:$| {4})")


def trusting(source: str) -> str:
    """The function without the lines that look at facts; all of them stand behind one that takes one."""
    kept, looking = [], False
    for line in source.splitlines():
        looking = bool(_TAKES.match(line)) or (looking and bool(_LOOKS.match(line)))
        if not looking or _TAKES.match(line):
            kept.append(line)
    return "\n".join(kept) + "\n"


def load() -> Callable[[Case], Any]:
    ruleset, day = rolerules.load(RULESET), datetime.date.fromisoformat(AS_OF)
    evaluate = ruleset.evaluate
    for one in cases(10, 1):
        if one["n"] <= 5:
            evaluate(given(one), as_of=day)
    made: Any = ruleset._cases[day]
    names = dict(made.__globals__)
    exec(trusting("".join(linecache.getlines(made.__code__.co_filename))), names)
    around = dict(zip(made.__code__.co_freevars, made.__closure__, strict=True))
    order = names["day"].__code__.co_varnames[: names["day"].__code__.co_argcount]
    quick = names["day"](
        *(around[name].cell_contents if name in around else None for name in order)
    )

    def decide(facts: Case) -> Any:
        try:
            return read(quick(facts))
        except SLOWER:  # what it is not made for, such as too many key accounts
            try:
                return read(evaluate(facts, as_of=day))
            except rolerules.FactError:
                return None

    return decide
