# SPDX-License-Identifier: MIT
"""Expression → term: names looked up, types and units checked, divisors shown not to be 0."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

import attrs

from rolerules.model.guards import Known, assume, without
from rolerules.model.names import why_unknown
from rolerules.model.operations import OPERATIONS
from rolerules.model.results import (
    bare_product,
    is_scaled,
    join,
    matches,
    not_percent,
    operand_help,
    range_of,
)
from rolerules.model.scope import Report, Scope
from rolerules.model.term import Term
from rolerules.model.types import (
    AMOUNTS,
    ANY,
    BROKEN,
    DATE,
    FIGURE,
    MONEY,
    NUMBERS,
    RATE,
    TEXT,
    YES_NO,
    Type,
    exactly,
)  # fmt: skip
from rolerules.problems import nearest
from rolerules.text.expression import Expression, Literal, show

LITERALS = {"figure": FIGURE, "rate": RATE, "text": TEXT, "yes/no": YES_NO, "date": DATE}
FUNCTIONS = ("sum", "count", "min", "max", "floor", "ceiling", "abs", "known")
_BROKEN = Term("constant", (), BROKEN)
_COMPARING = ("=", "!=", "<", "<=", ">", ">=", "min", "max", "or else")
_ACCEPTED = {
    "yes/no": "write a comparison, such as `team_sales > 0`",
    "whole": "write `floor(…)`, `ceiling(…)` or `round(…, 1, half up)` around it",
    "rate": "divide money by money, as in `profit / team_sales`, or write a rate such as `5%`",
    "number": "divide money by money, as in `profit / team_sales`",
    "date": "write a date as year-month-day: `2026-09-30`",
}


def infer(
    expression: Expression,
    scope: Scope,
    report: Report,
    *,
    known: Known | None = None,
    proved: bool = False,
) -> Term:
    """Settle one formula; a part that is wrong is reported once and becomes a broken term.

    `proved` takes divisors and lists for granted: the formula is part of one that was checked.
    """
    return _Inference(scope, report, proved).term(expression, known or {})


def accept(term: Term, wanted: Type, report: Report, what: str = "this place") -> Term:
    """Check that a term's type is the one a place asks for; numbers fit where a number is asked."""
    if _fits(term, wanted):
        return _BROKEN if wanted == RATE and not_percent([term], report) else term
    mend = _ACCEPTED.get(wanted.kind, f"write a formula that gives {wanted}")
    if wanted.kind == "money" and term.type.kind in NUMBERS:
        mend = "multiply it by an amount of money, as in `5% * team_sales`"
        if what == "`gives`":
            mend = f"write an amount such as `1000.00`, or `gives: {term.type.kind}`"
        mend = bare_product(term) or mend
    report(term.at, "wrong-type", f"{what} asks for {wanted}, and this is {term.type}", mend)
    return _BROKEN


def _fits(term: Term, wanted: Type) -> bool:
    found = term.type
    if BROKEN in (found, wanted) or found == wanted:
        return True
    if wanted.kind == "money":
        return found.kind == "figure"
    if wanted.kind == "whole":
        return found.kind in NUMBERS and term.range.whole
    if wanted.kind in NUMBERS:
        return found.kind in NUMBERS
    if wanted.kind == "text":
        return found.kind == "choice"
    return False


