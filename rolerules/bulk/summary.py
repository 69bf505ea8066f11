# SPDX-License-Identifier: MIT
"""What a run over a file came to: counts and the total pay, added up batch by batch."""

from __future__ import annotations

from collections import Counter

import attrs
import polars as pl

from rolerules.bulk.results import REFUSED
from rolerules.bulk.table import Decided


@attrs.define(slots=True)
class Summary:
    """People and pay so far; `total` in least units, over those whose whole pay is determined."""

    people: int = 0
    refused: int = 0
    exact: int = 0
    total: int = 0
    unpaid: int = 0
    """People who are decided and of whom some line is undetermined."""
    broken: int = 0
    """People with a violation."""
    statuses: Counter[str | None] = attrs.field(factory=Counter)
    effects: Counter[str | None] = attrs.field(factory=Counter)
    violations: Counter[str] = attrs.field(factory=Counter)

    def add(self, decided: Decided) -> None:
        """Add a batch."""
        frame = decided.frame
        self.people += frame.height
        self.exact += decided.exact
        refused = frame[REFUSED].len() - frame[REFUSED].null_count()
        self.refused += refused
        pay = frame["pay.total"]
        self.total += _sum(pay)
        self.unpaid += pay.null_count() - refused
        if "status" in frame.columns:
            _count(frame["status"], self.statuses, refused)
            _count(frame["effect"], self.effects, refused)
        found = frame["violations"]
        broken = found.filter(found.fill_null("") != "")
        self.broken += broken.len()
        for names, count in broken.value_counts().rows():
            for name in names.split(", "):
                self.violations[name] += count


def _sum(amounts: pl.Series) -> int:
    """A sum that cannot wrap."""
    units = amounts.to_physical().cast(pl.Int128).sum()
    assert isinstance(units, int)
    return units


def _count(words: pl.Series, into: Counter[str | None], refused: int) -> None:
    """Count the words; null, of those that are decided, is counted too."""
    codes = words.to_physical()
    assert isinstance(words.dtype, pl.Enum)
    for place, word in enumerate(words.dtype.categories):
        into[word] += int((codes == place).sum())
    into[None] += words.null_count() - refused
