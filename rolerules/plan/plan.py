# SPDX-License-Identifier: MIT
"""The plan: steps that refer to earlier steps by position, and which steps are the results.

Step operations, beside those of the operation table (`args` are positions of earlier steps):

| op | args | value |
|---|---|---|
| fact, given | | the name of the fact, or of `as_of`, `quarter`, `status_at_start`, … |
| opening | | the balance, as `NAME.opening` |
| constant | | the value |
| silent | | the reading that says why nothing follows here |
| lookup | the key | the figures by choice |
| table | condition and output of each row, then `otherwise`, then priorities | `Rows` |
| round | the amount | (step, mode) |
| not in force | the day | the parameter that has no figure yet on that day, the date of its first |
| pay | the rounded amount | (the line's name, the currency's digits, its place), or None where it may be negative |
| outcome | (`due`,) test | the words for yes, no and not due |
| records | one outcome for each id | the ids |
| some, every, filter | the list | `Body`, run once for each item |
| allocate | the pool, the list | (the field it is shared by, the currency's smallest unit) |
| project, field | the list, or the item | the field |
| sum, count, min of, max of | the list | |
| highest, lowest | the list, how many | |
| percentile | the list, the share | |
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import attrs

from rolerules.model.model import Fact, Origin
from rolerules.model.types import ANY, Range, Type


@attrs.frozen(slots=True, repr=False)
class Step:
    """One step; `type` and `range` are what is proved of its result."""

    op: str
    args: tuple[int, ...]
    type: Type
    range: Range = ANY
    value: Any = None


@attrs.frozen(slots=True, repr=False)
class Body:
    """Steps over one item, which stands at position `start`; their positions go on from there."""

    start: int
    steps: tuple[Step, ...]
    result: int


@attrs.frozen(slots=True, repr=False)
class Rows:
    """The shape of a table step."""

    name: str
    hit: str
    rows: int
    otherwise: bool
    lines: tuple[int, ...]
    """Where each row stands in its file, for messages."""


@attrs.frozen(slots=True, repr=False)
class Line:
    """A pay line: the position of its amount, and of each rule's condition and amount."""

    origin: Origin
    result: int
    rules: tuple[tuple[int | None, int], ...]
    adjustments: tuple[tuple[int, int, int], ...] = ()
    """For each gate, weight, prorate, floor and cap: the amount before, what by, and after."""


@attrs.frozen(slots=True, repr=False)
class Outcome:
    """A duty or an assessment: the positions of its outcome, its due test and its test."""

    origin: Origin
    result: int
    due: int | None
    test: int


@attrs.frozen(slots=True, repr=False)
class Carry:
    """A balance: its type, the position of what is handed on, when it restarts, what it may be."""

    origin: Origin
    type: Type
    result: int
    restarts: str
    range: Range = ANY


@attrs.frozen(slots=True, repr=False)
class Limit:
    """A limit: the position of what must hold."""

    origin: Origin
    result: int
    severity: str


@attrs.frozen(slots=True, repr=False)
class Change:
    """A change of status: the position of each ground's condition, by name."""

    origin: Origin
    source: str
    to: str
    grounds: Mapping[str, int]
    proposed: bool
    notice: str
    notice_days: int | None
    """The position of the days of notice, where they are worked out."""


@attrs.frozen(slots=True, repr=False, kw_only=True)
class Plan:
    """Everything an engine needs for dates in one interval (`since` ≤ as-of < `until`)."""

    id: str
    version: str
    digest: str
    since: datetime.date | None
    until: datetime.date | None
    currency: str
    digits: int
    period: str
    year_starts: int
    facts: Mapping[str, Fact]
    steps: tuple[Step, ...]
    names: Mapping[str, int]
    lines: Mapping[str, Line]
    total: int
    carries: Mapping[str, Carry]
    limits: Mapping[str, Limit]
    indicators: Mapping[str, int]
    assessments: Mapping[str, Outcome]
    duties: Mapping[str, Outcome]
    start: str | None
    states: tuple[str, ...]
    changes: tuple[Change, ...]
