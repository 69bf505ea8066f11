# SPDX-License-Identifier: MIT
"""What reaches the user: text on any terminal, JSON, problems, and the end of every error."""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from rolerules.problems import Problem, RolerulesError
from rolerules.text.tree import visible

CALLED_WRONGLY = frozenset(
    {
        "as-of-missing", "extra-missing", "no-such-file", "no-such-rows", "no-yaml-file",
        "not-a-record", "not-a-ruleset", "not-in-record", "not-installed", "not-writable",
        "record-file", "same-file", "table-file", "table-shape", "unknown-column", "unknown-company",
        "unknown-ruleset",
    }
)  # fmt: skip
"""Problems of how the command was called: what it names is not there. They give exit code 2."""

INTERNAL, INTERRUPTED = 70, 130
_PLAIN = {"≈": "~", "→": "->", "…": "...", "–": "-", "×": "x", "·": "-"}


def prepare() -> None:
    """Let both streams show what their encoding lacks by a plainer sign, never by failing."""
    codecs.register_error("rolerules-plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="rolerules-plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError), "only output meets this handler"
    lost = error.object[error.start : error.end]
    return "".join(_PLAIN.get(char, "?") for char in lost), error.end


def say(text: str, *, err: bool = False) -> None:
    """Write a text and a line end; what a terminal would obey is shown by a sign instead."""
    write(visible(text) + "\n", err=err)


def write(text: str, *, err: bool = False) -> None:
    """Write a text as it is, on a terminal after everything said before, whatever the stream."""
    stream = sys.stderr if err else sys.stdout
    if err and sys.stdout is not None:
        with contextlib.suppress(OSError, ValueError):  # said at the end, when all is flushed
            sys.stdout.flush()
    if stream is not None:
        stream.write(text)
    elif not err:
        raise OSError(errno.EBADF, "it is closed")


def say_json(value: object, *, indent: int | None = 2) -> None:
    """Write plain data as JSON; escaped where the stream's encoding lacks a character."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=indent)
    write(text + "\n")


def report(problems: Iterable[Problem], *, err: bool = True) -> None:
    """Write problems as people read them, a blank line between two."""
    say("\n\n".join(str(problem) for problem in problems), err=err)


def exit_code(problems: Iterable[Problem]) -> int:
    """The exit code for what was found: 2, 1, or 0 where nothing is an error."""
    errors = [problem for problem in problems if problem.severity == "error"]
    called = any(one.code in CALLED_WRONGLY and one.place is None for one in errors)
    return 2 if called else 1 if errors else 0


def counted(number: int, word: str) -> str:
    """Write `1 file`, `2 files`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def say_skipped(number: int) -> None:
    """Say how many files in folders were passed over, if any."""
    if number:
        say(f"skipped {counted(number, 'other YAML file')}", err=True)


@contextlib.contextmanager
def ending() -> Iterator[None]:
    """End whatever goes wrong inside: as problems, as one line, and with an exit code."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except RolerulesError as error:
        report(error.problems)
        raise click.exceptions.Exit(exit_code(error.problems)) from None
    except KeyboardInterrupt:
        raise click.exceptions.Exit(INTERRUPTED) from None
    except OSError as error:
        raise click.exceptions.Exit(_unwritable(error)) from None
    except Exception as error:
        say(f"internal error, please report: {type(error).__name__} in {_place(error)}", err=True)
        raise click.exceptions.Exit(INTERNAL) from None


def _unwritable(error: OSError) -> int:
    """Files are read and written under guards of their own, so this is the output's end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        # What still waits in the buffer must not fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.EPIPE:
        return 1
    message = f"the output cannot be written: {error.strerror or type(error).__name__}"
    report([Problem("not-writable", message, help="check the space and the rights there")])
    return 2


def _place(error: Exception) -> str:
    """Where it was raised: the innermost place in rolerules, without the machine's folders."""
    import traceback  # which no command needs that goes well

    package = Path(__file__).resolve().parent.parent
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(package):
            inside = Path(frame.filename).relative_to(package.parent).as_posix()
            return f"{inside}, line {frame.lineno}"
    return "an unknown place"
