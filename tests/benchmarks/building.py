# SPDX-License-Identifier: MIT
"""How long a large ruleset takes from its text to its first decision, and how that grows.

`python tests/benchmarks/building.py [SIZE …]` prints a line for each number of rules. A ruleset of
1,000 rules has 100 tables with 8 rows and two inputs each. Every size is built in processes of its
own, in turn, and the median of the rounds is given.
"""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (250, 500, 1000, 2000)
ROUNDS = 5
RULES_PER_UNIT = 10
STAGES = ("read", "check", "plan", "first decision", "all")
AS_OF = "2026-03-31"

HEAD = """ruleset: large
language: 1
version: 1.0.0
currency: EUR
period: month
year starts: 1 January
"""
GRADE = "  grade: {type: choice, of: [junior, senior, lead]}\n"


def large(rules: int) -> str:
    """The text of a ruleset with so many rules, ten of them and a table for each unit."""
    units = range(1, rules // RULES_PER_UNIT + 1)
    sections = {
        "facts": (GRADE, _facts),
        "parameters": ("", _parameter),
        "tables": ("", _table),
        "values": ("", _values),
        "pay": ("  rounding: half up to 0.01\n  lines:\n", _line),
        "limits": ("", _limit),
        "assessments": ("", _assessment),
        "duties": ("", _duty),
    }
    parts = [HEAD]
    for title, (first, write) in sections.items():
        parts += [f"{title}:\n{first}", *map(write, units)]
    return "".join(parts)


def _facts(unit: int) -> str:
    return (
        f"  sales_{unit}: {{type: money, min: 0}}\n"
        f"  target_{unit}: {{type: money, min: 0.01}}\n"
        f"  cost_{unit}: {{type: money, min: 0}}\n"
        f"  reported_{unit}: yes/no\n"
    )


def _parameter(unit: int) -> str:
    return (
        f"  rate_missed_{unit}:\n    type: rate\n    from 2026-01-01: 0.5%\n"
        f"    from 2026-07-01: 0.{unit % 9}5%\n"
    )


def _table(unit: int) -> str:
    bands = ("under 80%", "80% to under 100%", "100% to under 120%", "120% or more")
    rows = "".join(
        f'      - ["{band}", {grades}, {place + more}.{unit % 10}%]\n'
        for place, band in enumerate(bands)
        for more, grades in ((0, "junior or senior"), (1, "lead"))
    )
    return (
        f"  share_{unit}:\n    hit: unique\n    inputs: [achieved_{unit}, grade]\n"
        f"    gives: rate\n    rows:\n{rows}"
    )


def _values(unit: int) -> str:
    before = f"margin_{unit - 1} + " if unit > 1 else ""
    return (
        f"  achieved_{unit}: sales_{unit} / target_{unit}\n"
        f"  met_{unit}: achieved_{unit} >= 100% and reported_{unit}\n"
        f"  margin_{unit}: {before}sales_{unit} - cost_{unit}\n"
        f"  counted_{unit}: min(sales_{unit}, 2 * target_{unit})\n"
    )


def _line(unit: int) -> str:
    return (
        f"    commission_{unit}:\n      rules:\n"
        f"        - when: met_{unit}\n          amount: share_{unit} * counted_{unit}\n"
        f"        - when: achieved_{unit} >= 80%\n"
        f"          amount: rate_missed_{unit} * (counted_{unit} - 0.8 * target_{unit}) / 2\n"
        f"        - otherwise:\n          amount: 0\n"
    )


def _limit(unit: int) -> str:
    return f"  sane_{unit}:\n    require: sales_{unit} <= 10 * target_{unit}\n    severity: violation\n"


def _assessment(unit: int) -> str:
    return f"  goal_{unit}:\n    every: month\n    met: met_{unit}\n"


def _duty(unit: int) -> str:
    return f"  report_{unit}:\n    part: answers for\n    every: month\n    done: reported_{unit}\n"


def facts(rules: int) -> dict[str, object]:
    """Facts that decide every rule of `large`."""
    found: dict[str, object] = {"grade": "senior"}
    for unit in range(1, rules // RULES_PER_UNIT + 1):
        found |= {
            f"sales_{unit}": f"{9000 + unit}.50",
            f"target_{unit}": "10000.00",
            f"cost_{unit}": "4000.00",
            f"reported_{unit}": unit % 2 == 0,
        }
    return found


def build(path: Path, rules: int) -> list[int]:
    """Nanoseconds of each of `STAGES`, for the file of a ruleset, in this process."""
    from rolerules.model.check import check
    from rolerules.model.sources import collect
    from rolerules.problems import RulesetError
    from rolerules.ruleset import Ruleset, intervals

    given, marks = facts(rules), [time.perf_counter_ns()]
    sources = collect(path, None)
    marks.append(time.perf_counter_ns())
    model, problems = check(sources)
    if model is None:
        raise RulesetError(problems)
    marks.append(time.perf_counter_ns())
    ruleset = Ruleset(model, intervals(model), ())
    ruleset.at(AS_OF)
    marks.append(time.perf_counter_ns())
    decision = ruleset.evaluate(given, as_of=AS_OF)
    assert len(decision.lines) == rules // RULES_PER_UNIT
    assert decision.total is not None
    marks.append(time.perf_counter_ns())
    took = [after - before for before, after in itertools.pairwise(marks)]
    return [*took, sum(took)]


def medians(sizes: tuple[int, ...] = SIZES, rounds: int = ROUNDS) -> dict[int, list[float]]:
    """Milliseconds of each of `STAGES` by number of rules."""
    with tempfile.TemporaryDirectory() as folder:
        files = {size: Path(folder) / f"large_{size}.yaml" for size in sizes}
        for size, file in files.items():
            file.write_text(large(size), encoding="utf-8")
        took: dict[int, list[list[int]]] = {size: [] for size in sizes}
        for _ in range(rounds):
            for size, file in files.items():
                took[size].append(_in_a_process(file, size))
    return {
        size: [statistics.median(one) / 1e6 for one in zip(*found, strict=True)]
        for size, found in took.items()
    }


def _in_a_process(file: Path, rules: int) -> list[int]:
    run = [sys.executable, __file__, "--one", str(file), str(rules)]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    return [int(word) for word in done.stdout.split()]


def main(words: list[str]) -> None:
    """Print milliseconds by stage, and microseconds a rule."""
    if words[:1] == ["--one"]:
        print(*build(Path(words[1]), int(words[2])))
        return
    sizes = tuple(map(int, words)) or SIZES
    print(
        f"{'rules':>6} {'tables':>6}", *(f"{f'{stage}, ms':>18}" for stage in STAGES), "µs a rule"
    )
    for size, found in medians(sizes).items():
        print(
            f"{size:>6} {size // RULES_PER_UNIT:>6}", *(f"{one:>18.0f}" for one in found),
            f"{1000 * found[-1] / size:>9.0f}",
        )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
