# SPDX-License-Identifier: MIT
"""Every problem code is shown by a case and documented, and every message keeps its style."""

from __future__ import annotations

import re
import sys

import pytest
from codes import ROOT, codes

sys.path.insert(0, str(ROOT / "tests"))
from record import bad_files, problems_of
from refusals import REFUSALS

from rolerules import Problem
from rolerules.testing.expectations import REFUSALS as REFUSED

CODES = sorted(codes())
LIMITED = {
    "file-too-large",
    "formula-too-deep",
    "formula-too-long",
    "table-too-large",
    "too-deep",
    "too-many-nodes",
}
"""Shown by the tests of the limits, since a file past them is no small one."""
PAGE = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### ([a-z0-9-]+)\n(.*?)(?=^### |\Z)", PAGE, re.MULTILINE | re.DOTALL))
TYPES = re.compile(r"\b(str|int|dict|tuple|None|bool|NoneType|Fraction|object|Traceback)\b")


def _shown() -> set[str]:
    recorded = {
        line.split()[0]
        for path in bad_files()
        for line in path.with_suffix(".expected").read_text().splitlines()
        if line[:1].strip()
    }
    return recorded | {refusal.code for refusal in REFUSALS} | LIMITED


def _all() -> list[Problem]:
    return [problem for path in bad_files() for problem in problems_of(path)]


def test_codes_are_found() -> None:
    assert len(CODES) > 100
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", code) for code in CODES)


def test_no_code_is_documented_twice() -> None:
    headings = re.findall(r"^### ([a-z0-9-]+)$", PAGE, re.MULTILINE)
    assert len(headings) == len(set(headings))


def test_every_code_is_shown_by_a_case() -> None:
    assert set(CODES) - _shown() == set()


def test_no_case_shows_a_code_that_is_gone() -> None:
    assert _shown() - set(CODES) == set()


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_documented(code: str) -> None:
    assert code in SECTIONS, "add a section to docs/problems.md"
    assert "```" in SECTIONS[code] or "`" in SECTIONS[code]
    assert "**Mend:**" in SECTIONS[code]


def test_cases_can_expect_every_code_that_can_come_at_evaluation() -> None:
    at_evaluation = {
        code
        for code, modules in codes().items()
        if any(
            module.startswith("engines/") or module in ("plan/lower.py", "ruleset.py")
            for module in modules
        )
    }
    # Cases are decided by the default engine, which neither needs durable-rules nor has its limits.
    never = {"division", "durable-limit", "durable-missing"}
    assert at_evaluation - never == set(REFUSED)


def test_the_page_is_sorted_and_holds_no_code_that_is_gone() -> None:
    assert list(SECTIONS) == CODES


def test_messages_keep_their_style() -> None:
    told = [(one.code, one.message, one.help) for one in _all()]
    told += [(one.code, one.message, one.help) for one in REFUSALS]
    wrong = [
        code
        for code, message, _ in told
        if message[:1].isupper() and not message.startswith("YAML")
    ]
    wrong += [code for code, message, _ in told if message.endswith(".") or "\n" in message]
    wrong += [code for code, message, _ in told if TYPES.search(re.sub(r"`[^`]*`", "", message))]
    wrong += [code for code, _, mend in told if not mend and code != "division"]
    assert wrong == []
