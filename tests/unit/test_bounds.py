# SPDX-License-Identifier: MIT
"""Whole numbers over denominators: exact, and within the bounds that are proved of them."""

from __future__ import annotations

from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolerules import load
from rolerules.plan import bounds
from rolerules.plan.bounds import Ratio, Span, UnprovedError, fits
from rolerules.plan.reach import bits, reach
from rolerules.values import ROUNDING_MODES, round_to


@attrs.frozen
class Known:
    """A whole number that hides how large it is, as a column does."""

    value: int
    low: int = -(10**30)
    high: int = 10**30

    def plus(self, other):
        return Known(self.value + _value(other))

    def minus(self, other):
        return Known(self.value - _value(other))

    def times(self, other):
        return Known(self.value * _value(other))

    def parts(self, divisor):
        return Known(self.value // _value(divisor))

    def negative(self):
        return Known(-self.value)

    def size(self):
        return Known(abs(self.value))

    def below_zero(self):
        return Known(int(self.value < 0))

    def odd(self):
        return Known(self.value % 2)

    def same(self, other):
        return Known(int(self.value == _value(other)))


def _value(one):
    return one if isinstance(one, int) else one.value


def exact(ratio):
    return Fraction(_value(ratio.top), _value(ratio.below))


@st.composite
def ratios(draw):
    below = draw(st.integers(1, 60))
    return Ratio(Known(draw(st.integers(-300, 300))), draw(st.sampled_from([below, Known(below)])))


@given(ratios(), ratios())
def test_arithmetic_is_exact(one, two):
    a, b = exact(one), exact(two)
    assert exact(bounds.plus(one, two)) == a + b
    assert exact(bounds.minus(one, two)) == a - b
    assert exact(bounds.times(one, two)) == a * b
    assert exact(bounds.negative(one)) == -a
    assert exact(bounds.size(one)) == abs(a)
    assert exact(bounds.floor(one)) == a.__floor__()
    assert exact(bounds.ceiling(one)) == a.__ceil__()
    if b:
        assert exact(bounds.over(one, two)) == a / b
    tops, below = bounds.alike([one, two])
    assert [Fraction(top.value, _value(below)) for top in tops] == [a, b]


@given(
    ratios(),
    st.fractions(min_value=Fraction(1, 100), max_value=50, max_denominator=100),
    st.sampled_from(ROUNDING_MODES),
)
def test_rounding_is_that_of_the_meaning(one, step, mode):
    assert exact(bounds.rounded(one, step, mode)) == round_to(exact(one), step, mode)


@st.composite
def spans(draw):
    ends = sorted([draw(st.integers(-50, 50)), draw(st.integers(-50, 50))])
    value = draw(st.integers(*ends))
    return Span(*ends), value


@given(spans(), spans(), st.integers(1, 9))
def test_a_result_lies_within_the_bounds_of_its_operands(one, two, divisor):
    (a, x), (b, y) = one, two
    for span, value in (
        (a.plus(b), x + y), (a.minus(b), x - y), (a.times(b), x * y), (a.parts(divisor), x // divisor),
        (a.negative(), -x), (a.size(), abs(x)), (a.below_zero(), int(x < 0)), (a.odd(), x % 2),
        (a.same(b), int(x == y)),
    ):  # fmt: skip
        assert span.low <= value <= span.high


def test_widths():
    assert fits(-(2**63), 2**63 - 1) == 128  # the least number has one bit more than the others
    assert fits(-(2**63) + 1, 2**63 - 1) == 64
    assert fits(0, 2**126 - 1) == 128
    with pytest.raises(UnprovedError):
        fits(0, 2**126)
    with pytest.raises(UnprovedError):
        Span(0, 2**64).times(Span(0, 2**64))


def test_the_pay_of_the_marketing_director_is_proved_to_fit():
    plan = load("marketing-director", company="example").at("2026-09-30")
    found = reach(plan)
    assert {name: bits(found[line.result]) for name, line in plan.lines.items()} == {
        "basic_salary": 64,
        "key_account_commission": 64,
        "team_commission": 64,
        "performance_pay": 64,
    }
    commission = found[plan.lines["team_commission"].result]
    assert commission.below == 100
