# SPDX-License-Identifier: MIT
"""A decision for the record: worked out exactly, with a digest of its proof."""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from rolerules.decision import Decision
from rolerules.engines.reference import Proof
from rolerules.engines.results import Unknown
from rolerules.problems import InternalError, RolerulesError
from rolerules.record.canonical import canonical
from rolerules.record.entry import digest_of
from rolerules.ruleset import Ruleset
from rolerules.values import exact_text

Fires = Callable[[Proof], object]
"""Another engine, which says from a proof which rules fire, and raises where that is not the same."""


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
    opening: Mapping[str, Any] | None, fires: Fires | None = None,
) -> Worked:  # fmt: skip
    """Decide by the reference engine, and let another one find which rules fire.

    Raises `FactError` where the facts are refused, and `InternalError` where the engines differ:
    that is never a decision.
    """
    proof = ruleset.prove(facts, as_of=as_of, opening=opening)
    if fires is not None:
        fires(proof)
    return Worked(proof, "durable" if fires else "reference", facts, opening)


def firing(engine: str | None, proof: Proof) -> Fires | None:
    """What fires a session's rules: `durable`, `reference` for the exact engine alone, None for either.

    Left open, durable-rules fires them where it is installed and takes this plan. Raises
    `ValueError` for another engine, and `RolerulesError` where `durable` is asked for in vain.
    """
    if engine not in (None, "durable", "reference"):
        raise ValueError(f"no session goes by `{engine}`: write `durable` or `reference`")
    if engine == "reference":
        return None
    try:
        fires: Fires = importlib.import_module("rolerules.engines.durable").fire
        fires(proof)
    except (ImportError, RolerulesError):
        if engine == "durable":
            raise
        return None
    return fires


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
