# SPDX-License-Identifier: MIT
"""What a plan's numbers come to lies as far as was proved of them, and no further."""

from fractions import Fraction

from drawing import cases, examples
from hypothesis import given

from rolerules import FactError
from rolerules.plan.reach import reach


@given(cases())
@examples(150)
def test_every_number_lies_within_its_bounds(case):
    try:
        proof = case.ruleset.prove(case.facts, as_of=case.day, opening=case.opening)
    except FactError:
        return
    for place, bound in reach(proof.plan).items():
        result = proof.results[place]
        if isinstance(result, Fraction) and isinstance(bound.below, int):
            top = result * bound.below
            assert top.denominator == 1
            assert bound.low <= top <= bound.high
