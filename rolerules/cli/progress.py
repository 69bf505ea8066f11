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

from rolerules.bulk.files import as_written
from rolerules.bulk.results import REFUSED
from rolerules.bulk.summary import Summary
from rolerules.bulk.table import Decided
from rolerules.cli.output import write
from rolerules.problems import Problem, RolerulesError

NUMBER = "row"
"""The column of refused rows with the number of each."""
_BAR = 30


@attrs.define(slots=True)
class Run:
    """What is known of a run so far, where its refused rows go, and whether it is to stop."""

    rows: int
    rejects: Path
    keep: Sequence[str]
    into: BinaryIO | None = None
    summary: Summary = attrs.field(factory=Summary)
    stop: threading.Event = attrs.field(factory=threading.Event)
    signals: list[int] = attrs.field(factory=list)

    def seen(self, given: pl.DataFrame, decided: Decided) -> None:
        """Take note of a batch. Raises `RolerulesError` where refused rows cannot be written."""
        before = self.summary.people
        self.summary.add(decided)
        why = decided.frame[REFUSED]
        if why.null_count() == why.len():
            return
        rows = pl.int_range(before + 1, before + why.len() + 1, eager=True).alias(NUMBER)
        aside = pl.DataFrame([rows, *(given[name] for name in self.keep), why])
        assert self.into is not None, "refused rows have a file while a run goes on"
        try:
            text = as_written(aside.filter(why.is_not_null()), "CSV")
            text.write_csv(self.into, include_header=self.into.tell() == 0)
        except OSError as error:
            message = f"`{self.rejects}` cannot be written: {error.strerror or error}"
            mend = "check the rights to its folder, and the space there"
            raise RolerulesError([Problem("not-writable", message, help=mend)]) from None

    def carry_out(self, work: Callable[[], None]) -> None:
        """Do the work on a thread of its own, so that signals are heard at once.

        Raises what the work raises, and `SystemExit` where a signal has stopped it.
        """
        failures: list[BaseException] = []
        done = threading.Event()

        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)
            finally:
                done.set()

        thread = threading.Thread(target=guarded, name="rolerules run")
        thread.start()
        self._show()
        while not done.wait(1 / 5):
            self._show()
        thread.join()
        self._show(clear=True)
        if self.signals:
            raise SystemExit(128 + self.signals[0])
        if failures:
            raise failures[0]

    @contextlib.contextmanager
    def heard(self) -> Iterator[None]:
        """Let what would end the process at once only ask the run to stop.

        An exception out of nowhere could come while a file is half put away, or a thread half begun.
        """

        def hear(number: int, _: Any) -> None:
            self.signals.append(number)
            self.stop.set()

        before = {}
        if threading.current_thread() is threading.main_thread():  # no other is told of signals
            for name in ("SIGINT", "SIGTERM", "SIGHUP"):
                number = getattr(signal, name, None)
                if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                    before[number] = signal.signal(number, hear)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _show(self, *, clear: bool = False) -> None:
        """Draw the bar, on a terminal alone."""
        if sys.stderr is None or not sys.stderr.isatty():
            return
        done, rows = self.summary.people, self.rows
        filled = _BAR * done // rows if rows else 0
        bar = f"[{'#' * filled}{'-' * (_BAR - filled)}] {done:,} of {rows:,} people"
        write(f"\r{' ' * len(bar)}\r" if clear else f"\r{bar}", err=True)
        sys.stderr.flush()
