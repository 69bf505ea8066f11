# SPDX-License-Identifier: MIT
"""Syntax trees → model, or every problem that is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

import attrs

from rolerules.model import carries, indicators, inputs, scales, sections, tables
from rolerules.model.asked import company_figures, requirements, sound, title
from rolerules.model.context import Context, clauses, readable
from rolerules.model.contradictions import contradictions
from rolerules.model.infer import FUNCTIONS
from rolerules.model.model import Model, Origin, Reading, Status, Test
from rolerules.model.order import Key, expressions_of, order
from rolerules.model.scope import Scope
from rolerules.model.sources import Sources
from rolerules.model.status import status
from rolerules.model.term import Term
from rolerules.model.types import ANY, BROKEN, DATE, TEXT, WHOLE, Field, Range, Type
from rolerules.periods import DAYS
from rolerules.problems import Problem, Span
from rolerules.syntax import tree
from rolerules.syntax.shape import MONTHS
from rolerules.text.formula import WORDED
from rolerules.values import CURRENCY_DIGITS

T = TypeVar("T")
BUILT_IN = (
    "as_of",
    "period_start",
    "days_in_period",
    "month",
    "quarter",
    "half_year",
    "year",
    "status_at_start",
    "status_since",
    "duties",
    "assessments",
)
KEYWORDS = (
    "if",
    "then",
    "else",
    "and",
    "or",
    "not",
    "in",
    "between",
    "some",
    "every",
    "satisfies",
    "yes",
    "no",
    "round",
    "item",
    "for",
    "return",
)
OUTCOMES = {
    "duty": ("fulfilled", "unfulfilled", "not_due"),
    "assessment": ("met", "missed", "not_due"),
}


def check(sources: Sources) -> tuple[Model | None, tuple[Problem, ...]]:
    """Check a ruleset (or a policy alone) with what it uses; the model only if nothing is wrong."""
    main = sources.main
    if main is None:
        return None, _once(sources.problems)
    checker = _Checker(sources, main)
    model = checker.model()
    problems = _once([*sources.problems, *checker.context.problems])
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return attrs.evolve(model, digest=sources.digest()), problems


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Leave out what else is wrong with a word that has not the form it must have."""
    found = tuple(problems)
    formless = {one.place for one in found if one.code == "wrong-form"}
    return tuple(one for one in found if one.code == "wrong-form" or one.place not in formless)


