# SPDX-License-Identifier: MIT
"""What limits promise: a case that breaks one of severity `error` is refused, so in all others it holds."""

from __future__ import annotations

from collections.abc import Iterator

from rolerules.plan.plan import Plan

_ORDER = {"<=": 1, "<": 1, ">=": -1, ">": -1}


def never_negative(plan: Plan) -> frozenset[int]:
    """The differences, by position, that are not below 0 in any case that is decided.

    A limit such as `key_sales <= sales` says it of `sales - key_sales`.
    """
    errors = [limit.result for limit in plan.limits.values() if limit.severity == "error"]
    rising = {pair for result in errors for pair in _at_most(plan, result)}
    return frozenset(
        place
        for place, step in enumerate(plan.steps)
        if step.op == "-" and step.args[::-1] in rising
    )


def _at_most(plan: Plan, place: int) -> Iterator[tuple[int, ...]]:
    """Pairs of steps of which the first is at most the second where a condition is not false."""
    step = plan.steps[place]
    if step.op == "and":
        for arg in step.args:
            yield from _at_most(plan, arg)
    elif step.op in _ORDER:
        yield step.args[:: _ORDER[step.op]]
