# SPDX-License-Identifier: MIT
"""Case files: facts and what must come out, compared exactly; only what is listed is compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs

from rolerules.decision import Decision, Outcome, PayLine
from rolerules.model.sources import find, known, read_file
from rolerules.periods import follows
from rolerules.problems import Problem, RolerulesError, RulesetError, Span, nearest
from rolerules.ruleset import Ruleset, load
from rolerules.syntax import tree
from rolerules.syntax.build import Built, build
from rolerules.testing.expectations import CASE_BEFORE, figure_of, of_case, of_file
from rolerules.text.tree import Mapping as MapNode
from rolerules.text.tree import Node, Scalar, Sequence, plain, problem_at
from rolerules.values import decimals, exact_text, fixed, parse_date


@attrs.frozen(slots=True)
class CaseResult:
    """How one case went: each difference is a sentence with what was expected and found.

    A case that is itself wrong was not run, and has problems instead.
    """

    name: str
    place: Span
    differences: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all came out as listed."""
        return not (self.differences or self.problems)


@attrs.frozen(slots=True)
class CaseFile:
    """A cases file as read: its sound cases, results for the broken ones, and what it is about."""

    file: tree.Cases
    broken: tuple[CaseResult, ...]
    ruleset: Path
    company: Path | None


def run_file(path: Path) -> list[CaseResult]:
    """Run a cases file over its ruleset, in the order of its cases.

    Raises `RulesetError` for a file that is no cases file or wrong as a whole, or a ruleset
    with problems.
    """
    read = read_cases(path)
    ruleset = load(read.ruleset, company=read.company)
    if wrong := of_file(read.file, ruleset.model):
        raise RulesetError(wrong)
    results = [*read.broken, *_run(ruleset, read.file)]
    return sorted(results, key=lambda result: result.place)


def read_cases(path: Path) -> CaseFile:
    """Read a cases file, and find its ruleset and its company.

    The ruleset of `x.cases.yaml` is `x.yaml` beside it, that of another file `ruleset.yaml`
    beside it, else the one with the id that the cases name. Raises `RulesetError` with every
    problem found where one of them concerns the whole file.
    """
    whole = read_file(path)
    built, broken = _apart(whole) if whole.problems and not whole.document.problems else (whole, ())
    file = built.file
    if built.problems or not isinstance(file, tree.Cases):
        kind = Problem("not-cases", f"`{path}` is no cases file", help="it starts with `cases:`")
        raise RulesetError(whole.problems or [kind])
    problems = list[Problem]()
    found = list[Path | None]()
    for look in (ruleset_of, company_of):
        try:
            found.append(look(path, file))
        except RulesetError as error:
            problems += error.problems
    if problems:
        raise RulesetError([*whole.problems, *problems])
    ruleset, company = found
    assert ruleset is not None, "an unknown ruleset was reported"
    return CaseFile(file, broken, ruleset, company)


def _apart(built: Built) -> tuple[Built, tuple[CaseResult, ...]]:
    """Build a file anew without the cases that hold problems, and give results for those."""
    document, root = built.document, built.document.root
    entries = root.entries if isinstance(root, MapNode) else ()
    listed = next((one for one in entries if one.key.text == "cases of"), None)
    if not isinstance(root, MapNode) or listed is None or not isinstance(listed.value, Sequence):
        return built, ()
    inside = {item: _inside(item, built.problems) for item in listed.value.items}
    sound = attrs.evolve(listed.value, items=tuple(item for item in inside if not inside[item]))
    rest = [attrs.evolve(one, value=sound) if one is listed else one for one in entries]
    broken = [
        CaseResult(_name(item, number), item.span, problems=inside[item])
        for number, item in enumerate(listed.value.items, 1) if inside[item]
    ]  # fmt: skip
    whole = attrs.evolve(document, root=attrs.evolve(root, entries=tuple(rest)))
    return build(whole), tuple(broken)


