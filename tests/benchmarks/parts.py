# SPDX-License-Identifier: MIT
"""The parts of the benchmark, and how much of each a quick and a full run measure."""

from __future__ import annotations

import datetime
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs

from tests.benchmarks.peers import BY_ROW, COLD, EVERY, FILES, ROWS, TABLES
from tests.benchmarks.run import KEPT, Kept, machine, measured, process, turns

_COLD = (
    "from tests.benchmarks import policy; from tests.benchmarks.peers import {} as one; "
    "one.load()(one.given(policy.TYPICAL))"
)


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


QUICK = Size(2, ((1_000_000, 2),), ((1_000_000, 2),), (10_000, 100_000), (10, 100), (0, 10))
FULL = Size(
    5, ((1_000_000, 5), (10_000_000, 3)), ((1_000_000, 3), (10_000_000, 5)),
    (10_000, 100_000, 1_000_000, 10_000_000), (10, 100, 1000), (0, 1, 10, 30, 100),
)  # fmt: skip


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
