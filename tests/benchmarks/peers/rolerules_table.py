# SPDX-License-Identifier: MIT
"""rolerules over a table, and its `run` from file to file."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

import rolerules
from tests.benchmarks.peers.polars_hand import answers, given_table, totals
from tests.benchmarks.peers.rolerules_single import RULESET
from tests.benchmarks.policy import AS_OF

NAME, PACKAGE, MONEY = "rolerules", "rolerules", "exact"
OUTPUTS = "every column"
__all__ = [
    "MONEY",
    "NAME",
    "OUTPUTS",
    "PACKAGE",
    "answers",
    "file",
    "given_table",
    "load_table",
    "totals",
]


def load_table() -> Callable[[pl.DataFrame], Any]:
    evaluate, day = rolerules.load(RULESET).evaluate_table, datetime.date.fromisoformat(AS_OF)
    return lambda people: evaluate(people, as_of=day, minor_units=True)


def file(source: Path, target: Path) -> None:
    """`rolerules run`, as at a command line."""
    from rolerules.cli import app

    words = ["run", str(RULESET), str(source), "-o", str(target), "--as-of", AS_OF, "--minor-units"]
    try:
        app.main(words, prog_name="rolerules")
    except SystemExit as end:
        if end.code:
            raise RuntimeError(f"`rolerules run` ended with exit code {end.code}") from None
