# SPDX-License-Identifier: MIT
"""The rules of inference that are about lists: their items, fields, filters and quantifiers."""

from __future__ import annotations

import abc
import itertools
from fractions import Fraction

from rolerules.model.guards import Known, without
from rolerules.model.results import BROKEN_TERM, accept, join
from rolerules.model.scope import Report, Scope
from rolerules.model.term import Term
from rolerules.model.types import (
    AMOUNTS,
    ANY,
    BROKEN,
    NUMBERS,
    WHOLE,
    YES_NO,
    Range,
    Type,
    exactly,
)  # fmt: skip
from rolerules.problems import nearest
from rolerules.text.expression import Expression, show

DATE_PARTS = {
    "year": Range(Fraction(1), Fraction(9999), step=Fraction(1)),
    "month": Range(Fraction(1), Fraction(12), step=Fraction(1)),
    "day": Range(Fraction(1), Fraction(31), step=Fraction(1)),
}


class ListRules(abc.ABC):
    """Half of the inference; what the other half gives is abstract here."""

    scope: Scope
    report: Report
    proved: bool
    items: list[tuple[str, Term]]
    backed: list[Expression]
    binders: itertools.count[int]

    @abc.abstractmethod
    def term(self, expression: Expression, known: Known) -> Term:
        """Settle an expression."""

    @abc.abstractmethod
    def given(self, formula: Expression, name: str, term: Term) -> Term:
        """Settle a checked formula in which a name stands for a term."""

    @abc.abstractmethod
    def _logic(self, expression: Expression, known: Known) -> Term: ...

    @abc.abstractmethod
    def _same(self, expression: Expression, one: Term, two: Term) -> Type: ...

    @abc.abstractmethod
    def _lookup(self, name: str, key: Expression, known: Known) -> Term: ...

    def wrong(self, expression: Expression, code: str, message: str, help: str = "") -> Term:
        """Report a problem at an expression; it becomes a broken term."""
        self.report(expression.at, code, message, help)
        return BROKEN_TERM

    def _in(self, expression: Expression, known: Known) -> Term:
        value, among = expression.args
        if among.op == "range":
            low, high = among.args
            parts = (
                Expression(">=" if among.word[0] == "[" else ">", (value, low), at=expression.at),
                Expression("<=" if among.word[1] == "]" else "<", (value, high), at=expression.at),
            )
            return self._logic(Expression("and", parts, at=expression.at), known)
        if among.op == "list":
            tests = [
                self.term(Expression("=", (value, one), at=one.at), known) for one in among.args
            ]
            chain = tests[0]
            for test in tests[1:]:
                chain = Term("or", (chain, test), YES_NO)
            return BROKEN_TERM if BROKEN in [test.type for test in tests] else chain
        source = self.list_of(among, known)
        if source.type is BROKEN:
            return BROKEN_TERM
        item = self._item(source)
        if item.type.kind == "record":
            mend = f"name one field: `{show(among)}.…`"
            return self.wrong(
                among,
                "not-a-value",
                "`in` looks for one value among values, and these are records",
                mend,
            )
        needle = self.term(value, known)
        self._same(expression, needle, item)
        assert isinstance(item.value, int)
        return Term("some", (source, Term("=", (needle, item), YES_NO)), YES_NO, ANY, item.value)

    def _quantifier(self, expression: Expression, known: Known) -> Term:
        source = self.list_of(expression.args[0], known)
        if source.type is BROKEN:
            return BROKEN_TERM
        if expression.word in self.scope.taken or expression.word in dict(self.items):
            return self.wrong(
                expression,
                "name-taken",
                f"`{expression.word}` already names something else",
                "choose another name for the item",
            )
        item = self._item(source)
        if expression.op == "for":
            return self._for(source, item, expression, known)
        return self._bound(
            expression.op, source, item, expression.word, expression.args[1], known, YES_NO
        )

    def _for(self, source: Term, item: Term, expression: Expression, known: Known) -> Term:
        known = without(known, {expression.word, *(field.name for field in item.type.fields)})
        self.items.append((expression.word, item))
        body = self.term(expression.args[1], known)
        self.items.pop()
        if body.type.kind in ("list", "record"):
            return self.wrong(
                expression.args[1],
                "list-in-list",
                f"`for` gives one value for each item, and this is {body.type}",
                "take one field or figure of it",
            )
        if body.type is BROKEN:
            return BROKEN_TERM
        return Term("for", (source, body), Type("list", item=body.type), body.range, item.value)

    def _bound(
        self,
        op: str,
        source: Term,
        item: Term,
        variable: str,
        condition: Expression,
        known: Known,
        type_: Type,
    ) -> Term:
        known = without(known, {variable, *(field.name for field in item.type.fields)})
        self.items.append((variable, item))
        test = accept(self.term(condition, known), YES_NO, self.report, "a condition")
        self.items.pop()
        if test.type is BROKEN:
            return BROKEN_TERM
        return Term(op, (source, test), type_, ANY if op != "filter" else source.range, item.value)

    def _item(self, source: Term) -> Term:
        assert source.type.item is not None
        return Term(
            "item",
            (),
            source.type.item,
            source.range if source.type.item.kind != "record" else ANY,
            next(self.binders),
        )

    def list_of(self, expression: Expression, known: Known) -> Term:
        """Settle an expression that has to be a list."""
        source = self.term(expression, known)
        if source.type.kind in ("list", "broken"):
            return source
        return self.wrong(
            expression,
            "not-a-list",
            f"a list is asked for here, and this is {source.type}",
            "name a list fact, or one field of it: `key_accounts.sales`",
        )

    def _field(self, expression: Expression, known: Known) -> Term:
        if expression.args[0].op == "name":
            opening = self.scope.names.get(f"{expression.args[0].word}.{expression.word}")
            if opening:
                return opening
        source, name = self.term(expression.args[0], known), expression.word
        if source.type.kind == "record":
            if source.type.field(name):
                return self._member(source, name)
            return self.wrong(
                expression,
                "unknown-field",
                f"`{name}` is no field of this item",
                nearest(name, [field.name for field in source.type.fields]),
            )
        if source.type.kind == "broken":
            return BROKEN_TERM
        if source.type.kind == "date" and name in DATE_PARTS:
            return Term("part", (source,), WHOLE, DATE_PARTS[name], name)
        if source.type.kind == "date":
            message = f"`{name}` is no part of a date"
            return self.wrong(expression, "unknown-field", message, nearest(name, DATE_PARTS))
        item = source.type.item
        if item is None or item.kind != "record":
            return self.wrong(
                expression,
                "unknown-field",
                f"`{show(expression.args[0])}` is {source.type}, which has no fields",
                "only lists of records and their items have fields",
            )
        found = item.field(name)
        if found is None:
            return self.wrong(
                expression,
                "unknown-field",
                f"`{name}` is no field of `{show(expression.args[0])}`",
                nearest(name, [field.name for field in item.fields]),
            )
        return Term("project", (source,), Type("list", item=found.type), found.range, name)

    def _member(self, item: Term, name: str) -> Term:
        field = item.type.field(name)
        assert field is not None
        return Term("field", (item,), field.type, field.range, name)

    def _index(self, expression: Expression, known: Known) -> Term:
        base, inner = expression.args
        if base.op == "name" and base.word in self.scope.lookups:
            return self._lookup(base.word, inner, known)
        source = self.list_of(base, known)
        if source.type is BROKEN:
            return BROKEN_TERM
        item = self._item(source)
        return self._bound(
            "filter",
            source,
            item,
            "" if item.type.kind == "record" else "item",
            inner,
            known,
            source.type,
        )

    def _rank(self, expression: Expression, known: Known) -> Term:
        """One more than the number of items that are better: equal ones share the better place."""
        one, source = self.term(expression.args[0], known), self.list_of(expression.args[1], known)
        if BROKEN in (one.type, source.type):
            return BROKEN_TERM
        item = self._item(source)
        if self._same(expression, one, item) is BROKEN:
            return BROKEN_TERM
        if item.type.kind not in (*AMOUNTS, "date"):
            message = f"`rank` compares amounts or dates, and this is {source.type}"
            return self.wrong(
                expression.args[1], "wrong-type", message, "name one field of the list"
            )
        assert isinstance(item.value, int)
        better = Term(">" if expression.word == "highest first" else "<", (item, one), YES_NO)
        above = Term("filter", (source, better), source.type, ANY, item.value)
        step = exactly(Fraction(1))
        counted = Term("count", (above,), WHOLE, Range(low=Fraction(0), step=Fraction(1)))
        first = Term("constant", (), WHOLE, step, Fraction(1))
        return Term("+", (counted, first), WHOLE, counted.range.plus(step))

    def _extreme(self, expression: Expression, source: Term, known: Known) -> Term:
        if not self._not_empty(expression, known):
            return BROKEN_TERM
        item = source.type.item
        if item is None or item.kind not in (*AMOUNTS, "date"):
            return self.wrong(
                expression,
                "wrong-type",
                f"`{expression.word}` compares amounts or dates, and this is {source.type}",
                "name one field of the list",
            )
        return Term(f"{expression.word} of", (source,), item, source.range)

    def _percentile(self, expression: Expression, terms: tuple[Term, ...], known: Known) -> Term:
        """The value at a share of a list; the share is shown to lie from 0 to 1."""
        source, share = terms
        item = source.type.item
        if item is None or item.kind not in AMOUNTS or share.type.kind not in NUMBERS:
            message = f"`percentile` takes a list of amounts and a share, and these are {source.type} and {share.type}"
            mend = "write it like `percentile(market.pay, 75%)`"
            return self.wrong(expression, "wrong-operands", message, mend)
        low, high = share.range.low, share.range.high
        if not self.proved and (low is None or low < 0 or high is None or high > 1):
            said = show(expression.args[1])
            mend = f"write `min(max({said}, 0%), 100%)`, or give it a `min` and a `max`"
            if share.op == "constant":
                bare = high is not None and 1 < high <= 100 and not said.endswith("%")
                mend = f"write `{said}%`" if bare else "write a share from `0%` to `100%`"
            message = f"`{said}` may lie outside of 0% to 100%"
            return self.wrong(expression.args[1], "share-outside", message, mend)
        if not self._not_empty(expression, known):
            return BROKEN_TERM
        range_ = Range(source.range.low, source.range.high)
        return Term("percentile", (source, share), join([item], range_), range_)

    def _not_empty(self, expression: Expression, known: Known) -> bool:
        """Whether a list is proved to have items, or something stands in for what it has not."""
        backed = self.proved or any(expression is one for one in self.backed)
        if backed or self._has_items(expression.args[0], known):
            return True
        self.wrong(
            expression,
            "may-be-empty",
            f"an empty list has no `{expression.word}`",
            f"say what then: `{show(expression)} or else 0`",
        )
        return False

    def _has_items(self, source: Expression, known: Known) -> bool:
        """Whether a condition such as `count(team) > 0` proves that a list is not empty."""
        counted = [Expression("call", (source,), "count")]
        if source.op == "field":
            counted.append(Expression("call", source.args, "count"))
        return any(one in known and known[one].excludes_zero for one in counted)
