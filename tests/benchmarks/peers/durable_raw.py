# SPDX-License-Identifier: MIT
"""durable-rules at its barest: one fact a case, asserted and retracted; the rules pick the rates.

Its conditions compare C doubles, so the amounts are worked out in the rules' Python actions.
"""

import itertools
from collections.abc import Callable
from typing import Any

from tests.benchmarks.policy import BASE, REFUSED, Answer, Case

NAME, PACKAGE, MONEY = "durable-rules, raw", "durable_rules", "int, cents, in Python actions"


def _rules(found: dict[str, Any]) -> dict[str, Any]:
    def when(test: Any, act: Callable[[Any], object], *tests: Any) -> Any:
        return {
            "all": [{"m": {"$and": [{"kind": "case"}, test, *tests]}}],
            "run": lambda c: act(c.m),
        }

    def put(name: str, work: Callable[[Any], Any]) -> Callable[[Any], object]:
        return lambda case: found.__setitem__(name, work(case))

    def team(times: int) -> Callable[[Any], object]:
        return put("team", lambda one: ((one["sales"] - one["key"]) * times + 100) // 200)

    def short(case: Any) -> None:
        team(1)(case)
        found["grounds"].append("target")

    def ground(name: str) -> Callable[[Any], object]:
        return lambda case: found["grounds"].append(name)

    return {
        "refused": when({"$gt": {"n": 5}}, put("refused", lambda _: True)),
        **{grade: when({"grade": grade}, put("base", lambda _, amount=amount: amount)) for grade, amount in BASE.items()},
        "key": when({"$gte": {"key": 0}}, put("key", lambda one: (one["key"] + 25) // 50)),
        "met": when({"$gte": {"over": 0}}, team(2)),
        "short": when({"$lt": {"over": 0}}, short),
        "none": when({"$lt": {"margin": 500}}, put("share", lambda _: 0)),
        "some": when({"$gte": {"margin": 500}}, put("share", lambda _: 5), {"$lt": {"margin": 1000}}),
        "more": when({"$gte": {"margin": 1000}}, put("share", lambda _: 15), {"$lt": {"margin": 2000}}),
        "most": when({"$gte": {"margin": 2000}}, put("share", lambda _: 30)),
        "annual": when({"annual": "missed"}, ground("annual")),
        "dissatisfied": when({"sat": False}, ground("dissatisfied")),
        "task": when({"task": False}, ground("task")),
    }  # fmt: skip


def load() -> Callable[[Case], Answer]:
    from durable.engine import Host

    found: dict[str, Any] = {}
    host, numbers = Host(), itertools.count(1)
    host.set_rulesets({"pay": _rules(found)})

    def evaluate(facts: Case) -> Answer:
        found.clear()
        found["grounds"] = []
        fact = {**facts, "id": next(numbers)}
        host.assert_fact("pay", fact)
        host.retract_fact("pay", fact)
        if "refused" in found:
            return REFUSED
        perf = (found["base"] * found["share"] + 50) // 100
        return {
            "base": found["base"], "key": found["key"], "team": found["team"], "perf": perf,
            "total": found["base"] + found["key"] + found["team"] + perf,
            "status": "suspended" if found["grounds"] else "active", "grounds": sorted(found["grounds"]),
        }  # fmt: skip

    return evaluate


def given(case: Case) -> Case:
    annual = {None: "not due", True: "met", False: "missed"}[case["annual"]]
    return {
        "kind": "case", "sid": "one", "grade": case["grade"], "sales": case["sales"],
        "over": case["sales"] - case["target"], "key": case["key_sales"], "n": case["n"],
        "margin": case["margin"], "task": case["task"], "sat": case["sat"], "annual": annual,
    }  # fmt: skip


def answer(found: Answer) -> Answer:
    return found
