# SPDX-License-Identifier: MIT
"""A scale called with an amount: the rule of inference."""

from __future__ import annotations

from rolerules.model.guards import Known
from rolerules.model.lists import ListRules
from rolerules.model.results import BROKEN_TERM, accept
from rolerules.model.scope import AMOUNT, Body
from rolerules.model.term import Term
from rolerules.model.types import ANY, BROKEN
from rolerules.text.expression import Expression


def scale_call(rules: ListRules, expression: Expression, known: Known) -> Term:
    """The amount, and what comes of it by each of the scale's formulas, one for each date."""
    name, args = expression.word, expression.args
    scale = rules.scope.scales[name]
    if len(args) != 1:
        message = f"the scale `{name}` takes one amount, and {len(args)} are given"
        return rules.wrong(expression, "argument-count", message, f"write `{name}(…)`")
    amount = accept(rules.term(args[0], known), scale.takes, rules.report, f"the scale `{name}`")
    if BROKEN in (amount.type, scale.takes):
        return BROKEN_TERM
    over = Term("name", (), scale.takes, amount.range, AMOUNT)
    found = [_applied(rules, name, body, over) for body in scale.bodies]
    type_ = found[0].type if found else scale.gives
    range_ = found[0].range if found else ANY
    for one in found[1:]:
        range_ = range_.either(one.range)
    return Term("scale", (amount, *found), type_, range_, name)


def _applied(rules: ListRules, name: str, body: Body, over: Term) -> Term:
    found = rules.given(body.formula, AMOUNT, over)
    if not body.edges:
        return found
    edges = [rules.given(edge, AMOUNT, over) for edge in body.edges]
    return Term("rising", (found, *edges), found.type, found.range, name)
