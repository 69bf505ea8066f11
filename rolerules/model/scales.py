# SPDX-License-Identifier: MIT
"""Scales: each stands for a formula over the operations there are, so every engine has them.

`scale_formulas.py` makes the formula; here it is checked that the edges can stand for one.
"""

from __future__ import annotations

import itertools

from rolerules.limits import LIMITS
from rolerules.model.context import Context, origin
from rolerules.model.figures import in_force
from rolerules.model.model import InForce, Scale, Value
from rolerules.model.scale_formulas import apart_for_sure, figure, linear, marginal, ways, whole
from rolerules.model.scope import AMOUNT, Body, Callable
from rolerules.model.term import Term
from rolerules.model.types import AMOUNTS, ANY, BROKEN, NUMBER, WHOLE, Type
from rolerules.syntax import tree
from rolerules.text.expression import Expression, show

_OWNS = {"below": False, "up to and including": True, "above": False, "from": True, "at": True}
_RISES = {"below": "from", "up to and including": "above"}


def scale(
    context: Context,
    named: tree.Named[tree.Scale],
    company: tree.Named[tree.CompanyScale] | None,
    file: str,
) -> Scale:
    """Check one scale with the company's edges, and let formulas name its result."""
    written = named.value
    kind, over = _kind(context, named)
    amount = _amount(context, over) if over else Term("constant", (), BROKEN)
    source: tree.Scale | tree.CompanyScale | None = written
    if written.set_by:
        source = company.value if company else None
        if file and company is None:
            message = f"the company's file `{file}` has no edges for `{named.name}`"
            context.report(
                named.span, "figure-missing", message, f"add `{named.name}:` to its scales"
            )
    made: list[InForce[tuple[Value, Body]]] = []
    if source is not None and over is not None:
        always = [tree.Dated(None, source.edges)] if source.edges is not None else []
        for since, one in in_force(context, [*always, *source.dated]):
            _no_calls(context, one.value)
            if len(one.value) > LIMITS.scale_edges:
                _too_many(context, named, len(one.value))
                continue
            made.append(InForce(since, _formula(context, named, kind, over, amount, one.value)))
    context.scope.names.pop(AMOUNT, None)
    formulas = tuple(InForce(one.since, one.value[0]) for one in made)
    terms = [one.value.result for one in formulas]
    type_ = terms[0].type if terms else _unset(kind, amount)
    range_ = terms[0].range if terms else ANY
    for term in terms[1:]:
        range_ = range_.either(term.range)
    takes = NUMBER if amount.type == WHOLE else amount.type  # years and parts of years
    called = Callable(takes, type_, tuple(one.value[1] for one in made))
    own = over is None or over.expression.op != "any"
    if own:
        context.name(named.name, Term("name", (), type_, range_, named.name))
    context.scope.scales[named.name] = called
    return Scale(origin(named), formulas, written.set_by is not None, own, called)


def _amount(context: Context, over: tree.Formula) -> Term:
    """The scale's own amount, or any of a type; `AMOUNT` stands for that while it is checked."""
    if over.expression.op != "any":
        return context.term(over)
    context.name(AMOUNT, Term("name", (), Type(over.expression.word), ANY, AMOUNT))
    return context.scope.names[AMOUNT]


def _too_many(context: Context, named: tree.Named[tree.Scale], count: int) -> None:
    message = f"this scale has {count:,} edges, and at most {LIMITS.scale_edges} are allowed"
    mend = "keep the edges that matter, or write a table with a row for each band"
    context.report(named.span, "table-too-large", message, mend)


def _no_calls(context: Context, edges: tree.Edges) -> None:
    """Refuse calls of scales in a scale: each would be written out at every band."""
    for edge in edges:
        for formula in (edge.at, edge.value):
            parts = formula.expression.walk() if formula else ()
            calls = [
                show(one) for one in parts if one.op == "call" and one.word in context.scope.scales
            ]
            if formula and calls:
                message = f"`{calls[0]}` calls a scale inside another scale"
                mend = f"give it a name under `values`, as in `NAME: {calls[0]}`"
                context.report(formula.scalar.span, "scale-in-scale", message, mend)


