# SPDX-License-Identifier: MIT
"""The reference engine: the meaning of a plan, in exact fractions.

Every other engine agrees with this one. It is one fold over the plan's steps, each a function
of earlier results, and it keeps all results: with the plan they are the proof of the decision.
It stands in one file, so that who doubts a decision reads its meaning from top to bottom.
A result is a Fraction, bool, str, date, a tuple of items, or `Unknown`.
"""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from rolerules.dates import add_days, add_months, add_working_days, full_months, full_years
from rolerules.decision import Decision
from rolerules.engines.opening import Opening
from rolerules.engines.results import Unknown, decide, given_values
from rolerules.engines.shares import allocate
from rolerules.limits import LIMITS
from rolerules.plan.plan import Body, Plan, Rows, Step
from rolerules.problems import InternalError, Problem
from rolerules.values import exact_text, fixed, round_to

_DIVISION = Problem("division", "a divisor was 0")  # reached only in a branch that is not taken


@attrs.frozen(slots=True)
class Proof:
    """A decision with the result of every step of its plan."""

    plan: Plan
    results: tuple[Any, ...]
    decision: Decision


def run(plan: Plan, facts: Mapping[str, Any], as_of: datetime.date, opening: Opening) -> Proof:
    """Work out every step over facts that `read_facts` made; raises `FactError` as `decide`."""
    case = {**facts, **given_values(plan, as_of, opening)}
    results: list[Any] = []
    for step in plan.steps:
        results.append(step_result(step, results, case))
    decision = decide(plan, results.__getitem__, as_of, opening)
    return Proof(plan, tuple(results), decision)


def step_result(step: Step, results: list[Any], case: Mapping[str, Any]) -> Any:
    """The result of one step over those before it and the case's facts."""
    op = step.op
    if op in _LEAVES:
        return _LEAVES[op](step, case)
    if op in ("some", "every", "filter", "for"):
        return _each(step, results, case)
    args = [results[place] for place in step.args]
    if op in _SPECIAL:
        return _SPECIAL[op](step, args)
    unknown = [arg for arg in args if isinstance(arg, Unknown)]
    return _all(unknown) if unknown else _STRICT[op](step, *args)


def _all(unknown: list[Unknown]) -> Unknown:
    """Several unknowns together: everything any of them needs, or the first failure."""
    failure = next((one.failure for one in unknown if one.failure), None)
    return Unknown(frozenset().union(*(one.needs for one in unknown)), failure)


def _pending(parts: list[Any]) -> Unknown:
    """Not decided yet: what all parts still need; no part has failed for certain."""
    return Unknown(frozenset().union(*(part.needs for part in parts if isinstance(part, Unknown))))


# --- leaves


def _fact(step: Step, case: Mapping[str, Any]) -> Any:
    value = case[step.value]
    if value is None:
        return Unknown(frozenset([step.value]))
    if step.type.kind != "list":
        return value
    # An unknown field of an item is named by its list.
    gap = Unknown(frozenset([step.value]))
    return tuple(
        {name: gap if part is None else part for name, part in item.items()} for item in value
    )


def _given(step: Step, case: Mapping[str, Any]) -> Any:
    value = case[step.value]
    if value is None:  # a status that was not determined in the period before
        return Unknown(frozenset([step.value]))
    return Fraction(value) if type(value) is int else value


_LEAVES: dict[str, Callable[[Step, Mapping[str, Any]], Any]] = {
    "fact": _fact,
    "opening": _fact,
    "given": _given,
    "constant": lambda step, case: step.value,
    "silent": lambda step, case: Unknown(frozenset([f"silent:{step.value}"])),
}


# --- operations that need every operand


def _times(step: Step, one: Fraction, two: Fraction) -> Any:
    return _bounded(one * two)


def _divide(step: Step, dividend: Fraction, divisor: Fraction) -> Any:
    return _bounded(dividend / divisor) if divisor else Unknown(failure=_DIVISION)


def _bounded(result: Fraction) -> Any:
    """Repeated products double their digits; nothing that pays needs so many."""
    if max(map(int.bit_length, result.as_integer_ratio())) <= LIMITS.result_bits:
        return result
    message = "a result has more digits than are reckoned with"
    mend = "correct the facts, or the formula"
    return Unknown(failure=Problem("result-too-large", message, help=mend))


def _pay(step: Step, amount: Fraction) -> Any:
    if amount >= 0 or step.value is None:
        return amount
    name, digits, place = step.value
    message = f"the pay line `{name}` comes to {fixed(amount, digits)}, below 0"
    mend = (
        "should it be `max(…, 0)`? "
        "else correct the facts, or write `may be negative: yes` on the line"
    )
    return Unknown(failure=Problem("negative-line", message, place, mend, name))


def _over_items(fold: Callable[..., Any]) -> Callable[[Step, tuple[Any, ...]], Any]:
    """An aggregate over a list of amounts: unknown as soon as one item is."""

    def over(step: Step, items: tuple[Any, ...]) -> Any:
        unknown = [item for item in items if isinstance(item, Unknown)]
        return _all(unknown) if unknown else fold(items)

    return over


