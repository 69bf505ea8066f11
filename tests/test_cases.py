# SPDX-License-Identifier: MIT
"""Every construct of the language, in files: the good ones by their cases, the bad ones by their problems."""

from __future__ import annotations

from pathlib import Path

import pytest
from record import CASES, bad_files, report
from refusals import REFUSALS, Refusal

from rolerules.model.check import check
from rolerules.model.sources import collect, shipped
from rolerules.testing.cases import run_file

CASE_FILES = sorted([*CASES.glob("*/good/*.cases.yaml"), *CASES.parent.glob("plans/*/cases.yaml"),
                     *CASES.parent.glob("outside/*/*.cases.yaml")])  # fmt: skip


POLICIES = sorted([*CASES.glob("*/policies/*.yaml"), *shipped().glob("policies/*.yaml")])


def _name(path: Path) -> str:
    return path.stem


def _id(path: Path) -> str:
    return path.relative_to(CASES.parent).as_posix()


@pytest.mark.parametrize("path", CASE_FILES, ids=_id)
def test_good(path: Path) -> None:
    results = run_file(path)
    assert results
    assert [(one.name, one.differences) for one in results if not one.ok] == []


@pytest.mark.parametrize("path", bad_files(), ids=_id)
def test_bad(path: Path) -> None:
    assert report(path) == path.with_suffix(".expected").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", POLICIES, ids=_name)
def test_a_policy_can_be_checked_alone(path: Path) -> None:
    _, problems = check(collect(path))
    assert problems == ()


def test_every_good_ruleset_has_cases() -> None:
    rulesets = [
        path
        for path in CASES.glob("*/good/*.yaml")
        if not path.name.endswith((".cases.yaml", ".company.yaml"))
    ]
    assert [_id(path) for path in rulesets if not path.with_suffix(".cases.yaml").is_file()] == []


def test_no_expected_text_is_left_behind() -> None:
    assert [
        _id(path)
        for path in [*CASES.glob("*/bad/*.expected"), *CASES.parent.glob("*/*/as_printed.expected")]
        if path.with_suffix(".yaml") not in bad_files()
    ] == []


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: f"{refusal.code}-{refusal.name}")
def test_refused(refusal: Refusal, tmp_path: Path) -> None:
    found = refusal.problems(tmp_path)
    assert [(one.code, one.path, one.message, one.help) for one in found] == [
        (refusal.code, refusal.path, refusal.message, refusal.help)
    ]
