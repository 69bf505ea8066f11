# SPDX-License-Identifier: MIT
"""Reference, single and columnar engine agree: random rulesets, and every plan's own cases."""

from __future__ import annotations

import os
import random
from collections import defaultdict

import pytest
from tables import _columns, campaign, canonical, expected
from test_cases import CASE_FILES

from rolerules import FactError, Ruleset, RulesetError
from rolerules.engines.columnar.decide import decide
from rolerules.testing import boundary_cases
from rolerules.testing.cases import run_file

CASES = int(os.environ.get("ROLERULES_AGREEMENT_CASES", "200000"))
SHARES = 10


@pytest.mark.parametrize("seed", range(SHARES))
def test_random_rulesets(seed):
    counts = campaign(CASES // SHARES, seed)
    decided = counts["cases"] - counts["refused"]
    assert counts["decided by columns"] > decided * 0.7
    assert counts["with something unknown"] > decided // 4
    assert counts["as tables"] > 0


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_case_file(path, monkeypatch):
    """All cases of a file that one ruleset decides on one day, together with their boundaries, at once."""
    evaluate, asked = Ruleset.evaluate, defaultdict(list)

    def kept(self, facts, *, as_of, opening=None, **engine):
        asked[id(self), str(as_of)].append((self, facts, as_of, opening))
        return evaluate(self, facts, as_of=as_of, opening=opening, **engine)

    monkeypatch.setattr(Ruleset, "evaluate", kept)
    run_file(path)
    monkeypatch.undo()
    for cases in asked.values():
        ruleset, _, as_of, opening = cases[0]
        edges = boundary_cases(ruleset, as_of=as_of, opening=opening)
        more = [(ruleset, facts, as_of, opening) for facts in random.Random(0).sample(edges, min(40, len(edges)))]  # fmt: skip
        _together([*cases, *more])


def _together(cases):
    ruleset, _, as_of, _ = cases[0]
    try:
        plan = ruleset.at(as_of)
    except RulesetError:  # a date without figures, which is what the case is about
        return
    rows, openings, wanted = [], [], []
    for _, facts, _, opening in cases:
        try:
            decision = ruleset.evaluate(facts, as_of=as_of, opening=opening, engine="reference")
        except FactError:
            continue
        rows.append(facts)
        openings.append(opening)
        wanted.append(expected(plan, decision))
    if not rows:
        return
    day = decision.as_of
    start = all(one is None for one in openings)
    frame, units = canonical(plan, rows, openings, start)
    found = decide(plan, frame, units, day, start)
    if found is not None:
        _columns(found, wanted, str(as_of), defaultdict(int))
