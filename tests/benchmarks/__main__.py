# SPDX-License-Identifier: MIT
"""The benchmark's command line: `python -m tests.benchmarks [quick | full | report FILE] [PART …]`.

`quick` takes less than three minutes, `full` less than 25. Parts: verify, single, cold, building,
table, files, growth; all of them unless some are named. `full` with all parts writes
`docs/performance.md` and its chart; `report FILE` writes them of an earlier run's results.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.parts import FULL, PARTS, QUICK, run
from tests.benchmarks.report import report, write

_CALLED = "usage: python -m tests.benchmarks [quick | full | report FILE] [PART …]"


def main(words: list[str]) -> int:
    """Run what the words say; the exit code."""
    mode, *rest = words or ["quick"]
    if mode == "report" and len(rest) == 1 and Path(rest[0]).is_file():
        write(Path(rest[0]))
        return 0
    if mode not in ("quick", "full") or not set(rest) <= set(PARTS):
        print(f"{_CALLED}\nparts: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    size = QUICK if mode == "quick" else FULL
    found = run(
        size,
        rest or list(PARTS),
        f"make bench MODE={mode}" if not rest else f"python -m tests.benchmarks {' '.join(words)}",
    )
    print(report(found))
    if mode == "full" and not rest:
        write(found)
    print(f"results: {found}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
