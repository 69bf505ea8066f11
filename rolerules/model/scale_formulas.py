# SPDX-License-Identifier: MIT
"""The formula that each kind of scale stands for.

| scale | the formula |
|---|---|
| marginal | the sum over its bands of rate × (the part of the amount inside the band) |
| whole | `if` chains: the rate of the band that the amount reaches, times all of it |
| linear | `if` chains: on each stretch `y1 + (x - x1) / (x2 - x1) * (y2 - y1)` |
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction

from rolerules.model.context import Context
from rolerules.model.term import Term
from rolerules.syntax import tree
from rolerules.text.expression import Expression, Literal, show
from rolerules.values import exact_text


def figure(term: Term) -> bool:
    """Whether a term has one value only."""
    return term.range.low is not None and term.range.low == term.range.high


def _literal(figure: int) -> Expression:
    return Expression("literal", (), Literal("figure", Fraction(figure), str(figure)))


def _op(op: str, *args: Expression) -> Expression:
    return Expression(op, args)


def _call(name: str, *args: Expression) -> Expression:
    return Expression("call", args, name)


def _value(edge: tree.Edge) -> Expression:
    assert edge.value is not None
    return edge.value.expression


def marginal(over: Expression, edges: tree.Edges) -> Expression:
    """Each band's rate on the part of the amount inside it (a marginal scale, as of income tax)."""
    first, *rest = edges
    total = _op("*", _value(first), _call("min", over, first.at.expression))
    for edge, above in zip(rest, [*rest[1:], None], strict=True):
        inside = over if above is None else _call("min", over, above.at.expression)
        part = _call("max", _op("-", inside, edge.at.expression), _literal(0))
        total = _op("+", total, _op("*", _value(edge), part))
    return total


def whole(over: Expression, edges: tree.Edges) -> Expression:
    """The rate of the band that the amount reaches, on all of it."""
    first, *rest = edges
    chosen = _op("*", _value(first), over)
    for edge in rest:
        test = _op(">=" if edge.word == "from" else ">", over, edge.at.expression)
        chosen = _op("if", test, _op("*", _value(edge), over), chosen)
    return chosen


Ways = Mapping[tuple[tree.Edge, tree.Edge], Expression]
"""How far it is from one point of a line to another."""


def ways(context: Context, amount: Term, edges: tree.Edges) -> Ways:
    """How far it is between neighbours: of the amount's type, as bare figures are not alone."""
    points = [edge for edge in edges if edge.word not in ("below", "above")]
    return {(one, two): _way(context, amount, one, two) for one, two in itertools.pairwise(points)}


def _way(context: Context, amount: Term, one: tree.Edge, two: tree.Edge) -> Expression:
    start, end = (context.term(edge.at) for edge in (one, two))
    bare = all(term.type.kind == "figure" and figure(term) for term in (start, end))
    if not bare or amount.type.kind != "money":
        return _op("-", two.at.expression, one.at.expression)
    assert start.range.low is not None
    assert end.range.low is not None
    way = end.range.low - start.range.low
    return Expression("literal", (), Literal("money", way, exact_text(way)))


def apart_for_sure(context: Context, ways: Ways) -> bool:
    """Whether no two neighbours can be the same point, which has no line; reported at the later."""
    apart = True
    for (one, two), way in ways.items():
        if not context.settled(way, two.at.scalar.span).range.excludes_zero:
            low, high = show(one.at.expression), show(two.at.expression)
            message = f"`{low}` and `{high}` may be the same, and then no line joins them"
            mend = f"give `{low}` a `min` above 0 and write the edge after it as more than it, as in `{low} * 1.5`"
            context.report(two.at.scalar.span, "divisor-zero", message, mend)
            apart = False
    return apart


def linear(over: Expression, edges: tree.Edges, ways: Ways) -> Expression:
    """Between two points the straight line; beyond the ends what they say."""
    first, last = edges[0], edges[-1]
    points = [edge for edge in edges if edge.word not in ("below", "above")]
    chosen = _value(points[-1])
    if last.word == "above":
        beyond = _line(ways, over, *points[-2:]) if last.value is None else _value(last)
        chosen = _op("if", _op(">", over, last.at.expression), beyond, chosen)
    for one, two in reversed(list(itertools.pairwise(points))):
        line = _line(ways, over, one, two)
        chosen = _op("if", _op("<", over, two.at.expression), line, chosen)
    low = _line(ways, over, *points[:2]) if first.value is None else _value(first)
    test = _op("<" if first.word == "below" else "<=", over, first.at.expression)
    return _op("if", test, low, chosen)


def _line(ways: Ways, over: Expression, one: tree.Edge, two: tree.Edge) -> Expression:
    rise = _op("-", _value(two), _value(one))
    along = _op("-", over, one.at.expression)
    # Divided first: money over money is a number, which may be a share of money again.
    return _op("+", _value(one), _op("*", _op("/", along, ways[one, two]), rise))
