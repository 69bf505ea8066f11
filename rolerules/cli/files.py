# SPDX-License-Identifier: MIT
"""Bytes in and out, with every failure a problem."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import attrs

from rolerules.limits import LIMITS
from rolerules.problems import Problem, RolerulesError
from rolerules.syntax.shape import HEADS

STDIN = "-"


def shown_name(name: str) -> str:
    """A file's name for problems."""
    return "<stdin>" if name == STDIN else name


def read_data(name: str, most: int) -> bytes:
    """Read a file, or stdin for `-`: at most one byte more than `most`.

    Raises `RolerulesError` where it cannot be read.
    """
    try:
        if name == STDIN:
            return _stdin().read(most + 1)
        with open(name, "rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise _unreadable(name, error) from None


def read_lines(name: str, most: int) -> Iterator[bytes]:
    """Read a file, or stdin for `-`, line by line: at most one byte more than `most` of each.

    Raises `RolerulesError` where it cannot be read.
    """
    with contextlib.ExitStack() as stack:
        try:
            file = _stdin() if name == STDIN else stack.enter_context(open(name, "rb"))
        except OSError as error:
            raise _unreadable(name, error) from None
        while line := _line(name, file, most):
            yield line


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise OSError(errno.EBADF, "it is closed")
    return sys.stdin.buffer


def _line(name: str, file: BinaryIO, most: int) -> bytes:
    try:
        line = file.readline(most + 1)
        rest = line
        while len(rest) > most and not rest.endswith(b"\n"):
            rest = file.readline(most + 1)
    except OSError as error:
        raise _unreadable(name, error) from None
    return line


def _unreadable(name: str, error: OSError) -> RolerulesError:
    message = f"`{shown_name(name)}` cannot be read: {error.strerror or 'no reason given'}"
    mend = "give a file" if isinstance(error, IsADirectoryError) else "check the path"
    return RolerulesError([Problem("no-such-file", message, help=mend)])


def replace(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file in one step: it is the old or the new one at every moment.

    Keeps its mode, and the link where it is one; a new `private` one is its owner's alone. Raises
    `RolerulesError`.
    """
    new = private and not path.exists()
    with whole(path) as waiting:
        waiting.write_bytes(data)
    if new:
        os.chmod(path, 0o600)


def _is_database(path: Path) -> bool:
    """Whether it is a SQLite file, which no output ever takes the place of."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


@contextlib.contextmanager
def whole(path: Path, wanted: Callable[[], bool] = lambda: True) -> Iterator[Path]:
    """A file to write under another name in the same folder, which takes its place when all is well.

    Nothing is left of it where something is raised, or it is not `wanted` after all. Raises
    `RolerulesError` where it cannot be written.
    """
    import tempfile  # which takes long to load, and only files that are written need it

    target = Path(os.path.realpath(path))
    waiting: str | None = None
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        if _is_database(target):
            raise FileExistsError(errno.EEXIST, "it is a database, such as a record or its keys")
        handle, waiting = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        os.close(handle)
        yield Path(waiting)
        if wanted():
            _as_usual(target, waiting)
            _kept(waiting)
            os.replace(waiting, target)
            waiting = None
    except OSError as error:
        message = f"`{path}` cannot be written: {error.strerror or 'no reason given'}"
        mend = "check the rights to its folder, and the space there"
        if isinstance(error, FileExistsError):
            mend = "name another file"
        raise RolerulesError([Problem("not-writable", message, help=mend)]) from None
    finally:
        if waiting is not None:
            with contextlib.suppress(OSError):
                os.unlink(waiting)


def _kept(path: str) -> None:
    """Have the disk take all of a file before it takes another one's place."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _as_usual(target: Path, waiting: str) -> None:
    """Give a file the mode of the one it replaces; a first one that of any new file."""
    if target.exists():
        os.chmod(waiting, stat.S_IMODE(target.stat().st_mode))
    else:
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(waiting, 0o666 & ~umask)


@attrs.frozen(slots=True)
class Found:
    """The files that names stand for, and how many YAML files in folders are of other kinds."""

    names: tuple[str, ...]
    skipped: int


def yaml_files(names: Iterable[str], wanted: Callable[[Path], bool] | None = None) -> Found:
    """The files named, and for a folder every `*.yaml` below it that is wanted (else `is_ours`).

    Raises `RolerulesError` for a folder without any.
    """
    found: list[str] = []
    skipped = 0
    for name in names:
        if name == STDIN or not Path(name).is_dir():
            found.append(name)
            continue
        inside = below(Path(name))
        kept = [str(path) for path in inside if (wanted or is_ours)(path)]
        if not kept:
            raise RolerulesError([_none(name, len(inside))])
        found += kept
        skipped += len(inside) - len(kept)
    return Found(tuple(dict.fromkeys(found)), skipped)


def below(folder: Path) -> list[Path]:
    """Every `*.yaml` below a folder, hidden folders left out."""
    found: list[Path] = []
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(at, name) for name in names if name.endswith(".yaml")]
    return sorted(path for path in found if path.is_file())


_KEY = r"^[\ufeff{]*[\"']?(%s)[\"']?[ \t]*:"
# Every file of the language says which version of it is meant, also one with a misspelt head.
_OURS = re.compile(_KEY % "|".join((*HEADS, "language")), re.MULTILINE)
_CASES = re.compile(_KEY % "cases", re.MULTILINE)


def is_ours(path: Path) -> bool:
    """Whether a file begins as a ruleset, policy, company file or cases do, or cannot be read."""
    return _OURS.search(_text(path)) is not None


def is_cases(path: Path) -> bool:
    """Whether a file holds cases, by its name or by its first key."""
    return path.name.endswith(".cases.yaml") or _CASES.search(_text(path)) is not None


def _text(path: Path) -> str:
    try:
        return read_data(str(path), LIMITS.file_bytes).decode(errors="replace")
    except RolerulesError:
        return "language:"  # whoever checks the file says why it cannot be read


def _none(folder: str, others: int) -> Problem:
    if others:
        message = f"no `.yaml` file below `{folder}` is of the kind asked for"
        mend = f"start the file with one of {', '.join(f'`{head}:`' for head in HEADS)}"
        return Problem("no-yaml-file", message, help=mend)
    message = f"no file below `{folder}` ends with `.yaml`"
    return Problem("no-yaml-file", message, help="check the path")
