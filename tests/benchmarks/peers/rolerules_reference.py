# SPDX-License-Identifier: MIT
"""rolerules' reference engine, which defines the meaning and keeps every step for explanations."""

from collections.abc import Callable
from typing import Any

from tests.benchmarks.peers.rolerules_single import answer, given, reading
from tests.benchmarks.policy import Case

NAME, PACKAGE, MONEY = "rolerules, reference engine", "rolerules", "exact"
__all__ = ["MONEY", "NAME", "PACKAGE", "answer", "given", "load"]


def load() -> Callable[[Case], Any]:
    return reading("reference")
