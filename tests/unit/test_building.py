# SPDX-License-Identifier: MIT
"""A large ruleset is built in steps that grow as it does: counted, since time is no test.

What is counted is every call, of Python and of what is built into it, from the file to the first
decision. `tests/benchmarks/building.py` measures the time of the same rulesets.
"""

import sys
from pathlib import Path

import pytest
from benchmarks.building import AS_OF, facts, large

from rolerules import load

HEAD = "ruleset: long\nlanguage: 1\nversion: 1.0.0\ncurrency: EUR\nperiod: month\nyear starts: 1 January\n"
AMOUNTS = "facts:\n" + "".join(f"  f_{n}: {{type: money, min: 0}}\n" for n in range(3))


def rows(count: int) -> str:
    """A table with so many rows."""
    between = "".join(f"      - [{n} to under {n + 1}, {n % 99}%]\n" for n in range(1, count))
    return (
        f"{HEAD}{AMOUNTS}tables:\n  share:\n    hit: unique\n    inputs: [f_0]\n    gives: rate\n"
        f"    rows:\n      - [under 1, 0%]\n{between}      - [{count} or more, 99%]\n"
        "indicators:\n  share:\n    value: share\n"
    )


def lines(count: int) -> str:
    """Pay lines that each take the one before further."""
    each = "".join(
        f"    line_{n}:\n      amount: min(f_1, line_{n - 1})\n" for n in range(1, count)
    )
    return f"{HEAD}{AMOUNTS}pay:\n  rounding: half up to 0.01\n  lines:\n    line_0:\n      amount: f_0\n{each}"


def parameters(count: int) -> str:
    """Parameters with figures from several dates on, each used."""
    dated = "".join(
        f"  p_{n}:\n    type: money\n    from 2020-01-01: 1.00\n    from 202{1 + n % 8}-01-01: 2.00\n"
        for n in range(count)
    )
    used = "".join(f"  v_{n}: p_{n} + f_0\n" for n in range(count))
    shown = "".join(f"  i_{n}:\n    value: v_{n}\n" for n in range(count))
    return f"{HEAD}{AMOUNTS}parameters:\n{dated}values:\n{used}indicators:\n{shown}"


def calls(path: Path, text: str, given: dict[str, object]) -> int:
    """How many calls it takes from the ruleset's file to the first decision.

    The very first time also counts what is loaded once, so each test leaves its first count out.
    """
    path.write_text(text, encoding="utf-8")
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        load(path).evaluate(given, as_of=AS_OF)
    finally:
        sys.setprofile(before)
    return counted


@pytest.mark.parametrize("of", [rows, lines, parameters])
def test_a_longer_section_takes_calls_in_proportion(tmp_path, of):
    given = {"f_0": 1, "f_1": 2, "f_2": 3}
    path = tmp_path / "long.yaml"
    _, one, four = (calls(path, of(count), given) for count in (10, 100, 400))
    assert four < 4.2 * one


def test_more_rules_and_tables_take_calls_in_proportion(tmp_path):
    path = tmp_path / "large.yaml"
    _, one, four = (calls(path, large(size), facts(size)) for size in (10, 100, 400))
    assert four < 4.2 * one


def test_the_large_ruleset_has_what_it_says(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_text(large(1_000), encoding="utf-8")
    model = load(path).model
    rules = sum(len(line.rules) for line in model.lines.values()) + sum(
        len(group) for group in (model.values, model.limits, model.assessments, model.duties)
    )
    assert (rules, len(model.tables)) == (1_000, 100)
