# SPDX-License-Identifier: MIT
"""The unknown, logic of three values, and rounding, for the second evaluator."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs


@attrs.frozen
class Unknown:
    """Not known: what it waits for; or (with `refused`) why there can be no decision at all."""

    needs: frozenset[str] = frozenset()
    refused: str = ""


def together(*parts: Any) -> Unknown:
    """What several operands wait for, all being needed; a refusal goes before."""
    unknown = [part for part in parts if isinstance(part, Unknown)]
    for one in unknown:
        if one.refused:
            return one
    return pending(*unknown)


def pending(*parts: Any) -> Unknown:
    """What several parts wait for, none of which is sure to be reached."""
    return Unknown(
        frozenset(need for part in parts if isinstance(part, Unknown) for need in part.needs)
    )


def unknown(*parts: Any) -> bool:
    return any(isinstance(part, Unknown) for part in parts)


def kleene_or(parts: list[Any]) -> Any:
    if any(part is True for part in parts):
        return True
    return together(*parts) if unknown(*parts) else False


def negated(part: Any) -> Any:
    return part if isinstance(part, Unknown) else not part


def kleene_and(parts: list[Any]) -> Any:
    return negated(kleene_or([negated(part) for part in parts]))


def rounded(value: Fraction, step: Fraction, mode: str) -> Fraction:
    """Round the size of a value to a multiple of a step, by comparing with the multiples around it."""
    size, sign = abs(value), -1 if value < 0 else 1
    below = size // step * step
    above = below + step
    if size == below:
        return value
    middle = (below + above) / 2
    if mode in ("up", "down"):
        return sign * (above if mode == "up" else below)
    if size != middle:
        return sign * (above if size > middle else below)
    even = below if (below / step) % 2 == 0 else above
    return sign * {"half up": above, "half down": below, "half even": even}[mode]
