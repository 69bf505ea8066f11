# SPDX-License-Identifier: MIT
"""The durable engine: what its rules say, what it refuses, and that no fault of it decides."""

import gc
import itertools
import os
import subprocess
import sys
import threading

import attrs
import pytest
from click.testing import CliRunner
from generators.loading import loaded
from generators.unknowns import Unknown, kleene_and, kleene_or, negated

from rolerules import InternalError, RolerulesError, RulesetError
from rolerules.cli import app
from rolerules.engines import durable, program
from rolerules.engines.rulebook import NO, UNKNOWN, Rule, rulebook
from rolerules.limits import LIMITS

DAY = "2026-09-30"
HEAD = "ruleset: one\nlanguage: 1\nversion: 1.0.0\ncurrency: CNY\nperiod: month\nyear starts: 1 January\n"
LOGIC = (
    HEAD
    + """facts:
  a: yes/no
  b: yes/no
  c: yes/no
values:
  shared: a and not b
limits:
  both: {require: a and b and c, severity: notice}
  either: {require: a or b or c, severity: notice}
  neither: {require: not (a or b), severity: notice}
  chosen: {require: (if a then b else c), severity: notice}
  one: {require: shared or c, severity: notice}
  two: {require: not shared, severity: notice}
assessments:
  asked: {every: month, due: a, met: b}
"""
)
STATES = (
    HEAD
    + """facts:
  sales: money
  content: yes/no
assessments:
  target: {every: month, met: sales >= 100}
status:
  states: [active, suspended, ended]
  start: active
  changes:
    suspend:
      from: active
      to: suspended
      grounds: {each assessment: missed, discontent: not content}
      effect: right of the company
      adverse: yes
      notice: at once
    end:
      from: active
      to: ended
      grounds: {none_at_all: sales = 0 and month = 9}
      effect: right of the company
      adverse: yes
      notice: 30 days
"""
)
TIERS = (
    HEAD
    + """facts:
  sales: money
  grade: {type: choice, of: [A, B]}
tables:
  tier:
    hit: first
    inputs: [sales, grade]
    gives: rate
    rows:
      - [under 0, any, 0%]
      - ['[0..100)', A, 1%]
      - ['[0..100)', B, 2%]
    otherwise: 3%
pay:
  rounding: half up to 0.01
  lines:
    bonus:
      rules:
        - {when: sales < 0, amount: 0}
        - {when: 'grade = "A"', amount: 5}
        - {otherwise: , amount: 7}
"""
)


def fired(text, facts, opening=None):
    """What fires in a case, by what it is about and its name."""
    firings = durable.fire(loaded(text).prove(facts, as_of=DAY, opening=opening))
    found = {}
    for one in firings:
        found.setdefault((one.about, one.name), one.says)
    return found


@pytest.mark.parametrize(("a", "b", "c"), [*itertools.product([True, False, None], repeat=3)])
def test_logic_of_three_values(a, b, c):
    facts = {"a": a, "b": b, "c": c}
    one, two, three = (Unknown() if value is None else value for value in (a, b, c))
    shared = kleene_and([one, negated(two)])
    wanted = {
        "both": kleene_and([one, two, three]), "either": kleene_or([one, two, three]),
        "neither": negated(kleene_or([one, two])), "one": kleene_or([shared, three]), "two": negated(shared),
        "chosen": Unknown() if a is None else two if a else three,
    }  # fmt: skip
    found = fired(LOGIC, facts)
    for name, value in wanted.items():
        says = None if isinstance(value, Unknown) else "kept" if value else "broken"
        assert found.get(("limit", name)) == says
    outcome = None if a is None or (a and b is None) else "met" if a and b else "missed" if a else "not due"  # fmt: skip
    assert found.get(("assessment", "asked")) == outcome


def test_nothing_fires_where_nothing_is_known():
    assert fired(LOGIC, {}) == {}
    assert fired(STATES, {}, {"status": None}) == {}
    assert fired(TIERS, {}) == {}


def test_the_first_change_with_a_ground_follows_and_says_why():
    firings = durable.fire(loaded(STATES).prove({"sales": 99, "content": True}, as_of=DAY))
    (change,) = [one for one in firings if one.about == "change"]
    assert (change.name, change.says) == ("suspend", "follows")
    assert change.because == ("status at start active: yes", "ground suspend.target: holds")


