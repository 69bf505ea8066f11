# SPDX-License-Identifier: MIT
"""Several changes that leave one state: the explanation says of each why it happens or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from rolerules import load

RULESET = load(
    Path(__file__).parent.parent / "cases" / "status" / "good" / "several_changes.yaml"
)  # fmt: skip
NONE, END_FIRST = ("none of its grounds holds",), "End comes first, and may happen"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"harmed": False, "sales": 3000, "satisfied": True},
         [("does not happen", NONE), ("does not happen", NONE), ("does not happen", NONE)]),
        ({"harmed": False, "sales": 900, "satisfied": False},
         [("does not happen", NONE),
          ("proposed", ("dissatisfaction and quarterly sales hold",)),
          ("does not happen", ("Suspend comes first",))]),
        ({"harmed": False, "sales": 1500, "satisfied": True},
         [("does not happen", NONE), ("does not happen", NONE),
          ("takes effect", ("below twice holds",))]),
        ({"sales": 900, "satisfied": True},
         [("undetermined", ("no ground is known to hold, and some are open",)),
          ("undetermined", ("quarterly sales holds", END_FIRST)),
          ("does not happen", ("End or Suspend comes first",))]),
        ({"sales": 1500},
         [("undetermined", ("no ground is known to hold, and some are open",)),
          ("undetermined", (END_FIRST,)),
          ("undetermined", ("below twice holds", END_FIRST))]),
    ],
)  # fmt: skip
def test_each_change_is_explained(facts, expected):
    explanation = RULESET.explain(facts, as_of="2026-03-31")
    parts = [part for part in explanation.parts if part.kind == "change"]
    assert [part.id for part in parts] == ["end", "suspend", "warn"]
    assert [(part.result, part.because) for part in parts] == expected


def test_one_change_alone_needs_no_order():
    explanation = RULESET.explain(
        {"sales": 2500}, as_of="2026-03-31", opening={"status": "warned"}
    )  # fmt: skip
    assert not [part for part in explanation.parts if part.kind == "change"]
    assert explanation.decision.status.change == "back"
