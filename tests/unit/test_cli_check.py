# SPDX-License-Identifier: MIT
"""`rolerules check`: every kind of file, every format, all problems at once."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rolerules.cli import app
from rolerules.cli.check import annotation, check_files
from rolerules.model.sources import shipped
from rolerules.problems import Problem, Span

BAD = """\
ruleset: bad
language: 1
version: 1.0.0
period: quarter
year starts: 1 January
currency: CNY
fact:
  a: money
facts:
  sales: money
values:
  rate: sales + sale
  less: min(sales,
"""
CASES = """\
cases: marketing-director
company: example
facts for all:
  sold: 1
cases of:
  - name: misnamed
    as of: 2026-02-30
    facts:
      grad: M1
    expect:
      pai:
        total: 1
      pay:
        totl: 3
        total: 4
      assessments:
        quarterly: met
      duties:
        market: fulfilled
      indicators:
        profit: 1
      status:
        too: suspended
      violations: [at_most_five]
      notices: [three_or_more_key_accounts]
      missing: [grad]
  - name: meant to be refused
    as of: 2026-02-31
    facts:
      nobody: 1
    expect:
      refused: [unknown-fact, as-of]
"""


def run(*args: object) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, args)])


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_files():
    result = run(shipped())
    assert (result.output, result.exit_code) == ("no problems in 8 files\n", 0)


def test_company_is_used():
    role = shipped() / "roles" / "marketing_director.yaml"
    assert run(role, "--company", "example").output == "no problems in 1 file\n"
    result = run(role, "--company", "nobody")
    assert result.exit_code == 2
    assert "there is no company `nobody`" in result.output
    policy = shipped() / "policies" / "assessment_and_suspension.yaml"
    assert run(policy, "--company", "example").exit_code == 0


def test_text_shows_every_problem_with_its_place(tmp_path):
    path = write(tmp_path, "bad.yaml", BAD)
    result = run(path)
    assert result.exit_code == 1
    assert result.stdout == (
        f"{path}:7:1: `fact` is not a key that can stand here [unknown-key]\n"
        "  7 | fact:\n"
        "    | ^^^^\n"
        "  help: did you mean `facts`?\n"
        "\n"
        f"{path}:12:17: `sale` is not known here [unknown-name]\n"
        "  12 |   rate: sales + sale\n"
        "     |                 ^^^^\n"
        "  help: did you mean `sales`?\n"
        "\n"
        f"{path}:13:18: the formula ends after `,`, where an operand is missing [missing-operand]\n"
        "  13 |   less: min(sales,\n"
        "     |                  ^\n"
        "  help: write what belongs after it\n"
        "\n"
        "3 problems in 1 file\n"
    )


def test_json(tmp_path):
    path = write(tmp_path, "bad.yaml", BAD)
    result = run(path, "--format", "json")
    assert result.exit_code == 1
    first, *_ = problems = json.loads(result.stdout)
    assert [problem["line"] for problem in problems] == [7, 12, 13]
    assert first["code"] == "unknown-key"
    assert (first["file"], first["underlined"]) == (str(path), "fact")
    assert json.loads(run(shipped(), "--format", "json").output) == []


def test_github(tmp_path):
    path = write(tmp_path, "bad.yaml", BAD)
    lines = run(path, "--format", "github").stdout.splitlines()
    assert lines[1] == (
        f"::error file={path},line=12,col=17,endColumn=21,title=unknown-name"
        "::`sale` is not known here%0Ahelp: did you mean `sales`?"
    )


def test_github_escapes():
    one = Problem("c", "100 %\r\nand: more, yes", Span("a:b,c%.yaml", 3, 1, 4, 2))
    assert annotation(one) == (
        "::error file=a%3Ab%2Cc%25.yaml,line=3,col=1,endLine=4,title=c::100 %25%0D%0Aand: more, yes"
    )
    assert annotation(Problem("c", "m", severity="notice")) == "::notice title=c::m"


def test_a_problem_reached_twice_is_said_once(tmp_path):
    for folder in ("roles", "policies", "companies"):
        shutil.copytree(shipped() / folder, tmp_path / folder)
    policy = tmp_path / "policies" / "assessment_and_suspension.yaml"
    policy.write_text(policy.read_text().replace("start: active", "start: activ"))
    problems = check_files([str(path) for path in sorted(tmp_path.rglob("*.yaml"))])
    assert [problem.code for problem in problems] == ["unknown-state"]


def test_files_that_cannot_be_read(tmp_path):
    write(tmp_path, "latin.yaml", "")
    (tmp_path / "latin.yaml").write_bytes("titel: Überblick".encode("latin-1"))
    result = run(tmp_path / "latin.yaml", tmp_path / "none.yaml")
    assert result.exit_code == 2
    assert "byte 0xdc is no part of a UTF-8 text [not-utf8]" in result.output
    assert "none.yaml` cannot be read: No such file or directory [no-such-file]" in result.output
    assert "2 problems in 1 file" in result.output


def test_folders(tmp_path):
    result = run(tmp_path)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"no file below `{tmp_path}` ends with `.yaml`")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    write(tmp_path / "deep" / "er", "bad.yaml", BAD)
    assert run(tmp_path).output.endswith("3 problems in 1 file\n")
    assert run(tmp_path, tmp_path / "deep" / "er" / "bad.yaml").output.count("unknown-key") == 1


def test_other_yaml_files_in_folders_are_skipped(tmp_path):
    write(tmp_path, "bad.yaml", BAD)
    write(tmp_path, "facts.yaml", "as_of: 2026-01-31\nfacts:\n  company: C-1\n")
    write(tmp_path, "misspelt.yaml", "rulset: x\nlanguage: 1\n")
    result = run(tmp_path)
    assert result.stderr == "skipped 1 other YAML file\n"
    assert "misspelt.yaml:1:1: nothing says what kind of file this is" in result.stdout
    assert result.stdout.endswith("4 problems in 2 files\n")
    named = run(tmp_path / "facts.yaml")
    assert "nothing says what kind of file this is" in named.stdout
    assert named.stderr == ""


class TestCases:
    def test_names_are_the_ruleset_s(self, tmp_path):
        problems = check_files([str(write(tmp_path, "c.yaml", CASES))])
        assert [(one.code, one.underlined, one.help) for one in problems] == [
            ("unknown-name", "sold", one_of_facts()),
            (
                "as-of",
                "2026-02-30",
                "there is no such day: write a day of the calendar, such as `2026-09-30`",
            ),
            ("unknown-name", "grad", "did you mean `grade`?"),
            ("unknown-key", "pai", "did you mean `pay`?"),
            ("unknown-name", "totl", "did you mean `total`?"),
            ("unknown-name", "quarterly", "did you mean `quarterly_sales`?"),
            ("unknown-name", "market", "did you mean `market_share`?"),
            ("unknown-name", "profit", "did you mean `profit_rate`?"),
            ("unknown-name", "too", "did you mean `to`?"),
            ("unknown-name", "at_most_five", "did you mean `at_most_five_key_accounts`?"),
            ("unknown-name", "grad", "did you mean `grade`?"),
        ]
        assert problems[3].message == "`pai` is nothing that can be expected"
        assert problems[4].message == "`totl` is no pay line of the ruleset `marketing-director`"

    @pytest.mark.parametrize(
        ("old", "new", "code", "underlined", "mend"),
        [
            ("cases: m", "cases: n", "unknown-ruleset", "narketing-director", "marketing-director"),
            ("company: example", "company: exampl", "unknown-company", "exampl", "example"),
        ],
    )
    def test_what_they_name_is_known(self, tmp_path, old, new, code, underlined, mend):
        path = write(tmp_path, "c.yaml", CASES.replace(old, new))
        (problem,) = check_files([str(path)])
        assert (problem.code, problem.underlined) == (code, underlined)
        assert problem.help == f"did you mean `{mend}`?"
        assert run(path).exit_code == 1

    def test_ruleset_beside(self, tmp_path):
        write(tmp_path, "ruleset.yaml", BAD)
        text = "cases: bad\ncases of: []\n"
        codes = [one.code for one in check_files([str(write(tmp_path, "c.yaml", text))])]
        assert codes == ["unknown-key", "unknown-name", "missing-operand"]


class TestCompanies:
    COMPANY = (shipped() / "companies" / "example.yaml").read_text()

    def test_checked_with_every_ruleset_they_name(self, tmp_path):
        text = self.COMPANY.replace("M1: 20000.00", "M9: 20000.00")
        problems = check_files([str(write(tmp_path, "c.yaml", text))])
        codes = [(one.code, one.underlined) for one in problems]
        assert codes == [("figure-missing", "M9"), ("unknown-choice", "M9")]

    def shop(self, folder: Path, figures_for: str) -> tuple[Path, Path]:
        ruleset = (
            "ruleset: shop-manager\nlanguage: 1\nversion: 1.0.0\ncurrency: CNY\nperiod: month\n"
            "year starts: 1 January\nparameters:\n  base:\n    type: money\n    set by: company\n"
        )
        company = (
            "company: ours\nlanguage: 1\nversion: 1.0.0\nfigures for:\n"
            f"  {figures_for}:\n    parameters:\n      base:\n        value: 1.00\n"
        )
        return (
            write(folder, "shop_manager.yaml", ruleset),
            write(folder, "ours.yaml", company),
        )

    @pytest.mark.parametrize("misspelt", ["shop_manager", "shop-mangers"])
    def test_a_ruleset_beside_is_misspelt(self, tmp_path, misspelt):
        role, company = self.shop(tmp_path, misspelt)
        for problems in (check_files([str(role)], str(company)), check_files([str(company)])):
            (problem,) = problems
            assert (problem.code, problem.underlined) == ("unknown-ruleset", misspelt)
            assert problem.place.file == str(company)
            assert problem.help == "did you mean `shop-manager`?"
        assert check_files([str(one) for one in self.shop(tmp_path, "shop-manager")]) == ()

    def test_missing_figures_name_the_company_s_file(self, tmp_path):
        role, company = self.shop(tmp_path, "marketing-director")
        (problem,) = check_files([str(role)], str(company))
        assert problem.message == f"the company's file `{company}` has no figure for `base`"

    def test_ids_known_are_those_beside_too(self, tmp_path):
        _, company = self.shop(tmp_path, "zzz")
        (problem,) = check_files([str(company)])
        assert "`shop-manager`" in problem.help
        assert "ours" not in problem.help

    def test_unknown_ruleset(self, tmp_path):
        text = self.COMPANY.replace("marketing-director:", "marketing-directr:")
        (problem,) = check_files([str(write(tmp_path, "c.yaml", text))])
        assert (problem.code, problem.underlined) == ("unknown-ruleset", "marketing-directr")
        assert problem.help == "did you mean `marketing-director`?"


def one_of_facts() -> str:
    from rolerules import load
    from rolerules.problems import nearest

    return nearest("sold", load("marketing-director").model.facts)


def test_a_notice_stops_nothing(tmp_path: Path) -> None:
    text = """\
ruleset: noted
language: 1
version: 1.0.0
period: quarter
year starts: 1 January
facts:
  quality: {type: rate, min: 0%, max: 100%}
limits:
  most: {require: quality <= 100%, severity: error}
"""
    path = tmp_path / "noted.yaml"
    path.write_text(text, encoding="utf-8")
    found = CliRunner().invoke(app, ["check", str(path)])
    assert found.exit_code == 0
    assert "[limit-always, notice]" in found.output
    assert found.output.endswith("\n1 notice in 1 file\n")
    path.write_text(f"{text}values:\n  wrong: qualty\n", encoding="utf-8")
    found = CliRunner().invoke(app, ["check", str(path)])
    assert found.exit_code == 1
    assert found.output.endswith("\n1 problem and 1 notice in 1 file\n")
