# SPDX-License-Identifier: MIT
"""Parts of a pool, by hand: one unit after the other to whoever waits with the most."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from generators.unknowns import Unknown, together, unknown


def allocate(pool: Fraction, items: tuple[Any, ...], by: str, digits: int) -> Any:
    """The items, each with its part; what rounding leaves goes to the greatest remainders."""
    weights = [item[by] for item in items]
    if unknown(*weights):
        return together(*weights)
    if pool != 0 and sum(weights) == 0:
        return Unknown(refused="nothing-to-share-by")
    sign, cents = (1 if pool > 0 else -1), abs(pool) * 10**digits
    due = [cents * weight / sum(weights) if cents else Fraction(0) for weight in weights]
    given = [one // 1 for one in due]
    waiting = list(range(len(items)))
    while sum(given) < cents:
        most = max(due[place] - given[place] for place in waiting)
        equal = [place for place in waiting if due[place] - given[place] == most]
        if sum(given) + len(equal) > cents:  # not all of them get one
            held = [value for place in equal for value in items[place].values()]
            if unknown(*held):
                return together(*held)
            equal.sort(key=lambda place: list(items[place].values()))
        first = equal[0]
        given[first] += 1
        waiting.remove(first)
    parts = [Fraction(sign * one) / 10**digits for one in given]
    return tuple({**item, "part": part} for item, part in zip(items, parts, strict=True))
