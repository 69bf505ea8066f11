# SPDX-License-Identifier: MIT
"""The `hypothesis` entry point: `st.from_type(Ruleset)` gives the rulesets that come with us.

Hypothesis calls `register` as soon as it is imported; no file is read before a ruleset is drawn.
"""

from __future__ import annotations


def register() -> None:
    """Tell Hypothesis how to make a `Ruleset`."""
    from hypothesis import strategies as st

    from rolerules.ruleset import Ruleset

    def shipped(kind: type[Ruleset]) -> st.SearchStrategy[Ruleset]:
        from rolerules.testing.strategies import shipped_rulesets

        return shipped_rulesets()

    st.register_type_strategy(Ruleset, shipped)
