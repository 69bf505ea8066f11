# SPDX-License-Identifier: MIT
"""The same Python by hand, which looks first whether the facts are what they should be.

It refuses what the ruleset refuses (wrong types, floats, amounts out of range or with more than two
decimals, unknown choices), with one message; rolerules does this in every evaluation.
"""

from collections.abc import Callable
from decimal import Decimal

from tests.benchmarks.peers import hand_decimal
from tests.benchmarks.peers.hand_decimal import answer, given
from tests.benchmarks.policy import Answer, Case

NAME, PACKAGE, MONEY = "hand-written Python, `decimal`, facts checked", "", "Decimal"
__all__ = ["MONEY", "NAME", "PACKAGE", "answer", "given", "load"]


def load() -> Callable[[Case], Answer]:
    evaluate = hand_decimal.load()
    cent, basis, least, most = map(Decimal, ("0.01", "0.0001", "0.01", "1000000000000"))
    zero, one = Decimal(0), Decimal(1)
    names = {"grade", "target", "sales", "key_sales", "n", "margin", "task", "sat", "annual"}
    grades = {"M1", "M2", "M3"}

    def checked(facts: Case) -> Answer:
        if facts.keys() != names or facts["grade"] not in grades:
            raise ValueError("the facts are not those of the policy")
        for name, low in (("target", least), ("sales", zero), ("key_sales", zero)):
            amount = facts[name]
            if type(amount) is not Decimal or not low <= amount <= most or amount % cent:
                raise ValueError(f"{name} is no amount")
        margin = facts["margin"]
        if type(margin) is not Decimal or not -one <= margin <= one or margin % basis:
            raise ValueError("the margin is no rate")
        if type(facts["n"]) is not int or facts["n"] < 0 or facts["key_sales"] > facts["sales"]:
            raise ValueError("the key accounts contradict themselves")
        if type(facts["task"]) is not bool or type(facts["sat"]) is not bool:
            raise ValueError("task and sat are yes or no")
        if facts["annual"] is not None and type(facts["annual"]) is not bool:
            raise ValueError("annual is yes, no or unknown")
        return evaluate(facts)

    return checked
