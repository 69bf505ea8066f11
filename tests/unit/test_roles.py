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
    assert names == ["Overview", "Duties", "Pay", "Assessment", "Changes of status"]


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
    assert marketing[0] == (
        "Basic salary: basic salary for the quarter, by grade (salary grade) (PAY-1)"
    )
    assert marketing[2] == (
        "Team management commission: "
        "team commission rate, target met * team's sales less named customers' sales "
        "if the quarter's sales target is met; "
        "team commission rate, target missed * team's sales less named customers' sales "
        "otherwise (PAY-2b, PAY-2c)"
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


def test_what_is_no_name_stays(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text(
        "ruleset: r\nlanguage: 1\nversion: 1.0.0\nperiod: year\nyear starts: 1 January\n"
        "currency: EUR\nfacts:\n  region: text\n  visits:\n    type: list\n    each:\n"
        "      paid: money\n  iban:\n    type: yes/no\n    title: IBAN known\n"
        "pay:\n  rounding: half up to 0.01\n  lines:\n    a:\n      rules:\n"
        '        - when: region = "visits" and iban\n          amount: sum(visits.paid)\n'
        "        - otherwise:\n          amount: 0\n"
    )
    roles = side_by_side([rolerules.load(path).model])
    assert roles.aspects[2].points == (
        ('A: sum(visits.paid) if region = "visits" and IBAN known; 0 otherwise',),
    )


def test_a_company_s_figures_say_whose_they_are():
    model = rolerules.load("marketing-director", company="example").model
    figures = side_by_side([rolerules.load("executive-director").model, model]).aspects[-1]
    assert figures.name == "Figures of the company"
    executive, marketing = figures.points
    assert executive == ("–",)
    title = "Example company (invented figures, not from the policy text)"
    assert marketing[0] == f"Basic salary for the quarter, by grade: set by {title} (PAY-1)"


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
    assert r"team commission rate, target met \* team's sales" in lines[4]


def test_markdown_escapes():
    roles = Roles(("a|b",), ())
    assert roles.to_markdown().split("\n")[0] == r"|  | a\|b |"
