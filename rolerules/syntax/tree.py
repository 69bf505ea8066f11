# SPDX-License-Identifier: MIT
"""The syntax tree: one frozen node per construct of the language, each with its place.

Nothing is resolved yet: a type is the word that was written, a name may name nothing.
The nodes stand in one file as the constructs do in the language, and do nothing.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

from rolerules.problems import Span
from rolerules.text.expression import Expression
from rolerules.text.tree import Document, Node, Scalar

T = TypeVar("T")


@attrs.frozen(slots=True, eq=False, repr=False)
class Written:
    """A word or text as it was written."""

    text: str
    span: Span


@attrs.frozen(slots=True, eq=False, repr=False)
class Formula:
    """A formula with the scalar it stands in, so that problems point inside it."""

    expression: Expression
    scalar: Scalar

    @property
    def span(self) -> Span:
        """Where the whole formula stands."""
        return self.scalar.span


@attrs.frozen(slots=True, eq=False, repr=False)
class Named(Generic[T]):
    """A construct under a name that the author chose.

    A `broken` one could not be read (its `value` is None): its name counts as known, so that
    one mistake is reported once.
    """

    name: str
    span: Span
    value: T
    broken: bool = False


@attrs.frozen(slots=True, eq=False, repr=False)
class Dated(Generic[T]):
    """A figure (or rows) in force from a date on; `since` is None for one always in force."""

    since: Written | None
    value: T


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Overview:
    """What the role is for."""

    span: Span
    text: Written
    source: tuple[Written, ...]


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Reading:
    """How a silent or damaged place of the policy text was read."""

    span: Span
    text: Written
    source: tuple[Written, ...]


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Duty:
    """Something the role must do, the part it plays in it, and the test that it was done."""

    span: Span
    title: Written | None
    part: Written | None
    source: tuple[Written, ...]
    every: Written | None
    due: Formula | None
    done: Formula | None
    silent: Written | None


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Fact:
    """An input of the ruleset: its type, its range, and where it comes from."""

    span: Span
    type: Written
    title: Written | None = None
    source: tuple[Written, ...] = ()
    attested_by: Written | None = None
    of: tuple[Written, ...] | None = None
    min: Written | None = None
    max: Written | None = None
    max_items: Written | None = None
    accumulates: Written | None = None
    each: tuple[Named[Fact], ...] | None = None


Figures = Written | tuple[Named[Written], ...] | tuple[Written, ...]


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Parameter:
    """A figure kept apart from the logic, dated, perhaps one per choice."""

    span: Span
    type: Written | None = None
    by: Written | None = None
    set_by: Written | None = None
    title: Written | None = None
    source: tuple[Written, ...] = ()
    value: Figures | None = None
    dated: tuple[Dated[Figures], ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Row:
    """One row of a decision table: a cell per input, then the output."""

    span: Span
    cells: tuple[Scalar, ...]


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Sheet:
    """Rows that stand in a CSV file, and its header line."""

    header: Row
    rows: tuple[Row, ...]


Rows = tuple[Row, ...] | Sheet


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Table:
    """A decision table (DMN): inputs, hit policy, rows, perhaps dated or set by the company."""

    span: Span
    inputs: tuple[Formula, ...]
    hit: Written
    gives: Written
    title: Written | None = None
    source: tuple[Written, ...] = ()
    set_by: Written | None = None
    columns: tuple[Scalar, ...] | None = None
    rows: Rows | None = None
    otherwise: Scalar | None = None
    priority: tuple[Scalar, ...] | None = None
    dated: tuple[Dated[Rows], ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Edge:
    """One edge of a scale: its word (`below`, `from`, …), where it is, and what holds there.

    `value` is None where the slope before it `continues`.
    """

    span: Span
    word: str
    at: Formula
    value: Formula | None


Edges = tuple[Edge, ...]


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Scale:
    """A marginal, whole or linear scale over an amount, perhaps dated or set by the company."""

    span: Span
    marginal: Formula | None = None
    whole: Formula | None = None
    linear: Formula | None = None
    title: Written | None = None
    source: tuple[Written, ...] = ()
    set_by: Written | None = None
    edges: Edges | None = None
    dated: tuple[Dated[Edges], ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Value:
    """A named formula."""

    span: Span
    formula: Formula
    title: Written | None = None
    source: tuple[Written, ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Rule:
    """One rule of a pay line; `when` is None where it always applies."""

    span: Span
    when: Formula | None = None
    otherwise: Span | None = None
    amount: Formula | None = None
    silent: Written | None = None
    source: tuple[Written, ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Bound:
    """A floor or a cap of a line, perhaps only under a condition."""

    span: Span
    amount: Formula
    when: Formula | None = None
    source: tuple[Written, ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Line:
    """A pay line: its rules in order, then gate, weight, prorate, floor, cap; rounded once."""

    span: Span
    rules: tuple[Rule, ...] = ()
    amount: Formula | None = None
    silent: Written | None = None
    title: Written | None = None
    source: tuple[Written, ...] = ()
    gate: Formula | None = None
    weight: Formula | None = None
    prorate: Formula | None = None
    floor: Bound | None = None
    cap: Bound | None = None
    rounding: Written | None = None
    may_be_negative: Written | None = None


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Pay:
    """The pay section: the rounding and the lines in their order."""

    span: Span
    rounding: Written
    lines: tuple[Named[Line], ...]


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Carry:
    """A balance handed from one period to the next: its start, and how it goes on."""

    span: Span
    type: Written | None = None
    first: Formula | None = None
    next: Formula | None = None
    in_a_row: Formula | None = None
    title: Written | None = None
    source: tuple[Written, ...] = ()
    restarts: Written | None = None
    rounding: Written | None = None


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Limit:
    """What facts must respect, and what it means when they do not."""

    span: Span
    require: Formula
    severity: Written
    title: Written | None = None
    source: tuple[Written, ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Indicator:
    """What is reported with every decision: a value, or actual over target."""

    span: Span
    title: Written | None = None
    source: tuple[Written, ...] = ()
    actual: Formula | None = None
    target: Formula | None = None
    when_target_is_0: Formula | None = None
    rounding: Written | None = None
    value: Formula | None = None


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Assessment:
    """A test of the person's results: when it is due, and when it is met."""

    span: Span
    every: Written
    met: Formula | None = None
    silent: Written | None = None
    due: Formula | None = None
    title: Written | None = None
    source: tuple[Written, ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Grounds:
    """Any one is enough: missed assessments, unfulfilled duties, or formulas by name."""

    span: Span
    each_assessment: Written | None
    each_duty: Written | None
    named: tuple[Named[Formula], ...]


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Change:
    """A change of status: from, to, its grounds, its effect and its notice."""

    span: Span
    source_state: Written
    to: Written
    grounds: Grounds
    effect: Written
    adverse: Written
    notice: Written | None = None
    notice_days: Formula | None = None
    title: Written | None = None
    source: tuple[Written, ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Status:
    """The states a person can be in, and the changes between them."""

    span: Span
    states: tuple[Written, ...]
    start: Written
    changes: tuple[Named[Change], ...]


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Requires:
    """What a policy needs of the ruleset that uses it."""

    span: Span
    facts: tuple[Named[Fact], ...] = ()
    assessments: Written | None = None


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Ruleset:
    """A ruleset or a policy file; a section that was not written is None or empty."""

    span: Span
    document: Document = attrs.field(eq=False, repr=False)
    id: Written
    language: Written
    version: Written | None = None
    title: Written | None = None
    source: tuple[Written, ...] = ()
    currency: Written | None = None
    period: Written | None = None
    year_starts: Written | None = None
    uses: tuple[Written, ...] = ()
    requires: Requires | None = None
    overview: Overview | None = None
    readings: tuple[Named[Reading], ...] = ()
    duties: tuple[Named[Duty], ...] = ()
    facts: tuple[Named[Fact], ...] = ()
    parameters: tuple[Named[Parameter], ...] = ()
    tables: tuple[Named[Table], ...] = ()
    carries: tuple[Named[Carry], ...] = ()
    scales: tuple[Named[Scale], ...] = ()
    values: tuple[Named[Value], ...] = ()
    pay: Pay | None = None
    limits: tuple[Named[Limit], ...] = ()
    indicators: tuple[Named[Indicator], ...] = ()
    assessments: tuple[Named[Assessment], ...] = ()
    status: Status | None = None


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class CompanyParameter:
    """A company's figures for one parameter."""

    span: Span
    source: tuple[Written, ...] = ()
    value: Figures | None = None
    dated: tuple[Dated[Figures], ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class CompanyTable:
    """A company's rows for one table."""

    span: Span
    source: tuple[Written, ...] = ()
    rows: Rows | None = None
    dated: tuple[Dated[Rows], ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class CompanyScale:
    """A company's edges for one scale."""

    span: Span
    source: tuple[Written, ...] = ()
    edges: Edges | None = None
    dated: tuple[Dated[Edges], ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class CompanyFigures:
    """A company's figures for one ruleset."""

    span: Span
    parameters: tuple[Named[CompanyParameter], ...] = ()
    tables: tuple[Named[CompanyTable], ...] = ()
    scales: tuple[Named[CompanyScale], ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Company:
    """A company file: figures for the rulesets it uses."""

    span: Span
    document: Document = attrs.field(eq=False, repr=False)
    id: Written
    language: Written
    version: Written | None = None
    title: Written | None = None
    figures_for: tuple[Named[CompanyFigures], ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Case:
    """Facts and what must come out; facts and expectations stay as they were written."""

    span: Span
    name: Written
    as_of: Written
    expect: tuple[Named[Node], ...]
    facts: Node | None = None
    opening: Node | None = None


@attrs.frozen(slots=True, eq=False, repr=False, kw_only=True)
class Cases:
    """A cases file."""

    span: Span
    document: Document = attrs.field(eq=False, repr=False)
    id: Written
    cases: tuple[Case, ...]
    company: Written | None = None
    facts_for_all: Node | None = None


File = Ruleset | Company | Cases
