# SPDX-License-Identifier: MIT
"""A decision for the record: worked out exactly, with a digest of its proof."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from rolerules.decision import Decision
from rolerules.engines.reference import Proof
from rolerules.engines.results import Unknown
from rolerules.plan.plan import Plan
from rolerules.problems import InternalError
from rolerules.record.canonical import canonical
from rolerules.record.entry import digest_of
from rolerules.ruleset import Ruleset
from rolerules.values import exact_text

Guards = Callable[
    [Plan, Mapping[str, Any], datetime.date, Mapping[str, Any] | None], Mapping[str, bool | None]
]
"""Says, from plan, facts, as-of date and opening, which guards hold: an engine's own answer."""


@attrs.frozen(slots=True)
class Worked:
    """A decision with what it was made of, as it goes into the record."""

    proof: Proof
    engine: str
    facts: Mapping[str, Any]
    opening: Mapping[str, Any] | None

    @property
    def decision(self) -> Decision:
        """The decision."""
        return self.proof.decision

    @property
    def outcome(self) -> tuple[Any, ...] | None:
        """What it says of the status, as `process.outcome` reads it in the record."""
        status = self.decision.status
        if status is None or status.effect is None:
            return None
        return (
            status.change, status.source, status.to, status.grounds, status.notice, status.effect,
        )  # fmt: skip

    def body(self, ruleset: Ruleset, period: str, **more: Any) -> dict[str, Any]:
        """The entry's body."""
        status = self.decision.status
        return {
            "kind": "decision", "ruleset": ruleset.id, "version": ruleset.version,
            "digest": ruleset.digest, "period": period, "as_of": self.decision.as_of.isoformat(),
            "engine": self.engine, "facts": dict(self.facts), "opening": self.opening,
            "decision": self.decision.to_dict(), "proof": proof_digest(self.proof),
            "change": status.change if status else None,
            "since": self.decision.written(status.since) if status else None,
            "closing": self.decision.closing(), **more,
        }  # fmt: skip


def worked_out(
    ruleset: Ruleset, facts: Mapping[str, Any], as_of: datetime.date,
    opening: Mapping[str, Any] | None, guards: Guards | None = None,
) -> Worked:  # fmt: skip
    """Decide by the reference engine; `guards` is asked too, and must say the same.

    Raises `FactError` where the facts are refused, and `InternalError` where another engine
    finds that other rules hold: that is never a decision.
    """
    proof = ruleset.prove(facts, as_of=as_of, opening=opening)
    engine = "reference"
    if guards is not None:
        exact, found = guards_of(proof), guards(proof.plan, facts, as_of, opening)
        if exact != found:
            differ = sorted(name for name in {*exact, *found} if exact.get(name) != found.get(name))
            raise InternalError(f"the engines differ over {', '.join(differ)} in {facts!r}")
        engine = "durable"
    return Worked(proof, engine, facts, opening)


def guards_of(proof: Proof) -> dict[str, bool | None]:
    """Which guards hold by a proof; None where that is not known.

    A guard is a condition that something follows from: `ground CHANGE.GROUND`, `limit NAME`
    (that it is kept), and `rule LINE.N` for the rules of a pay line, counted from 1.
    """
    plan, look = proof.plan, proof.results.__getitem__
    steps = {f"ground {change.origin.name}.{name}": step
             for change in plan.changes for name, step in change.grounds.items()}  # fmt: skip
    steps |= {f"limit {name}": limit.result for name, limit in plan.limits.items()}
    steps |= {f"rule {name}.{place}": when for name, line in plan.lines.items()
              for place, (when, _) in enumerate(line.rules, 1) if when is not None}  # fmt: skip
    return {name: None if isinstance(look(step), Unknown) else look(step)
            for name, step in steps.items()}  # fmt: skip


def proof_digest(proof: Proof) -> str:
    """SHA-256 over every step of the plan with its result: the whole proof tree."""
    steps = [
        [step.op, list(step.args), str(step.type), _written(result)]
        for step, result in zip(proof.plan.steps, proof.results, strict=True)
    ]
    return digest_of(canonical(steps))


def _written(result: Any) -> Any:
    match result:
        case Unknown():
            return {"unknown": sorted(result.needs)}
        case tuple():
            return [_written(one) for one in result]
        case Mapping():
            return {name: _written(one) for name, one in result.items()}
        case Fraction():
            return exact_text(result)
        case datetime.date():
            return result.isoformat()
        case None | bool() | str():
            return result
    raise InternalError(f"a step came to {type(result).__name__}")
