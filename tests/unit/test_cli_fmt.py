# SPDX-License-Identifier: MIT
"""`rolerules fmt`: the canonical layout, and files that are never left half written."""

import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rolerules.cli import app

BEFORE = """\
company:   example
language: 1
version: "1.0.0"
# invented
figures for:
    marketing-director:
      parameters: {}
"""
AFTER = """\
company: example
language: 1
version: 1.0.0

# invented
figures for:
  marketing-director:
    parameters: {}
"""
UNREADABLE = "company: example\ncompany: twice\n"


@pytest.fixture
def path(tmp_path) -> Path:
    path = tmp_path / "example.yaml"
    path.write_text(BEFORE)
    return path


def run(*args: object, stdin: str = "") -> Result:
    return CliRunner().invoke(app, ["fmt", *map(str, args)], input=stdin)


def test_writes_the_layout(path):
    result = run(path)
    assert path.read_text() == AFTER
    assert result.exit_code == 0
    assert result.stderr == f"changed: {path}\n1 file changed, 0 as they should be\n"
    assert run(path).stderr == "0 files changed, 1 as they should be\n"


def test_check_writes_nothing(path):
    result = run("--check", path)
    assert path.read_text() == BEFORE
    assert result.exit_code == 1
    assert result.stderr.startswith(f"would change: {path}\n")
    path.write_text(AFTER)
    assert run("--check", path).exit_code == 0


def test_diff_writes_nothing(path):
    result = run("--diff", path.parent)
    assert result.exit_code == 0
    assert path.read_text() == BEFORE
    assert result.stdout.startswith(f"--- {path}\n+++ {path} (laid out)\n@@ ")
    assert '-version: "1.0.0"\n' in result.stdout
    assert "+version: 1.0.0\n" in result.stdout
    assert run("--diff", "--check", path).exit_code == 1


def test_line_ends_are_a_change(path):
    path.write_bytes(AFTER.replace("\n", "\r\n").encode())
    assert run("--check", path).exit_code == 1
    run(path)
    assert path.read_bytes() == AFTER.encode()


def test_stdin(path):
    result = run("-", stdin=BEFORE)
    assert result.stdout == AFTER
    assert run("--check", "-", stdin=BEFORE).exit_code == 1
    assert run("--check", "-", stdin=BEFORE).stdout == ""
    result = run("-", stdin=UNREADABLE)
    assert (result.stdout, result.exit_code) == ("", 1)


@pytest.mark.parametrize("text", [UNREADABLE, "services:\n    web:   {}\n", "", "company: [a\n"])
def test_unreadable_files_are_left_alone_and_others_are_not(path, text):
    other = path.with_name("other.yaml")
    other.write_text(text)
    result = run(path, other)
    assert result.exit_code == 1
    assert other.read_text() == text
    assert f"{other}:" in result.stderr
    assert path.read_text() == AFTER


def test_other_yaml_files_in_folders_are_skipped(path):
    other = path.with_name("facts.yaml")
    other.write_text("grade:   M2\n")
    result = run(path.parent)
    assert (result.exit_code, path.read_text()) == (0, AFTER)
    assert other.read_text() == "grade:   M2\n"
    assert result.stderr.endswith("\nskipped 1 other YAML file\n")


def test_formulas_are_laid_out(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text(
        "ruleset: r\nlanguage: 1\nversion: 1.0.0\nperiod: year\nyear starts: 1 January\n"
        "facts:\n  a: number\nvalues:\n  b: a*2+( a )\n"
    )
    run(path)
    assert path.read_text().endswith("\n  b: a * 2 + a\n")


@pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")
def test_mode_and_link_are_kept(path):
    path.chmod(0o640)
    link = path.with_name("link.yaml")
    link.symlink_to(path.name)
    run(link)
    assert link.is_symlink()
    assert path.read_text() == AFTER
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(one.name for one in path.parent.iterdir()) == ["example.yaml", "link.yaml"]


def test_a_file_that_cannot_be_written_stays(path, monkeypatch):
    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", refuse)
    result = run(path)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"`{path}` cannot be written: Permission denied [not-writable]")
    assert path.read_text() == BEFORE
    assert [one.name for one in path.parent.iterdir()] == ["example.yaml"]


def test_missing_file(tmp_path):
    result = run(tmp_path / "none.yaml")
    assert result.exit_code == 2
    assert "cannot be read: No such file or directory" in result.stderr