@pytest.mark.parametrize(
    ("facts", "opening", "wanted"),
    [
        ({"sales": 100, "content": True}, None, ("status", "active")),
        ({"sales": 0, "content": True}, None, ("change", "suspend")),
        ({"sales": 0, "content": True}, {"status": "ended"}, ("status", "ended")),
        ({"sales": 100}, None, None),
        ({"content": False}, None, ("change", "suspend")),
    ],
)
def test_what_becomes_of_the_status(facts, opening, wanted):
    found = [key for key in fired(STATES, facts, opening) if key[0] in ("change", "status")]
    assert found == ([wanted] if wanted else [])


def test_a_change_without_grounds_never_follows():
    text = STATES.replace("assessments:\n  target: {every: month, met: sales >= 100}\n", "")
    text = text.replace(", discontent: not content", "").replace("discontent: not content", "")
    assert "grounds: {each assessment: missed}" in text
    assert fired(text, {"sales": 1}).get(("status", "active")) == "stays"


@pytest.mark.parametrize(
    ("facts", "row", "rule"),
    [
        ({"sales": -1}, 1, 1),
        ({"sales": 0, "grade": "A"}, 2, 2),
        ({"sales": 0, "grade": "B"}, 3, 3),
        ({"sales": 100, "grade": "B"}, 4, 3),
        ({"sales": 100}, 4, None),
        ({"grade": "A"}, None, None),
        ({"sales": 0}, None, None),
    ],
)
def test_the_first_row_and_the_first_rule(facts, row, rule):
    found = fired(TIERS, facts)
    rows = [name for about, name in found if about == "table"]
    rules = [name for about, name in found if about == "line"]
    assert rows == ([f"tier {row}"] if row else [])
    assert rules == ([f"bonus {rule}"] if rule else [])


def many(count):
    rows = "".join(f"      - ['[{10 * row}..{10 * row + 10})', {(row % 2 and 'A') or 'B'}, {row}]\n" for row in range(count))  # fmt: skip
    return HEAD + f"facts:\n  sales: money\n  grade: {{type: choice, of: [A, B]}}\ntables:\n  t:\n    hit: first\n    gives: whole\n    inputs: [sales, grade]\n    rows:\n{rows}    otherwise: 0\n"  # fmt: skip


def test_many_rules_are_divided_into_programs_that_follow_on():
    ruleset = loaded(many(150))
    book = rulebook(ruleset.at(DAY))
    divided = program.parts(book.rules)
    assert len(divided) > 3
    assert [rule for one in divided for rule in one] == list(book.rules)
    for sales, grade, row in ((0, "B", 1), (15, "A", 2), (745, "B", 75), (1495, "A", 150), (1495, "B", 151), (1500, "A", 151)):  # fmt: skip
        firings = durable.fire(ruleset.prove({"sales": sales, "grade": grade}, as_of=DAY))
        assert [one.name for one in firings if one.about == "table"] == [f"t {row}"]
    assert [one for one in durable.fire(ruleset.prove({"sales": 5}, as_of=DAY)) if one.about == "table"] == []  # fmt: skip


def test_a_wide_condition_keeps_to_the_limits():
    facts = "".join(f"  f{n}: yes/no\n" for n in range(40))
    limits = f"limits:\n  any: {{require: {' or '.join(f'f{n}' for n in range(40))}, severity: notice}}\n"
    limits += f"  all: {{require: {' and '.join(f'f{n}' for n in range(40))}, severity: notice}}\n"
    limits += f"  pairs: {{require: {' and '.join(f'(f{n} or f{n + 1})' for n in range(0, 40, 2))}, severity: notice}}\n"  # fmt: skip
    text = HEAD + "facts:\n" + facts + limits
    assert max(len(rule.when) for rule in rulebook(loaded(text).at(DAY)).rules) <= program.JOINED
    every = {f"f{n}": True for n in range(40)}
    for facts, wanted in (
        (every, ("kept", "kept", "kept")), (every | {"f39": False}, ("kept", "broken", "kept")),
        (dict.fromkeys(every, False), ("broken", "broken", "broken")), ({"f7": True}, ("kept", None, None)),
        (every | {"f39": None}, ("kept", None, "kept")), (every | {"f39": None, "f0": False}, ("kept", "broken", "kept")),
    ):  # fmt: skip
        found = fired(text, facts)
        assert tuple(found.get(("limit", name)) for name in ("any", "all", "pairs")) == wanted


# --- what is refused


def rules(count, *, node=lambda n: 2 * n, when=1):
    """So many rules that each look for facts of their own."""
    return [
        Rule(f"r{n}", tuple((node(n) + 10_000 * more, 1) for more in range(when)), 2 * n + 1, 1)
        for n in range(count)
    ]


