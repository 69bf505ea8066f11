# SPDX-License-Identifier: MIT
"""Check cases against their ruleset: every name is one that it has, every expectation can come true."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from fractions import Fraction

from rolerules.model.model import Change, Model
from rolerules.model.types import AMOUNTS, Type
from rolerules.problems import Problem, Span, nearest
from rolerules.spelling import date_help
from rolerules.syntax import tree
from rolerules.syntax.shape import EXPECTATIONS
from rolerules.text.tree import Entry, Mapping, Node, Scalar, Sequence, nothing, problem_at
from rolerules.values import parse_date, parse_figure, parse_rate

CASE_BEFORE = "case before"
"""As a case's `opening`: it opens with what the case before it handed on."""

REFUSALS = (
    "as-of", "broken-limit", "company-missing", "edges-fall", "facts-shape", "float", "negative-line",
    "no-row", "not-in-force", "nothing-to-share-by", "opening", "out-of-range", "outside-calendar", "rate-without-percent", "result-too-large",
    "several-rows", "text-too-long", "too-many-decimals", "too-many-items", "unknown-choice",
    "unknown-fact", "wrong-type",
)  # fmt: skip
"""The codes that `refused` can list: why facts are refused, or a ruleset has no figures."""

STATUS = ("from", "to", "effect", "grounds", "notice", "needs")
EFFECTS = ("proposed", "effective")
MONEY, FIGURE = "1200.00", "0.95, or 2/37 where no decimal is exact"
OUTCOMES = {
    "assessments": ("met", "missed", "not_due", "undetermined"),
    "duties": ("fulfilled", "unfulfilled", "not_due", "undetermined"),
}
_LIKE = {
    "pay": "`total: 1200.00`", "assessments": "`NAME: met`", "duties": "`NAME: fulfilled`",
    "indicators": "`NAME: 0.95`", "status": "`to: active`", "facts": "`NAME: 1200.00`",
    "opening": "`status: active`",
}  # fmt: skip
_KINDS: dict[type[Node], str] = {
    Scalar: "a single value",
    Mapping: "`key: value` lines",
    Sequence: "a list",
}


def of_file(file: tree.Cases, model: Model) -> list[Problem]:
    """What is wrong with a cases file as a whole."""
    checker = _Checker(file, model)
    if file.id.text != model.id:
        message = (
            f"these are cases of `{file.id.text}`, and the ruleset beside them is `{model.id}`"
        )
        checker.report(file.id.span, "other-ruleset", message, f"write `cases: {model.id}`")
    checker.facts(file.facts_for_all)
    return checker.problems


def of_case(file: tree.Cases, model: Model, case: tree.Case) -> list[Problem]:
    """What is wrong with one case; one that expects to be refused may give what is refused."""
    checker = _Checker(file, model, first=case is file.cases[0])
    checker.case(case)
    before = next(one for one in file.cases if one.name.text == case.name.text)
    if before is not case:
        line = before.name.span.line
        message = f"`{case.name.text}` is the name of the case on line {line} already"
        checker.report(case.name.span, "name-taken", message, "give each case a name of its own")
    return checker.problems


def figure_of(text: str) -> Fraction | None:
    """Read an expected figure: `1200.00`, `8%`, or `2/37` where no decimal is exact."""
    if re.fullmatch(r"-?[0-9]+/[1-9][0-9]*", text, re.ASCII):
        return Fraction(text)
    return parse_rate(text)


