# SPDX-License-Identifier: MIT
"""How fast events go into a record, and how large it becomes: `python tests/benchmarks/sessions.py`.

One process posts a quarter of a marketing director, eight events and the decision, for each of a
hundred people; every event is decided, and on the disk before the next one. Once in the current
folder, which should be on a disk, once in memory, where the processor alone counts.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from recorded import fast_folder

from rolerules import Record, load

PEOPLE = 100
EVENTS = (
    ("grade", "M2", "2026-07-01", False), ("team_target", "1200000.00", "2026-07-01", False),
    ("team_sales", "400000.00", "2026-07-31", False), ("team_sales", "410000.00", "2026-08-31", False),
    ("team_sales", "380000.00", "2026-09-30", True), ("profit", "92000.00", "2026-09-30", True),
    ("key_accounts", [], "2026-09-30", False), ("satisfied", True, "2026-09-30", False),
)  # fmt: skip


def run(folder: Path, ruleset) -> tuple[float, int, int]:
    """Seconds of the processor's or the disk's time, entries, bytes."""
    record = Record.open(folder / "people.record")
    began = time.perf_counter()
    for number in range(PEOPLE):
        session = ruleset.session(subject=f"E-{number}", period="2026-Q3", record=record)
        for fact, value, at, complete in EVENTS:
            session.post(fact, value, at=at, source="CRM", complete=complete)
        session.decide()
    seconds = time.perf_counter() - began
    return seconds, record.verify().entries, (folder / "people.record").stat().st_size


def sizes(folder: Path) -> dict[str, list[int]]:
    """The bytes of the entries, by their kind."""
    record = Record.open(folder / "people.record")
    found: dict[str, list[int]] = {}
    kinds = {
        one.number: one.kind for who in record.keys.subjects() for one in record.known(who).entries
    }
    with record.store.reading() as rows:
        for row in rows.after(0, 10_000):
            found.setdefault(kinds.get(row.number, "rules"), []).append(len(row.data))
    return found


def main() -> None:
    """Measure, and say what came out."""
    ruleset = load("marketing-director", company="example")
    disk = tempfile.TemporaryDirectory(dir=Path.cwd())
    for where, folder in (("on the disk", disk), ("in memory", fast_folder())):
        with folder as name:
            seconds, entries, size = run(Path(name), ruleset)
            calls = PEOPLE * (len(EVENTS) + 1)
            sys.stdout.write(
                f"{where}: {calls / seconds:.0f} events and decisions a second, "
                f"{1000 * seconds / calls:.2f} ms each; {size / entries:.0f} bytes an entry in the file\n"
            )
            for kind, found in sizes(Path(name)).items():
                sys.stdout.write(f"  {kind}: {statistics.median(found):.0f} bytes\n")


if __name__ == "__main__":
    main()
