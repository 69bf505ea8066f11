# SPDX-License-Identifier: MIT
"""The bad cases: what is reported for each file, as text; run as a program it records them anew.

`python -m tests.record` writes `NAME.expected` beside every `tests/cases/*/bad/NAME.yaml`, and
`as_printed.expected` beside a plan or table that has a gap or an overlap as it was printed.
A `NAME.company.yaml` beside it is the company file it is loaded with; policies stand in
`policies/` beside `bad/`. Read the changes before you keep them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from rolerules.model.check import check
from rolerules.model.sources import collect
from rolerules.problems import Problem, RolerulesError
from rolerules.testing.cases import run_file

CASES = Path(__file__).parent / "cases"


def bad_files() -> list[Path]:
    """Every bad file, in the order of their paths."""
    found = [*CASES.glob("*/bad/*.yaml"), *CASES.parent.glob("*/*/as_printed.yaml")]
    return sorted(
        path for path in found if not path.name.endswith((".company.yaml", ".cases.yaml"))
    )


def problems_of(path: Path) -> tuple[Problem, ...]:
    """What is reported for one file, in the order of its places."""
    company = path.with_suffix(".company.yaml")
    try:
        if path.read_bytes().startswith(b"cases:"):
            run_file(path)
            return ()
        _, problems = check(collect(path, company if company.is_file() else None))
    except RolerulesError as error:
        problems = error.problems
    return RolerulesError(problems).problems


def report(path: Path) -> str:
    """The expected text of one bad file: a block of lines for each problem."""
    return "\n".join("\n".join(_block(path, problem)) for problem in problems_of(path)) + "\n"


def _block(path: Path, problem: Problem) -> Iterator[str]:
    place = problem.place
    other = f"{Path(place.file).name} " if place and Path(place.file) != path else ""
    where = f" at {other}{place.line}:{place.column}" if place else ""
    yield f"{problem.code}{where}"
    yield f"  underlined: {_short(problem.underlined)}"
    yield f"  message: {_relative(problem.message)}"
    yield f"  help: {problem.help}"


def _short(underlined: str) -> str:
    """The exact text on one line; one of more than 300 characters by its ends and its length."""
    text = underlined.replace("\n", "\\n")
    return text if len(text) <= 300 else f"{text[:40]} … {text[-40:]} ({len(text)} characters)"


def _relative(message: str) -> str:
    return message.replace(f"{CASES}/", "")


def main() -> None:
    """Record every bad case anew, and say which changed."""
    for path in bad_files():
        expected = path.with_suffix(".expected")
        text = report(path)
        if not expected.is_file() or expected.read_text(encoding="utf-8") != text:
            expected.write_text(text, encoding="utf-8")
            sys.stdout.write(f"recorded {expected.relative_to(CASES.parent)}\n")


if __name__ == "__main__":
    main()
