# SPDX-License-Identifier: MIT
"""The command line as a whole: help, endings, streams, and the commands that print."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import rolerules
from rolerules.cli import COMMANDS, app, output
from rolerules.problems import InternalError, Problem, RulesetError, Span

FACTS = '{"grade": "M2", "team_target": 1200000.00, "team_sales": 1199999.99}'
EVALUATE = ["evaluate", "marketing-director", "-", "--company", "example", "--as-of", "2026-09-30"]


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(args), input=stdin, prog_name="rolerules")


def process(*args: str, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "rolerules.cli", *args]
    return subprocess.run(
        command, input=stdin, capture_output=True, env={**os.environ, **env}, check=False
    )


class TestHelp:
    def test_version(self):
        assert run("--version").output == f"rolerules, version {rolerules.__version__}\n"

    @pytest.mark.parametrize("flag", ["-h", "--help"])
    def test_names_every_command(self, flag):
        text = run(flag).output
        assert all(f"  {name} " in text for name in COMMANDS)
        assert "_ROLERULES_COMPLETE=bash_source" in text

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_has_help_with_an_example(self, name):
        result = run(name, "--help")
        assert result.exit_code == 0
        assert f"    rolerules {name}" in result.output
        assert "Example" in result.output
        assert app.get_command(click.Context(app), name).name == name

    def test_help_loads_no_command(self):
        code = (
            "import sys; from rolerules.cli import app\n"
            "app(['--help'], standalone_mode=False)\n"
            "loaded = [name for name in sys.modules if name.startswith('rolerules.cli.')]\n"
            "print('loaded:', sorted(loaded))"
        )
        found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert found.stdout.endswith("loaded: ['rolerules.cli.output']\n"), found.stderr

    def test_unknown_command_is_named_with_the_nearest(self):
        result = run("chek")
        assert result.exit_code == 2
        assert "no command `chek`; did you mean `check`?" in result.output

    def test_usage_errors(self):
        assert run("check").exit_code == 2
        assert run("evaluate", "marketing-director").exit_code == 2
        assert run("roles", "--format", "html").exit_code == 2


class TestCompletion:
    def complete(self, words: str, at: int) -> list[str]:
        found = process(_ROLERULES_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(at))
        return found.stdout.decode().split()

    def test_rulesets_and_companies(self):
        assert self.complete("rolerules evaluate mar", 2) == ["plain,marketing-director"]
        assert self.complete("rolerules roles", 2) == [
            "plain,director-of-operations", "plain,executive-director", "plain,marketing-director",
        ]  # fmt: skip
        assert self.complete("rolerules check x --company e", 4) == ["plain,example"]

    def test_paths_are_the_shell_s(self):
        assert self.complete("rolerules evaluate ./m", 2) == ["file,./m"]


class TestEndings:
    def ended(self, monkeypatch, error: BaseException) -> Result:
        def failing(*args: object) -> None:
            raise error

        monkeypatch.setattr("rolerules.cli.list.known", failing)
        return run("list")

    def test_problems_are_printed(self, monkeypatch):
        problems = [Problem("b", "second", help="mend it"), Problem("a", "first")]
        result = self.ended(monkeypatch, RulesetError(problems))
        assert result.exit_code == 1
        assert result.stderr == "first [a]\n\nsecond [b]\n  help: mend it\n"

    @pytest.mark.parametrize("error", [InternalError("x"), KeyError("x"), RecursionError()])
    def test_a_fault_is_one_line_without_folders(self, monkeypatch, error):
        result = self.ended(monkeypatch, error)
        assert result.exit_code == 70
        kind = type(error).__name__
        said = f"internal error, please report: {kind} in rolerules/cli/list.py, line "
        assert result.stderr.startswith(said)
        assert result.stderr.count("\n") == 1

    def test_interrupted(self, monkeypatch):
        result = self.ended(monkeypatch, KeyboardInterrupt())
        assert result.exit_code == 130
        assert result.output == ""

    def test_broken_pipe(self, monkeypatch):
        result = self.ended(monkeypatch, BrokenPipeError(errno.EPIPE, "Broken pipe"))
        assert result.exit_code == 1
        assert result.output == ""

    def test_exit_codes(self):
        span = Span("x.yaml", 1, 1, 1, 2)
        assert output.exit_code([]) == 0
        assert output.exit_code([Problem("x", "m", severity="notice")]) == 0
        assert output.exit_code([Problem("x", "m")]) == 1
        assert output.exit_code([Problem("unknown-ruleset", "m")]) == 2
        assert output.exit_code([Problem("unknown-ruleset", "m", span)]) == 1

    def test_the_place_of_a_fault_elsewhere(self):
        assert output._place(ValueError()) == "an unknown place"


class TestStreams:
    def test_ascii_output_has_plainer_signs(self):
        found = process(*EVALUATE, stdin=FACTS.encode(), PYTHONIOENCODING="ascii")
        assert found.returncode == 0
        text = found.stdout.decode("ascii")
        assert "~ 99.99 %" in text
        assert "active -> suspended: PROPOSED" in text

    def test_ascii_output_of_json_is_escaped(self, tmp_path):
        facts = FACTS.replace("M2", "部")
        found = process(*EVALUATE, "--lines", stdin=facts.encode(), PYTHONIOENCODING="ascii")
        (line,) = found.stdout.decode("ascii").splitlines()
        assert "\\u90e8" in line
        assert "`部`" in json.loads(line)["refused"][0]["message"]

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            found = subprocess.run(
                [sys.executable, "-m", "rolerules.cli", "list"],
                stdout=full, stderr=subprocess.PIPE, check=False,
            )  # fmt: skip
        assert found.returncode == 2
        assert found.stderr.startswith(b"the output cannot be written: No space left on device")
        assert b"Traceback" not in found.stderr
        assert b"Exception" not in found.stderr

    def test_reader_that_goes_away(self):
        command = f"{sys.executable} -m rolerules.cli schema | head -n 1"
        found = subprocess.run(command, shell=True, capture_output=True, check=False)
        assert found.stdout == b"{\n"
        assert found.stderr == b""

    @pytest.mark.skipif(sys.platform == "win32", reason="a shell's closing of streams")
    def test_closed_streams(self):
        base = f"{sys.executable} -m rolerules.cli"
        found = subprocess.run(f"{base} list >&-", shell=True, capture_output=True, check=False)
        assert found.returncode == 2
        assert found.stderr.startswith(b"the output cannot be written: it is closed")
        ask = f"{base} evaluate marketing-director - --as-of 2026-09-30 <&-"
        found = subprocess.run(ask, shell=True, capture_output=True, check=False)
        assert found.returncode == 2
        assert found.stderr.startswith(b"`<stdin>` cannot be read: it is closed")

    def test_both_streams_come_in_the_order_they_were_written(self, tmp_path):
        (tmp_path / "facts.yaml").write_text("grade: M2\n")
        (tmp_path / "mine.yaml").write_text("ruleset: mine\n")
        env = {key: os.environ[key] for key in os.environ if key != "PYTHONUNBUFFERED"}
        found = subprocess.run(
            [sys.executable, "-m", "rolerules.cli", "check", str(tmp_path)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, check=False,
        )  # fmt: skip
        assert found.stdout.endswith(b"in 1 file\nskipped 1 other YAML file\n")

    def test_no_terminal_is_commanded(self):
        found = process(*EVALUATE, stdin=b'{"grade": "\\u001b[31mM2 \\ud800"}')
        assert found.returncode == 1
        assert b"\x1b" not in found.stderr
        assert "␛[31mM2 �".encode() in found.stderr


class TestPrinting:
    def test_list(self):
        lines = run("list").output.splitlines()
        assert lines[0] == "Rulesets"
        assert "  marketing-director         Marketing director" in lines
        assert lines[-2] == "Companies"

    def test_roles(self):
        text = run("roles").output
        assert text.splitlines()[0].startswith("Director of operations")
        markdown = run("roles", "marketing-director", "--format", "markdown").output
        assert markdown.startswith("|  | Marketing director |\n| --- | --- |\n")
        assert "set by" not in text + markdown
        markdown = run("roles", "--company", "example", "--format", "markdown").output
        assert "set by Example company" in markdown

    def test_unknown_ruleset(self):
        result = run("roles", "marketing-directer")
        assert result.exit_code == 2
        assert result.stderr.startswith("there is no ruleset `marketing-directer` [unknown-ruleset")
        assert "did you mean `marketing-director`" in result.stderr

    def test_schema(self):
        assert "definitions" in json.loads(run("schema").output)
        facts = json.loads(run("schema", "--facts", "marketing-director").output)
        assert facts["title"] == "Facts of marketing-director 1.0.0"

    def test_installed_command(self):
        script = Path(sys.executable).with_name("rolerules")
        found = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
        assert found.stdout.startswith("rolerules, version ")


CASES = """\
cases: marketing-director
company: example
cases of:
  - name: the pay of a grade
    as of: 2026-09-30
    facts:
      grade: M2
    expect:
      pay:
        basic_salary: {wanted}
