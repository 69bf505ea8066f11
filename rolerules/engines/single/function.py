# SPDX-License-Identifier: MIT
"""Plan → Python functions: one for cases in which everything needed is known, one for all others.

A function is made for a day and an opening, and takes facts. The first gives a decision whose lines,
total and status are made, since those are what everybody looks at; whatever it cannot decide it raises
`Slow` for. The second knows of unknowns. What may be refused goes to the reference engine
whole, so there is one place that says why.
"""

from __future__ import annotations

import datetime
import functools
import linecache
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from rolerules.dates import add_days, add_months, add_working_days, full_months, full_years
from rolerules.decision import Decision, OpenDecision, OpenPayLine, PayLine
from rolerules.engines.results import Unknown
from rolerules.engines.single import Slow
from rolerules.engines.single.crossing import (
    below_of,
    decimal_of,
    gaps_of,
    referred,
    top_of,
    value_of,
)
from rolerules.engines.single.lists import LISTS, OVER
from rolerules.engines.single.logic import LOGIC
from rolerules.engines.single.numbers import EXACT, STRICT
from rolerules.engines.single.reading import constant, read_fact, read_given, read_opening
from rolerules.engines.single.rounding import ROUNDING
from rolerules.engines.single.tables import table
from rolerules.engines.single.used import BODIES, cone, daily, shared
from rolerules.engines.single.writer import FAILED, Number, Write, Writer, always, balanced
from rolerules.plan.plan import Plan, Step

_STRICT: dict[str, Write] = {**STRICT, **ROUNDING, **OVER}
_SPECIAL: dict[str, Write] = {
    **LOGIC, **LISTS, "table": table, "constant": constant,
    "silent": lambda to, step, args: to.nothing(step.type, str(to.bit(f"silent:{step.value}"))),
}  # fmt: skip
_BUILTINS = (abs, dict, frozenset, int, len, list, max, min, str, sum, tuple, type, bool)
_FAILS = {
    "table", "rising", "pay", "add_days", "add_months", "add_working_days", "min of", "max of",
    "not in force", "allocate", "percentile", "/", "*",
}  # fmt: skip
"""Steps that can refuse a case: what hangs on them is worked out at once, never later."""
_PROBE = Decimal("1234567890123456789012345679")
"""Its double has 28 digits: where the caller's context rounds it, operators would not be exact."""


@attrs.frozen(slots=True)
class Function:
    """A written function, and where the values that it keeps stand.

    `make` takes what the day gives, and how statuses are found; it gives a function of facts.
    """

    make: Callable[..., Callable[[dict[str, Any]], Decision]]
    places: Mapping[int, tuple[int, int | None, int | None]]
    """Of each step that is kept: the places of its value, of what it is over, and of its gap."""
    facts: Mapping[str, int]
    """The place of each fact that was read."""
    unknown: Callable[[int], Unknown]

    def kept(self, values: tuple[Any, ...], step: int) -> Any:
        """The result of a step that is over nothing, as it was kept."""
        place, _, gap = self.places[step]
        return self.unknown(values[gap]) if gap is not None and values[gap] else values[place]

    def look(self, values: tuple[Any, ...], step: int) -> Any:
        """The result of a step, as the reference engine has it."""
        place, below, gap = self.places[step]
        if gap is not None and values[gap]:
            return self.unknown(values[gap])
        value = values[place]
        if below is not None:
            return Fraction(value) / Fraction(values[below])
        return Fraction(value) if type(value) is Decimal or type(value) is int else value


def outputs(plan: Plan) -> list[int]:
    """The steps that a decision is made of, but for duties and indicators that cannot fail."""
    found = [line.result for line in plan.lines.values()]
    found += [when for line in plan.lines.values() for when, _ in line.rules if when is not None]
    return list(dict.fromkeys([*found, plan.total, *_kept(plan)]))


def _kept(plan: Plan) -> list[int]:
    """Those that are looked at when lines, total and status are made."""
    found = [one.result for one in plan.assessments.values()]
    found += [limit.result for limit in plan.limits.values()]
    found += [carry.result for carry in plan.carries.values()]
    found += [_hangs_on(plan, step) for step in _grounds(plan)]
    put_off = later(plan)
    found += [place for place in _undecided(plan) if place not in put_off]
    return list(dict.fromkeys(found))


def later(plan: Plan) -> list[int]:
    """The duties and indicators that are worked out when somebody looks at them."""
    found = [place for place in _undecided(plan) if not _may_fail(plan, place)]
    to = _writer(plan, known=True)
    _write(to, found)
    return [] if to.large else found


def _undecided(plan: Plan) -> list[int]:
    return [one.result for one in plan.duties.values()] + list(plan.indicators.values())


