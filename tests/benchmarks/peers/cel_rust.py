# SPDX-License-Identifier: MIT
"""CEL in Rust (common-expression-language): one compiled program over whole cents.

CEL has neither decimals nor variables of its own, so what is used twice is written twice.
"""

from collections.abc import Callable

from tests.benchmarks.policy import REFUSED, Answer, Case

NAME, PACKAGE, MONEY = "CEL in Rust", "common-expression-language", "64-bit int, cents"

_BASE = '(grade == "M1" ? 2000000 : grade == "M2" ? 2600000 : 3400000)'
_KEY = "((key_sales + 25) / 50)"
_TEAM = "(((sales - key_sales) * (sales < target ? 1 : 2) + 100) / 200)"
_PERF = f"(({_BASE} * (margin < 500 ? 0 : margin < 1000 ? 5 : margin < 2000 ? 15 : 30) + 50) / 100)"
_TESTS = {
    "annual": "annual == false",
    "dissatisfied": "!sat",
    "target": "sales < target",
    "task": "!task",
}
_GROUNDS = " + ".join(f'({test} ? ["{name}"] : [])' for name, test in _TESTS.items())
_WHOLE = (
    f'n > 5 ? {{"refused": true}} : {{"base": {_BASE}, "key": {_KEY}, "team": {_TEAM}, "perf": {_PERF},'
    f' "total": {_BASE} + {_KEY} + {_TEAM} + {_PERF}, "grounds": {_GROUNDS},'
    f' "status": ({" || ".join(_TESTS.values())}) ? "suspended" : "active"}}'
)


def load() -> Callable[[Case], Answer]:
    import cel

    evaluate: Callable[[Case], Answer] = cel.compile(_WHOLE).execute
    return evaluate


def given(case: Case) -> Case:
    return dict(case)


def answer(found: Answer) -> Answer:
    return REFUSED if "refused" in found else found
