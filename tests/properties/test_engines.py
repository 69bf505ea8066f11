# SPDX-License-Identifier: MIT
"""The single engine gives what the reference engine gives: amounts, outcomes, grounds, refusals."""

import datetime
import io
import itertools
import linecache
import pickle
import re
import tokenize

import pytest
from drawing import cases, examples
from generators.loading import checked
from hypothesis import given
from hypothesis import strategies as st
from test_cases import CASE_FILES

from rolerules import FactError, RolerulesError, Ruleset, load
from rolerules.engines.single.function import full_function, known_function
from rolerules.engines.single.later import Day
from rolerules.testing import boundary_cases, facts
from rolerules.testing.cases import run_file

BOTH = ("single", "reference")
DAY = datetime.date(2026, 9, 30)


def found(ruleset, given_facts, day, opening, engine):
    """The decision as plain data, or the problems for which the case is refused."""
    try:
        decision = ruleset.evaluate(given_facts, as_of=day, opening=opening, engine=engine)
    except RolerulesError as error:
        return [str(problem) for problem in error.problems]
    return decision.to_dict(), [line.rule for line in decision.lines]


@given(cases(), st.data())
@examples(120)
def test_they_agree(case, data):
    more = data.draw(st.lists(facts(case.ruleset, unknowns=False), min_size=3, max_size=3))
    for one in [case.facts, *more]:
        single, reference = (
            found(case.ruleset, one, case.day, case.opening, engine) for engine in BOTH
        )
        assert single == reference


@given(cases(tables=True))
@examples(40)
def test_they_agree_at_every_boundary(case):
    for one in boundary_cases(case.ruleset, as_of=case.day, opening=case.opening):
        single, reference = (
            found(case.ruleset, one, case.day, case.opening, engine) for engine in BOTH
        )
        assert single == reference


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_they_agree_on_every_case_file(path, monkeypatch):
    evaluate = Ruleset.evaluate

    def both(self, given_facts, *, as_of, opening=None):
        single, reference = (
            found_or_raised(evaluate, self, given_facts, as_of, opening, engine) for engine in BOTH
        )
        assert str(single) == str(reference)
        if isinstance(single, Exception):
            raise single
        assert single == reference
        return single

    monkeypatch.setattr(Ruleset, "evaluate", both)
    run_file(path)


def found_or_raised(evaluate, ruleset, given_facts, as_of, opening, engine):
    try:
        return evaluate(ruleset, given_facts, as_of=as_of, opening=opening, engine=engine)
    except RolerulesError as error:
        return error


@pytest.mark.parametrize("rest", ["", "    otherwise: 0\n", "    otherwise: silent gap\n"])
@pytest.mark.parametrize("hit", ["collect sum", "collect max", "collect min", "first", "unique"])
@pytest.mark.parametrize("row", ["[under 0, silent gap]", "[under 0, 5.00]"])
def test_they_agree_where_a_table_is_silent(rest, hit, row):
    ruleset = checked(
        "ruleset: one\nlanguage: 1\nversion: 1.0.0\ncurrency: CNY\nperiod: month\n"
        "year starts: 1 January\nreadings:\n  gap: {text: Open., source: S-1}\nfacts:\n  f: money\n"
        f"tables:\n  t:\n    hit: {hit}\n    gives: money\n    inputs: [f]\n{rest}    rows:\n"
        f"      - {row}\n      - ['[0..5]', 7.00]\npay:\n  rounding: half up to 0.01\n"
        "  lines:\n    line:\n      amount: t\n"
    )[0]
    assert ruleset is not None or (not rest and hit != "collect sum")
    for amount in (-1, 0, 5, 6, None) if ruleset else ():
        single, reference = (found(ruleset, {"f": amount}, DAY, None, engine) for engine in BOTH)
        assert single == reference


HEAD = """ruleset: one
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
"""


def test_they_agree_where_rows_and_columns_ask_for_one_input():
    ruleset = checked(
        HEAD + "facts:\n  f: {type: whole, min: 0}\n"
        "tables:\n  t:\n    hit: unique\n    gives: money\n    inputs: [f, f]\n"
        "    columns: [under 5, 5 or more]\n    rows:\n"
        "      - [under 10, 1, 2]\n      - [10 or more, 3, 4]\n"
        "pay:\n  rounding: half up to 0.01\n  lines:\n    line: {amount: t}\n"
    )[0]
    for amount, wanted in ((0, 1), (4, 1), (5, 2), (9, 2), (10, 4), (11, 4)):
        single, reference = (found(ruleset, {"f": amount}, DAY, None, engine) for engine in BOTH)
        assert single == reference
        assert ruleset.evaluate({"f": amount}, as_of=DAY).total.amount == wanted


