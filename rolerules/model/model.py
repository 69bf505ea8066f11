# SPDX-License-Identifier: MIT
"""The model: what a checked ruleset, with its policies and a company's figures, means."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Generic, TypeVar

import attrs

from rolerules.model.scope import Callable
from rolerules.model.term import Scalar, Term
from rolerules.model.types import Range, Type
from rolerules.problems import Span
from rolerules.text.expression import Expression

T = TypeVar("T")


@attrs.frozen(slots=True)
class Origin:
    """Where a construct comes from: its name, its title, the clauses it cites, its place."""

    name: str
    title: str
    source: tuple[str, ...]
    span: Span


@attrs.frozen(slots=True)
class InForce(Generic[T]):
    """What holds from a date on (`since` None: always) until the next one."""

    since: datetime.date | None
    value: T


@attrs.frozen(slots=True)
class Fact:
    """An input: type and range, and for a list the fields and the greatest number of items."""

    origin: Origin
    type: Type
    range: Range
    max_items: int = 0
    attested_by: str = ""
    accumulates: bool = False
    """Whether amounts that arrive one by one add up."""


@attrs.frozen(slots=True)
class Silence:
    """A case the text does not decide: undetermined, for the reason a reading gives."""

    reading: str
    text: str


@attrs.frozen(slots=True)
class Parameter:
    """Figures by date; each is one value, or one per choice of the fact it goes `by`."""

    origin: Origin
    type: Type
    by: str
    set_by_company: bool
    figures: tuple[InForce[Scalar | Mapping[str, Scalar] | tuple[datetime.date, ...]], ...]


@attrs.frozen(slots=True)
class Row:
    """One row: a condition per input (None: any), the output, its place and its text."""

    conditions: tuple[Term | None, ...]
    output: Term | Silence
    span: Span
    texts: tuple[str, ...]


@attrs.frozen(slots=True)
class Table:
    """A decision table (DMN 1.5, 8.2): inputs, hit policy, rows by date."""

    origin: Origin
    type: Type
    hit: str
    inputs: tuple[Term, ...]
    input_texts: tuple[str, ...]
    rows: tuple[InForce[tuple[Row, ...]], ...]
    otherwise: Term | Silence | None
    priority: tuple[Term, ...]
    set_by_company: bool


@attrs.frozen(slots=True)
class Value:
    """A named formula; a scale's is not read from its text, and stands in `expression`."""

    origin: Origin
    result: Term
    text: str
    expression: Expression | None = None


@attrs.frozen(slots=True)
class Scale:
    """A scale: the formula it stands for, by date (`text` of a Value is that formula).

    One without an amount of its own (`own`) is only called; its formulas are then over `AMOUNT`.
    """

    origin: Origin
    formulas: tuple[InForce[Value], ...]
    set_by_company: bool
    own: bool
    called: Callable


@attrs.frozen(slots=True)
class Rule:
    """One rule of a line: its condition (None: always), its amount, its clauses."""

    when: Term | None
    amount: Term | Silence
    when_text: str
    amount_text: str
    source: tuple[str, ...]
    span: Span


@attrs.frozen(slots=True)
class Adjustment:
    """One step after the amount: `kind` is gate, weight, prorate, floor or cap."""

    kind: str
    by: Term
    text: str
    when: Term | None
    when_text: str
    source: tuple[str, ...]


@attrs.frozen(slots=True)
class Line:
    """A pay line: the first rule that holds, adjusted, rounded once to a multiple of `step`."""

    origin: Origin
    rules: tuple[Rule, ...]
    adjustments: tuple[Adjustment, ...]
    step: Fraction
    mode: str
    may_be_negative: bool


@attrs.frozen(slots=True)
class Carry:
    """A balance: its opening is what came in, or `first`; `next` is handed on.

    Money is rounded to a multiple of `step` (None: not rounded) before it is handed on.
    """

    origin: Origin
    type: Type
    first: Term
    next: Term
    first_text: str
    text: str
    restarts: str
    step: Fraction | None
    mode: str
    in_a_row: str
    """What is counted, where `next` is a count of periods in a row."""


@attrs.frozen(slots=True)
class Limit:
    """What must hold, and whether a break refuses, is reported, or is noted."""

    origin: Origin
    require: Term
    severity: str
    text: str


@attrs.frozen(slots=True)
class Test:
    """A duty or an assessment: when it is due (None: always) and the test."""

    origin: Origin
    due: Term | None
    test: Term | Silence
    due_text: str
    text: str
    every: str
    part: str = ""


@attrs.frozen(slots=True)
class Indicator:
    """A value reported with every decision: a figure, a date, a word, yes or no.

    `share` says that it is one amount over another, or a rate: shown in per cent.
    """

    origin: Origin
    value: Term
    text: str
    share: bool = False


@attrs.frozen(slots=True)
class Ground:
    """One reason for a change: an assessment or duty by its outcome, or a condition."""

    name: str
    of: str
    condition: Term | None
    text: str
    span: Span


@attrs.frozen(slots=True)
class Change:
    """A change of status. `proposed` says that a named person must confirm it."""

    origin: Origin
    source: str
    to: str
    grounds: tuple[Ground, ...]
    proposed: bool
    effect: str
    adverse: bool
    notice: str
    notice_days: Term | None
    """Worked out, where `notice` is the formula's text."""


@attrs.frozen(slots=True)
class Status:
    """The states, the first one, and the changes: the first whose grounds hold happens."""

    states: tuple[str, ...]
    start: str
    changes: tuple[Change, ...]


@attrs.frozen(slots=True)
class Reading:
    """How a silent or damaged place was read."""

    origin: Origin
    text: str


@attrs.frozen(slots=True, kw_only=True)
class Model:
    """A whole checked ruleset. Mappings keep the order of the file."""

    id: str
    version: str
    title: str
    currency: str
    digits: int
    period: str
    year_starts: int
    overview: Reading | None
    company: str
    company_title: str
    readings: Mapping[str, Reading]
    facts: Mapping[str, Fact]
    parameters: Mapping[str, Parameter]
    tables: Mapping[str, Table]
    scales: Mapping[str, Scale]
    values: Mapping[str, Value]
    lines: Mapping[str, Line]
    carries: Mapping[str, Carry]
    limits: Mapping[str, Limit]
    indicators: Mapping[str, Indicator]
    assessments: Mapping[str, Test]
    duties: Mapping[str, Test]
    status: Status | None
    order: tuple[tuple[str, str], ...]
    """What is worked out after what: pairs of kind (value, table, line, duty, …) and name."""
    digest: str
