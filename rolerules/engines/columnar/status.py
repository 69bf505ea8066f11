# SPDX-License-Identifier: MIT
"""The status over columns: the first change whose grounds hold (as `results.status_decision`)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import attrs
import polars as pl

from rolerules.dates import add_days
from rolerules.engines.columnar.kernel import Kernel
from rolerules.engines.columnar.logic import certainly
from rolerules.engines.columnar.needs import (
    NO,
    Needs,
    Test,
    both,
    either,
    expr,
    first,
    no,
    together,
)
from rolerules.engines.columnar.texts import MOST, joined, listed, marked, width
from rolerules.engines.columnar.values import Same, number, truth
from rolerules.engines.results import Unknown
from rolerules.plan.plan import Change

EFFECTS = ("proposed", "effective")
NO_DAY = pl.lit(None, pl.Date)


@attrs.frozen(slots=True, eq=False)
class Decided:
    """The columns of the status, those of the closing, and what the status waits for."""

    columns: dict[str, pl.Expr]
    closing: dict[str, pl.Expr]
    needs: Needs


@attrs.frozen(slots=True, eq=False)
class _Branch:
    """What follows where a test holds; None for a code that is null."""

    test: Test
    to: int | None
    effect: int | None
    since: pl.Expr
    closes: int | pl.Expr | None
    needs: Needs
    grounds: dict[str, pl.Expr] = attrs.field(factory=dict)
    any_ground: pl.Expr | None = None
    """That one of the grounds holds, where that is the whole test."""


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
    branches.append(_open(True, Needs(kernel.rows.names.bit("status_at_start"))))
    return _decided(branches, plan.states)


def _in_state(opening: Any, state: str, kernel: Kernel) -> Test:
    if isinstance(opening, Same):
        return bool(opening.value == state)
    return kernel.rows.keep(expr(both(opening.needs.known, opening.equals(state))))


def _open(test: Test, needs: Needs) -> _Branch:
    """A status that is not determined."""
    return _Branch(test, None, None, NO_DAY, None, needs)


def _leaving(kernel: Kernel, as_of: datetime.date, state: str, here: Test) -> list[_Branch]:
    """The changes that leave a state, in their order, then what stands where none happens."""
    rows, stays = kernel.rows, kernel.plan.states.index(state)
    found: list[_Branch] = []
    before = NO
    for change in kernel.plan.changes:
        if change.source != state:
            continue
        grounds = {name: truth(kernel.values[step], rows) for name, step in change.grounds.items()}
        holds = {name: certainly(one, True) for name, one in grounds.items()}
        any_ = rows.keep(expr(either(holds.values())))
        waits = together(one.needs for one in grounds.values())
        test, free = both(here, any_), before.known
        if free is not False:
            happens = _happens(kernel, as_of, change, both(test, free), waits, holds, stays)
            found.append(attrs.evolve(happens, any_ground=any_))
        if free is not True:  # what comes first is open, so whatever follows cannot matter
            found.append(_open(test, before))
        before = rows.kept(together([before, waits]))
    if before.known is not True:
        found.append(_open(both(here, no(before.known)), before))
    found.append(_Branch(here, stays, None, _since(kernel), stays, NO))
    return found


def _happens(
    kernel: Kernel,
    as_of: datetime.date,
    change: Change,
    test: Test,
    waits: Needs,
    holds: dict[str, pl.Expr],
    stays: int,
) -> _Branch:
    """A change whose grounds hold: proposed, or effective after its notice."""
    to = kernel.plan.states.index(change.to)
    days = _notice(kernel, change)
    waits = waits if days is None else together([waits, days[1]])
    if change.proposed:
        return _Branch(test, to, 0, _since(kernel), stays, waits, holds)
    if days is None:
        since = pl.lit(_takes_effect(as_of, change.notice), pl.Date)
    else:
        since = _after(as_of, *days)
    tomorrow = as_of.toordinal() + 1 - datetime.date(1970, 1, 1).toordinal()
    in_time = (since.cast(pl.Int32) <= tomorrow).fill_null(False)
    closes = pl.when(in_time).then(pl.lit(to, pl.UInt8))
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
    inside = both(needs.known, found <= datetime.date.max.toordinal() - epoch)
    return pl.when(expr(inside)).then(found).cast(pl.Int32).cast(pl.Date)


def _since(kernel: Kernel) -> pl.Expr:
    since = kernel.leaf("status_since")
    if not isinstance(since, Same):
        found: pl.Expr = since.expr  # null where it is not known
        return found
    return NO_DAY if isinstance(since.value, Unknown) else pl.lit(since.value, pl.Date)


def _decided(branches: list[_Branch], states: Sequence[str]) -> Decided:
    live = [one for one in branches if one.test is not False]
    last = next(place for place, one in enumerate(live) if one.test is True)
    live = live[: last + 1]
    tests = [one.test for one in live[:-1]]
    names = sorted({name for one in live for name in one.grounds})
    columns = {
        "status": _words([one.to for one in live], tests, states),
        "effect": _words([one.effect for one in live], tests, EFFECTS),
        "grounds": _grounds(live, names),
    }
    closing = {
        "closing.status": _words([one.closes for one in live], tests, states),
        "closing.since": _chosen([one.since for one in live], tests),
    }
    return Decided(columns, closing, first(tests, [one.needs for one in live[:-1]], live[-1].needs))


def _chosen(values: Sequence[Any], tests: Sequence[Test]) -> Any:
    """The value of the first branch whose test holds; equal ones need no test."""
    found = values[-1]
    for value, test in zip(reversed(values[:-1]), reversed(tests), strict=True):
        if value is not found:
            found = pl.when(test).then(value).otherwise(found)
    return found


def _words(
    codes: Sequence[int | pl.Expr | None], tests: Sequence[Test], words: Sequence[str]
) -> pl.Expr:
    """Codes as words; None is null."""
    kind = pl.Enum(words)
    held = {
        one: pl.lit(None if one is None else words[one], kind)
        for one in codes
        if not isinstance(one, pl.Expr)
    }
    found: pl.Expr = _chosen(
        [one.cat.to(kind) if isinstance(one, pl.Expr) else held[one] for one in codes], tests
    )
    return found


def _grounds(live: list[_Branch], names: Sequence[str]) -> pl.Expr:
    """The grounds that are shown, as one text."""
    if len(names) <= MOST:
        return joined(names, _bits(live, names))
    tests, never = [one.test for one in live[:-1]], pl.lit(False)
    return listed(
        {name: _chosen([one.grounds.get(name, never) for one in live], tests) for name in names}
    )


def _bits(live: list[_Branch], names: Sequence[str]) -> pl.Expr:
    """The bits of the grounds that are shown."""
    if live[0].test is live[0].any_ground and not any(one.grounds for one in live[1:]):
        return marked(names, live[0].grounds)  # where the test does not hold there is no ground
    nothing = pl.lit(0, width(names))
    masks = [marked(names, one.grounds) if one.grounds else nothing for one in live]
    found: pl.Expr = _chosen(masks, [one.test for one in live[:-1]])
    return found
