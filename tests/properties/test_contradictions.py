# SPDX-License-Identifier: MIT
"""What is noted of limits is so: the rows named are reached by no accepted case, over all facts."""

from drawing import examples
from generators.loading import checked
from hypothesis import given
from hypothesis import strategies as st

from rolerules import FactError

HEAD = """ruleset: random-one
language: 1
version: 1.0.0
period: month
year starts: 1 January
facts:
  x: {{type: whole, min: 0, max: 9}}
  g: {{type: choice, of: [A, B, C]}}
values:
  twice: x * 2
  low: x < 3
limits:
  first_one:
    require: {}
    severity: {}
  second_one:
    require: {}
    severity: error
tables:
  t:
    hit: collect sum
    inputs: [x, g, twice]
    gives: number
    rows:
{}
indicators:
  t: {{value: t}}
"""
NUMBERS = st.integers(-1, 11)
SIGNS = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
OF_X = st.one_of(
    st.builds("x {} {}".format, SIGNS, NUMBERS),
    st.builds("{} {} x".format, NUMBERS, SIGNS),
    st.builds("x between {} and {}".format, NUMBERS, NUMBERS),
)
TESTS = st.one_of(
    OF_X,
    st.builds("x * 2 {} {}".format, SIGNS, NUMBERS),
    st.builds('g {} "{}"'.format, st.sampled_from(["=", "!="]), st.sampled_from("ABC")),
    st.just("low"),
)
LIMITS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("(not {})".format, inner),
    ),
    max_leaves=3,
)
CELLS = st.one_of(
    st.just("any"),
    st.builds("under {}".format, NUMBERS),
    st.builds("{} to {}".format, NUMBERS, NUMBERS),
    st.builds("over {}".format, NUMBERS),
    st.builds("{}".format, NUMBERS),
)
WORDS = st.sampled_from(["any", "A", "not B", "A or C"])
ROWS = st.lists(st.tuples(CELLS, WORDS, CELLS), min_size=1, max_size=4)
FACTS = [{"x": x, "g": g} for x in (*range(10), None) for g in ("A", "B", "C", None)]


def load(first, severity, second, rows):
    lines = "\n".join(f'      - ["{x}", "{g}", "{twice}", 1]' for x, g, twice in rows)
    return checked(HEAD.format(first, severity, second, lines))


def noted(problems, code):
    return {one.place.line for one in problems if one.code == code}


def reached(ruleset, facts):
    """The lines of the rows that match; None for facts that are refused."""
    try:
        proof = ruleset.prove(facts, as_of="2026-01-31")
    except FactError:
        return None
    step = proof.plan.steps[proof.plan.names["t"]]
    tests = [proof.results[place] for place in step.args[: 2 * step.value.rows : 2]]
    return {line for line, test in zip(step.value.lines, tests, strict=True) if test is True}


@given(LIMITS, st.sampled_from(["error", "violation"]), LIMITS, ROWS)
@examples(120)
def test_no_accepted_case_reaches_a_row_that_is_noted(first, severity, second, rows):
    ruleset, problems = load(first, severity, second, rows)
    against = noted(problems, "row-against-limit")
    for facts in FACTS if against else ():
        assert not against & (reached(ruleset, facts) or set())


@given(
    OF_X, OF_X, st.lists(st.tuples(CELLS, st.just("any"), st.just("any")), min_size=1, max_size=4)
)
@examples(60)
def test_a_row_that_one_limit_keeps_every_case_from_is_noted(first, second, rows):
    ruleset, problems = load(f"{first} and {second}", "error", "x >= 0", rows)
    free, _ = load("x >= 0", "error", "x >= 0", rows)
    against = noted(problems, "row-against-limit")
    for line in {line for facts in FACTS for line in reached(free, facts)}:
        assert (line in against) != any(line in (reached(ruleset, one) or ()) for one in FACTS)


@given(LIMITS)
@examples(100)
def test_a_limit_that_is_noted_never_or_always_holds(limit):
    ruleset, problems = load(limit, "violation", "x >= 0", [("any", "any", "any")])
    line = 1 + HEAD[: HEAD.index("  first_one")].count("\n")
    broken = [
        "first_one" in [one.id for one in ruleset.evaluate(facts, as_of="2026-01-31").violations]
        for facts in FACTS
        if None not in facts.values()
    ]
    if line in noted(problems, "limit-never"):
        assert all(broken)
    if line in noted(problems, "limit-always"):
        assert not any(broken)
    if " and " not in limit and " or " not in limit and limit[:2] == "x ":
        assert (line in noted(problems, "limit-never")) == all(broken)
        assert (line in noted(problems, "limit-always")) == (not any(broken))
