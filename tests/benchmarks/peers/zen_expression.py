# SPDX-License-Identifier: MIT
"""zen-engine without its graph: one compiled expression, its quickest way for a single case."""

from tests.benchmarks.policy import REFUSED, Answer, Case

NAME, PACKAGE, MONEY = (
    "zen-engine, one expression",
    "zen-engine",
    "decimal inside, float in and out",
)

BASE = '(grade == "M1" ? 20000 : grade == "M2" ? 26000 : 34000)'
KEY = "round(key_sales * 0.02, 2)"
TEAM = "round((sales - key_sales) * (sales < target ? 0.005 : 0.01), 2)"
PERF = (
    f"round({BASE} * (margin < 0.05 ? 0 : margin < 0.10 ? 0.05 : margin < 0.20 ? 0.15 : 0.30), 2)"
)
GROUNDS = (
    'filter([annual == false ? "annual" : null, not sat ? "dissatisfied" : null,'
    ' sales < target ? "target" : null, not task ? "task" : null], # != null)'
)
WHOLE = (
    f"n > 5 ? {{refused: true}} : {{base: {BASE}, key: {KEY}, team: {TEAM}, perf: {PERF},"
    f" total: {BASE} + {KEY} + {TEAM} + {PERF}, grounds: {GROUNDS},"
    ' status: (annual == false or not sat or sales < target or not task) ? "suspended" : "active"}'
)


def load():
    import zen

    return zen.compile_expression(WHOLE).evaluate


def given(case: Case) -> Case:
    amounts = {name: case[name] / 100 for name in ("target", "sales", "key_sales")}
    return {**case, **amounts, "margin": case["margin"] / 10_000}


def answer(found) -> Answer:
    if found.get("refused"):
        return REFUSED
    return {
        name: value if name in ("status", "grounds") else round(value * 100)
        for name, value in found.items()
    }
