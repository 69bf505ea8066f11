# SPDX-License-Identifier: MIT
"""The reference engine against a second evaluator, written from the description alone."""

from hypothesis import given
from hypothesis import strategies as st

from drawing import cases, examples
from generators.loading import sources
from generators.oracle import Oracle
from rolerules import FactError
from rolerules.engines.facts import read_facts
from rolerules.testing import facts


def compared(case, given_facts):
    """The decision in the oracle's form, or the codes for which it is refused."""
    try:
        decision = case.ruleset.evaluate(given_facts, as_of=case.day, opening=case.opening)
    except FactError as error:
        return {problem.code for problem in error.problems}
    status = decision.status
    return {
        "lines": {line.id: (line.amount, list(line.needs)) for line in decision.lines},
        "total": (decision.total.amount, list(decision.total.needs)),
        "indicators": dict(decision.indicators),
        "duties": {name: (None if one.outcome == "undetermined" else one.outcome, list(one.needs)) for name, one in decision.duties.items()},
        "assessments": {name: (None if one.outcome == "undetermined" else one.outcome, list(one.needs)) for name, one in decision.assessments.items()},
        "violations": [one.id for one in decision.violations],
        "notices": [one.id for one in decision.notices],
        "status": status and (status.to, status.effect, list(status.grounds), status.notice, list(status.needs)),
        "missing": list(decision.missing),
    }  # fmt: skip


@given(cases(), st.data())
@examples(150)
def test_the_engine_and_the_oracle_agree(case, data):
    ruleset, opening = case.ruleset, case.opening
    file = sources(case.text).main
    status = (opening or {}).get("status", "active") if ruleset.model.status else None
    for given_facts in (case.facts, *data.draw(st.lists(facts(ruleset), min_size=2, max_size=2))):
        values = read_facts(ruleset.model.facts, given_facts, ruleset.model.digits)
        expected = Oracle(file, values, case.day, status).decision()
        assert compared(case, given_facts) == expected
