# SPDX-License-Identifier: MIT
"""Reference, single and columnar engine agree: random rulesets, and every plan's own cases."""

from __future__ import annotations

import datetime
import os
import random
from collections import Counter, defaultdict

import polars as pl
import pytest
import tables
from generators.loading import loaded
from tables import Case, campaign, hold_columns, hold_single, hold_table, said, survey
from test_cases import CASE_FILES

from rolerules import Ruleset, RulesetError
from rolerules.engines.facts import read_as_of
from rolerules.problems import FactError
from rolerules.testing import boundary_cases
from rolerules.testing.cases import run_file

CASES = int(os.environ.get("ROLERULES_AGREEMENT_CASES", "200000"))
SHARES = 20
EACH = CASES // tables.ROWS // SHARES


@pytest.mark.parametrize("share", range(SHARES))
def test_random_rulesets(share):
    counts = campaign(range(share * EACH, (share + 1) * EACH))
    rows = counts["columns: rows"] - counts["columns: refused by the reference engine"]
    assert counts["columns: decided"] > rows * 0.6
    assert counts["with something unknown"] > counts["cases"] // 4
    assert counts["single: rows"] == counts["cases"] // tables.SINGLE
    assert counts["refused"] > 0
    assert counts["table: rows"] > counts["table: refused"] > 0


def test_one_wrong_cell_is_a_difference_of_each_engine(monkeypatch):
    """Of several rulesets, since one may have no total that is known."""
    decide, single, whole = tables.decide, tables.said, Ruleset.evaluate_table

    def one_off(frame, name):
        return None if frame is None else frame.with_columns(frame[name] + 1)

    def first(numbers):
        return survey(numbers, 0, 100)[1][0]

    monkeypatch.setattr(tables, "decide", lambda *given: one_off(decide(*given), "pay.total"))
    assert "columns" in first(range(1, 5))
    monkeypatch.setattr(Ruleset, "evaluate_table", lambda self, *given, **more: one_off(whole(self, *given, **more), "pay.total"))  # fmt: skip
    assert "table" in first(range(0, 50, tables.THROUGH_TABLES))
    monkeypatch.setattr(tables, "said", lambda *given: single(*given) if given[-1] != "single" else "wrong")  # fmt: skip
    assert "single" in first(range(1, 5))


def test_a_refused_row_that_is_decided_by_columns_is_a_difference(monkeypatch):
    decide = tables.decide
    monkeypatch.setattr(
        tables, "decide", lambda *given: decide(*given).with_columns(exact=pl.lit(False))
    )
    assert any("decided, wanted" in one for one in survey(range(1, 10), 0, 100)[1])


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_case_file(path, monkeypatch):
    """All cases of a file that one ruleset decides on one day, together with their boundaries, at once."""
    evaluate, asked = Ruleset.evaluate, defaultdict(list)

    def kept(self, facts, *, as_of, opening=None, **engine):
        asked[id(self), str(as_of)].append((self, facts, as_of, opening))
        return evaluate(self, facts, as_of=as_of, opening=opening, **engine)

    monkeypatch.setattr(Ruleset, "evaluate", kept)
    run_file(path)
    monkeypatch.undo()
    for cases in asked.values():
        _together(cases)


def _together(asked):
    ruleset, _, as_of, opening = asked[0]
    try:
        day = read_as_of(as_of)
        edges = boundary_cases(ruleset, as_of=as_of, opening=opening)
    except (FactError, RulesetError):  # a date that is none or has no figures: nothing to decide
        return
    edges = random.Random(0).sample(edges, min(40, len(edges)))
    rows = [(facts, one) for _, facts, _, one in asked] + [(facts, opening) for facts in edges]
    cases = [Case(facts, day, one, said(ruleset, facts, day, one, "reference")) for facts, one in rows]  # fmt: skip
    counts = Counter()
    hold_single(ruleset, cases, str(as_of), counts)
    hold_columns(ruleset, cases, str(as_of), counts)
    of_facts = [one for one in cases if one.facts.keys() <= ruleset.model.facts.keys()]
    hold_table(ruleset, of_facts, str(as_of), counts)  # a column that is no fact refuses them all


HEAD = "ruleset: one\nlanguage: 1\nversion: 1.0.0\ncurrency: CNY\nperiod: month\nyear starts: 1 January\n"


def _agree(text, rows):
    ruleset = loaded(HEAD + text)
    day = datetime.date(2026, 3, 31)
    cases = [Case(facts, day, None, said(ruleset, facts, day, None, "reference")) for facts in rows]
    counts = Counter()
    hold_columns(ruleset, cases, "columns", counts)
    hold_table(ruleset, cases, "table", counts)
    return counts


@pytest.mark.parametrize("first", ["silent gap", "2026-03-01"])
def test_several_rows_of_a_unique_table_refuse_a_case_whatever_they_wait_for(first):
    text = (
        "readings: {gap: {text: Open., source: S-1}}\nfacts: {a: number, b: number}\n"
        "tables:\n  t:\n    hit: unique\n    gives: date\n    inputs: [a]\n    otherwise: 2026-12-31\n"
        f"    rows:\n      - [b or more, {first}]\n      - [under 5, 2026-01-01]\n"
        "indicators: {n: {value: t}}\n"
    )
    assert _agree(text, [{"a": 3, "b": 2}, {"a": 3, "b": 4}])["table: refused"] == 1


@pytest.mark.parametrize("how", ["<", "<=", ">", ">=", "=", "!="])
@pytest.mark.parametrize("senior", [True, False])
def test_a_day_is_compared_with_one_that_every_row_chooses_alike(how, senior):
    choice = "(if senior then 2026-03-15 else 2026-03-31)"
    text = (
        "facts: {senior: yes/no}\nassessments:\n"
        f"  one: {{every: month, met: '2026-03-15 {how} {choice}'}}\n"
        f"  two: {{every: month, met: '{choice} {how} 2026-03-15'}}\n"
    )
    assert _agree(text, [{"senior": senior}] * 3)["columns: decided"] == 3


@pytest.mark.parametrize("test", ["k or t", "not (k or t)"])
def test_an_unknown_yes_or_no_of_the_reference_engine_is_no_yes(test):
    ruleset = loaded(
        f"{HEAD}readings: {{gap: {{text: Open., source: S-1}}}}\nfacts: {{f: whole, k: yes/no}}\n"
        "tables:\n  t:\n    hit: priority\n    gives: yes/no\n    inputs: [f]\n    priority: [no, yes]\n"
        "    rows:\n      - [7 or more, silent gap]\n      - [any, yes]\n"
        "pay:\n  rounding: half up to 0.01\n"
        f"  lines: {{a: {{amount: 'if {test} then 5 else 7'}}}}\n"
    )
    facts, day = {"f": 9, "k": False}, datetime.date(2026, 3, 31)
    wanted = said(ruleset, facts, day, None, "reference")
    assert wanted.total.amount is None
    for _ in range(3):  # the first case of a ruleset may be another engine's
        assert said(ruleset, facts, day, None, "single") == wanted
