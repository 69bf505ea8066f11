# SPDX-License-Identifier: MIT
"""Random rulesets that mean something: every formula is made for the type its place asks for.

A maker draws from a source of whole numbers (`below(n)`: 0 ≤ x < n), so Hypothesis drives and
shrinks it; 0 always is the simplest choice. What is made later may name what was made before,
and sections are then shuffled, since their order means nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs
from hypothesis import strategies as st

from generators.tables import table

Below = Callable[[int], int]
KINDS = ("money", "whole", "rate", "number", "yes/no", "choice", "date", "text")
WORDS = ("alpha", "beta", "gamma")
DAYS = ("2026-01-01", "2026-03-31", "2026-06-30", "2026-12-31")
PER_CENT = ("5%", "12.5%", "0.5%", "100%")


@attrs.frozen
class Options:
    """What a ruleset may contain. `monotone`: neither `known` nor `or else`."""

    monotone: bool = False


def rulesets(*, monotone: bool = False, tables: bool = False) -> st.SearchStrategy[str]:
    """The text of a ruleset that checks without problems (nearly always)."""

    @st.composite
    def strategy(draw: Any) -> str:
        maker = Maker(lambda n: draw(st.integers(0, n - 1)), Options(monotone))
        return maker.tables() if tables else maker.ruleset()

    return strategy()


@attrs.define
class Maker:
    """Makes one ruleset; `names` holds what formulas may name, by kind."""

    below: Below
    options: Options
    names: dict[str, list[str]] = attrs.field(factory=lambda: {kind: [] for kind in KINDS})
    choices: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    lists: dict[str, dict[str, str]] = attrs.field(factory=dict)
    positive: list[str] = attrs.field(factory=list)
    lookups: dict[str, tuple[str, str]] = attrs.field(factory=dict)
    helpers: list[str] = attrs.field(factory=list)
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
        made = [name for name in names if name[0] in "tv" and name[1] == "_"]
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
        ))  # fmt: skip
        return make()

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
            lambda: self.pick(["quarter", "month", "year"]),
            lambda: self.looked_up("rate") or self.number(0),
            lambda: "2/37",
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
            lambda: f"({self.date()} {self.compare()} {self.date()})",
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
            lambda: f"({self.pick(['quarter', 'month'])} = {1 + self.below(4)})",
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
        return self.date() if kind == "date" else self.pick([self.word(), self.named("text")])

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

    def date(self) -> str:
        return self.pick(
            [self.named("date"), self.named("date"), "as_of", "period_start", self.pick(DAYS)]
        )

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
            return f"sum({name}.{field}[item {self.compare()} {self.figure()}])"
        return f"sum({self.items(depth, name)}.{field})"

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

    # --- sections

    def ruleset(self) -> str:
        period = self.pick(["quarter", "month", "year"])
        head = [
            "ruleset: random-one", "language: 1", "version: 1.0.0", f"currency: {self.pick(['CNY', 'JPY', 'KWD'])}",
            f"period: {period}", f"year starts: 1 {self.pick(['January', 'April', 'October'])}",
        ]  # fmt: skip
        self.digits = {"CNY": 2, "JPY": 0, "KWD": 3}[head[3][-3:]]
        self.status = not self.chance(3)
        made = [
            self.facts(), self.readings(), self.parameters(), *self.middle(), self.duties(period), self.assessments(period),
            self.pay(), self.limits(), self.indicators(), self.states(),
        ]  # fmt: skip
        made.append(("values", self.helpers))
        return self.written(head, made)

    def tables(self) -> str:
        """A ruleset of tables only, each of them shown."""
        head = ["ruleset: random-one", "language: 1", "version: 1.0.0", "currency: CNY"]
        head += ["period: month", "year starts: 1 January"]
        made = [self.facts(), self.readings(), *(self.table() for _ in range(4))]
        made += [self.assessments("month"), self.indicators(), ("values", self.helpers)]
        return self.written(head, made)

    def written(self, head: list[str], made: list[tuple[str, list[str]]]) -> str:
        """The file's text, its sections and their parts in any order."""
        sections: dict[str, list[str]] = {}
        for title, lines in made:
            sections.setdefault(title, []).append("\n".join(lines))
        texts = []
        for title, blocks in self.shuffled([pair for pair in sections.items() if any(pair[1])]):
            blocks = blocks if title in ("pay", "status") else self.shuffled(blocks)
            texts.append("\n".join([f"{title}:", *(block for block in blocks if block)]))
        return "\n".join([*head, "", *texts]) + "\n"

    def facts(self) -> tuple[str, list[str]]:
        out: list[str] = []
        kinds = [*KINDS, *(self.pick(KINDS) for _ in range(self.below(4)))]
        for kind in kinds:
            self.fact(kind, out)
        for _ in range(self.below(3)):
            self.list_fact(out)
        return "facts", out

    def fact(self, kind: str, out: list[str]) -> None:
        name = self.name("f")
        lines = self.typed(name, kind, "  ")
        out += [f"  {name}: {kind}"] if len(lines) == 2 and self.chance(2) else lines
        self.names[kind].append(name)

    def typed(self, name: str, kind: str, indent: str) -> list[str]:
        lines = [f"{indent}{name}:", f"{indent}  type: {kind}"]
        if kind == "choice":
            self.choices[name] = self.pick([("A", "B"), ("A", "B", "C")])
            lines.append(f"{indent}  of: [{', '.join(self.choices[name])}]")
        if kind in ("money", "whole", "number", "rate"):
            low = self.pick(["", "0", "1", "-5"])
            least = "-500%" if kind == "rate" and low == "-5" else low
            lines += [f"{indent}  min: {least}"] if low else []
            high = "500%" if kind == "rate" else "5000"
            lines += [f"{indent}  max: {high}"] if self.chance(4) else []
            self.positive += [name] if low == "1" else []
        return lines

    def list_fact(self, out: list[str]) -> None:
        name = self.name("l")
        fields: dict[str, str] = {}
        out += [
            f"  {name}:",
            "    type: list",
            *(["    max items: 6"] if self.chance(2) else []),
            "    each:",
        ]
        for kind in self.shuffled(["money", "yes/no", "whole", "text", "date", "choice"])[
            : 1 + self.below(4)
        ]:
            field = self.name("i")
            fields[field] = kind
            if kind == "choice":
                out += [f"      {field}:", "        type: choice", "        of: [new, old]"]
            elif kind in ("money", "whole") and self.chance(2):
                out += [f"      {field}:", f"        type: {kind}", "        min: 0"]
            else:
                out.append(f"      {field}: {kind}")
        self.lists[name] = fields

    def readings(self) -> tuple[str, list[str]]:
        return "readings", ["  open_place:", "    text: The text does not say.", "    source: S-1"]

    def literal(self, kind: str) -> str:
        """A figure or word as a parameter or table output gives it."""
        whole = self.digits == 0
        return str(self.pick({
            "money": ["0", "100", "2500"] if whole else ["0", "100.50", "2500.00", "0.1"],
            "rate": ["5%", "0%", "12.5%", "0.05"], "number": ["1", "1.25", "0", "40"], "whole": ["0", "2", "5"],
            "yes/no": ["yes", "no"], "date": DAYS, "text": WORDS,
        }[kind]))  # fmt: skip

    def parameters(self) -> tuple[str, list[str]]:
        out: list[str] = []
        for _ in range(self.below(4)):
            kind = self.pick(["money", "rate", "number", "whole", "yes/no", "date", "text"])
            name = self.name("p")
            by = self.pick(list(self.choices)) if self.chance(2) else ""
            out += [f"  {name}:", f"    type: {kind}", *([f"    by: {by}"] if by else [])]
            later = [f"from {day}" for day in ("2026-03-31", "2026-07-01") if self.chance(2)]
            for key in ["from 2020-01-01", *later] if self.chance(2) else ["value"]:
                out += self.figures(key, kind, by)
            if by:
                self.lookups[name] = (kind, by)
            else:
                self.names[kind].append(name)
        return "parameters", out

    def figures(self, key: str, kind: str, by: str) -> list[str]:
        if not by:
            return [f"    {key}: {self.literal(kind)}"]
        return [
            f"    {key}:",
            *(f"      {option}: {self.literal(kind)}" for option in self.choices[by]),
        ]

    def middle(self) -> list[tuple[str, list[str]]]:
        """Tables and values, each naming those made before."""
        made = []
        for _ in range(self.below(7)):
            made.append(self.table() if self.chance(2) else self.value())
        return made

    def value(self) -> tuple[str, list[str]]:
        name, kind = self.name("v"), self.pick(["money", "number", "yes/no", "date"])
        formula = self.of(kind, 1 + self.below(3))
        self.names[kind].append(name)
        if self.chance(3):
            return "values", [f"  {name}:", "    title: A value", f"    formula: {formula}"]
        return "values", [f"  {name}: {formula}"]

    def duties(self, period: str) -> tuple[str, list[str]]:
        out: list[str] = []
        for _ in range(self.below(3)):
            out += [
                f"  {self.name('d')}:",
                f"    part: {self.pick(['answers for', 'leads', 'supervises others'])}",
            ]
            out += self.rhythm(period)
            out.append(f"    {self.tested('done')}")
        if out:
            self.outcomes.append("duties")
        return "duties", out

    def assessments(self, period: str) -> tuple[str, list[str]]:
        out: list[str] = []
        for _ in range(self.below(3)):
            out += [f"  {self.name('a')}:", *self.rhythm(period), f"    {self.tested('met')}"]
        for kind, test in (("yes/no", ""), ("date", " >= 2026-06-30"), ("text", ' = "alpha"')):
            out += self.shown("a", kind, ["    every: month", f"    met: NAME{test}"])
        if out:
            self.outcomes.append("assessments")
        return "assessments", out

    def tested(self, word: str) -> str:
        return "silent: open_place" if self.chance(10) else f"{word}: {self.yes_no(2)}"

    def shown(self, prefix: str, kind: str, lines: list[str]) -> list[str]:
        """A construct for each value and table of a kind, so that nothing goes unseen."""
        made = [name for name in self.names[kind] if name[:2] in ("v_", "t_")]
        return [
            line
            for name in made
            for line in [f"  {self.name(prefix)}:", *(line.replace("NAME", name) for line in lines)]
        ]

    def rhythm(self, period: str) -> list[str]:
        every = self.pick(["month", "quarter", "year"])
        longer = ("month", "quarter", "year").index(every) > ("month", "quarter", "year").index(
            period
        )
        due = (
            [f"    due: {self.pick(['quarter = 4', 'month = 6', self.yes_no(1)])}"]
            if longer or self.chance(4)
            else []
        )
        return [f"    every: {every}", *due]

    def pay(self) -> tuple[str, list[str]]:
        step = self.pick(
            {0: ["1", "10"], 2: ["0.01", "0.05", "1"], 3: ["0.001", "0.01"]}[self.digits]
        )
        out = [f"  rounding: {self.mode()} to {step}", "  lines:"]
        for _ in range(1 + self.below(4)):
            name = self.name("line")
            out += [f"    {name}:", *self.line()]
            self.names["money"].append(name)
        return "pay", out

    def line(self) -> list[str]:
        out = ["      may be negative: yes"] if not self.chance(3) else []
        out += ["      rounding: half even to 100"] if self.chance(6) else []
        if self.chance(12):
            return [*out, "      silent: open_place"]
        if self.chance(2):
            out.append("      rules:")
            for _ in range(self.below(3)):
                out += [f"        - when: {self.yes_no(2)}", f"          {self.paid()}"]
            if self.chance(3):
                divisor = self.named("number")
                out += [
                    f"        - when: {divisor} > 0",
                    f"          amount: {self.money(1)} / {divisor}",
                ]
            return [*out, "        - otherwise:", f"          {self.paid()}"]
        return [*out, f"      amount: {self.money(3)}"]

    def paid(self) -> str:
        return (
            "silent: open_place" if self.chance(8) else f"amount: {self.pick([self.money(2), '0'])}"
        )

    def limits(self) -> tuple[str, list[str]]:
        out: list[str] = []
        for severity in [self.pick(["notice", "violation", "error"]) for _ in range(self.below(3))]:
            test = (
                f"({self.yes_no(1)} or {self.yes_no(1)})" if severity == "error" else self.yes_no(2)
            )
            out += [f"  {self.name('limit')}:", f"    require: {test}", f"    severity: {severity}"]
        return "limits", out

    def indicators(self) -> tuple[str, list[str]]:
        out: list[str] = []
        targets = [name for name in self.positive if name in self.names["money"]]
        for _ in range(self.below(3)):
            out.append(f"  {self.name('n')}:")
            if targets and self.chance(2):
                out += [f"    actual: {self.money(1)}", f"    target: {self.pick(targets)}"]
            else:
                out.append(f"    value: {self.pick([self.money(2), self.number(2)])}")
        for kind in ("money", "number", "rate", "whole"):
            out += self.shown("n", kind, ["    value: NAME"])
        return "indicators", out

    def states(self) -> tuple[str, list[str]]:
        if not self.status:
            return "status", []
        out = ["  states: [active, suspended, ended]", "  start: active", "  changes:"]
        for source, to in (("active", "suspended"), ("suspended", "ended"))[: 1 + self.below(2)]:
            out += [
                f"    {self.name('change')}:",
                f"      from: {source}",
                f"      to: {to}",
                "      grounds:",
            ]
            grounds = ["        each assessment: missed"] if self.chance(2) else []
            grounds += ["        each duty: unfulfilled"] if self.chance(2) else []
            grounds += [f"        {self.name('g')}: {self.yes_no(2)}" for _ in range(self.below(3))]
            out += grounds or [f"        {self.name('g')}: {self.yes_no(1)}"]
            out += [
                f"      effect: {self.pick(['right', 'duty'])} of the company", f"      adverse: {self.pick(['yes', 'no'])}",
                f"      notice: {self.pick(['at once', '30 days', '1 day'])}",
            ]  # fmt: skip
        return "status", out

    # --- tables

    def table(self) -> tuple[str, list[str]]:
        return table(self)
