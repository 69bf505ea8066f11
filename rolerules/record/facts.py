# SPDX-License-Identifier: MIT
"""Events → final facts: a function of the set of events, whatever the order they arrived in.

A fact with one value has the value that was said for the latest time; at the same time a
correction goes before what was posted, and a withdrawal before both. A list, and money that
accumulates, are made of all posted items, each of which is corrected and withdrawn in that same
way by its event's id. They are unknown until an event says that they are complete: three months'
sales that miss a target are not known from the first of them. What was never posted, or is
withdrawn, is unknown.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs

from rolerules.engines.facts import read_value
from rolerules.model.model import Fact
from rolerules.model.types import ANY, Type
from rolerules.problems import FactError, Problem, nearest
from rolerules.record.times import Moment, moment
from rolerules.values import exact_text, fixed, parse_figure, percent

POST, CORRECT, WITHDRAW = "post", "correct", "withdraw"
_RANK = {POST: 0, CORRECT: 1, WITHDRAW: 2}


@attrs.frozen(slots=True)
class Event:
    """One thing that was said of a fact, by whom, and for what time.

    `value` is plain data; `of` is the id of the event that a correction or withdrawal is about;
    `complete` says that with this item all have been posted.
    """

    id: str
    act: str
    fact: str
    value: Any
    at: Moment
    source: str
    of: str | None = None
    complete: bool = False

    @property
    def item(self) -> str:
        """What it says something of, within its fact: an item by its id, or the one value."""
        return self.of or self.id

    @property
    def order(self) -> tuple[datetime.datetime, int]:
        """What goes before what: the time, then the act."""
        return self.at.instant, _RANK[self.act]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, as it stands in the record."""
        return {"event": self.id, "act": self.act, "fact": self.fact, "value": self.value,
                "at": self.at.text, "source": self.source, "of": self.of,
                "complete": self.complete}  # fmt: skip

    @classmethod
    def of_dict(cls, kept: Mapping[str, Any]) -> Event:
        """The event that stands in the record."""
        return cls(
            kept["event"], kept["act"], kept["fact"], kept["value"], moment(kept["at"]),
            kept["source"], kept["of"], kept["complete"],
        )  # fmt: skip


def of_items(fact: Fact) -> bool:
    """Whether a fact is made of items that arrive one by one."""
    return fact.accumulates or fact.type.kind == "list"


def read_event_value(fact: Fact, given: object, digits: int) -> Any:
    """Read what is posted of a fact: its value, or one more item or amount, as plain data.

    Raises `FactError` for what does not fit. Whether a sum or a list as a whole fits is seen
    when it is decided, since what is still to come may mend it.
    """
    listed = fact.type.kind == "list"
    if given is None:
        message = f"`{fact.origin.name}` is given nothing"
        mend = "give a value; what is not known is not posted, and what was wrong is withdrawn"
        raise FactError([Problem("wrong-type", message, help=mend, path=fact.origin.name)])
    if listed and (isinstance(given, Mapping) or attrs.has(type(given))):
        given = [given]
    range_ = ANY if fact.accumulates else fact.range
    name = fact.origin.name
    value, problems = read_value(given, fact.type, range_, name, digits, fact.max_items)
    if problems:
        raise FactError(problems)
    return plain(value, fact.type, digits)


def plain(value: Any, type_: Type, digits: int) -> Any:
    """A fact's value as plain data, which reads back as just that value."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple):
        assert type_.item is not None
        kinds = {field.name: field.type for field in type_.item.fields}
        return [
            {key: plain(one, kinds[key], digits) for key, one in item.items()} for item in value
        ]
    if type_.kind == "money":
        return fixed(value, digits)
    return percent(value) if type_.kind == "rate" else exact_text(value)


def final_facts(facts: Mapping[str, Fact], events: Iterable[Event], digits: int) -> dict[str, Any]:
    """What is known of each fact once all events are taken together, as plain data."""
    found = {}
    for name, said in _by_fact(facts, events):
        value = _made(facts[name], said, digits, complete=True)
        if value is not None:
            found[name] = value
    return found


def so_far(facts: Mapping[str, Fact], events: Iterable[Event], digits: int) -> dict[str, Any]:
    """What has arrived of each list and sum that is not complete yet."""
    found = {}
    for name, said in _by_fact(facts, events):
        if of_items(facts[name]):
            with contextlib.suppress(FactError):  # the decision says why
                value = _made(facts[name], said, digits, complete=False)
                if value is not None:
                    found[name] = value
    return found


def _by_fact(
    facts: Mapping[str, Fact], events: Iterable[Event]
) -> Iterator[tuple[str, list[Event]]]:
    said: dict[str, list[Event]] = {}
    for event in events:
        said.setdefault(event.fact, []).append(event)
    return ((name, said[name]) for name in sorted(said) if name in facts)


def _made(fact: Fact, events: list[Event], digits: int, *, complete: bool) -> Any:
    """A fact's value; of a list or a sum only if it is as complete as asked for."""
    if not of_items(fact):
        holds = max(events, key=lambda event: event.order)
        return None if holds.act == WITHDRAW else holds.value
    live = [said for said in _items(events) if said[-1].act != WITHDRAW]
    if any(event.complete for said in live for event in said) != complete or not live:
        return None
    values = [said[-1].value for said in live]
    if fact.type.kind == "list":
        if not all(isinstance(items, list) for items in values):
            raise _of_another_kind(fact)
        return [item for items in values for item in items]
    amounts = [parse_figure(value) if isinstance(value, str) else None for value in values]
    total = sum((one for one in amounts if one is not None), Fraction(0))
    if None in amounts or (total * 10**digits).denominator != 1:
        raise _of_another_kind(fact)
    return fixed(total, digits)


def _of_another_kind(fact: Fact) -> FactError:
    """What was said under another version, where the fact was of another kind."""
    name = fact.origin.name
    message = f"what is on record of `{name}` was said when it was of another kind"
    mend = "withdraw each of its events, and post them anew"
    return FactError([Problem("wrong-type", message, help=mend, path=name)])


def overruling(fact: Fact, said: Event, events: Iterable[Event]) -> Event | None:
    """The event that holds in the place of one that was just said; None where that one does."""
    about = [one for one in events if one.fact == said.fact
             and (not of_items(fact) or one.item == said.item)]  # fmt: skip
    holds = max((said, *about), key=lambda event: event.order)
    return None if holds.order == said.order else holds


def _items(events: list[Event]) -> list[list[Event]]:
    """All that was said of each item, the latest last; the items by when they were first spoken of."""
    items: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: event.order):
        items.setdefault(event.item, []).append(event)
    first = {item: min(event.at.instant for event in said) for item, said in items.items()}
    return [items[item] for item in sorted(items, key=lambda item: (first[item], item))]


def declared(facts: Mapping[str, Fact], name: str) -> Fact:
    """A fact by its name. Raises `FactError` for one that is not declared."""
    if name not in facts:
        message = f"`{name}` is no fact of this ruleset"
        raise FactError([Problem("unknown-fact", message, help=nearest(name, facts), path=name)])
    return facts[name]
