# SPDX-License-Identifier: MIT
"""Kills a process that writes into a record, at every call that changes a file, and looks.

Run as a program it does so a number of times: `python tests/crash/killing.py 10000`. It starts
itself again with `failing.c` loaded before libc; from that process a child is forked for each
kill. The child posts three facts of a person, says after each that it is recorded, and is killed
by SIGKILL before, half way through, or after the call whose turn it is.
"""

from __future__ import annotations

import ctypes
import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

MODES = {1: "before", 2: "half way", 3: "after"}
PEOPLE_A_RECORD = 40
TURNS = [(kind, mode) for mode in MODES for kind in ("new", "used", "used")]
EVENTS = (("satisfied", False, "e1"), ("sales", "10.00", "e2"), ("sales", "20.00", "e3"))


def shared_library(folder: Path) -> Path:
    """Compile `failing.c`."""
    made = folder / "failing.so"
    command = ["cc", "-shared", "-fPIC", "-O1", "-o", made, HERE / "failing.c", "-ldl"]
    subprocess.run(command, check=True)
    return made


def started(program: str, folder: Path, *arguments: str) -> dict:
    """Run a program of this folder with the library loaded before libc; gives its last line."""
    environment = {**os.environ, "LD_PRELOAD": str(shared_library(folder))}
    command = [sys.executable, str(HERE / program), *arguments, str(folder)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def armed(folder: Path, call: int, mode: int, *, stays: bool = False) -> ctypes.CDLL:
    """Count calls in this process from now on, and let one die or fail."""
    library = ctypes.CDLL(None)
    library.failing_arm(os.fsencode(folder), ctypes.c_long(call), mode, int(stays))
    return library


def post(ruleset, record, subject, said) -> None:
    """Post facts, and say after each that it is recorded."""
    for fact, value, event in EVENTS:
        ruleset.session(subject=subject, period="2026-Q3", record=record).post(
            fact, value, at="2026-09-10", source="GM", event=event
        )
        said(event)


def child(folder: Path, call: int, mode: int, does) -> tuple[int, list[str], int]:
    """Fork, do it, perhaps die: how it ended, what was said to be recorded, the calls counted."""
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        library = armed(folder, call, mode)
        does(lambda event: os.write(into, f"{event}\n".encode()))
        os.write(into, f"{library.failing_calls()}\n".encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as lines:
        told = lines.read().split()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status), told, 0
    assert status == 0, f"the child ended with {status}"
    return 0, told[:-1], int(told[-1])


def look(folder: Path, ruleset, subject: str, told: list[str], before) -> None:
    """What was said to be recorded is there, once; what was not can be given again, once."""
    from recorded import new_record

    record = new_record(folder)
    record.verify(before)
    found = _events(record, subject)
    assert len(found) == len(set(found)), f"doubled: {found}"
    assert found[: len(told)] == told, f"lost: {told} of {found}"
    assert len(found) <= len(told) + 1, f"more than was being written: {found} after {told}"
    post(ruleset, record, subject, lambda event: None)
    assert _events(record, subject) == [event for _, _, event in EVENTS]
    decided = [one for one in record.known(subject).entries if one.kind == "decision"]
    assert [one.body["proposes"] for one in decided] == [True]


def _events(record, subject: str) -> list[str]:
    if record.keys.of(subject) is None:
        return []
    return [one.body["event"] for one in record.known(subject).entries if one.kind == "fact"]


def kills(folder: Path, wanted: int) -> dict[str, int]:
    """Kill so many times: at each call in turn, in each mode, in new records and in used ones."""
    from recorded import new_record, seller

    ruleset = seller(folder)
    found = {f"{kind}, {name}": 0 for kind in ("new", "used") for name in MODES.values()}
    turn, most = dict.fromkeys(found, 0), {"new": 0, "used": 0}
    for number, (kind, mode) in enumerate(itertools.cycle(TURNS)):
        which = f"{kind}, {MODES[mode]}"
        name = f"n{number}" if kind == "new" else f"u{number // PEOPLE_A_RECORD}"
        place, subject = folder / name, f"E-{number}"
        place.mkdir(exist_ok=True)
        before = new_record(place).checkpoint() if kind == "used" else None
        turn[which] += 1

        def posts(said, place=place, subject=subject) -> None:
            post(ruleset, new_record(place), subject, said)

        signal, told, calls = child(place, turn[which], mode, posts)
        look(place, ruleset, subject, told, before)
        if signal:
            assert signal == 9
            found[which] += 1
        else:  # past the last call: from the first on again
            most[kind], turn[which] = max(most[kind], calls), 0
        if sum(found.values()) >= wanted:
            break
    return {**found, **{f"calls, {kind}": calls for kind, calls in most.items()}}


def erasures(folder: Path) -> dict[str, int]:
    """Kill an erasure at each call; doing it again ends it, and the key is nowhere in the file."""
    from recorded import new_record, seller

    ruleset, found = seller(folder), dict.fromkeys(MODES.values(), 0)
    for mode, name in MODES.items():
        for call in itertools.count(1):
            place, subject = folder / f"e{mode}-{call}", "E-1001"
            place.mkdir()
            post(ruleset, new_record(place), subject, lambda event: None)
            post(ruleset, new_record(place), "E-1002", lambda event: None)
            key = new_record(place).keys.of(subject)

            def erases(said, place=place) -> None:
                new_record(place).erase("E-1001", by="DPO-1", at="2030-01-01")

            signal, _, _ = child(place, call, mode, erases)
            record = new_record(place)
            if record.keys.of(subject) is not None:
                record.erase(subject, by="DPO-1", at="2030-01-01")
            record.verify()
            with record.store.reading() as rows:
                assert sum(b'"erased"' in row.data for row in rows.after(0, 10_000)) == 1
            left = b"".join(file.read_bytes() for file in place.glob("*.keys*"))
            assert key._secret not in left
            assert key.token.encode() not in left
            assert subject.encode() not in left
            assert len(_events(record, "E-1002")) == len(EVENTS)
            if not signal:
                break
            found[name] += 1
    return found


if __name__ == "__main__":
    if "LD_PRELOAD" in os.environ:
        folder = Path(sys.argv[2])
        done = erasures(folder) if sys.argv[1] == "erasures" else kills(folder, int(sys.argv[1]))
        print(json.dumps(done))  # noqa: T201
    else:
        from recorded import fast_folder

        with fast_folder() as name:
            began = time.monotonic()
            found = started("killing.py", Path(name), sys.argv[1])
            seconds = round(time.monotonic() - began)
        print(f"{found} in {seconds} s: nothing lost, nothing doubled")  # noqa: T201
