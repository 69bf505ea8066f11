# SPDX-License-Identifier: MIT
"""A second evaluator, written from the description of the language alone.

It walks the expressions of the syntax tree by need (names are worked out when they are asked
for), knows no types, no plan and no ranges, and reads table cells by itself. What it shares with
the package is the reading of files and of formulas.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs

from rolerules.syntax import tree
from rolerules.text import formula
from rolerules.text.expression import Expression


@attrs.frozen
class Unknown:
    """Not known: what it waits for; or (with `refused`) why there can be no decision at all."""

    needs: frozenset[str] = frozenset()
    refused: str = ""


parse = functools.cache(formula.parse)
DIGITS = {"CNY": 2, "JPY": 0, "KWD": 3}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def together(*parts: Any) -> Unknown:
    """What several operands wait for, all being needed; a refusal goes before."""
    unknown = [part for part in parts if isinstance(part, Unknown)]
    for one in unknown:
        if one.refused:
            return one
    return pending(*unknown)


def pending(*parts: Any) -> Unknown:
    """What several parts wait for, none of which is sure to be reached."""
    return Unknown(
        frozenset(need for part in parts if isinstance(part, Unknown) for need in part.needs)
    )


def unknown(*parts: Any) -> bool:
    return any(isinstance(part, Unknown) for part in parts)


def kleene_or(parts: list[Any]) -> Any:
    if any(part is True for part in parts):
        return True
    return together(*parts) if unknown(*parts) else False


def negated(part: Any) -> Any:
    return part if isinstance(part, Unknown) else not part


def kleene_and(parts: list[Any]) -> Any:
    return negated(kleene_or([negated(part) for part in parts]))


def rounded(value: Fraction, step: Fraction, mode: str) -> Fraction:
    """Round the size of a value to a multiple of a step, by comparing with the multiples around it."""
    size, sign = abs(value), -1 if value < 0 else 1
    below = size // step * step
    above = below + step
    if size == below:
        return value
    middle = (below + above) / 2
    if mode in ("up", "down"):
        return sign * (above if mode == "up" else below)
    if size != middle:
        return sign * (above if size > middle else below)
    even = below if (below / step) % 2 == 0 else above
    return sign * {"half up": above, "half down": below, "half even": even}[mode]


class Oracle:
    """One case of one ruleset: every result by name, worked out when asked for."""

    def __init__(
        self, file: tree.Ruleset, case: Mapping[str, Any], as_of: datetime.date, status: str | None
    ) -> None:
        self.file, self.case, self.as_of, self.status = file, case, as_of, status
        self.digits = DIGITS[file.currency.text] if file.currency else 2
        self.done: dict[tuple[str, str], Any] = {}
        self.sections = {
            "values": named(file.values), "tables": named(file.tables), "parameters": named(file.parameters),
            "lines": named(file.pay.lines if file.pay else ()), "facts": named(file.facts),
        }  # fmt: skip
        start = 1 + MONTHS.index(file.year_starts.text.split()[1]) if file.year_starts else 1
        months = (as_of.month - start) % 12
        size = {"month": 1, "quarter": 3, "year": 12}[file.period.text if file.period else "year"]
        first = as_of.month - months % size
        self.given = {
            "as_of": as_of, "month": Fraction(as_of.month), "quarter": Fraction(months // 3 + 1),
            "year": Fraction(as_of.year if as_of.month >= start else as_of.year - 1), "status_at_start": status,
            "period_start": as_of.replace(day=1, month=first) if first > 0 else datetime.date(as_of.year - 1, first + 12, 1),
        }  # fmt: skip

    # --- names

    def name(self, name: str) -> Any:
        if name in self.given:
            return self.given[name]
        if name in ("duties", "assessments"):
            group = self.file.duties if name == "duties" else self.file.assessments
            return tuple(
                {"id": one.name, "outcome": self.outcome(name, one)}
                for one in sorted(group, key=lambda one: one.name)
            )
        section = next(section for section, members in self.sections.items() if name in members)
        return self.once(section, name)

    def once(self, section: str, name: str) -> Any:
        key = (section, name)
        if key not in self.done:
            self.done[key] = getattr(self, section)(name, self.sections[section][name])
        return self.done[key]

    def facts(self, name: str, fact: tree.Fact) -> Any:
        value = self.case[name]
        waits = Unknown(frozenset([name]))
        if value is None:
            return waits
        if isinstance(value, tuple):
            return tuple(
                {field: waits if part is None else part for field, part in item.items()}
                for item in value
            )
        return value

    def values(self, name: str, value: tree.Value) -> Any:
        return self.of(value.formula, {})

    def parameters(self, name: str, parameter: tree.Parameter) -> Any:
        figures = self.in_force(parameter.value, parameter.dated)
        kind = parameter.type.text
        if isinstance(figures, tree.Written):
            return literal(figures.text, kind)
        return {one.name: literal(one.value.text, kind) for one in figures}

    def in_force(self, always: Any, dated: tuple[tree.Dated[Any], ...]) -> Any:
        found = always
        for one in sorted(dated, key=lambda one: one.since.text):
            if datetime.date.fromisoformat(one.since.text) <= self.as_of:
                found = one.value
        return found

    def lines(self, name: str, line: tree.Line) -> Any:
        chosen = self.rules(line.rules or (line,))
        words = (line.rounding or self.file.pay.rounding).text
        mode, step = words.rsplit(" to ", 1)
        if isinstance(chosen, Unknown):
            return chosen
        amount = rounded(chosen, Fraction(step), mode)
        negative = line.may_be_negative is not None and line.may_be_negative.text == "yes"
        return Unknown(refused="negative-line") if amount < 0 and not negative else amount

    def rules(self, rules: tuple[Any, ...]) -> Any:
        first, *rest = rules
        amount = self.of(first.amount, {}) if first.amount else silent(first)
        when = getattr(first, "when", None)
        if when is None:
            return amount
        return self.choose(self.of(when, {}), lambda: amount, lambda: self.rules(tuple(rest)))

    def choose(self, condition: Any, then: Any, other: Any) -> Any:
        if not isinstance(condition, Unknown):
            return then() if condition else other()
        return condition if condition.refused else pending(condition, then(), other())

    def outcome(self, group: str, one: tree.Named[Any]) -> Any:
        key = (group, one.name)
        if key not in self.done:
            yes, no = ("fulfilled", "unfulfilled") if group == "duties" else ("met", "missed")
            formula = one.value.done if group == "duties" else one.value.met
            test = self.of(formula, {}) if formula else silent(one.value)
            due = self.of(one.value.due, {}) if one.value.due else True
            result = test if isinstance(test, Unknown) else yes if test else no
            self.done[key] = self.choose(due, lambda: result, lambda: "not_due")
        return self.done[key]

    # --- tables

    def tables(self, name: str, table: tree.Table) -> Any:
        inputs = [self.of(formula, {}) for formula in table.inputs]
        kinds = [self.is_text(formula.expression) for formula in table.inputs]
        rows = []
        for row in self.in_force(table.rows, table.dated):
            tests = [
                self.cell(cell.text, value, text)
                for cell, value, text in zip(row.cells, inputs, kinds, strict=False)
            ]
            rows.append((kleene_and(tests), self.output(row.cells[-1].text, table.gives.text)))
        gives = table.gives.text
        otherwise = [self.output(table.otherwise.text, gives)] if table.otherwise else []
        for test, _ in rows:
            if isinstance(test, Unknown) and test.refused:
                return test
        hit = table.hit.text
        if hit == "priority":
            ranks = [self.output(one.text, gives) for one in table.priority]
            rows.sort(key=lambda row: ranks.index(row[1]))
        if hit in ("first", "priority"):
            return self.first(rows, otherwise)
        return self.collected(hit, rows, otherwise)

    def first(self, rows: list[Any], otherwise: list[Any]) -> Any:
        seen: list[Any] = []
        for test, output in [*rows, *((True, one) for one in otherwise)]:
            if test is True:
                return pending(*seen, output) if seen else output
            if test is not False:
                seen += [test, output]
        return pending(*seen) if seen else Unknown(refused="no-row")

    def collected(self, hit: str, rows: list[Any], otherwise: list[Any]) -> Any:
        hits = [output for test, output in rows if test is True]
        doubtful = [part for test, output in rows if unknown(test) for part in (test, output)]
        if doubtful:
            return pending(*doubtful, *hits, *([] if hits else otherwise))
        if hit == "collect count":
            return Fraction(len(hits))
        if not hits:
            return (
                otherwise[0]
                if otherwise
                else Fraction(0)
                if hit == "collect sum"
                else Unknown(refused="no-row")
            )
        if hit == "unique":
            return hits[0] if len(hits) == 1 else Unknown(refused="several-rows")
        if unknown(*hits):
            return together(*hits)
        return {"sum": sum, "min": min, "max": max}[hit.split()[1]](hits)

    def output(self, text: str, gives: str) -> Any:
        if (
            gives == "text"
            and not text.startswith('"')
            and not any(text in members for members in self.sections.values())
        ):
            return text
        return self.expression(parse(text), {})

    def cell(self, text: str, value: Any, is_text: bool) -> Any:
        if text in ("any", "-"):
            return True
        if found := re.fullmatch(r"not\s*\((.*)\)|not (.*)", text):
            return negated(self.cell(found[1] or found[2], value, is_text))
        if is_text:
            words = [word.strip().strip('"') for word in re.split(r" or |,", text)]
            return kleene_or([self.compare("=", value, word) for word in words])
        if text in ("yes", "no"):
            return self.compare("=", value, text == "yes")
        for pattern, first, second in FORMS:
            if found := re.fullmatch(pattern, text):
                edges = [self.expression(parse(part), {}) for part in found.groups()]
                ops = [first, *([second] if second else [])]
                return kleene_and(
                    [self.compare(op, value, edge) for op, edge in zip(ops, edges, strict=True)]
                )
        raise AssertionError(f"no cell: {text}")

    def is_text(self, expression: Expression) -> bool:
        """Whether an input is a text or a choice: then its cells hold words, not formulas."""
        if expression.op != "name":
            return False
        for section in ("facts", "tables", "parameters"):
            if found := self.sections[section].get(expression.word):
                return (found.gives if section == "tables" else found.type).text in (
                    "text",
                    "choice",
                )
        if value := self.sections["values"].get(expression.word):
            return self.is_text(value.formula.expression)
        return False

    # --- expressions

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
        if op in ("some", "every"):
            items = self.expression(args[0], here)
            if isinstance(items, Unknown):
                return items
            tests = [self.expression(args[1], {**here, expression.word: item}) for item in items]
            return kleene_or(tests) if op == "some" else kleene_and(tests)
        if op == "if":
            then, other = (functools.partial(self.expression, arg, here) for arg in args[1:])
            return self.choose(self.expression(args[0], here), then, other)
        if op == "in" and args[1].op in ("list", "range"):
            return self.within(args, here)
        return self.applied(expression, [self.expression(arg, here) for arg in args])

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

    # --- the decision

    def decision(self) -> dict[str, Any] | set[str]:
        """The decision as plain data, or the codes for which it is refused."""
        file = self.file
        amounts = {one.name: self.name(one.name) for one in (file.pay.lines if file.pay else ())}
        indicators = {one.name: self.indicator(one.value) for one in file.indicators}
        duties = {one.name: self.outcome("duties", one) for one in file.duties}
        assessments = {one.name: self.outcome("assessments", one) for one in file.assessments}
        limits = {
            one.name: (self.of(one.value.require, {}), one.value.severity.text)
            for one in file.limits
        }
        grounds = {
            change.name: self.grounds(change.value.grounds, duties, assessments)
            for change in (file.status.changes if file.status else ())
        }
        results = [*amounts.values(), *indicators.values(), *duties.values(), *assessments.values()]
        results += [test for test, _ in limits.values()] + [
            test for some in grounds.values() for test in some.values()
        ]
        if any(test is False and severity == "error" for test, severity in limits.values()):
            return {"broken-limit"}
        refused = {one.refused for one in results if isinstance(one, Unknown) and one.refused}
        if refused:
            return refused
        status = self.changed(grounds)
        total = (
            pending(*amounts.values())
            if unknown(*amounts.values())
            else sum(amounts.values(), Fraction(0))
        )
        waits = pending(*results[: len(results) - sum(map(len, grounds.values()))])
        needs = waits.needs | set(status[-1] if status else ())
        broken = {
            severity: sorted(
                name for name, (test, of) in limits.items() if test is False and of == severity
            )
            for severity in ("violation", "notice")
        }
        return {
            "lines": {name: settled(amount) for name, amount in amounts.items()}, "total": settled(total),
            "indicators": {name: settled(value)[0] for name, value in indicators.items()},
            "duties": {name: settled(one) for name, one in duties.items()},
            "assessments": {name: settled(one) for name, one in assessments.items()},
            "violations": broken["violation"], "notices": broken["notice"], "status": status,
            "missing": sorted(need for need in needs if not need.startswith("silent:")),
        }  # fmt: skip

    def indicator(self, one: tree.Indicator) -> Any:
        if one.value:
            return self.of(one.value, {})
        actual, target = self.of(one.actual, {}), self.of(one.target, {})
        return together(actual, target) if unknown(actual, target) else actual / target

    def grounds(
        self, written: tree.Grounds, duties: Mapping[str, Any], assessments: Mapping[str, Any]
    ) -> dict[str, Any]:
        found = {}
        for asked, outcomes, word in (
            (written.each_assessment, assessments, "missed"),
            (written.each_duty, duties, "unfulfilled"),
        ):
            for name, outcome in outcomes.items() if asked else ():
                found[name] = self.compare("=", outcome, word)
        return found | {one.name: self.of(one.value, {}) for one in written.named}

    def changed(self, grounds: Mapping[str, dict[str, Any]]) -> tuple[Any, ...] | None:
        if self.file.status is None:
            return None
        for change in self.file.status.changes:
            if change.value.source_state.text != self.status:
                continue
            tests = grounds[change.name]
            reasons = sorted(name for name, test in tests.items() if test is True)
            needs = sorted(pending(*tests.values()).needs)
            if reasons:
                right = (
                    change.value.effect.text.startswith("right")
                    or change.value.adverse.text == "yes"
                )
                return (
                    change.value.to.text,
                    "proposed" if right else "effective",
                    reasons,
                    change.value.notice.text,
                    needs,
                )
            if needs:
                return None, None, [], None, needs
        return self.status, None, [], None, []


FORMS = (
    (r"over (.+) to under (.+)", ">", "<"), (r"over (.+) to (.+)", ">", "<="), (r"(.+) to under (.+)", ">=", "<"),
    (r"(.+) to (.+)", ">=", "<="), (r"under (.+)", "<", ""), (r"over (.+)", ">", ""), (r"(.+) or more", ">=", ""),
    (r"(.+) or less", "<=", ""), (r"< (.+)", "<", ""), (r"<= (.+)", "<=", ""), (r"> (.+)", ">", ""), (r">= (.+)", ">=", ""),
    (r"\[(.+)\.\.(.+)\)", ">=", "<"), (r"\](.+)\.\.(.+)\]", ">", "<="), (r"(.+)", "=", ""),
)  # fmt: skip
WORDS = {"+": "plus", "-": "minus", "*": "times", "/": "over"}


def named(group: tuple[tree.Named[Any], ...]) -> dict[str, Any]:
    return {one.name: one.value for one in group}


def literal(text: str, kind: str) -> Any:
    if kind in ("text", "date"):
        return text if kind == "text" else datetime.date.fromisoformat(text)
    if kind == "yes/no":
        return text == "yes"
    return Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)


def silent(one: Any) -> Unknown:
    return Unknown(frozenset([f"silent:{one.silent.text}"]))


def settled(value: Any) -> tuple[Any, list[str]]:
    return (None, sorted(value.needs)) if isinstance(value, Unknown) else (value, [])
