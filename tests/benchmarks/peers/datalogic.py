# SPDX-License-Identifier: MIT
"""datalogic: JsonLogic compiled in Rust, one template for the whole answer, over whole cents.

JsonLogic has no rounding; half up is `(x + half - (x + half) mod d) / d`, right while x is not
negative. Amounts beyond 64 bits silently become floats.
"""

from tests.benchmarks.policy import REFUSED, Answer, Case

NAME, PACKAGE, MONEY = "datalogic", "datalogic-py", "64-bit int, cents"


def _fact(name: str):
    return {"var": name}


def _half_up(amount, below: int):
    more = {"+": [amount, below // 2]}
    return {"/": [{"-": [more, {"%": [more, below]}]}, below]}


def _chosen(*parts):
    return {"if": list(parts)}


def _rules():
    short = {"<": [_fact("sales"), _fact("target")]}
    base = _chosen(
        {"==": [_fact("grade"), "M1"]}, 2000000, {"==": [_fact("grade"), "M2"]}, 2600000, 3400000
    )
    margin = _fact("margin")
    share = _chosen(
        {"<": [margin, 500]}, 0, {"<": [margin, 1000]}, 5, {"<": [margin, 2000]}, 15, 30
    )
    rest = {"-": [_fact("sales"), _fact("key_sales")]}
    lines = {
        "base": base,
        "key": _half_up(_fact("key_sales"), 50),
        "team": _half_up({"*": [rest, _chosen(short, 1, 2)]}, 200),
        "perf": _half_up({"*": [base, share]}, 100),
    }
    fired = {
        "annual": {"===": [_fact("annual"), False]},
        "dissatisfied": {"!": [_fact("sat")]},
        "target": short,
        "task": {"!": [_fact("task")]},
    }
    whole = {
        **lines,
        "total": {"+": list(lines.values())},
        "status": _chosen({"or": list(fired.values())}, "suspended", "active"),
        "grounds": {"merge": [_chosen(test, [name], []) for name, test in fired.items()]},
    }
    return _chosen({">": [_fact("n"), 5]}, {"refused": True}, whole)


def load():
    import datalogic_py

    engine = datalogic_py.Engine(templating=True)
    rule, evaluate = engine.compile(_rules()), engine.session().evaluate
    return lambda facts: evaluate(rule, facts)


def given(case: Case) -> Case:
    return dict(case)


def answer(found: Answer) -> Answer:
    if "refused" in found:
        return REFUSED
    return {
        name: int(value)
        if isinstance(value, int | float)
        else value
        if name == "status"
        else list(value)
        for name, value in found.items()
    }
