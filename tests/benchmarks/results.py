# SPDX-License-Identifier: MIT
"""What a run has measured: results by part and program, and medians over its rounds."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs


@attrs.frozen(slots=True)
class Results:
    """The results of a run, and medians over its rounds."""

    every: list[dict[str, Any]]

    def of(self, part: str, size: Any = None) -> dict[Any, list[dict[str, Any]]]:
        """By program, its results of a part; what failed or is missing has one result saying so."""
        found: dict[Any, list[dict[str, Any]]] = {}
        for one in self.every:
            if one["part"] == part and size in (None, one.get("size")):
                found.setdefault(one.get("peer"), []).append(one)
        return found

    def sizes(self, part: str) -> list[Any]:
        """The sizes that a part was measured at."""
        return list(dict.fromkeys(one.get("size") for one in self.every if one["part"] == part))

    def first(self, part: str) -> dict[str, Any]:
        """The one result of a part; empty without one."""
        return next((one for one in self.every if one["part"] == part), {})


def median(found: Iterable[dict[str, Any]], key: str) -> float | None:
    """The median of a figure over the rounds; None where there is none."""
    values = [one[key] for one in found if key in one]
    return statistics.median(values) if values else None


def against(found: list[dict[str, Any]], other: list[dict[str, Any]], key: str) -> float | None:
    """The median over the rounds of the ratio of two programs' figures in the same round."""
    others = {one["round"]: one[key] for one in other if key in one}
    ratios = [
        one[key] / others[one["round"]] for one in found if key in one and one["round"] in others
    ]
    return statistics.median(ratios) if ratios else None


def said(found: list[dict[str, Any]]) -> str:
    """Why a program has no figures."""
    one = found[-1]
    return (
        f"missing: `{one['missing']}` is not installed"
        if "missing" in one
        else f"failed: {one.get('error', '')}"
    )


def read(path: Path) -> Results:
    """The results of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return Results([json.loads(line) for line in lines])