"""


class TestCases:
    def write(self, folder: Path, wanted: str) -> str:
        path = folder / "my_cases.yaml"
        path.write_text(CASES.format(wanted=wanted))
        return str(path)

    def test_shipped_cases_pass_where_there_are_no_others(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "facts.yaml").write_text("grade: M2\n")
        result = run("test")
        assert result.exit_code == 0, result.output
        assert result.output.endswith(
            " cases passed, 0 failed (the cases that come with rolerules)\n"
        )

    def test_cases_below_this_folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        for folder in ("deep", ".hidden"):
            (tmp_path / folder).mkdir()
            self.write(tmp_path / folder, "26000.00")
        result = run("test")
        assert result.output == "1 case passed, 0 failed (1 file below this folder)\n"

    def test_of_a_folder_only_the_cases(self, tmp_path):
        self.write(tmp_path, "26000.00")
        (tmp_path / "facts.yaml").write_text("grade: M2\n")
        (tmp_path / "company.yaml").write_text("company: c\nlanguage: 1\n")
        assert run("test", str(tmp_path)).output == "1 case passed, 0 failed\n"
        (tmp_path / "my_cases.yaml").unlink()
        result = run("test", str(tmp_path))
        assert result.exit_code == 2
        assert "is of the kind asked for [no-yaml-file]" in result.stderr

    def test_passed(self, tmp_path):
        result = run("test", self.write(tmp_path, "26000.00"))
        assert (result.output, result.exit_code) == ("1 case passed, 0 failed\n", 0)

    def test_failed(self, tmp_path):
        path = self.write(tmp_path, "25999.99")
        result = run("test", str(tmp_path))
        assert result.exit_code == 1
        assert result.output == (
            f"FAILED the pay of a grade ({path}:4:5)\n"
            "  pay: basic_salary: expected 25999.99, found 26000.00: 0.01 too much\n\n"
            "0 cases passed, 1 failed\n"
        )

    def test_a_broken_file_does_not_stop_the_others(self, tmp_path):
        other = tmp_path / "broken.yaml"
        other.write_text("cases: x\n")
        result = run("test", str(other), self.write(tmp_path, "26000.00"))
        assert result.exit_code == 1
        assert "`cases of` is missing here" in result.stderr
        assert result.stdout == "1 case passed, 0 failed\n"
        assert run("test", str(tmp_path / "none.yaml")).exit_code == 2

    def test_never_loads_hypothesis(self):
        code = "import sys, rolerules.cli.test\nassert 'hypothesis' not in sys.modules"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
