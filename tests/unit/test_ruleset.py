# SPDX-License-Identifier: MIT
"""A loaded ruleset: what it says of itself, and all reasons to refuse a case at once."""

import pytest

from rolerules import FactError, load


def codes(facts, as_of, opening=None, company="example"):
    ruleset = load("marketing-director", company=company)
    with pytest.raises(FactError) as refused:
        ruleset.prove(facts, as_of=as_of, opening=opening)
    return [(one.code, one.path) for one in refused.value.problems]


def test_a_bad_date_hides_no_other_reason():
    assert codes({"grade": "M9", "grad": 1}, "30.09.2026", {"status": "asleep"}) == [
        ("as-of", "as_of"),
        ("unknown-fact", "grad"),
        ("unknown-choice", "grade"),
        ("opening", "opening.status"),
    ]
    assert codes([1], None) == [("facts-shape", ""), ("as-of", "as_of")]
    assert codes({}, "2026-09-31") == [("as-of", "as_of")]


def test_facts_that_are_no_map_hide_no_bad_opening():
    assert codes(3, "2026-09-30", {"status": "asleep"}) == [
        ("facts-shape", ""),
        ("opening", "opening.status"),
    ]


def test_without_figures_the_facts_are_still_looked_at():
    found = codes({"grade": "M9"}, "30.09.2026", {"status": "asleep"}, company=None)
    assert found == [("as-of", "as_of"), ("unknown-choice", "grade")]


def test_shown_as_what_it_is():
    assert repr(load("director-of-operations")) == "<Ruleset director-of-operations 1.0.0>"
    marketing = load("marketing-director", company="example")
    assert repr(marketing) == "<Ruleset marketing-director 1.0.0, company example>"
