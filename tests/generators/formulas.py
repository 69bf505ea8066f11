# SPDX-License-Identifier: MIT
"""Random formulas, each made for the type its place asks for.

A maker draws from a source of whole numbers (`below(n)`: 0 ≤ x < n), so Hypothesis drives and
shrinks it; 0 always is the simplest choice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from generators.listed import best, of_days, percentile, ranked, shared
from generators.scales import called

Below = Callable[[int], int]
KINDS = ("money", "whole", "rate", "number", "yes/no", "choice", "date", "text")
WORDS = ("alpha", "beta", "gamma")
DAYS = ("2026-01-01", "2026-03-31", "2026-06-30", "2026-12-31")
PER_CENT = ("5%", "12.5%", "0.5%", "100%")


@attrs.frozen
class Options:
    """What a ruleset may contain.

    `monotone`: neither `known` nor `or else`. `failing`: scales whose edges may fall, and
    tables of which several rows may match (their edges parameters, say), so that a case is
    refused; the second evaluator knows nothing of these.
    """

    monotone: bool = False
    failing: bool = False


@attrs.define
class Formulas:
    """Makes formulas; `names` holds what they may name, by kind."""

    below: Below
    options: Options
    names: dict[str, list[str]] = attrs.field(factory=lambda: {kind: [] for kind in KINDS})
    choices: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    lists: dict[str, dict[str, str]] = attrs.field(factory=dict)
    called: dict[str, tuple[str, str]] = attrs.field(factory=dict)
    weights: dict[str, list[str]] = attrs.field(factory=dict)
    positive: list[str] = attrs.field(factory=list)
    rising: list[str] = attrs.field(factory=list)
    """Two amounts of which a limit says that the first is at most the second; or nothing."""
    lookups: dict[str, tuple[str, str]] = attrs.field(factory=dict)
    exact: list[str] = attrs.field(factory=list)
    holidays: list[str] = attrs.field(factory=list)
    helpers: list[str] = attrs.field(factory=list)
    edges: list[str] = attrs.field(factory=list)
    """Lines of the parameters that nothing but cells of tables name."""
    outcomes: list[str] = attrs.field(factory=list)
    status: bool = False
    digits: int = 2
    count: int = 0

    # --- choices

    def pick(self, some: Sequence[Any]) -> Any:
        return some[self.below(len(some))]

    def chance(self, one_in: int) -> bool:
        return self.below(one_in) == one_in - 1

    def named(self, *kinds: str) -> str:
        """A name of one of the kinds, often of a table or value made last."""
        names = [name for kind in kinds for name in self.names[kind]]
        made = [name for name in names if name[0] in "tvsc" and name[1] == "_"]
        return self.pick(made[-3:]) if made and self.chance(2) else self.pick(names)

    def shuffled(self, some: Sequence[Any]) -> list[Any]:
        rest, out = list(some), []
        while rest:
            out.append(rest.pop(self.below(len(rest))))
        return out

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}_{self.count}"

    # --- formulas, each of one type

    def money(self, depth: int) -> str:
        if depth <= 0:
            return self.named("money")
        make = self.pick((
            lambda: self.named("money"),
            lambda: f"({self.money(depth - 1)} {self.pick('+-')} {self.money(depth - 1)})",
            lambda: f"{self.money(depth - 1)} * ({self.number(depth - 1)})",
            lambda: f"{self.number(depth - 1)} * {self.money(depth - 1)}",
            lambda: f"({self.money(depth - 1)} {self.pick('+-')} {self.figure()})",
            lambda: f"(if {self.yes_no(depth - 1)} then {self.money(depth - 1)} else {self.pick([self.money(depth - 1), '0'])})",
            lambda: f"{self.pick(['min', 'max'])}({self.money(depth - 1)}, {self.pick([self.money(depth - 1), self.figure()])})",
            lambda: f"round({self.money(depth - 1)}, {self.pick(['0.01', '1', '0.5', '100'])}, {self.mode()})",
            lambda: f"{self.pick(['abs', 'floor', 'ceiling'])}({self.money(depth - 1)})",
            lambda: f"-({self.money(depth - 1)})",
            lambda: self.divided(lambda: self.money(depth - 1), depth - 1),
            lambda: self.sum_of("money", depth),
            lambda: self.stand_in("money", lambda: self.money(depth - 1), depth),
            lambda: self.looked_up("money") or self.named("money"),
            lambda: f"max({self.money(depth - 1)}, {self.money(depth - 1)}, {self.figure()})",
            lambda: self.sum_for("money", depth),
            lambda: self.dated("money", depth - 1) or self.named("money"),
            lambda: shared(self, depth),
            lambda: called(self, "money", depth - 1),
            lambda: percentile(self, "money", depth),
            lambda: best(self, "money", depth),
            self.apart,
        ))  # fmt: skip
        return make()

    def apart(self) -> str:
        """A difference that a limit says is not negative, or the other way round."""
        low, high = self.rising or [self.named("money"), self.named("money")]
        return self.pick([f"({high} - {low})", f"({low} - {high})"])

    def number(self, depth: int) -> str:
        if depth <= 0:
            return self.pick(
                [self.named("number", "rate", "whole")] * 4 + [self.bare(), self.pick(PER_CENT)]
            )
        make = self.pick((
            lambda: self.number(0),
            lambda: f"({self.number(depth - 1)} {self.pick('+-*')} {self.number(depth - 1)})",
            lambda: f"(if {self.yes_no(depth - 1)} then {self.number(depth - 1)} else {self.number(depth - 1)})",
            lambda: f"{self.pick(['min', 'max'])}({self.number(depth - 1)}, {self.number(depth - 1)})",
            lambda: f"{self.pick(['abs', 'floor', 'ceiling'])}({self.number(depth - 1)})",
            lambda: f"round({self.number(depth - 1)}, {self.pick(['0.01', '1', '0.5'])}, {self.mode()})",
            lambda: self.divided(lambda: self.number(depth - 1), depth - 1),
            lambda: self.ratio(depth - 1),
            lambda: f"count({self.items(depth)})" if self.lists else self.number(0),
            lambda: self.sum_of("number", depth),
            lambda: self.stand_in("number", lambda: self.number(depth - 1), depth),
            lambda: self.pick(["quarter", "month", "year", "half_year"]),
            lambda: self.looked_up("rate") or self.number(0),
            lambda: "2/37",
            lambda: f"{self.pick(['days', 'full_months', 'full_years'])}({self.date(depth - 1)}, {self.date(depth - 1)})",
            lambda: f"({self.date(depth - 1)}).{self.pick(['year', 'month', 'day'])}",
            lambda: self.sum_for("number", depth),
            lambda: self.dated(self.pick(["number", "rate", "whole"]), depth - 1) or self.number(0),
            lambda: f"{self.number(depth - 1)} / days_in_period",
            lambda: called(self, "number", depth - 1),
            lambda: percentile(self, "number", depth),
            lambda: best(self, "number", depth),
            lambda: ranked(self, depth),
        ))  # fmt: skip
        return make()

    def yes_no(self, depth: int) -> str:
        if depth <= 0:
            return self.pick(
                [
                    self.named("yes/no"),
                    self.named("yes/no"),
                    f"({self.named('money')} >= {self.figure()})",
                ]
            )
        make = self.pick((
            lambda: self.named("yes/no"),
            lambda: f"({self.money(depth - 1)} {self.compare()} {self.money(depth - 1)})",
            lambda: f"({self.number(depth - 1)} {self.compare()} {self.number(depth - 1)})",
            lambda: f"({self.yes_no(depth - 1)} {self.pick(['and', 'or'])} {self.yes_no(depth - 1)})",
            lambda: f"(not {self.yes_no(depth - 1)})",
            lambda: f"({self.money(depth - 1)} between {self.figure()} and {self.money(depth - 1)})",
            lambda: f"({self.number(depth - 1)} in {self.pick('([')}{self.bare()}..{self.bare()}{self.pick(')]')})",
            lambda: f"({self.date(depth - 1)} {self.compare()} {self.date(depth - 1)})",
            lambda: self.among_holidays(depth - 1),
            lambda: self.some_for(depth),
            lambda: self.chosen(),
            lambda: f"({self.named('text')} {self.pick(['=', '!='])} {self.pick([self.word(), self.named('text')])})",
            lambda: f"({self.named('text')} in [{self.word()}, {self.word()}])",
            lambda: self.quantified(depth),
            lambda: f"({self.yes_no(depth - 1)} {self.pick(['=', '!='])} {self.yes_no(depth - 1)})",
            lambda: self.known() or self.named("yes/no"),
            lambda: self.stand_in("yes/no", lambda: self.yes_no(depth - 1), depth),
            lambda: f"(if {self.yes_no(depth - 1)} then {self.yes_no(depth - 1)} else {self.pick(['yes', 'no'])})",
            lambda: self.guarded_test(depth - 1),
            lambda: self.of_outcomes() or self.named("yes/no"),
            lambda: f'(status_at_start = "{self.pick(["active", "suspended"])}")' if self.status else self.named("yes/no"),
            lambda: f"({self.pick(['quarter', 'month', 'half_year'])} = {1 + self.below(4)})",
            lambda: self.dated("yes/no", depth - 1) or self.named("yes/no"),
        ))  # fmt: skip
        return make()

    def of(self, kind: str, depth: int) -> str:
        """A formula of any kind."""
        if kind in ("rate", "number"):
            return self.number(depth)
        if kind == "whole":
            return f"{self.pick(['floor', 'ceiling'])}({self.number(depth)})"
        makers = {"money": self.money, "yes/no": self.yes_no}
        if kind in makers:
            return makers[kind](depth)
        return self.date(depth) if kind == "date" else self.pick([self.word(), self.named("text")])

    def figure(self) -> str:
        return self.pick(["0", "1", "100", "0.01", "1000.5", "3", "250000"])

    def bare(self) -> str:
        """A figure that may stand beside a rate: above 1 it is not written alone."""
        figure = self.figure()
        return figure if figure in ("0", "1", "0.01") else f"({figure} * 1)"

    def mode(self) -> str:
        return self.pick(["half up", "half even", "half down", "up", "down"])

    def compare(self) -> str:
        return self.pick([">=", "<", "<=", ">", "=", "!="])

    def word(self) -> str:
        return f'"{self.pick(WORDS)}"'

    def date(self, depth: int = 0) -> str:
        plain = [self.named("date"), self.named("date"), "as_of", "period_start", self.pick(DAYS)]
        if depth <= 0 or not self.chance(2):
            return self.pick(plain)
        day, count = self.date(depth - 1), self.days()
        return self.pick((
            lambda: f"add_days({day}, {count})",
            lambda: f"add_months({day}, {count})",
            lambda: f"add_working_days({day}, {count}, {self.pick(self.holidays)})" if self.holidays else day,
            lambda: f"{self.pick(['min', 'max'])}({day}, {self.date(depth - 1)})",
            lambda: f"(if {self.yes_no(0)} then {day} else {self.date(depth - 1)})",
            lambda: self.dated("date", depth - 1) or day,
            lambda: of_days(self, depth) or day,
        ))()  # fmt: skip

    def days(self) -> str:
        """A whole number of days or months, small but for once in a while."""
        whole = self.named("whole")
        return self.pick(
            ["3", "0", "-1", "30", "-13", "1", f"min(max({whole}, -20), 20)", f"{whole}"]
        )

    def among_holidays(self, depth: int) -> str:
        if not self.holidays:
            return self.named("yes/no")
        name, day = self.pick(self.holidays), self.date(depth)
        near = self.pick(["2026-04-30", "2026-05-05", "2026-01-02", "2026-03-30"])
        worked = f"add_working_days({near}, {self.pick(['1', '-1', '3'])}, {name})"
        if self.chance(3):
            return (
                f"(days({near}, {worked}) {self.compare()} {self.pick(['-3', '1', '2', '3', '5'])})"
            )
        return self.pick([
            f"({day} in {name})", f"(some h in {name} satisfies h {self.compare()} {day})",
            f"(count({name}[item < {day}]) > 0)", f"(every h in {name} satisfies h.month < 7)",
        ])  # fmt: skip

    def chosen(self) -> str:
        name = self.pick(list(self.choices))
        options = [f'"{option}"' for option in self.choices[name]]
        return self.pick((
            lambda: f"({name} = {self.pick(options)})",
            lambda: f"({name} != {self.pick(options)})",
            lambda: f"({name} in [{self.pick(options)}, {self.pick(options)}])",
        ))()  # fmt: skip

    def known(self) -> str:
        if self.options.monotone:
            return ""
        kind = self.pick(KINDS)
        return f"known({self.named(kind)})" if self.names[kind] else ""

    def stand_in(self, kind: str, other: Callable[[], str], depth: int) -> str:
        if self.options.monotone or not self.names[kind]:
            return other()
        firsts = [self.named(kind)]
        if kind == "money" and (name := self.list_with("money")):
            firsts.append(
                f"{self.pick(['min', 'max'])}({self.items(depth, name)}.{self.field(name, 'money')})"
            )
        return f"({self.pick(firsts)} or else {other()})"

    def looked_up(self, kind: str) -> str:
        found = [name for name, (type_, _) in self.lookups.items() if type_ == kind]
        if not found:
            return ""
        name = self.pick(found)
        choice = self.lookups[name][1]
        return f"{name}[{self.pick([choice, chr(34) + self.choices[choice][0] + chr(34)])}]"

    def dated(self, kind: str, depth: int) -> str:
        """The figure of another day than the as-of date, or the average over the period."""
        figures = [name for name in self.names[kind] if name.startswith("p_")]
        figures += [self.looked_up(kind)] if self.looked_up(kind) else []
        if not figures:
            return ""
        figure = self.pick(figures)
        if kind in ("money", "number", "rate", "whole") and self.chance(2):
            return f"by_days({figure})"
        return f"in_force({figure}, {self.date(depth)})"

    def divided(self, dividend: Callable[[], str], depth: int) -> str:
        """A division whose divisor is shown not to be 0, in one of the ways there are."""
        name = self.named("number", "whole")
        ways = [
            lambda: f"({dividend()}) / {self.pick(['3', '7', '0.25', '100%'])}",
            lambda: f"(if {name} > 0 then ({dividend()}) / {name} else {dividend()})",
            lambda: f"(if {name} = 0 then {dividend()} else {dividend()} / {name})",
            lambda: (
                f"(if not ({name} <= 0) and {self.yes_no(depth)} then {dividend()} / {name} else {dividend()})"
            ),
            lambda: f"({dividend()}) / max({name}, 1)",
            lambda: f"({dividend()}) / (abs({name}) + 0.5)",
            lambda: (
                f"(if {name} < 0 or {name} > 0 and {name} >= 1 then {dividend()} else {dividend()} * 2)"
            ),
        ]
        ways.append(
            lambda: (
                f"(if {self.helper(f'{name} > 0')} then ({dividend()}) / {name} else {dividend()})"
            )
        )
        positive = [
            one for one in self.positive if one in (*self.names["number"], *self.names["whole"])
        ]
        if positive:
            ways.append(lambda: f"({dividend()}) / {self.pick(positive)}")
        return f"({self.pick(ways)()})"

    def helper(self, test: str) -> str:
        """A value of its own for a condition, to be named as a guard."""
        name = self.name("v")
        self.helpers.append(f"  {name}: {test}")
        return name

    def ratio(self, depth: int) -> str:
        divisors = [name for name in self.positive if name in self.names["money"]]
        name = self.named("money")
        ways = [lambda: f"(if {name} > 0 then ({self.money(depth)}) / {name} else 0)"]
        if divisors:
            ways.append(lambda: f"({self.money(depth)}) / {self.pick(divisors)}")
            ways.append(
                lambda: f"({self.money(depth)}) / ({self.pick(divisors)} + {self.pick(divisors)})"
            )
        return f"({self.pick(ways)()})"

    def guarded_test(self, depth: int) -> str:
        name = self.named("money")
        test = f"({self.money(depth)}) / {name} {self.compare()} {self.pick(PER_CENT)}"
        return self.pick([f"({name} > 0 and {test})", f"({name} = 0 or {test})"])

    # --- lists

    def list_with(self, *kinds: str) -> str:
        found = [name for name, fields in self.lists.items() if set(fields.values()) & set(kinds)]
        return self.pick(found) if found else ""

    def field(self, name: str, *kinds: str) -> str:
        return self.pick([field for field, kind in self.lists[name].items() if kind in kinds])

    def items(self, depth: int, name: str = "") -> str:
        """A list fact, perhaps filtered."""
        name = name or self.pick(list(self.lists))
        if depth <= 0 or not self.chance(2):
            return name
        return f"{name}[{self.about_item(name, '')}]"

    def about_item(self, name: str, dot: str) -> str:
        """A condition on an item's fields, which stand behind `dot` (the item's name)."""
        field = self.pick(list(self.lists[name]))
        kind, written = self.lists[name][field], dot + field
        tests = {
            "money": lambda: (
                f"{written} {self.compare()} {self.pick([self.figure(), self.named('money')])}"
            ),
            "whole": lambda: (
                f"{written} > 0 and 10 / {written} > 2"
                if self.chance(3)
                else f"{written} {self.compare()} {self.pick(['1', '3', self.named('whole')])}"
            ),
            "yes/no": lambda: self.pick([written, f"not {written}"]),
            "date": lambda: f"{written} {self.compare()} {self.date()}",
            "text": lambda: f"{written} {self.pick(['=', '!='])} {self.word()}",
            "choice": lambda: f'{written} = "{self.pick(["new", "old"])}"',
        }
        test = tests[kind]()
        if self.chance(4) or " and " in test:
            return f"({test}) {self.pick(['and', 'or'])} {self.named('yes/no')}"
        return test

    def sum_of(self, kind: str, depth: int) -> str:
        kinds = ("money",) if kind == "money" else ("whole",)
        name = self.list_with(*kinds)
        if not name:
            return self.named("money") if kind == "money" else self.number(0)
        field = self.field(name, *kinds)
        if self.chance(4):
            return f"sum({name}.{field}[item {self.compare()} {self.bare()}])"
        return f"sum({self.items(depth, name)}.{field})"

    def of_item(self, name: str, kind: str) -> str:
        """What comes of the item `x` of a list: an amount of money, or a number."""
        fields = self.lists[name]
        numbers = [f"x.{field}" for field, of in fields.items() if of == "whole"]
        numbers += [
            f"x.{field}.{part}"
            for field, of in fields.items()
            if of == "date"
            for part in ("month", "day")
        ]
        numbers += [
            f"(if x.{field} then 1 else 2)" for field, of in fields.items() if of == "yes/no"
        ]
        numbers += [
            f"in_force({rate}, x.{field})"
            for field, of in fields.items()
            for rate in self.names["rate"]
            if of == "date" and rate.startswith("p_")
        ]
        numbers += [self.bare(), self.named("number", "rate", "whole")]
        amounts = [f"x.{field}" for field, of in fields.items() if of == "money"]
        amounts += [self.named("money")]
        number, amount = self.pick(numbers), self.pick(amounts)
        if kind == "number":
            return self.pick([number, f"{number} * {self.pick(numbers)}", f"{number} + 1"])
        return self.pick([f"{amount} * {number}", amount, f"min({amount}, {self.figure()})"])

    def listed(self, name: str, kind: str, depth: int) -> str:
        return f"(for x in {self.items(depth - 1, name)} return {self.of_item(name, kind)})"

    def sum_for(self, kind: str, depth: int) -> str:
        if not self.lists:
            return self.named("money") if kind == "money" else self.number(0)
        listed = self.listed(self.pick(list(self.lists)), kind, depth)
        if kind == "number" and self.chance(4):
            return f"count({listed}[item {self.compare()} {self.bare()}])"
        if not self.options.monotone and self.chance(4):
            return f"({self.pick(['min', 'max'])}({listed}) or else {self.named(kind)})"
        return f"sum({listed})"

    def some_for(self, depth: int) -> str:
        if not self.lists:
            return self.named("yes/no")
        kind = self.pick(["money", "number"])
        listed = self.listed(self.pick(list(self.lists)), kind, depth)
        other = self.bare() if kind == "number" else self.named("money")
        word = self.pick(["some", "every"])
        return self.pick([
            f"({word} one in {listed} satisfies one {self.compare()} {other})",
            f"({self.named(kind)} in {listed})",
        ])  # fmt: skip

    def quantified(self, depth: int) -> str:
        if not self.lists:
            return self.named("yes/no")
        name = self.pick(list(self.lists))
        if self.chance(4) and (with_text := self.list_with("text")):
            return f"({self.pick([self.word(), self.named('text')])} in {with_text}.{self.field(with_text, 'text')})"
        variable = self.pick(["r", "one"])
        source = self.items(depth - 1, name)
        return f"({self.pick(['some', 'every'])} {variable} in {source} satisfies {self.about_item(name, variable + '.')})"

    def of_outcomes(self) -> str:
        if not self.outcomes:
            return ""
        group = self.pick(self.outcomes)
        word = {"duties": "fulfilled", "assessments": "met"}[group]
        return self.pick([
            f'(every d in {group} satisfies d.outcome in ["{word}", "not_due"])',
            f'(some d in {group} satisfies d.outcome = "{word}")',
            f'(count({group}[outcome = "{word}"]) >= 1)',
        ])  # fmt: skip
