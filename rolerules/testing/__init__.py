# SPDX-License-Identifier: MIT
"""Tools to test a ruleset: facts made at random, and facts at every edge.

Hypothesis (the extra `testing`) is imported when a strategy is first asked for, never before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rolerules.testing.boundaries import boundary_cases
    from rolerules.testing.strategies import boundary_facts, facts, openings, shipped_rulesets

__all__ = ["boundary_cases", "boundary_facts", "facts", "openings", "shipped_rulesets"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = "boundaries" if name == "boundary_cases" else "strategies"
    try:
        return getattr(import_module(f"{__name__}.{module}"), name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "hypothesis":
            raise
        message = f'`{name}` needs Hypothesis: pip install "rolerules[testing]"'
        raise ImportError(message, name=error.name) from None


def __dir__() -> list[str]:
    return __all__
