# SPDX-License-Identifier: MIT
"""What sessions and the record say, as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from rolerules.decision import Decision, StatusDecision
from rolerules.model.context import readable
from rolerules.model.model import Fact, Model
from rolerules.record.book import Kept
from rolerules.record.changes import Changed, Differs
from rolerules.record.facts import WITHDRAW
from rolerules.record.process import DONE, Proposal
from rolerules.record.state import Closed
from rolerules.record.words import one_line
from rolerules.ruleset import Ruleset
from rolerules.values import grouped

_WIDTH = 44


def changed_text(ruleset: Ruleset, changed: Changed) -> str:
    """What an event changed."""
    return "\n".join(_changed(ruleset, changed))


def _changed(ruleset: Ruleset, changed: Changed) -> Iterator[str]:
    if changed.repeated:
        yield f"event {changed.event}: on record already, as entry {changed.number}; nothing changes"
        return
    yield f"event {changed.event}: recorded as entry {changed.number}"
    if changed.ahead:
        yield "  the event that it names is not on record yet: until that arrives, this stands alone"
    if changed.overruled:
        yield f"  no effect: `{changed.overruled}` holds, which was said for a later time"
    if changed.late:
        yield "  late: the period is decided; `rolerules adjust` gives what is owed"
    for problem in changed.refused:
        yield f"  refused so far: {problem.message}"
    yield from _results(ruleset.model, changed)
    if changed.status is not None:
        yield from _status(changed.status, changed.proposal)
    yield from pending(ruleset.model, changed.so_far, changed.missing)


def _results(model: Model, changed: Changed) -> Iterator[str]:
    for line in changed.lines:
        if _amount(line.before) != _amount(line.after):
            yield _row(
                _title(model.lines, line.id), f"{_amount(line.before)} → {_amount(line.after)}"
            )
    for tests, changes in ((model.assessments, changed.assessments), (model.duties, changed.duties)):  # fmt: skip
        for one in changes:
            if (one.before or "undetermined") != (one.after or "undetermined"):
                yield _row(_title(tests, one.id), _outcome(one))
    for name in changed.violations:
        yield _row(_title(model.limits, name), "VIOLATED")
    for name in changed.mended:
        yield _row(_title(model.limits, name), "kept again")


def _outcome(one: Differs) -> str:
    before, after = (str(word or "undetermined").replace("_", " ") for word in (one.before, one.after))  # fmt: skip
    return f"{before} → {after}"


def _status(
    status: StatusDecision, proposal: int | None, stands: str | None = None
) -> Iterator[str]:
    if status.effect is None:
        held = status.to or "undetermined"
        yield _row("Status", f"{held}: no change follows" if status.to else held)
        return
    grounds = ", ".join(status.grounds)
    word = "PROPOSED" if status.effect == "proposed" else "effective"
    if stands is not None:
        word = "proposed before" if stands == "proposed" else f"proposed before, and {stands}"
    yield _row("Status", f"{status.source} → {status.to}: {word}, on the ground of {grounds}")
    if proposal is not None:
        yield f"    entry {proposal} proposes it; it takes effect only if a named person confirms that entry"


def pending(
    model: Model, so_far: Mapping[str, Any], missing: Iterable[str], most: int = 5
) -> Iterator[str]:
    """What has arrived of facts that are not complete, and which others are missing.

    More than `most` are counted only.
    """
    for name, value in so_far.items():
        told = f"{len(value)} so far" if isinstance(value, list) else f"{grouped(value)} so far"
        yield _row(_title(model.facts, name), f"{told}, not complete")
    left = [name for name in missing if name not in so_far]
    if len(left) > most:
        yield f"  {len(left)} facts are missing"
    elif left:
        yield f"  missing: {', '.join(left)}"


def opening_text(decision: Decision) -> str:
    """What a period opens with, for the status; nothing where the ruleset has none."""
    if decision.status is None:
        return ""
    since = f" since {decision.opening_since}" if decision.opening_since else ""
    if decision.opening_assumed:
        since = ", the start of employment: nothing else was said"
    return _row("Status at start", f"{decision.opening_status or 'not known'}{since}")


def closed_text(ruleset: Ruleset, closed: Closed, period: str) -> str:
    """A decision that was recorded, and what is owed where it adjusts an earlier one."""
    return "\n".join(_closed(ruleset.model, closed, period))


def _closed(model: Model, closed: Closed, period: str) -> Iterator[str]:
    decision = closed.decision
    if closed.adjusts is None:
        yield f"{period} decided: entry {closed.number}"
        yield from _pay(model, decision)
    else:
        yield f"{period} adjusted: entry {closed.number}, against entry {closed.adjusts}"
        for one in closed.differences:
            title = "Total" if one.line == "total" else _title(model.lines, one.line)
            told = f"{_amount(one.before)} → {_amount(one.after)}"
            yield _row(title, f"{told}   {_signed(one.amount)}")
    if decision.status is not None and decision.status.effect is not None:
        yield from _status(decision.status, closed.proposal, closed.stands)
    yield from pending(model, {}, decision.missing)


def _pay(model: Model, decision: Decision) -> Iterator[str]:
    for line in decision.lines:
        yield _row(_title(model.lines, line.id), _amount(line.amount))
    yield _row("Total", _amount(decision.total.amount))


def _signed(amount: Decimal | None) -> str:
    if amount is None:
        return "undetermined"
    word = "arrears" if amount > 0 else "recovery" if amount < 0 else ""
    return f"{'+' if amount > 0 else ''}{grouped(f'{amount:f}')} {word}".rstrip()


def _amount(amount: Decimal | None) -> str:
    return "undetermined" if amount is None else grouped(f"{amount:f}")


def _title(named: Mapping[str, Any], name: str) -> str:
    return str(named[name].origin.title) if name in named else readable(name)


def _row(title: str, said: str) -> str:
    """A title and what is said of it; below it, where the title is long."""
    if len(title) > _WIDTH:
        return f"  {title}\n  {''.ljust(_WIDTH)}  {said}"
    return f"  {title.ljust(_WIDTH)}  {said}"


def proposal_text(one: Proposal) -> str:
    """What became of a proposed change of status."""
    grounds = ", ".join(one.grounds)
    lines = [f"entry {one.number}: {one.source} → {one.to} ({grounds}), {one.period}: {one.state}"]
    for act in one.acts:
        lines.append(
            f"  {DONE[act.kind]} by {act.body['by']}, {act.body['at']}: {act.body['reason']}"
        )
    if one.state in ("confirmed", "upheld", "contested") and one.effective_on:
        lines.append(f"  effective from {one.effective_on} on")
    if one.ended_on:
        lines.append(f"  ended on {one.ended_on}")
    return "\n".join(lines)


def entry_text(kept: Kept) -> str:
    """An entry of the record on one line."""
    body = kept.body
    told = "".join(one if one_line(one) else ascii(one)[1:-1] for one in _told(kept.kind, body))
    return f"{kept.number:>5}  {body.get('period', ''):<8} {told}"


def _told(kind: str, body: Mapping[str, Any]) -> str:
    if kind == "fact":
        value = "" if body["act"] == WITHDRAW else f" = {_value(body['value'])}"
        of = f" (of {body['of']})" if body["of"] else ""
        all_ = ", complete" if body["complete"] else ""
        return f"{body['act']} {body['fact']}{of}{value}{all_}; {body['at']}, {body['source']}, event {body['event']}"  # fmt: skip
    if kind == "opening":
        return f"opens with {_value(body['opening'])}; {body['at']}, {body['source']}"
    if kind == "refused":
        told = (problem.partition("\n")[0] for problem in body["problems"])
        return f"refused so far: {'; '.join(told)}"
    if kind == "decision":
        return _decided(body)
    return f"entry {body['proposal']} {DONE[kind]} by {body['by']}, {body['at']}: {body['reason']}"


def _decided(body: Mapping[str, Any]) -> str:
    total, status = body["decision"]["pay"]["total"], body["decision"]["status"]
    what = f"adjusts entry {body['adjusts']}" if body["adjusts"] else "decides" if body["closes"] else "notes"  # fmt: skip
    told = f"{what}: total {'undetermined' if total is None else grouped(total)}"
    if status and status["effect"]:
        told += f"; {status['from']} → {status['to']} {status['effect']}"
        told += f" ({', '.join(status['grounds'])})"
    return f"{told}; {body['ruleset']} {body['version']} ({body['digest'][:12]})"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_value(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "unknown"
    return str(value) if one_line(str(value)) else ascii(value)


def fact_text(fact: Fact, value: Any) -> str:
    """A fact with its value on one line."""
    if fact.type.item is not None:  # in the record the fields stand by their names
        names = [field.name for field in fact.type.item.fields]
        value = [{name: item[name] for name in names} for item in value]
    told = grouped(value) if fact.type.kind == "money" else _value(value)
    return _row(fact.origin.title, told)
