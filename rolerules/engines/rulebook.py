# SPDX-License-Identifier: MIT
"""A plan's guards as rules over codes: what the durable engine's rules say, and when.

The conditions that compare figures, dates or words are decided by the exact engine; each is one
fact with a code. Everything above them (and, or, not, if; due and done; the first rule of a line,
the rows of a table, the grounds and the order of the changes of status) becomes rules. Yes and no
have rules of their own, so where something is unknown neither fires: that is Kleene's logic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from rolerules.engines.results import Look, Unknown
from rolerules.plan.plan import Change, Plan, Step
from rolerules.values import exact_text

NO, YES, UNKNOWN, NOT_DUE = 0, 1, 2, 3
"""The codes that facts carry; no rule looks for an unknown one."""
_WIDE = 3
"""A condition with more ways to hold gets rules of its own, which others follow on from."""
_LONG = 4
"""So does one of which a way has more conditions."""

Way = tuple[tuple[int, int], ...]
"""One way to hold: pairs of a node and its code, which must all be found."""
Ways = dict[int, list[Way]]


@attrs.frozen(slots=True)
class Node:
    """What one kind of fact says: of a step, or that some steps are no and one of others is yes.

    `place` is the step whose result it is. Without one it holds where the results at all of `no`
    are no, one at `yes` is yes, and the status at the start is `state` (where the last two are not
    None). What is `asked` of the exact engine is given to the rules; all else follows.
    """

    about: str
    name: str
    place: int | None = None
    no: tuple[int, ...] = ()
    yes: tuple[int, ...] | None = None
    state: str | None = None
    asked: bool = False

    def code(self, look: Look, status: str | None) -> int:
        """The code by an exact engine's results; `UNKNOWN` where nothing is to follow."""
        if self.place is not None:
            return code_of(look(self.place))
        if self.about == "status at start" and status != self.state:
            return UNKNOWN if status is None else NO
        holds = all(look(one) is False for one in self.no)
        holds = holds and (self.yes is None or any(look(one) is True for one in self.yes))
        return YES if holds and self.state in (None, status) else UNKNOWN


@attrs.frozen(slots=True)
class Rule:
    """Where all of `when` are found, the node has the code."""

    name: str
    when: Way
    node: int
    code: int


@attrs.frozen(slots=True)
class Rulebook:
    """The nodes of a plan, and the rules; each stands after those that it follows on from."""

    nodes: tuple[Node, ...]
    rules: tuple[Rule, ...]


def code_of(result: Any) -> int:
    """The code of a result: yes or no, the outcome of a duty or an assessment, unknown."""
    if isinstance(result, Unknown):
        return UNKNOWN
    return _CODES[result]


_CODES = {
    True: YES, False: NO, "met": YES, "missed": NO, "fulfilled": YES, "unfulfilled": NO, "not_due": NOT_DUE,
}  # fmt: skip


def rulebook(plan: Plan) -> Rulebook:
    """Write the guards of a plan as rules."""
    return _Writer(plan).rulebook()


