# SPDX-License-Identifier: MIT
"""OpenFisca with whole cents, which it holds in 32 bits: right only while nothing grows beyond them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.peers.numpy_arrays import given_table as _arrays
from tests.benchmarks.peers.openfisca_floats import answered, deciding, system

NAME, PACKAGE, MONEY = "OpenFisca, whole cents", "OpenFisca-Core", "32-bit int, cents"
OUTPUTS = "lines, total, status, mask"
__all__ = ["MONEY", "NAME", "OUTPUTS", "PACKAGE", "answers", "given_table", "load_table", "totals"]


def load_table() -> Callable[[Any], Any]:
    return deciding(system(int, 100))


def given_table(path: Path) -> Any:
    return _arrays(path)


def answers(found: Any) -> dict[str, list[Any]]:
    return answered(found, 1)


def totals(found: Any) -> tuple[int, int]:
    return int(found["total"].astype(int).sum()), int(found["suspended"].sum())