def _extreme(pick: Callable[..., Any]) -> Callable[[tuple[Any, ...]], Any]:
    # Nothing comes of an empty list; the checker lets it stand only before `or else`.
    return lambda items: pick(items) if items else Unknown()


def _percentile(step: Step, items: tuple[Any, ...], share: Fraction) -> Any:
    """The value at `share` of the way from the least to the greatest, in between a straight line."""
    unknown = [item for item in items if isinstance(item, Unknown)]
    if unknown or not items:
        return _all(unknown)
    rising, place = sorted(items), (len(items) - 1) * share
    below, above = rising[math.floor(place)], rising[math.ceil(place)]
    return _bounded(below + (above - below) * (place - math.floor(place)))


def _some_of(items: tuple[Any, ...], count: Fraction, *, reverse: bool) -> Any:
    """The first so many of a list in order; none for a count below 1."""
    unknown = [item for item in items if isinstance(item, Unknown)]
    return _all(unknown) if unknown else tuple(sorted(items, reverse=reverse)[: max(int(count), 0)])


def _in_calendar(add: Callable[..., datetime.date]) -> Callable[..., Any]:
    def added(step: Step, day: datetime.date, count: Fraction, *holidays: tuple[Any, ...]) -> Any:
        gaps = [one for some in holidays for one in some if isinstance(one, Unknown)]
        if gaps:
            return _all(gaps)
        try:
            return add(day, int(count), *(frozenset(some) for some in holidays))
        except OverflowError:
            message = f"{count} from {day} lies outside the calendar"
            return Unknown(failure=Problem("outside-calendar", message, help="correct the facts"))

    return added


def _rising(step: Step, result: Any, *edges: Fraction) -> Any:
    """The result of a scale, if its edges rise in this case as they do on the page."""
    if all(one < two for one, two in itertools.pairwise(edges)):
        return result
    name, found = step.value, ", ".join(map(exact_text, edges))
    message = f"the edges of the scale `{name}` do not rise here: {found}"
    mend = "correct the facts or the scale"
    return Unknown(failure=Problem("edges-fall", message, help=mend, path=name))


def _not_in_force(step: Step, day: datetime.date) -> Any:
    name, first = step.value
    message = f"no figure of `{name}` is in force on {day}"
    mend = f"the first holds from {first}"
    return Unknown(failure=Problem("not-in-force", message, help=mend, path=name))


_STRICT: dict[str, Callable[..., Any]] = {
    "+": lambda step, one, two: one + two,
    "-": lambda step, one, two: one - two,
    "*": _times,
    "/": _divide,
    "negative": lambda step, one: -one,
    "=": lambda step, one, two: one == two,
    "!=": lambda step, one, two: one != two,
    "<": lambda step, one, two: one < two,
    "<=": lambda step, one, two: one <= two,
    ">": lambda step, one, two: one > two,
    ">=": lambda step, one, two: one >= two,
    "not": lambda step, one: not one,
    "abs": lambda step, one: abs(one),
    "floor": lambda step, one: Fraction(math.floor(one)),
    "ceiling": lambda step, one: Fraction(math.ceil(one)),
    "round": lambda step, one: round_to(one, *step.value),
    "min": lambda step, *all_: min(all_),
    "max": lambda step, *all_: max(all_),
    "lookup": lambda step, key: step.value[key],
    "pay": _pay,
    "count": lambda step, items: Fraction(len(items)),
    "sum": _over_items(lambda items: sum(items, Fraction(0))),
    "percentile": _percentile,
    "highest": lambda step, items, count: _some_of(items, count, reverse=True),
    "lowest": lambda step, items, count: _some_of(items, count, reverse=False),
    "min of": _over_items(_extreme(min)),
    "max of": _over_items(_extreme(max)),
    "not in force": _not_in_force,
    "rising": _rising,
    "days": lambda step, start, end: Fraction((end - start).days),
    "full_months": lambda step, start, end: Fraction(full_months(start, end)),
    "full_years": lambda step, start, end: Fraction(full_years(start, end)),
    "add_days": _in_calendar(add_days),
    "add_months": _in_calendar(add_months),
    "add_working_days": _in_calendar(add_working_days),
    "part": lambda step, day: Fraction(getattr(day, step.value)),
    "allocate": allocate,
    "project": lambda step, items: tuple(item[step.value] for item in items),
    "field": lambda step, item: item[step.value],
}


# --- operations that a known operand may decide


def _and_or(step: Step, args: list[Any]) -> Any:
    decides = step.op == "or"
    if any(arg is decides for arg in args):
        return decides
    unknown = [arg for arg in args if isinstance(arg, Unknown)]
    return _all(unknown) if unknown else not decides


def _if(step: Step, args: list[Any]) -> Any:
    condition, then, other = args
    if not isinstance(condition, Unknown):
        return then if condition else other
    return condition if condition.failure else _pending(args)


def _or_else(step: Step, args: list[Any]) -> Any:
    first, second = args
    if not isinstance(first, Unknown) or first.failure:
        return first
    return _all([second, first]) if isinstance(second, Unknown) else second