def _kind(context: Context, named: tree.Named[tree.Scale]) -> tuple[str, tree.Formula | None]:
    written = named.value
    kinds = {"marginal": written.marginal, "whole": written.whole, "linear": written.linear}
    chosen = [(kind, over) for kind, over in kinds.items() if over is not None]
    if len(chosen) == 1:
        return chosen[0]
    message = f"`{named.name}` says {len(chosen)} ways to use its edges"
    context.report(
        named.span, "one-of", message, "write just one of `marginal`, `whole` or `linear`"
    )
    return "", None


def _unset(kind: str, amount: Term) -> Type:
    """The type of a scale whose edges the company has yet to set."""
    return Type("rate") if kind == "linear" else amount.type


def _formula(
    context: Context,
    named: tree.Named[tree.Scale],
    kind: str,
    over: tree.Formula,
    amount: Term,
    edges: tree.Edges,
) -> tuple[Value, Body]:
    broken = Expression("broken")
    wrong = Value(origin(named), Term("constant", (), BROKEN), ""), Body(broken, ())
    if amount.type.kind not in (*AMOUNTS, "broken"):
        message = f"a scale is over an amount, and this is {amount.type}"
        context.report(over.span, "wrong-type", message, "name an amount or a number")
        return wrong
    any_amount = Expression("name", (), AMOUNT)
    own = any_amount if over.expression.op == "any" else over.expression
    if not _in_order(context, named, kind, amount, edges) or not _compares(context, own, edges):
        return wrong
    between = ways(context, amount, edges) if kind == "linear" else {}
    if not apart_for_sure(context, between):
        return wrong
    expression, called = (
        linear(one, edges, between)
        if kind == "linear"
        else {"marginal": marginal, "whole": whole}[kind](one, edges)
        for one in (own, any_amount)
    )
    # What is to be noted of an edge was noted there.
    found = context.settled(expression, over.span, notices=False)
    places = [context.term(edge.at) for edge in _apart(edges)]
    moving = not all(figure(place) for place in places)
    if found.type is not BROKEN and moving:
        found = Term("rising", (found, *places), found.type, found.range, named.name)
    rising = tuple(edge.at.expression for edge in _apart(edges)) if moving else ()
    return Value(origin(named), found, show(expression), expression), Body(called, rising)


def _in_order(
    context: Context, named: tree.Named[tree.Scale], kind: str, amount: Term, edges: tree.Edges
) -> bool:
    """Whether the edges rise, leave no gap, overlap nowhere, and fit the kind of scale."""
    before = len(context.problems)
    terms = [
        (context.term(edge.at), context.term(edge.value) if edge.value else None) for edge in edges
    ]
    if not edges:
        context.report(named.span, "rows-missing", "this scale has no edges", "write at least one")
    elif kind == "linear":
        _points(context, edges)
    else:
        _bands(context, edges)
        _from_0(context, kind, edges[0], terms[0][0])
    for place, ((one, _), (two, _), edge) in enumerate(
        zip(terms, terms[1:], edges[1:], strict=False)
    ):
        if edge.at.expression == edges[place].at.expression:
            falls = not _shared(kind, edges, place)
        else:
            falls = _falls(one, two)
        if falls:
            message = f"`{edge.at.scalar.text}` does not come after the edge before it"
            context.report(edge.span, "edge-order", message, "write the edges in rising order")
    broken = any(part is not None and part.type is BROKEN for pair in terms for part in pair)
    return not broken and len(context.problems) == before


def _from_0(context: Context, kind: str, first: tree.Edge, at: Term) -> None:
    """The bands of a marginal scale are parts of an amount, which are counted from 0."""
    if kind == "marginal" and at.range.high is not None and at.range.high < 0:
        message = (
            f"the parts of an amount are counted from 0, and `{show(first.at.expression)}` is below"
        )
        mend = "begin with an edge of 0 or more; an amount below 0 lies in the lowest band"
        context.report(first.at.span, "edge-below-0", message, mend)


def _compares(context: Context, over: Expression, edges: tree.Edges) -> bool:
    """Whether the amount compares with each edge; what does not is reported at that edge."""
    tests = [(Expression(">=", (over, edge.at.expression)), edge) for edge in _apart(edges)]
    return BROKEN not in [context.settled(test, edge.at.scalar.span).type for test, edge in tests]


def _shared(kind: str, edges: tree.Edges, place: int) -> bool:
    """Whether an edge and the next one may stand at the same place, one of them owning it."""
    if kind != "linear":
        return place == 0
    return (place == 0 and edges[0].word == "below") or (
        place == len(edges) - 2 and edges[-1].word == "above"
    )


