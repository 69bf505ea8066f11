# SPDX-License-Identifier: MIT
"""Scales: types of their results, ends of lines, and edges that share a place."""

import pytest
from generators.loading import checked, loaded

HEAD = """ruleset: random-one
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts:
  amount: money
  share: number
  bonus: money
  count: whole
  day: date
"""


def text(scale, *edges, value="s"):
    lines = "".join(f"      {edge}\n" for edge in edges)
    return f"{HEAD}scales:\n  s:\n    {scale}\n    edges:\n{lines}indicators:\n  i:\n    value: {value}\n"


def found(scale, *edges, value="s", **facts):
    return (
        loaded(text(scale, *edges, value=value)).evaluate(facts, as_of="2026-01-31").indicators["i"]
    )


def codes(scale, *edges):
    return [problem.code for problem in checked(text(scale, *edges))[1]]


class TestLines:
    ENDS = ("below 100: 0%", "at 100: 0%", "from 300: 100%")

    def test_over_money_between_bare_figures_it_gives_a_number(self):
        assert found("linear: amount", *self.ENDS, amount=150) * 4 == 1
        assert found("linear: amount", *self.ENDS, value="s * 100", amount=200) == 50

    def test_it_can_give_money(self):
        edges = ("below 100: 0", "at 100: 0", "from 300: bonus")
        assert found("linear: amount", *edges, amount=150, bonus=1000) == 250
        assert found("linear: share", *edges, share=150, bonus=1000) == 250

    def test_it_can_be_explained(self):
        ruleset = loaded(text("linear: amount", *self.ENDS))
        explanation = ruleset.explain({"amount": 150}, as_of="2026-01-31")
        assert explanation.to_text()

    @pytest.mark.parametrize(
        "edges",
        [
            ("below 0: continues", "from 0: 5%"), ("below 0: 1%", "at 0: 5%", "above 0: continues"),
            ("up to and including 0: 5%", "above 0: continues"),
        ],
    )  # fmt: skip
    def test_a_line_through_one_point_cannot_continue(self, edges):
        assert codes("linear: share", *edges) == ["edge-form"]

    def test_one_point_with_values_beyond_it(self):
        edges = ("below 0: 1%", "at 0: 5%", "above 0: 3%")
        assert [found("linear: share", *edges, value="s * 100", share=at) for at in (-1, 0, 1)] == [
            1,
            5,
            3,
        ]


class TestEdges:
    @pytest.mark.parametrize("kind", ["marginal", "whole"])
    @pytest.mark.parametrize("words", [("from", "above"), ("above", "from")])
    def test_two_bands_cannot_begin_at_one_place(self, kind, words):
        one, two = words
        edges = ("below 10: 1%", "from 10: 1%", f"{one} 20: 2%", f"{two} 20: 3%")
        assert codes(f"{kind}: amount", *edges) == ["edge-order"]

    def test_two_points_cannot_share_a_place(self):
        edges = ("below 0: 0%", "at 0: 0%", "at 10: 1%", "from 10: 2%")
        assert codes("linear: share", *edges) == ["edge-order"]

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [("below", "from", 20), ("up to and including", "above", 10)],
    )
    def test_who_owns_an_edge(self, first, second, expected):
        edges = (f"{first} 100: 10%", f"{second} 100: 20%")
        assert found("whole: amount", *edges, amount=100) == expected
        assert found("whole: amount", *edges, amount="99.99") * 1000 == 9999
        assert found("whole: amount", *edges, amount="100.01") * 1000 == 20002


def test_a_table_of_whole_numbers_gives_whole_ones():
    ruleset = loaded(
        HEAD
        + "tables:\n  t:\n    hit: collect sum\n    gives: whole\n    inputs: [amount]\n    rows:\n"
        "      - [any, 2]\n      - [over 5, count]\nassessments:\n  a:\n    every: month\n"
        "    met: add_days(day, t) = as_of\n"
    )
    case = {"amount": 6, "count": 3, "day": "2026-01-26"}
    assert ruleset.evaluate(case, as_of="2026-01-31").assessments["a"].outcome == "met"
    assert ruleset.explain(case, as_of="2026-01-31").to_text()
