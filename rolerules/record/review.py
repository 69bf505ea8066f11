# SPDX-License-Identifier: MIT
"""What a named person does about a proposed change of status: the only way it takes effect."""

from __future__ import annotations

from typing import Any

from rolerules.periods import period_start
from rolerules.problems import FactError, Problem, RolerulesError
from rolerules.record.book import ACTS, Book, History, Kept, Pen
from rolerules.record.decide import Worked, worked_out
from rolerules.record.facts import Event, final_facts
from rolerules.record.openings import opens
from rolerules.record.process import (
    DONE,
    TRANSITIONS,
    Proposal,
    proposals,
    takes_effect,
)
from rolerules.record.times import Moment, moment
from rolerules.record.words import checked_subject, one_line, same_person

LONGEST = 2_000


def act(book: Book, number: int, what: str, *, by: str, reason: str, at: object) -> Proposal:
    """Do something about the proposal of a decision. Raises `RolerulesError` where it may not be done.

    It is looked up and written in one step, so that nothing can come in between: neither another
    reviewer nor a fact by which the change is proposed no more.
    """
    assert what in ACTS, "one of the acts of due process"
    when = moment(at)
    history, _ = book.of_entry(number)
    by, reason = _named(what, by, reason, history.key.subject)
    with book.writing(history) as pen:
        proposal = _allowed(history, number, what)
        _timely(book, history, proposal, what, when)
        body = {"kind": what, "proposal": number, "ruleset": proposal.ruleset,
                "period": proposal.period, "by": by, "reason": reason, "at": when.text}  # fmt: skip
        if what == "confirm":
            _still_proposed(book, history, proposal)
            _still_held(book, history, proposal.after(Kept(number, "", body)))
        if what == "contest":
            body |= _evaluated_anew(book, pen, history, proposal)
        if what == "uphold":
            _still_grounded(book, history, proposal)
        return proposal.after(pen.add(body, reviewed=True))


def _timely(book: Book, history: History, proposal: Proposal, what: str, when: Moment) -> None:
    """Refuse a day before what it follows from was known, or was done. Raises `RolerulesError`.

    Known it was by the latest of the facts that it was made of, or by whatever was done about it last.
    """
    known = [
        moment(one.body["at"]) for one in _facts(history, proposal) if one.number < proposal.number
    ]
    latest = max(known, key=lambda one: one.day, default=None)
    message = ""
    if latest and when.day < latest.day:
        message = f"{when.text} is before the latest fact that it follows from, of {latest.text}"
    if proposal.acts and when.instant < moment(proposal.acts[-1].body["at"]).instant:
        message = f"{when.text} is before what was done last, on {proposal.acts[-1].body['at']}"
    if what == "confirm":
        effect = takes_effect(when.day, proposal.notice)
        if effect is None:
            unknown = "the days of notice are not known"
            mend = "post the facts that they are worked out from"
            raise RolerulesError([Problem("notice-unknown", unknown, help=mend)])
        model = book.ruleset(_decided(history, proposal).body["digest"]).model
        first = period_start(proposal.as_of, model.period, model.year_starts)
        if effect < first:
            message = f"it would take effect on {effect}, before {proposal.period} begins"
    if message:
        raise FactError(
            [Problem("before-the-last", message, help="give the right time", path="at")]
        )


def _named(what: str, by: str, reason: str, subject: str) -> tuple[str, str]:
    """Who acts says who they are and why; nobody reviews their own case. Raises `FactError`."""
    named(by, "by")
    reason = named(reason, "reason")
    by = checked_subject(
        by, "by", "give the name or the id of the person who acts, as HR writes it"
    )
    if same_person(by, subject) and what != "contest":
        message = f"`{by}` cannot {what} what concerns `{subject}`"
        raise FactError(
            [Problem("own-case", message, help="another person has to do it", path="by")]
        )
    return by, reason


def named(word: object, name: str) -> str:
    """A name or a reason as plain text; one that says nothing is refused. Raises `FactError`."""
    if not isinstance(word, str) or not word.strip() or len(word) > LONGEST or not one_line(word):
        message = f"`{name}` is no text of 1 to {LONGEST:,} signs on one line"
        mend = "name the person who acts, and say why"
        raise FactError([Problem("nobody-named", message, help=mend, path=name)])
    return str.__str__(word)[:]


