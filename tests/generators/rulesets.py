# SPDX-License-Identifier: MIT
"""Random rulesets that mean something: every formula is made for the type its place asks for.

What is made later may name what was made before, and sections are then shuffled, since their
order means nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from generators.carries import adjustments, carried, opened, written
from generators.formulas import DAYS, KINDS, WORDS, Formulas, Options
from generators.scales import scale
from generators.tables import table


def rulesets(*, monotone: bool = False, tables: bool = False) -> st.SearchStrategy[str]:
    """The text of a ruleset that checks without problems (nearly always)."""

    @st.composite
    def strategy(draw: Any) -> str:
        maker = Maker(lambda n: draw(st.integers(0, n - 1)), Options(monotone))
        return maker.tables() if tables else maker.ruleset()

    return strategy()


class Maker(Formulas):
    """Makes one ruleset."""

    def ruleset(self) -> str:
        period = self.pick(["quarter", "month", "year", "half year"])
        head = [
            "ruleset: random-one", "language: 1", "version: 1.0.0", f"currency: {self.pick(['CNY', 'JPY', 'KWD'])}",
            f"period: {period}", f"year starts: 1 {self.pick(['January', 'April', 'October'])}",
        ]  # fmt: skip
        self.digits = {"CNY": 2, "JPY": 0, "KWD": 3}[head[3][-3:]]
        self.status = not self.chance(3)
        self.names["date"] += ["status_since"] if self.status else []
        made = [self.facts(), self.readings(), self.parameters()]
        balances = opened(self)
        made += [
            *self.middle(), self.duties(period), self.assessments(period),
            self.pay(), carried(self, balances), self.limits(), self.indicators(), self.states(),
        ]  # fmt: skip
        made += [("values", self.helpers), ("parameters", self.edges)]
        return self.written(head, made)

    def tables(self) -> str:
        """A ruleset of tables only, each of them shown."""
        head = ["ruleset: random-one", "language: 1", "version: 1.0.0", "currency: CNY"]
        head += ["period: month", "year starts: 1 January"]
        made = [self.facts(), self.readings(), *(self.table() for _ in range(4))]
        made += [self.assessments("month"), self.indicators()]
        made += [("values", self.helpers), ("parameters", self.edges)]
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
        if self.chance(4):
            self.fact("money", out)
            self.rising = self.shuffled(self.names["money"])[:2]
        return "facts", out

    def fact(self, kind: str, out: list[str]) -> None:
        name = self.name("f")
        lines = self.typed(name, kind, "  ")
        out += [f"  {name}: {kind}"] if len(lines) == 2 and self.chance(2) else lines
        self.names[kind].append(name)

    def typed(self, name: str, kind: str, indent: str) -> list[str]:
        lines = [f"{indent}{name}:", f"{indent}  type: {kind}"]
        if kind == "choice":
            self.choices[name] = self.pick([("A", "B"), ("A", "B", "C")] * 4 + [tuple("ABCDEFGH")])
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
                self.weights.setdefault(name, []).append(field)
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
            first = self.pick(["from 2020-01-01", "from 2025-12-02"])
            for key in [first, *later] if self.chance(2) else ["value"]:
                out += self.figures(key, kind, by)
            if by:
                self.lookups[name] = (kind, by)
            else:
                self.names[kind].append(name)
                self.sure(name, kind, out[-1])
        if self.chance(2):
            self.dates(out)
        return "parameters", out

    def sure(self, name: str, kind: str, last: str) -> None:
        """Note a figure that always is the same one above 0."""
        key, figure = last.split(": ")
        if key.strip() == "value" and kind in ("money", "number") and Fraction(figure) > 0:
            self.positive.append(name)
            self.exact.append(name)

    def dates(self, out: list[str]) -> None:
        name = self.name("p")
        days = [day for day in (*DAYS, "2026-05-01", "2026-05-04") if self.chance(2)]
        keys = ["value"] if self.chance(2) else ["from 2020-01-01", "from 2026-07-01"]
        out += [
            f"  {name}:",
            "    type: dates",
            *(f"    {key}: [{', '.join(days)}]" for key in keys),
        ]
        self.holidays.append(name)

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
            make = self.pick(
                [self.value, self.value, self.value, self.table, self.table, self.scale]
            )
            made.append(make())
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
        made = [name for name in self.names[kind] if name[:2] in ("v_", "t_", "s_")]
        return [
            line
            for name in made
            for line in [f"  {self.name(prefix)}:", *(line.replace("NAME", name) for line in lines)]
        ]

    def rhythm(self, period: str) -> list[str]:
        periods = ("month", "quarter", "half year", "year")
        every = self.pick(periods)
        longer = periods.index(every) > periods.index(period)
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
        out += adjustments(self) if self.chance(2) else []
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
        if self.rising:
            low, high = self.rising
            test = self.pick([f"{low} <= {high}", f"{high} >= {low}", f"{low} < {high}"])
            test += f" and {self.yes_no(0)}" if self.chance(4) else ""
            out += [f"  {self.name('limit')}:", f"    require: {test}", "    severity: error"]
        return "limits", out

    def indicators(self) -> tuple[str, list[str]]:
        out: list[str] = []
        targets = [name for name in self.positive if name in self.names["money"]]
        for _ in range(self.below(3)):
            out.append(f"  {self.name('n')}:")
            if self.chance(2):
                zero = not targets or self.chance(2)
                target = self.money(1) if zero else self.pick(targets)
                out += [f"    actual: {self.money(1)}", f"    target: {target}"]
                out += (
                    [f"    when target is 0: {self.pick(['0', '100%', self.named('rate')])}"]
                    if zero
                    else []
                )
                step = self.pick(["1%", "0.1", "33%"])
                out += [f"    rounding: {self.mode()} to {step}"] if self.chance(2) else []
            else:
                kind = self.pick(["money", "number", "yes/no", "date", "text", "choice"])
                formula = self.named(kind) if kind == "choice" else self.of(kind, 2)
                out.append(f"    value: {written(kind, formula)}")
        for kind in ("money", "number", "rate", "whole", "yes/no", "date", "text"):
            out += self.shown("n", kind, ["    value: NAME"])
        return "indicators", out

    def states(self) -> tuple[str, list[str]]:
        if not self.status:
            return "status", []
        out = ["  states: [active, suspended, ended]", "  start: active", "  changes:"]
        ways = (
            ("active", "suspended"),
            ("suspended", "ended"),
            ("active", "ended"),
            ("suspended", "active"),
        )
        for place, (source, to) in enumerate(ways[: 1 + self.below(4)]):
            out += [
                f"    {self.name('change')}:",
                f"      from: {source}",
                f"      to: {to}",
                "      grounds:",
            ]
            grounds = ["        each assessment: missed"] if self.chance(2) else []
            grounds += ["        each duty: unfulfilled"] if self.chance(2) else []
            grounds += [f"        {self.name('g')}: {self.yes_no(2)}" for _ in range(self.below(3))]
            if place > 1 or not grounds:  # one that the change before it cannot have
                grounds.append(f"        {self.name('g')}: ({self.yes_no(1)}) and month > {place}")
            out += grounds
            out += [
                f"      effect: {self.pick(['right', 'duty'])} of the company", f"      adverse: {self.pick(['yes', 'no'])}",
                f"      {self.notice()}",
            ]  # fmt: skip
        return "status", out

    def notice(self) -> str:
        if self.chance(3):
            return f"notice days: min(max({self.named('whole')}, -5), {self.pick(['3', '400'])})"
        return f"notice: {self.pick(['at once', '30 days', '1 day'])}"

    # --- tables and scales

    def scale(self) -> tuple[str, list[str]]:
        return scale(self)

    def table(self) -> tuple[str, list[str]]:
        return table(self)
