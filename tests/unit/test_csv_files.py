# SPDX-License-Identifier: MIT
"""CSV files as part of a ruleset: the digest, `check`, `fmt`, the schema, texts without a folder."""

from __future__ import annotations

import os

import jsonschema
import pytest
from click.testing import CliRunner
from generators.loading import checked

from rolerules import load
from rolerules.cli import app
from rolerules.syntax.schema import schema

HEAD = "language: 1\nversion: 1.0.0\n"
RULESET = f"""\
ruleset: files
{HEAD}currency: EUR
period: month
year starts: 1 January
uses: [more]
facts:
  sales: money
tables:
  one: {{hit: first, inputs: [sales], gives: rate, rows: one.csv}}
  two:
    hit: first
    inputs: [sales]
    gives: rate
    from 2026-01-01: two.csv
  own: {{hit: first, inputs: [sales], gives: rate, set by: company}}
"""
POLICY = f"""\
policy: more
{HEAD}requires:
  facts:
    sales: money
tables:
  three: {{hit: first, inputs: [sales], gives: rate, rows: three.csv}}
"""
COMPANY = f"""\
company: acme
{HEAD}figures for:
  files:
    tables:
      own: {{rows: own.csv}}
"""
FILES = {"one.csv": "1%", "two.csv": "2%", "policies/three.csv": "3%", "companies/own.csv": "4%"}


@pytest.fixture
def folder(tmp_path):
    for name in ("policies", "companies", "roles"):
        (tmp_path / name).mkdir()
    (tmp_path / "roles" / "files.yaml").write_text(RULESET)
    (tmp_path / "policies" / "more.yaml").write_text(POLICY)
    (tmp_path / "companies" / "acme.yaml").write_text(COMPANY)
    for name, rate in FILES.items():
        put(tmp_path, name, f"sales,gives\nunder 5,0%\nany,{rate}\n")
    return tmp_path


def put(folder, name: str, text: str) -> None:
    path = folder / name if "/" in name else folder / "roles" / name
    path.write_bytes(text.encode())


def digest(folder) -> str:
    return load(folder / "roles" / "files.yaml", company="acme").digest


@pytest.mark.parametrize("name", FILES)
def test_a_cell_is_part_of_the_digest_and_its_spelling_is_not(folder, name):
    before = digest(folder)
    put(folder, name, f'\ufeff"sales";gives\r\nunder 5;"0%"\r\nany ;{FILES[name]}\r\n\r\n')
    assert digest(folder) == before
    put(folder, name, f"sales,gives\nunder 6,0%\nany,{FILES[name]}\n")
    assert digest(folder) != before


def test_files_that_change_places_change_the_digest(folder):
    before = digest(folder)
    for name, other in (("one.csv", "two.csv"), ("two.csv", "one.csv")):
        put(folder, name, f"sales,gives\nunder 5,0%\nany,{FILES[other]}\n")
    assert digest(folder) != before


def test_check_of_the_folder_shows_problems_once(folder):
    runner = CliRunner()
    assert runner.invoke(app, ["check", str(folder)]).exit_code == 0
    put(folder, "policies/three.csv", "sales,gives\nany,nought\n")
    put(folder, "companies/own.csv", "sales,gives\nany,1%,2\n")
    (folder / "roles" / "two.csv").unlink()
    result = runner.invoke(app, ["check", str(folder)])
    assert result.exit_code == 1
    assert "own.csv:2:1: this row has 3 cells" in result.output
    assert "three.csv:2:5: `nought`" in result.output
    assert "files.yaml:16:22: `two.csv` cannot be read: No such file" in result.output
    assert result.output.endswith("3 problems in 3 files\n")


def test_the_formatter_needs_no_file(folder):
    path = folder / "roles" / "files.yaml"
    (folder / "roles" / "two.csv").unlink()
    assert CliRunner().invoke(app, ["fmt", str(path)]).exit_code == 0
    assert "    from 2026-01-01: two.csv\n" in path.read_text()


def test_a_text_without_a_folder_names_no_file():
    text = RULESET.replace("uses: [more]\n", "")
    assert [one.code for one in checked(text)[1]] == ["csv-name", "csv-name"]


def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(folder):
    (folder / "roles" / "two.csv").unlink()
    os.mkfifo(folder / "roles" / "two.csv")
    result = CliRunner().invoke(app, ["check", str(folder / "roles" / "files.yaml")])
    assert "`two.csv` cannot be read" in result.output


def test_a_folder_in_the_place_of_the_file(folder):
    (folder / "roles" / "two.csv").unlink()
    (folder / "roles" / "two.csv").mkdir()
    result = CliRunner().invoke(app, ["check", str(folder / "roles" / "files.yaml")])
    assert "`two.csv` cannot be read: Is a directory" in result.output


@pytest.mark.parametrize(
    ("rows", "good"),
    [([["any", 1]], True), ("one.csv", True), ("ONE.CSV", True), ("a/one.csv", False), ("one.txt", False)],
)  # fmt: skip
def test_the_schema_takes_rows_or_a_name(rows, good):
    table = {"hit": "first", "inputs": ["sales"], "gives": "rate", "rows": rows}
    head = {"ruleset": "a", "language": 1, "version": "1.0.0", "period": "month"}
    file = {**head, "year starts": "1 January", "tables": {"one": table}}
    assert jsonschema.Draft7Validator(schema()).is_valid(file) is good
    scale = {"whole": "sales", "edges": rows if isinstance(rows, str) else {"below 1": 1}}
    file = {**head, "year starts": "1 January", "scales": {"one": scale}}
    assert jsonschema.Draft7Validator(schema()).is_valid(file) is good
