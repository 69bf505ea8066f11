# SPDX-License-Identifier: MIT
"""What any part of a checked formula comes to in a proved case.

A part is settled and lowered like a whole formula and run by the reference engine over the
case's results, so an explanation cannot say anything else than the decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from rolerules.engines.reference import Proof, step_result
from rolerules.model.infer import infer
from rolerules.model.model import InForce, Model
from rolerules.model.scope import AMOUNT, Lookup, Scope
from rolerules.model.term import Term
from rolerules.model.types import ANY, Type
from rolerules.plan.lower import Lowering, in_force
from rolerules.text.expression import Expression, replaced
from rolerules.text.formula import parse


@attrs.frozen(slots=True)
class Found:
    """A value and its type; the value may be `Unknown`."""

    value: Any
    type: Type


class Look:
    """Looks up parts of formulas in one proved case."""

    def __init__(self, model: Model, proof: Proof) -> None:
        self.model, self.proof = model, proof
        plan = proof.plan
        names = {
            name: Term("name", (), plan.steps[step].type, ANY, name)
            for name, step in plan.names.items()
        }
        lookups = {
            name: Lookup(one.type, ANY, one.by, model.facts[one.by].type)
            for name, one in model.parameters.items() if one.by
        }  # fmt: skip
        scales = {name: one.called for name, one in model.scales.items()}
        figures = dict.fromkeys(model.parameters)
        self.scope = Scope(names, lookups, figures=figures, scales=scales)

    def formula(self, name: str) -> Expression | None:
        """The formula of a named value; None for other names."""
        value = self.model.values.get(name)
        if name in self.model.scales and self.model.scales[name].own:
            value = in_force(self.model.scales[name].formulas, self.proof.decision.as_of)
        if value and value.expression:
            return value.expression
        return parse(value.text) if value and value.text else None

    def called(self, call: Expression) -> Expression:
        """The formula of a scale, over the amount it is called with."""
        scale = self.model.scales[call.word]
        bodies = zip(scale.formulas, scale.called.bodies, strict=True)
        dated = [InForce(one.since, body.formula) for one, body in bodies]
        formula = in_force(dated, self.proof.decision.as_of)
        assert formula is not None
        return replaced(formula, Expression("name", (), AMOUNT), call.args[0])

    def value(self, expression: Expression, items: Mapping[str, Found] | None = None) -> Found:
        """What a part comes to; `items` are the list items that its variables stand for."""
        plan, items = self.proof.plan, items or {}
        results = list(self.proof.results)
        names = dict(plan.names)
        scope = attrs.evolve(self.scope, names={**self.scope.names})
        for variable, item in items.items():
            scope.names[variable] = Term("name", (), item.type, ANY, variable)
            names[variable] = len(results)
            results.append(item.value)
        term = infer(expression, scope, _no_problem, proved=True)
        lowering = Lowering(self.model, self.proof.decision.as_of, names=names, base=len(results))
        place = lowering.term(term)
        for step in lowering.steps:
            results.append(step_result(step, results, {}))
        return Found(results[place], term.type)


def _no_problem(
    at: tuple[int, int], code: str, message: str, help: str = "", severity: str = "error"
) -> None:
    raise AssertionError(f"part of a checked formula: {message}")