class _Inference:
    def __init__(self, scope: Scope, report: Report, proved: bool) -> None:
        self.scope, self.report, self.proved = scope, report, proved
        self.items: list[tuple[str, Term]] = []
        self.backed: list[Expression] = []  # left operands of `or else`, where nothing may come out
        self.binders = itertools.count()
        self._rules: dict[str, Callable[[Expression, Known], Term]] = {
            "literal": self._literal, "name": self._name, "broken": lambda expression, known: _BROKEN,
            "if": self._if, "and": self._logic, "or": self._logic, "between": self._between,
            "in": self._in, "some": self._quantifier, "every": self._quantifier,
            "field": self._field, "index": self._index, "call": self._call, "/": self._divide,
        }  # fmt: skip

    def term(self, expression: Expression, known: Known) -> Term:
        rule = self._rules.get(expression.op, self._operation)
        found = rule(expression, known)
        if expression in known and found.type.kind in AMOUNTS:
            found = attrs.evolve(found, range=found.range.both(known[expression]))
        return attrs.evolve(found, at=expression.at)

    def wrong(self, expression: Expression, code: str, message: str, help: str = "") -> Term:
        self.report(expression.at, code, message, help)
        return _BROKEN

    def _literal(self, expression: Expression, known: Known) -> Term:
        literal = expression.value
        assert isinstance(literal, Literal)
        range_ = exactly(literal.value) if isinstance(literal.value, Fraction) else ANY
        return Term("constant", (), LITERALS[literal.kind], range_, literal.value)

    def _name(self, expression: Expression, known: Known) -> Term:
        name = expression.word
        for variable, item in reversed(self.items):
            if variable == name:
                return item
            if not variable and item.type.field(name):
                return self._member(item, name)
        if found := self.scope.names.get(name):
            return found
        if name in self.scope.lookups:
            key = self.scope.lookups[name].by
            return self.wrong(
                expression,
                "key-missing",
                f"`{name}` has one figure per `{key}`",
                f"write `{name}[{key}]`",
            )
        message, mend = why_unknown(name, self.scope, self.items)
        return self.wrong(expression, "unknown-name", message, mend)

    def _if(self, expression: Expression, known: Known) -> Term:
        condition, then, other = expression.args
        test = accept(self.term(condition, known), YES_NO, self.report, "a condition")
        yes = self.term(then, assume(known, condition, True, self.scope.formulas))
        no = self.term(other, assume(known, condition, False, self.scope.formulas))
        type_ = self._same(expression, yes, no)
        if BROKEN in (test.type, type_):
            return _BROKEN
        return Term("if", (test, yes, no), type_, yes.range.either(no.range))

    def _logic(self, expression: Expression, known: Known) -> Term:
        left, right = expression.args
        one = accept(self.term(left, known), YES_NO, self.report, f"`{expression.op}`")
        inside = assume(known, left, expression.op == "and", self.scope.formulas)
        two = accept(self.term(right, inside), YES_NO, self.report, f"`{expression.op}`")
        return (
            _BROKEN if BROKEN in (one.type, two.type) else Term(expression.op, (one, two), YES_NO)
        )

    def _between(self, expression: Expression, known: Known) -> Term:
        value, low, high = expression.args
        parts = (
            Expression(">=", (value, low), at=expression.at),
            Expression("<=", (value, high), at=expression.at),
        )
        return self._logic(Expression("and", parts, at=expression.at), known)

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
            return _BROKEN if BROKEN in [test.type for test in tests] else chain
        source = self._list(among, known)
        if source.type is BROKEN:
            return _BROKEN
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
        source = self._list(expression.args[0], known)
        if source.type is BROKEN:
            return _BROKEN
        if expression.word in self.scope.taken or expression.word in dict(self.items):
            return self.wrong(
                expression,
                "name-taken",
                f"`{expression.word}` already names something else",
                "choose another name for the item",
            )
        item = self._item(source)
        return self._bound(
            expression.op, source, item, expression.word, expression.args[1], known, YES_NO
        )

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
            return _BROKEN
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

    def _list(self, expression: Expression, known: Known) -> Term:
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
            return _BROKEN
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
        source = self._list(base, known)
        if source.type is BROKEN:
            return _BROKEN
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

    def _lookup(self, name: str, key: Expression, known: Known) -> Term:
        lookup, found = self.scope.lookups[name], self.term(key, known)
        if (
            found.op == "constant"
            and found.type is TEXT
            and self._choice(Term("name", (), lookup.key), found) is BROKEN
        ):
            return _BROKEN
        if found.type not in (lookup.key, BROKEN) and not (
            found.op == "constant" and found.type is TEXT
        ):
            message = f"`{name}` is looked up by `{lookup.by}`, and this is {found.type}"
            return self.wrong(key, "wrong-type", message, f"write `{name}[{lookup.by}]`")
        return Term("lookup", (found,), lookup.type, lookup.range, name)

    def _call(self, expression: Expression, known: Known) -> Term:
        name, args = expression.word, expression.args
        if name not in FUNCTIONS:
            return self.wrong(
                expression,
                "unknown-function",
                f"`{name}` is no function of this language",
                nearest(name, [*FUNCTIONS, "round"]),
            )
        many = name in ("min", "max")
        if (many and not args) or (not many and len(args) != 1):
            wanted = "one list or several figures" if many else "one value"
            return self.wrong(
                expression,
                "argument-count",
                f"`{name}` takes {wanted}, and {len(args)} {'is' if len(args) == 1 else 'are'} given",
                f"write `{name}(…)`",
            )
        terms = tuple(self.term(arg, known) for arg in args)
        if any(term.type is BROKEN for term in terms):
            return _BROKEN
        if many and len(terms) == 1 and terms[0].type.kind == "list":
            return self._extreme(expression, terms[0], known)
        if many and len(terms) == 1:
            other = "0" if terms[0].type.kind in AMOUNTS else "as_of"
            return self.wrong(
                expression,
                "argument-count",
                f"`{name}` takes one list or several figures, and one figure is given",
                f"write what it is compared with: `{name}({show(args[0])}, {other})`",
            )
        return self._settle(expression, name, terms)

    def _extreme(self, expression: Expression, source: Term, known: Known) -> Term:
        backed = self.proved or any(expression is one for one in self.backed)
        if not backed and not self._has_items(expression.args[0], known):
            return self.wrong(
                expression,
                "may-be-empty",
                f"an empty list has no `{expression.word}`",
                f"say what then: `{show(expression)} or else 0`",
            )
        item = source.type.item
        if item is None or item.kind not in (*AMOUNTS, "date"):
            return self.wrong(
                expression,
                "wrong-type",
                f"`{expression.word}` compares amounts or dates, and this is {source.type}",
                "name one field of the list",
            )
        return Term(f"{expression.word} of", (source,), item, source.range)

    def _has_items(self, source: Expression, known: Known) -> bool:
        """Whether a condition such as `count(team) > 0` proves that a list is not empty."""
        counted = [Expression("call", (source,), "count")]
        if source.op == "field":
            counted.append(Expression("call", source.args, "count"))
        return any(one in known and known[one].excludes_zero for one in counted)

    def _divide(self, expression: Expression, known: Known) -> Term:
        dividend, divisor = (self.term(arg, known) for arg in expression.args)
        found = self._settle(expression, "/", (dividend, divisor))
        if found.type is not BROKEN and not divisor.range.excludes_zero and not self.proved:
            name = show(expression.args[1])
            mend = f"give it a `min` above 0, or write `if {name} > 0 then … else …`"
            return self.wrong(
                expression.args[1], "divisor-zero", f"the divisor `{name}` may be 0 here", mend
            )
        return found

    def _operation(self, expression: Expression, known: Known) -> Term:
        if expression.op == "or else":
            self.backed.append(expression.args[0])
        terms = tuple(self.term(arg, known) for arg in expression.args)
        found = self._settle(expression, expression.op, terms)
        if expression.op == "round":
            step = terms[1]
            if step.op != "constant" or not step.range.excludes_zero:
                return self.wrong(
                    expression.args[1],
                    "rounding-step",
                    "the step of `round` is a figure above 0",
                    "write it like `round(x, 0.01, half up)`",
                )
            return attrs.evolve(found, value=expression.word)
        return found

    def _settle(self, expression: Expression, op: str, terms: tuple[Term, ...]) -> Term:
        """Find the signature that fits, and give the result its type and range."""
        if any(term.type is BROKEN for term in terms):
            return _BROKEN
        operation = OPERATIONS[op]
        for signature in operation.signatures:
            wanted = (signature[0],) * len(terms) if operation.variadic else signature[:-1]
            if all(matches(term.type, want) for term, want in zip(terms, wanted, strict=True)):
                return self._result(expression, op, terms, signature[-1])
        message = f"`{op}` does not work on {' and '.join(str(term.type) for term in terms)}"
        mend = operand_help(op, [term.type for term in terms])
        if op in ("+", "-") and MONEY in [term.type for term in terms]:
            mend = next((told for term in terms if (told := bare_product(term))), mend)
        return self.wrong(expression, "wrong-operands", message, mend)

    def _result(
        self, expression: Expression, op: str, terms: tuple[Term, ...], result: str
    ) -> Term:
        ranges = [term.range for term in terms]
        if op in _COMPARING and self._not_percent(terms):
            return _BROKEN
        if op in ("=", "!=", "or else"):
            same = self._same(expression, *terms)
            range_ = ranges[0].either(ranges[1]) if op == "or else" else ANY
            return (
                _BROKEN
                if same is BROKEN
                else Term(op, terms, YES_NO if result == "yes/no" else same, range_)
            )
        range_ = range_of(op, ranges)
        of = [term.type.item or term.type for term in terms]
        return Term(op, terms, join(of, range_) if result == "join" else Type(result), range_)

    def _same(self, expression: Expression, one: Term, two: Term) -> Type:
        """The common type of two terms, or a problem."""
        if BROKEN in (one.type, two.type):
            return BROKEN
        for left, right in ((one, two), (two, one)):
            if left.type.kind == "choice" and right.op == "constant" and right.type is TEXT:
                return self._choice(left, right)
        if one.type == two.type:
            return one.type
        if expression.op == "if" and self._not_percent((one, two)):
            return BROKEN
        if one.type.kind in NUMBERS and two.type.kind in NUMBERS:
            return join([one.type, two.type], one.range.either(two.range))
        kinds = {one.type.kind, two.type.kind}
        if kinds == {"money", "figure"}:
            return one.type if one.type.kind == "money" else two.type
        if kinds <= {"choice", "text"}:
            return TEXT
        self.report(
            expression.at,
            "wrong-operands",
            f"{one.type} and {two.type} cannot stand side by side",
            operand_help(expression.op, [one.type, two.type]),
        )
        return BROKEN

    def _not_percent(self, terms: tuple[Term, ...]) -> bool:
        rates = [term for term in terms if term.type == RATE]
        if self.proved or not rates or all(is_scaled(rate, self.scope) for rate in rates):
            return False
        return not_percent(terms, self.report)

    def _choice(self, choice: Term, text: Term) -> Type:
        if text.value in choice.type.options:
            return choice.type
        self.report(
            text.at,
            "unknown-choice",
            f"`{text.value}` is none of the choices",
            nearest(str(text.value), choice.type.options),
        )
        return BROKEN
