# SPDX-License-Identifier: MIT
"""Runs every measurement in a process of its own, in turn, and keeps what came out as JSON lines.

A round runs all programs once, each round beginning with another one; what is compared was thus
measured within the same minutes. Every process has a time limit, and its peak memory is the system's
own figure for it.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import attrs

from tests.benchmarks.peers import BY_ROW, COLD, EVERY, FILES, ROWS, TABLES

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".bench"
_LIMIT = 300
_COLD = (
    "from tests.benchmarks import policy; from tests.benchmarks.peers import {} as one; "
    "one.load()(one.given(policy.TYPICAL))"
)
PACKAGES = (
    "attrs", "polars", "pyarrow", "numpy", "duckdb", "datalogic-py", "zen-engine",
    "common-expression-language", "rule-engine", "durable_rules", "OpenFisca-Core",
)  # fmt: skip


@attrs.frozen(slots=True)
class Size:
    """How much is measured."""

    rounds: int
    table: tuple[tuple[int, int], ...]
    """Numbers of people, each with its number of rounds."""
    file: tuple[tuple[int, int], ...]
    grown_rows: tuple[int, ...]
    grown_rules: tuple[int, ...]
    lengths: tuple[int, ...]


QUICK = Size(3, ((1_000_000, 3),), ((1_000_000, 3),), (10_000, 100_000), (10, 100), (0, 10))
FULL = Size(
    5, ((1_000_000, 5), (10_000_000, 3)), ((1_000_000, 3), (10_000_000, 5)),
    (10_000, 100_000, 1_000_000, 10_000_000), (10, 100, 1000), (0, 1, 10, 30, 100),
)  # fmt: skip


@attrs.frozen(slots=True)
class Kept:
    """The file that every result is written to as it comes."""

    path: Path

    def put(self, **found: Any) -> None:
        """Add one result, and show it."""
        line = json.dumps(found)
        with self.path.open("a", encoding="utf-8") as to:
            to.write(line + "\n")
        print(line, file=sys.stderr, flush=True)


def process(words: Sequence[str], limit: int = _LIMIT) -> dict[str, Any]:
    """Run a process of this Python: its last line of JSON, its seconds, its peak memory."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as problems:
        start = time.perf_counter()
        run = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, stdout=out, stderr=problems, text=True
        )
        late = threading.Timer(limit, run.kill)
        late.start()
        _, status, usage = os.wait4(run.pid, 0)
        took = time.perf_counter() - start
        late.cancel()
        run.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        problems.seek(0)
        lines, said = out.read().splitlines(), problems.read().strip()
    if run.returncode:
        slow = run.returncode < 0 and took >= limit
        return {
            "error": f"more than {limit} s" if slow else (said or f"exit {run.returncode}")[-200:]
        }
    found = {"process_s": took, "peak_mb": usage.ru_maxrss / 1024}
    return {**(json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}), **found}


def measured(*words: object) -> dict[str, Any]:
    """One measurement."""
    return process(["-m", "tests.benchmarks.measure", *map(str, words)])


def turns(
    programs: Iterable[str], rounds: int, one: Callable[[str], dict[str, Any]]
) -> Iterable[tuple[int, str, dict[str, Any]]]:
    """Every program once a round, each round beginning with another; one that fails is not run again."""
    left = list(programs)
    for number in range(rounds):
        at = number % max(1, len(left))
        for name in left[at:] + left[:at]:
            found = one(name)
            if "missing" in found or "error" in found:
                left.remove(name)
            yield number, name, found


# --- the parts


def machine(command: str) -> dict[str, Any]:
    """What it was measured on."""
    cpu = platform.processor() or platform.machine()
    memory = 0
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        cpu = next(
            (line.split(":")[1].strip() for line in lines if line.startswith("model name")), cpu
        )
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return {
        "date": datetime.date.today().isoformat(), "command": command, "cpu": cpu, "cores": os.cpu_count(),
        "memory_gb": memory, "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(), "rolerules": version("rolerules"), "load": os.getloadavg()[0],
        "packages": {name: _version(name) for name in PACKAGES},
    }  # fmt: skip


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def verify(kept: Kept, size: Size) -> None:
    """Whether every program gives the right answers."""
    for name in EVERY:
        kept.put(part="verify", peer=name, **measured("verify", name))


