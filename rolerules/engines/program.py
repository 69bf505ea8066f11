# SPDX-License-Identifier: MIT
"""The one safe way to run durable-rules: small programs of our own, one case at a time.

Used freely, that engine reads memory out of bounds, mixes people whose ids have the same hash,
and drops rules without a word (docs/durable.md). What is kept to here: only codes go in; there
is one session with a name of ours, deleted after each case; nothing is negated and nothing
retracted; a rule over several facts ends with an equality that always holds; a rule has fired
before the first session is deleted; and every firing is compared with what went in.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import weakref
from collections import Counter
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from rolerules.engines.rulebook import Rule
from rolerules.limits import LIMITS
from rolerules.problems import InternalError, Problem, RolerulesError, RulesetError

RULES, PATTERNS, JOINED, TYPES = 200, 60, 8, 200
"""At most, a program: rules, conditions on one type of fact, conditions a rule, types of fact."""
_SID = "case"
_NAMES = (
    "sid",
    "id",
    "t",
    "c",
    "one",
    "case",
    "$s",
    "m",
    *(f"p{place}" for place in range(JOINED)),
)
"""Every name of a property or of a fact within a rule."""
_WARM, _TEST = "warm", ("test0", "test1")
_OWN = 2
"""Rules of a program that are none of the plan: the one to warm up with, the one of the test."""
_NO_SESSION = "error code: 309"
_Found = Callable[[str, dict[str, int]], tuple[str, int] | None]
"""Takes a rule that fired and the facts that matched; gives a fact that follows, if one does."""


def installed() -> ModuleType:
    """durable-rules' C module. Raises `RolerulesError` where it is not installed."""
    try:
        return importlib.import_module("durable_rules_engine")
    except ImportError:
        message = "the durable engine needs the package `durable-rules`, which is not here"
        mend = (
            'install it with `CPPFLAGS="-DPyEval_CallObject=PyObject_CallObject" '
            "pip install 'rolerules[durable]'`, or leave `durable` out: the other engines "
            "give the same decisions"
        )
        raise RolerulesError([Problem("durable-missing", message, help=mend)]) from None


def type_of(node: int) -> str:
    """The type, and the id, of the fact that says what a node comes to."""
    return f"n{node}"


