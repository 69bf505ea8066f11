# SPDX-License-Identifier: MIT
"""What a figure, a date or a word that cannot be read was most likely meant for."""

from __future__ import annotations

import pytest

from rolerules.problems import choices, nearest
from rolerules.spelling import corrected, counted, date_help, invisible, plain_figures

FIGURES = {
    "92,500.40": ["92500.40"], "92.500,40": ["92500.40"], "92 500.40": ["92500.40"], "92'500.40": ["92500.40"],
    "92\xa0500.40": ["92500.40"], "92500.40 EUR": ["92500.40"], "CNY 5": ["5"], "€ 5": ["5"], "12,5 %": ["12.5%"],
    "-1,000.00": ["-1000.00"], "1,000,000": ["1000000"], "1.000.000": ["1000000"], "1,5": ["1.5"], "0,500": ["0.500"],
    "92,500": ["92500", "92.500"], "much": [], "1e3": [], "1,2,3": [], "1.2.3": [], "5%": [], "": [],
}  # fmt: skip
DATES = {
    "31.12.2026": "write `2026-12-31`", "2026/9/30": "write `2026-09-30`", "20260930": "write `2026-09-30`",
    "12/31/2026": "write `2026-12-31`", "03/04/2026": "write `2026-04-03` or `2026-03-04`",
    "2026-02-30": "there is no such day: write a day of the calendar, such as `2026-09-30`", "soon": "",
}  # fmt: skip


@pytest.mark.parametrize("text", FIGURES)
def test_figures(text: str) -> None:
    assert list(plain_figures(text)) == FIGURES[text]


@pytest.mark.parametrize("text", DATES)
def test_dates(text: str) -> None:
    assert date_help(text) == DATES[text]


def test_words() -> None:
    assert corrected("Shop_Manager", "shop-manager".__eq__) == "shop-manager"
    assert corrected("eur", "EUR".__eq__) == "EUR"
    assert corrected("1 january", "1 January".__eq__) == "1 January"
    assert corrected("30.09.2026", "2026-09-30".__eq__) == "2026-09-30"
    assert corrected("much", "EUR".__eq__) == ""
    assert (counted(1, "input"), counted(5001, "row")) == ("1 input", "5,001 rows")


def test_characters_that_nobody_sees() -> None:
    assert invisible("team sales") is None
    assert invisible("team\xa0sales") == (4, "U+00A0 (no-break space)")
    assert invisible("yes\u200b") == (3, "U+200B (zero width space)")


def test_words_of_others_mean_ours() -> None:
    types = ["choice", "money", "number", "rate", "text", "whole", "yes/no"]
    assert nearest("bolean", types) == "did you mean `yes/no`?"
    assert nearest("Integer", types) == "did you mean `whole`?"
    assert nearest("integer", ["money"]) == "known here: `money`"


def test_a_few_words_are_shown_whole() -> None:
    twelve = [f"a{number:02}" for number in range(12)]
    assert nearest("x", twelve).count("`a") == 12
    assert nearest("x", [*twelve, "a12"]).endswith("`a04` and 8 more")
    assert choices("m2", ["M1", "M2"]) == "did you mean `M2`? the choices are `M1`, `M2`"
    assert choices("x", ["M1", "M2"]) == "the choices are `M1`, `M2`"
