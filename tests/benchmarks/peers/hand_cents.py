# SPDX-License-Identifier: MIT
"""Python by hand over whole cents, made from the outset for cases that hold cents."""

from collections.abc import Callable

from tests.benchmarks.policy import REFUSED, Answer, Case

NAME, PACKAGE, MONEY = "hand-written Python, whole cents", "", "int, cents"


def load() -> Callable[[Case], Answer]:
    salary = {"M1": 20_000_00, "M2": 26_000_00, "M3": 34_000_00}

    def evaluate(facts: Case) -> Answer:
        if facts["n"] > 5:
            return REFUSED
        base, sales, key_sales = salary[facts["grade"]], facts["sales"], facts["key_sales"]
        short, margin = sales < facts["target"], facts["margin"]
        key = (key_sales + 25) // 50
        team = ((sales - key_sales) * (1 if short else 2) + 100) // 200
        share = 0 if margin < 500 else 5 if margin < 1000 else 15 if margin < 2000 else 30
        perf = (base * share + 50) // 100
        grounds = []
        if facts["annual"] is False:
            grounds.append("annual")
        if not facts["sat"]:
            grounds.append("dissatisfied")
        if short:
            grounds.append("target")
        if not facts["task"]:
            grounds.append("task")
        return {
            "base": base, "key": key, "team": team, "perf": perf, "total": base + key + team + perf,
            "status": "suspended" if grounds else "active", "grounds": grounds,
        }  # fmt: skip

    return evaluate


def given(case: Case) -> Case:
    return dict(case)


def answer(found: Answer) -> Answer:
    return found