def parts(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Divide rules into programs; a later one is given what an earlier one has found."""
    found: list[list[Rule]] = []
    types: Counter[int] = Counter()
    for rule in rules:
        more = Counter(node for node, _ in rule.when)
        full = len(types.keys() | more.keys()) > TYPES - len(_TEST) - 1
        full = full or any(types[node] + more[node] > PATTERNS for node in more)
        if not found or full or len(found[-1]) == RULES - _OWN:
            found.append([])
            types = Counter()
        found[-1].append(rule)
        types.update(more)
    return found


def refuse(rules: list[Rule]) -> None:
    """Refuse what durable-rules cannot be trusted with. Raises `RulesetError`."""
    types = Counter(type_of(node) for rule in rules for node, _ in rule.when)
    types.update((_WARM, *_TEST))
    longest = max((len(rule.when) for rule in rules), default=0)
    found = [
        (len(rules) + _OWN, RULES, "rules in a program"),
        (len(types), TYPES, "types of fact in a program"),
        (max(types.values()), PATTERNS, "conditions on one type of fact"),
        (longest, JOINED, "conditions in a rule"),
    ]
    problems = [
        _limit(f"{size:,} {what}, and durable-rules is trusted with {most:,}")
        for size, most, what in found
        if size > most
    ]
    for names in (_NAMES, (*types, f"sid-{_SID}")):
        problems += [
            _limit(f"`{one}` and `{two}` are the same to durable-rules, which keeps only a hash")
            for one, two in collisions(names)
        ]
    if problems:
        raise RulesetError(problems)


def refuse_size(rules: int) -> None:
    """Refuse a plan of too many rules. Raises `RulesetError`."""
    if rules > LIMITS.durable_rules:
        most = f"and the durable engine takes at most {LIMITS.durable_rules:,}"
        raise RulesetError([_limit(f"the guards of this ruleset come to {rules:,} rules, {most}")])


def _limit(message: str) -> Problem:
    mend = "use the engine `single` or `reference`, or divide the ruleset"
    return Problem("durable-limit", message, help=mend)


def collisions(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of different names with the same hash (32 bits, FNV-1a)."""
    found: dict[int, str] = {}
    pairs = []
    for name in names:
        number = 0x811C9DC5
        for byte in name.encode():
            number = (number ^ byte) * 16777619 & 0xFFFFFFFF
        before = found.setdefault(number, name)
        pairs += [(before, name)] if before != name else []
    return pairs


class Program:
    """One loaded program. Only one thread at a time may use it."""

    def __init__(self, rules: list[Rule]) -> None:
        refuse(rules)
        self._engine = installed()
        self._rules = {rule.name: rule for rule in rules}
        self._looked = {node for rule in rules for node, _ in rule.when}
        self._case = 0
        self._warm = False
        self._handle = self._loaded(json.dumps(_definition(rules)))
        # Taken off where the session cannot be ended: memory is then lost, and never freed wrongly.
        self._delete = weakref.finalize(self, _delete, self._engine, self._handle)
        self._delete.atexit = False
        self._try()

    def _loaded(self, definition: str) -> int:
        try:
            return int(self._engine.create_ruleset("rolerules", definition))
        except self._engine.error as error:
            raise InternalError("durable-rules does not load a program") from error

    def run(self, codes: dict[int, int]) -> list[Rule]:
        """The rules that fire, in turn; what they find is added to the codes.

        Raises `InternalError` if durable-rules does anything else than fire rules on these facts.
        """
        given = {type_of(node): codes[node] for node in self._looked if node in codes}
        fired: list[Rule] = []

        def found(name: str, facts: dict[str, int]) -> tuple[str, int] | None:
            rule = self._rules.get(name)
            if rule is None or {type_of(node): code for node, code in rule.when} != facts:
                raise InternalError(f"durable-rules fired `{name}` on {facts}")
            fired.append(rule)
            if rule.node in codes:
                return None
            codes[rule.node] = rule.code
            return (type_of(rule.node), rule.code) if rule.node in self._looked else None

        self._session(given, found)
        return fired

    def _session(self, given: dict[str, int], found: _Found) -> None:
        """Assert facts, and hand over what fires until nothing does."""
        self._case += 1
        state = 0
        try:
            for name, code in given.items():
                state = self._assert(name, code)
            started = self._engine.start_action_for_state(self._handle, state)
            message = started and started[1]
            self._warm = self._warm or bool(message)
            for _ in range(len(self._rules) + _OWN):
                if not message:
                    return
                ((rule, matched),) = json.loads(message).items()
                if following := found(rule, self._facts(rule, matched)):
                    self._assert(*following)
                message = self._engine.complete_and_start_action(self._handle, state)
            if message:
                raise InternalError("durable-rules fires more rules than there are")
        finally:
            self._end()

    def _assert(self, name: str, code: int) -> int:
        fact = (
            f'{{"sid":"{_SID}","id":"{name}","t":"{name}","c":{code},"one":1,"case":{self._case}}}'
        )
        answer, state = self._engine.assert_fact(self._handle, fact)
        if answer not in (0, 1):  # a rule looks at it, or none does
            raise InternalError(f"durable-rules answers {answer} to the fact `{name}`")
        return int(state)

    def _facts(self, rule: str, matched: dict[str, dict[str, Any]]) -> dict[str, int]:
        """The facts that matched, each of them of this case."""
        for fact in matched.values():
            if fact["case"] != self._case or fact["sid"] != _SID or fact["id"] != fact["t"]:
                raise InternalError(f"durable-rules fired `{rule}` on a fact of another case")
        return {fact["t"]: fact["c"] for fact in matched.values()}

    def _end(self) -> None:
        """Delete the session, which is safe from the first firing on."""
        if not self._warm:
            self._delete.detach()
            return
        try:
            self._engine.delete_state(self._handle, _SID)
        except self._engine.error as error:
            if _NO_SESSION not in str(error):
                self._delete.detach()
                raise InternalError("durable-rules does not end a session") from error

    def _try(self) -> None:
        """Warm up, and see that a rule over two facts fires on both and on nothing less."""
        for given, wanted in (
            ({_WARM: 1}, {_WARM: {_WARM: 1}}),
            ({_TEST[0]: 1, _TEST[1]: 1}, {"test": dict.fromkeys(_TEST, 1)}),
            ({_TEST[0]: 1, _TEST[1]: 0}, {}),
            ({_TEST[1]: 1, _TEST[0]: 2}, {}),
        ):
            fired: dict[str, dict[str, int]] = {}
            self._session(given, fired.__setitem__)
            if fired != wanted:
                raise InternalError(f"durable-rules fires {fired} where {wanted} is right")


def _delete(engine: ModuleType, handle: int) -> None:
    """Delete a program, and before it whatever an interrupt has left in it."""
    with contextlib.suppress(engine.error):
        engine.delete_state(handle, _SID)
    engine.delete_ruleset(handle)


def _definition(rules: list[Rule]) -> dict[str, Any]:
    """The program as durable-rules reads it."""
    found = {
        _WARM: [(_WARM, 1)],
        "test": [(name, 1) for name in _TEST],
        **{rule.name: [(type_of(node), code) for node, code in rule.when] for rule in rules},
    }
    return {name: {"all": _patterns(when)} for name, when in found.items()}


def _patterns(when: list[tuple[str, int]]) -> list[dict[str, Any]]:
    found = []
    for place, (name, code) in enumerate(when):
        tests: list[dict[str, Any]] = [{"t": name}, {"c": code}]
        if place:  # without it, a rule over two facts may read out of bounds
            tests.append({"one": {"p0": "one"}})
        found.append({f"p{place}": {"$and": tests}})
    return found
