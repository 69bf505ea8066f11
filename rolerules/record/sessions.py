# SPDX-License-Identifier: MIT
"""A session: the facts of one person over one period, as they arrive, and what follows at once.

It is one class, whose methods share the person, the period and the record; what is no method of it
is in `state.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rolerules.decision import Decision
from rolerules.model.model import Fact
from rolerules.periods import NAMED_LIKE, last_day, period_start
from rolerules.problems import FactError, Problem, RolerulesError
from rolerules.record.book import Kept, Pen
from rolerules.record.changes import Changed, Difference, changed, differences
from rolerules.record.decide import Worked, firing, worked_out
from rolerules.record.facts import (
    CORRECT,
    POST,
    WITHDRAW,
    Event,
    declared,
    final_facts,
    of_items,
    overruling,
    read_event_value,
    so_far,
)
from rolerules.record.openings import Opens, opens
from rolerules.record.process import outcome, proposals
from rolerules.record.record import Record
from rolerules.record.state import Closed, State, free_id, plain_opening
from rolerules.record.taken import refuse_taken
from rolerules.record.times import Moment, moment
from rolerules.record.words import checked_word, same_person
from rolerules.ruleset import Ruleset


class Session:
    """Facts of one person over one period, held to one evaluation of the final facts.

    Each call takes in what others have written meanwhile, works out what follows, and has
    written and synced it when it returns. A session may be shared between threads. `engine` is what
    fires the rules: `durable` or `reference`; left out, durable-rules does where it can.
    """

    def __init__(
        self, ruleset: Ruleset, subject: str, period: str, record: Record,
        opening: Mapping[str, Any] | None = None, engine: str | None = None,
        *, at: object = None, source: object = None,
    ) -> None:  # fmt: skip
        model = ruleset.model
        if not isinstance(record, Record):
            raise TypeError("`record` is no Record: open one with `Record.open(…)`")
        self.ruleset, self.subject, self.period, self.record = ruleset, subject, period, record
        self.as_of = read_period(period, model.period, model.year_starts)
        self._plan = ruleset.at(self.as_of)
        self._fires = firing(engine, ruleset.prove({}, as_of=self.as_of))
        self._history = record.history(subject)
        self._last: Worked | None = None  # what one event leads to is what the next one begins with
        if opening is not None:
            when, who = moment(at), checked_word(source, "source")
            with self.record.writing(self._history) as pen:
                self._open(pen, opening, when, who)

    def correct_opening(self, opening: Mapping[str, Any], *, at: object, source: str) -> int:
        """Say what the period should have been said to open with, while nothing was decided by it.

        All of it is said anew. Gives the number of the entry that says so. Raises `RolerulesError`
        where the record contradicts it.
        """
        when, who = moment(at), checked_word(source, "source")
        with self.record.writing(self._history) as pen:
            return self._open(pen, opening, when, who, corrects=True)

    def _open(
        self, pen: Pen, opening: Mapping[str, Any], at: Moment, source: str, *, corrects: bool = False
    ) -> int:  # fmt: skip
        """Record what the period opens with, unless that is on record. Raises `RolerulesError`.

        It stands for what was before the record. What the record says of another period, or has
        decided, is not contradicted: a status changes by a confirmation alone.
        """
        self.ruleset.prove({}, as_of=self.as_of, opening=opening)
        if same_person(source, self.subject):
            message = f"`{source}` cannot say what `{self.subject}` began with"
            mend = "name the source it comes from, another person or a system"
            raise FactError([Problem("own-case", message, help=mend, path="source")])
        given, period = plain_opening(opening), self._opens(pen)
        by = period.said_by()
        if by is not None and by.body["opening"] == given:
            return by.number
        period.refuse_contradicted(given, corrects=corrects)
        if by is not None and not corrects:
            message = (
                f"{self.period} opens with something else by {by.body['source']}, {by.body['at']}"
            )
            mend = "leave the opening out; one that was wrong is corrected, by `correct_opening` or `session correct`"
            raise RolerulesError([Problem("opening-given", message, help=mend)])
        pen.keep(self.ruleset)
        entry = pen.add(
            {**self._named("opening"), "opening": given, "at": at.text, "source": source}
        )
        return entry.number

    def _opens(self, pen: Pen | None = None) -> Opens:
        """What the history says of the opening, with what is just being written."""
        entries = [*self._history.entries, *(pen.added if pen else ())]
        return opens(self.record, entries, self.ruleset, self.as_of)

    def _is_of(self, entry: Kept) -> bool:
        """Whether it is of this period, which has another name where a version counts otherwise."""
        named = (entry.body.get("period"), entry.body.get("as_of"))
        return named == (self.period, self.as_of.isoformat())

    def _named(self, kind: str) -> dict[str, Any]:
        ruleset = self.ruleset
        return {"kind": kind, "ruleset": ruleset.id, "version": ruleset.version,
                "digest": ruleset.digest, "period": self.period, "as_of": self.as_of.isoformat()}  # fmt: skip

    @property
    def entries(self) -> tuple[Kept, ...]:
        """Everything the record has on the person."""
        return tuple(self.record.refreshed(self._history).entries)

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of each fact, once all events on record are taken together."""
        self.record.refreshed(self._history)
        return self._facts(self._state())

    @property
    def opening_said(self) -> dict[str, Any]:
        """What was said of the opening, as it was corrected last."""
        self.record.refreshed(self._history)
        return dict(self._opens().said() or {})

    @property
    def so_far(self) -> dict[str, Any]:
        """What has arrived of each list and sum that is not complete yet."""
        self.record.refreshed(self._history)
        return self._so_far(self._state())

    def decision(self) -> Decision:
        """What follows from what is on record. Raises `FactError` where that is refused."""
        self.record.refreshed(self._history)
        state = self._state()
        return self._worked(self._facts(state), state.opening).decision

    def post(
        self, fact: str, value: object, *, at: object, source: str, event: str | None = None,
        complete: bool = False,
    ) -> Changed:  # fmt: skip
        """Say what a fact is: its value, or for a list or money that accumulates one more item.

        `complete` says that all items have then been posted; a list that is given whole is
        complete, unless more is posted. `event` is the id that the source gives it: the same one
        counts once. Raises `FactError` for what cannot be taken; nothing is written then.
        """
        return self._say(POST, [(fact, value)], at, source, event, None, complete)[0]

    def post_all(
        self, said: Mapping[str, object] | Sequence[tuple[str, object]], *, at: object, source: str,
        event: str | None = None, complete: bool = False, opening: Mapping[str, Any] | None = None,
    ) -> tuple[Changed, ...]:  # fmt: skip
        """Post several facts, and perhaps what the period opens with: all of it, or nothing."""
        facts = list(said.items()) if isinstance(said, Mapping) else said
        return self._say(POST, facts, at, source, event, None, complete, opening)

    def correct(
        self, fact: str, value: object, *, at: object, source: str, of: str | None = None,
        event: str | None = None, complete: bool = False,
    ) -> Changed:  # fmt: skip
        """Say what a fact, or the item that came by the event `of`, should have been said to be."""
        return self._say(CORRECT, [(fact, value)], at, source, event, of, complete)[0]

    def withdraw(
        self, fact: str, *, at: object, source: str, of: str | None = None, event: str | None = None
    ) -> Changed:
        """Say that a fact, or the item that came by the event `of`, should not have been said."""
        return self._say(WITHDRAW, [(fact, None)], at, source, event, of, False)[0]

    def decide(self) -> Closed:
        """Decide the period by what is on record. Raises `FactError` where that is refused."""
        with self.record.writing(self._history) as pen:
            state = self._state()
            if state.closed is not None:
                message = (
                    f"{self.period} of `{self.subject}` was decided by entry {state.closed.number}"
                )
                mend = "adjust it: what came since gives a new decision and the difference"
                raise RolerulesError([Problem("period-decided", message, help=mend)])
            self._refuse_other_ruleset(state)
            self._refuse_overlap()
            worked = self._worked(self._facts(state), state.opening)
            pen.keep(self.ruleset)
            return self._decided(pen, state, worked, closes=True)

    def adjust(self) -> Closed:
        """Decide the period anew by what came since, with the signed difference of each line."""
        with self.record.writing(self._history) as pen:
            state = self._state()
            if state.closed is None:
                message = f"{self.period} of `{self.subject}` is not decided yet"
                raise RolerulesError([Problem("period-open", message, help="decide it first")])
            before = state.closed
            worked = self._worked(self._facts(state), state.opening)
            was = before.body["decision"]["pay"]["currency"]
            now = worked.decision.currency
            if was and now and was != now:
                message = f"{self.period} was decided in {was}, and the ruleset pays in {now}"
                mend = "adjust it by a ruleset of the same currency"
                raise RolerulesError([Problem("other-currency", message, help=mend)])
            if worked.decision.to_dict() == before.body["decision"]:
                message = f"nothing has changed since entry {before.number}"
                mend = "post what came late first"
                raise RolerulesError([Problem("nothing-to-adjust", message, help=mend)])
            pen.keep(self.ruleset)
            closed = [one.body["decision"] for one in state.closing]
            found = differences(closed, worked.decision)
            return self._decided(
                pen, state, worked, closes=True, adjusts=before.number, differences=found
            )

    @property
    def alone(self) -> tuple[str, ...]:
        """The events that are corrected or withdrawn, and are not on record: these count alone."""
        self.record.refreshed(self._history)
        events = self._state().events
        found = [one.of for one, _ in events.values() if one.of and one.of not in events]
        return tuple(dict.fromkeys(found))

    @property
    def decided(self) -> int | None:
        """The entry by which the period was last decided."""
        self.record.refreshed(self._history)
        closed = self._state().closed
        return closed.number if closed else None

    @property
    def others(self) -> frozenset[str]:
        """Other rulesets for which the person has facts in the period."""
        return frozenset(one.body["ruleset"] for one in self._history.entries
                         if one.kind == "fact" and self._is_of(one)) - {self.ruleset.id}  # fmt: skip

    def _refuse_other_ruleset(self, state: State) -> None:
        """Refuse to decide by a ruleset that no fact was posted for, where another has some."""
        if state.events or not self.others:
            return
        named = ", ".join(f"`{name}`" for name in sorted(self.others))
        message = f"`{self.subject}` has facts under {named} in {self.period}, and none under `{self.ruleset.id}`"
        mend = "decide it by the ruleset that its facts were posted for"
        raise RolerulesError([Problem("which-ruleset", message, help=mend)])

    def _refuse_overlap(self) -> None:
        """Refuse to decide what was decided as part of a period of another length."""
        first = self._opens().first
        for one in self._history.entries:
            body = one.body
            if one.kind != "decision" or not body["closes"] or body["ruleset"] != self.ruleset.id:
                continue
            ends = datetime.date.fromisoformat(body["as_of"])
            model = self.record.ruleset(body["digest"]).model
            begins = period_start(ends, model.period, model.year_starts)
            if not self._is_of(one) and begins <= self.as_of and first <= ends:
                message = f"{body['period']}, which overlaps {self.period}, was decided by entry {one.number}"
                mend = "adjust that, or decide a period that begins after it"
                raise RolerulesError([Problem("period-overlaps", message, help=mend)])

    def _state(self, pen: Pen | None = None) -> State:
        """What the history says of this session, with what is just being written."""
        entries = [*self._history.entries, *(pen.added if pen else ())]
        own = [one for one in entries
               if one.body.get("ruleset") == self.ruleset.id and self._is_of(one)]  # fmt: skip
        said = [(Event.of_dict(one.body), one.number) for one in own if one.kind == "fact"]
        opening = self._opens(pen).opening()
        decisions = tuple(one for one in own if one.kind in ("decision", "refused"))
        events = {event.id: (event, number) for event, number in said}
        numbers = {one.number for one in decisions}
        made = [one for one in proposals(entries).values() if one.number in numbers]
        return State(events, decisions, opening, made[-1] if made else None)

    def _facts(self, state: State, *more: Event) -> dict[str, Any]:
        return final_facts(self._plan.facts, [*state.said, *more], self._plan.digits)

    def _so_far(self, state: State, *more: Event) -> dict[str, Any]:
        return so_far(self._plan.facts, [*state.said, *more], self._plan.digits)

    def _worked(self, facts: Mapping[str, Any], opening: Mapping[str, Any] | None) -> Worked:
        last = self._last
        if last is None or (last.facts, last.opening) != (facts, opening):
            last = worked_out(self.ruleset, facts, self.as_of, opening, self._fires)
            self._last = last
        return last

    def _say(
        self, act: str, facts: Sequence[tuple[str, object]], at: object, source: str,
        event: str | None, of: str | None, complete: bool,
        opening: Mapping[str, Any] | None = None,
    ) -> tuple[Changed, ...]:  # fmt: skip
        """Take in what is said of some facts, all of it or nothing."""
        when, who = moment(at), checked_word(source, "source")
        if event is not None and len(facts) > 1:
            message = f"the event `{event}` would be {len(facts)} facts"
            raise FactError([Problem("event-taken", message, help="give each an id of its own")])
        for word in (one for one in (event, of) if one is not None):
            checked_word(word, "event")
        read = [(declared(self._plan.facts, name), given) for name, given in facts]
        values = [None if act == WITHDRAW else read_event_value(fact, given, self._plan.digits)
                  for fact, given in read]  # fmt: skip
        found = []
        with self.record.writing(self._history) as pen:
            pen.keep(self.ruleset)
            if opening is not None:
                self._open(pen, opening, when, who)
            for (fact, given), value in zip(read, values, strict=True):
                state = self._state(pen)
                all_ = of_items(fact) and (complete or isinstance(given, list | tuple))
                id_ = event or free_id(pen.next(), state.events)
                found.append(self._take(pen, state, fact, Event(id_, act, fact.origin.name, value, when, who, of, all_)))  # fmt: skip
        return tuple(found)

    def _take(self, pen: Pen, state: State, fact: Fact, said: Event) -> Changed:
        """Take in one event, unless it is on record already."""
        if (known := state.events.get(said.id)) and known[0] == said:
            return self._repeated(state, *known)
        refuse_taken(fact, said, state.said)
        holds = overruling(fact, said, state.said)
        return self._taken(pen, state, said, holds.id if holds else "")

    def _repeated(self, state: State, event: Event, number: int) -> Changed:
        worked, refused = self._tried(state)
        now = worked.decision if worked else None
        return Changed(event=event.id, number=number, decision=now, repeated=True, refused=refused,
                       missing=now.missing if now else (), late=state.closed is not None, so_far=self._so_far(state))  # fmt: skip

    def _taken(self, pen: Pen, state: State, event: Event, overruled: str) -> Changed:
        before, _ = self._tried(state)
        after, refused = self._tried(state, event)
        entry = pen.add({**self._named("fact"), **event.to_dict()})
        proposal = self._noted(pen, state, after, refused)
        return Changed(
            event=event.id, number=entry.number, decision=after.decision if after else None,
            proposal=proposal, refused=refused, late=state.closed is not None, overruled=overruled,
            so_far=self._so_far(state, event), ahead=event.of is not None and event.of not in state.events,
            **changed(before.decision if before else None, after.decision if after else None),
        )  # fmt: skip

    def _tried(self, state: State, *more: Event) -> tuple[Worked | None, tuple[Problem, ...]]:
        """A decision, or the reasons why the facts together are refused."""
        try:
            return self._worked(self._facts(state, *more), state.opening), ()
        except FactError as error:
            return None, error.problems

    def _noted(
        self, pen: Pen, state: State, worked: Worked | None, refused: Iterable[Problem]
    ) -> int | None:
        """Record what follows at once: a change of status, one that follows no more, a refusal."""
        if worked is None:
            if not state.refused and (state.outcome is not None or self._leaves_open):
                told = [str(problem) for problem in refused]
                pen.add({**self._named("refused"), "problems": told, "proposes": False, "leaves_open": self._leaves_open})  # fmt: skip
            return None
        if worked.outcome == state.outcome and not state.refused:
            return None
        return self._decided(pen, state, worked, closes=False).proposal

    @property
    def _leaves_open(self) -> bool:
        """Whether a change may take effect by itself: then refused facts leave the status open."""
        status = self.ruleset.model.status
        return status is not None and not all(one.proposed for one in status.changes)

    def _decided(
        self, pen: Pen, state: State, worked: Worked, *, closes: bool, adjusts: int | None = None,
        differences: tuple[Difference, ...] = (), **more: Any,
    ) -> Closed:  # fmt: skip
        """Record a decision; it proposes a change of status unless the one before did already."""
        plain = worked.body(
            self.ruleset, self.period, closes=closes, adjusts=adjusts,
            differences=[one.to_dict() for one in differences], **more,
        )  # fmt: skip
        found = outcome(plain)
        last, stands = state.proposed, None
        again = found == state.outcome and not (state.refused and last and last.state == "lapsed")
        proposes = found is not None and not again and found[-1] == "proposed"
        if again and last and found and found[-1] == "proposed":
            stands = last.state
        entry = pen.add({**plain, "proposes": proposes})
        proposal = entry.number if proposes else None
        return Closed(entry.number, worked.decision, proposal, adjusts, differences, stands)


def read_period(name: str, period: str, year_starts: int) -> datetime.date:
    """The last day of a period by its name. Raises `FactError` for what is no name of one."""
    day = last_day(name, period, year_starts) if isinstance(name, str) and period else None
    if day is None:
        mend = f"write it like `{NAMED_LIKE[period]}`" if period else "name a ruleset, not a policy"
        message = f"`{name}` is no {period or 'period'}"
        raise FactError([Problem("period-name", message, help=mend, path="period")])
    return day
