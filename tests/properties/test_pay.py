# SPDX-License-Identifier: MIT
"""Amounts are exact, totals are sums, and what is undetermined says what it waits for."""

from fractions import Fraction

from drawing import cases, examples
from hypothesis import assume, given
from hypothesis import strategies as st

from rolerules import FactError
from rolerules.testing import facts
from rolerules.testing.strategies import openings


def decided(case, given_facts=None, opening=None):
    try:
        return case.ruleset.evaluate(
            case.facts if given_facts is None else given_facts,
            as_of=case.day,
            opening=case.opening if opening is None else opening,
        )
    except FactError:
        return None


def results(decision):
    """Every result that can be undetermined: its value (None: undetermined) and its needs."""
    found = {
        ("line", line.id): (line.amount, line.needs) for line in (*decision.lines, decision.total)
    }
    for kind, outcomes in (("duty", decision.duties), ("assessment", decision.assessments)):
        found |= {
            (kind, name): (None if one.outcome == "undetermined" else one.outcome, one.needs)
            for name, one in outcomes.items()
        }
    return found


def is_unknown(value):
    if isinstance(value, list):
        return True  # a field of an item may be unknown, or a field left out
    return value is None


def balances_of(ruleset):
    """A value of every balance, by the name of what it came in with."""
    some = openings(ruleset, unknowns=False)
    return some.map(came_in) if not ruleset.model.carries else some.filter(bool).map(came_in)


def came_in(opening):
    found = (opening or {}).get("carries", {})
    return {f"{name}.opening": value for name, value in found.items()}


def opened(opening, values):
    """An opening with more balances known; None stays the start of employment."""
    more = {name.removesuffix(".opening"): value for name, value in values.items()}
    return {**opening, "carries": {**opening.get("carries", {}), **more}} if more else opening


@given(cases())
@examples(60)
def test_amounts_are_exact_and_needs_are_unknown_facts(case):
    decision = decided(case)
    assume(decision is not None)
    for name, line in case.ruleset.model.lines.items():
        amount = decision.line(name).amount
        assert amount is None or (Fraction(amount) / line.step).denominator == 1
        assert amount is None or amount >= 0 or line.may_be_negative
    amounts = [line.amount for line in decision.lines]
    total = None if None in amounts else sum(map(Fraction, amounts))
    assert decision.total.amount == total
    readings = {f"silent:{name}" for name in case.ruleset.model.readings}
    for value, needs in results(decision).values():
        assert (value is None) == bool(needs)
        assert list(needs) == sorted(set(needs))
        assert all(need in readings or is_unknown(case.facts.get(need)) for need in needs)
    assert list(decision.missing) == sorted(set(decision.missing))


@given(cases(), st.data())
@examples(60)
def test_what_is_needed_determines_the_result(case, data):
    decision, given_facts, opening = decided(case), dict(case.facts), case.opening
    full = data.draw(facts(case.ruleset, unknowns=False))
    balances = data.draw(balances_of(case.ruleset))
    for _ in range(len(full) + len(balances) + 1):
        if decision is None:
            return
        wanted = {
            need
            for value, needs in results(decision).values()
            if value is None
            for need in needs
            if need in full or need in balances or need in ("status_at_start", "status_since")
        }
        if not wanted:
            break
        if "status_at_start" in wanted:
            opening = {**opening, "status": case.ruleset.model.status.start}
        if "status_since" in wanted:
            came = {name.removesuffix(".opening"): value for name, value in balances.items()}
            start = {"status": case.ruleset.model.status.start, "carries": came}
            opening = {**(opening or start), "since": case.day}
        given_facts |= {name: full[name] for name in wanted & set(full)}
        opening = opened(opening, {name: balances[name] for name in wanted & set(balances)})
        decision = decided(case, given_facts, opening)
    for value, needs in results(decision).values():
        assert value is not None or all(need.startswith("silent:") for need in needs)


@given(cases(monotone=True), st.data())
@examples(60)
def test_one_more_fact_changes_nothing_that_was_determined(case, data):
    before = decided(case)
    full = data.draw(facts(case.ruleset, unknowns=False))
    more = {
        name: value
        for name, value in full.items()
        if case.facts.get(name) is None and data.draw(st.booleans())
    }
    balances = data.draw(balances_of(case.ruleset))
    gaps = [name for name in balances if case.opening and came_in(case.opening).get(name) is None]
    filled = {name: balances[name] for name in gaps if data.draw(st.booleans())}
    after = decided(case, {**case.facts, **more}, opened(case.opening, filled))
    assume(before is not None and after is not None)
    later = results(after)
    for key, (value, _) in results(before).items():
        assert value is None or later[key][0] == value
    for name, value in before.indicators.items():
        assert value is None or after.indicators[name] == value
    if before.status and not before.status.needs:
        assert after.status == before.status
    if before.status:
        assert set(before.status.grounds) <= set(after.status.grounds)
        assert before.status.to in (None, after.status.to)
    assert {one.id for one in before.violations} <= {one.id for one in after.violations}
    assert set(after.missing) <= set(before.missing) | {
        name for name, value in case.facts.items() if isinstance(value, list)
    } | set(full) | set(balances)
