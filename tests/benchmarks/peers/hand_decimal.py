# SPDX-License-Identifier: MIT
"""Python by hand over decimals: what a careful programmer writes for this one policy."""

from decimal import ROUND_HALF_UP, Decimal

from tests.benchmarks.policy import REFUSED, Answer, Case

NAME, PACKAGE, MONEY = "hand-written Python, `decimal`", "", "Decimal"


def load():
    salary = {"M1": Decimal("20000.00"), "M2": Decimal("26000.00"), "M3": Decimal("34000.00")}
    cent, key_rate, met, missed = map(Decimal, ("0.01", "0.02", "0.01", "0.005"))
    low, middle, high = map(Decimal, ("0.05", "0.10", "0.20"))
    nothing, some, more, most = map(Decimal, ("0.00", "0.05", "0.15", "0.30"))

    def evaluate(facts: Case) -> Answer:
        if facts["n"] > 5:
            return REFUSED
        base, sales, key_sales = salary[facts["grade"]], facts["sales"], facts["key_sales"]
        short, margin = sales < facts["target"], facts["margin"]
        key = (key_sales * key_rate).quantize(cent, ROUND_HALF_UP)
        team = ((sales - key_sales) * (missed if short else met)).quantize(cent, ROUND_HALF_UP)
        if margin < low:
            perf = nothing
        elif margin < middle:
            perf = (base * some).quantize(cent, ROUND_HALF_UP)
        else:
            perf = (base * (more if margin < high else most)).quantize(cent, ROUND_HALF_UP)
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
    amounts = {name: Decimal(case[name]).scaleb(-2) for name in ("target", "sales", "key_sales")}
    return {**case, **amounts, "margin": Decimal(case["margin"]).scaleb(-4)}


def answer(found: Answer) -> Answer:
    return {
        name: int(value.scaleb(2)) if isinstance(value, Decimal) else value
        for name, value in found.items()
    }