def single(kept: Kept, size: Size) -> None:
    """One evaluation; (a)."""
    for facts in ("known", "unknown"):
        for number, name, found in turns(
            ROWS, size.rounds, lambda name, facts=facts: measured("single", name, facts)
        ):
            kept.put(part="single", peer=name, size=facts, round=number, **found)
    for number in range(size.rounds):
        kept.put(
            part="single", peer="shipped", size="known", round=number, **measured("shipped_single")
        )


def table(kept: Kept, size: Size) -> None:
    """Many people, from memory to memory; (b)."""
    for count, rounds in size.table:
        path = _people(count)
        for number, name, found in turns(
            TABLES, rounds, lambda name, path=path: measured("table", name, path)
        ):
            kept.put(part="table", peer=name, size=count, round=number, **found)
    for number, name, found in turns(BY_ROW, size.rounds, lambda name: measured("by_row", name)):
        kept.put(part="by_row", peer=name, round=number, **found)


def files(kept: Kept, size: Size) -> None:
    """Many people, from Parquet to Parquet, streaming; whole processes; (b)."""
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        target = Path(folder) / "answers.parquet"
        for count, rounds in size.file:
            path = _people(count)

            def one(name: str, path: Path = path) -> dict[str, Any]:
                target.unlink(missing_ok=True)
                found = measured("file", name, path, target)
                if "missing" in found or "error" in found:
                    return found
                sums = measured("totals", target)
                return {"megabytes": target.stat().st_size / 1e6, **sums, **found}

            for number, name, found in turns(FILES, rounds, one):
                kept.put(part="file", peer=name, size=count, round=number, **found)


def _people(count: int) -> Path:
    from tests.benchmarks.people import people_file

    return people_file(KEPT / "data", count)


def cold(kept: Kept, size: Size) -> None:
    """Whole processes: start, load, decide once; (c)."""
    from tests.benchmarks.cold_start import PROGRAMS

    programs = {name: words[1:] for name, words in PROGRAMS.items()}
    programs |= {name: ["-c", _COLD.format(name)] for name in COLD}
    for words in programs.values():
        process(words)  # compiled files and caches of the first run are not counted
    for number, name, found in turns(
        programs, 3 * size.rounds, lambda name: process(programs[name])
    ):
        kept.put(part="cold", peer=name, round=number, **found)


def building(kept: Kept, size: Size) -> None:
    """How long a large ruleset takes from text to decision, by number of rules."""
    from tests.benchmarks.building import STAGES, medians

    for rules, took in medians(size.grown_rules, 3).items():
        kept.put(part="building", size=rules, **dict(zip(STAGES, took, strict=True)))


def growth(kept: Kept, size: Size) -> None:
    """Growth with rules, rows and a list's length; (d)."""
    for count in size.grown_rows:
        path = _people(count)
        for number, name, found in turns(
            ("rolerules_table", "polars_hand"),
            3,
            lambda name, path=path: measured("table", name, path),
        ):
            kept.put(part="rows", peer=name, size=count, round=number, **found)
    for rules in size.grown_rules:
        kept.put(part="rules", size=rules, **measured("growth", "rules", rules))
    for length in size.lengths:
        kept.put(part="list", size=length, **measured("growth", "list", length))
    count = size.table[0][0]
    kept.put(part="shipped_table", size=count, **measured("shipped_table", _people(count)))


PARTS: dict[str, Callable[[Kept, Size], None]] = {
    "verify": verify, "single": single, "cold": cold, "building": building, "table": table,
    "files": files, "growth": growth,
}  # fmt: skip


def run(size: Size, parts: Sequence[str], command: str) -> Path:
    """Measure the parts; give the file of the results."""
    (KEPT / "results").mkdir(parents=True, exist_ok=True)
    now = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    kept = Kept(KEPT / "results" / f"{now}.jsonl")
    kept.put(part="machine", **machine(command))
    start = time.perf_counter()
    for part in parts:
        PARTS[part](kept, size)
    kept.put(part="end", seconds=round(time.perf_counter() - start), load=os.getloadavg()[0])
    return kept.path