def _may_fail(plan: Plan, place: int) -> bool:
    return any(_step_fails(plan.steps[one]) for one in cone(plan, [place]))


def _step_fails(step: Step) -> bool:
    inside = step.value.steps if step.op in BODIES else ()
    return step.op in _FAILS or any(_step_fails(one) for one in inside)


# --- writing


def _writer(plan: Plan, *, known: bool) -> Writer:
    return Writer(plan, known, _STRICT, _SPECIAL)


def _write(to: Writer, wanted: list[int], *, checked: bool = True) -> list[str]:
    """Write every step that some steps hang on; give the facts that are read."""
    plan = to.plan
    needed = sorted(cone(plan, wanted))
    steps = [(place, plan.steps[place]) for place in needed]
    to.shared, to.daily = shared(steps) | set(wanted), daily(plan, needed)
    asked = {arg for _, step in steps if step.op in ("known", "or else") for arg in step.args}
    for place, step in steps:
        to.steps[place], to.lines, to.depth = step, to.case, 2
        if step.op == "fact":
            known = to.known and place not in asked
            fact = plan.facts[step.value]
            to.values[place] = read_fact(to, fact, step.value, known=known, checked=checked)
        elif step.op in ("given", "opening"):
            to.lines, to.depth = to.day, 1
            to.values[place] = (read_given if step.op == "given" else read_opening)(to, step)
        else:
            to.step(place, step)
    to.lines, to.depth = to.case, 2
    return [step.value for _, step in steps if step.op == "fact"]


def known_function(plan: Plan, *, checked: bool = True) -> Function | None:
    """The function for cases in which all that is needed is known; None where there are none.

    `checked` says whether facts are looked at; without it they must be what the ruleset asks for.
    """
    to, wanted = _writer(plan, known=True), outputs(plan)
    facts = _write(to, wanted, checked=checked)
    gaps = list(dict.fromkeys(to.values[step].gap for step in wanted if to.values[step].gap))
    if any(map(always, gaps)):
        return None
    if gaps:
        to.put(f"if {' or '.join(gaps)}: raise Slow")
    for limit in plan.limits.values():
        if limit.severity == "error":
            to.put(f"if not {to.values[limit.result].source}: raise Slow")
    places, sources = _places(to, _kept(plan))
    read = {name: _place(sources, to.values[plan.names[name]].source) for name in facts}
    _decision(to, sources)
    head = [
        "if probe + probe != probed: raise Slow",
        f"rest = None if len(facts) == {len(facts)} else others(facts)",
    ]
    kind = "known" if checked else "known, unchecked"
    return _function(to, kind, head, places, read)


def full_function(plan: Plan) -> Function:
    """The function for all cases that are not refused."""
    to = _writer(plan, known=False)
    wanted = list(dict.fromkeys([*outputs(plan), *_undecided(plan)]))
    facts = _write(to, wanted)
    for name, fact in plan.facts.items():
        if name not in facts:  # it is read so that what is wrong is refused
            read_fact(to, fact, name, known=False)
    gaps = list(dict.fromkeys(to.values[step].gap for step in wanted if to.values[step].gap))
    if gaps:
        to.put(f"if ({balanced(gaps, '|')}) & {FAILED}: raise Slow")
    for limit in plan.limits.values():
        if limit.severity == "error":
            to.put(f"if {to.values[limit.result].source} is False: raise Slow")
    places, sources = _places(to, wanted)
    to.put("found = OpenDecision()")
    to.put("found._later = later")
    to.put(f"found._values = {_tuple(sources)}")
    to.put("found.lines, found.total, found.status = status_of(found._values)")
    to.put("found.__class__ = Decision")
    to.put("return found")
    head = [
        "if probe + probe != probed: raise Slow",
        f"if not {to.constant(frozenset(plan.facts))}.issuperset(facts): raise Slow",
    ]
    return _function(to, "full", head, places, {})


def rest_function(
    plan: Plan, others: Iterable[str]
) -> tuple[Callable[[dict[str, Any]], Any], tuple[str, ...]]:
    """The function that reads all facts but some, and their names; nothing else may be given."""
    to = _writer(plan, known=False)
    to.lines, to.depth = to.case, 2
    names = tuple(name for name in plan.facts if name not in others)
    read = [read_fact(to, plan.facts[name], name, known=False) for name in names]
    to.put(f"return {_tuple(one.source for one in read)}")
    head = [f"if not {to.constant(frozenset(plan.facts))}.issuperset(facts): raise Slow"]
    return _function(to, "rest", head, {}, {}).make(None, None, None, None, None), names


