# SPDX-License-Identifier: MIT
"""A run over a file while it goes on: refused rows aside, a bar on a terminal, and its end by signals."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import attrs
import polars as pl

from rolerules.bulk.exact import Stopped
from rolerules.bulk.files import as_written
from rolerules.bulk.results import REFUSED
from rolerules.bulk.summary import Summary
from rolerules.bulk.table import Decided
from rolerules.cli.output import write
from rolerules.problems import Problem, RolerulesError

_BAR = 30


@attrs.define(slots=True)
class Run:
    """What is known of a run so far, where its refused rows go, and whether it is to stop."""

    rows: int
    rejects: Path
    into: BinaryIO
    keep: Sequence[str]
    summary: Summary = attrs.field(factory=Summary)
    stop: threading.Event = attrs.field(factory=threading.Event)

    def seen(self, given: pl.DataFrame, decided: Decided) -> None:
        """Take note of a batch. Raises `RolerulesError` where refused rows cannot be written."""
        before = self.summary.people
        self.summary.add(decided)
        why = decided.frame[REFUSED]
        if why.null_count() == why.len():
            return
        rows = pl.int_range(before + 1, before + why.len() + 1, eager=True).alias("row")
        aside = pl.DataFrame([rows, *(given[name] for name in self.keep), why])
        try:
            text = as_written(aside.filter(why.is_not_null()), "CSV")
            text.write_csv(self.into, include_header=self.into.tell() == 0)
        except OSError as error:
            message = f"`{self.rejects}` cannot be written: {error.strerror or error}"
            mend = "check the rights to its folder, and the space there"
            raise RolerulesError([Problem("not-writable", message, help=mend)]) from None

    def carry_out(self, work: Callable[[], None]) -> None:
        """Do the work on a thread of its own, so that signals are heard at once.

        Raises what the work raises, and `KeyboardInterrupt` or `SystemExit` after it has stopped.
        """
        failures: list[BaseException] = []

        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=guarded, name="rolerules run")
        with _ended_by_signals():
            thread.start()
            try:
                while thread.is_alive():
                    thread.join(1 / 5)
                    self._show()
            except BaseException:
                self.stop.set()
                thread.join()
                raise
            finally:
                self._show(clear=True)
        if failures and not isinstance(failures[0], Stopped):
            raise failures[0]

    def _show(self, *, clear: bool = False) -> None:
        """Draw the bar, on a terminal alone."""
        if sys.stderr is None or not sys.stderr.isatty():
            return
        done, rows = self.summary.people, self.rows
        filled = _BAR * done // rows if rows else 0
        bar = f"[{'#' * filled}{'-' * (_BAR - filled)}] {done:,} of {rows:,} people"
        write(f"\r{' ' * len(bar)}\r" if clear else f"\r{bar}", err=True)
        sys.stderr.flush()


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let what would end the process at once end it in order, with the same exit code."""

    def end(number: int, _: Any) -> None:
        raise SystemExit(128 + number)

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        names = []  # only the main thread may be told of signals
    before = {name: signal.signal(getattr(signal, name), end) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
