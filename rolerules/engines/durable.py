# SPDX-License-Identifier: MIT
"""The durable engine: durable-rules decides which rules of a plan fire, and is checked in full.

Figures never go in: the exact engine answers each comparison with yes, no or unknown, and
durable-rules works out from these what follows (`rulebook.py`), in its own way (`program.py`).
Every rule that fires and every rule that does not is then held against the exact engine's
results. Where the two disagree there is no decision, but an internal error with the case.
"""

from __future__ import annotations

import threading
from typing import Any

import attrs

from rolerules.decision import Decision
from rolerules.engines.program import Program, installed, parts, refuse_size
from rolerules.engines.reference import Proof
from rolerules.engines.rulebook import NO, NOT_DUE, UNKNOWN, YES, Node, Rule, Rulebook, rulebook
from rolerules.plan.plan import Plan
from rolerules.problems import InternalError

_KEPT = 32
"""So many plans keep their programs, in each thread."""
_WORDS = {
    "assessment": {YES: "met", NO: "missed", NOT_DUE: "not due"},
    "duty": {YES: "fulfilled", NO: "unfulfilled", NOT_DUE: "not due"},
    "limit": {YES: "kept", NO: "broken"},
    "row": {YES: "matches", NO: "does not match"},
    "ground": {YES: "holds", NO: "does not hold"},
    "line": {YES: "applies"},
    "table": {YES: "is chosen"},
    "change": {YES: "follows"},
    "status": {YES: "stays"},
}
_YES_NO = {YES: "yes", NO: "no", UNKNOWN: "unknown"}


@attrs.frozen(slots=True)
class Firing:
    """A rule that fired: what it is about, what it says, and the facts that matched.

    docs/durable.md lists what these words can be.
    """

    about: str
    name: str
    says: str
    because: tuple[str, ...]


def decide(proof: Proof) -> Decision:
    """The decision of a proof, once durable-rules has fired what it says and nothing else."""
    fire(proof)
    return proof.decision


def fire(proof: Proof) -> tuple[Firing, ...]:
    """The rules that fire in a case, in turn.

    Raises `RolerulesError` where durable-rules is not installed, `RulesetError` where the plan
    has more rules than it is trusted with, and `InternalError` where it disagrees.
    """
    key = (proof.plan.digest, proof.plan.since)
    # Taken out while it is used: whatever interrupts a case leaves nothing behind for the next.
    loaded = _OWN.kept.pop(key, None)
    if loaded is None or not loaded.takes(proof.plan):
        loaded = _Loaded(proof.plan)
    fired = loaded.fire(proof)
    _OWN.kept[key] = loaded
    if len(_OWN.kept) > _KEPT:
        del _OWN.kept[next(iter(_OWN.kept))]
    return tuple(loaded.shown[rule.name] for rule in fired)


class _Loaded:
    """A plan's rules, loaded into durable-rules."""

    def __init__(self, plan: Plan) -> None:
        installed()
        self.plan, self.book = plan, rulebook(plan)
        refuse_size(len(self.book.rules))
        self.programs = [Program(rules) for rules in parts(self.book.rules)]
        self.shown = {rule.name: _shown(rule, self.book) for rule in self.book.rules}

    def takes(self, plan: Plan) -> bool:
        """Whether these are the rules of a plan."""
        return self.plan is plan or self.plan.steps == plan.steps

    def fire(self, proof: Proof) -> list[Rule]:
        """The rules that fire, checked. Raises `InternalError`."""
        status = proof.decision.opening_status
        exact = [node.code(proof.results.__getitem__, status) for node in self.book.nodes]
        codes = {place: exact[place] for place, node in enumerate(self.book.nodes) if node.asked}
        fired: list[Rule] = []
        try:
            for program in self.programs:
                fired += program.run(codes)
        except Exception as error:  # whatever it is, it decides nothing
            message = f"durable-rules failed: {error}"
            raise InternalError(message, self._case(proof, fired, codes, exact)) from error
        if not self._agree(fired, codes, exact):
            message = "durable-rules and the exact engine disagree"
            raise InternalError(message, self._case(proof, fired, codes, exact))
        return fired

    def _agree(self, fired: list[Rule], codes: dict[int, int], exact: list[int]) -> bool:
        """Whether just those rules fired, once each, that should have, and all that follows did."""
        wanted = self._wanted(exact)
        follows = [codes.get(node, UNKNOWN) for node in range(len(exact))] == exact
        names = {rule.name for rule in fired}
        return follows and len(fired) == len(wanted) and names == {rule.name for rule in wanted}

    def _wanted(self, exact: list[int]) -> list[Rule]:
        return [
            rule for rule in self.book.rules if all(exact[node] == code for node, code in rule.when)
        ]

    def _case(
        self, proof: Proof, fired: list[Rule], codes: dict[int, int], exact: list[int]
    ) -> dict[str, Any]:
        """What is attached to an internal error."""
        return {
            "ruleset": proof.plan.digest,
            "as_of": proof.decision.as_of,
            "opening_status": proof.decision.opening_status,
            "results": proof.results,
            "fired": [self.shown[rule.name] for rule in fired],
            "wanted": [self.shown[rule.name] for rule in self._wanted(exact)],
            "nodes": [
                (node.about, node.name, codes.get(place, UNKNOWN), exact[place])
                for place, node in enumerate(self.book.nodes)
                if codes.get(place, UNKNOWN) != exact[place]
            ],
        }


def _shown(rule: Rule, book: Rulebook) -> Firing:
    """A rule in words."""
    because = tuple(_said(book.nodes[node], code) for node, code in rule.when if node)
    node = book.nodes[rule.node]
    return Firing(node.about, node.name, _word(node, rule.code), because)


def _word(node: Node, code: int) -> str:
    return _WORDS.get(node.about, _YES_NO)[code]


def _said(node: Node, code: int) -> str:
    return f"{node.about} {node.name}".strip() + f": {_word(node, code)}"


class _Own(threading.local):
    """Each thread's programs: durable-rules' handles must not be shared."""

    def __init__(self) -> None:
        self.kept: dict[Any, _Loaded] = {}


_OWN = _Own()
