# SPDX-License-Identifier: MIT
"""Looks whether all is synced when a call returns; run with `failing.c` loaded before libc.

`none` and `most` are the controls: SQLite told to sync nothing, and not to sync the folder.
"""

from __future__ import annotations

import ctypes
import json
import sys
from pathlib import Path
from unittest import mock

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

from killing import armed  # noqa: E402
from recorded import new_record, seller  # noqa: E402

from rolerules.record import database  # noqa: E402

LESS = {"all": "EXTRA", "most": "FULL", "none": "OFF"}


def unsynced(library: ctypes.CDLL) -> list[str]:
    """The names of files and folders that were changed and not synced since."""
    names = ctypes.create_string_buffer(1 << 16)
    library.failing_unsynced(names, len(names))
    return sorted(Path(name).name for name in names.value.decode().split("\n") if name)


def main(setting: str, folder: Path) -> list[list[str]]:
    """What is not synced after each of the calls that write."""
    ruleset, found = seller(folder), []
    place = folder / "place"
    place.mkdir()
    library = armed(place, 0, 0)
    told = [one.replace("EXTRA", LESS[setting]) for one in database.SETTINGS]
    with mock.patch.object(database, "SETTINGS", told):
        record = new_record(place)
        session = ruleset.session(subject="E-1001", period="2026-Q3", record=record)
        number = session.post("satisfied", False, at="2026-09-10", source="GM").proposal
        found.append(unsynced(library))
        record.confirm(number, by="HR-1", reason="as found", at="2026-10-01")
        found.append(unsynced(library))
        session.decide()
        found.append(unsynced(library))
        record.erase("E-1001", by="DPO-1", at="2030-01-01")
        found.append(unsynced(library))
    return found


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))  # noqa: T201
