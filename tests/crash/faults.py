# SPDX-License-Identifier: MIT
"""Lets each call that changes a file fail in turn, and looks: an error is said, nothing is half.

Run as a program it does all of that: `python tests/crash/faults.py`. It starts itself again with
`failing.c` loaded before libc.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

from killing import EVENTS, _events, armed, post, started  # noqa: E402
from recorded import fast_folder, new_record, seller  # noqa: E402

from rolerules import RolerulesError  # noqa: E402

MODES = {4: "disk full", 5: "error of the disk", 6: "short write"}


def faults(folder: Path, subjects: Counter, mode: int, *, stays: bool, used: bool) -> Counter:
    """Let every call of a run fail once (or every one from it on), in a new or in a used record."""
    ruleset = seller(folder)
    found: Counter = Counter()
    call = 0
    while True:
        call += 1
        place = folder / ("used" if used else f"{mode}-{stays}-{call}")
        place.mkdir(exist_ok=True)
        if used:
            post(ruleset, new_record(place), "E-0", lambda event: None)
        subjects["n"] += 1
        subject, told = f"E-{subjects['n']}", []
        library = armed(folder, call, mode, stays=stays)
        codes: list[str] = []
        try:
            post(ruleset, new_record(place), subject, told.append)
        except RolerulesError as error:
            codes = [problem.code for problem in error.problems]
        calls = library.failing_calls()
        armed(folder, 0, 0)
        _look(place, ruleset, subject, told, codes)
        found["an error" if codes else "no error"] += 1
        if len(told) == len(EVENTS) and not codes and call > calls > 0:
            return found


def _look(place, ruleset, subject, told, codes) -> None:
    assert codes in ([], ["record-file"]), codes
    assert codes or told == [event for _, _, event in EVENTS]
    record = new_record(place)
    record.verify()
    there = _events(record, subject)
    # An error leaves open whether the one being written is there: never more, and never half.
    assert there[: len(told)] == told, f"{there} is there, {told} was confirmed"
    assert len(there) <= len(told) + bool(codes), f"{there} is there, {told} was confirmed"
    post(ruleset, record, subject, lambda event: None)
    assert _events(record, subject) == [event for _, _, event in EVENTS]


RUNS = [
    (mode, stays, used)
    for mode in MODES for stays in (False, True) for used in (False, True)
]  # fmt: skip
"""Every kind of failure, once and lasting, in a new record and in a used one."""
SOME = [(4, True, False), (5, False, False), (4, False, True), (5, False, True), (6, False, True)]
"""Those that the tests run: each call site fails in each way at least once."""

if __name__ == "__main__":
    if "LD_PRELOAD" in os.environ:
        numbers: Counter = Counter()
        done = {
            f"{MODES[mode]}{', lasting' if stays else ''}, {'used' if used else 'new'}": faults(
                Path(sys.argv[2]), numbers, mode, stays=stays, used=used
            )
            for mode, stays, used in (RUNS if sys.argv[1] == "all" else SOME)
        }
        print(json.dumps(done))  # noqa: T201
    else:
        with fast_folder() as name:
            print(started("faults.py", Path(name), "all"))  # noqa: T201
