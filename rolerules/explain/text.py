# SPDX-License-Identifier: MIT
"""An explanation for reading."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rolerules.explain.why import Explanation, Used, Why
from rolerules.text.tree import visible

WIDTH = 100
_SECTIONS = {
    "line": "Pay", "assessment": "Assessments", "change": "Changes of status, in their order",
    "ground": "Grounds for a change of status",
    "carry": "Balances", "limit": "Limits", "indicator": "Indicators", "duty": "Duties",
}  # fmt: skip


def write(explanation: Explanation) -> str:
    """Write the sections in the order people ask: pay, assessments, status, limits, the rest."""
    decision = explanation.decision
    lines = [
        f"Why: {explanation.title}, {decision.ruleset} {decision.version}, as of {decision.as_of}"
    ]
    for kind, heading in _SECTIONS.items():
        parts = [part for part in explanation.parts if part.kind == kind]
        if parts:
            lines += ["", heading, "=" * len(heading)]
        for part in parts:
            lines += _part(part)
    if explanation.missing:
        lines += ["", "What is missing", "==============="]
        for one in explanation.missing:
            lines += _wrapped(
                f"{one.title} (`{one.fact}`){one.where()}, needed by {', '.join(one.needed_by)}", 2
            )
    return "\n".join(visible(line) for line in lines) + "\n"


def _part(part: Why) -> Iterator[str]:
    cited = f"  [{', '.join(part.source)}]" if part.source else ""
    yield f"{part.title}: {part.result}{cited}"
    if part.rule and part.kind == "line":
        yield from _wrapped(
            f"rule:     {part.rule if part.rule == 'otherwise' else f'when {part.rule}'}", 4
        )
    if part.formula:
        what = "in a row:" if part.rule == "in a row" else "formula: "
        yield from _wrapped(f"{what} {part.formula}", 4)
    if part.figures:
        yield from _wrapped(f"figures:  {part.figures}", 4)
    for reason in part.because:
        yield from _wrapped(f"because:  {reason}", 4)
    if part.needs:
        yield from _wrapped(f"waits for: {', '.join(part.needs)}", 4)
    for other in part.not_applied:
        yield from _wrapped(f"not:      {other.what}: {'; '.join(other.why)}", 4)
    if part.kind in ("line", "indicator", "carry"):
        for used in part.used:
            yield from _used(used)


def _used(used: Used) -> Iterator[str]:
    made = (
        f" = {used.formula}"
        if used.origin == "value" and used.formula
        else f" ({used.formula})"
        if used.formula
        else ""
    )
    figures = f" = {used.figures}" if used.figures and used.figures != used.value else ""
    cited = f", {', '.join(used.source)}" if used.source else ""
    yield from _wrapped(f"{used.name}: {used.value}{made}{figures}  [{used.origin}{cited}]", 6)


def _wrapped(text: str, indent: int) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 10),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