def _allowed(history: History, number: int, what: str) -> Proposal:
    """The proposal, if the act may be done in its state. Raises `RolerulesError`."""
    found = proposals(history.entries).get(number)
    if found is None:
        message = f"entry {number} proposes no change of status"
        mend = "name the decision that does: `rolerules record show` lists them"
        raise RolerulesError([Problem("no-proposal", message, help=mend)])
    if (found.state, what) in TRANSITIONS:
        return found
    can = [act for state, act in TRANSITIONS if state == found.state]
    if found.state == "lapsed":
        message = (
            f"the change that entry {number} proposed is proposed no more: the facts have changed"
        )
        mend = "look at the latest decision"
    else:
        message = (
            f"the change that entry {number} proposed is {found.state}: it cannot be {DONE[what]}"
        )
        mend = f"what can be done: {', '.join(can)}" if can else "nothing more can be done about it"
    raise RolerulesError([Problem("not-now", message, help=mend)])


def _decided(history: History, proposal: Proposal) -> Kept:
    """The decision that made the proposal."""
    return next(one for one in history.entries if one.number == proposal.number)


def _facts(history: History, proposal: Proposal) -> list[Kept]:
    """All that was said of the period."""
    return [one for one in history.entries if one.kind == "fact"
            and (one.body["ruleset"], one.body["period"]) == (proposal.ruleset, proposal.period)
            and one.body["as_of"] == proposal.as_of.isoformat()]  # fmt: skip


def _worked_now(book: Book, history: History, proposal: Proposal) -> Worked:
    """What follows by the facts and the opening status as they now are. Raises `FactError`."""
    ruleset = book.ruleset(_decided(history, proposal).body["digest"])
    plan = ruleset.at(proposal.as_of)
    events = [Event.of_dict(one.body) for one in _facts(history, proposal)]
    facts = final_facts(plan.facts, events, plan.digits)
    opening = opens(book, history.entries, ruleset, proposal.as_of).opening()
    return worked_out(ruleset, facts, proposal.as_of, opening)


def _outcome_now(book: Book, history: History, proposal: Proposal) -> tuple[Any, ...] | None:
    try:
        return _worked_now(book, history, proposal).outcome
    except FactError:
        return None


def _still_proposed(book: Book, history: History, proposal: Proposal) -> None:
    """Refuse to confirm what follows no more by what now holds. Raises `RolerulesError`."""
    one = proposal
    if _outcome_now(book, history, one) == (
        one.change, one.source, one.to, one.grounds, one.notice, "proposed",
    ):  # fmt: skip
        return
    message = f"the change that entry {one.number} proposed follows no more from the facts and the status as they now are"
    mend = "decline it; what now follows is proposed anew with the next fact, or when it is decided"
    raise RolerulesError([Problem("not-now", message, help=mend)])


def _still_held(book: Book, history: History, confirmed: Proposal) -> None:
    """Refuse to confirm a change of a status that no more holds when it would take effect."""
    ruleset, day = book.ruleset(_decided(history, confirmed).body["digest"]), confirmed.effective_on
    assert day is not None, "the notice is known"
    held = opens(book, history.entries, ruleset, confirmed.as_of).status_on(day)
    if held not in (None, confirmed.source, confirmed.to):
        message = f"on {day}, when it would take effect, the status is `{held}` by the record"
        mend = "decline it; what follows from that status is proposed by the facts of its period"
        raise RolerulesError([Problem("not-now", message, help=mend)])


def _evaluated_anew(book: Book, pen: Pen, history: History, proposal: Proposal) -> dict[str, Any]:
    """A new decision by what now holds, and the events that came since the old one.

    Facts that are refused keep nobody from contesting: there is no new decision then.
    """
    since = [one.body["event"] for one in _facts(history, proposal) if one.number > proposal.number]
    ruleset = book.ruleset(_decided(history, proposal).body["digest"])
    try:
        worked = _worked_now(book, history, proposal)
    except FactError as error:
        return {"events": since, "decision": None, "refused": [str(one) for one in error.problems]}
    more: dict[str, Any] = {"closes": False, "adjusts": None, "differences": [], "proposes": False}
    entry = pen.add(worked.body(ruleset, proposal.period, contests=proposal.number, **more))
    return {"events": since, "decision": entry.number, "refused": []}


def _still_grounded(book: Book, history: History, proposal: Proposal) -> None:
    """Refuse to uphold what has no ground by what now holds. Raises `RolerulesError`."""
    found = _outcome_now(book, history, proposal)
    same = (proposal.change, proposal.source, proposal.to)
    if found is None or found[:3] != same:
        message = "by the facts and the status as they now are there is no ground for the change"
        mend = "reverse it; where the facts were refused, correct them and contest anew"
        raise RolerulesError([Problem("no-grounds", message, help=mend)])
