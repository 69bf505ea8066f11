# SPDX-License-Identifier: MIT
"""Case files with mistakes: `check` and `test` both find them, and the other cases still run."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rolerules.cli import app
from rolerules.cli.check import check_files
from rolerules.problems import RulesetError
from rolerules.testing.cases import run_file

RULESET = """\
ruleset: shop
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts:
  sales: money
  satisfied: yes/no
  visits:
    type: list
    each:
      length: whole
pay:
  rounding: half up to 0.01
  lines:
    bonus:
      amount: 1% * sales
indicators:
  share:
    value: sales / 3
  good:
    value: month > 6
  day:
    value: as_of
duties:
  call:
    part: leads
    every: month
    done: count(visits) > 0
assessments:
  target:
    every: month
    met: sales >= 100
limits:
  few:
    require: count(visits) < 3
    severity: notice
status:
  states: [active, warned]
  start: active
  changes:
    warn:
      from: active
      to: warned
      grounds:
        each assessment: missed
      effect: right of the company
      adverse: yes
      notice: at once
"""
CASES = """\
cases: shop
cases of:
  - name: first
    as of: 2026-01-31
    facts:
      sales: 100.00
    expect:
EXPECT
  - name: second
    as of: 2026-01-31
    facts:
      sales: 100.00
    expect:
      pay:
        bonus: 1.00