EDGES = {
    "rules in a program": lambda more: rules(198 + more, node=lambda n: n % 150),
    "types of fact in a program": lambda more: rules(197 + more),
    "conditions on one type of fact": lambda more: rules(60 + more, node=lambda n: 0),
    "conditions in a rule": lambda more: rules(5, when=8 + more),
}


@pytest.mark.parametrize("what", EDGES)
def test_at_a_limit_a_program_still_fires_right(what):
    given = EDGES[what](0)
    made = program.Program(given)
    looked = {node: 1 for rule in given for node, _ in rule.when}
    for codes in (looked, looked | {given[-1].when[-1][0]: 0}, looked):
        wanted = [rule.name for rule in given if all(codes[node] == 1 for node, _ in rule.when)]
        assert sorted(rule.name for rule in made.run(dict(codes))) == sorted(wanted)


@pytest.mark.parametrize("what", EDGES)
def test_one_past_a_limit_is_refused(what):
    with pytest.raises(RulesetError) as refused:
        program.Program(EDGES[what](1))
    (problem,) = refused.value.problems
    assert problem.code == "durable-limit"
    assert what in problem.message
    assert len(program.parts(EDGES[what](1))) == (1 if what == "conditions in a rule" else 2)


def test_names_with_one_hash_are_refused(monkeypatch):
    assert program.collisions(["EMP-162789", "E-1", "EMP-379192", "E-1"]) == [("EMP-162789", "EMP-379192")]  # fmt: skip
    monkeypatch.setattr(program, "type_of", {0: "EMP-162789", 2: "EMP-379192"}.__getitem__)
    with pytest.raises(RulesetError, match="`EMP-162789` and `EMP-379192` are the same to"):
        program.Program(rules(2))


def test_no_names_of_ours_have_one_hash():
    names = [program.type_of(node) for node in range(3 * LIMITS.durable_rules)]
    assert program.collisions([*names, f"sid-{program._SID}"]) == []
    assert program.collisions(program._NAMES) == []


def test_people_whose_ids_have_one_hash_never_mix():
    ruleset = loaded(
        HEAD + "facts:\n  person: text\n  sales: money\n  target: money\n"
        "limits:\n  one: {require: 'person = \"EMP-162789\"', severity: notice}\n"
        "assessments:\n  target_met: {every: month, met: sales >= target}\n"
    )
    proofs = {
        person: ruleset.prove({"person": person, "sales": sales, "target": target}, as_of=DAY)
        for person, sales, target in (
            ("EMP-162789", 1, None),
            ("EMP-379192", None, 0),
            ("E-1", 1, 0),
        )
    }
    for person in [*proofs] * 20:
        says = {one.name: one.says for one in durable.fire(proofs[person])}
        assert says["one"] == ("kept" if person == "EMP-162789" else "broken")
        assert says.get("target_met") == ("met" if person == "E-1" else None)


# --- where it is not installed


def test_without_the_package_all_else_works(monkeypatch):
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    durable._OWN.kept.clear()
    ruleset = loaded(TIERS)
    assert ruleset.evaluate({"sales": -1}, as_of=DAY).line("bonus").amount == 0
    with pytest.raises(RolerulesError, match="durable-missing") as refused:
        ruleset.evaluate({"sales": -1}, as_of=DAY, engine="durable")
    assert "CPPFLAGS" in refused.value.problems[0].help
    lines = '{"facts": {}, "as_of": "2026-09-30"}\n' * 2
    args = [
        "evaluate",
        "marketing-director",
        "-",
        "--company",
        "example",
        "--lines",
        "--engine",
        "durable",
    ]
    done = CliRunner().invoke(app, args, input=lines)
    assert done.exit_code == 1
    assert done.output.count("durable-missing") == 1


def test_no_other_engine_loads_it():
    text = (
        "import sys, rolerules\nr = rolerules.load('marketing-director', company='example')\n"
        "r.evaluate({}, as_of='2026-09-30'); r.explain({}, as_of='2026-09-30')\n"
        "assert 'durable_rules_engine' not in sys.modules\n"
        "r.evaluate({}, as_of='2026-09-30', engine='durable')\n"
        "assert 'durable_rules_engine' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", text], check=True, timeout=60)


