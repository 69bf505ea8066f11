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

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".bench"
_LIMIT = 300
PACKAGES = (
    "attrs", "polars", "pyarrow", "numpy", "duckdb", "datalogic-py", "zen-engine",
    "common-expression-language", "rule-engine", "durable_rules", "OpenFisca-Core",
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
    # Compiled once and kept, as an installation is.
    around = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as problems:
        start = time.perf_counter()
        run = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=around, stdout=out, stderr=problems, text=True
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
    said = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    if "missing" in said or "error" in said:
        return dict(said)
    return {**said, "process_s": took, "peak_mb": usage.ru_maxrss / 1024}


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
