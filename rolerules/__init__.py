# SPDX-License-Identifier: MIT
"""Written HR policy as rulesets that give exact pay and status decisions, each with its grounds.

The names in `__all__` are stable from version 1.0 on; everything else may move. They are loaded
when first used (PEP 562), so that the command line starts quickly.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rolerules.decision import Decision, PayLine
    from rolerules.explain.why import Explanation
    from rolerules.problems import (
        FactError,
        InternalError,
        Problem,
        RolerulesError,
        RulesetError,
    )
    from rolerules.record.record import Record
    from rolerules.record.sessions import Session
    from rolerules.ruleset import Ruleset, load

__version__ = "0.1.0"

__all__ = [
    "Decision",
    "Explanation",
    "FactError",
    "InternalError",
    "PayLine",
    "Problem",
    "Record",
    "RolerulesError",
    "Ruleset",
    "RulesetError",
    "Session",
    "load",
]

_HOMES = {
    "Decision": "decision",
    "PayLine": "decision",
    "Explanation": "explain.why",
    "Record": "record.record",
    "Ruleset": "ruleset",
    "Session": "record.sessions",
    "load": "ruleset",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'rolerules' has no attribute {name!r}")
    found = getattr(import_module(f"rolerules.{_HOMES.get(name, 'problems')}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
