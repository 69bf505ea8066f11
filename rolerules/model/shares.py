# SPDX-License-Identifier: MIT
"""What a pool may be shared among, and by which field: the rule of inference for `allocate`."""

from __future__ import annotations

from fractions import Fraction

from rolerules.model.guards import Known
from rolerules.model.lists import ListRules
from rolerules.model.results import BROKEN_TERM, accept
from rolerules.model.term import Term
from rolerules.model.types import AMOUNTS, BROKEN, MONEY, Field, Range, Type
from rolerules.problems import nearest
from rolerules.text.expression import Expression, show
from rolerules.values import fixed

PART = "part"
"""The field that each item gets beside its own."""


def allocate(rules: ListRules, expression: Expression, known: Known) -> Term:
    """The items of a list, each with its part of the pool."""
    pool = accept(rules.term(expression.args[0], known), MONEY, rules.report, "a pool")
    source = rules.list_of(expression.args[1], known)
    if BROKEN in (pool.type, source.type):
        return BROKEN_TERM
    record = source.type.item
    if record is None or record.kind != "record":
        message = f"a pool is shared among items that have fields, and this is {source.type}"
        mend = "name the list itself, without a field"
        return rules.wrong(expression.args[1], "wrong-type", message, mend)
    if not _weighs(rules, expression, record) or not _is_whole(rules, expression, pool):
        return BROKEN_TERM
    if record.field(PART) or PART in rules.scope.taken:
        message = f"`{PART}` already names something else than the part of the pool"
        return rules.wrong(expression, "name-taken", message, "choose another name for it")
    low = Fraction(0) if pool.range.low is not None and pool.range.low >= 0 else None
    part = Field(PART, MONEY, Range(low, step=_unit(rules)))
    type_ = Type("list", item=Type("record", fields=(*record.fields, part)))
    return Term("allocate", (pool, source), type_, value=expression.word)


def _weighs(rules: ListRules, expression: Expression, record: Type) -> bool:
    """Whether the items have the field, and it is an amount that is never below 0."""
    name = expression.word
    field, own = record.field(name), [one.name for one in record.fields]
    among = show(expression.args[1])
    if field is None:
        message = f"`{name}` is no field of `{among}`"
        rules.wrong(expression, "unknown-field", message, nearest(name, own))
    elif field.type.kind not in AMOUNTS:
        message = f"a pool is shared by an amount, and `{name}` is {field.type}"
        rules.wrong(expression, "wrong-type", message, "name a field such as hours or points")
    elif not rules.proved and (field.range.low is None or field.range.low < 0):
        message = f"`{name}` may be below 0, and nobody's part can be counted so"
        rules.wrong(expression, "negative-weight", message, f"give the field `{name}` a `min: 0`")
    else:
        return True
    return False


def _is_whole(rules: ListRules, expression: Expression, pool: Term) -> bool:
    """Whether the pool has no fraction of the smallest unit, which nobody could be paid."""
    unit, step = _unit(rules), pool.range.step
    if rules.proved or (step is not None and (step / unit).denominator == 1):
        return True
    smallest, said = fixed(unit, rules.scope.digits), show(expression.args[0])
    message = f"`{said}` may come to fractions of {smallest}, which cannot be shared out"
    mend = f"say how it is rounded: `round({said}, {smallest}, half up)`"
    rules.wrong(expression.args[0], "pool-not-rounded", message, mend)
    return False


def _unit(rules: ListRules) -> Fraction:
    return Fraction(1, 10**rules.scope.digits)
