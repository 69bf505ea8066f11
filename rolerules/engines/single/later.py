# SPDX-License-Identifier: MIT
"""The single engine at work: functions for each plan, kept for each day, and what follows later.

A decision's parts are made of the values that its case kept, each when it is first looked at.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from rolerules.decision import Decision, StatusDecision
from rolerules.engines import reference
from rolerules.engines.facts import read_facts
from rolerules.engines.opening import Opening, read_opening
from rolerules.engines.results import PARTS, Case, given_values, status_decision
from rolerules.engines.single import Slow
from rolerules.model.types import Type
from rolerules.plan.plan import Plan
from rolerules.values import percent

if TYPE_CHECKING:
    from rolerules.engines.single.function import Function

_KEPT = 1_000
"""So many days, and statuses of a day, are kept; then they are made anew."""
_OF_FULL = ("duties", "indicators", "missing")
SLOWER = (Slow, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a written function raises for a case that it does not decide."""


@attrs.frozen(slots=True, repr=False, eq=False)
class Single:
    """A plan's functions, each written when it is first needed, and the days they are made for."""

    plan: Plan
    _functions: dict[str, Function | None] = attrs.field(factory=dict)
    _rest: dict[str, Any] = attrs.field(factory=dict)
    _starts: dict[datetime.date, Day] = attrs.field(factory=dict)
    """Days at the start of employment: no opening is given."""

    def known(self) -> Function | None:
        """The function for cases in which all that is needed is known."""
        if "known" not in self._functions:
            from rolerules.engines.single.function import known_function

            self._functions["known"] = known_function(self.plan)
        return self._functions["known"]

    def full(self) -> Function:
        """The function for all cases that are not refused."""
        found = self._functions.get("full")
        if found is None:
            from rolerules.engines.single.function import full_function

            found = self._functions["full"] = full_function(self.plan)
        return found

    def rest(self) -> tuple[Callable[[dict[str, Any]], tuple[Any, ...]], tuple[str, ...]]:
        """The function that reads the facts which no output hangs on, and their names."""
        found = self._rest.get("rest")
        if found is None:
            from rolerules.engines.single.function import rest_function

            function = self.known()
            assert function is not None
            found = self._rest["rest"] = rest_function(self.plan, function.facts)
        return found

    def day(self, as_of: datetime.date, given: Mapping[str, Any] | None) -> Day:
        """What is the same in all cases of a day and an opening. Raises `FactError` as it is read."""
        if given is None and as_of in self._starts:
            return self._starts[as_of]
        opening = read_opening(self.plan, given)
        found = Day(self, as_of, opening, given_values(self.plan, as_of, opening))
        if given is None:
            if len(self._starts) > _KEPT:
                self._starts.clear()
            self._starts[as_of] = found
        return found


class _Looked(list[Any]):
    """The results of a plan's steps, each looked up when it is asked for."""

    def __init__(self, look: Callable[[int], Any]) -> None:
        super().__init__()
        self.look = look

    def __getitem__(self, place: Any) -> Any:
        return self.look(place)


