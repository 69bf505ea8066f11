# SPDX-License-Identifier: MIT
"""Bytes in and out, with every failure a problem."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from rolerules.problems import Problem, RolerulesError

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


def replace(path: Path, data: bytes) -> None:
    """Write a file anew in one step: it is the old or the new one at every moment.

    Keeps its mode, and the link where it is one. Raises `RolerulesError`.
    """
    target = Path(os.path.realpath(path))
    waiting: str | None = None
    try:
        handle, waiting = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, waiting)
        os.replace(waiting, target)
    except OSError as error:
        if waiting is not None:
            with contextlib.suppress(OSError):
                os.unlink(waiting)
        message = f"`{path}` cannot be written: {error.strerror or 'no reason given'}"
        mend = "check the rights to its folder"
        raise RolerulesError([Problem("not-writable", message, help=mend)]) from None


def yaml_files(names: Iterable[str]) -> list[str]:
    """The files named, and for a folder every `*.yaml` below it.

    Raises `RolerulesError` for a folder without any.
    """
    found: list[str] = []
    for name in names:
        if name == STDIN or not Path(name).is_dir():
            found.append(name)
            continue
        inside = sorted(str(path) for path in Path(name).rglob("*.yaml") if path.is_file())
        if not inside:
            message = f"no file below `{name}` ends with `.yaml`"
            raise RolerulesError([Problem("no-yaml-file", message, help="check the path")])
        found += inside
    return list(dict.fromkeys(found))
