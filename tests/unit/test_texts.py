# SPDX-License-Identifier: MIT
"""A ruleset read from its kept texts is the ruleset that was loaded: digest and decisions."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from rolerules import RulesetError, load
from rolerules.model.texts import sources_of, texts_of
from rolerules.ruleset import of_sources

ROOT = Path(__file__).parents[2]
FILES = [path for path in sorted((ROOT / "tests/cases").glob("*/good/*.yaml"))
         if not path.name.endswith((".cases.yaml", ".company.yaml"))]  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_the_same_digest(path):
    ruleset = load(path)
    again = of_sources(sources_of(ruleset.texts))
    assert again.digest == ruleset.digest
    assert again.texts == ruleset.texts


@pytest.mark.parametrize(
    "role", ["marketing-director", "director-of-operations", "executive-director"]
)
def test_with_policies_and_a_company(role):
    ruleset = load(role, company="example")
    again = of_sources(sources_of(ruleset.texts))
    assert (again.digest, len(again.texts)) == (ruleset.digest, 3)
    assert again.evaluate({}, as_of="2026-09-30") == ruleset.evaluate({}, as_of="2026-09-30")


def test_texts_without_a_ruleset_or_with_a_sheet_missing():
    texts = load("marketing-director", company="example").texts
    with pytest.raises(RulesetError, match="no ruleset is among the texts"):
        sources_of(texts[2:])
    csv = load(next(path for path in FILES if path.parent.parent.name == "csv"))
    lacking = [attrs.evolve(text, sheets={}) for text in csv.texts]
    with pytest.raises(RulesetError, match="no-such-file"):
        of_sources(sources_of(lacking))
    assert texts_of(sources_of(csv.texts)) == csv.texts