def _apart(edges: tree.Edges) -> list[tree.Edge]:
    """The edges without those that share a place with the one before (`below X`, `from X`)."""
    pairs = itertools.pairwise(edges)
    return [*edges[:1], *(two for one, two in pairs if one.at.expression != two.at.expression)]


def _falls(one: Term, two: Term) -> bool:
    """Whether a later edge is a figure not above the figure before it."""
    low, high = one.range.high, two.range.low
    known = figure(one) and figure(two)
    return known and low is not None and high is not None and high <= low


def _bands(context: Context, edges: tree.Edges) -> None:
    """The lowest band ends where the next begins; every later one begins at its edge."""
    first, *rest = edges
    if first.word not in _RISES:
        message = f"nothing is said for what lies below `{show(first.at.expression)}`"
        context.report(
            first.span, "scale-gap", message, "start with `below X:` or `up to and including X:`"
        )
        return
    if not rest:
        message = f"nothing is said for what lies above `{show(first.at.expression)}`"
        context.report(
            first.span,
            "scale-gap",
            message,
            f"add `{_RISES[first.word]} {show(first.at.expression)}:`",
        )
        return
    for edge in edges:
        if edge.value is None:
            context.report(
                edge.span, "edge-form", "only a linear scale `continues`", "write a rate"
            )
    for edge in rest:
        if edge.word not in ("from", "above"):
            context.report(
                edge.span,
                "edge-form",
                f"`{edge.word}` cannot start a band",
                "write `from X` or `above X`",
            )
    _meeting(context, first, rest[0])


def _meeting(context: Context, first: tree.Edge, second: tree.Edge) -> None:
    """Two neighbours share one edge, and one of them owns it."""
    at = show(first.at.expression)
    if show(second.at.expression) != at:
        message = f"`{first.word} {at}` ends elsewhere than `{second.word} {show(second.at.expression)}` begins"
        context.report(second.span, "scale-gap", message, f"let it begin at `{at}`")
    elif _OWNS[first.word] == _OWNS[second.word]:
        both = "both own" if _OWNS[first.word] else "neither owns"
        code = "scale-overlap" if _OWNS[first.word] else "scale-gap"
        context.report(
            second.span, code, f"{both} the edge `{at}`", f"write `{_RISES[first.word]} {at}`"
        )


def _points(context: Context, edges: tree.Edges) -> None:
    """Both ends say what holds beyond them, and begin at a point; between them are points."""
    first, last = edges[0], edges[-1]
    if first.word not in _RISES:
        message = f"nothing is said for what lies below `{show(first.at.expression)}`"
        mend = "start with `below X:` and a value, or `continues`"
        context.report(first.span, "scale-gap", message, mend)
    elif first.word == "below":
        _meeting(context, first, edges[1] if len(edges) > 1 else first)
    if last.word not in ("from", "above"):
        message = f"nothing is said for what lies above `{show(last.at.expression)}`"
        mend = "end with `from X:` and a value, or `above X: continues`"
        context.report(last.span, "scale-gap", message, mend)
    elif last.word == "above" and len(edges) > 1:
        _starting_at_a_point(context, edges[-2], last)
    for edge in edges[1:-1]:
        if edge.word != "at" or edge.value is None:
            message = f"`{edge.word}` cannot stand between the ends of a linear scale"
            context.report(edge.span, "edge-form", message, "write `at X:` and a value")
    for edge, beyond in ((first, "below"), (last, "above")):
        if edge.value is None and edge.word in ("up to and including", "from"):
            at = show(edge.at.expression)
            message = f"nothing is said for `{at}` itself"
            mend = f"write `at {at}:` and its value, and `{beyond} {at}: continues`"
            context.report(edge.span, "edge-form", message, mend)
    points = [edge for edge in edges if edge.word not in ("below", "above")]
    for edge in edges:
        if edge.value is None and edge.word in ("below", "above") and len(points) < 2:
            message = "a line through one point has no slope that could go on"
            context.report(edge.span, "edge-form", message, "write a value, or add an `at X:`")


def _starting_at_a_point(context: Context, point: tree.Edge, last: tree.Edge) -> None:
    """What holds above an edge begins where the last straight line ends."""
    end, at = show(point.at.expression), show(last.at.expression)
    if end != at:
        message = f"nothing is said for what lies between `{end}` and `{at}`"
        mend = f"add `at {at}:` and a value, or let it begin above `{end}`"
        context.report(last.span, "scale-gap", message, mend)
