# SPDX-License-Identifier: MIT
"""The status over columns: the first change whose grounds hold (as `results.status_decision`)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import attrs
import polars as pl

from rolerules.dates import add_days
from rolerules.engines.columnar.kernel import Kernel
from rolerules.engines.columnar.logic import certainly, either
from rolerules.engines.columnar.needs import Needs, known, together, where
from rolerules.engines.columnar.texts import texts
from rolerules.engines.columnar.values import Same, number, truth
from rolerules.engines.results import Unknown
from rolerules.plan.plan import Change

EFFECTS = ("proposed", "effective")
_OPEN = 0
"""The code of a status that is not determined; the states follow."""


@attrs.frozen(slots=True, eq=False)
class Decided:
    """The columns of the status, those of the closing, and what the status waits for."""

    columns: dict[str, pl.Expr]
    closing: dict[str, pl.Expr]
    needs: Needs


@attrs.frozen(slots=True, eq=False)
class _Branch:
    """What follows where a test holds: codes, and the grounds that are shown."""

    test: pl.Expr | bool
    to: int
    effect: int | None
    since: pl.Expr
    closes: pl.Expr | int
    needs: Needs
    grounds: dict[str, pl.Expr]


def status(kernel: Kernel, as_of: datetime.date) -> Decided | None:
    """The status of every case; None where the ruleset has none."""
    plan = kernel.plan
    if plan.start is None:
        return None
    opening = kernel.leaf("status_at_start")
    branches: list[_Branch] = []
    for state in plan.states:
        here = _in_state(opening, state, kernel)
        if here is not False:
            branches += _leaving(kernel, as_of, state, here)
    branches.append(_not_known(kernel))
    return _decided(kernel, branches)


def _in_state(opening: Any, state: str, kernel: Kernel) -> pl.Expr | bool:
    if isinstance(opening, Same):
        return bool(opening.value == state)
    test = opening.equals(state)
    sure = known(opening.needs)
    return kernel.rows.keep(test if isinstance(sure, bool) else sure & test)


def _both(one: pl.Expr | bool, two: pl.Expr | bool) -> pl.Expr | bool:
    if isinstance(one, bool):
        return two if one else False
    if isinstance(two, bool):
        return one if two else False
    return one & two


def _leaving(
    kernel: Kernel, as_of: datetime.date, state: str, here: pl.Expr | bool
) -> list[_Branch]:
    """The changes that leave a state, in their order, then what stands where none happens."""
    rows, states = kernel.rows, kernel.plan.states
    stays, none = states.index(state) + 1, pl.lit(None, pl.Date)
    found: list[_Branch] = []
    before: Needs = 0
    for change in kernel.plan.changes:
        if change.source != state:
            continue
        grounds = {name: truth(kernel.values[step], rows) for name, step in change.grounds.items()}
        holds = {name: certainly(one, True) for name, one in grounds.items()}
        any_ = kernel.rows.keep(either(holds.values()).fill_null(False))
        waits = together(one.needs for one in grounds.values())
        free = known(before)
        if free is not False:
            test = _both(_both(here, any_), free)
            found.append(_happens(kernel, as_of, change, test, waits, holds, stays))
        if free is not True:  # what comes first is open, so whatever follows cannot matter
            test = _both(here, any_)
            found.append(_Branch(test, _OPEN, None, none, _OPEN, before, {}))
        before = together([before, waits])
        before = kernel.rows.kept(before)
    free = known(before)
    if free is not True:
        open_ = _both(here, True if isinstance(free, bool) else ~free)
        found.append(_Branch(open_, _OPEN, None, none, _OPEN, before, {}))
    since = _since(kernel)
    found.append(_Branch(here, stays, None, since, stays, 0, {}))
    return found


def _happens(
    kernel: Kernel,
    as_of: datetime.date,
    change: Change,
    test: pl.Expr | bool,
    waits: Needs,
    holds: dict[str, pl.Expr],
    stays: int,
) -> _Branch:
    """A change whose grounds hold: proposed, or effective after its notice."""
    to = kernel.plan.states.index(change.to) + 1
    days = _notice(kernel, change)
    waits = together([waits, 0 if days is None else days[1]])
    if change.proposed:
        return _Branch(test, to, 0, _since(kernel), stays, waits, holds)
    since = (
        pl.lit(_takes_effect(as_of, change.notice), pl.Date)
        if days is None
        else _after(as_of, *days)
    )
    tomorrow = as_of.toordinal() + 1 - datetime.date(1970, 1, 1).toordinal()
    in_time = (since.cast(pl.Int32) <= tomorrow).fill_null(False)
    closes = pl.when(in_time).then(pl.lit(to, pl.UInt8)).otherwise(pl.lit(_OPEN, pl.UInt8))
    return _Branch(test, to, 1, pl.when(in_time).then(since), closes, waits, holds)


def _takes_effect(as_of: datetime.date, notice: str) -> datetime.date | None:
    try:
        return add_days(as_of, 0 if notice == "at once" else int(notice.split()[0]))
    except (OverflowError, ValueError):
        return None


def _notice(kernel: Kernel, change: Change) -> tuple[pl.Expr, Needs] | None:
    """The days of notice that are worked out, and what they wait for."""
    if change.notice_days is None:
        return None
    days = number(kernel.values[change.notice_days], kernel.rows)
    assert days.ratio.below == 1, "days of notice are whole"
    most = datetime.date.max.toordinal()
    return days.ratio.top.expr.clip(0, most).cast(pl.Int64), days.needs


def _after(as_of: datetime.date, days: pl.Expr, needs: Needs) -> pl.Expr:
    """The day so many days later; null where they are unknown or it is outside the calendar."""
    epoch = datetime.date(1970, 1, 1).toordinal()
    found = pl.lit(as_of.toordinal() - epoch, pl.Int64) + days
    inside = found <= datetime.date.max.toordinal() - epoch
    sure = known(needs)
    inside = inside & (pl.lit(sure) if isinstance(sure, bool) else sure)
    return pl.when(inside).then(found).cast(pl.Int32).cast(pl.Date)


def _since(kernel: Kernel) -> pl.Expr:
    since = kernel.leaf("status_since")
    if isinstance(since, Same):
        return pl.lit(None if isinstance(since.value, Unknown) else since.value, pl.Date)
    return since.expr  # type: ignore[no-any-return]  # null where it is not known


def _not_known(kernel: Kernel) -> _Branch:
    """Where the period before left the status undetermined."""
    bit = kernel.rows.names.bit("status_at_start")
    return _Branch(True, _OPEN, None, pl.lit(None, pl.Date), _OPEN, bit, {})


def _decided(kernel: Kernel, branches: list[_Branch]) -> Decided:
    live = []
    for one in branches:
        if one.test is not False:
            live.append(one)
        if one.test is True:
            break
    states = (None, *kernel.plan.states)

    def chosen(of: Callable[[_Branch], Any]) -> Any:
        found = of(live[-1])
        for one in reversed(live[:-1]):
            then = of(one)
            if then is found or (
                isinstance(then, int) and isinstance(found, int) and then == found
            ):
                continue
            found = pl.when(one.test).then(_lit(then)).otherwise(_lit(found))
        return found

    to = _enum(chosen(lambda one: one.to), states)
    effect = chosen(lambda one: 0 if one.effect is None else one.effect + 1)
    closes = _enum(chosen(lambda one: one.closes), states)
    since = chosen(lambda one: one.since)
    needs = live[-1].needs
    for one in reversed(live[:-1]):
        assert isinstance(one.test, pl.Expr)
        needs = where(one.test, one.needs, needs)
    names = sorted({name for one in live for name in one.grounds})
    nothing = pl.lit(False)

    def holds(name: str) -> Any:
        return chosen(lambda one: one.grounds.get(name, nothing))

    marks = {name: holds(name) for name in names}
    columns = {"status": to, "effect": _enum(effect, (None, *EFFECTS)), "grounds": texts(marks)}
    closing = {"closing.status": closes, "closing.since": since}
    return Decided(columns, closing, needs)


def _lit(value: Any) -> pl.Expr:
    found: pl.Expr = pl.lit(value, pl.UInt8) if isinstance(value, int) else value
    return found


def _enum(codes: Any, words: tuple[str | None, ...]) -> pl.Expr:
    """Codes as words; the first is null."""
    options = [one for one in words if one is not None]
    enum = pl.Enum(options)
    if isinstance(codes, int):
        return pl.lit(words[codes], enum)
    return (pl.when(codes != 0).then(codes - pl.lit(1, pl.UInt8))).cast(pl.UInt8).cat.to(enum)