class _Checker:
    def __init__(self, file: tree.Cases, model: Model, *, first: bool = False) -> None:
        self.document, self.model, self.first = file.document, model, first
        self.problems: list[Problem] = []
        self.unknowable = (
            *model.facts,
            *(f"{name}.opening" for name in model.carries),
            "status_at_start",
            "status_since",
        )
        self.needs = (*self.unknowable, *(f"silent:{name}" for name in model.readings))
        self.parts: dict[str, Callable[[tree.Named[Node]], None]] = {
            "pay": self.pay, "indicators": self.indicators, "status": self.status,
            "assessments": lambda part: self.outcomes(part, model.assessments, "assessment"),
            "duties": lambda part: self.outcomes(part, model.duties, "duty"),
            "violations": lambda part: self.named_list(part.value, part, model.limits, "limit"),
            "notices": lambda part: self.named_list(part.value, part, model.limits, "limit"),
            "carries": self.carries,
            "missing": lambda part: self.named_list(part.value, part, self.unknowable, "fact"),
            "refused": self.refused,
        }  # fmt: skip

    def report(self, span: Span, code: str, message: str, help: str) -> None:
        self.problems.append(problem_at(self.document, span, code, message, help))

    def case(self, case: tree.Case) -> None:
        refused = next((part.value for part in case.expect if part.name == "refused"), None)
        items = refused.items if isinstance(refused, Sequence) else ()
        codes = [item.text for item in items if isinstance(item, Scalar)]
        if "facts-shape" not in codes:
            self.facts(case.facts, known="unknown-fact" not in codes)
        if "opening" not in codes:
            self.opening(case.opening)
        if parse_date(case.as_of.text) is None and "as-of" not in codes:
            message = f"`{case.as_of.text}` is no day of the calendar"
            mend = date_help(case.as_of.text) or "correct the date"
            self.report(case.as_of.span, "as-of", message, mend)
        if not case.expect:
            message = f"the case `{case.name.text}` expects nothing"
            self.report(case.name.span, "empty", message, "say below `expect` what must come out")
        for part in case.expect:
            if part.name not in EXPECTATIONS:
                message = f"`{part.name}` is nothing that can be expected"
                mend = self.belongs(part.name) or nearest(part.name, EXPECTATIONS)
                self.report(part.span, "unknown-key", message, mend)
            else:
                self.parts[part.name](part)

    def belongs(self, name: str) -> str:
        """Under which key the name of a pay line, an assessment, … is expected."""
        model = self.model
        groups: dict[str, Collection[str]] = {
            "pay": model.lines, "assessments": model.assessments, "duties": model.duties,
            "indicators": model.indicators, "carries": model.carries,
        }  # fmt: skip
        return next(
            (f"write it under `{key}:`" for key, some in groups.items() if name in some), ""
        )

    # --- facts and opening

    def facts(self, node: Node | None, *, known: bool = True) -> None:
        if nothing(node) or node is None:
            return
        for entry in self.entries(node, "facts"):
            fact = self.model.facts.get(entry.key.text)
            if fact is None and known:
                self.unknown(entry.key, self.model.facts, self.of_ruleset("fact"))
            elif fact is not None and fact.type.item is not None and known:
                fields = [field.name for field in fact.type.item.fields]
                self.items(entry, fields)

    def items(self, entry: Entry, fields: Collection[str]) -> None:
        """The fields of a list's items; what is no list is refused by its ruleset."""
        items = entry.value.items if isinstance(entry.value, Sequence) else ()
        for item in items:
            for field in item.entries if isinstance(item, Mapping) else ():
                if field.key.text not in fields:
                    self.unknown(field.key, fields, f"field of `{entry.key.text}`")

    def opening(self, node: Node | None) -> None:
        if nothing(node) or node is None:
            return
        if isinstance(node, Scalar) and node.text == CASE_BEFORE:
            if self.first:
                message = "no case comes before this one"
                self.report(
                    node.span, "opening", message, "leave `opening` out, or say what came in"
                )
            return
        states = self.model.status.states if self.model.status else ()
        for entry in self.entries(node, "opening"):
            if entry.key.text == "carries":
                for balance in self.entries(entry.value, "opening"):
                    if balance.key.text not in self.model.carries:
                        self.unknown(balance.key, self.model.carries, self.of_ruleset("balance"))
            elif entry.key.text not in ("status", "since"):
                message = f"`{entry.key.text}` is nothing that can be carried in"
                self.report(entry.key.span, "unknown-key", message, "did you mean `status`?")
            elif nothing(entry.value) or entry.key.text == "since":
                continue  # what the period before left undetermined, or what the ruleset reads
            elif (state := self.word(entry.value, entry.key)) and state.text not in states:
                self.unknown(state, states, self.of_ruleset("state"))

    # --- what is expected

    def pay(self, part: tree.Named[Node]) -> None:
        for entry in self.known(part, (*self.model.lines, "total"), "pay line"):
            self.result(entry, "amount", self.amount)

    def carries(self, part: tree.Named[Node]) -> None:
        for entry in self.known(part, self.model.carries, "balance"):
            self.value(entry, self.model.carries[entry.key.text].type)

    def indicators(self, part: tree.Named[Node]) -> None:
        for entry in self.known(part, self.model.indicators, "indicator"):
            self.value(entry, self.model.indicators[entry.key.text].value.type)

    def outcomes(self, part: tree.Named[Node], known: Collection[str], kind: str) -> None:
        def outcome(node: Node, key: Scalar) -> None:
            word = self.word(node, key)
            if word and word.text not in OUTCOMES[part.name]:
                message = f"`{word.text}` is no outcome of {'an' if kind[0] == 'a' else 'a'} {kind}"
                self.report(word.span, "unknown-word", message, _meant(word, OUTCOMES[part.name]))

        for entry in self.known(part, known, kind):
            self.result(entry, "outcome", outcome)

    def status(self, part: tree.Named[Node]) -> None:
        status = self.model.status
        states = status.states if status else ()
        changes = status.changes if status else ()
        grounds = [ground.name for change in changes for ground in change.grounds]
        for entry in self.known(part, STATUS, "part of the status"):
            key, value = entry.key, entry.value
            if key.text in ("grounds", "needs"):
                known = grounds if key.text == "grounds" else self.needs
                self.named_list(value, key, known, "ground" if key.text == "grounds" else "fact")
            elif (word := self.word(value, key)) is None or nothing(word):
                continue
            elif key.text in ("from", "to") and word.text not in states:
                self.unknown(word, states, self.of_ruleset("state"))
            elif key.text == "effect" and word.text not in EFFECTS:
                message = f"`{word.text}` is no effect of a change"
                self.report(word.span, "unknown-word", message, _meant(word, EFFECTS))
            elif key.text == "notice" and not _is_notice(word.text, changes):
                notices = {change.notice for change in changes if change.notice_days is None}
                message = f"no change has the notice `{word.text}`"
                self.report(word.span, "unknown-word", message, _meant(word, notices))

    def refused(self, part: tree.Named[Node]) -> None:
        for word in self.words(part.value, part):
            if word.text not in REFUSALS:
                message = f"`{word.text}` is no code for which facts are refused"
                self.report(word.span, "unknown-word", message, _meant(word, REFUSALS))
        if isinstance(part.value, Sequence) and not part.value.items:
            message = "nothing is listed under `refused`"
            self.report(part.span, "empty", message, "list the codes: `[unknown-fact]`")

    # --- pieces

    def result(self, entry: Entry, name: str, check: Callable[[Node, Scalar], None]) -> None:
        """What comes out, or a map of it and of what it needs."""
        if not isinstance(entry.value, Mapping):
            check(entry.value, entry.key)
            return
        for one in self.filled(entry.value, entry.key, f"`{name}: …` or `needs: […]`"):
            if one.key.text == "needs":
                self.named_list(one.value, one.key, self.needs, "fact")
            elif one.key.text == name:
                check(one.value, one.key)
            else:
                message = f"`{one.key.text}` is not a key that can stand here"
                mend = nearest(one.key.text, (name, "needs"))
                self.report(one.key.span, "unknown-key", message, mend)

    def value(self, entry: Entry, type_: Type) -> None:
        """A value of a type, or `undetermined`."""
        if type_.kind in AMOUNTS:
            self.amount(entry.value, entry.key, FIGURE)
            return
        word = self.word(entry.value, entry.key)
        if word is None or word.text == "undetermined":
            return
        known = ("yes", "no") if type_.kind == "yes/no" else type_.options
        if known and word.text not in known:
            message = f"`{word.text}` is nothing that `{entry.key.text}` can come to"
            self.report(word.span, "unknown-word", message, _meant(word, known))
        elif type_.kind == "date" and parse_date(word.text) is None:
            message = f"`{word.text}` is neither a day of the calendar nor `undetermined`"
            mend = date_help(word.text) or "write it like 2026-09-30"
            self.report(word.span, "wrong-figure", message, mend)

    def amount(self, node: Node, key: Scalar, like: str = MONEY) -> None:
        word = self.word(node, key)
        if word is None or word.text == "undetermined":
            return
        if (parse_figure if like == MONEY else figure_of)(word.text) is None:
            message = f"`{word.text}` is neither a figure nor `undetermined`"
            mend = f"write it like {like}, with a point before decimals and no separators"
            self.report(word.span, "wrong-figure", message, mend)

    def known(self, part: tree.Named[Node], known: Collection[str], kind: str) -> list[Entry]:
        """The entries of a part whose names are known; the others are reported."""
        entries = self.entries(part.value, part.name, part.span)
        for entry in entries:
            if entry.key.text not in known:
                self.unknown(entry.key, known, self.of_ruleset(kind))
        return [entry for entry in entries if entry.key.text in known]

    def entries(self, node: Node, part: str, key: Span | None = None) -> tuple[Entry, ...]:
        """The entries of a map, which for an expectation must have some."""
        if isinstance(node, Mapping) and (node.entries or key is None):
            return node.entries
        if key is not None and (nothing(node) or isinstance(node, Mapping)):
            message = f"nothing is expected under `{part}`"
            self.report(key, "empty", message, f"write lines such as {_LIKE[part]}")
        else:
            self.misplaced(node, f"write lines such as {_LIKE[part]}")
        return ()

    def filled(self, node: Mapping, key: Scalar, like: str) -> tuple[Entry, ...]:
        if not node.entries:
            self.report(key.span, "empty", f"nothing stands after `{key.text}`", f"write {like}")
        return node.entries

    def word(self, node: Node, key: Scalar) -> Scalar | None:
        """The one word that stands at a key; None where anything else was reported."""
        if not isinstance(node, Scalar):
            self.misplaced(node, "write a single value")
        elif not (node.text or node.quoted):
            message = f"nothing stands after `{key.text}`"
            self.report(key.span, "empty", message, "write a value after the colon")
        else:
            return node
        return None

    def words(self, node: Node, key: Scalar | tree.Named[Node]) -> list[Scalar]:
        """The words of a list."""
        if isinstance(node, Sequence):
            for item in node.items:
                if not isinstance(item, Scalar):
                    self.misplaced(item, "write a single name")
            return [item for item in node.items if isinstance(item, Scalar)]
        if nothing(node):
            name = key.text if isinstance(key, Scalar) else key.name
            message = f"nothing stands after `{name}`"
            self.report(key.span, "empty", message, "write `[]` for an empty list")
        else:
            self.misplaced(node, "write a list: `[NAME]`, or `[]` for an empty one")
        return []

    def named_list(
        self, node: Node, key: Scalar | tree.Named[Node], known: Collection[str], kind: str
    ) -> None:
        for word in self.words(node, key):
            if word.text not in known:
                self.unknown(word, known, self.of_ruleset(kind))

    def misplaced(self, node: Node, mend: str) -> None:
        self.report(node.span, "wrong-shape", f"{_KINDS[type(node)]} cannot stand here", mend)

    def unknown(self, word: Scalar, known: Collection[str], what: str) -> None:
        mend = nearest(word.text, known) or "leave it out"
        self.report(word.span, "unknown-name", f"`{word.text}` is no {what}", mend)

    def of_ruleset(self, kind: str) -> str:
        return f"{kind} of the ruleset `{self.model.id}`"


def _meant(word: Scalar, known: Collection[str]) -> str:
    return nearest(word.text, known) or "leave it out"


def _is_notice(text: str, changes: Collection[Change]) -> bool:
    """Whether a change has this notice, or works out one of its kind."""
    worked_out = any(change.notice_days is not None for change in changes)
    days = re.fullmatch(r"at once|1 day|[1-9][0-9]* days", text)
    return bool(worked_out and days) or text in {change.notice for change in changes}