def _inside(node: Node, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    span = node.span
    start, end = (span.line, span.column), (span.end_line, span.end_column)
    placed = [(one, one.place) for one in problems]
    return tuple(one for one, at in placed if at and start <= (at.line, at.column) <= end)


def _name(item: Node, number: int) -> str:
    entries = item.entries if isinstance(item, MapNode) else ()
    names = [one.value for one in entries if one.key.text == "name"]
    return next((one.text for one in names if isinstance(one, Scalar)), f"case {number}")


def company_of(path: Path, file: tree.Cases) -> Path | None:
    """The company file that a cases file names. Raises `RulesetError` for an unknown id."""
    if file.company is None:
        return None
    found = find(file.company.text, path.parent)
    if found is None:
        message = f"there is no company `{file.company.text}`"
        mend = nearest(file.company.text, known("companies", path.parent))
        place = file.company.span
        raise RulesetError([problem_at(file.document, place, "unknown-company", message, mend)])
    return found


def ruleset_of(path: Path, file: tree.Cases) -> Path:
    """The ruleset's file that a cases file is about. Raises `RulesetError` for an unknown id."""
    beside = path.with_name(path.name.replace(".cases.yaml", ".yaml"))
    for candidate in (beside, path.with_name("ruleset.yaml")):
        if candidate != path and candidate.is_file():
            return candidate
    found = find(file.id.text, path.parent, but=path)
    if found is None:
        message = f"there is no ruleset `{file.id.text}`"
        mend = nearest(file.id.text, known("roles", path.parent))
        raise RulesetError(
            [problem_at(file.document, file.id.span, "unknown-ruleset", message, mend)]
        )
    return found


def _run(ruleset: Ruleset, file: tree.Cases) -> Iterator[CaseResult]:
    closed: dict[str, object] | None = None
    before: tree.Case | None = None
    for case in file.cases:
        opening = plain(case.opening)
        in_turn = before if opening == CASE_BEFORE else None
        problems = (
            *of_case(file, ruleset.model, case),
            *_out_of_turn(ruleset, file, case, in_turn),
        )
        opening = closed if opening == CASE_BEFORE else opening
        before = case
        # What a refused case would have handed on is unknown, and never the start again.
        closed = {"status": None, "carries": {}}
        differences: tuple[str, ...] = ()
        if not problems:
            decision, differences = _decided(ruleset, file, case, opening)
            closed = decision.closing() if decision else closed
        yield CaseResult(case.name.text, case.span, differences, problems)


def _out_of_turn(
    ruleset: Ruleset, file: tree.Cases, case: tree.Case, before: tree.Case | None
) -> Iterator[Problem]:
    """A problem where the period of the case before is not the one before this case's."""
    model = ruleset.model
    day, last = (parse_date(one.as_of.text) if one else None for one in (case, before))
    if day and last and model.period and not follows(day, last, model.period, model.year_starts):
        message = f"the {model.period} of {day} does not follow that of {last}, the case before"
        mend = "correct the date, add a case for what is missing, or write out the opening"
        yield problem_at(file.document, case.as_of.span, "out-of-turn", message, mend)


def _decided(
    ruleset: Ruleset, file: tree.Cases, case: tree.Case, opening: Any
) -> tuple[Decision | None, tuple[str, ...]]:
    """The decision on a case (None where it is refused), and what came out otherwise."""
    facts = plain(case.facts)
    if isinstance(facts, dict | None):
        facts = {**(plain(file.facts_for_all) or {}), **(facts or {})}
    expected = {part.name: plain(part.value) for part in case.expect}
    refused = expected.pop("refused", None)
    try:
        decision = ruleset.evaluate(facts, as_of=case.as_of.text, opening=opening)
    except RolerulesError as error:
        same = sorted(refused or ()) == sorted({problem.code for problem in error.problems})
        return None, () if same else (f"refused: {error}",)
    if refused is not None:
        return decision, (f"expected to be refused ({', '.join(refused)}), and was not",)
    return decision, tuple(compare(decision, expected))


def compare(decision: Decision, expected: Mapping[str, Any]) -> Iterator[str]:
    """Give a sentence for everything expected that did not come out."""
    lines = {**{line.id: line for line in decision.lines}, "total": decision.total}
    groups: dict[str, Mapping[str, Any]] = {
        "pay": lines, "assessments": decision.assessments, "duties": decision.duties,
        "indicators": {name: decision.written(value) for name, value in decision.indicators.items()},
        "carries": {name: decision.written(value) for name, value in decision.carries.items()},
    }  # fmt: skip
    for section, found in groups.items():
        for name, wanted in (expected.get(section) or {}).items():
            yield from _one(f"{section}: {name}", wanted, found[name], decision)
    status: Any = decision.to_dict()["status"] or {}
    for name, wanted in (expected.get("status") or {}).items():
        yield from _same(f"status: {name}", wanted, status.get(name))
    for section, remarks in (("violations", decision.violations), ("notices", decision.notices)):
        if section in expected:
            yield from _same(section, expected[section], [remark.id for remark in remarks])
    if "missing" in expected:
        yield from _same("missing", expected["missing"], list(decision.missing))


def _one(what: str, wanted: Any, found: Any, decision: Decision) -> Iterator[str]:
    """Compare one line, outcome or indicator; a map can ask for its needs too."""
    if isinstance(wanted, dict):
        yield from _same(
            f"{what}: needs", wanted.get("needs", list(found.needs)), list(found.needs)
        )
        wanted = wanted.get("amount", wanted.get("outcome", "undetermined"))
    if isinstance(found, Outcome):
        yield from _same(what, wanted, found.outcome)
        return
    text = decision.money(found.amount) if isinstance(found, PayLine) else found
    text = {True: "yes", False: "no"}[text] if isinstance(text, bool) else text
    wanted = "undetermined" if wanted is None else wanted
    given, asked = figure_of(text or ""), figure_of(wanted)
    if given is None or asked is None:
        yield from _same(what, wanted, text or "undetermined")
    elif given != asked:
        by = _amount(abs(given - asked), decision.digits if isinstance(found, PayLine) else 0)
        side = "too much" if given > asked else "too little"
        yield f"{what}: expected {wanted}, found {text}: {by} {side}"


def _amount(value: Fraction, digits: int) -> str:
    """Write a difference with at least so many digits, where a decimal is exact."""
    places = decimals(value)
    return exact_text(value) if places is None else fixed(value, max(places, digits))


def _same(what: str, wanted: Any, found: Any) -> Iterator[str]:
    if wanted != found:
        yield f"{what}: expected {_shown(wanted)}, found {_shown(found)}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return "nothing" if value is None else str(value)