@pytest.mark.parametrize("engine", ["single", "reference", "durable"])
@pytest.mark.parametrize("form", ["json", "text", "jsonl"])
def test_the_command_takes_an_engine(engine, form):
    args = ["evaluate", "marketing-director", "-", "--company", "example", "--as-of", DAY, "--format", form]  # fmt: skip
    stdin = '{"grade": "M1", "team_sales": "1.00", "team_target": "2.00"}'
    plain = CliRunner().invoke(app, args, input=stdin)
    named = CliRunner().invoke(app, [*args, "--engine", engine], input=stdin)
    assert named.exit_code == plain.exit_code == 0
    assert named.output == plain.output


# --- what goes wrong never decides


class Faulty:
    """durable-rules with one call that goes wrong."""

    def __init__(self, name, fault, at=1):
        self.real, self.name, self.fault, self.at = program.installed(), name, fault, at
        self.error = self.real.error
        self.armed = False

    def __getattr__(self, name):
        call = getattr(self.real, name)
        if name != self.name:
            return call

        def faulty(*args):
            if self.armed:
                self.at -= 1
                if self.at == 0:
                    return self.fault(call, *args)
            return call(*args)

        return faulty


@pytest.fixture
def fault(monkeypatch):
    """Loads a plan into a faulty engine, and arms the fault."""

    def made(proof, *given):
        durable._OWN.kept.clear()
        faulty = Faulty(*given)
        monkeypatch.setattr(program, "installed", lambda: faulty)
        durable.fire(proof)
        faulty.armed = True
        return faulty

    return made


PROOF_FACTS = {"sales": 99, "content": True}


@pytest.mark.parametrize(
    ("name", "wrong", "at"),
    [
        ("start_action_for_state", lambda call, *args: None, 1),
        ("complete_and_start_action", lambda call, *args: None, 1),
        ("complete_and_start_action", lambda call, *args: call(*args) and call(*args), 1),
        ("start_action_for_state", lambda call, *args: (None, call(*args)[1].replace('"c":', '"c":3')), 1),
        ("start_action_for_state", lambda call, *args: (None, call(*args)[1].replace('"case":', '"case":1')), 1),
        ("start_action_for_state", lambda call, *args: (None, call(*args)[1].replace('{"r', '{"x')), 1),
        ("start_action_for_state", lambda call, *args: (None, '{"warm": {}}'), 1),
        ("assert_fact", lambda call, *args: (2, 0), 1),
        ("assert_fact", lambda call, *args: call("no handle"), 3),
        ("start_action_for_state", lambda call, *args: (None, "{"), 1),
        ("assert_fact", lambda call, handle, fact: call(handle, fact.replace('"c":1', '"c":0')), 1),
        ("assert_fact", lambda call, handle, fact: call(handle, fact.replace('"c":1', '"c":2')), 1),
        ("delete_state", lambda call, *args: call(*args, "more"), 1),
    ],
)  # fmt: skip
def test_a_fault_is_an_internal_error_and_the_next_case_is_right(fault, name, wrong, at):
    proof = loaded(STATES).prove(PROOF_FACTS, as_of=DAY)
    wanted = durable.fire(proof)
    fault(proof, name, wrong, at)
    with pytest.raises(InternalError) as error:
        durable.fire(proof)
    assert error.value.case["ruleset"] == proof.plan.digest
    assert durable.fire(proof) == wanted


class StoppedError(BaseException):
    """As when a user interrupts."""


def stop(call, *args):
    raise StoppedError


CALLS = {"assert_fact": 6, "start_action_for_state": 1, "complete_and_start_action": 5}


@pytest.mark.parametrize("name", CALLS)
def test_it_recovers_from_an_end_at_every_call(fault, name):
    proof = loaded(STATES).prove(PROOF_FACTS, as_of=DAY)
    wanted = durable.fire(proof)
    for at in range(1, CALLS[name] + 1):
        faulty = fault(proof, name, stop, at)
        with pytest.raises(StoppedError):
            durable.fire(proof)
        assert faulty.at == 0
        assert durable.fire(proof) == wanted


def alone(book, proof):
    """The rules that are the only ones to say something in a case."""
    codes = [node.code(proof.results.__getitem__, proof.decision.opening_status) for node in book.nodes]  # fmt: skip
    says = {}
    for rule in book.rules:
        if all(codes[node] == code for node, code in rule.when):
            says.setdefault(rule.node, []).append(rule.name)
    return {names[0] for names in says.values() if len(names) == 1}


