# SPDX-License-Identifier: MIT
"""A term: an expression whose names and types are settled."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from fractions import Fraction

import attrs

from rolerules.model.types import ANY, Range, Type

Scalar = Fraction | bool | str | datetime.date


@attrs.frozen(slots=True, repr=False)
class Term:
    """One operation of the table (or constant, name, item, field, lookup) over terms.

    `value` is the constant, the name, the field, the parameter looked up, the rounding mode, or
    the number of the item that a `some`, `every` or `filter` binds and an `item` refers to.
    """

    op: str
    args: tuple[Term, ...]
    type: Type
    range: Range = ANY
    value: Scalar | int | None = None
    at: tuple[int, int] = attrs.field(default=(0, 0), eq=False)

    def walk(self) -> Iterator[Term]:
        """Give this term and every term below it, outermost first."""
        yield self
        for arg in self.args:
            yield from arg.walk()
