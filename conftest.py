# SPDX-License-Identifier: MIT
"""Runs every example of README, CONTRIBUTING and docs; a page is one test, its examples one story.

An example is a fenced block, and what is done with it is said by its language or by the comment
on the line before it:

| block | what is done |
|---|---|
| `<!-- file: NAME -->` | written to the page's folder; `NAME + OTHER` adds the lines of OTHER below |
| `<!-- section: NAME -->` | put into the file NAME in place of the sections with the same first key |
| `<!-- from: PATH -->` | must stand in that file of the project, word for word |
| `<!-- cases: NAME -->` | the cases are run over the ruleset NAME |
| `<!-- problems: NAME -->` | compared with the problems of the ruleset NAME |
| `console` | each `$ command` is run in the page's folder, and its output compared |
| `python run` | run; a block after `<!-- output -->` is compared with what it printed |
| `<!-- generated: WHAT -->` | the table below it is compared with the one made from the code |

A command goes on after a backslash at a line's end. One that is called wrongly (exit code 2) is
recorded only where `$ echo $?` follows it.

Comparison is exact. `RECORD_DOCS=1 pytest README.md docs` writes what came out into the pages.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from sybil import Document, Example, Region

from rolerules import RulesetError, load
from rolerules.limits import LIMITS, Limits
from rolerules.model.operations import OPERATIONS
from rolerules.syntax import shape
from rolerules.testing.cases import run_file
from rolerules.values import grouped

ROOT = Path(__file__).parent
_EXAMPLE = re.compile(
    r"^(?:<!-- (?P<word>\w+)(?:: (?P<argument>[^\n]*?))? -->\n+)?"
    r"(?:(?P<fence>```)(?P<language>[^\n]*)\n(?P<body>.*?)^```$|(?P<table>(?:^\|[^\n]*\n)+))",
    re.MULTILINE | re.DOTALL,
)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """Take every page as one test."""
    pages = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"))
    return Page.from_parent(parent, path=file_path) if file_path in pages else None


class Page(pytest.File):
    """A page of Markdown."""

    def collect(self) -> Iterator[pytest.Item]:
        """Give the page's one test."""
        yield Story.from_parent(self, name="examples")


class PageError(Exception):
    """What is wrong with a page's examples."""


class Story(pytest.Item):
    """All examples of a page, in their order, in one folder; every failure is reported."""

    def runtest(self) -> None:
        """Run them."""
        document = Document.parse(str(self.path), _examples)
        failures = list(_dead_links(self.path, document.text))
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            for linked in ("docs", "rulesets"):
                Path(linked).symlink_to(ROOT / linked)
            for example in document:
                try:
                    example.evaluate()
                except Exception as error:
                    failures.append(f"{self.path.name}:{example.line}: {error}")
        _record(document)
        if failures:
            raise PageError("\n\n".join(failures))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Say it without our own stack."""
        wrong = isinstance(excinfo.value, PageError)
        return str(excinfo.value) if wrong else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the page."""
        return self.path, 0, self.path.name


def _dead_links(page: Path, text: str) -> Iterator[str]:
    """Give every link whose page or heading is not there."""
    for link in re.findall(
        r"\]\(((?!https?:)[^)\s]+)\)", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    ):
        name, _, heading = link.partition("#")
        target = page.parent / name if name else page
        if not target.is_file():
            yield f"{page.name}: `{link}` leads nowhere"
        elif heading and heading not in _headings(target.read_text(encoding="utf-8")):
            yield f"{page.name}: `{link}` names a heading that is not there"


def _headings(text: str) -> set[str]:
    """The headings of a page as links name them."""
    found = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in found}


def _examples(document: Document) -> Iterator[Region]:
    for found in _EXAMPLE.finditer(document.text):
        run = _RUN.get(found["word"] or found["language"])
        if run:
            part = "body" if found["fence"] else "table"
            yield Region(*found.span(part), parsed=found, evaluator=run)


def _compared(example: Example, came_out: str) -> None:
    """Compare an example's text with what came out, or keep that for recording."""
    written = example.document.text[example.start : example.end]
    if "internal error" in came_out or "Traceback" in came_out:
        raise PageError(came_out)
    if came_out == written:
        return
    if os.environ.get("RECORD_DOCS"):
        edits = example.namespace.setdefault("__edits__", [])
        edits.append((example.start, example.end, came_out))
        return
    raise PageError(f"the page says\n{written}\nand this came out\n{came_out}")


def _record(document: Document) -> None:
    text = document.text
    for start, end, came_out in reversed(document.namespace.get("__edits__", [])):
        text = text[:start] + came_out + text[end:]
    if text != document.text:
        Path(document.path).write_text(text, encoding="utf-8")


def _file(example: Example) -> None:
    name, _, other = example.parsed["argument"].partition(" + ")
    text = example.parsed["body"] + (Path(other).read_text(encoding="utf-8") if other else "")
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def _section(example: Example) -> None:
    path = Path(example.parsed["argument"])
    texts = (path.read_text(encoding="utf-8"), example.parsed["body"])
    parts = [
        part for text in texts for part in re.findall(r"^\S.*(?:\n(?!\S).*)*", text, re.MULTILINE)
    ]
    sections = {part.split(":")[0]: part.rstrip() for part in parts}
    path.write_text("\n".join(sections.values()) + "\n", encoding="utf-8")


