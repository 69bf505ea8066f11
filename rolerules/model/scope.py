# SPDX-License-Identifier: MIT
"""What a formula may name, and where its problems go."""

from __future__ import annotations

import datetime
from typing import Protocol

import attrs

from rolerules.model.term import Term
from rolerules.model.types import Range, Type
from rolerules.text.expression import Expression


class Report(Protocol):
    """Takes a problem whose place is characters of the formula being read."""

    def __call__(
        self, at: tuple[int, int], code: str, message: str, help: str = "", severity: str = "error"
    ) -> None:
        """Report what is wrong with the characters from `at[0]` to before `at[1]`."""


def unsaid(
    at: tuple[int, int], code: str, message: str, help: str = "", severity: str = "error"
) -> None:
    """A report that says nothing: for formulas whose problems are reported elsewhere."""


@attrs.frozen(slots=True, repr=False)
class Lookup:
    """A parameter with a figure per choice: its type and range, the fact it goes by, that type."""

    type: Type
    range: Range
    by: str
    key: Type


AMOUNT = "?amount"
"""What a scale is called with, in the formulas it stands for; no author can write this name."""


@attrs.frozen(slots=True, repr=False)
class Body:
    """The formula of a scale over `AMOUNT`, and the edges that have to rise, if not all are figures."""

    formula: Expression
    edges: tuple[Expression, ...]


@attrs.frozen(slots=True, repr=False)
class Callable:
    """A scale as formulas call it: what it takes and gives, and its formula for each date."""

    takes: Type
    gives: Type
    bodies: tuple[Body, ...]


@attrs.frozen(slots=True, repr=False)
class Scope:
    """What a formula may name.

    `digits` are the currency's; `names` give type and range; `lookups` the parameters with a figure per choice; `formulas` the named formulas, for proofs; `options` every choice and the fact it is of; `scales` what can be called with an amount; `outcomes` the ids in the lists `duties` and `assessments`; `figures` since when every parameter has a figure (None: always, or its figures are not known).
    """

    names: dict[str, Term] = attrs.field(factory=dict)
    lookups: dict[str, Lookup] = attrs.field(factory=dict)
    formulas: dict[str, Expression] = attrs.field(factory=dict)
    options: dict[str, str] = attrs.field(factory=dict)
    taken: set[str] = attrs.field(factory=set)
    outcomes: dict[str, str] = attrs.field(factory=dict)
    figures: dict[str, datetime.date | None] = attrs.field(factory=dict)
    digits: int = 2
    scales: dict[str, Callable] = attrs.field(factory=dict)
