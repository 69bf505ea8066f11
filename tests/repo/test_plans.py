# SPDX-License-Identifier: MIT
"""The page of plans says what stands in their folders: cases, and defects as they were printed."""

from __future__ import annotations

import re
from collections import Counter

import yaml
from codes import ROOT

PAGE = (ROOT / "docs" / "plans.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(p\w+)` \|.*\| (\d+) \| ?(.*?) ?\|$", PAGE, re.MULTILINE)
TOTALS = re.search(r"^(\d+) rulesets, (\d+) cases, all passed; (\d+) defects", PAGE, re.MULTILINE)
FOLDERS = {path.parent.name: path.parent for path in (ROOT / "tests/plans").glob("*/ruleset.yaml")}


def _cases(name: str) -> int:
    text = (FOLDERS[name] / "cases.yaml").read_text(encoding="utf-8")
    return len(yaml.load(text, yaml.BaseLoader)["cases of"])


def _defects(name: str) -> Counter[str]:
    recorded = FOLDERS[name] / "as_printed.expected"
    lines = recorded.read_text(encoding="utf-8").splitlines() if recorded.exists() else []
    return Counter(line.split()[0] for line in lines if line[:1].strip())


def test_every_plan_has_its_row_with_its_cases() -> None:
    assert {name: int(cases) for name, cases, _ in ROWS} == {name: _cases(name) for name in FOLDERS}


def test_every_defect_is_listed() -> None:
    for name, _, reported in ROWS:
        listed = {code: int(number) for number, code in re.findall(r"(\d+) `([\w-]+)`", reported)}
        assert listed == dict(_defects(name)), name


def test_the_totals_are_the_sums() -> None:
    assert TOTALS is not None
    defects = sum((_defects(name) for name in FOLDERS), Counter())
    found = (len(FOLDERS), sum(map(_cases, FOLDERS)), defects.total())
    assert tuple(map(int, TOTALS.groups())) == found
