# SPDX-License-Identifier: MIT
"""The shape of an explanation: what came out, and why."""

from __future__ import annotations

import attrs

from rolerules.decision import Decision, Needs


@attrs.frozen(slots=True)
class Used:
    """A name that went into a result: what it came to, and where that comes from."""

    name: str
    title: str
    value: str
    formula: str
    figures: str
    origin: str
    source: tuple[str, ...]


@attrs.frozen(slots=True)
class NotApplied:
    """A rule or row that did not apply, and why not."""

    what: str
    why: tuple[str, ...]
    source: tuple[str, ...]


@attrs.frozen(slots=True)
class Why:
    """Why something came out as it did.

    `kind` is line, assessment, duty, indicator, limit, change or ground; `result` the amount or
    outcome in words; `rule` the condition under which the formula applied.
    """

    kind: str
    id: str
    title: str
    result: str
    source: tuple[str, ...]
    formula: str
    figures: str
    rule: str = ""
    because: tuple[str, ...] = ()
    not_applied: tuple[NotApplied, ...] = ()
    used: tuple[Used, ...] = ()
    needs: Needs = ()


@attrs.frozen(slots=True)
class Missing:
    """An unknown fact, and everything that waits for it.

    `gaps` are the unknown fields of a list that was given, as in `rate of item 2`.
    """

    fact: str
    title: str
    needed_by: tuple[str, ...]
    gaps: tuple[str, ...] = ()

    def where(self, most: int = 3) -> str:
        """The gaps in words, the first few of them; empty where the fact is unknown as a whole."""
        more = len(self.gaps) - most
        shown = [*self.gaps[:most], *([f"{more} more"] if more > 0 else [])]
        return f": {', '.join(shown)}" if shown else ""


@attrs.frozen(slots=True)
class Explanation:
    """A decision with its reasons."""

    decision: Decision
    title: str
    parts: tuple[Why, ...]
    missing: tuple[Missing, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON: `decision`, `why` (a list of parts) and `missing`."""
        return {
            "decision": self.decision.to_dict(),
            "why": [attrs.asdict(part) for part in self.parts],
            "missing": [attrs.asdict(one) for one in self.missing],
        }

    def to_text(self) -> str:
        """The explanation for reading, at most 100 columns wide where words allow."""
        from rolerules.explain.text import write

        return write(self)
