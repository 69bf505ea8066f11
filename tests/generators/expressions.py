# SPDX-License-Identifier: MIT
"""The second evaluator's expressions: a walk over the syntax tree, knowing no types."""

from __future__ import annotations

import abc
import datetime
import functools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from generators import bands, days, shares
from generators.unknowns import Unknown, kleene_and, kleene_or, pending, rounded, together, unknown
from rolerules.syntax import tree
from rolerules.text.expression import Expression

WORDS = {"+": "plus", "-": "minus", "*": "times", "/": "over"}


class Expressions(abc.ABC):
    """Works out expressions; what a name stands for is said elsewhere."""

    digits: int
    sections: dict[str, dict[str, Any]]

    @abc.abstractmethod
    def scale_over(self, name: str, amount: Any) -> Any:
        """What a scale gives for an amount."""

    @abc.abstractmethod
    def name(self, name: str) -> Any:
        """The value of a name."""

    @abc.abstractmethod
    def opening(self, name: str) -> Any:
        """What a balance came in with; None where there is no such balance."""

    @abc.abstractmethod
    def closing(self, name: str) -> Any:
        """What a balance hands on; None where there is no such balance."""

    @abc.abstractmethod
    def figures_on(self, name: str, day: datetime.date) -> Any:
        """The figure (or the figures by key) of a parameter that is in force on a day."""

    @abc.abstractmethod
    def days(self) -> list[datetime.date]:
        """The days of the period."""

    def choose(self, condition: Any, then: Any, other: Any) -> Any:
        if not isinstance(condition, Unknown):
            return then() if condition else other()
        return condition if condition.refused else pending(condition, then(), other())

    def of(self, formula: tree.Formula, here: Mapping[str, Any]) -> Any:
        return self.expression(formula.expression, here)

    def expression(self, expression: Expression, here: Mapping[str, Any]) -> Any:
        """The value of an expression; `here` holds items by their name, and fields by theirs."""
        op, args = expression.op, expression.args
        if op == "literal":
            return expression.value.value
        if op == "name":
            return here[expression.word] if expression.word in here else self.name(expression.word)
        if op == "index":
            return self.index(args, here)
        if op == "field" and args[0].op == "name" and args[0].word not in here:
            asked = {"opening": self.opening, "closing": self.closing}.get(expression.word)
            balance = asked(args[0].word) if asked else None
            if balance is not None:
                return balance
        if op == "for":
            items = self.expression(args[0], here)
            if isinstance(items, Unknown):
                return items
            return tuple(
                self.expression(args[1], {**here, expression.word: item}) for item in items
            )
        if op in ("some", "every"):
            items = self.expression(args[0], here)
            if isinstance(items, Unknown):
                return items
            tests = [self.expression(args[1], {**here, expression.word: item}) for item in items]
            return kleene_or(tests) if op == "some" else kleene_and(tests)
        if op == "if":
            then, other = (functools.partial(self.expression, arg, here) for arg in args[1:])
            return self.choose(self.expression(args[0], here), then, other)
        if op == "call" and expression.word in ("in_force", "by_days"):
            days = None if expression.word == "by_days" else self.expression(args[1], here)
            return self.of_its_day(args[0], days, here)
        if op == "call" and expression.word in self.sections["scales"]:
            return self.scale_over(expression.word, self.expression(args[0], here))
        if op == "in" and args[1].op in ("list", "range"):
            return self.within(args, here)
        return self.applied(expression, [self.expression(arg, here) for arg in args])

    def of_its_day(self, figure: Expression, day: Any, here: Mapping[str, Any]) -> Any:
        """The figure of a day; where none is given, the average over all days of the period."""
        name = figure if figure.op == "name" else figure.args[0]
        key = self.expression(figure.args[1], here) if figure.op == "index" else None
        if unknown(day, key):
            return together(day, key)
        figures = [self.figures_on(name.word, one) for one in ([day] if day else self.days())]
        if None in figures:
            return Unknown(refused="not-in-force")
        figures = figures if key is None else [one[key] for one in figures]
        return figures[0] if day else sum(figures) / len(figures)

    def index(self, args: tuple[Expression, ...], here: Mapping[str, Any]) -> Any:
        items = self.expression(args[0], here)
        if isinstance(items, Unknown):
            return items
        if isinstance(items, dict):
            key = self.expression(args[1], here)
            return key if isinstance(key, Unknown) else items[key]
        tests = [
            self.expression(
                args[1], {**here, **(item if isinstance(item, dict) else {"item": item})}
            )
            for item in items
        ]
        return (
            together(*tests)
            if unknown(*tests)
            else tuple(item for item, test in zip(items, tests, strict=True) if test)
        )

    def within(self, args: tuple[Expression, ...], here: Mapping[str, Any]) -> Any:
        value, among = self.expression(args[0], here), args[1]
        members = [self.expression(arg, here) for arg in among.args]
        if among.op == "list":
            return kleene_or([self.compare("=", value, member) for member in members])
        low, high = ({"[": ">=", "(": ">"}[among.word[0]], {"]": "<=", ")": "<"}[among.word[1]])
        return kleene_and(
            [self.compare(low, value, members[0]), self.compare(high, value, members[1])]
        )

    def compare(self, op: str, one: Any, two: Any) -> Any:
        if unknown(one, two):
            return together(one, two)
        return {
            "=": lambda: one == two, "!=": lambda: one != two, "<": lambda: one < two,
            "<=": lambda: one <= two, ">": lambda: one > two, ">=": lambda: one >= two,
        }[op]()  # fmt: skip

    def applied(self, expression: Expression, args: list[Any]) -> Any:
        op = expression.word if expression.op == "call" else expression.op
        if op == "or":
            return kleene_or(args)
        if op == "and":
            return kleene_and(args)
        if op == "between":
            return kleene_and(
                [self.compare(">=", args[0], args[1]), self.compare("<=", args[0], args[2])]
            )
        if op == "or else":
            if not unknown(args[0]) or args[0].refused:
                return args[0]
            return together(args[1], args[0]) if unknown(args[1]) else args[1]
        if op == "known":
            return (
                args[0]
                if isinstance(args[0], Unknown) and args[0].refused
                else not unknown(args[0])
            )
        if op == "in":
            return (
                args[1]
                if unknown(args[1])
                else kleene_or([self.compare("=", args[0], item) for item in args[1]])
            )
        if op == "rank":
            return self.rank(expression.word, *args)
        if op == "add_working_days" and not unknown(args[2]) and unknown(*args[2]):
            return together(args[0], args[1], *args[2])
        if unknown(*args):
            return together(*args)
        if op in ("min", "max", "sum") and isinstance(args[0], tuple):
            if unknown(*args[0]):
                return together(*args[0])
            if not args[0]:
                return Fraction(0) if op == "sum" else Unknown()
            args = list(args[0])
        if op in ("=", "!=", "<", "<=", ">", ">="):
            return self.compare(op, *args)
        return getattr(self, "do_" + WORDS.get(op, op))(expression, *args)

    def rank(self, order: str, one: Any, items: Any) -> Any:
        """1 more than how many items are better; an unknown comparison leaves it open."""
        if unknown(items):
            return items
        better = [
            self.compare(">" if order == "highest first" else "<", item, one) for item in items
        ]
        return together(*better) if unknown(*better) else Fraction(1 + better.count(True))

    def do_sum(self, expression: Expression, *args: Any) -> Any:
        return sum(args, Fraction(0))

    def do_min(self, expression: Expression, *args: Any) -> Any:
        return sorted(args)[0]

    def do_max(self, expression: Expression, *args: Any) -> Any:
        return sorted(args)[-1]

    def do_count(self, expression: Expression, items: Any) -> Any:
        return Fraction(len(items))

    def do_field(self, expression: Expression, items: Any) -> Any:
        field = expression.word
        if isinstance(items, datetime.date):
            return Fraction(getattr(items, field))
        return items[field] if isinstance(items, dict) else tuple(item[field] for item in items)

    def do_not(self, expression: Expression, one: Any) -> Any:
        return not one

    def do_negative(self, expression: Expression, one: Any) -> Any:
        return 0 - one

    def do_plus(self, expression: Expression, one: Any, two: Any) -> Any:
        return one + two

    def do_minus(self, expression: Expression, one: Any, two: Any) -> Any:
        return one - two

    def do_times(self, expression: Expression, one: Any, two: Any) -> Any:
        return one * two

    def do_over(self, expression: Expression, one: Any, two: Any) -> Any:
        return Unknown(refused="division") if two == 0 else one / two

    def do_abs(self, expression: Expression, one: Any) -> Any:
        return max(one, 0 - one)

    def do_floor(self, expression: Expression, one: Any) -> Any:
        return one - one % 1

    def do_ceiling(self, expression: Expression, one: Any) -> Any:
        return one + -one % 1

    def do_round(self, expression: Expression, one: Any, step: Any) -> Any:
        return rounded(one, step, expression.word)

    # --- lists

    def do_percentile(self, expression: Expression, items: Any, share: Any) -> Any:
        if unknown(*items) or not items:
            return together(*items)
        rising = [*sorted(items), Fraction(0)]  # what follows the greatest counts for nothing
        whole, part = divmod((len(items) - 1) * share, 1)
        return rising[int(whole)] * (1 - part) + rising[int(whole) + 1] * part

    def do_highest(self, expression: Expression, items: Any, count: Any) -> Any:
        return together(*items) if unknown(*items) else self.some_of(items, count, max)

    def do_lowest(self, expression: Expression, items: Any, count: Any) -> Any:
        return together(*items) if unknown(*items) else self.some_of(items, count, min)

    def some_of(self, items: Any, count: Any, pick: Any) -> Any:
        rest, found = list(items), []
        while rest and len(found) < count:
            found.append(pick(rest))
            rest.remove(found[-1])
        return tuple(found)

    def do_allocate(self, expression: Expression, pool: Any, items: Any) -> Any:
        return shares.allocate(pool, items, expression.word, self.digits)

    # --- dates

    def do_days(self, expression: Expression, one: Any, two: Any) -> Any:
        return Fraction(two.toordinal() - one.toordinal())

    def do_full_months(self, expression: Expression, one: Any, two: Any) -> Any:
        return Fraction(days.months_between(one, two))

    def do_full_years(self, expression: Expression, one: Any, two: Any) -> Any:
        return Fraction(days.years_between(one, two))

    def do_add_days(self, expression: Expression, day: Any, count: Any) -> Any:
        return days.later(day, int(count)) or Unknown(refused="outside-calendar")

    def do_add_months(self, expression: Expression, day: Any, count: Any) -> Any:
        return days.months_later(day, int(count)) or Unknown(refused="outside-calendar")

    def do_add_working_days(self, expression: Expression, day: Any, count: Any, off: Any) -> Any:
        found = days.working_days_later(day, int(count), off)
        return found or Unknown(refused="outside-calendar")

    # --- scales

    def scale(self, kind: str, over: Any, edges: list[tuple[str, Any, Any]]) -> Any:
        """A scale over an amount: its definition, once what that asks for is known."""
        if kind == "marginal":
            parts = [part for _, at, rate in edges for part in (rate, over, at)]
            return together(*parts) if unknown(*parts) else bands.marginal(edges, over)
        return self.whole(over, edges) if kind == "whole" else self.linear(over, edges)

    def whole(self, over: Any, edges: list[tuple[str, Any, Any]]) -> Any:
        """From the highest edge down: whether it is reached, and if so its rate."""
        *below, (word, at, rate) = edges
        amount = together(rate, over) if unknown(rate, over) else rate * over
        if not below:
            return amount
        test = self.compare(">=" if word == "from" else ">", over, at)
        return self.choose(test, lambda: amount, lambda: self.whole(over, below))

    def linear(self, over: Any, edges: list[tuple[str, Any, Any]]) -> Any:
        """The stretch the amount lies in, from the lowest up: only its ends are asked for."""
        known = [at for _, at, _ in edges]
        if unknown(over, *known):
            values = [value for *_, value in edges]
            return over if unknown(over) and over.refused else pending(over, *known, *values)
        if not unknown(*(value for *_, value in edges)):
            return bands.linear(edges, over)
        through = bands.points(edges)
        said, pair = None, through[:2]
        if over < through[0][0] or (over == through[0][0] and edges[0][0] != "below"):
            said = edges[0][2]
        elif over > through[-1][0]:
            said, pair = edges[-1][2], through[-2:]
        elif over == through[-1][0]:
            said = through[-1][1]
        else:
            place = next(place for place, (at, _) in enumerate(through) if at > over)
            pair = through[place - 1 : place + 1]
        if said is not None:
            return said
        ends = [value for _, value in pair]
        return together(*ends) if unknown(*ends) else bands.through_two(*pair, over)
