# SPDX-License-Identifier: MIT
"""`rolerules table`: rows out and in, and files of which nothing else changes."""

import pytest
from click.testing import CliRunner, Result

from rolerules.cli import app

BEFORE = """\
ruleset: rates
language: 1
version: 1.0.0
period: quarter
currency: EUR
year starts: 1 January
facts:
  rate: rate
  grade: {type: choice, of: [M1, "M2, M3"]}
  sales:   money # kept
tables:
  share:
    hit: unique
    inputs: [rate, grade]
    gives: rate
    # before
    rows:   # the rows
      # low
      - [under 5%, any, 0%]  # clause 1

      - - 5% or more
        - '"M2, M3"'   # quoted
        - 8%
      # last
      - ["[5%..10%)", M1, 5%]
      - [10% or more, M1, 15%]
    # after
    source: X
scales:
    commission:
        marginal: sales
        from 2026-01-01: {below 100: 1%, from 100: 2%}  # in brackets
        from 2027-01-01:
            below 100: 1%   # one
            from 100: 2%
    flat: {whole: sales, edges: {below 1: 0%, from 1: 1%}}
"""
SHARE = """\
rate,grade,gives
under 5%,any,0%
5% or more,\"""M2, M3\""",8%
[5%..10%),M1,5%
10% or more,M1,15%
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "rates.yaml"
    path.write_bytes(BEFORE.encode())
    return path


def run(*args: object) -> Result:
    return CliRunner().invoke(app, ["table", *map(str, args)])


def taken(path, name: str, text: str, *args: object) -> Result:
    file = path.with_name("rows.csv")
    file.write_text(text, encoding="utf-8")
    return run("import", path, name, file, *args)


def test_export(path):
    assert run("export", path, "share").stdout == SHARE
    file = path.with_name("out.csv")
    result = run("export", path, "flat", "-o", file)
    assert result.stderr == f"2 lines of `flat` written to {file}\n"
    assert file.read_text() == "edge,value\nbelow 1,0%\nfrom 1,1%\n"


def test_unchanged_rows_leave_the_file_as_it_is(path):
    result = taken(path, "share", SHARE)
    assert result.stderr == f"unchanged: {path} has these 4 lines\n"
    assert path.read_bytes() == BEFORE.encode()


def test_only_what_changes_is_written(path):
    text = SHARE.replace(",8%", ",9%").replace("10% or more", "10% to 20%")
    text += 'over 20%,M1,"if rate > 50% then 20% else max(16%, 1%)"\n'
    assert taken(path, "share", text).exit_code == 0
    after = BEFORE.replace(
        "      - - 5% or more\n        - '\"M2, M3\"'   # quoted\n        - 8%\n",
        "      - [5% or more, '\"M2, M3\"', 9%]\n",
    ).replace(
        "      - [10% or more, M1, 15%]\n",
        "      - [10% to 20%, M1, 15%]\n"
        '      - [over 20%, M1, "if rate > 50% then 20% else max(16%, 1%)"]\n',
    )
    assert path.read_text() == after
    assert run("export", path, "share").stdout == text


def test_a_row_that_goes_takes_its_comment_along(path):
    text = "rate,grade,gives\nunder 5%,any,0%\n5% or more,any,8%\n"
    assert taken(path, "share", text).exit_code == 0
    kept = "    rows:   # the rows\n      # low\n      - [under 5%, any, 0%]  # clause 1\n\n      - [5% or more, any, 8%]\n    # after\n"
    assert kept in path.read_text()


def test_edges_in_brackets_and_in_lines(path):
    more = "edge,value\nbelow 100,1%\nfrom 100,2%\nabove 200,3%\n"
    assert taken(path, "commission", more, "--from", "2026-01-01").exit_code == 0
    assert taken(path, "commission", more, "--from", "2027-01-01").exit_code == 0
    assert taken(path, "flat", "edge,value\nbelow 2,0%\nfrom 2,1%\n").exit_code == 0
    assert path.read_text() == BEFORE.replace(
        "        from 2026-01-01: {below 100: 1%, from 100: 2%}  # in brackets\n",
        "        from 2026-01-01:  # in brackets\n          below 100: 1%\n          from 100: 2%\n          above 200: 3%\n",
    ).replace(
        "            below 100: 1%   # one\n            from 100: 2%\n",
        "            below 100: 1%   # one\n            from 100: 2%\n            above 200: 3%\n",
    ).replace("{below 1: 0%, from 1: 1%}", "{below 2: 0%, from 2: 1%}")


def test_line_ends_and_the_mark_at_the_start_stay(path):
    path.write_bytes(b"\xef\xbb\xbf" + BEFORE.replace("\n", "\r\n").encode())
    assert taken(path, "share", SHARE).exit_code == 0
    text = SHARE.replace("10% or more", "10% to 20%") + "over 20%,M1,1%\n"
    assert taken(path, "share", text).exit_code == 0
    new = BEFORE.replace(
        "[10% or more, M1, 15%]\n", "[10% to 20%, M1, 15%]\n      - [over 20%, M1, 1%]\n"
    )
    assert path.read_bytes() == b"\xef\xbb\xbf" + new.replace("\n", "\r\n").encode()


def test_the_name_of_a_file_gives_way_to_its_rows(path):
    start, end = BEFORE.index("   # the rows"), BEFORE.index("    # after")
    path.with_name("share.csv").write_text(SHARE.replace(",", ";").replace("M2; M3", "M2, M3"))
    path.write_text(BEFORE[:start] + " share.csv  # kept\n" + BEFORE[end:])
    assert run("export", path, "share").stdout == SHARE
    assert taken(path, "share", SHARE).exit_code == 0
    assert "    rows:  # kept\n      - [under 5%, any, 0%]\n" in path.read_text()
    assert path.read_text().startswith(BEFORE[: start - 5])
    assert path.read_text().endswith(BEFORE[end:])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SHARE.replace("10% or", "11% or"), "rows.csv:5:1: no row of `share` covers"),
        (SHARE.replace("8%", "eight"), "rows.csv:3:25: `eight` is not known here"),
        (SHARE.replace("rate,grade", "grade,rate"), "rows.csv:1:1: `grade` stands where"),
        ('rate,grade,gives\n"any,any,0%\n', "rows.csv:2:1: this quote is never closed"),
        ("", "rows.csv:1:1: the file says nothing"),
    ],
)
def test_nothing_is_written_with_a_problem(path, text, found):
    result = taken(path, "share", text)
    assert result.exit_code == 1
    assert found in result.stderr
    assert path.read_bytes() == BEFORE.encode()


def test_a_file_that_cannot_be_written_stays(path, monkeypatch):
    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", refuse)
    result = taken(path, "flat", "edge,value\nbelow 2,0%\nfrom 2,1%\n")
    assert result.exit_code == 2
    assert path.read_bytes() == BEFORE.encode()


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (("shar",), "there is no table or scale `shar` in `rates` [no-such-rows]\n  help: did you mean `share`?"),
        (("commission",), "`commission` has rows from several dates on [no-such-rows]\n  help: say which with `--from`: `2026-01-01`, `2027-01-01`"),
        (("commission", "--from", "2028-01-01"), "`commission` has no rows from 2028-01-01 on [no-such-rows]\n  help: known here: `2026-01-01`, `2027-01-01`; or add `from 2028-01-01:` to the file"),
        (("share", "--from", "2028-01-01"), "`share` has no rows from 2028-01-01 on [no-such-rows]\n  help: leave it out"),
    ],
)  # fmt: skip
def test_what_is_not_there(path, args, found):
    result = run("export", path, *args)
    assert (result.exit_code, result.stderr.strip()) == (2, found)


def test_a_broken_file_is_left_alone(path):
    path.write_text("ruleset: a\nruleset: b\n")
    result = run("export", path, "share")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "[duplicate-key]" in result.stderr


def test_rows_of_the_company(tmp_path):
    ruleset, company = tmp_path / "own.yaml", tmp_path / "acme.yaml"
    ruleset.write_text(
        BEFORE.split("tables:")[0].replace("rates", "own")
        + "tables:\n  share:\n    hit: first\n    inputs: [grade]\n    gives: rate\n    set by: company\n"
    )
    before = "company: acme\nlanguage: 1\nversion: 1.0.0\nfigures for:\n  own:\n    tables:\n      share:\n        from 2026-01-01:\n          - [M1, 1%]\n          - [any, 2%]\n"
    company.write_text(before)
    assert run("export", ruleset, "share").stderr.startswith(
        "the rows of `share` are set by the company, and no company"
    )
    assert (
        run("export", ruleset, "share", "--company", company).stdout
        == "grade,gives\nM1,1%\nany,2%\n"
    )
    result = taken(ruleset, "share", "grade,gives\nM1,1%\nany,3%\n", "--company", company)
    assert result.exit_code == 0
    assert company.read_text() == before.replace("2%", "3%")
    company.write_text("company: acme\nlanguage: 1\nversion: 1.0.0\nfigures for:\n  other: {}\n")
    result = run("export", ruleset, "share", "--company", company)
    assert result.exit_code == 2
    assert "has no rows for `share` [no-such-rows]" in result.stderr
