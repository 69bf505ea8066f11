# SPDX-License-Identifier: MIT
"""rule-engine: one rule an output, in its expression language, over decimals.

The language has no rounding; half up to cents is `(x * 100 + 0.5) // 1 / 100`.
"""

from collections.abc import Callable

from tests.benchmarks.peers.hand_decimal import given
from tests.benchmarks.policy import REFUSED, Answer, Case

NAME, PACKAGE, MONEY = "rule-engine", "rule-engine", "Decimal"
__all__ = ["MONEY", "NAME", "PACKAGE", "answer", "given", "load"]

_BASE = '(grade == "M1" ? 20000 : (grade == "M2" ? 26000 : 34000))'
_SHARE = "(margin < 0.05 ? 0 : (margin < 0.10 ? 0.05 : (margin < 0.20 ? 0.15 : 0.30)))"
_LINES = {
    "base": _BASE,
    "key": "(key_sales * 0.02 * 100 + 0.5) // 1 / 100",
    "team": "((sales - key_sales) * (sales < target ? 0.005 : 0.01) * 100 + 0.5) // 1 / 100",
    "perf": f"({_BASE} * {_SHARE} * 100 + 0.5) // 1 / 100",
}
_GROUNDS = {
    "annual": "annual == false",
    "dissatisfied": "not sat",
    "target": "sales < target",
    "task": "not task",
}


def load() -> Callable[[Case], Answer]:
    import rule_engine

    kinds = rule_engine.DataType
    numbers = ("target", "sales", "key_sales", "n", "margin", *_LINES)
    types = {
        "grade": kinds.STRING, "task": kinds.BOOLEAN, "sat": kinds.BOOLEAN, "annual": kinds.UNDEFINED,
        **dict.fromkeys(numbers, kinds.FLOAT),
    }  # fmt: skip
    context = rule_engine.Context(type_resolver=rule_engine.type_resolver_from_dict(types))
    too_many = rule_engine.Rule("n > 5", context=context)
    lines = [(name, rule_engine.Rule(text, context=context)) for name, text in _LINES.items()]
    total = rule_engine.Rule(" + ".join(_LINES), context=context)
    tests = [(name, rule_engine.Rule(text, context=context)) for name, text in _GROUNDS.items()]

    def evaluate(facts: Case) -> Answer:
        if too_many.matches(facts):
            return REFUSED
        found: Answer = {name: rule.evaluate(facts) for name, rule in lines}
        found["total"] = total.evaluate(found)
        found["grounds"] = grounds = [name for name, rule in tests if rule.matches(facts)]
        found["status"] = "suspended" if grounds else "active"
        return found

    return evaluate


def answer(found: Answer) -> Answer:
    if found is REFUSED:
        return REFUSED
    return {
        name: value if name in ("status", "grounds") else int(value * 100)
        for name, value in found.items()
    }