"""


def written(folder: Path, text: str) -> Path:
    (folder / "shop.yaml").write_text(RULESET)
    path = folder / "shop.cases.yaml"
    path.write_text(text)
    return path


def expecting(folder: Path, expect: str) -> Path:
    return written(folder, CASES.replace("EXPECT", f"      {expect}"))


WRONG = [
    ("status: active", "wrong-shape", "active"),
    ("status: [active]", "wrong-shape", "[active]"),
    ("pay: 3", "wrong-shape", "3"),
    ("pay: [3]", "wrong-shape", "[3]"),
    ("assessments: met", "wrong-shape", "met"),
    ("duties: fulfilled", "wrong-shape", "fulfilled"),
    ("indicators: 3", "wrong-shape", "3"),
    ("violations: few", "wrong-shape", "few"),
    ("missing: {sales: 1}", "wrong-shape", "{sales: 1}"),
    ("refused: wrong-type", "wrong-shape", "wrong-type"),
    ("pay: {bonus: [1]}", "wrong-shape", "[1]"),
    ("indicators: {share: {amount: 1}}", "wrong-shape", "{amount: 1}"),
    ("assessments: {target: {needs: sales}}", "wrong-shape", "sales"),
    ("status: {to: [warned]}", "wrong-shape", "[warned]"),
    ("missing: [[sales]]", "wrong-shape", "[sales]"),
    ("pay:", "empty", "pay"),
    ("pay: {}", "empty", "pay"),
    ("pay: {bonus: }", "empty", "bonus"),
    ("status: {to: }", "empty", "to"),
    ("violations:", "empty", "violations"),
    ("refused: []", "empty", "refused"),
    ("assessments: {target: me}", "unknown-word", "me"),
    ("duties: {call: met}", "unknown-word", "met"),
    ("duties: {call: {outcome: done}}", "unknown-word", "done"),
    ("status: {to: warnd}", "unknown-name", "warnd"),
    ("status: {effect: propose}", "unknown-word", "propose"),
    ("status: {grounds: [targets]}", "unknown-name", "targets"),
    ("status: {needs: [sale]}", "unknown-name", "sale"),
    ("refused: [wrong-typ]", "unknown-word", "wrong-typ"),
    ("indicators: {good: maybe}", "unknown-word", "maybe"),
    ("indicators: {day: 2026-02-30}", "wrong-figure", "2026-02-30"),
    ('pay: {bonus: "1,000.00"}', "wrong-figure", '"1,000.00"'),
    ("pay: {bonus: much}", "wrong-figure", "much"),
    ("pay: {bonus: null}", "wrong-figure", "null"),
    ("indicators: {share: 1e3}", "wrong-figure", "1e3"),
    ("pay: {bonus: {amont: 1}}", "unknown-key", "amont"),
    ("pay: {bonu: 1}", "unknown-name", "bonu"),
    ("pai: {bonus: 1}", "unknown-key", "pai"),
]


@pytest.mark.parametrize(("expect", "code", "underlined"), WRONG)
def test_a_wrong_expectation_has_its_place_and_the_others_are_run(
    tmp_path, expect, code, underlined
):
    path = expecting(tmp_path, expect)
    first, second = run_file(path)
    assert [(one.code, one.underlined) for one in first.problems] == [(code, underlined)]
    assert not first.ok
    assert second.ok
    assert check_files([str(path)]) == first.problems
    assert all(one.help for one in first.problems)


@pytest.mark.parametrize(
    "expect",
    [
        "pay: {bonus: 1, total: 1.00}",
        "pay: {bonus: {amount: 1.00, needs: []}}",
        "assessments: {target: met}",
        "duties: {call: {outcome: undetermined, needs: [visits]}}",
        "duties: {call: {needs: [visits]}}",
        "indicators: {share: 100/3}",
        "status: {from: active, to: active, effect: null, grounds: [], notice: null, needs: []}",
        "violations: []",
        "missing: [visits]",
    ],
)
def test_what_can_be_expected(tmp_path, expect):
    path = expecting(tmp_path, expect)
    assert check_files([str(path)]) == ()
    assert [(one.differences, one.problems) for one in run_file(path)] == [((), ())] * 2


@pytest.mark.parametrize("said", ["expect: {}", "expect:", "expect: 3"])
def test_a_case_that_expects_nothing(tmp_path, said):
    text = CASES.replace("expect:\nEXPECT", said)
    path = written(tmp_path, text)
    first, second = run_file(path)
    wanted = "wrong-shape" if said.endswith("3") else "empty"
    assert [one.code for one in first.problems] == [wanted]
    assert (first.name, first.place.line, second.ok) == ("first", 3, True)
    assert check_files([str(path)]) == first.problems


def test_a_broken_case_without_a_name(tmp_path):
    text = CASES.replace("name: first\n    as of", "as of").replace("EXPECT", "      missing: []")
    first, second = run_file(written(tmp_path, text))
    assert (first.name, first.problems[0].code, second.ok) == ("case 1", "missing-key", True)


def test_names_twice(tmp_path):
    text = CASES.replace("EXPECT", "      pay: {bonus: 1}").replace("second", "first")
    path = written(tmp_path, text)
    first, second = run_file(path)
    assert first.ok
    (problem,) = second.problems
    assert (problem.code, problem.underlined) == ("name-taken", "first")
    assert problem.message == "`first` is the name of the case on line 3 already"
    assert check_files([str(path)]) == (problem,)


def test_facts_of_the_wrong_shape(tmp_path):
    text = CASES.replace("EXPECT", "      pay: {bonus: 1}")
    first, second = run_file(written(tmp_path, text.replace("\n      sales: 100.00", " 3", 1)))
    assert [one.code for one in first.problems] == ["wrong-shape"]
    assert second.ok
    for said in ("facts for all: 3", "facts for all: [sales]"):
        path = written(tmp_path, text.replace("cases of", f"{said}\ncases of"))
        with pytest.raises(RulesetError) as refused:
            run_file(path)
        assert [one.code for one in refused.value.problems] == ["wrong-shape"]
        assert check_files([str(path)]) == refused.value.problems


def test_opening_of_the_wrong_shape(tmp_path):
    text = CASES.replace("EXPECT", "      pay: {bonus: 1}")
    for said, code in (("active", "wrong-shape"), ("{status: activ}", "unknown-name"),
                       ("{state: active}", "unknown-key")):  # fmt: skip
        path = written(tmp_path, text.replace("    facts", f"    opening: {said}\n    facts", 1))
        first, second = run_file(path)
        assert [one.code for one in first.problems] == [code]
        assert second.ok
        assert check_files([str(path)]) == first.problems


def test_fields_of_items_are_known(tmp_path):
    text = CASES.replace("EXPECT", "      pay: {bonus: 1}")
    text = text.replace("sales: 100.00", "sales: 100.00\n      visits: [{lenght: 1}]", 1)
    path = written(tmp_path, text)
    (problem,) = check_files([str(path)])
    assert (problem.code, problem.underlined) == ("unknown-name", "lenght")
    assert problem.message == "`lenght` is no field of `visits`"
    assert problem.help == "did you mean `length`?"
    refused = text.replace("pay: {bonus: 1}\n", "refused: [unknown-fact]\n", 1)
    assert check_files([str(written(tmp_path, refused))]) == ()


def test_the_id_is_the_ruleset_s(tmp_path):
    text = CASES.replace("EXPECT", "      pay: {bonus: 1}").replace("cases: shop", "cases: ship")
    path = written(tmp_path, text)
    (problem,) = check_files([str(path)])
    assert (problem.code, problem.underlined) == ("other-ruleset", "ship")
    assert problem.message == "these are cases of `ship`, and the ruleset beside them is `shop`"
    with pytest.raises(RulesetError, match="other-ruleset"):
        run_file(path)


def test_an_unknown_company_has_a_place(tmp_path):
    text = CASES.replace("EXPECT", "      pay: {bonus: 1}")
    path = written(tmp_path, text.replace("cases of", "company: exmple\ncases of"))
    with pytest.raises(RulesetError) as refused:
        run_file(path)
    (problem,) = refused.value.problems
    assert (problem.code, problem.underlined) == ("unknown-company", "exmple")
    assert problem.help == "did you mean `example`?"
    assert check_files([str(path)]) == (problem,)


def test_a_date_without_figures_fails_its_case_only(tmp_path):
    text = RULESET + "parameters:\n  rate:\n    type: rate\n    from 2026-01-01: 1%\n"
    path = expecting(tmp_path, "pay: {bonus: 1.00}")
    (tmp_path / "shop.yaml").write_text(text)
    path.write_text(path.read_text().replace("2026-01-31", "2025-01-31", 1))
    first, second = run_file(path)
    assert "is in force on 2025-01-31" in first.differences[0]
    assert second.ok


def test_by_how_much_is_said_with_the_currency_s_digits(tmp_path):
    first, _ = run_file(expecting(tmp_path, "pay: {bonus: 1.50}"))
    assert first.differences == ("pay: bonus: expected 1.50, found 1.00: 0.50 too little",)
    first, _ = run_file(expecting(tmp_path, "pay: {bonus: 1.005}"))
    assert first.differences == ("pay: bonus: expected 1.005, found 1.00: 0.005 too little",)


def test_the_command_line_counts_them_as_failed(tmp_path):
    path = expecting(tmp_path, "pay: 3")
    result = CliRunner().invoke(app, ["test", str(path)])
    assert result.exit_code == 1
    assert result.stdout == "1 case passed, 1 failed\n"
    assert f"{path}:8:12: a single value cannot stand here [wrong-shape]" in result.stderr


@pytest.mark.parametrize(("written_as", "amount"), [("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None),
                                                   ("100.00", "1.00")])  # fmt: skip
def test_what_is_unknown_is_unknown_in_cases_and_in_facts_files(tmp_path, written_as, amount):
    expect = f"      pay: {{bonus: {amount}}}" if amount else "      pay: {bonus: {needs: [sales]}}"
    cases = CASES.replace("EXPECT", expect).replace("sales: 100.00", f"sales: {written_as}", 1)
    assert all(one.ok for one in run_file(written(tmp_path, cases)))
    facts = tmp_path / "facts.yaml"
    facts.write_text(f"as of: 2026-01-31\nfacts:\n  sales: {written_as}\n")
    words = ["evaluate", str(tmp_path / "shop.yaml"), str(facts), "--format", "json"]
    found = json.loads(CliRunner().invoke(app, words).stdout)
    assert found["pay"]["total"] == amount
