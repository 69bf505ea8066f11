# SPDX-License-Identifier: MIT
"""Expression → term: names looked up, types and units checked, divisors shown not to be 0."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

import attrs

from rolerules.model.calls import scale_call
from rolerules.model.dated import DATED, FigureRules
from rolerules.model.guards import Known, assume
from rolerules.model.lists import ListRules
from rolerules.model.names import why_unknown
from rolerules.model.operations import OPERATIONS
from rolerules.model.results import (
    BROKEN_TERM,
    accept,
    bare_product,
    is_scaled,
    join,
    matches,
    not_percent,
    operand_help,
    range_of,
)
from rolerules.model.scope import Report, Scope, unsaid
from rolerules.model.shares import allocate
from rolerules.model.term import Term
from rolerules.model.types import (
    AMOUNTS,
    ANY,
    BROKEN,
    DATE,
    FIGURE,
    MONEY,
    NUMBER,
    NUMBERS,
    RATE,
    TEXT,
    YES_NO,
    Type,
    exactly,
)  # fmt: skip
from rolerules.problems import nearest
from rolerules.text.expression import Expression, Literal, show
from rolerules.text.formula import WORDED
from rolerules.values import exact_text

LITERALS = {
    "figure": FIGURE,
    "money": MONEY,
    "rate": RATE,
    "text": TEXT,
    "yes/no": YES_NO,
    "date": DATE,
}
_COMPARING = ("=", "!=", "<", "<=", ">", ">=", "min", "max", "or else")
FUNCTIONS = (
    "sum", "count", "min", "max", "floor", "ceiling", "abs", "known",
    "percentile", "highest", "lowest", "days", "full_months", "full_years", "add_days", "add_months",
    "add_working_days", "in_force", "by_days",
)  # fmt: skip


def infer(
    expression: Expression,
    scope: Scope,
    report: Report,
    *,
    known: Known | None = None,
    proved: bool = False,
) -> Term:
    """Settle one formula; a part that is wrong is reported once and becomes a broken term.

    `proved` takes divisors, lists and whole numbers for granted: the formula is part of one that was checked.
    """
    return _Inference(scope, report, proved).term(expression, known or {})


def is_share(term: Term, scope: Scope) -> bool:
    """Whether a figure is a rate, or money over money, which people give in per cent."""
    if term.op == "name" and term.type == NUMBER:
        formula = scope.formulas.get(str(term.value))
        return formula is not None and is_share(infer(formula, scope, unsaid, proved=True), scope)
    if term.op == "/":
        return all(arg.type == MONEY for arg in term.args)
    if term.op in ("if", "or else", "min", "max", "round", "abs"):
        return any(is_share(arg, scope) for arg in term.args)
    return term.type == RATE


class _Inference(ListRules, FigureRules):
    def __init__(self, scope: Scope, report: Report, proved: bool) -> None:
        self.scope, self.report, self.proved = scope, report, proved
        self.items = []
        self.backed = []  # left operands of `or else`, where nothing may come out
        self.binders = itertools.count()
        self._rules: dict[str, Callable[[Expression, Known], Term]] = {
            "literal": self._literal, "name": self._name, "broken": lambda expression, known: BROKEN_TERM,
            "if": self._if, "and": self._logic, "or": self._logic, "between": self._between,
            "in": self._in, "some": self._quantifier, "every": self._quantifier,
            "for": self._quantifier,
            "field": self._field, "index": self._index, "call": self._call, "/": self._divide,
            "rank": self._rank,
            "allocate": lambda expression, known: allocate(self, expression, known),
        }  # fmt: skip

    def term(self, expression: Expression, known: Known) -> Term:
        rule = self._rules.get(expression.op, self._operation)
        found = rule(expression, known)
        if known and expression in known and found.type.kind in AMOUNTS:  # hashing takes its time
            found = attrs.evolve(found, range=found.range.both(known[expression]))
        return Term(found.op, found.args, found.type, found.range, found.value, expression.at)

    def given(self, formula: Expression, name: str, term: Term) -> Term:
        """Settle a checked formula in which a name stands for a term."""
        scope = attrs.evolve(self.scope, names={**self.scope.names, name: term})
        inner = _Inference(scope, self.report, True)
        inner.binders = self.binders
        return inner.term(formula, {})

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
        if f"{name}.opening" in self.scope.names:
            mend = f"write `{name}.opening`, what it came in with, or `{name}.closing`, what it hands on"
            return self.wrong(expression, "unknown-name", f"`{name}` is a balance", mend)
        if name in self.scope.scales:
            message = f"`{name}` has no amount of its own, and none is given"
            return self.wrong(expression, "argument-count", message, f"write `{name}(…)`")
        message, mend = why_unknown(name, self.scope, self.items)
        return self.wrong(expression, "unknown-name", message, mend)

    def _if(self, expression: Expression, known: Known) -> Term:
        condition, then, other = expression.args
        test = accept(self.term(condition, known), YES_NO, self.report, "a condition")
        yes = self.term(then, assume(known, condition, True, self.scope.formulas))
        no = self.term(other, assume(known, condition, False, self.scope.formulas))
        type_ = self._same(expression, yes, no)
        if BROKEN in (test.type, type_):
            return BROKEN_TERM
        return Term("if", (test, yes, no), type_, yes.range.either(no.range))

    def _logic(self, expression: Expression, known: Known) -> Term:
        left, right = expression.args
        one = accept(self.term(left, known), YES_NO, self.report, f"`{expression.op}`")
        inside = assume(known, left, expression.op == "and", self.scope.formulas)
        two = accept(self.term(right, inside), YES_NO, self.report, f"`{expression.op}`")
        return (
            BROKEN_TERM
            if BROKEN in (one.type, two.type)
            else Term(expression.op, (one, two), YES_NO)
        )

    def _between(self, expression: Expression, known: Known) -> Term:
        value, low, high = expression.args
        parts = (
            Expression(">=", (value, low), at=expression.at),
            Expression("<=", (value, high), at=expression.at),
        )
        return self._logic(Expression("and", parts, at=expression.at), known)

    def _lookup(self, name: str, key: Expression, known: Known) -> Term:
        lookup, found = self.scope.lookups[name], self.term(key, known)
        if (
            found.op == "constant"
            and found.type is TEXT
            and self._choice(Term("name", (), lookup.key), found) is BROKEN
        ):
            return BROKEN_TERM
        if found.type not in (lookup.key, BROKEN) and not (
            found.op == "constant" and found.type is TEXT
        ):
            message = f"`{name}` is looked up by `{lookup.by}`, and this is {found.type}"
            return self.wrong(key, "wrong-type", message, f"write `{name}[{lookup.by}]`")
        return Term("lookup", (found,), lookup.type, lookup.range, name)

    def _call(self, expression: Expression, known: Known) -> Term:
        name, args = expression.word, expression.args
        if name not in FUNCTIONS and name in self.scope.scales:
            return scale_call(self, expression, known)
        if name not in FUNCTIONS:
            if name in self.scope.names and self.scope.names[name].type is BROKEN:
                return BROKEN_TERM
            return self.wrong(
                expression,
                "unknown-function",
                f"`{name}` is no function of this language",
                nearest(name, [*FUNCTIONS, *WORDED, "round", *self.scope.scales]),
            )
        many, takes = OPERATIONS[name].variadic, len(OPERATIONS[name].signatures[0]) - 1
        if (many and not args) or (not many and len(args) != takes):
            wanted = (
                "one list or several figures"
                if many
                else "one value"
                if takes == 1
                else f"{takes} values"
            )
            return self.wrong(
                expression,
                "argument-count",
                f"`{name}` takes {wanted}, and {len(args)} {'is' if len(args) == 1 else 'are'} given",
                f"write `{name}(…)`",
            )
        if name in DATED:
            return self._dated(expression, known)
        terms = tuple(self.term(arg, known) for arg in args)
        if any(term.type is BROKEN for term in terms):
            return BROKEN_TERM
        if name == "percentile":
            return self._percentile(expression, terms, known)
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
        found = self._settle(expression, name, terms)
        if name in ("highest", "lowest") and found.type is not BROKEN:
            return attrs.evolve(found, type=terms[0].type, range=terms[0].range)
        return found

    def _divide(self, expression: Expression, known: Known) -> Term:
        dividend, divisor = (self.term(arg, known) for arg in expression.args)
        found = self._settle(expression, "/", (dividend, divisor))
        if found.type is not BROKEN and not divisor.range.excludes_zero and not self.proved:
            name = show(expression.args[1])
            mend = f"give it a `min` above 0, or write `if {name} > 0 then … else …`"
            message = f"the divisor `{name}` may be 0 here"
            if divisor.op == "constant":
                message, mend = "nothing can be divided by 0", "write another divisor"
            return self.wrong(expression.args[1], "divisor-zero", message, mend)
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
            return BROKEN_TERM
        operation = OPERATIONS[op]
        for signature in operation.signatures:
            wanted = (signature[0],) * len(terms) if operation.variadic else signature[:-1]
            if all(
                matches(term.type, want) and (want != "whole" or term.range.whole or self.proved)
                for term, want in zip(terms, wanted, strict=True)
            ):
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
            return BROKEN_TERM
        if result == "yes/no" and len(terms) == 2 and not self.proved:
            self._doubtful(expression, terms)
        if op in ("=", "!=", "or else"):
            same = self._same(expression, *terms)
            range_ = ranges[0].either(ranges[1]) if op == "or else" else ANY
            return (
                BROKEN_TERM
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

    def _doubtful(self, expression: Expression, terms: tuple[Term, ...]) -> None:
        """Note a comparison that means something, but hardly what its author meant."""
        one, two = terms
        if expression.args[0] == expression.args[1]:
            message = f"`{show(expression)}` compares a thing with itself"
            mend = "in `[…]` a field is that of the item there; for an outer one write `d.field`"
            self.report(expression.at, "compares-itself", message, mend, "notice")
        for share, figure in ((one, two), (two, one)):
            value = figure.range.low if figure.op == "constant" else None
            if value is not None and abs(value) > 10 and self._over_money(share):
                text = exact_text(value)
                message = f"one amount over another is compared with `{text}`: {text} times as much"
                mend = f"write `{text}%` if per cent is meant"
                self.report(figure.at, "percent-missing", message, mend, "notice")

    def _over_money(self, term: Term) -> bool:
        return term.type == NUMBER and is_share(term, self.scope)

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
