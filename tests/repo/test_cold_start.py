# SPDX-License-Identifier: MIT
"""What a first decision leaves unloaded, so that it comes soon; no clock is asked."""

from __future__ import annotations

import subprocess
import sys

import pytest
from codes import ROOT

LOAD = 'import rolerules; ruleset = rolerules.load("marketing-director", company="example")'
DECIDE = f"{LOAD}; ruleset.evaluate({{'grade': 'M2'}}, as_of='2026-09-30').total"
CASE = ["marketing-director", "docs/examples/missed_target.yaml", "--company", "example"]
# What neither loading nor deciding has a use for: grammars are worked out beforehand, spellings
# compared where one is wrong, schemas and cases made where they are asked for.
NEVER = {
    "lark", "hypothesis", "durable", "difflib", "rolerules.testing", "rolerules.analysis",
    "rolerules.syntax.schema", "rolerules.text.edit",
}  # fmt: skip
IN_THE_LIBRARY = NEVER | {"click", "rolerules.cli", "rolerules.explain"}


def run(*words: str) -> str:
    return (
        f"from rolerules.cli import app; app.main({[*words]}, 'rolerules', standalone_mode=False)"
    )


def loaded(program: str) -> set[str]:
    """The modules loaded once a program has run in a process of its own."""
    code = f"import sys\n{program}\nsys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("program", "unused"),
    [
        ("import rolerules", {"attrs", "yaml", "json", "rolerules.problems"}),
        (LOAD, IN_THE_LIBRARY),
        (DECIDE, IN_THE_LIBRARY),
        (run("evaluate", *CASE), NEVER | {"tempfile", "shutil"}),
        (run("evaluate", *CASE, "--format", "json"), NEVER | {"rolerules.explain"}),
        (run("--help"), NEVER | {"yaml", "rolerules.ruleset"}),
    ],
    ids=["import", "load", "decide", "evaluate", "evaluate json", "help"],
)
def test_what_is_not_needed_is_not_loaded(program: str, unused: set[str]) -> None:
    found = loaded(program)
    assert "rolerules" in found
    assert found & unused == set()