def test_they_agree_where_a_share_s_field_is_unknown():
    ruleset = checked(
        HEAD + "facts:\n  f: yes/no\n  l:\n    type: list\n    each:\n"
        "      w: {type: number, min: 0}\n      k: yes/no\n      n: number\n"
        "pay:\n  rounding: half up to 0.01\n  lines:\n"
        "    line: {amount: 'sum(allocate(100.00, l, by w)[k or f].part)'}\n"
        "indicators:\n  i: {value: 'sum(for x in allocate(100.00, l, by w) return x.n)'}\n"
    )
    assert ruleset[0] is not None, ruleset[1]
    items = [{"w": 1, "k": True, "n": 1}, {"w": 1, "k": None, "n": None}]
    for f in (False, None, True, False):
        case = {"f": f, "l": items}
        single, reference = (found(ruleset[0], case, DAY, None, engine) for engine in BOTH)
        assert single == reference


@pytest.mark.parametrize(
    "amount",
    [
        "rate * salary[g]",
        "salary[g] * rate",
        "rate * factor[h] * salary[g]",
        "factor[h] * salary[g]",
        "rate * 3.33 * salary[g]",
        "if f > 3 then salary[g] else 7.00",
        "salary[g] / 8",
        "salary[g] / 3",
        "-(salary[g] * rate)",
        "0.00 - salary[g]",
        "floor(rate * 3.7) * salary[g]",
        "ceiling(factor[h] * 1.1) * salary[g]",
        "max(salary[g], 50.00)",
        "abs(-(salary[g]))",
        "round(factor[h], 0.1, half up) * salary[g]",
    ],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["half up to 0.01", "down to 0.05", "half even to 10"])
def test_they_agree_on_amounts_of_few_figures(amount, mode):
    ruleset = checked(
        HEAD + "facts:\n  f: {type: whole, min: 0}\n  g: {type: choice, of: [A, B, C]}\n"
        "  h: {type: choice, of: [A, B, C]}\n"
        "parameters:\n  salary:\n    type: money\n    by: g\n    from 2020-01-01:\n"
        "      A: 100.05\n      B: 33.33\n      C: 0\n"
        "  factor:\n    type: number\n    by: h\n    from 2020-01-01:\n"
        "      A: 1.5\n      B: 0.3335\n      C: 0\n"
        "tables:\n  rate:\n    hit: unique\n    gives: number\n    inputs: [f]\n    rows:\n"
        "      - [under 2, 0.05]\n      - [2 to under 4, 1.5]\n      - [4 or more, 0]\n"
        f"pay:\n  rounding: {mode}\n  lines:\n"
        f"    line:\n      may be negative: yes\n      amount: '{amount}'\n"
    )
    assert ruleset[0] is not None, ruleset[1]
    for f, g, h in itertools.product((0, 2, 4), "ABC", "ABC"):
        case = {"f": f, "g": g, "h": h}
        single, reference = (found(ruleset[0], case, DAY, None, engine) for engine in BOTH)
        assert single == reference


WORDS = {
    "def", "case", "facts", "given", "if", "elif", "else", "not", "in", "is", "and", "or", "raise",
    "return", "for", "break", "None", "True", "False", "Slow", "stop", "Decimal", "Fraction", "date", "days",
    "year", "month", "day", "type", "str", "list", "tuple", "dict", "int", "bool", "len", "get", "append",
    "abs", "min", "max", "sum", "numerator", "denominator", "frozenset", "issuperset", "full_months",
    "full_years", "add_days", "add_months", "add_working_days", "x", "plus", "minus", "times", "size", "summed",
    "referred", "decimal_of", "gap_of", "unknown", "later", "others", "rest", "statuses", "status_of",
    "status", "key", "values", "found", "OpenPayLine", "PayLine",
    "OpenDecision", "Decision", "__class__", "id", "amount", "needs", "rule", "lines", "total", "_later",
    "_values", "probe", "probed", "while", "try", "except", "KeyError", "pass", "value_of", "top_of", "below_of",
}  # fmt: skip


