# SPDX-License-Identifier: MIT
"""Case files: facts and what must come out, compared exactly; only what is listed is compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from rolerules.decision import Decision, Outcome, PayLine
from rolerules.model.sources import find, known, read_file
from rolerules.problems import FactError, Problem, RulesetError, Span, nearest
from rolerules.ruleset import Ruleset, load
from rolerules.syntax import tree
from rolerules.syntax.shape import EXPECTATIONS
from rolerules.text.tree import Mapping as MapNode
from rolerules.text.tree import Node, Scalar, problem_at
from rolerules.values import exact_text, parse_figure

CASE_BEFORE = "case before"
"""As a case's `opening`: it opens with what the case before it handed on."""
NOTHING = ("", "null", "~")


@attrs.frozen(slots=True)
class CaseResult:
    """How one case went; each difference is a sentence with what was expected and found."""

    name: str
    place: Span
    differences: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether all came out as listed."""
        return not self.differences


def run_file(path: Path) -> list[CaseResult]:
    """Run a cases file over its ruleset.

    The ruleset of `x.cases.yaml` is `x.yaml` beside it, that of another file `ruleset.yaml`
    beside it, else the one with the id that the cases name. Raises `RulesetError` for a file
    that is no cases file, or a ruleset with problems.
    """
    built = read_file(path)
    file = built.file
    if isinstance(file, tree.Cases) and not built.problems:
        wrong = [
            problem_at(file.document, part.span, "unknown-key", f"`{part.name}` is nothing that can be expected", nearest(part.name, EXPECTATIONS))
            for case in file.cases for part in case.expect if part.name not in EXPECTATIONS
        ]  # fmt: skip
        if not wrong:
            ruleset = load(ruleset_of(path, file), company=company_of(file, path))
            return list(_run(ruleset, file))
        raise RulesetError(wrong)
    kind = Problem("not-cases", f"`{path}` is no cases file", help="it starts with `cases:`")
    raise RulesetError(built.problems or [kind])


def company_of(file: tree.Cases, path: Path) -> Path | str | None:
    """The company file that a cases file names."""
    if file.company is None:
        return None
    return find(file.company.text, path.parent) or file.company.text


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


def plain(node: Node | None) -> Any:
    """A node as plain data: texts, lists and maps; an empty or `null` scalar is None."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return None if node.text in NOTHING and not node.quoted else node.text
    if isinstance(node, MapNode):
        return {entry.key.text: plain(entry.value) for entry in node.entries}
    return [plain(item) for item in node.items]


def _run(ruleset: Ruleset, file: tree.Cases) -> Iterator[CaseResult]:
    closed: dict[str, object] | None = None
    for case in file.cases:
        facts = {**(plain(file.facts_for_all) or {}), **(plain(case.facts) or {})}
        opening = plain(case.opening)
        if opening == CASE_BEFORE:
            opening = closed
        expected = {part.name: plain(part.value) for part in case.expect}
        refused = expected.pop("refused", None)
        try:
            decision = ruleset.evaluate(facts, as_of=case.as_of.text, opening=opening)
        except FactError as error:
            # What a refused case would have handed on is unknown, and never the start again.
            closed, differences = {"status": None, "carries": {}}, _refusal(error, refused)
        else:
            closed, differences = decision.closing(), _decided(decision, expected, refused)
        yield CaseResult(case.name.text, case.span, tuple(differences))


def _refusal(error: FactError, expected: Any) -> list[str]:
    found = sorted({problem.code for problem in error.problems})
    return [] if expected is not None and sorted(expected) == found else [f"refused: {error}"]


def _decided(decision: Decision, expected: Mapping[str, Any], refused: Any) -> list[str]:
    if refused is not None:
        return [f"expected to be refused ({', '.join(refused)}), and was not"]
    return list(compare(decision, expected))


def compare(decision: Decision, expected: Mapping[str, Any]) -> Iterator[str]:
    """Give a sentence for everything expected that did not come out."""
    lines = {**{line.id: line for line in decision.lines}, "total": decision.total}
    indicators = {
        name: None if value is None else exact_text(value)
        for name, value in decision.indicators.items()
    }
    groups: dict[str, Mapping[str, Any]] = {
        "pay": lines, "assessments": decision.assessments, "duties": decision.duties, "indicators": indicators,
        "carries": {name: decision.written(value) for name, value in decision.carries.items()},
    }  # fmt: skip
    for section, found in groups.items():
        for name, wanted in (expected.get(section) or {}).items():
            if name not in found:
                yield f"{section}: there is no `{name}`; {nearest(name, found)}"
            else:
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
    given, wanted_figure = parse_figure(text or ""), parse_figure(str(wanted))
    if given is None or wanted_figure is None:
        yield from _same(what, wanted, text or "undetermined")
    elif given != wanted_figure:
        by = exact_text(abs(given - wanted_figure))
        side = "too much" if given > wanted_figure else "too little"
        yield f"{what}: expected {wanted}, found {text}: {by} {side}"


def _same(what: str, wanted: Any, found: Any) -> Iterator[str]:
    if wanted != found:
        yield f"{what}: expected {_shown(wanted)}, found {_shown(found)}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return "nothing" if value is None else str(value)
