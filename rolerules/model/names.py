# SPDX-License-Identifier: MIT
"""Why a name is not known in a formula, and what was most likely meant by it."""

from __future__ import annotations

from collections.abc import Sequence

from rolerules.model.operations import OPERATIONS
from rolerules.model.scope import Scope
from rolerules.model.term import Term
from rolerules.problems import nearest
from rolerules.syntax.shape import MONTHS

Items = Sequence[tuple[str, Term]]
"""The variables of the quantifiers around a name, and their items; those of a filter have no name."""


def why_unknown(name: str, scope: Scope, items: Items) -> tuple[str, str]:
    """The message and the mend for a name that nothing here has."""
    if name in scope.options:
        message = f"`{name}` is a choice of `{scope.options[name]}`, not a name"
        return message, f'a choice is written as text: `"{name}"`'
    for variable, item in items:
        if variable and item.type.field(name):
            return f"`{name}` is a field of `{variable}`", f"write `{variable}.{name}`"
    if group := scope.outcomes.get(name):
        return f"`{name}` is one of the {group}, not a name", _outcome(name, group)
    if name in OPERATIONS or name == "round":
        return f"`{name}` needs brackets", f"write `{name}(…)`"
    if name.capitalize() in MONTHS:
        number = MONTHS.index(name.capitalize()) + 1
        return f"`{name}` is not known here", f"months are numbers: write `{number}`"
    fields = [field.name for variable, item in items if not variable for field in item.type.fields]
    variables = [variable for variable, _ in items if variable]
    known = [*scope.names, *scope.lookups, *variables, *fields]
    # A name that cannot be one has been reported, and is none to be proposed.
    mend = nearest(name, [one for one in known if all(map(str.isidentifier, one.split(".")))])
    return f"`{name}` is not known here", mend


def _outcome(name: str, group: str) -> str:
    one, outcome = {"duties": ("d", "fulfilled"), "assessments": ("a", "met")}[group]
    test = f'some {one} in {group}[id = "{name}"] satisfies {one}.outcome = "{outcome}"'
    return f'its outcome is found in `{group}[id = "{name}"]`, as in `{test}`'
