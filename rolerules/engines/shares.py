# SPDX-License-Identifier: MIT
"""A pool shared among items to the smallest unit: the method of largest remainders (Hamilton)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from rolerules.engines.results import Unknown
from rolerules.plan.plan import Step
from rolerules.problems import Problem
from rolerules.values import exact_text

Items = tuple[dict[str, Any], ...]


def allocate(step: Step, pool: Fraction, items: Items) -> Any:
    """The items, each with its `part`; together the parts are the pool."""
    assert step.type.item is not None
    by, unit = step.value
    if gaps := _gaps(item[by] for item in items):
        return gaps
    weights = [item[by] for item in items]
    total = sum(weights, Fraction(0))
    if not pool:
        return _with_parts(items, [Fraction(0)] * len(items))
    if not total:
        return Unknown(failure=_nothing(by, pool, items))
    exact = [abs(pool) / unit * weight / total for weight in weights]
    units = [math.floor(one) for one in exact]
    left = int(abs(pool) / unit) - sum(units)
    held = [tuple(item[field.name] for field in step.type.item.fields[:-1]) for item in items]
    favoured = _favoured(held, [one - math.floor(one) for one in exact], left)
    if isinstance(favoured, Unknown):
        return favoured
    for place in favoured:
        units[place] += 1
    sign = unit if pool > 0 else -unit
    return _with_parts(items, [one * sign for one in units])


def _favoured(
    held: Sequence[tuple[Any, ...]], rests: list[Fraction], left: int
) -> list[int] | Unknown:
    """The places of the items that get one of the units left over, by what they hold and lost."""
    places = sorted(range(len(held)), key=lambda place: rests[place], reverse=True)
    if left in (0, len(places)) or rests[places[left - 1]] > rests[places[left]]:
        return places[:left]
    # Equal remainders: what the items hold decides, so that the order of the list does not.
    last = rests[places[left]]
    above = [place for place in places if rests[place] > last]
    tied = [place for place in places if rests[place] == last]
    if gaps := _gaps(value for place in tied for value in held[place]):
        return gaps
    tied.sort(key=lambda place: held[place])
    return [*above, *tied[: left - len(above)]]


def _gaps(values: Iterable[Any]) -> Unknown | None:
    """What the unknown ones of some values need, or nothing."""
    unknown = [value for value in values if isinstance(value, Unknown)]
    needs = frozenset[str]().union(*(one.needs for one in unknown))
    return Unknown(needs, unknown[0].failure) if unknown else None


def _with_parts(items: Items, parts: list[Fraction]) -> Items:
    return tuple({**item, "part": part} for item, part in zip(items, parts, strict=True))


def _nothing(by: str, pool: Fraction, items: Items) -> Problem:
    whose = f"`{by}` is 0 for all of them" if items else "there is nobody to share it"
    message = f"{exact_text(pool)} cannot be shared by `{by}`: {whose}"
    mend = f"correct the facts, or ask first: `if sum(….{by}) > 0 then … else …`"
    return Problem("nothing-to-share-by", message, help=mend)
