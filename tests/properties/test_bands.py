# SPDX-License-Identifier: MIT
"""Scales: what their definition promises, at any amount and around every edge."""

import itertools
from decimal import Decimal
from fractions import Fraction

from drawing import examples
from generators import bands
from generators.loading import loaded
from hypothesis import given
from hypothesis import strategies as st

CENT = Fraction(1, 100)
HEAD = """ruleset: random-one
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts:
  amount: money
"""
RATES = st.sampled_from([Fraction(0), Fraction(1, 20), Fraction(1, 8), Fraction(1, 3), Fraction(2)])
AMOUNTS = st.lists(st.integers(-10_000_00, 50_000_00).map(lambda cents: cents * CENT), max_size=6)


def spelled(rate):
    return "1/3" if rate == Fraction(1, 3) else str(Decimal(rate.numerator) / rate.denominator)


class Scale:
    """A scale of the package, and its edges for the definition."""

    def __init__(self, kind, edges):
        self.kind, self.edges = kind, edges
        written = [
            f"      {word} {spelled(at)}: {'continues' if value is None else spelled(value)}"
            for word, at, value in edges
        ]
        text = [
            f"scales:\n  s:\n    {kind}: amount\n    edges:",
            *written,
            "indicators:\n  s:\n    value: s\n",
        ]
        self.text = HEAD + "\n".join(text)
        self.ruleset = loaded(self.text)

    def __repr__(self):
        return self.text

    def __call__(self, amount):
        given_amount = {"amount": Decimal(amount.numerator) / amount.denominator}
        return self.ruleset.evaluate(given_amount, as_of="2026-01-31").indicators["s"]

    def around(self):
        """Every edge, with the amounts a cent below and above it."""
        return [(at - CENT, at, at + CENT) for at in sorted({at for _, at, _ in self.edges})]


@st.composite
def banded(draw, kind):
    """A marginal or whole scale; each edge belongs to the band that it names."""
    at = draw(st.lists(st.integers(0, 20_000_00), min_size=1, max_size=4, unique=True).map(sorted))
    first = draw(st.sampled_from(["below", "up to and including"]))
    owners = [{"below": "from"}.get(first, "above")]
    owners += [draw(st.sampled_from(["from", "above"])) for _ in at[1:]]
    edges = [(first, at[0] * CENT, draw(RATES))]
    edges += [(word, one * CENT, draw(RATES)) for word, one in zip(owners, at, strict=True)]
    return Scale(kind, edges)


@st.composite
def lines(draw):
    """A linear scale, ending at both sides in any of the ways there are."""
    at = draw(
        st.lists(st.integers(-9_000_00, 20_000_00), min_size=2, max_size=5, unique=True).map(sorted)
    )
    points = [("at", one * CENT, draw(RATES)) for one in at]
    low, high = draw(st.booleans()), draw(st.booleans())
    ends = st.one_of(st.none(), RATES)
    if low:
        points.insert(0, ("below", points[0][1], draw(ends)))
    else:
        points[0] = ("up to and including", *points[0][1:])
    if high:
        points.append(("above", points[-1][1], draw(ends)))
    else:
        points[-1] = ("from", *points[-1][1:])
    return Scale("linear", points)


@given(banded("marginal"), AMOUNTS)
@examples(40)
def test_a_marginal_scale_is_the_sum_over_its_bands(scale, amounts):
    for amount in [*amounts, Fraction(0), *(one for near in scale.around() for one in near)]:
        assert scale(amount) == bands.marginal(scale.edges, amount)
    assert scale(Fraction(0)) == 0


@given(banded("marginal"), AMOUNTS)
@examples(30)
def test_a_marginal_scale_never_jumps_and_never_falls(scale, amounts):
    steepest = max(rate for *_, rate in scale.edges)
    for below, at, above in scale.around():
        assert 0 <= scale(at) - scale(below) <= steepest * CENT
        assert 0 <= scale(above) - scale(at) <= steepest * CENT
    found = [scale(amount) for amount in sorted(amounts)]
    assert found == sorted(found)


@given(banded("whole"), AMOUNTS)
@examples(40)
def test_a_whole_scale_takes_the_rate_of_one_band_and_every_edge_has_its_owner(scale, amounts):
    def rate(amount):
        return scale(amount) / amount

    places = [at for _, at, _ in scale.edges[1:]]
    for place, (word, at, own) in enumerate(scale.edges[1:], 1):
        before = scale.edges[place - 1][2]
        if at - CENT > 0 and at - CENT not in places:
            assert rate(at - CENT) == before
        if at > 0:
            assert rate(at) == (own if word == "from" else before)
        if at + CENT not in places:
            assert rate(at + CENT) == own
    for amount in amounts:
        if amount:
            band = sum(
                at < amount or (at == amount and word == "from") for word, at, _ in scale.edges[1:]
            )
            assert rate(amount) == scale.edges[band][2]


@given(lines(), AMOUNTS)
@examples(40)
def test_a_linear_scale_passes_through_its_points(scale, amounts):
    through = bands.points(scale.edges)
    for at, value in through:
        assert scale(at) == value
    for (at, one), (to, two) in itertools.pairwise(through):
        low, high = sorted([one, two])
        middle = round((at + to) / 2 * 100) * CENT
        assert low <= scale(middle) <= high
    if scale.edges[0][0] != "below" or scale.edges[0][2] is not None:
        assert scale(through[0][0] - CENT) == scale(through[0][0] - 1000) == scale.edges[0][2]
    for amount in [*amounts, *(one for near in scale.around() for one in near)]:
        assert scale(amount) == bands.linear(scale.edges, amount)