class _Checker:
    def __init__(self, sources: Sources, main: tree.Ruleset) -> None:
        self.sources, self.main = sources, main
        self.files = (main, *sources.policies)
        self.digits = CURRENCY_DIGITS.get(main.currency.text, 2) if main.currency else 2
        self.company_file = sources.company.span.file if sources.company else ""
        self.context = Context(sources.documents, self.digits, Scope(digits=self.digits))

    def _all(self, section: str) -> list[tree.Named[Any]]:
        """The constructs of a section of the ruleset and its policies."""
        return [named for file in self.files for named in getattr(file, section)]

    def _good(self, section: str) -> list[tree.Named[Any]]:
        return sound(self._all(section))

    def model(self) -> Model:
        self._names()
        self._currency()
        readings = {named.name: sections.reading(named) for named in self._good("readings")}
        facts = {named.name: inputs.fact(self.context, named) for named in self._facts()}
        self.carries = [carries.spelled_out(self.context, one) for one in self._good("carries")]
        self._broken_names()
        self._built_in()
        facts_, assessed = self._good("facts"), bool(self._all("assessments"))
        requirements(self.context, self.main, self.sources.policies, facts_, assessed)
        asked_for = {one: self._good(one) for one in ("parameters", "tables", "scales")}
        company = company_figures(self.context, self.main, self.sources.company, asked_for)
        parameters = {
            named.name: inputs.parameter(self.context, named, company["parameters"].get(named.name), self.company_file)
            for named in self._good("parameters")
        }  # fmt: skip
        made, ordered = self._ordered(readings, company)
        status_ = self._status(made)
        limits = self._each("limits", lambda named: sections.limit(self.context, named))
        contradictions(self.context, limits, _kind(made, "table"), self.main.id.span.file)
        main = self.main
        return Model(
            id=main.id.text, version=main.version.text if main.version else "",
            title=main.title.text if main.title else readable(main.id.text),
            currency=main.currency.text if main.currency else "", digits=self.digits,
            period=main.period.text if main.period else "",
            year_starts=_month(main.year_starts),
            overview=self._overview(),
            company=self.sources.company.id.text if self.sources.company else "",
            company_title=title(self.sources.company),
            readings=readings, facts=facts, parameters=parameters,
            tables=_kind(made, "table"), scales=_kind(made, "scale"), values=_kind(made, "value"), lines=self._lines(made),
            carries={name: attrs.evolve(one, first=made["opening", name]) for name, one in _kind(made, "closing").items()},
            limits=limits,
            indicators=self._each("indicators", lambda named: indicators.indicator(self.context, named)),
            assessments=_kind(made, "assessment"), duties=_kind(made, "duty"),
            status=status_, order=tuple(ordered), digest="",
        )  # fmt: skip

    def _each(self, section: str, make: Callable[[tree.Named[Any]], T]) -> dict[str, T]:
        return {
            named.name: make(named)
            for named in (
                self._good(section) if section == "limits" else sound(getattr(self.main, section))
            )
        }

    def _facts(self) -> list[tree.Named[tree.Fact]]:
        required = (
            []
            if self.main.requires is None
            else [named for named in self.main.requires.facts if not named.broken]
        )
        return [*self._good("facts"), *required]

    def _names(self) -> None:
        """One name, one thing: facts, parameters, tables, values and lines share their names."""
        lines = self.main.pay.lines if self.main.pay else ()
        shared = [
            *self._facts(),
            *self._all("parameters"),
            *self._all("tables"),
            *self._all("scales"),
            *self._all("carries"),
            *self._all("values"),
            *lines,
        ]
        self._unique(shared, {*BUILT_IN, *KEYWORDS})
        for line in lines:
            if line.name == "total":
                message = "`total` is the sum of all lines, and a line has its name"
                self.context.report(line.span, "name-taken", message, "choose another name")
        for named in self._all("scales"):
            if named.name in (*FUNCTIONS, *WORDED):
                message = f"`{named.name}` is a function, and a scale can be called like one"
                self.context.report(named.span, "name-taken", message, "choose another name")
        taken = {named.name: named for named in shared}
        self.context.scope.taken.update(taken, BUILT_IN)
        for fact in self._facts():
            for field in fact.value.each or ():
                if field.name in taken or field.name in BUILT_IN:
                    message = (
                        f"the field `{field.name}` has the name of something else in this ruleset"
                    )
                    self.context.report(
                        field.span, "name-taken", message, "choose another name for one of them"
                    )
        for section in ("duties", "limits", "indicators", "assessments", "readings"):
            self._unique([named for file in self.files for named in getattr(file, section)], set())

    def _unique(self, group: list[tree.Named[Any]], reserved: set[str]) -> None:
        first: dict[str, tree.Named[Any]] = {}
        for named in group:
            if named.name in reserved:
                self.context.report(
                    named.span,
                    "name-taken",
                    f"`{named.name}` is a word of the language",
                    "choose another name",
                )
            elif named.name in first:
                before = first[named.name].span
                where = (
                    f"line {before.line}"
                    if before.file == named.span.file
                    else f"{before.file}, line {before.line}"
                )
                message = f"`{named.name}` already names something in {where}"
                self.context.report(
                    named.span, "name-taken", message, "choose another name for one of them"
                )
            first.setdefault(named.name, named)

    def _currency(self) -> None:
        currency = self.main.currency
        if currency and currency.text not in CURRENCY_DIGITS:
            mend = "write the three letters of its code, such as `CNY` or `EUR`"
            self.context.report(
                currency.span,
                "unknown-currency",
                f"`{currency.text}` is no currency code of ISO 4217",
                mend,
            )
        if currency is None and self.main.period and self.main.pay:
            self.context.report(
                self.main.id.span,
                "currency-missing",
                "this ruleset pays, and has no currency",
                "add `currency: CNY` (ISO 4217)",
            )

    def _broken_names(self) -> None:
        """What could not be read still has its name, so that its uses are not reported too."""
        for section in ("facts", "parameters", "tables", "scales", "carries", "values"):
            for named in [*self._all(section), *self.carries]:
                if named.broken:
                    self.context.name(named.name, Term("name", (), BROKEN, ANY, named.name))
        for named in self.main.pay.lines if self.main.pay else ():
            if named.broken:
                self.context.name(named.name, Term("name", (), BROKEN, ANY, named.name))

    def _built_in(self) -> None:
        def number(low: int, high: int) -> Range:
            return Range(Fraction(low), Fraction(high), low > 0, Fraction(1))

        days = DAYS.get(self.main.period.text if self.main.period else "", (28, 366))
        types: dict[str, tuple[Type, Range]] = {
            "as_of": (DATE, ANY), "period_start": (DATE, ANY), "days_in_period": (WHOLE, number(*days)),
            "month": (WHOLE, number(1, 12)),
            "quarter": (WHOLE, number(1, 4)), "half_year": (WHOLE, number(1, 2)), "year": (WHOLE, number(0, 9999)),
        }  # fmt: skip
        if states := next((file.status.states for file in self.files if file.status), None):
            types["status_at_start"] = (Type("choice", tuple(state.text for state in states)), ANY)
            types["status_since"] = (DATE, ANY)
        for group, kind in (("duties", "duty"), ("assessments", "assessment")):
            ids = tuple(named.name for named in self._all(group))
            self.context.scope.outcomes.update(dict.fromkeys(ids, group))
            # What a policy is used with has ids of its own.
            id_ = Type("choice", ids) if self.main.period else TEXT
            fields = (Field("id", id_, ANY), Field("outcome", Type("choice", OUTCOMES[kind]), ANY))
            types[group] = (Type("list", item=Type("record", fields=fields)), ANY)
        for name, (type_, range_) in types.items():
            self.context.name(name, Term("name", (), type_, range_, name))

    def _ordered(
        self, readings: Mapping[str, Reading], company: dict[str, dict[str, tree.Named[Any]]]
    ) -> tuple[dict[Key, Any], list[Key]]:
        """Check what depends on each other, in the order of need."""
        pay, context = self.main.pay, self.context
        groups: dict[str, list[tree.Named[Any]]] = {
            "value": self._good("values"), "table": self._good("tables"), "scale": self._good("scales"),
            "opening": sound(self.carries), "closing": sound(self.carries), "line": sound(pay.lines if pay else ()),
            "duty": self._good("duties"), "assessment": self._good("assessments"),
        }  # fmt: skip
        nodes = {(kind, named.name): named for kind, group in groups.items() for named in group}
        formulas = {
            key: expressions_of(_worked_out(key, named.value)) for key, named in nodes.items()
        }
        for kind, section in (("table", "tables"), ("scale", "scales")):
            for name, figures in company[section].items():
                formulas[kind, name] = [*formulas[kind, name], *expressions_of(figures.value)]
        taken = {*self.context.scope.names, *self.context.scope.lookups}  # reported already
        shared = {
            _said(key): key
            for key in nodes
            if key[0] not in ("duty", "assessment") and key[1] not in taken
        }
        ordered, cycles = order(formulas, shared)
        self._cycles(nodes, cycles)
        period = self.main.period.text if self.main.period else ""
        starts = _month(self.main.year_starts)
        make: dict[str, Callable[[tree.Named[Any]], Any]] = {
            "value": lambda named: sections.value(context, named),
            "table": lambda named: tables.table(context, named, company["tables"].get(named.name), self.company_file, readings),
            "opening": lambda named: carries.opening(context, named),
            "closing": lambda named: carries.carry(context, named, pay, period),
            "scale": lambda named: scales.scale(context, named, company["scales"].get(named.name), self.company_file),
            "line": lambda named: sections.line(context, named, pay, readings) if pay else None,
            "duty": lambda named: sections.test(context, named, period, starts, readings),
            "assessment": lambda named: sections.test(context, named, period, starts, readings),
        }  # fmt: skip
        made = {key: make[key[0]](nodes[key]) for key in ordered if key in nodes}
        return {key: made[key] for key in nodes}, ordered  # in the order of the file again

    def _cycles(self, nodes: Mapping[Key, tree.Named[Any]], cycles: list[list[Key]]) -> None:
        for cycle in cycles:
            chain = " → ".join(f"`{_said(key)}`" for key in (cycle if cycle[2:] else cycle[:1]))
            first = nodes[cycle[0]]
            self.context.report(
                first.span,
                "cycle",
                f"{chain}: each needs the next one first"
                if cycle[2:]
                else f"{chain} needs itself first",
                "break the circle: one of them must not need the others",
            )
            for name in map(_said, cycle):
                self.context.scope.names.setdefault(name, Term("name", (), BROKEN, ANY, name))

    def _lines(self, made: Mapping[Key, Any]) -> dict[str, Any]:
        """Pay lines keep the order of the file."""
        lines = self.main.pay.lines if self.main.pay else ()
        return {named.name: made["line", named.name] for named in sound(lines)}

    def _status(self, made: Mapping[Key, Any]) -> Status | None:
        written = [file.status for file in self.files if file.status]
        policies = [policy.id.text for policy in self.sources.policies if policy.status]
        if self.main.status and policies:
            self._second_status(self.main.status.span, policies[0])
        for used in self.main.uses:
            if used.text in policies[1:]:
                self._second_status(used.span, policies[0])
        if not written:
            return None
        assessments: dict[str, Test] = _kind(made, "assessment")
        return status(self.context, written[0], assessments, _kind(made, "duty"))

    def _second_status(self, span: Span, policy: str) -> None:
        self.context.report(
            span,
            "two-statuses",
            f"the policy `{policy}` has a status already, and there can be one only",
            "leave this one out, or do not use that policy",
        )

    def _overview(self) -> Reading | None:
        overview = self.main.overview
        if overview is None:
            return None
        named = tree.Named("overview", overview.span, overview)
        return Reading(
            Origin("overview", "Overview", clauses(overview.source), named.span), overview.text.text
        )


def _said(key: Key) -> str:
    """How formulas name it."""
    return f"{key[1]}.closing" if key[0] == "closing" else key[1]


def _worked_out(key: Key, value: Any) -> Any:
    """What a node is worked out from: of a balance its `first`, or its `next`."""
    part = {"opening": "first", "closing": "next"}.get(key[0])
    return getattr(value, part) if part else value


def _kind(made: Mapping[Key, Any], kind: str) -> dict[str, Any]:
    return {name: one for (of, name), one in made.items() if of == kind}


def _month(starts: tree.Written | None) -> int:
    """The month of `1 January`; January for a text that was reported."""
    month = starts.text[2:] if starts else ""
    return 1 + MONTHS.index(month) if month in MONTHS else 1