def _places(
    to: Writer, kept: list[int]
) -> tuple[dict[int, tuple[int, int | None, int | None]], list[str]]:
    """Where the values of some steps stand in a tuple, and what stands there."""
    places, sources = {}, list[str]()
    for step in kept:
        one = to.values[step]
        over = one.below if isinstance(one, Number) else None
        places[step] = (
            _place(sources, one.source),
            _place(sources, over.source) if over else None,
            _place(sources, one.gap) if one.gap and not to.known else None,
        )
    return places, sources


def _place(sources: list[str], source: str) -> int:
    """Where a source stands; it is added where it did not yet."""
    if source not in sources:
        sources.append(source)
    return sources.index(source)


def _decision(to: Writer, sources: list[str]) -> None:
    """Write the decision's lines, total and status; all else is made when it is looked at."""
    plan, lines = to.plan, []
    for name, line in plan.lines.items():
        tests = [to.values[when].source for when, _ in line.rules if when is not None]
        applied = "".join(f"{rule} if {test} else " for rule, test in enumerate(tests))
        rule, amount = f"{applied}{len(tests)}", to.values[line.result].source
        lines.append(to.made.get(name) or _line(to, name, amount, rule))
    total = _line(to, "total", to.values[plan.total].source, "None")
    to.put(f"values = {_tuple([*sources, 'rest'])}")
    if plan.start is not None:
        hang_on = [_hangs_on(plan, step) for step in _grounds(plan)]
        to.put(f"key = {_tuple(to.values[step].source for step in hang_on)}")
        to.put("try: status = statuses[key]")
        to.put("except KeyError: status = status_of(key, values)")
    to.put("found = OpenDecision()")
    to.put(f"found.lines = {_tuple(lines)}")
    to.put(f"found.total = {total}")
    to.put(f"found.status = {'None' if plan.start is None else 'status'}")
    to.put("found._later = later")
    to.put("found._values = values")
    to.put("found.__class__ = Decision")
    to.put("return found")


def _line(to: Writer, name: str, amount: str, rule: str) -> str:
    made = to.new("OpenPayLine()")
    to.put(f"{made}.id = {to.constant(name)}")
    to.put(f"{made}.amount = {amount}")
    to.put(f"{made}.needs = ()")
    to.put(f"{made}.rule = {rule}")
    to.put(f"{made}.__class__ = PayLine")
    return made


def _grounds(plan: Plan) -> list[int]:
    """The steps that the status hangs on."""
    found = [step for change in plan.changes for step in change.grounds.values()]
    return found + [one.notice_days for one in plan.changes if one.notice_days is not None]


def _hangs_on(plan: Plan, place: int) -> int:
    """The outcome that a ground compares with a word; else the ground itself."""
    step = plan.steps[place]
    ops = [plan.steps[arg].op for arg in step.args]
    return step.args[0] if step.op == "=" and ops == ["outcome", "constant"] else place


def _tuple(parts: Iterable[str]) -> str:
    return f"({''.join(f'{part}, ' for part in parts)})"


def _function(
    to: Writer, kind: str, head: list[str],
    places: dict[int, tuple[int, int | None, int | None]], facts: dict[str, int],
) -> Function:  # fmt: skip
    """The function of what was written; `linecache` shows it."""
    plan, indent = to.plan, "    "
    lines = [
        "def day(given, later, others, statuses, status_of):", *to.day,
        f"{indent}def case(facts):", *(2 * indent + line for line in head), *to.case, f"{indent}return case", "",
    ]  # fmt: skip
    text = "\n".join(lines)
    name = f"<rolerules {plan.digest[:12]} from {plan.since}, {kind}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    gap_of, unknown = gaps_of(to.needs)
    space: dict[str, Any] = {
        "Slow": Slow, "stop": _stop, "Decimal": Decimal, "Fraction": Fraction, "date": datetime.date,
        "probe": _PROBE, "probed": EXACT.add(_PROBE, _PROBE), "plus": EXACT.add, "minus": EXACT.subtract, "times": EXACT.multiply,
        "size": EXACT.abs, "summed": _summed, "full_months": full_months, "full_years": full_years,
        "add_days": add_days, "add_months": add_months, "add_working_days": add_working_days,
        "referred": referred, "value_of": value_of, "top_of": top_of, "below_of": below_of, "decimal_of": decimal_of, "gap_of": gap_of, "unknown": unknown,
        "OpenPayLine": OpenPayLine, "PayLine": PayLine, "OpenDecision": OpenDecision, "Decision": Decision, "KeyError": KeyError,
        "__builtins__": {one.__name__: one for one in _BUILTINS}, **to.constants,
    }  # fmt: skip
    exec(compile(text, name, "exec"), space)  # written here, of a checked plan
    return Function(space["day"], places, facts, unknown)


def _stop() -> None:
    raise Slow


def _summed(amounts: list[Any]) -> Any:
    return functools.reduce(EXACT.add, amounts, Decimal(0))
