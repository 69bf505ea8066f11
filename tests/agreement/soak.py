# SPDX-License-Identifier: MIT
"""Memory of the durable engine over very many cases: `python tests/agreement/soak.py --cases 400000`.

Twenty rulesets, their rows drawn once, are decided again and again; every tenth round the
programs are thrown away and loaded anew. It says how much memory was held after each tenth.
"""

from __future__ import annotations

import argparse
import itertools
import random
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from campaign import random_ruleset
from generators.rows import DAYS, Rows

from rolerules import FactError
from rolerules.engines import durable
from rolerules.engines.reference import Proof


def held() -> int:
    """The memory held, in kB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


def proofs(rulesets: int, rows: int) -> list[Proof]:
    """Cases of random rulesets."""
    found: list[Proof] = []
    for number in itertools.count():
        rng = random.Random(f"soak/{number}")
        ruleset = random_ruleset(rng)
        draw = ruleset and Rows(ruleset, rng)
        for _ in range(rows if ruleset and draw else 0):
            try:
                found.append(ruleset.prove(draw.facts(), as_of=rng.choice(DAYS), opening=draw.opening()))  # fmt: skip
            except FactError:
                continue
        if number == rulesets:
            return found
    raise AssertionError("the numbers never end")


def soak(cases: int) -> list[int]:
    """The memory held after each tenth of the cases; the first tenth is to warm up."""
    given, found = proofs(20, 20), []
    for number in range(cases):
        if number % (10 * len(given)) == 0:
            durable._OWN.kept.clear()
        durable.fire(given[number % len(given)])
        if number % (cases // 10) == cases // 10 - 1:
            found.append(held())
    return found


def main() -> None:
    """Run, and say what was held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=400_000)
    start, given = time.monotonic(), parser.parse_args()
    found = soak(given.cases)
    seconds = time.monotonic() - start
    sys.stdout.write(f"{given.cases:,} cases in {seconds:,.0f} s; kB held: {found}\n")


if __name__ == "__main__":
    main()
