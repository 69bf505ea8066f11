# SPDX-License-Identifier: MIT
"""What a condition proves of the numbers in it: how a divisor is shown not to be 0.

`if team_sales > 0 then profit / team_sales else 0`: where the condition holds, the range of
`team_sales` excludes 0. Conditions given by name (`values`) are followed to their formulas.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from rolerules.model.types import Range
from rolerules.text.expression import Expression, Literal

Known = Mapping[Expression, Range]
Compared = tuple[str, Expression, Expression]
"""A comparison: its sign, its left and its right side."""
_TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_ZERO = Literal("figure", Fraction(0), "0")


def assume(
    known: Known, condition: Expression, holds: bool, formulas: Mapping[str, Expression]
) -> Known:
    """What is known where the condition holds (or does not)."""
    found = dict(known)
    for op, left, right in comparisons(condition, holds, formulas):
        _note(found, op, left, right)
    return found


def comparisons(
    condition: Expression, holds: bool, formulas: Mapping[str, Expression]
) -> Iterator[Compared]:
    """The comparisons that are sure to hold where the condition holds (or does not)."""
    waiting, seen = [(condition, holds)], set()
    while waiting:
        one, holds = waiting.pop()
        op, args = one.op, one.args
        if op == "name" and one.word in formulas and (one.word, holds) not in seen:
            seen.add((one.word, holds))
            waiting.append((formulas[one.word], holds))
        elif op == "not":
            waiting.append((args[0], not holds))
        elif op == "between" and holds:
            yield from ((">=", args[0], args[1]), ("<=", args[0], args[2]))
        elif (op == "and" and holds) or (op == "or" and not holds):
            waiting += [(arg, holds) for arg in args]
        elif op in _TURNED:
            yield op if holds else _TURNED[op], args[0], args[1]


def without(known: Known, names: Collection[str]) -> Known:
    """What is left of the known where some names come to mean something else."""
    return {
        expression: range_
        for expression, range_ in known.items()
        if not any(part.op == "name" and part.word in names for part in expression.walk())
    }


def _note(found: dict[Expression, Range], op: str, left: Expression, right: Expression) -> None:
    if _figure(left) is not None:
        left, right, op = right, left, SWAPPED[op]
    figure = _figure(right)
    if figure is None:
        zero = Expression("literal", (), _ZERO)
        _note(found, op, Expression("-", (left, right)), zero)
        _note(found, SWAPPED[op], Expression("-", (right, left)), zero)
    else:
        proved = _proved(op, figure)
        found[left] = proved.both(found[left]) if left in found else proved


def _figure(expression: Expression) -> Fraction | None:
    literal = expression.value
    if (
        expression.op == "literal"
        and isinstance(literal, Literal)
        and isinstance(literal.value, Fraction)
    ):
        return literal.value
    return None


def _proved(op: str, figure: Fraction) -> Range:
    if op == "=":
        return Range(figure, figure, figure != 0)
    if op == "!=":
        return Range(nonzero=figure == 0)
    if op in ("<", "<="):
        return Range(high=figure, nonzero=op == "<" and figure <= 0)
    return Range(low=figure, nonzero=op == ">" and figure >= 0)
