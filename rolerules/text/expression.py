# SPDX-License-Identifier: MIT
"""The expression tree a formula is read into, and its canonical text.

One uniform node for every operation: what may stand in which place is the grammar's and
the operation table's to say, so every fold over expressions is one function over `op`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from fractions import Fraction

import attrs


@attrs.frozen(slots=True, repr=False)
class Literal:
    """A written value; `kind` is figure, rate, text, yes/no or date, `text` as it was written.

    `money` is a figure of a formula that the package put together itself.
    """

    kind: str
    value: Fraction | str | bool | datetime.date
    text: str


@attrs.frozen(slots=True, repr=False)
class Expression:
    """One operation over its operands.

    `op` is a literal, a name, an operator (`+`, `and`, `or else`, …), `if`, `some`, `every`, `for`,
    `field`, `index`, `list`, `range`, `round`, `rank`, `allocate` or `call`; `value` is what the
    operation needs beside its operands (the literal, the name, the field, the range's brackets, the
    rounding mode).
    `at` is its first and past-last character in the formula's text.
    """

    op: str
    args: tuple[Expression, ...] = ()
    value: Literal | str | None = None
    at: tuple[int, int] = attrs.field(default=(0, 0), eq=False)

    @property
    def word(self) -> str:
        """The `value` of a node whose value is a word (a name, a field, a mode)."""
        assert isinstance(self.value, str)
        return self.value

    def walk(self) -> Iterator[Expression]:
        """Give this node and every node below it, outermost first."""
        yield self
        for arg in self.args:
            yield from arg.walk()


# How tightly an operation binds; an operand that binds less gets parentheses.
_LEVEL = {
    "if": 0, "some": 0, "every": 0, "for": 0,
    "or": 1, "and": 2, "not": 3,
    "=": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "in": 4, "between": 4,
    "or else": 5, "+": 6, "-": 6, "*": 7, "/": 7, "negative": 8,
}  # fmt: skip
_TIGHT = 9


def show(expression: Expression) -> str:
    """Write canonically: one space around operators, only the parentheses that are needed."""
    op, args = expression.op, expression.args
    if op == "literal":
        assert isinstance(expression.value, Literal)
        return expression.value.text
    if op == "name":
        return expression.word
    if op == "any":  # the amount of a scale that has none of its own
        return f"any {expression.word}"
    if op == "broken":  # what could not be read was reported where it stands
        return "…"
    if op in ("some", "every", "for"):
        verb = "return" if op == "for" else "satisfies"
        return f"{op} {expression.word} in {_tight(args[0])} {verb} {show(args[1])}"
    if op == "if":
        return f"if {show(args[0])} then {show(args[1])} else {show(args[2])}"
    if op in _LEVEL:
        return _operator(expression)
    if op in ("list", "range"):  # whose members bind like the operands of a comparison
        members = [_within(arg, _LEVEL["or else"]) for arg in args]
        if op == "list":
            return f"[{', '.join(members)}]"
        return f"{expression.word[0]}{'..'.join(members)}{expression.word[1]}"
    inside = ", ".join(show(arg) for arg in args)
    if op == "field":
        return f"{_tight(args[0])}.{expression.word}"
    if op == "index":
        return f"{_tight(args[0])}[{show(args[1])}]"
    if op == "rank":
        return f"rank({inside}, {expression.word})"
    if op == "allocate":
        return f"allocate({inside}, by {expression.word})"
    if op == "round":
        return f"round({inside}, {expression.word})"
    return f"{expression.word}({inside})"


def _operator(expression: Expression) -> str:
    op, args, level = expression.op, expression.args, _LEVEL[expression.op]
    if op == "negative":
        return f"-{_within(args[0], level)}"
    if op == "not":
        return f"not {_within(args[0], level)}"
    if op == "between":
        low, high = (_within(arg, level + 1) for arg in args[1:])
        return f"{_within(args[0], level + 1)} between {low} and {high}"
    left = level + 1 if level == _LEVEL["="] else level
    return f"{_within(args[0], left)} {op} {_within(args[1], level + 1)}"


def _within(expression: Expression, level: int) -> str:
    text = show(expression)
    return f"({text})" if _LEVEL.get(expression.op, _TIGHT) < level else text


def _tight(expression: Expression) -> str:
    return _within(expression, _TIGHT)


def shifted(expression: Expression, by: int) -> Expression:
    """The same expression, its places counted from `by` characters earlier."""
    args = tuple(shifted(arg, by) for arg in expression.args)
    at = (expression.at[0] + by, expression.at[1] + by)
    return Expression(expression.op, args, expression.value, at)


def replaced(expression: Expression, old: Expression, new: Expression) -> Expression:
    """The same expression with another one in the place of a part."""
    if expression == old:
        return new
    return attrs.evolve(expression, args=tuple(replaced(arg, old, new) for arg in expression.args))
