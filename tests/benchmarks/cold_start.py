# SPDX-License-Identifier: MIT
"""How long a first decision takes in a fresh process, from the start of Python on.

`python tests/benchmarks/cold_start.py [ROUNDS]` starts every program below in turn, in processes of
their own, and prints the median of each and how far it is above Python alone: by the clock, and of
the processor's time, which other work on the machine disturbs less. A first round that is not
counted leaves the bytecode behind that an installation leaves.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 21
FIRST_DECISION = """
import rolerules
from decimal import Decimal
ruleset = rolerules.load("marketing-director", company="example")
facts = {"grade": "M2", "team_target": Decimal("1200000.00"), "team_sales": Decimal("1150000.00"),
         "profit": Decimal("92000.00"), "key_accounts": [], "special_tasks": [], "satisfied": True}
decision = ruleset.evaluate(facts, as_of="2026-09-30")
assert decision.line("basic_salary").amount == 26000
"""
CASE = ["marketing-director", "docs/examples/missed_target.yaml", "--company", "example"]
PYTHON = [sys.executable]
COMMAND = [*PYTHON, "-m", "rolerules.cli", "evaluate", *CASE]
PROGRAMS = {
    "Python alone": [*PYTHON, "-c", "pass"],
    "import rolerules": [*PYTHON, "-c", "import rolerules"],
    "import attrs, yaml (what rolerules stands on)": [*PYTHON, "-c", "import attrs, yaml"],
    "library: import, load, first decision": [*PYTHON, "-c", FIRST_DECISION],
    "rolerules evaluate, a statement": COMMAND,
    "rolerules evaluate, JSON": [*COMMAND, "--format", "json"],
}


def medians(
    programs: dict[str, list[str]] = PROGRAMS, rounds: int = ROUNDS
) -> dict[str, tuple[float, float]]:
    """Seconds from start to end of each program, and seconds of the processor."""
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for number in range(rounds + 1):
        for name, program in programs.items():
            seconds = _seconds(program)
            if number:
                took[name].append(seconds)
    return {
        name: (statistics.median(one for one, _ in found), statistics.median(of for _, of in found))
        for name, found in took.items()
    }


def _seconds(program: list[str]) -> tuple[float, float]:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before, start = _processor(), time.perf_counter()
    subprocess.run(program, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start, _processor() - before


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(words: list[str]) -> None:
    """Print a line for each program."""
    found = medians(PROGRAMS, int(words[0]) if words else ROUNDS)
    alone = found["Python alone"]
    print(
        f"{'milliseconds':<46}{'clock':>6}{'above Python':>14}{'processor':>11}{'above Python':>14}"
    )
    for name, seconds in found.items():
        columns = [
            f"{1000 * one:>{width}.0f}{1000 * (one - least):>14.0f}"
            for one, least, width in zip(seconds, alone, (6, 11), strict=True)
        ]
        print(f"{name:<46}{''.join(columns)}")


if __name__ == "__main__":
    main(sys.argv[1:])