@pytest.mark.parametrize("text", [LOGIC, STATES, TIERS])
def test_every_wrong_rule_is_found_out(text, monkeypatch):
    """A rule that is left out, or that looks for something else, never survives all cases."""
    ruleset = loaded(text)
    values = {"yes/no": [True, False], "money": [-1, 0, 100], "choice": ["A", "B"]}
    pools = [values[fact.type.kind] for fact in ruleset.model.facts.values()]
    proofs = [
        ruleset.prove(dict(zip(ruleset.model.facts, row, strict=True)), as_of=DAY, opening=opening)
        for row in itertools.product(*pools)
        for opening in [None, *({"status": state} for state in ruleset.at(DAY).states)]
    ]
    book = rulebook(ruleset.at(DAY))
    needed = {name for proof in proofs for name in alone(book, proof)}
    assert len(needed) > 0.6 * len(book.rules)
    for place, rule in enumerate(book.rules):
        if rule.name not in needed:  # whenever it fires, another says the same; or it never does
            continue
        left, right = book.rules[:place], book.rules[place + 1 :]
        node, code = rule.when[0]
        other = attrs.evolve(rule, when=((node, 1 - code % 2), *rule.when[1:]))
        for mutant in (left + right, (*left, other, *right)):
            durable._OWN.kept.clear()
            wrong = attrs.evolve(book, rules=mutant)
            monkeypatch.setattr(durable, "rulebook", lambda plan, wrong=wrong: wrong)
            with pytest.raises(InternalError):
                [durable.fire(proof) for proof in proofs]
    durable._OWN.kept.clear()


@pytest.mark.parametrize("at", [1, 2, 4])
def test_a_program_that_fails_when_it_is_loaded_frees_nothing_wrongly(monkeypatch, at):
    calls = []
    faulty = Faulty("assert_fact", stop, at)
    faulty.armed = True
    monkeypatch.setattr(program, "installed", lambda: faulty)
    for name in ("delete_state", "delete_ruleset"):
        real = getattr(faulty.real, name)
        setattr(faulty, name, lambda *args, name=name, real=real: calls.append(name) or real(*args))
    with pytest.raises(StoppedError):
        program.Program(rules(3))
    gc.collect()
    # A session in which nothing ever fired must not be deleted, nor a program before its session.
    assert calls[-2:] == ([] if at == 1 else ["delete_state", "delete_ruleset"])


def test_a_disagreement_holds_the_case(fault):
    proof = loaded(STATES).prove(PROOF_FACTS, as_of=DAY)
    fault(proof, "start_action_for_state", lambda call, *args: None, 1)
    with pytest.raises(InternalError, match="disagree") as error:
        durable.decide(proof)
    case = error.value.case
    assert case["ruleset"] == proof.plan.digest
    assert case["results"] == proof.results
    assert case["fired"] == []
    assert case["wanted"] == list(durable.fire(proof))
    assert ("assessment", "target", UNKNOWN, NO) in case["nodes"]


def test_a_case_within_a_case_has_programs_of_its_own(fault):
    ruleset = loaded(STATES)
    outer, inner = (
        ruleset.prove({"sales": sales, "content": True}, as_of=DAY) for sales in (99, 100)
    )
    wanted, found = [durable.fire(outer), durable.fire(inner)], []

    def within(call, *args):
        found.append(durable.fire(inner))
        return call(*args)

    fault(outer, "assert_fact", within, 2)
    found.append(durable.fire(outer))
    assert found == wanted[::-1]


def test_eight_threads():
    ruleset = loaded(STATES)
    proofs = [ruleset.prove({"sales": sales, "content": sales % 3 > 0}, as_of=DAY) for sales in range(90, 110)]  # fmt: skip
    wanted = [durable.fire(proof) for proof in proofs]
    wrong, start = [], threading.Barrier(8)

    def work(shift):
        start.wait()
        for number in range(400):
            place = (number + shift) % len(proofs)
            if durable.fire(proofs[place]) != wanted[place]:
                wrong.append(place)

    threads = [threading.Thread(target=work, args=[shift]) for shift in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_forked_process_fires_right():
    proof = loaded(STATES).prove(PROOF_FACTS, as_of=DAY)
    wanted = durable.fire(proof)
    child = os.fork()
    if not child:
        os._exit(0 if [durable.fire(proof) for _ in range(50)] == [wanted] * 50 else 1)
    assert durable.fire(proof) == wanted
    assert os.waitpid(child, 0)[1] == 0


def test_more_plans_than_are_kept_are_loaded_anew():
    proofs = [loaded(TIERS.replace("1.0.0", f"1.0.{n}")).prove({"sales": -1}, as_of=DAY) for n in range(40)]  # fmt: skip
    for proof in proofs * 2:
        assert ("line", "bonus 1") in {(one.about, one.name) for one in durable.fire(proof)}
    assert len(durable._OWN.kept) == durable._KEPT
