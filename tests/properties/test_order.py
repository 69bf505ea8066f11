# SPDX-License-Identifier: MIT
"""Order means nothing: of facts, of sections, of names within them, of rows of a unique table."""

import attrs
from drawing import cases, examples, outcome
from generators.loading import loaded
from hypothesis import given
from hypothesis import strategies as st

from rolerules.text.emit import emit
from rolerules.text.reader import read
from rolerules.text.tree import Mapping, Scalar, Sequence

NAMED = (
    "facts",
    "parameters",
    "tables",
    "scales",
    "carries",
    "values",
    "duties",
    "assessments",
    "limits",
    "indicators",
    "lines",
    "grounds",
    "readings",
    "each",
)


def reordered(text, shuffled):
    document = read(text, "random.yaml")
    root = _mapping(document.root, shuffled, "", shuffle=True)
    return emit(attrs.evolve(document, root=root), comments=False)


def _mapping(node, shuffled, name, *, shuffle):
    if isinstance(node, Scalar):
        return node
    if isinstance(node, Sequence):
        return attrs.evolve(
            node, items=tuple(_mapping(item, shuffled, "", shuffle=False) for item in node.items)
        )
    entries = [
        attrs.evolve(
            entry,
            value=_mapping(entry.value, shuffled, entry.key.text, shuffle=entry.key.text in NAMED),
        )
        for entry in node.entries
    ]
    hits = [entry.value.text for entry in node.entries if entry.key.text == "hit"]
    if hits == ["unique"]:
        entries = [
            attrs.evolve(entry, value=_rows(entry.value, shuffled))
            if isinstance(entry.value, Sequence) and entry.key.text != "inputs"
            else entry
            for entry in entries
        ]
    return (
        Mapping(node.span, tuple(shuffled(entries)), node.flow)
        if shuffle or hits
        else attrs.evolve(node, entries=tuple(entries))
    )


def _rows(node, shuffled):
    return attrs.evolve(node, items=tuple(shuffled(list(node.items))))


def plain(outcome):
    """An outcome without what may depend on order: the digest, and the order of pay lines."""
    if isinstance(outcome, set):
        return outcome
    lines = {line["id"]: line for line in outcome["pay"]["lines"]}
    return {**outcome, "ruleset": None, "pay": {**outcome["pay"], "lines": lines}}


@given(cases(), st.data())
@examples(60)
def test_the_order_of_a_ruleset_means_nothing(case, data):
    def shuffled(some):
        return data.draw(st.permutations(some))

    other = loaded(reordered(case.text, shuffled))
    assert plain(outcome(other, case.facts, case.day, case.opening)) == plain(case.outcome())


@given(cases(), st.data())
@examples(60)
def test_the_order_of_facts_and_of_items_means_nothing(case, data):
    names = data.draw(st.permutations(list(case.facts)))
    given_facts = {name: case.facts[name] for name in names}
    for name, value in given_facts.items():
        if isinstance(value, list):
            given_facts[name] = data.draw(st.permutations(value))
    assert outcome(case.ruleset, given_facts, case.day, case.opening) == case.outcome()
