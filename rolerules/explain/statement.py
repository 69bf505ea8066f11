# SPDX-License-Identifier: MIT
"""The pay statement: a decision as the people it concerns read it.

It says nothing that the decision does not say; titles and clauses come from the model. Only
what is marked with ≈ is rounded, and nothing is worked out from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from rolerules.decision import Decision, Needs, Outcome, PayLine, Remark, StatusDecision, Value
from rolerules.explain.explain import missing_title
from rolerules.explain.why import Explanation, Why
from rolerules.model.context import readable
from rolerules.model.model import Change, Ground, Model, Test
from rolerules.problems import cells
from rolerules.syntax.shape import MONTHS
from rolerules.values import exact_text, fixed, grouped, round_to

WIDTH = 100
"""No line is longer, in columns of a terminal."""
LEAST_WIDTH = 64
"""A statement with short lines is no narrower."""

_INDENT = 2


def _one_line(text: str) -> str:
    return " ".join(text.split())


@attrs.frozen(slots=True)
class _Row:
    """A title, what is said of it at the right, and its clauses at the far right."""

    title: str = attrs.field(converter=_one_line)
    said: str = attrs.field(default="", converter=_one_line)
    source: tuple[str, ...] = ()

    @property
    def clauses(self) -> str:
        return ", ".join(self.source)


_Because = Mapping[tuple[str, str], str]
_Section = tuple[str, list[_Row]]


def statement(model: Model, explanation: Explanation, id: str | int | None = None) -> str:
    """Write an explained decision of this model as a pay statement of at most `WIDTH` columns.

    `id` is the case's own, shown in the head.
    """
    decision = explanation.decision
    because = {(part.kind, part.id): "; ".join(part.because) for part in explanation.parts}
    sections = [
        _pay(model, decision),
        _assessments(model, decision, because),
        _duties(model, decision, because),
        _indicators(model, decision),
        _status(model, explanation),
        _balances(model, explanation),
        ("Violations", _remarks(decision.violations)),
        ("Notices", _remarks(decision.notices)),
        (
            "Missing facts",
            [
                _Row(f"{_fact(model, one.fact)} ({one.fact}){one.where()}")
                for one in explanation.missing
            ],
        ),
    ]
    filled = [section for section in sections if section[1]]
    heads = _heads(model, decision, id)
    width = _width(heads, filled)
    blocks = [[line for left, right in heads for line in _apart(left, right, width)]]
    aside = max((width_of(row.clauses) for _, rows in filled for row in rows), default=0)
    for title, rows in filled:
        blocks.append(wrapped(title, width))
        for row in rows:
            blocks[-1] += _laid_out(row, width, min(aside, width // 3))
    if decision.opening_status is not None or (decision.opening_assumed and model.carries):
        blocks.append(wrapped(_opening(model, decision), width))
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks)


# --- what it says


def _heads(model: Model, decision: Decision, id: str | int | None) -> list[tuple[str, str]]:
    day = decision.as_of
    date = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    until = f"{model.period} to {date}" if model.period else f"as of {date}"
    version = f"{decision.ruleset} {decision.version}".rstrip()
    identity = f"{version} ({decision.digest[:12]})"
    title = model.title if id is None else f"{model.title}, {id}"
    return [(_one_line(title), until), (_one_line(model.company_title), identity)]


def _pay(model: Model, decision: Decision) -> _Section:
    rows = []
    for line in decision.lines:
        origin, amount = model.lines[line.id].origin, decision.money(line.amount)
        said = _undetermined(model, line.needs) if amount is None else grouped(amount)
        rows.append(_Row(origin.title, said, origin.source or _rule_clauses(model, line)))
    if rows:
        total = decision.money(decision.total.amount)
        said = _undetermined(model, decision.total.needs) if total is None else grouped(total)
        rows.append(_Row("Total", said))
    return f"Pay in {decision.currency}", rows


def _rule_clauses(model: Model, line: PayLine) -> tuple[str, ...]:
    """The clauses of a line that cites none itself: of the rule that applied, or of all rules."""
    rules = model.lines[line.id].rules
    applied = rules if line.rule is None else rules[line.rule : line.rule + 1]
    return tuple(dict.fromkeys(clause for rule in applied for clause in rule.source))


def _assessments(model: Model, decision: Decision, because: _Because) -> _Section:
    rows = [
        _Row(
            test.origin.title,
            _outcome(model, outcome, because["assessment", test.origin.name]),
            test.origin.source,
        )
        for test, outcome in _tests(model.assessments, decision.assessments)
    ]
    return "Assessments", rows


def _duties(model: Model, decision: Decision, because: _Because) -> _Section:
    tests = list(_tests(model.duties, decision.duties))
    words = ("fulfilled", "unfulfilled", "not_due", "undetermined")
    outcomes = [outcome.outcome for _, outcome in tests]
    counts = [f"{outcomes.count(word)} {_word(word)}" for word in words if word in outcomes]
    rows = [_Row(f"{len(tests)} in all: {', '.join(counts)}")] if tests else []
    for word in ("unfulfilled", "undetermined"):
        rows += [
            _Row(test.origin.title, _outcome(model, outcome, because["duty", test.origin.name]), test.origin.source)
            for test, outcome in tests if outcome.outcome == word
        ]  # fmt: skip
    return "Duties", rows


def _tests(
    tests: Mapping[str, Test], outcomes: Mapping[str, Outcome]
) -> Iterator[tuple[Test, Outcome]]:
    return ((tests[name], outcome) for name, outcome in sorted(outcomes.items()))


def _outcome(model: Model, outcome: Outcome, because: str) -> str:
    """An outcome with its reason where it is not the wished-for one."""
    if outcome.outcome == "undetermined":
        return _undetermined(model, outcome.needs)
    said = _word(outcome.outcome)
    return said if outcome.outcome in ("met", "fulfilled") else f"{said}: {because}"


def _indicators(model: Model, decision: Decision) -> _Section:
    rows = []
    for name, value in sorted(decision.indicators.items()):
        indicator = model.indicators[name]
        kind = "rate" if indicator.share else indicator.value.type.kind
        said = _figure(value, kind, decision)
        rows.append(_Row(indicator.origin.title, said, indicator.origin.source))
    return "Indicators", rows


def _figure(value: Value, kind: str, decision: Decision) -> str:
    if value is None:
        return "undetermined"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, Fraction):
        return str(value)
    percent = kind == "rate"
    digits = decision.digits if kind == "money" else 2
    exact = value * 100 if percent else value
    # Towards zero: what stays under 100 % is never shown as 100 %.
    shown = round_to(exact, Fraction(1, 10**digits), "down")
    text = fixed(shown, digits) if kind == "money" else exact_text(shown)
    return f"{'' if shown == exact else '≈ '}{grouped(str(text))}{' %' if percent else ''}"


def _balances(model: Model, explanation: Explanation) -> _Section:
    rows = [
        _Row(part.title, f"{part.result} carried on{_held(part)}", part.source)
        for part in explanation.parts if part.kind == "carry"
    ]  # fmt: skip
    return "Balances", rows


def _held(part: Why) -> str:
    """That a count was neither raised nor set to 0."""
    return "".join(f" ({one})" for one in part.because if one.startswith("held"))


def _status(model: Model, explanation: Explanation) -> _Section:
    status = explanation.decision.status
    if status is None:
        return "Status", []
    others = [
        _Row(f"{part.title}: {part.result}: {'; '.join(part.because)}", "", part.source)
        for part in explanation.parts if part.kind == "change" and part.id != status.change
    ]  # fmt: skip
    if status.to is None:
        said = f"{status.source} → {_undetermined(model, status.needs)}"
        return "Status", [_Row(said), *others]
    if status.change is None:
        return "Status", [_Row(f"{status.source}, unchanged")]
    assert model.status is not None, "a status is decided only where there is one"
    change = next(one for one in model.status.changes if one.origin.name == status.change)
    return "Status", [*_changed(model, change, status), *others]


def _changed(model: Model, change: Change, status: StatusDecision) -> Iterator[_Row]:
    said = "takes effect, as a duty of the company"
    if status.effect == "proposed":
        said = "PROPOSED, takes effect only when a named person of the company confirms it"
    yield _Row(f"{status.source} → {status.to}: {said}", "", change.origin.source)
    for ground in change.grounds:
        if ground.name in status.grounds:
            yield _Row(f"Ground: {_ground(model, ground)}")
    if status.needs:
        open_ = "Other grounds are open" if status.notice else "Notice or other grounds are open"
        yield _Row(f"{open_}: needs {_needed(model, status.needs)}")
    yield _Row(f"Notice: {status.notice or 'not known yet'}")


def _ground(model: Model, ground: Ground) -> str:
    tests = {"assessment": model.assessments, "duty": model.duties}.get(ground.of, {})
    title = tests[ground.name].origin.title if ground.name in tests else readable(ground.name)
    return f"{title} ({ground.text})"


def _remarks(remarks: Sequence[Remark]) -> list[_Row]:
    return [_Row(remark.title, "", remark.source) for remark in remarks]


def _opening(model: Model, decision: Decision) -> str:
    if decision.opening_status is None:
        return "No opening was given: the balances are those of the start of employment."
    if decision.opening_assumed:
        before = f"The status before this {model.period or 'period'} was not given"
        return f"{before}; {decision.opening_status}, as at the start of employment, was assumed."
    since = f" since {decision.opening_since}" if decision.opening_since else ""
    return f"Opening as given, with the status {decision.opening_status}{since}."


def _undetermined(model: Model, needs: Needs) -> str:
    return f"undetermined: needs {_needed(model, needs)}"


def _needed(model: Model, needs: Needs) -> str:
    return "; ".join(_need(model, need) for need in needs)


def _need(model: Model, need: str) -> str:
    kind, _, reading = need.partition(":")
    if kind == "silent" and reading in model.readings:
        return f"a decision where the text is silent ({model.readings[reading].text})"
    return model.facts[need].origin.title if need in model.facts else need


def _fact(model: Model, name: str) -> str:
    fact = model.facts.get(name)
    if fact is None:
        return missing_title(model, name)
    by = f" (attested by {fact.attested_by})" if fact.attested_by else ""
    return f"{fact.origin.title}{by}"


def _word(outcome: str) -> str:
    return outcome.replace("_", " ")


# --- how it is laid out


def width_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(cells(char) for char in text)


def padded(text: str, width: int) -> str:
    """Fill a text with blanks at its right, to a width in columns."""
    return text + " " * (width - width_of(text))


def wrapped(text: str, width: int, hanging: int = 0) -> list[str]:
    """Break a text into lines of at most `width` columns, the later ones indented.

    Breaks at blanks; a word wider than a line (or a text without blanks, as in Chinese) breaks
    anywhere.
    """
    lines = [""]
    for word in text.split():
        glue = " " if lines[-1].strip() else ""
        if width_of(lines[-1] + glue + word) > width and lines[-1].strip():
            lines.append(" " * hanging)
            glue = ""
        lines[-1] += glue
        for char in word:
            if width_of(lines[-1] + char) > width:
                lines.append(" " * hanging)
            lines[-1] += char
    return lines


def _width(heads: Sequence[tuple[str, str]], sections: Sequence[_Section]) -> int:
    """The narrowest width in which no line need be broken, within the two limits."""
    rows = [row for _, rows in sections for row in rows]
    aside = max((width_of(row.clauses) for row in rows), default=0)
    needed = [width_of(left) + 2 + width_of(right) for left, right in heads]
    needed += [_INDENT + width_of(row.title) + 2 + width_of(row.said) + 2 + aside for row in rows]
    return max(LEAST_WIDTH, min(WIDTH, max(needed)))


def _apart(left: str, right: str, width: int) -> list[str]:
    """Two texts at the two ends of a line, or on lines of their own."""
    gap = width - width_of(left) - width_of(right)
    if gap >= 2 and left:
        return [left + " " * gap + right]
    return [*(wrapped(left, width) if left else []), *wrapped(right, width)]


def _laid_out(row: _Row, width: int, aside: int) -> list[str]:
    """A row in its columns; what is said goes below the title where both do not fit."""
    clauses = wrapped(row.clauses, aside) if row.source else []
    body = width - _INDENT - (aside + 2 if aside else 0)
    gap = body - width_of(row.title) - width_of(row.said)
    if not row.said:
        lines = wrapped(row.title, body, 2)
    elif gap >= 2:
        lines = [row.title + " " * gap + row.said]
    else:
        below = wrapped(row.said, body - 4)
        lines = [*wrapped(row.title, body, 2), *(f"    {line}" for line in below)]
    lines += [""] * (len(clauses) - len(lines))
    clauses += [""] * (len(lines) - len(clauses))
    pairs = zip(lines, clauses, strict=True)
    return [f"{' ' * _INDENT}{padded(line, body)}  {clause}" for line, clause in pairs]
