# SPDX-License-Identifier: MIT
"""Which steps hang on which: what is needed, what is used more than once, what hangs on the day alone."""

from __future__ import annotations

import collections
from collections.abc import Collection, Iterable

from rolerules.plan.plan import Plan, Step

BODIES = ("some", "every", "filter", "for")


def reached(step: Step, before: int) -> list[int]:
    """The steps before a place that a step refers to, those from inside a body included."""
    found = [*step.args]
    if step.op in BODIES:
        found += inside(step)
    return [arg for arg in found if arg < before]


def inside(step: Step) -> list[int]:
    """The steps outside a body that are referred to from inside it."""
    body = step.value
    found = [arg for one in body.steps for arg in reached(one, body.start)]
    return [arg for arg in (*found, body.result) if arg < body.start]


def cone(plan: Plan, places: Iterable[int]) -> set[int]:
    """Every step that some steps hang on, themselves included."""
    found: set[int] = set()
    todo = list(places)
    while todo:
        place = todo.pop()
        if place not in found:
            found.add(place)
            todo += reached(plan.steps[place], place)
    return found


def shared(steps: Iterable[tuple[int, Step]]) -> set[int]:
    """The places that are used more than once, or again and again inside a loop."""
    uses = collections.Counter[int]()
    for _, step in steps:
        uses.update(step.args)
        if step.op in BODIES:
            uses.update([*inside(step)] * 2)
    return {place for place, times in uses.items() if times > 1}


def daily(plan: Plan, needed: Collection[int]) -> set[int]:
    """The steps that hang on no fact: on figures, the day, and what the period opens with."""
    found: set[int] = set()
    for place in sorted(needed):
        step = plan.steps[place]
        if step.op != "fact" and all(arg in found for arg in reached(step, place)):
            found.add(place)
    return found
