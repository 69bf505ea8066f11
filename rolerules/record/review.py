# SPDX-License-Identifier: MIT
"""What a named person does about a proposed change of status: the only way it takes effect."""

from __future__ import annotations

from typing import Any

from rolerules.problems import FactError, Problem, RolerulesError
from rolerules.record.book import Book, History, Pen
from rolerules.record.decide import worked_out
from rolerules.record.facts import Event, final_facts
from rolerules.record.process import (
    ACTS,
    DONE,
    TRANSITIONS,
    Proposal,
    outcome,
    proposals,
    takes_effect,
)
from rolerules.record.times import moment

LONGEST = 2_000


def act(book: Book, number: int, what: str, *, by: str, reason: str, at: object) -> Proposal:
    """Do something about the proposal of a decision. Raises `RolerulesError` where it may not be done.

    It is looked up and written in one step, so that nothing can come in between: neither another
    reviewer nor a fact by which the change is proposed no more.
    """
    assert what in ACTS, "one of the acts of due process"
    when = moment(at)
    history, _ = book.of_entry(number)
    _named(what, by, reason, history.key.subject)
    with book.writing(history) as pen:
        proposal = _allowed(history, number, what)
        if proposal.acts and when.instant < moment(proposal.acts[-1].body["at"]).instant:
            message = f"{when.text} is before what was done last, on {proposal.acts[-1].body['at']}"
            raise FactError([Problem("before-the-last", message, help="give the right time", path="at")])  # fmt: skip
        body = {"kind": what, "proposal": number, "ruleset": proposal.ruleset,
                "period": proposal.period, "by": by, "reason": reason, "at": when.text}  # fmt: skip
        if what == "confirm" and takes_effect(when.day, proposal.notice) is None:
            message = "the days of notice are not known"
            mend = "post the facts that they are worked out from"
            raise RolerulesError([Problem("notice-unknown", message, help=mend)])
        if what == "contest":
            body |= _evaluated_anew(book, pen, history, proposal)
        if what == "uphold":
            _still_grounded(history, proposal)
        return proposal.after(pen.add(body))


def _named(what: str, by: str, reason: str, subject: str) -> None:
    """Who acts says who they are and why; nobody reviews their own case. Raises `FactError`."""
    named(by, "by")
    named(reason, "reason")
    if by.strip() == subject and what != "contest":
        message = f"`{by}` cannot {what} what concerns `{subject}`"
        raise FactError(
            [Problem("own-case", message, help="another person has to do it", path="by")]
        )


def named(word: object, name: str) -> None:
    """Refuse a name or a reason that says nothing. Raises `FactError`."""
    if not isinstance(word, str) or not word.strip() or len(word) > LONGEST:
        message = f"`{name}` is no text of 1 to {LONGEST:,} signs"
        mend = "name the person who acts, and say why"
        raise FactError([Problem("nobody-named", message, help=mend, path=name)])


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


def _evaluated_anew(book: Book, pen: Pen, history: History, proposal: Proposal) -> dict[str, Any]:
    """A new decision by the facts as they now are, and the events that came since the old one.

    Facts that are refused keep nobody from contesting: there is no new decision then.
    """
    old = next(one for one in history.entries if one.number == proposal.number)
    own = [one for one in history.entries if one.body.get("ruleset") == proposal.ruleset
           and one.body.get("period") == proposal.period and one.kind == "fact"]  # fmt: skip
    since = [one.body["event"] for one in own if one.number > old.number]
    ruleset = book.ruleset(old.body["digest"])
    plan = ruleset.at(proposal.as_of)
    facts = final_facts(plan.facts, [Event.of_dict(one.body) for one in own], plan.digits)
    try:
        worked = worked_out(ruleset, facts, proposal.as_of, old.body["opening"])
    except FactError as error:
        return {"events": since, "decision": None, "refused": [str(one) for one in error.problems]}
    more: dict[str, Any] = {"closes": False, "adjusts": None, "differences": [], "proposes": False}
    entry = pen.add(worked.body(ruleset, proposal.period, contests=proposal.number, **more))
    return {"events": since, "decision": entry.number, "refused": []}


def _still_grounded(history: History, proposal: Proposal) -> None:
    """Refuse to uphold what the new decision has no ground for. Raises `RolerulesError`."""
    number = proposal.acts[-1].body["decision"]
    new = next((one for one in history.entries if one.number == number), None)
    found = outcome(new.body) if new else None
    if found is None or found[0] != proposal.change:
        message = "by the facts as they now are there is no ground for the change"
        mend = "reverse it; where the facts were refused, correct them and contest anew"
        raise RolerulesError([Problem("no-grounds", message, help=mend)])
