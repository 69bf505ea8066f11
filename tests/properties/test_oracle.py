# SPDX-License-Identifier: MIT
"""The reference engine against a second evaluator, written from the description alone."""

from fractions import Fraction

from drawing import cases, examples
from generators.loading import sources
from generators.oracle import Oracle
from generators.unknowns import rounded
from hypothesis import given
from hypothesis import strategies as st

from rolerules import FactError
from rolerules.engines.facts import read_facts
from rolerules.engines.opening import read_opening
from rolerules.testing import boundary_cases, facts
from rolerules.values import ROUNDING_MODES, round_to


def compared(case, given_facts):
    """The decision in the oracle's form, or the codes for which it is refused."""
    try:
        decision = case.ruleset.evaluate(given_facts, as_of=case.day, opening=case.opening)
    except FactError as error:
        return {problem.code for problem in error.problems}
    status = decision.status
    return {
        "carries": dict(decision.carries),
        "lines": {line.id: (line.amount, list(line.needs)) for line in decision.lines},
        "total": (decision.total.amount, list(decision.total.needs)),
        "indicators": dict(decision.indicators),
        "duties": {name: (None if one.outcome == "undetermined" else one.outcome, list(one.needs)) for name, one in decision.duties.items()},
        "assessments": {name: (None if one.outcome == "undetermined" else one.outcome, list(one.needs)) for name, one in decision.assessments.items()},
        "violations": [one.id for one in decision.violations],
        "notices": [one.id for one in decision.notices],
        "status": status and (status.to, status.effect, list(status.grounds), status.notice, list(status.needs), status.since),
        "missing": list(decision.missing),
    }  # fmt: skip


def check(case, several_facts):
    ruleset, file = case.ruleset, sources(case.text).main
    opening = read_opening(ruleset.at(case.day), case.opening)
    carried = None if opening.start else opening.carries
    for given_facts in several_facts:
        values, _ = read_facts(ruleset.model.facts, given_facts, ruleset.model.digits)
        expected = Oracle(file, values, case.day, opening.status, carried, opening.since).decision()
        assert compared(case, given_facts) == expected


@given(cases(), st.data())
@examples(100)
def test_the_engine_and_the_oracle_agree(case, data):
    check(case, [case.facts, *data.draw(st.lists(facts(case.ruleset), min_size=2, max_size=2))])


@given(cases())
@examples(40)
def test_they_agree_at_every_boundary(case):
    check(case, boundary_cases(case.ruleset, as_of=case.day, opening=case.opening))


@given(cases(tables=True), st.data())
@examples(60)
def test_they_agree_on_tables(case, data):
    some = data.draw(st.lists(facts(case.ruleset), min_size=3, max_size=3))
    check(case, [*some, *boundary_cases(case.ruleset, as_of=case.day, opening=case.opening)])


@given(
    st.fractions(-50, 50, max_denominator=200),
    st.sampled_from([Fraction(1, 100), Fraction(1, 20), Fraction(1, 2), Fraction(1), Fraction(3)]),
    st.sampled_from(ROUNDING_MODES),
    st.booleans(),
)
@examples(300)
def test_they_round_alike(value, step, mode, tie):
    value = value // step * step + step / 2 if tie else value
    assert round_to(value, step, mode) == rounded(value, step, mode)
