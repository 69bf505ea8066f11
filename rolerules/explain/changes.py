# SPDX-License-Identifier: MIT
"""Why each of several changes that leave a state happens or not, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator

from rolerules.decision import Needs
from rolerules.engines.reference import Proof
from rolerules.engines.results import grounds_of
from rolerules.explain.why import Why
from rolerules.explain.words import spoken
from rolerules.plan.plan import Change


def in_order(proof: Proof) -> Iterator[Why]:
    """What came of each change, why, and what it waits for; nothing where only one can happen."""
    status = proof.decision.status
    leaving = [one for one in proof.plan.changes if status and one.source == status.source]
    happens, open_ = "", ""
    for change in leaving if len(leaving) > 1 else ():
        grounds, needs = grounds_of(change, proof.results.__getitem__)
        title = change.origin.title
        known = f"{' and '.join(map(spoken, grounds))} {'hold' if grounds[1:] else 'holds'}"
        if not grounds and not needs:
            yield _why(change, "does not happen", ("none of its grounds holds",))
        elif happens:
            yield _why(change, "does not happen", (f"{happens} comes first",))
        elif open_:
            because = (*((known,) if grounds else ()), f"{open_} comes first, and may happen")
            yield _why(change, "undetermined", because, needs)
            happens = f"{open_} or {title}" if grounds else ""
        elif grounds:
            happens = title
            yield _why(change, "proposed" if change.proposed else "takes effect", (known,), needs)
        else:
            open_ = title
            yield _why(
                change, "undetermined", ("no ground is known to hold, and some are open",), needs
            )


def _why(change: Change, said: str, because: tuple[str, ...], needs: Needs = ()) -> Why:
    own = change.origin
    return Why(
        "change", own.name, own.title, said, own.source, "", "", because=because, needs=needs
    )
