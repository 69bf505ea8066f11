# SPDX-License-Identifier: MIT
"""Check a cases file against its ruleset: every name in it is one that the ruleset has."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rolerules.model.model import Model
from rolerules.problems import Problem, nearest
from rolerules.syntax import tree
from rolerules.syntax.shape import EXPECTATIONS
from rolerules.text.tree import Mapping, Node, Scalar, Sequence, problem_at
from rolerules.values import parse_date

STATUS = ("from", "to", "effect", "grounds", "notice", "needs")


def misnamed(file: tree.Cases, model: Model) -> Iterator[Problem]:
    """Give a problem for every fact, line, outcome or limit that the ruleset does not have."""
    names = _Names(file, model)
    yield from names.facts(file.facts_for_all)
    for case in file.cases:
        yield from names.case(case)


class _Names:
    def __init__(self, file: tree.Cases, model: Model) -> None:
        self.document, self.model = file.document, model
        self.ruleset = model.id
        self.keys: dict[str, tuple[Collection[str], str]] = {
            "pay": ((*model.lines, "total"), "pay line"),
            "assessments": (model.assessments, "assessment"),
            "duties": (model.duties, "duty"),
            "indicators": (model.indicators, "indicator"),
            "carries": (model.carries, "balance"),
            "status": (STATUS, "part of the status"),
        }
        self.items: dict[str, tuple[Collection[str], str]] = {
            "violations": (model.limits, "limit"),
            "notices": (model.limits, "limit"),
            "missing": ((*model.facts, *(f"{name}.opening" for name in model.carries)), "fact"),
        }

    def case(self, case: tree.Case) -> Iterator[Problem]:
        """The problems of one case; one that expects to be refused may name what is not there."""
        refused = next((part.value for part in case.expect if part.name == "refused"), None)
        codes = [node.text for node in _scalars(refused)]
        if "unknown-fact" not in codes:
            yield from self.facts(case.facts)
        if parse_date(case.as_of.text) is None and "as-of" not in codes:
            message = f"`{case.as_of.text}` is no day of the calendar"
            yield problem_at(self.document, case.as_of.span, "as-of", message, "correct the date")
        for part in case.expect:
            if part.name not in EXPECTATIONS:
                message = f"`{part.name}` is nothing that can be expected"
                mend = nearest(part.name, EXPECTATIONS)
                yield problem_at(self.document, part.span, "unknown-key", message, mend)
            elif part.name in self.keys:
                yield from self._unknown(_keys(part.value), *self.keys[part.name])
            elif part.name in self.items:
                yield from self._unknown(_scalars(part.value), *self.items[part.name])

    def facts(self, node: Node | None) -> Iterator[Problem]:
        """The problems of a map of facts."""
        yield from self._unknown(_keys(node), self.model.facts, "fact")

    def _unknown(self, words: list[Scalar], known: Collection[str], kind: str) -> Iterator[Problem]:
        for word in words:
            if word.text not in known:
                message = f"`{word.text}` is no {kind} of the ruleset `{self.ruleset}`"
                mend = nearest(word.text, known)
                yield problem_at(self.document, word.span, "unknown-name", message, mend)


def _keys(node: Node | None) -> list[Scalar]:
    return [entry.key for entry in node.entries] if isinstance(node, Mapping) else []


def _scalars(node: Node | None) -> list[Scalar]:
    items = node.items if isinstance(node, Sequence) else ()
    return [item for item in items if isinstance(item, Scalar)]
