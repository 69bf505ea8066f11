# SPDX-License-Identifier: MIT
"""Written HR policy as rulesets that give exact pay and status decisions, each with its grounds.

The names in `__all__` are stable from version 1.0 on; everything else may move.
"""

from rolerules.decision import Decision, PayLine
from rolerules.problems import FactError, InternalError, Problem, RolerulesError, RulesetError
from rolerules.ruleset import Ruleset, load

__version__ = "0.1.0"

__all__ = [
    "Decision",
    "FactError",
    "InternalError",
    "PayLine",
    "Problem",
    "RolerulesError",
    "Ruleset",
    "RulesetError",
    "load",
]
