# SPDX-License-Identifier: MIT
"""Every clause of the policy text is encoded, and every clause that is cited exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from codes import ROOT

from rolerules.text.reader import read_bytes
from rolerules.text.tree import Mapping, Node, Scalar

CLAUSES = re.findall(
    r"^\| `([A-Z]+-[0-9]+[a-z]?)` \|",
    (ROOT / "docs" / "source.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
SHIPPED = sorted(
    [*(ROOT / "rulesets").glob("roles/*.yaml"), *(ROOT / "rulesets").glob("policies/*.yaml")]
)


def _cited(node: Node, *, top: bool = False) -> Iterator[str]:
    if isinstance(node, Mapping):
        for entry in node.entries:
            if entry.key.text == "source":
                if not top:
                    yield from _texts(entry.value)
            else:
                yield from _cited(entry.value)
    elif not isinstance(node, Scalar):
        for item in node.items:
            yield from _cited(item)


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text
    elif not isinstance(node, Mapping):
        for item in node.items:
            yield from _texts(item)


def _of(path: Path) -> set[str]:
    root = read_bytes(path.read_bytes(), path.name).root
    assert root is not None
    return set(_cited(root, top=True))


def test_the_page_numbers_each_clause_once() -> None:
    assert len(CLAUSES) == len(set(CLAUSES)) > 25


def test_every_clause_is_encoded() -> None:
    cited = set().union(*map(_of, SHIPPED))
    assert set(CLAUSES) - cited == set()


def test_every_citation_exists() -> None:
    assert {
        path.name: sorted(_of(path) - set(CLAUSES)) for path in SHIPPED if _of(path) - set(CLAUSES)
    } == {}
