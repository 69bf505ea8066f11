# SPDX-License-Identifier: MIT
"""zen-engine as it is meant: a JDM graph of decision tables and expressions, loaded once."""

from tests.benchmarks.peers.zen_expression import KEY, TEAM, given
from tests.benchmarks.policy import REFUSED, Answer

NAME, PACKAGE, MONEY = "zen-engine, JDM graph", "zen-engine", "decimal inside, float in and out"
__all__ = ["MONEY", "NAME", "PACKAGE", "answer", "given", "load"]


def _node(name: str, kind: str, content=None):
    node = {"id": name, "type": kind, "name": name, "position": {"x": 0, "y": 0}}
    return {**node, "content": content} if content else node


def _table(
    name: str,
    hit: str,
    inputs: list[str],
    output: str,
    rows: list[list[str]],
    into: str | None = None,
):
    fields = [{"id": f"in{place}", "name": one, "field": one} for place, one in enumerate(inputs)]
    rules = [
        {
            "_id": f"row{place}",
            **{f"in{at}": cell for at, cell in enumerate(row[:-1])},
            "out": row[-1],
        }
        for place, row in enumerate(rows)
    ]
    content = {
        "hitPolicy": hit, "passThrough": True, "inputField": None, "outputPath": into,
        "executionMode": "single", "inputs": fields, "rules": rules,
        "outputs": [{"id": "out", "name": output, "field": output}],
    }  # fmt: skip
    return _node(name, "decisionTableNode", content)


def _graph():
    lines = {
        "refused": "n > 5", "base": "base", "key": KEY, "team": TEAM, "perf": "round(base * share, 2)",
        "total": "$.base + $.key + $.team + $.perf", "grounds": "map(fired, #.ground)",
        "status": 'len(fired) > 0 ? "suspended" : "active"',
    }  # fmt: skip
    expressions = [{"id": key, "key": key, "value": value} for key, value in lines.items()]
    bands = [
        ["< 0.05", "0"],
        ["[0.05..0.10)", "0.05"],
        ["[0.10..0.20)", "0.15"],
        [">= 0.20", "0.30"],
    ]
    grades = [['"M1"', "20000"], ['"M2"', "26000"], ['"M3"', "34000"]]
    grounds = [
        ["false", "", "", "", '"annual"'], ["", "false", "", "", '"dissatisfied"'],
        ["", "", "true", "", '"target"'], ["", "", "", "false", '"task"'],
    ]  # fmt: skip
    nodes = [
        _node("start", "inputNode"),
        _table("bands", "first", ["margin"], "share", bands),
        _table("grades", "first", ["grade"], "base", grades),
        _table("fired", "collect", ["annual", "sat", "sales < target", "task"], "ground", grounds, "fired"),
        _node("lines", "expressionNode", {
            "passThrough": False, "inputField": None, "outputPath": None, "executionMode": "single",
            "expressions": expressions,
        }),
        _node("end", "outputNode"),
    ]  # fmt: skip
    names = [node["id"] for node in nodes]
    edges = [
        {"id": f"to {names[at]}", "type": "edge", "sourceId": names[at - 1], "targetId": names[at]}
        for at in range(1, len(names))
    ]
    return {"nodes": nodes, "edges": edges}


def load():
    import zen

    # A static loader keeps the graph compiled; a decision made by itself compiles it every time.
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"pay": _graph()}}})
    return lambda facts: engine.evaluate("pay", facts)["result"]


def answer(found) -> Answer:
    if found.pop("refused"):
        return REFUSED
    return {
        name: value if name in ("status", "grounds") else round(value * 100)
        for name, value in found.items()
    }
