# SPDX-License-Identifier: MIT
"""Why an event cannot be taken beside those on record."""

from __future__ import annotations

from collections.abc import Sequence

from rolerules.model.model import Fact
from rolerules.problems import FactError, Problem
from rolerules.record.facts import POST, Event, of_items


def refuse_taken(fact: Fact, event: Event, known: Sequence[Event]) -> None:
    """Refuse an event that does not fit those on record. Raises `FactError`."""
    _refuse_aim(fact, event, known)
    for other in known:
        _refuse_id(event, other)
        _refuse_conflict(fact, event, other)


def _refuse_aim(fact: Fact, event: Event, known: Sequence[Event]) -> None:
    """A correction or withdrawal says of which item; a fact with one value has none."""
    if event.act == POST or (event.of is not None) == of_items(fact):
        return
    if event.of is None:
        message = f"`{event.fact}` is made of events, and none is named"
        posted = [one for one in known if one.fact == event.fact and one.act == POST]
        mend = "name the one that is meant, with `--of`"
        if posted:
            named = ", ".join(f"{one.id} ({one.at.text}, {one.source})" for one in posted[-5:])
            mend += f": {named}"
    else:
        message = f"`{event.fact}` has one value, and the event `{event.of}` is named"
        mend = "leave the event out"
    raise FactError([Problem("which-event", message, help=mend, path=event.fact)])


def _refuse_id(event: Event, other: Event) -> None:
    """An id means one event, and an item belongs to one fact."""
    if event.id == other.id or (event.item == other.item and event.fact != other.fact):
        message = f"the event `{other.id}` is on record, and says something else"
        mend = "give each event an id of its own; correct or withdraw one that was wrong"
        raise FactError([Problem("event-taken", message, help=mend)])
    chained = (event.of == other.id and other.act != POST) or (
        event.act != POST and other.of == event.id
    )
    if chained:
        message = "what is corrected here is itself a correction or a withdrawal"
        mend = f"name the event that was posted: `{other.of or event.of}`"
        raise FactError([Problem("which-event", message, help=mend, path=event.fact)])


def _refuse_conflict(fact: Fact, event: Event, other: Event) -> None:
    """Two values for the same time cannot both hold."""
    same = other.fact == event.fact and other.order == event.order
    about = not of_items(fact) or other.item == event.item
    if same and about and other.value != event.value:
        message = f"`{event.fact}` was given another value for {event.at.text}, by `{other.id}`"
        mend = "say which of the two holds: correct it, with a later time"
        raise FactError([Problem("conflicting-facts", message, help=mend, path=event.fact)])
