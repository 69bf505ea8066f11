# SPDX-License-Identifier: MIT
"""Roles side by side, in columns and as a Markdown table."""

import pytest

import rolerules
from rolerules.analysis.roles import Roles, side_by_side
from rolerules.explain.statement import width_of

ROLES = ("executive-director", "director-of-operations", "marketing-director")


@pytest.fixture(scope="module")
def roles() -> Roles:
    return side_by_side([rolerules.load(name).model for name in ROLES])


def test_order_is_as_asked(roles):
    assert roles.titles == ("Executive director", "Director of operations", "Marketing director")
    names = [aspect.name for aspect in roles.aspects]
    assert names == ["Overview", "Duties", "Pay", "Assessment", "Suspension"]


def test_duties_say_the_part(roles):
    duties = [point for role in roles.aspects[1].points for point in role]
    assert len(duties) == sum(len(rolerules.load(name).model.duties) for name in ROLES)
    assert (
        "Write a summary and report it: reports to General Manager, every quarter (ED-6)" in duties
    )
    assert "Write the implementation process: leads, every year (ED-7)" in duties


def test_pay_is_said_or_not_there(roles):
    executive, operations, marketing = roles.aspects[2].points
    assert executive == operations == ("no pay lines",)
    assert marketing[2] == (
        "Team management commission: team_rate_met * team_own_sales if target_met; "
        "team_rate_missed * team_own_sales (PAY-2b, PAY-2c)"
    )


def test_assessments_keep_the_order_of_the_file(roles):
    first, second, third = roles.aspects[3].points[2]
    assert first == ("Quarterly sales target, every quarter: team_sales >= team_target (ASM-1)")
    assert second.startswith("Annual sales target")
    assert third.startswith("Special tasks")


def test_suspension_is_a_proposal(roles):
    for points in roles.aspects[4].points:
        assert points == (
            "active → suspended: right of the company (ASM-3)",
            "proposed only, until a named person of the company confirms it",
            "grounds: any assessment missed; Company dissatisfaction (not satisfied)",
            "notice: at once",
        )


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_text_fits(roles, width):
    lines = roles.to_text(width).split("\n")
    assert max(map(width_of, lines)) <= width
    assert lines[0].split(" | ")[0].startswith("Executive")


def test_markdown_is_one_table(roles):
    lines = roles.to_markdown().split("\n")
    assert len(lines) == 2 + len(roles.aspects)
    assert lines[1] == "| --- | --- | --- | --- |"
    assert all(line.count(" | ") == 3 and line.startswith("|") for line in lines)
    assert r"base\_salary\[grade\]" in lines[4]


def test_markdown_escapes():
    roles = Roles(("a|b",), ())
    assert roles.to_markdown().split("\n")[0] == r"|  | a\|b |"