@attrs.frozen(slots=True, repr=False, eq=False)
class Day:
    """A plan's functions for a day and an opening."""

    single: Single
    as_of: datetime.date
    opening: Opening
    given: Mapping[str, Any]
    _statuses: dict[tuple[Any, ...], StatusDecision | None] = attrs.field(factory=dict)
    _cases: dict[str, Callable[[dict[str, Any]], Decision]] = attrs.field(factory=dict)

    def known(self) -> Callable[[dict[str, Any]], Decision] | None:
        """The function of facts that are all known; None where this day has none."""
        if "known" not in self._cases:
            function = self.single.known()
            if function is None:
                return None
            try:
                self._cases["known"] = function.make(
                    self.given, self._of_known, self._others, self._statuses, self._status
                )
            except SLOWER:
                return None
        return self._cases["known"]

    def full(self) -> Callable[[dict[str, Any]], Decision]:
        """The function of any facts."""
        if "full" not in self._cases:
            function = self.single.full()
            self._cases["full"] = function.make(
                self.given, self._of_full, None, None, self._first_of_full
            )
        return self._cases["full"]

    def decide(self, facts: dict[str, Any], *, known_to_be_slow: bool = False) -> Decision | None:
        """Decide a case; None where it may be refused, which the reference engine says."""
        known = None if known_to_be_slow else self.known()
        if known is not None:
            try:
                return known(facts)
            except SLOWER:
                pass
        try:
            return self.full()(facts)
        except SLOWER:
            return None

    # --- what the functions ask for

    def _others(self, facts: dict[str, Any]) -> tuple[Any, ...]:
        """The facts that no output hangs on, looked at as well."""
        return self.single.rest()[0](facts)

    def _status(self, key: tuple[Any, ...], values: tuple[Any, ...]) -> StatusDecision | None:
        """A status that was not found before."""
        function = self.single.known()
        assert function is not None
        found = status_decision(
            self.single.plan, self._look(function, values), self.as_of, self.opening
        )
        if len(self._statuses) > _KEPT:
            self._statuses.clear()
        self._statuses[key] = found
        return found

    def _look(self, function: Function, values: tuple[Any, ...]) -> Callable[[int], Any]:
        """The result of any step: kept, or worked out over those that are."""
        steps = self.single.plan.steps

        def look(place: int) -> Any:
            if place in function.places:
                return function.look(values, place)
            step = steps[place]
            return reference.step_result(step, _Looked(look), {})

        return look

    def _of_known(self, values: tuple[Any, ...], name: str) -> dict[str, Any]:
        """A part of a decision of which everything that was needed is known."""
        function = self.single.known()
        assert function is not None
        if name in _OF_FULL:
            found = self._decided(self._facts(function, values))
            return {one: getattr(found, one) for one in _OF_FULL}
        return self._part(function, values, name)

    def _decided(self, facts: dict[str, Any]) -> Decision:
        """The whole decision of a case that is not refused."""
        try:
            return self.full()(facts)
        except SLOWER:
            plan = self.single.plan
            values, refused = read_facts(plan.facts, facts, plan.digits)
            assert not refused, "they were read before"
            return reference.run(plan, values, self.as_of, self.opening).decision

    def _of_full(self, values: tuple[Any, ...], name: str) -> dict[str, Any]:
        return self._part(self.single.full(), values, name)

    def _first_of_full(self, values: tuple[Any, ...]) -> list[Any]:
        """What everybody looks at."""
        return [self._of_full(values, name)[name] for name in ("lines", "total", "status")]

    def _part(self, function: Function, values: tuple[Any, ...], name: str) -> dict[str, Any]:
        look = self._look(function, values)
        if name in ("lines", "total"):
            look = functools.partial(function.kept, values)  # amounts are decimals already
        return {name: PARTS[name](Case(self.single.plan, look, self.as_of, self.opening))}

    def _facts(self, function: Function, values: tuple[Any, ...]) -> dict[str, Any]:
        """The facts of a case again, as they were when it was decided."""
        facts = self.single.plan.facts
        found = {
            name: _again(values[place], facts[name].type) for name, place in function.facts.items()
        }
        if values[-1] is not None:
            rest = zip(self.single.rest()[1], values[-1], strict=True)
            found.update({name: _again(value, facts[name].type) for name, value in rest})
        return found


def _again(value: Any, type_: Type) -> Any:
    """A fact as it may be given, from what was read of it."""
    if value is None or type_.kind not in ("list", "rate"):
        return value
    if type_.kind == "rate":  # bare, one above 1 may be refused
        return percent(Fraction(value)) if abs(value) > 1 else value
    assert type_.item is not None
    fields = type_.item.fields
    return [
        {field.name: _again(part, field.type) for field, part in zip(fields, item, strict=True)}
        for item in value
    ]
