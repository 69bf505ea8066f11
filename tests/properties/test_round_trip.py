# SPDX-License-Identifier: MIT
"""The formatter changes no meaning, and what it has printed it leaves alone."""

from drawing import cases, examples, outcome
from generators.loading import loaded, sources
from hypothesis import given

from rolerules.text.emit import emit


def formatted(text):
    (built,) = sources(text).built
    return emit(built.document, built.formulas)


@given(cases())
@examples(60)
def test_a_formatted_ruleset_means_the_same(case):
    once = formatted(case.text)
    assert formatted(once) == once
    other = loaded(once)
    assert other.digest == case.ruleset.digest
    assert outcome(other, case.facts, case.day, case.opening) == case.outcome()
