# SPDX-License-Identifier: MIT
"""Status: states, changes and their grounds, and when a change is only proposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolerules.model.context import Context, origin
from rolerules.model.model import Change, Ground, Status, Test
from rolerules.model.term import Term
from rolerules.model.types import WHOLE, YES_NO
from rolerules.problems import nearest
from rolerules.syntax import tree
from rolerules.text.expression import show


def status(
    context: Context,
    written: tree.Status,
    assessments: Mapping[str, Test],
    duties: Mapping[str, Test],
) -> Status:
    """Check the status section.

    A change is proposed where it is a right of the company or adverse; only a duty of the
    company that is not adverse is effective at once.
    """
    states = tuple(state.text for state in written.states)
    for place, state in enumerate(written.states):
        if state.text in states[:place]:
            context.report(
                state.span, "name-taken", f"`{state.text}` stands twice", "leave one out"
            )
    _state(context, written.start, states)
    changes = [
        _change(context, change, states, assessments, duties)
        for change in written.changes if not change.broken
    ]  # fmt: skip
    _reached(context, [change for change in written.changes if not change.broken])
    return Status(states, written.start.text, tuple(changes))


def _state(context: Context, written: tree.Written, states: Sequence[str]) -> None:
    if written.text not in states:
        context.report(
            written.span,
            "unknown-state",
            f"`{written.text}` is none of the states",
            nearest(written.text, states),
        )


def _reached(context: Context, changes: Sequence[tree.Named[tree.Change]]) -> None:
    """Report the changes of which earlier ones, that leave the same state, have every ground."""
    before: dict[str, dict[tuple[str, str], str]] = {}
    for change in changes:
        taken = before.setdefault(change.value.source_state.text, {})
        grounds = set(_written(change.value.grounds))
        if grounds and grounds <= taken.keys():
            names = " and ".join(
                f"`{name}`" for name in dict.fromkeys(map(taken.get, sorted(grounds)))
            )
            message = (
                f"`{change.name}` never happens: each of its grounds stands in {names}, before it"
            )
            mend = "put the change with the stricter grounds first, or leave this one out"
            context.report(change.span, "change-unreachable", message, mend)
        for ground in grounds:
            taken.setdefault(ground, change.name)


def _written(grounds: tree.Grounds) -> Iterator[tuple[str, str]]:
    for key in ("each_assessment", "each_duty"):
        if getattr(grounds, key):
            yield key, ""
    yield from (("", show(one.value.expression)) for one in grounds.named if not one.broken)


def _change(
    context: Context, named: tree.Named[tree.Change], states: Sequence[str],
    assessments: Mapping[str, Test], duties: Mapping[str, Test],
) -> Change:  # fmt: skip
    written = named.value
    _state(context, written.source_state, states)
    _state(context, written.to, states)
    if written.source_state.text == written.to.text:
        context.report(
            written.to.span,
            "no-change",
            f"`{named.name}` leads from `{written.to.text}` to itself",
            "name another state that it leads to",
        )
    adverse, effect = written.adverse.text == "yes", written.effect.text
    return Change(
        origin(named), written.source_state.text, written.to.text,
        _grounds(context, named, assessments, duties),
        adverse or effect == "right of the company", effect, adverse, *_notice(context, written),
    )  # fmt: skip


def _notice(context: Context, written: tree.Change) -> tuple[str, Term | None]:
    if written.notice_days is None:
        return written.notice.text if written.notice else "", None
    term = context.term(written.notice_days, WHOLE, "`notice days`")
    return show(written.notice_days.expression), term


def _grounds(
    context: Context,
    named: tree.Named[tree.Change],
    assessments: Mapping[str, Test],
    duties: Mapping[str, Test],
) -> tuple[Ground, ...]:
    written, grounds = named.value.grounds, []
    for each, kind, tests in (
        (written.each_assessment, "assessment", assessments), (written.each_duty, "duty", duties),
    ):  # fmt: skip
        if each:
            grounds += [
                Ground(name, kind, None, each.text, test.origin.span)
                for name, test in tests.items()
            ]
    taken = {ground.name for ground in grounds}
    for ground in written.named:
        if ground.name in taken:
            context.report(
                ground.span,
                "name-taken",
                f"`{ground.name}` already names a ground",
                "choose another name",
            )
        elif not ground.broken:
            term = context.term(ground.value, YES_NO, "a ground")
            grounds.append(
                Ground(ground.name, "condition", term, show(ground.value.expression), ground.span)
            )
        taken.add(ground.name)
    if not written.named and not written.each_assessment and not written.each_duty:
        context.report(
            named.span, "grounds-missing", f"`{named.name}` has no grounds", "add at least one"
        )
    return tuple(grounds)