@given(cases())
@examples(60)
def test_nothing_that_an_author_wrote_becomes_source(case):
    plan = case.ruleset.at(case.day)
    for made in (known_function(plan), full_function(plan)):
        if made is None:
            continue
        source = "".join(linecache.getlines(made.make.__code__.co_filename))
        assert source
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            assert token.type != tokenize.STRING
            named = token.type == tokenize.NAME and not re.fullmatch(r"[vk][0-9]+", token.string)
            assert not named or token.string in WORDS


FACTS = {
    "grade": "M1", "team_target": "1200000.00", "team_sales": "1199999.99", "key_accounts": [],
    "profit": "84000.00", "special_tasks": [], "satisfied": True, "annual_target": 1, "annual_sales": 1,
}  # fmt: skip


def test_the_shipped_role_is_decided_by_the_single_engine_and_later_changes_of_facts_are_not_seen():
    ruleset, given_facts = load("marketing-director", company="example"), dict(FACTS)
    given_facts["special_tasks"] = [{"task": "fair", "passed": True}]
    ruleset.evaluate(FACTS, as_of=DAY)  # the first case is decided before functions are written
    decision = ruleset.evaluate(given_facts, as_of=DAY)
    assert decision._later is not None
    given_facts["special_tasks"].append({"task": "fair", "passed": False})
    given_facts["grade"] = "M3"
    assert decision.assessments["special_tasks"].outcome == "met"
    assert decision.duties == ruleset.evaluate(FACTS | {"special_tasks": [{"task": "fair", "passed": True}]}, as_of="2026-09-30", engine="reference").duties  # fmt: skip
    assert decision.line("basic_salary").amount == 20000


def test_a_ruleset_and_a_decision_survive_pickling():
    ruleset = load("marketing-director", company="example")
    decision = ruleset.evaluate(FACTS, as_of=DAY)
    assert pickle.loads(pickle.dumps(decision)) == decision
    copied = pickle.loads(pickle.dumps(ruleset))
    assert copied.evaluate(FACTS, as_of=DAY) == decision


DATED = """ruleset: dated
language: 1
version: 1.0.0
currency: CNY
period: month
year starts: 1 January
facts:
  sold: date
parameters:
  rate:
    type: rate
    from 2026-01-01: 5%
KIND
"""


@pytest.mark.parametrize(
    "kind",
    [
        "indicators:\n  then: {value: 'in_force(rate, sold)'}",
        "duties:\n  d: {part: leads, source: S-1, every: month, done: 'in_force(rate, sold) > 0'}",
    ],
)
def test_what_can_refuse_a_case_is_never_put_off(kind):
    ruleset = checked(DATED.replace("KIND", kind))[0]
    for engine in BOTH:
        with pytest.raises(FactError, match="not-in-force"):
            ruleset.evaluate({"sold": datetime.date(2025, 12, 31)}, as_of=DAY, engine=engine)
        ruleset.evaluate({"sold": datetime.date(2026, 1, 1)}, as_of=DAY, engine=engine)


def test_what_nobody_looked_at_is_worked_out_once(monkeypatch):
    runs, full = [], Day.full
    monkeypatch.setattr(Day, "full", lambda day: runs.append(1) or full(day))
    ruleset = load("marketing-director", company="example")
    ruleset.evaluate(FACTS, as_of=DAY)
    decision = ruleset.evaluate(FACTS, as_of=DAY)
    assert decision.opening_since is None
    assert runs == []
    assert decision.duties
    assert decision.indicators
    assert decision.missing
    assert runs == [1]


@pytest.mark.parametrize("engine", BOTH)
def test_a_decision_has_no_other_fields(engine):
    decision = load("marketing-director", company="example").evaluate(
        FACTS, as_of=DAY, engine=engine
    )
    with pytest.raises(AttributeError, match="pay"):
        decision.pay  # noqa: B018  # looking is what is tested


def test_an_engine_that_there_is_not_is_refused():
    ruleset = load("marketing-director", company="example")
    with pytest.raises(ValueError, match="there is no engine `fast`: write `single`, `ref"):
        ruleset.evaluate(FACTS, as_of=DAY, engine="fast")
