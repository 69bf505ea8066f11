# SPDX-License-Identifier: MIT
"""The durable engine beside the exact one: random rulesets, and many random rows for each.

`python tests/agreement/campaign.py --cases 1000000` is the long campaign; a case is one ruleset
over one row of facts that is not refused.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from generators.formulas import Options
from generators.loading import checked
from generators.rows import DAYS, Rows
from generators.rulesets import Maker

from rolerules import Decision, FactError, Ruleset
from rolerules.engines import durable
from rolerules.plan.plan import Plan

Found = dict[tuple[str, str], set[str]]
ROWS = 200
"""So many rows for each ruleset."""


def random_ruleset(rng: random.Random) -> Ruleset | None:
    """A random ruleset; every fourth is one of tables."""
    maker = Maker(rng.randrange, Options(False))
    return checked(maker.tables() if rng.random() < 0.25 else maker.ruleset())[0]


def told(firings: tuple[durable.Firing, ...]) -> Found:
    """What the rules that fired say of everything that they are about."""
    found: Found = collections.defaultdict(set)
    for one in firings:
        found[one.about, one.name].add(one.says)
    return found


def disagreements(plan: Plan, decision: Decision, found: Found) -> list[str]:
    """Where the rules that fired say something else than the decision.

    Read off the decision alone: nothing here knows how guards were made into rules.
    """
    wrong = []

    def compare(about: str, name: str, wanted: set[str]) -> None:
        if found.get((about, name), set()) != wanted:
            wrong.append(f"{about} {name}: {found.get((about, name))} for {wanted}")

    for about, outcomes in (("assessment", decision.assessments), ("duty", decision.duties)):
        for name, one in outcomes.items():
            word = one.outcome.replace("_", " ")
            compare(about, name, set() if word == "undetermined" else {word})
    broken = {one.id for one in (*decision.violations, *decision.notices)}
    for name in plan.limits:
        says = found.get(("limit", name), set())
        if ("broken" in says) != (name in broken) or len(says) > 1:
            wrong.append(f"limit {name}: {says}")
    for line in decision.lines:
        applied = [
            number
            for number in range(len(plan.lines[line.id].rules))
            if ("line", f"{line.id} {number + 1}") in found
        ]
        # A gate can settle the amount while the rule is unknown; then none fires.
        if line.rule is not None and applied not in ([], [line.rule]):
            wrong.append(f"line {line.id}: {applied} for {line.rule}")
    status = decision.status
    for change in plan.changes:
        happens = status is not None and status.change == change.origin.name
        compare("change", change.origin.name, {"follows"} if happens else set())
        grounds = {name for name in change.grounds if "holds" in found.get(("ground", f"{change.origin.name}.{name}"), ())}  # fmt: skip
        if happens and status and grounds != set(status.grounds):
            wrong.append(f"grounds of {change.origin.name}: {grounds} for {status.grounds}")
    for state in plan.states:
        stays = status is not None and status.to == status.source == state and status.change is None
        compare("status", state, {"stays"} if stays else set())
    return wrong


def campaign(cases: int, seed: int, rows: int = ROWS) -> collections.Counter[str]:
    """Run so many cases. Raises `InternalError` or `AssertionError` at the first disagreement."""
    counts: collections.Counter[str] = collections.Counter()
    for number in itertools.count():
        rng = random.Random(f"{seed}/{number}")
        ruleset = random_ruleset(rng)
        if ruleset is None:
            counts["rulesets with problems"] += 1
            continue
        counts["rulesets"] += 1
        draw = Rows(ruleset, rng)
        for row in range(rows):
            facts, day, opening = draw.facts(), rng.choice(DAYS), draw.opening()
            try:
                proof = ruleset.prove(facts, as_of=day, opening=opening)
            except FactError:
                counts["refused"] += 1
                continue
            firings = durable.fire(proof)
            wrong = disagreements(proof.plan, proof.decision, told(firings))
            assert not wrong, f"ruleset {seed}/{number}, row {row}: {wrong}"
            counts["cases"] += 1
            counts["firings"] += len(firings)
            counts["with something unknown"] += bool(proof.decision.missing)
            if counts["cases"] == cases:
                return counts
    raise AssertionError("the numbers of rulesets never end")


def main() -> None:
    """Run a campaign and say what it came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    start = time.monotonic()
    counts = campaign(given.cases, given.seed)
    seconds = time.monotonic() - start
    for name, count in sorted(counts.items()):
        sys.stdout.write(f"{count:>12,} {name}\n")
    sys.stdout.write(f"{seconds:>12,.0f} seconds, no disagreement\n")


if __name__ == "__main__":
    main()
