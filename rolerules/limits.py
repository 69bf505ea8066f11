# SPDX-License-Identifier: MIT
"""Every limit of rolerules in one frozen record, each with its reason."""

from __future__ import annotations

from fractions import Fraction

import attrs


@attrs.frozen(slots=True)
class Limits:
    """What is refused past this; one more than a limit is a problem with a place."""

    file_bytes: int = 2_000_000
    """A ruleset is read by people; 2 MB is some 40,000 lines."""
    yaml_depth: int = 20
    """The deepest construct of the language needs 9 levels."""
    yaml_nodes: int = 200_000
    """Bounds time and memory for a hostile file."""
    formula_length: int = 4_000
    """A longer formula should be named parts under `values`."""
    formula_depth: int = 100
    """Nesting of a formula; keeps every fold over it far from the recursion limit."""
    table_rows: int = 5_000
    """Rows of one decision table."""
    table_inputs: int = 8
    """Inputs of one decision table."""
    scale_edges: int = 200
    """Edges of one scale: it stands for a formula that is one level deeper with each."""
    list_items: int = 1_000
    """Items of a list fact, unless its `max items` says otherwise."""
    list_items_declared: int = 100_000
    """The most that `max items` may say."""
    text_length: int = 10_000
    """Characters of a text fact."""
    money: Fraction = Fraction(10**12)
    """Greatest amount of a money fact (either sign), unless its `min` and `max` say otherwise."""
    number: Fraction = Fraction(10**15)
    """Greatest size of any number written in a ruleset or given as a fact."""
    result_bits: int = 4_096
    """Size of a product's numerator or denominator: some 1,200 digits, far past any pay."""
    decimals: int = 12
    """Decimal places of a number or rate."""
    durable_rules: int = 4_000
    """Rules that a plan's guards come to in the durable engine; some 20 programs of 200."""
    facts_bytes: int = 64_000_000
    """A facts file; JSON Lines are read line by line and have this limit per line."""


LIMITS = Limits()
