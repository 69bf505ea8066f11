# SPDX-License-Identifier: MIT
"""A second evaluator, written from the description of the language alone.

It walks the expressions of the syntax tree by need (names are worked out when they are asked
for), knows no types, no plan and no ranges, and reads table cells by itself. What it shares with
the package is the reading of files and of formulas.
"""

from __future__ import annotations

import calendar
import datetime
import functools
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from generators.expressions import Expressions
from generators.unknowns import (
    Unknown,
    kleene_and,
    kleene_or,
    negated,
    pending,
    rounded,
    together,
    unknown,
)
from rolerules.syntax import tree
from rolerules.text import formula
from rolerules.text.expression import Expression

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


class Oracle(Expressions):
    """One case of one ruleset: every result by name, worked out when asked for."""

    def __init__(
        self, file: tree.Ruleset, case: Mapping[str, Any], as_of: datetime.date, status: str | None,
        carried: Mapping[str, Any] | None = None, since: datetime.date | None = None,
    ) -> None:  # fmt: skip
        """`carried` is what the balances came in with; None at the start of employment."""
        self.file, self.case, self.as_of, self.status = file, case, as_of, status
        self.carried, self.since = carried, since
        self.digits = DIGITS[file.currency.text] if file.currency else 2
        self.done: dict[tuple[str, str], Any] = {}
        self.sections = {
            "values": named(file.values), "tables": named(file.tables), "parameters": named(file.parameters),
            "lines": named(file.pay.lines if file.pay else ()), "facts": named(file.facts),
            "scales": named(file.scales), "carries": named(file.carries),
        }  # fmt: skip
        start = 1 + MONTHS.index(file.year_starts.text.split()[1]) if file.year_starts else 1
        months = (as_of.month - start) % 12
        size = {"month": 1, "quarter": 3, "half year": 6, "year": 12}[
            file.period.text if file.period else "year"
        ]
        first = as_of.month - months % size
        self.months_in = months - months % size  # of the year, before the period
        self.given = {
            "as_of": as_of, "month": Fraction(as_of.month), "quarter": Fraction(months // 3 + 1), "half_year": Fraction(1 if months < 6 else 2),
            "year": Fraction(as_of.year if as_of.month >= start else as_of.year - 1), "status_at_start": Unknown(frozenset(["status_at_start"])) if status is None else status,
            "status_since": Unknown(frozenset(["status_since"])) if since is None else since,
            "days_in_period": Fraction(sum(calendar.monthrange(2000 + (as_of.year + (first + one - 1) // 12) % 400, (first + one - 1) % 12 + 1)[1] for one in range(size))),
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
        return self.figures_on(name, self.as_of)

    def days(self) -> list[datetime.date]:
        first, last = self.given["period_start"].toordinal(), self.as_of.toordinal()
        return [datetime.date.fromordinal(one) for one in range(first, last + 1)]

    def figures_on(self, name: str, day: datetime.date) -> Any:
        parameter = self.sections["parameters"][name]
        figures = self.in_force(parameter.value, parameter.dated, day)
        if figures is None:
            return None
        kind = parameter.type.text
        if kind == "dates":
            return tuple(datetime.date.fromisoformat(one.text) for one in figures)
        if isinstance(figures, tree.Written):
            return literal(figures.text, kind)
        return {one.name: literal(one.value.text, kind) for one in figures}

    def in_force(
        self, always: Any, dated: tuple[tree.Dated[Any], ...], day: datetime.date | None = None
    ) -> Any:
        found = always
        for one in sorted(dated, key=lambda one: one.since.text):
            if datetime.date.fromisoformat(one.since.text) <= (day or self.as_of):
                found = one.value
        return found

    def lines(self, name: str, line: tree.Line) -> Any:
        chosen = self.adjusted(line, self.rules(line.rules or (line,)))
        words = (line.rounding or self.file.pay.rounding).text
        mode, step = words.rsplit(" to ", 1)
        if isinstance(chosen, Unknown):
            return chosen
        amount = rounded(chosen, Fraction(step), mode)
        negative = line.may_be_negative is not None and line.may_be_negative.text == "yes"
        return Unknown(refused="negative-line") if amount < 0 and not negative else amount

    def adjusted(self, line: tree.Line, amount: Any) -> Any:
        """Gate, weight, prorate, floor and cap, in this order whatever the file's is."""
        if line.gate:
            before = amount
            amount = self.choose(self.of(line.gate, {}), lambda: before, lambda: Fraction(0))
        for share in (line.weight, line.prorate):
            if share:
                by = self.of(share, {})
                amount = together(amount, by) if unknown(amount, by) else amount * by
        for bound, ends in ((line.floor, max), (line.cap, min)):
            if bound:
                amount = self.bounded(bound, amount, ends)
        return amount

    def bounded(self, bound: tree.Bound, amount: Any, pick: Any) -> Any:
        by = self.of(bound.amount, {})
        within = together(amount, by) if unknown(amount, by) else pick(amount, by)
        if bound.when is None:
            return within
        return self.choose(self.of(bound.when, {}), lambda: within, lambda: amount)

    def rules(self, rules: tuple[Any, ...]) -> Any:
        first, *rest = rules
        amount = self.of(first.amount, {}) if first.amount else silent(first)
        when = getattr(first, "when", None)
        if when is None:
            return amount
        return self.choose(self.of(when, {}), lambda: amount, lambda: self.rules(tuple(rest)))

    # --- balances and scales

    def opening(self, name: str) -> Any:
        carry = self.sections["carries"].get(name)
        if carry is None:
            return None
        every = {"each year": 12, "each half year": 6, "each quarter": 3}.get(
            carry.restarts.text if carry.restarts else ""
        )
        if self.carried is None or (every and self.months_in % every == 0):
            return self.of(carry.first, {}) if carry.first else Fraction(0)
        value = self.carried.get(name)
        return Unknown(frozenset([f"{name}.opening"])) if value is None else value

    def closing(self, name: str) -> Any:
        return self.once("carries", name) if name in self.sections["carries"] else None

    def in_a_row(self, name: str, test: Any) -> Any:
        if isinstance(test, Unknown):
            return test if test.refused else self.opening(name)
        came = self.opening(name) if test else Fraction(-1)
        return came if isinstance(came, Unknown) else came + 1

    def carries(self, name: str, carry: tree.Carry) -> Any:
        if carry.in_a_row:
            return self.in_a_row(name, self.of(carry.in_a_row, {}))
        following = self.of(carry.next, {})
        if carry.type.text != "money" or unknown(following):
            return following
        mode, step = (carry.rounding or self.file.pay.rounding).text.rsplit(" to ", 1)
        return rounded(following, Fraction(step), mode)

    def scales(self, name: str, one: tree.Scale) -> Any:
        own = one.marginal or one.whole or one.linear
        return self.scale_over(name, self.of(own, {}))

    def scale_over(self, name: str, amount: Any) -> Any:
        one = self.sections["scales"][name]
        kind = next(kind for kind in ("marginal", "whole", "linear") if getattr(one, kind))
        edges = [
            (edge.word, self.of(edge.at, {}), edge.value and self.of(edge.value, {}))
            for edge in self.in_force(one.edges, one.dated)
        ]
        return self.scale(kind, amount, edges)

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
        for cells in self.rows(table):
            tests = [
                self.cell(cell, value, text)
                for cell, value, text in zip(cells, inputs, kinds, strict=False)
            ]
            rows.append((kleene_and(tests), self.output(cells[-1], table.gives.text)))
        gives = table.gives.text
        otherwise = [self.output(table.otherwise.text, gives)] if table.otherwise else []
        for test, _ in rows:
            if isinstance(test, Unknown) and test.refused:
                return test
        hit = table.hit.text
        if hit == "priority":
            ranks = [self.output(one.text, gives) for one in table.priority]
            open_ones = [row for row in rows if unknown(row[1])]  # they come before all others
            rest = [row for row in rows if not unknown(row[1])]
            rows = open_ones + sorted(rest, key=lambda row: ranks.index(row[1]))
        if hit in ("first", "priority"):
            return self.first(rows, otherwise)
        return self.collected(hit, rows, otherwise)

    def rows(self, table: tree.Table) -> list[list[str]]:
        """The cells of every row; a row under columns stands for one row each."""
        rows = [[cell.text for cell in row.cells] for row in self.in_force(table.rows, table.dated)]
        if table.columns is None:
            return rows
        columns = [cell.text for cell in table.columns]
        return [
            [first, column, output]
            for first, *outputs in rows
            for column, output in zip(columns, outputs, strict=True)
        ]

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
        tests = [test for test, _ in rows if unknown(test)]
        if hit == "collect count":  # which rows match is all that counts, and not what they give
            return pending(*tests) if tests else Fraction(len(hits))
        if tests:
            outputs = [output for test, output in rows if unknown(test)]
            return pending(*tests, *outputs, *hits, *([] if hits else otherwise))
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
        if text.startswith("silent "):
            return Unknown(frozenset([f"silent:{text.removeprefix('silent ')}"]))
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
        if expression.op == "field" and expression.args[0].op == "name":
            carry = self.sections["carries"].get(expression.args[0].word)
            return carry is not None and carry.type is not None and carry.type.text == "text"
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

    # --- the decision

    def decision(self) -> dict[str, Any] | set[str]:
        """The decision as plain data, or the codes for which it is refused."""
        file = self.file
        amounts = {one.name: self.name(one.name) for one in (file.pay.lines if file.pay else ())}
        indicators = {one.name: self.indicator(one.value) for one in file.indicators}
        duties = {one.name: self.outcome("duties", one) for one in file.duties}
        assessments = {one.name: self.outcome("assessments", one) for one in file.assessments}
        carries = {one.name: self.once("carries", one.name) for one in file.carries}
        limits = {
            one.name: (self.of(one.value.require, {}), one.value.severity.text)
            for one in file.limits
        }
        grounds = {
            change.name: self.grounds(change.value.grounds, duties, assessments)
            for change in (file.status.changes if file.status else ())
        }
        results = [
            *amounts.values(),
            *indicators.values(),
            *duties.values(),
            *assessments.values(),
            *carries.values(),
        ]
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
        needs = waits.needs | set(status[-2] if status else ())
        broken = {
            severity: sorted(
                name for name, (test, of) in limits.items() if test is False and of == severity
            )
            for severity in ("violation", "notice")
        }
        return {
            "lines": {name: settled(amount) for name, amount in amounts.items()}, "total": settled(total),
            "carries": {name: settled(value)[0] for name, value in carries.items()},
            "indicators": {name: settled(value)[0] for name, value in indicators.items()},
            "duties": {name: settled(one) for name, one in duties.items()},
            "assessments": {name: settled(one) for name, one in assessments.items()},
            "violations": broken["violation"], "notices": broken["notice"], "status": status,
            "missing": sorted(need for need in needs if not need.startswith("silent:")),
        }  # fmt: skip

    def indicator(self, one: tree.Indicator) -> Any:
        if one.value:
            return self.of(one.value, {})
        target = self.of(one.target, {})
        if one.when_target_is_0:
            instead = self.of(one.when_target_is_0, {})
            none = self.compare("=", target, Fraction(0))
            share = self.choose(none, lambda: instead, lambda: self.share(one, target))
        else:
            share = self.share(one, target)
        if one.rounding is None or unknown(share):
            return share
        mode, step = one.rounding.text.rsplit(" to ", 1)
        return rounded(share, literal(step, "rate"), mode)

    def share(self, one: tree.Indicator, target: Any) -> Any:
        actual = self.of(one.actual, {})
        if unknown(actual, target):
            return together(actual, target)
        return actual / target if target else Fraction(0)

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
        if self.status is None:
            return None, None, [], None, ["status_at_start"], None
        before: set[str] = set()
        for change in self.file.status.changes:
            if change.value.source_state.text != self.status:
                continue
            tests = grounds[change.name]
            reasons = sorted(name for name, test in tests.items() if test is True)
            needs = sorted(pending(*tests.values()).needs)
            if not reasons:
                before |= set(needs)
            elif before:
                break
            else:
                right = (
                    change.value.effect.text.startswith("right")
                    or change.value.adverse.text == "yes"
                )
                days, notice = self.notice(change.value)
                waiting = days.needs if isinstance(days, Unknown) else ()
                took = None if waiting else self.as_of + datetime.timedelta(days=max(int(days), 0))
                return (
                    change.value.to.text,
                    "proposed" if right else "effective",
                    reasons,
                    notice,
                    sorted({*needs, *waiting}),
                    self.since if right else took,
                )
        if before:
            return None, None, [], None, sorted(before), None
        return self.status, None, [], None, [], self.since

    def notice(self, change: tree.Change) -> tuple[Any, str | None]:
        """How many days before a change takes effect, and how they are written."""
        if change.notice is not None:
            return int(change.notice.text.replace("at once", "0").split()[0]), change.notice.text
        days = self.of(change.notice_days, {})
        if isinstance(days, Unknown):
            return days, None
        said = "at once" if days <= 0 else "1 day" if days == 1 else f"{days} days"
        return days, said


FORMS = (
    (r"over (.+) to under (.+)", ">", "<"), (r"over (.+) to (.+)", ">", "<="), (r"(.+) to under (.+)", ">=", "<"),
    (r"(.+) to (.+)", ">=", "<="), (r"under (.+)", "<", ""), (r"over (.+)", ">", ""), (r"(.+) or more", ">=", ""),
    (r"(.+) or less", "<=", ""), (r"< (.+)", "<", ""), (r"<= (.+)", "<=", ""), (r"> (.+)", ">", ""), (r">= (.+)", ">=", ""),
    (r"\[(.+)\.\.(.+)\)", ">=", "<"), (r"\](.+)\.\.(.+)\]", ">", "<="), (r"(.+)", "=", ""),
)  # fmt: skip


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
