# SPDX-License-Identifier: MIT
"""Nothing but documented refusals comes out, whatever goes in."""

import random

from drawing import DOCUMENTED, attempt, cases, examples
from generators.loading import checked
from generators.rulesets import Maker, Options, rulesets
from hypothesis import given
from hypothesis import strategies as st

from rolerules import load

MARKETING = load("marketing-director", company="example")


def test_nearly_all_random_rulesets_check_without_problems():
    texts = [Maker(random.Random(seed).randrange, Options()).ruleset() for seed in range(150)]
    assert sum(checked(text)[0] is not None for text in texts) >= 0.98 * len(texts)


@given(cases())
@examples(80)
def test_accepted_facts_give_a_decision_or_a_documented_refusal(case):
    outcome = case.outcome()
    assert isinstance(outcome, dict) or outcome <= DOCUMENTED


_junk = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=3),
        st.decimals(), st.fractions(), st.dates(), st.datetimes(), st.sampled_from(["5%", "1e9", "-0", "M1", "1,5"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from([*MARKETING.model.facts, "else"]), _junk),
    st.one_of(_junk, st.just("2026-09-30")),
    _junk,
)
@examples(300)
def test_anything_given_as_facts_is_decided_or_refused(given_facts, as_of, opening):
    found = attempt(MARKETING, given_facts, as_of, opening)
    assert not isinstance(found, tuple) or all(one.code and one.message for one in found)
    assert found


@given(st.data())
@examples(60)
def test_a_damaged_ruleset_has_problems_and_never_another_exception(data):
    lines = data.draw(rulesets()).splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place : place + 1] = data.draw(
            st.sampled_from([_without, _twice, _cut, _shifted, _swapped, _other])
        )(lines[place])
        lines = lines or ["x"]
    ruleset, problems = checked("\n".join(lines) + "\n")
    assert (ruleset is None) == any(problem.severity == "error" for problem in problems)
    assert all(str(problem) for problem in problems)


def _without(line):
    return []


def _twice(line):
    return [line, line]


def _cut(line):
    return [line[: len(line) // 2]]


def _shifted(line):
    return [" " + line]


def _swapped(line):
    words = line.split(" ")
    return [" ".join([*words[:-2], *reversed(words[-2:])])]


def _other(line):
    return [line.replace("money", "text").replace("0", "").replace("(", "", 1).replace("_1", "_2")]


def test_a_table_over_a_figure_that_is_0_is_checked():
    text = """
ruleset: random-one
language: 1
version: 1.0.0
currency: CNY
period: quarter
year starts: 1 January
parameters:
  nothing:
    type: money
    value: 0
tables:
  band:
    hit: unique
    inputs: [nothing]
    gives: rate
    rows:
      - [under 1, 0%]
      - [1 or more, 5%]
"""
    assert checked(text.lstrip())[1] == ()