class _Writer:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.same = _same(plan.steps)
        self.nodes = [Node("case", "", asked=True)]
        self.rules: list[Rule] = []
        self.ways: dict[int, Ways] = {}
        self.named: dict[int, tuple[str, str]] = {}
        for name, place in plan.names.items():
            about = "fact" if plan.steps[place].op == "fact" else "value"
            self.named.setdefault(self.same[place], (about, name))
        for about, tests in (("assessment", plan.assessments), ("duty", plan.duties)):
            for name, test in tests.items():
                self.named[self.same[test.result]] = (about, name)

    def rulebook(self) -> Rulebook:
        self._conditions()
        for line in self.plan.lines.values():
            self._line(line.origin.name)
        for place, step in enumerate(self.plan.steps):
            if step.op == "table":
                self._table(place, step)
        for name, limit in self.plan.limits.items():
            self._shown("limit", name, limit.result)
        self._changes()
        return Rulebook(tuple(self.nodes), tuple(self.rules))

    # --- nodes and rules

    def _node(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _rules(self, ways: Iterable[Way], node: int, code: int) -> None:
        for way in ways:
            # What always holds still needs a case to hold in.
            self.rules.append(Rule(f"r{len(self.rules)}", way or ((0, YES),), node, code))

    def _shown(self, about: str, name: str, place: int) -> int:
        """A node that says what a condition comes to, with the rules for yes and for no."""
        node = self._node(Node(about, name, self.same[place]))
        for code, ways in self.ways[self.same[place]].items():
            self._rules(ways, node, code)
        return node

    def _brief(
        self, before: list[Way], name: str, no: tuple[int, ...], state: str | None = None
    ) -> list[Way]:
        """What came before as one condition, where it has become long."""
        if not before or (len(before) == 1 and len(before[0]) < _LONG):
            return before
        node = self._node(Node("none so far", name, no=no, state=state))
        self._rules(before, node, YES)
        return [((node, YES),)]

    # --- conditions, from the first step to the last

    def _conditions(self) -> None:
        uses = self._uses()
        for place in sorted(uses):
            step = self.plan.steps[place]
            if step.op == "constant":
                self.ways[place] = {YES: [()] * step.value, NO: [()] * (not step.value)}
                continue
            if not self._combines(step):
                node = self._node(Node(*self._title(place), place, asked=True))
                self.ways[place] = {code: [((node, code),)] for code in (YES, NO)}
                continue
            found = self._combined(step)
            if place in self.named or uses[place] > 1 or _wide(found):
                node = self._node(Node(*self._title(place), place))
                for code, ways in found.items():
                    self._rules(ways, node, code)
                found = {code: [((node, code),)] for code, ways in found.items() if ways}
                found = {YES: [], NO: [], **found}
            self.ways[place] = found

    def _uses(self) -> Counter[int]:
        """How often each condition is used, by what is decided and by other conditions."""
        uses = Counter(self.same[place] for place in self._decided())
        for place in range(len(self.plan.steps) - 1, -1, -1):
            step = self.plan.steps[place]
            if place in uses and self._combines(step):
                args = step.args[:1] if step.op == "=" else step.args
                uses.update(self.same[arg] for arg in args)
        return uses

    def _decided(self) -> Iterable[int]:
        plan = self.plan
        for outcome in (*plan.assessments.values(), *plan.duties.values()):
            yield outcome.result
        for line in plan.lines.values():
            yield from (when for when, _ in line.rules if when is not None)
            yield from (place for _, place in self._adjustments(line.origin.name))
        for step in plan.steps:
            yield from step.args[: 2 * step.value.rows : 2] if step.op == "table" else ()
        for limit in plan.limits.values():
            yield limit.result
        for change in plan.changes:
            yield from change.grounds.values()

    def _combines(self, step: Step) -> bool:
        """Whether a condition is put together of others, and no question for the exact engine."""
        if step.op == "=":
            of, word = (self.plan.steps[place] for place in step.args)
            return of.op == "outcome" and word.op == "constant"
        kind = step.type.kind == "yes/no"
        return step.op in ("and", "or", "not", "outcome") or (step.op == "if" and kind)

    def _combined(self, step: Step) -> Ways:
        args = [self.ways[self.same[arg]] for arg in step.args if self.same[arg] in self.ways]
        if step.op == "not":
            return {YES: args[0][NO], NO: args[0][YES]}
        if step.op == "=":
            words = self.plan.steps[step.args[0]].value
            asked = self.plan.steps[step.args[1]].value
            codes = dict(zip((YES, NO, NOT_DUE), words, strict=True))
            ways = {code: args[0].get(code, []) for code in codes}
            return {
                YES: [way for code in codes if codes[code] == asked for way in ways[code]],
                NO: [way for code in codes if codes[code] != asked for way in ways[code]],
            }
        if step.op == "outcome":
            *due, test = args
            if not due:
                return {YES: test[YES], NO: test[NO]}
            found = {code: _both(due[0][YES], test[code]) for code in (YES, NO)}
            return {**found, NOT_DUE: due[0][NO]}
        if step.op == "if":
            met, then, other = args
            return {
                code: [*_both(met[YES], then[code]), *_both(met[NO], other[code])]
                for code in (YES, NO)
            }
        one, two = args
        decides = YES if step.op == "or" else NO
        either = [*one[decides], *two[decides]]
        return {decides: either, 1 - decides: _both(one[1 - decides], two[1 - decides])}

    def _title(self, place: int) -> tuple[str, str]:
        return self.named.get(place) or ("condition", self._wording(place))

    def _wording(self, place: int, depth: int = 2) -> str:
        """A step in words that are close to the author's, for a trace; … where it goes on."""
        if place in self.named:
            return self.named[place][1]
        step = self.plan.steps[place]
        if step.op in ("fact", "given", "opening"):
            return str(step.value)
        if step.op == "constant":
            return exact_text(step.value) if hasattr(step.value, "numerator") and not isinstance(step.value, bool) else str(step.value)  # fmt: skip
        if not depth:
            return "…"
        args = [self._wording(self.same[arg], depth - 1) for arg in step.args]
        if step.op[0] in "=!<>+-*/" and len(args) == 2:
            return f"{args[0]} {step.op} {args[1]}"
        return f"{step.op}({', '.join(args)})"

    # --- what is decided

    def _first(self, about: str, name: str, tests: list[int | None]) -> None:
        """The first that holds; none where one before it is unknown."""
        before: list[Way] = [()]
        passed: tuple[int, ...] = ()
        for number, test in enumerate(tests, 1):
            place = None if test is None else self.same[test]
            yes = None if place is None else (place,)
            node = self._node(Node(about, f"{name} {number}", no=passed, yes=yes))
            if place is None:
                self._rules(before, node, YES)
                return
            self._rules(_both(before, self.ways[place][YES]), node, YES)
            passed += (place,)
            before = self._brief(_both(before, self.ways[place][NO]), f"{name} {number}", passed)

    def _line(self, name: str) -> None:
        line = self.plan.lines[name]
        if len(line.rules) > 1:
            self._first("line", name, [when for when, _ in line.rules])
        for kind, place in self._adjustments(name):
            self._shown(kind, name, place)

    def _adjustments(self, name: str) -> Iterable[tuple[str, int]]:
        """The conditions of a line's gates, floors and caps."""
        for amount, by, after in self.plan.lines[name].adjustments:
            step = self.plan.steps[after]
            if step.op == "if":
                yield "gate" if step.args[:2] == (by, amount) else "bound", step.args[0]

    def _table(self, place: int, step: Step) -> None:
        shape = step.value
        tests = list(step.args[: 2 * shape.rows : 2])
        if shape.hit == "first":
            self._first("table", shape.name, [*tests, *([None] if shape.otherwise else [])])
            return
        for number, test in enumerate(tests, 1):
            self._shown("row", f"{shape.name} {number}", test)

    def _changes(self) -> None:
        """In every state, the first change with a ground, where all before it have none."""
        for state in self.plan.states:
            start = self._node(Node("status at start", state, state=state, asked=True))
            before: list[Way] = [((start, YES),)]
            passed: tuple[int, ...] = ()
            for change in self.plan.changes:
                if change.source == state:
                    before, passed = self._change(change, before, passed)
            stays = self._node(Node("status", state, no=passed, state=state))
            self._rules(before, stays, YES)

    def _change(
        self, change: Change, before: list[Way], passed: tuple[int, ...]
    ) -> tuple[list[Way], tuple[int, ...]]:
        """The rules of a change; gives what holds where none of its grounds does."""
        name, state = change.origin.name, change.source
        places = tuple(self.same[place] for place in change.grounds.values())
        node = self._node(Node("change", name, no=passed, yes=places, state=state))
        after = before
        for ground, place in change.grounds.items():
            shown = self._shown("ground", f"{name}.{ground}", place)
            self._rules(_both(before, [((shown, YES),)]), node, YES)
            passed += (self.same[place],)
            after = self._brief(_both(after, [((shown, NO),)]), name, passed, state)
        return after, passed


def _both(one: list[Way], two: list[Way]) -> list[Way]:
    """The ways in which both hold; those that contradict themselves are none."""
    found = []
    for first in one:
        for second in two:
            codes = dict(first)
            if all(codes.setdefault(node, code) == code for node, code in second):
                found.append(tuple(codes.items()))
    return found


def _wide(found: Mapping[int, list[Way]]) -> bool:
    most = max(len(ways) for ways in found.values())
    return most > _WIDE or any(len(way) > _LONG for ways in found.values() for way in ways)


def _same(steps: tuple[Step, ...]) -> list[int]:
    """For every step the first one that is the same: alike conditions are one fact."""
    same: list[int] = []
    first: dict[Any, int] = {}
    for place, step in enumerate(steps):
        if step.op == "outcome":  # each duty and each assessment is told of by itself
            same.append(place)
            continue
        key = (step.op, step.type, tuple(same[arg] for arg in step.args), step.value)
        try:
            same.append(first.setdefault(key, place))
        except TypeError:  # figures by choice, a body: nothing that can be looked up
            same.append(place)
    return same
