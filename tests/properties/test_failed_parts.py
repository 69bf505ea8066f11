# SPDX-License-Identifier: MIT
"""Parts that fail for certain where nobody knows yet whether they count: what is missing, by columns.

Random conditions and a table over facts that are known, unknown, or so far out that a day lies outside the
calendar, under a gate that may be unknown; every row of every combination, beside the reference engine.
"""

from __future__ import annotations

import datetime
import itertools
import random

import polars as pl
import pytest
from generators.loading import checked, decided

DAY = datetime.date(2026, 9, 30)
HEAD = """ruleset: one
language: 1
version: 1.0.0
currency: CNY
period: quarter
year starts: 1 January
facts:
  gate: yes/no
  a: yes/no
  b: yes/no
  x: money
  y: money
  n: whole
  m: whole
  calls:
    type: list
    each: {good: yes/no, days: whole}
parameters:
  free:
    type: dates
    from 2026-01-01: [2026-10-01]
pay:
  rounding: half up to 0.01
"""
FAR = 4_000_000
FACTS = {
    "gate": [True, None], "a": [True, False, None], "b": [True, None], "x": [1, None], "n": [1, FAR, None],
    "m": [1, FAR],
    "calls": [None, [], [{"good": True, "days": FAR}, {"good": None, "days": 1}], [{"good": False, "days": None}]],
}  # fmt: skip
KINDS = dict.fromkeys(("gate", "a", "b"), pl.Boolean) | dict.fromkeys(("x", "y", "n", "m"), pl.Int64) | {
    "calls": pl.List(pl.Struct({"good": pl.Boolean, "days": pl.Int64})),
}  # fmt: skip
ROWS = [
    {**dict(zip(FACTS, one, strict=True)), "y": None} for one in itertools.product(*FACTS.values())
]


def condition(rng, depth, item=""):
    """A condition; inside of a list also over its item."""
    if depth <= 0:
        plain = [
            "a",
            "b",
            "add_days(as_of, n) > as_of",
            "add_days(as_of, m) > as_of",
            "x > 0",
            "y > 0",
        ]
        inside = [f"{item}.good", f"add_days(as_of, {item}.days) > as_of"] if item else []
        return f"({rng.choice(plain + inside * 3)})"
    one, two, three = (condition(rng, depth - 1, item) for _ in range(3))
    forms = [f"({one} and {two})", f"({one} or {two})", f"(not {one})", f"known({one})", f"({one} or else {two})",
             f"(if {one} then {two} else {three})", f"({one} = {two})"]  # fmt: skip
    if not item:
        inner = condition(rng, depth - 1, "call")
        forms += [f"(some call in calls satisfies {inner})", f"(every call in calls satisfies {inner})",
                  f"(count(calls[good]) > 1 and {one})"]  # fmt: skip
    return rng.choice(forms)


def text(rng):
    """A pay line of a few rules, all under the gate; a table, and an assessment."""
    amounts = ["x", "y", "3", "x / 2", "(x or else y)", "t", "(if a then t else x)"]
    out = [
        "  lines:",
        "    line:",
        "      may be negative: yes",
        "      gate: gate",
        "      rules:",
    ]
    for amount in rng.sample(amounts, 2):
        when = condition(rng, rng.randrange(3))
        out += [f'        - when: "{when}"', f'          amount: "{amount}"']
    out += [
        "        - otherwise:",
        f"          amount: {rng.choice(['0', 'y', 't'])}",
        "tables:",
        "  t:",
    ]
    hit = rng.choice(["first", "unique", "collect sum", "collect max"])
    out += [
        f"    hit: {hit}",
        "    gives: money",
        f'    inputs: [b, "{condition(rng, 1)}", x]',
        "    rows:",
    ]
    for _ in range(rng.randrange(1, 4)):
        cells = [
            rng.choice(cells)
            for cells in (["yes", "no", "any"], ["yes", "no", "any"], ["> 0", "any"])
        ]
        output = rng.choice(["x", "y", "2.00", f"if {condition(rng, 1)} then x else 0"])
        out.append(f'      - [{", ".join(cells)}, "{output}"]'.replace(", > 0", ', "> 0"'))
    due, met = condition(rng, rng.randrange(2)), condition(rng, rng.randrange(2))
    out.append(f"    otherwise: {rng.choice(['0.00', 'y'])}")
    out += ["assessments:", "  z:", "    every: quarter", f'    due: "{due}"', f'    met: "{met}"']
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("seed", range(40))
def test_what_is_missing_beside_what_fails(seed):
    rng, ruleset = random.Random(seed), None
    while ruleset is None:  # a table of which two rows match is refused
        ruleset, _ = checked(HEAD + text(rng))
    found = ruleset.evaluate_table(pl.DataFrame(ROWS, schema=KINDS), as_of=DAY).to_dicts()
    for case, row in zip(ROWS, found, strict=True):
        wanted = decided(ruleset, case, DAY)
        assert decided(ruleset, case, DAY, "single") == wanted, case
        assert (row["refused"] is None) == (wanted is not None), case
        if wanted is not None:
            assert row["pay.line"] == wanted.total.amount, case
            assert row["assessments.z"] == wanted.assessments["z"].outcome, case
            assert row["missing"] == ", ".join(wanted.missing), case
