# SPDX-License-Identifier: MIT
"""What durable-rules fires is what the exact engine says: random rulesets, every file of cases."""

import datetime
import os

import pytest
from campaign import campaign, disagreements, told
from test_cases import CASE_FILES

from rolerules import RolerulesError, Ruleset, load
from rolerules.engines import durable
from rolerules.testing import boundary_cases
from rolerules.testing.cases import run_file

CASES = int(os.environ.get("ROLERULES_DURABLE_CASES", "100000"))
SHARES = 10
ROLES = ("director-of-operations", "executive-director", "marketing-director")
DAY = datetime.date(2026, 12, 31)


@pytest.mark.parametrize("seed", range(SHARES))
def test_random_rulesets(seed):
    counts = campaign(CASES // SHARES, seed)
    assert counts["cases"] == CASES // SHARES
    assert counts["with something unknown"] > counts["cases"] // 4
    assert counts["firings"] > 5 * counts["cases"]


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_case_file(path, monkeypatch):
    evaluate = Ruleset.evaluate

    def by_durable(self, facts, *, as_of, opening=None):
        found = evaluate(self, facts, as_of=as_of, opening=opening, engine="durable")
        proof = self.prove(facts, as_of=as_of, opening=opening)
        assert found == proof.decision
        assert disagreements(proof.plan, found, told(durable.fire(proof))) == []
        return found

    monkeypatch.setattr(Ruleset, "evaluate", by_durable)
    results = run_file(path)
    assert [(one.name, one.differences) for one in results if not one.ok] == []


@pytest.mark.parametrize("role", ROLES)
def test_shipped_roles_at_every_boundary(role):
    ruleset = load(role, company="example")
    said = set()
    for facts in boundary_cases(ruleset, as_of=DAY):
        try:
            proof = ruleset.prove(facts, as_of=DAY)
        except RolerulesError:
            continue
        firings = durable.fire(proof)
        assert disagreements(proof.plan, proof.decision, told(firings)) == []
        said |= {one.says for one in firings}
    assert {"met", "missed", "fulfilled", "unfulfilled", "follows", "holds"} <= said
