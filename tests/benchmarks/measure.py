# SPDX-License-Identifier: MIT
"""One measurement in a process of its own: `python -m tests.benchmarks.measure KIND WORD …`.

Prints one line of JSON. What a program needs and is not installed is `missing`; whatever else goes
wrong is an `error`. The runner adds the process's peak memory.
"""

from __future__ import annotations

import gc
import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

from tests.benchmarks.policy import SEED, cases
from tests.benchmarks.verify import Found, program, verify

BY_ROW = 20_000
"""So many people go through a program that takes them one by one."""


def _clock(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _each(evaluate: Callable[[Any], object], facts: Sequence[Any], times: int) -> float:
    """Seconds a case."""
    start = time.perf_counter()
    for _ in range(times):
        for one in facts:
            evaluate(one)
    return (time.perf_counter() - start) / times / len(facts)


def single(name: str, facts: str) -> Found:
    """Microseconds a case, in turn with hand-written decimal code in the same process.

    `facts` is `known`, or `unknown` for cases in which one fact is.
    """
    module, hand = program(name), program("hand_decimal")
    drawn = [case for case in cases(600, SEED) if (case["annual"] is None) == (facts == "unknown")][
        :64
    ]
    return _in_turn(
        module.load(), [module.given(one) for one in drawn],
        hand.load(), [hand.given(one) for one in drawn],
    )  # fmt: skip


def _in_turn(evaluate: Any, facts: list[Any], other: Any, others: list[Any]) -> Found:
    rough = min(_each(evaluate, facts, 1) for _ in range(2))
    _each(other, others, 5)
    times = max(1, int(0.1 / rough / len(facts)))
    gc.collect()
    gc.disable()
    took = []
    for _ in range(5):
        took.append((_each(evaluate, facts, times), _each(other, others, 400)))
    return {
        "us": statistics.median(one for one, _ in took) * 1e6,
        "hand_us": statistics.median(one for _, one in took) * 1e6,
        "ratio": statistics.median(one / hand for one, hand in took),
    }


def shipped_single() -> Found:
    """The shipped marketing director, one decision with lines, total, status and grounds read."""
    from tests.benchmarks.shipped import deciding, facts

    decide = deciding()
    hand = program("hand_decimal")
    drawn = cases(64, SEED)
    return _in_turn(
        decide, [facts(one) for one in drawn], hand.load(), [hand.given(one) for one in drawn]
    )


def table(name: str, path: str) -> Found:
    """Seconds for a table that is in memory, and its sums, to be compared."""
    return _table(program(name), path)


def _table(module: Any, path: str) -> Found:
    decide, people = module.load_table(), module.given_table(Path(path))
    took: list[float] = []
    found = None
    while len(took) < 6 and (len(took) < 3 or sum(took) < 12):
        found = None
        gc.collect()
        start = time.perf_counter()
        found = decide(people)
        took.append(time.perf_counter() - start)
    total, suspended = module.totals(found)
    warm = took[1:]
    return {
        "first": took[0],
        "seconds": statistics.median(warm),
        "total": total,
        "suspended": suspended,
    }


def shipped_table(path: str) -> Found:
    """The same for the shipped marketing director, with lists in its table."""
    return _table(importlib.import_module("tests.benchmarks.shipped"), path)


def by_row(name: str) -> Found:
    """Seconds for people one by one; making a program's facts of theirs is not counted."""
    module = program(name)
    evaluate = module.load()
    people = [module.given(case) for case in cases(BY_ROW, SEED)]
    took = [_clock(lambda: [evaluate(one) for one in people]) for _ in range(3)]
    return {"seconds": statistics.median(took), "rows": BY_ROW}


def file(name: str, source: str, target: str) -> Found:
    """From Parquet to Parquet; the runner times the whole process."""
    program(name).file(Path(source), Path(target))
    return {}


def totals(target: str) -> Found:
    """The sums of a file of answers, to be compared."""
    import polars as pl

    found = pl.scan_parquet(target).select(
        pl.len(), pl.col("pay.total").sum(), (pl.col("status").cast(pl.String) == "suspended").sum()
    )
    rows, total, suspended = found.collect(engine="streaming").row(0)
    return {"rows": rows, "total": int(total), "suspended": suspended}


def growth(kind: str, size: str) -> Found:
    """How one size of `rules` or `list` does."""
    from tests.benchmarks import growth as growing

    return growing.MEASURES[kind](int(size))


_KINDS: dict[str, Callable[..., Found]] = {
    "verify": verify, "single": single, "shipped_single": shipped_single, "table": table, "shipped_table": shipped_table,
    "by_row": by_row, "file": file, "totals": totals, "growth": growth,
}  # fmt: skip


def main(words: list[str]) -> None:
    """Measure, and print what came out."""
    try:
        found = _KINDS[words[0]](*words[1:])
    except (ImportError, PackageNotFoundError) as error:
        found = {"missing": getattr(error, "name", None) or str(error)}
    except Exception as error:
        found = {
            "error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[
                :200
            ]
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
