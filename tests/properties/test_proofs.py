# SPDX-License-Identifier: MIT
"""What the checker takes for proved holds: divisors are not 0, values stay in their ranges."""

import pytest
from drawing import attempt, cases, codes, examples
from generators.loading import checked
from generators.rulesets import Maker, Options
from hypothesis import given
from hypothesis import strategies as st

from rolerules.engines.facts import read_facts
from rolerules.engines.opening import read_opening
from rolerules.engines.reference import step_result
from rolerules.engines.results import Unknown, given_values
from rolerules.testing import boundary_cases, facts

HEAD = [
    "ruleset: random-one",
    "language: 1",
    "version: 1.0.0",
    "currency: CNY",
    "period: quarter",
    "year starts: 1 January",
]


@st.composite
def divisions(draw):
    """A ruleset of indicators that divide by anything, perhaps under a condition that names it."""
    maker = Maker(lambda n: draw(st.integers(0, n - 1)), Options())
    made = [maker.facts(), maker.parameters(), maker.readings(), *maker.middle()]
    indicators = []
    for number in range(8):
        kind = maker.pick(["number", "money"])
        divisor = _divisor(maker, kind)
        quotient = f"({maker.of(kind, 1)}) / ({divisor})"
        guards = [
            _guard(maker, kind, divisor),
            f"{_guard(maker, kind, divisor)} {maker.pick(['and', 'or'])} {_guard(maker, kind, divisor)}",
        ]
        guards.append(f"not ({guards[1]})")
        guard = maker.pick(guards)
        whole = maker.pick(
            [
                quotient,
                f"if {guard} then {quotient} else 0",
                f"if {guard} then 0 else {quotient}",
                f"if {guard} and {quotient} > 1 then 1 else 0",
            ]
        )
        indicators += [f"  n_{number}:", f"    value: {whole}"]
    return maker.written(HEAD, [*made, ("values", maker.helpers), ("indicators", indicators)])


def _divisor(maker, kind):
    one, two = maker.named(kind), maker.of(kind, 1)
    forms = [
        one,
        f"{one} - ({two})",
        f"({two}) + {one}",
        f"max({one}, {maker.figure()})",
        f"min({one}, ({two}))",
        f"abs({one}) + ({two})",
    ]
    if kind == "number":
        forms += [
            f"floor({one})",
            f"ceiling({one})",
            f"round({one}, 1, half up)",
            f"{one} * ({two})",
            "quarter - 1",
            "year",
            f"-{one}",
            f"{one} * {one} + 1",
        ]
        forms += [f"count({name}) + {maker.figure()}" for name in maker.lists]
    return maker.pick(forms)


def _guard(maker, kind, divisor):
    other = maker.pick(["0", "0", "1", "-1", maker.named(kind)])
    left = maker.pick([f"({divisor})", maker.named(kind)])
    return maker.pick(
        [
            f"{left} {maker.compare()} {other}",
            f"{other} {maker.compare()} {left}",
            f"{left} between {other} and 3",
        ]
    )


@pytest.mark.parametrize("divisor", ["quarter - 1", "1 - quarter", "4 - quarter", "-(quarter - 4)"])
def test_what_is_not_0_less_what_is_not_0_may_be_0(divisor):
    text = "\n".join([*HEAD, "indicators:", "  ratio:", f"    value: 1 / ({divisor})"]) + "\n"
    assert [problem.code for problem in checked(text)[1]] == ["divisor-zero"]


@given(divisions(), st.data())
@examples(60)
def test_an_accepted_divisor_never_is_0(text, data):
    ruleset, problems = checked(text)
    if ruleset is None:
        others = {"figure-too-large", "rate-without-percent"}
        errors = {problem.code for problem in problems if problem.severity == "error"}
        assert errors <= {"divisor-zero", *others}
        ruleset, problems = checked(_without(text, problems))
        assert ruleset is not None, problems
    given_facts = data.draw(st.lists(facts(ruleset, unknowns=False), min_size=3, max_size=3))
    for case in [*given_facts, *boundary_cases(ruleset, as_of="2026-03-31")]:
        found = attempt(ruleset, case, "2026-03-31")
        assert not isinstance(found, tuple) or "division" not in codes(found)


def _without(text, problems):
    """The text without the indicators in which there is a problem."""
    lines = text.splitlines()
    errors = [problem for problem in problems if problem.severity == "error"]
    for line in sorted({problem.place.line for problem in errors}, reverse=True):
        del lines[line - 2 : line]
    return (
        "\n".join(
            line
            for number, line in enumerate(lines)
            if line != "indicators:"
            or (lines[number + 1 :][:1] not in ([], [""]) and lines[number + 1].startswith(" "))
        )
        + "\n"
    )


@given(cases(unknowns=False))
@examples(60)
def test_every_value_lies_in_the_range_that_is_proved_of_it(case):
    plan, model = case.ruleset.at(case.day), case.ruleset.model
    values, _ = read_facts(plan.facts, case.facts, plan.digits)
    values |= given_values(plan, case.day, read_opening(plan, case.opening))
    results = []
    for step in plan.steps:
        results.append(step_result(step, results, values))
    ranges = {name: value.result.range for name, value in model.values.items()}
    ranges |= {
        name: one.value.result.range
        for name, scale in model.scales.items()
        for one in scale.formulas
        if one.since is None and scale.own
    }
    for name, range_ in ranges.items():
        found = results[plan.names[name]]
        if isinstance(found, Unknown | bool | str) or not hasattr(found, "numerator"):
            continue
        assert range_.low is None or found >= range_.low
        assert range_.high is None or found <= range_.high
        assert not range_.excludes_zero or found != 0
        assert not range_.step or (found / range_.step).denominator == 1
        assert range_.step != 0 or found == 0
