# SPDX-License-Identifier: MIT
"""The benchmark itself: its oracle, its ruleset, the hand-written code, and what it reports."""

import importlib
import json
import xml.etree.ElementTree as ElementTree

import pytest

from tests.benchmarks import chart, names, report
from tests.benchmarks.peers import BY_ROW, COLD, EVERY, FILES, ROWS, TABLES
from tests.benchmarks.policy import REFUSED, TYPICAL, cases, columns, oracle


def peer(name):
    return importlib.import_module(f"tests.benchmarks.peers.{name}")


def test_the_oracle_rounds_ties_away_from_zero_and_owns_its_thresholds():
    case = {**TYPICAL, "target": 100_000_00, "sales": 100_000_00, "key_sales": 25, "margin": 500}
    found = oracle(case)
    assert found["key"] == 1  # 2 % of 0.25 is 0.005
    assert found["team"] == 1_000_00  # on the target: 1 % of 99,999.75 is 999.9975
    assert found["perf"] == 1_300_00  # 5 % exactly is in the band from 5 % on
    assert found["total"] == 26_000_00 + 1 + 1_000_00 + 1_300_00
    assert (found["status"], found["grounds"]) == ("suspended", ["dissatisfied"])
    short = oracle({**case, "target": 100_000_01, "sales": 100_000_00, "margin": 499, "sat": True})
    assert (short["team"], short["perf"], short["grounds"]) == (500_00, 0, ["target"])
    assert oracle({**case, "n": 6}) == REFUSED


def test_cases_are_the_same_every_time_and_hold_every_edge():
    drawn = cases(3000, 1, refused=True)
    assert drawn == cases(3000, 1, refused=True)
    assert any(case["sales"] == case["target"] for case in drawn)
    assert any(case["sales"] == case["target"] - 1 for case in drawn)
    assert any(case["key_sales"] % 50 == 25 for case in drawn)
    assert any(case["n"] > 5 for case in drawn)
    assert {500, 1000, 2000} <= {case["margin"] for case in drawn}
    assert {case["annual"] for case in drawn} == {True, False, None}


@pytest.mark.parametrize(
    "name",
    [
        "rolerules_single",
        "rolerules_trusting",
        "rolerules_reference",
        "hand_decimal",
        "hand_checked",
        "hand_cents",
    ],
)
def test_what_needs_no_other_package_is_right(name):
    module = peer(name)
    evaluate = module.load()
    for case in cases(400, 2, refused=True):
        assert module.answer(evaluate(module.given(case))) == oracle(case)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sales": 1.5}, "sales is no amount"),
        ({"margin": 2}, "the margin is no rate"),
        ({"grade": "M4"}, "not those of the policy"),
        ({"more": 1}, "not those of the policy"),
        ({"n": -1}, "contradict themselves"),
        ({"sat": None}, "task and sat are yes or no"),
        ({"annual": 0}, "annual is yes, no or unknown"),
    ],
)
def test_the_checked_code_refuses_what_the_ruleset_refuses(wrong, said):
    module = peer("hand_checked")
    checked, facts = module.load(), module.given(TYPICAL)
    with pytest.raises(ValueError, match=said):
        checked({**facts, **wrong})


def test_columns_of_answers():
    case = {**TYPICAL, "annual": None, "task": False}
    found = columns([oracle(case)], [None])
    assert found["grounds"] == ["dissatisfied, task"]
    assert found["assessments.annual"] == ["not_due"]
    assert found["assessments.task"] == ["missed"]
    assert found["closing.status"] == ["active"]


def test_every_program_is_named_and_none_twice():
    assert set(EVERY) >= {*ROWS, *TABLES, *FILES, *COLD, *BY_ROW}
    assert all(names.NAMES[name] and name in names.MONEY for name in EVERY)
    assert all(names.OUTPUTS[name] for name in (*TABLES, *FILES))


RESULTS = [
    {"part": "machine", "date": "2026-03-31", "command": "make bench", "cpu": "a processor", "cores": 2,
     "memory_gb": 8, "system": "Linux", "python": "3.11.7", "rolerules": "0.1.0", "load": 0,
     "packages": {"polars": "2.1.0", "zen-engine": ""}},
    {"part": "verify", "peer": "datalogic", "cases": 5000, "wrong": 3, "parts": {"total": 3, "status": 1}},
    {"part": "single", "peer": "rolerules_single", "size": "known", "round": 0, "us": 6, "ratio": 3},
    {"part": "single", "peer": "rolerules_single", "size": "known", "round": 1, "us": 8, "ratio": 4},
    {"part": "single", "peer": "rolerules_single", "size": "known", "round": 2, "us": 4, "ratio": 2},
    {"part": "single", "peer": "datalogic", "size": "known", "round": 0, "us": 12, "ratio": 6},
    {"part": "single", "peer": "datalogic", "size": "known", "round": 1, "us": 4, "ratio": 2},
    {"part": "single", "peer": "datalogic", "size": "known", "round": 2, "us": 4, "ratio": 4},
    {"part": "single", "peer": "zen_graph", "size": "known", "round": 0, "missing": "zen"},
    {"part": "table", "peer": "polars_hand", "size": 1000000, "round": 0, "seconds": 0.5, "peak_mb": 200,
     "total": 10, "suspended": 1},
    {"part": "table", "peer": "rolerules_table", "size": 1000000, "round": 0, "seconds": 1.0,
     "peak_mb": 300, "total": 11, "suspended": 1},
]  # fmt: skip


@pytest.fixture
def results(tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in RESULTS), encoding="utf-8")
    return path


def test_the_report_takes_medians_of_ratios_and_names_what_is_missing_or_wrong(results):
    lines = report.report(results).splitlines()
    # Against datalogic: 3/6, 4/2 and 2/4 in the three rounds.
    assert "| rolerules | 6.00 | 3.00 | 0.50 | – | – |" in lines
    assert (
        "| datalogic | 4.00 | 4.00 | 1.00 | – | **3 of 5,000**, 1 of them in the status |" in lines
    )
    assert "| zen-engine, JDM graph | missing: `zen` is not installed |  |  |  |  |" in lines
    assert "| rolerules | 1.00 | 1.00 | 0.50 | 300 | every column, **wrong sums** |" in lines
    assert any("zen-engine missing" in line for line in lines)


def test_the_chart_is_the_same_for_the_same_figures_and_well_formed(results):
    panels = report.bars(report.read(results))
    drawn = chart.chart(panels)
    assert drawn == chart.chart(panels)
    root = ElementTree.fromstring(drawn)
    shown = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert shown[:5] == [
        "one evaluation, µs (shorter is better)",
        "datalogic",
        "4.00",
        "rolerules",
        "6.00",
    ]
    assert "prefers-color-scheme: dark" in drawn
