# SPDX-License-Identifier: MIT
"""Scales by their definition: the bands an amount lies in, and the points a line runs through.

An edge is its word, where it is, and the value there (None where the line `continues`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Edge = tuple[str, Fraction, Any]


def overlap(low: Fraction | None, high: Fraction | None, amount: Fraction) -> Fraction:
    """How much of the way from 0 to an amount lies between two edges; negative on the way down."""
    ends = sorted([Fraction(0), amount])
    start = ends[0] if low is None else max(ends[0], low)
    end = ends[1] if high is None else min(ends[1], high)
    size = end - start if end > start else Fraction(0)
    return size if amount >= 0 else 0 - size


def marginal(edges: list[Edge], amount: Fraction) -> Fraction:
    """Each band's rate on what of the amount lies in it."""
    total = Fraction(0)
    first, *rest = edges
    bands = [(None, first[1], first[2])]
    for place, (_, low, rate) in enumerate(rest):
        bands.append((low, rest[place + 1][1] if place + 1 < len(rest) else None, rate))
    for low, high, rate in bands:
        total += rate * overlap(low, high, amount)
    return total


def reaches(edge: Edge, amount: Fraction) -> bool:
    """Whether the band that begins at an edge holds the amount, or one above it does."""
    word, at, _ = edge
    return amount > at or (amount == at and word == "from")


def whole(edges: list[Edge], amount: Fraction) -> Fraction:
    """The rate of the highest band that the amount reaches, on all of it."""
    return [edges[0], *(edge for edge in edges[1:] if reaches(edge, amount))][-1][2] * amount


def points(edges: list[Edge]) -> list[tuple[Fraction, Fraction]]:
    """Where the line runs through; `below` and `above` say what holds beyond the points."""
    return [(at, value) for word, at, value in edges if word not in ("below", "above")]


def linear(edges: list[Edge], amount: Fraction) -> Fraction:
    """The value at a point, between two of them the weighted mean, beyond them what is said."""
    through = points(edges)
    (lowest, _), (highest, _) = through[0], through[-1]
    if amount < lowest:
        said = edges[0][2]
        return through_two(through[0], through[1], amount) if said is None else said
    if amount > highest:
        said = edges[-1][2]
        return through_two(through[-2], through[-1], amount) if said is None else said
    for at, value in through:
        if at == amount:
            return value
    above = next(place for place, (at, _) in enumerate(through) if at > amount)
    return through_two(through[above - 1], through[above], amount)


def through_two(
    one: tuple[Fraction, Fraction], two: tuple[Fraction, Fraction], at: Fraction
) -> Fraction:
    """The straight line through two points, as a mean weighted by the distances."""
    weight = (at - one[0]) / (two[0] - one[0])
    return (1 - weight) * one[1] + weight * two[1]