def _from(example: Example) -> None:
    path = ROOT / example.parsed["argument"]
    if example.parsed["body"] not in path.read_text(encoding="utf-8"):
        raise PageError(f"this does not stand in {path.name}")


def _cases(example: Example) -> None:
    ruleset = Path(example.parsed["argument"])
    found = re.search(r"^ruleset: *(\S+)", ruleset.read_text(encoding="utf-8"), re.MULTILINE)
    path = ruleset.with_suffix(".cases.yaml")
    head = f"cases: {found[1] if found else 'example'}\ncases of:\n"
    path.write_text(head + example.parsed["body"], encoding="utf-8")
    for result in run_file(path):
        if not result.ok:
            wrong = [*result.differences, *map(str, result.problems)]
            raise PageError(f"{result.name}: {'; '.join(wrong)}")


def _problems(example: Example) -> None:
    try:
        load(Path(example.parsed["argument"]))
    except RulesetError as error:
        _compared(example, f"{error}\n")
    else:
        raise PageError("the ruleset has no problems")


def _commands(body: str) -> list[str]:
    """The commands of a console, each with the lines it goes on in after a backslash."""
    return re.findall(r"^\$ ((?:[^\n]*\\\n)*[^\n]*)$", body, re.MULTILINE)


def _console(example: Example) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    came_out, code = "", 0
    commands = _commands(example.parsed["body"])
    for command, following in zip(commands, [*commands[1:], ""], strict=True):
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", f"(exit {code}); {command}"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
            env={**os.environ, "PATH": path, "COLUMNS": "100", "PYTHONUTF8": "1", "NO_COLOR": "1"},
        )  # fmt: skip
        code = done.returncode
        if code == 2 and following != "echo $?":
            raise PageError(f"`{command}` is no right call (exit code 2): {done.stdout}")
        came_out += f"$ {command}\n{done.stdout}"
    _compared(example, came_out)


def _python(example: Example) -> None:
    printed = io.StringIO()
    source = "\n" * example.line + example.parsed["body"]
    with contextlib.redirect_stdout(printed):
        exec(compile(source, example.path, "exec"), example.namespace)
    example.namespace["__printed__"] = printed.getvalue()


def _output(example: Example) -> None:
    _compared(example, example.namespace["__printed__"])


def _generated(example: Example) -> None:
    rows = _TABLES[example.parsed["argument"]]()
    _compared(example, "".join(f"| {' | '.join(row)} |\n" for row in rows))


def _ruled(*headings: str) -> list[tuple[str, ...]]:
    return [headings, ("---",) * len(headings)]


def _operations() -> list[tuple[str, ...]]:
    rows = _ruled("operation", "takes and gives", "what the unknown does", "meaning")
    for row in OPERATIONS.values():
        kinds = "; ".join(f"{', '.join(one[:-1])} → {one[-1]}" for one in row.signatures)
        rows.append((f"`{row.name}`", kinds, row.unknown, row.doc))
    return rows


def _limits() -> list[tuple[str, ...]]:
    source = (ROOT / "rolerules" / "limits.py").read_text(encoding="utf-8")
    why = dict(re.findall(r'^    (\w+): \w+ = .*\n    """(.*)"""$', source, re.MULTILINE))
    rows = _ruled("limit", "at most", "why")
    for field in attrs.fields(Limits):
        most = grouped(str(getattr(LIMITS, field.name)))
        rows.append((f"`{field.name}`", most, why[field.name]))
    return rows


def _keys(record: shape.Record) -> Callable[[], list[tuple[str, ...]]]:
    def rows() -> list[tuple[str, ...]]:
        found = _ruled("key", "what it says", "needed")
        for word, key in record.keys.items():
            words = getattr(key.shape, "words", ())
            listed = f" ({', '.join(f'`{one}`' for one in words)})" if len(words) > 1 else ""
            needed = "yes" if key.required else "one of these" if word in record.one_of else ""
            found.append((f"`{word}`", f"{key.doc}{listed}", needed))
        if record.dated:
            needed = "one of these" if "from DATE" in record.one_of else ""
            found.append(("`from DATE`", "what is in force from that day on", needed))
        if record.rest:
            found.append(("a name of yours", "a ground that is a formula", ""))
        return found

    return rows


_TABLES: dict[str, Callable[[], list[tuple[str, ...]]]] = {
    "operations": _operations,
    "limits": _limits,
    **{name: _keys(getattr(shape, name)) for name in ("RULESET", "POLICY", "COMPANY", "CASES")},
    **{name: _keys(getattr(shape, name)) for name in vars(shape) if re.fullmatch("_[A-Z]+", name)
       and isinstance(getattr(shape, name), shape.Record)},
}  # fmt: skip
_RUN: dict[str, Callable[[Example], None]] = {
    "file": _file, "section": _section, "from": _from, "cases": _cases, "problems": _problems,
    "console": _console, "python run": _python, "output": _output, "generated": _generated,
}  # fmt: skip
