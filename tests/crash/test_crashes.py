# SPDX-License-Identifier: MIT
"""A record survives kill -9 and a failing disk at every call that changes a file.

The campaigns are longer: `python tests/crash/killing.py 10000` and `python tests/crash/faults.py`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from killing import started
from recorded import fast_folder

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="calls are stopped by LD_PRELOAD"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler"),
]
KILLS = 1_000


def test_killed_at_every_call():
    with fast_folder() as folder:
        found = started("killing.py", Path(folder), str(KILLS))
    kinds = {name: count for name, count in found.items() if not name.startswith("calls")}
    assert sum(kinds.values()) == KILLS
    assert all(count > 90 for count in kinds.values())
    assert set(kinds) == {f"{kind}, {when}" for kind in ("new", "used")
                          for when in ("before", "half way", "after")}  # fmt: skip


def test_killed_while_erasing():
    with fast_folder() as folder:
        found = started("killing.py", Path(folder), "erasures")
    assert all(count > 15 for count in found.values())


def test_every_call_fails_in_its_turn():
    with fast_folder() as folder:
        found = started("faults.py", Path(folder), "some")
    assert len(found) == 5
    assert all(count["an error"] > 90 for count in found.values())


def test_all_is_synced_when_a_call_returns(tmp_path):
    """After a fact, a confirmation, a decision, an erasure; what is not synced is found out."""
    assert started("syncing.py", tmp_path, "all") == [[]] * 4


@pytest.mark.parametrize(
    ("setting", "left"), [("most", "place"), ("none", "people.record")]
)  # fmt: skip
def test_what_is_not_synced_is_found(tmp_path, setting, left):
    found = started("syncing.py", tmp_path, setting)
    assert all(left in names for names in found)