def _known(step: Step, args: list[Any]) -> Any:
    (only,) = args
    if isinstance(only, Unknown) and only.failure:
        return only
    return not isinstance(only, Unknown)


def _outcome(step: Step, args: list[Any]) -> Any:
    yes, no, not_due = step.value
    *due, test = args
    if due and due[0] is False:
        return not_due
    if due and isinstance(due[0], Unknown):
        return due[0] if due[0].failure else _pending(args)
    return test if isinstance(test, Unknown) else yes if test else no


def _records(step: Step, args: list[Any]) -> Any:
    return tuple(
        {"id": name, "outcome": outcome} for name, outcome in zip(step.value, args, strict=True)
    )


def _table(step: Step, args: list[Any]) -> Any:
    shape: Rows = step.value
    rows = [(args[2 * row], args[2 * row + 1], shape.lines[row]) for row in range(shape.rows)]
    rest = args[2 * shape.rows :]
    otherwise = rest[:1] if shape.otherwise else []
    failed = [test for test, _, _ in rows if isinstance(test, Unknown) and test.failure]
    if failed:
        return _all(failed)
    if shape.hit == "priority":
        ranks = rest[len(otherwise) :]
        # Where the text is silent nothing else can be preferred.
        rows.sort(key=lambda row: -1 if isinstance(row[1], Unknown) else ranks.index(row[1]))
    if shape.hit in ("first", "priority"):
        return _first(shape, rows, otherwise)
    return _hits(shape, rows, otherwise)


def _first(shape: Rows, rows: list[tuple[Any, Any, int]], otherwise: list[Any]) -> Any:
    before: list[Any] = []
    for test, output, _ in rows:
        if test is True:
            return _pending([*before, output]) if before else output
        if isinstance(test, Unknown):
            before += [test, output]
    if before:
        return _pending([*before, *otherwise])
    return otherwise[0] if otherwise else _no_row(shape)


def _hits(shape: Rows, rows: list[tuple[Any, Any, int]], otherwise: list[Any]) -> Any:
    pending = [(test, output) for test, output, _ in rows if isinstance(test, Unknown)]
    hits = [(output, line) for test, output, line in rows if test is True]
    if pending:
        if shape.hit == "collect count":
            return _pending([test for test, _ in pending])
        rest = [] if hits else otherwise
        return _pending(
            [*(part for pair in pending for part in pair), *(output for output, _ in hits), *rest]
        )
    if shape.hit == "collect count":
        return Fraction(len(hits))
    if not hits:
        return (
            otherwise[0]
            if otherwise
            else Fraction(0)
            if shape.hit == "collect sum"
            else _no_row(shape)
        )
    outputs = [output for output, _ in hits]
    if shape.hit == "unique":
        return outputs[0] if len(hits) == 1 else _several(shape, [line for _, line in hits])
    unknown = [output for output in outputs if isinstance(output, Unknown)]
    if unknown:
        return _all(unknown)
    return _COLLECT[shape.hit](outputs)


_COLLECT: dict[str, Callable[[list[Any]], Any]] = {
    "collect sum": lambda outputs: sum(outputs, Fraction(0)), "collect min": min, "collect max": max,
}  # fmt: skip


def _no_row(shape: Rows) -> Unknown:
    message = f"no row of the table `{shape.name}` matches"
    return Unknown(
        failure=Problem("no-row", message, help="add a row or `otherwise:` to it", path=shape.name)
    )


def _several(shape: Rows, lines: list[int]) -> Unknown:
    where = " and ".join(str(line) for line in lines)
    message = f"several rows of the unique table `{shape.name}` match, in lines {where}"
    return Unknown(
        failure=Problem(
            "several-rows",
            message,
            help="move an edge so that one row owns the case",
            path=shape.name,
        )
    )


_SPECIAL: dict[str, Callable[[Step, list[Any]], Any]] = {
    "and": _and_or, "or": _and_or, "if": _if, "or else": _or_else, "known": _known,
    "outcome": _outcome, "records": _records, "table": _table,
}  # fmt: skip


# --- operations that run a body for each item


def _each(step: Step, results: list[Any], case: Mapping[str, Any]) -> Any:
    items = results[step.args[0]]
    if isinstance(items, Unknown):
        return items
    tests = [_body(step.value, results, item, case) for item in items]
    if step.op == "for":
        return tuple(tests)
    if step.op == "filter":
        unknown = [test for test in tests if isinstance(test, Unknown)]
        return (
            _all(unknown)
            if unknown
            else tuple(item for item, test in zip(items, tests, strict=True) if test)
        )
    decides = step.op == "some"
    if any(test is decides for test in tests):
        return decides
    unknown = [test for test in tests if isinstance(test, Unknown)]
    return _all(unknown) if unknown else not decides


def _body(body: Body, results: list[Any], item: Any, case: Mapping[str, Any]) -> Any:
    inner = [*results[: body.start], item]
    if len(inner) != body.start + 1:
        raise InternalError("a body starts where its steps do not")
    for step in body.steps:
        inner.append(step_result(step, inner, case))
    return inner[body.result]
