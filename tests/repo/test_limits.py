# SPDX-License-Identifier: MIT
"""Every limit at its edge: what is just allowed, and one more, which is a problem with a place."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest

from rolerules import RolerulesError, load
from rolerules.cli import cases
from rolerules.engines import durable, reference
from rolerules.engines.results import Unknown
from rolerules.engines.rulebook import rulebook
from rolerules.limits import LIMITS, Limits
from rolerules.text.formula import FormulaError, parse
from rolerules.text.reader import read, read_bytes

HEAD = "ruleset: edge\nlanguage: 1\nversion: 1.0.0\nperiod: quarter\nyear starts: 1 January\ncurrency: CNY\n"
FACTS = """facts:
  amount: money
  figure: number
  note: text
  accounts:
    type: list
    each:
      sales: money
"""
Try = Callable[[Path, int], object]


def _load(folder: Path, text: str) -> Any:
    file = folder / "edge.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    return load(file)


def _evaluate(folder: Path, **facts: object) -> object:
    return _load(folder, FACTS).evaluate(facts, as_of="2026-03-31")


def _document(read_it: Callable[[], Any]) -> None:
    document = read_it()
    if document.problems:
        raise RolerulesError(document.problems)


def _result(folder: Path, more: int) -> None:
    result = reference._bounded(Fraction(1 << (LIMITS.result_bits - 1 + more)))
    if isinstance(result, Unknown) and result.failure:
        raise RolerulesError([result.failure])


def _yaml_depth(levels: int) -> str:
    return "\n".join(f"{' ' * level}a:" for level in range(levels))


def _formula_depth(folder: Path, more: int) -> None:
    # `a`, its brackets and the whole are levels of their own.
    brackets = LIMITS.formula_depth - 2 + more
    parse("(" * brackets + "a" + ")" * brackets)


def _rows(folder: Path, more: int) -> object:
    rows = "".join(f"      - [{row}, 1]\n" for row in range(LIMITS.table_rows + more))
    return _load(
        folder,
        f"{FACTS}tables:\n  t:\n    hit: unique\n    inputs: [figure]\n    gives: whole\n    otherwise: 0\n    rows:\n{rows}",
    )


def _edges(folder: Path, more: int) -> object:
    edges = "".join(f"      from {edge}: 1%\n" for edge in range(2, LIMITS.scale_edges + more + 1))
    return _load(
        folder,
        f"{FACTS}scales:\n  s:\n    marginal: figure\n    edges:\n      below 2: 1%\n{edges}",
    )


def _inputs(folder: Path, more: int) -> object:
    count = LIMITS.table_inputs + more
    inputs, cells = ", ".join(["figure"] * count), ", ".join(["any"] * count)
    return _load(
        folder,
        f"{FACTS}tables:\n  t:\n    hit: first\n    inputs: [{inputs}]\n    gives: whole\n    rows:\n      - [{cells}, 1]\n",
    )


def _durable_rules(folder: Path, more: int) -> object:
    # A row comes to two rules, for yes and for no; a duty that may not be due to three.
    half = LIMITS.durable_rules // 2 - more
    rows = "".join(f"      - [{row}, 1]\n" for row in range(half))
    table = f"tables:\n  t:\n    hit: unique\n    inputs: [figure]\n    gives: whole\n    otherwise: 0\n    rows:\n{rows}"
    duty = "duties:\n  d: {part: leads, source: S-1, every: quarter, due: figure > 0, done: figure > 1}\n"
    proof = _load(folder, FACTS + table + duty * more).prove({}, as_of="2026-03-31")
    assert len(rulebook(proof.plan).rules) == LIMITS.durable_rules + more
    return durable.fire(proof)


def _facts_bytes(folder: Path, more: int) -> object:
    return cases.decoded(b" " * (LIMITS.facts_bytes + more), "facts.json")


TRIES: dict[str, tuple[str, Try]] = {
    "file_bytes": ("file-too-large", lambda folder, more: _document(lambda: read_bytes(b"a: " + b"b" * (LIMITS.file_bytes - 3 + more), "edge.yaml"))),
    "yaml_depth": ("too-deep", lambda folder, more: _document(lambda: read(_yaml_depth(LIMITS.yaml_depth + more), "edge.yaml"))),
    # The map itself and every key and value are values.
    "yaml_nodes": ("too-many-nodes", lambda folder, more: _document(lambda: read("- a\n" * (LIMITS.yaml_nodes - 1 + more), "edge.yaml"))),
    "formula_length": ("formula-too-long", lambda folder, more: parse("a" * (LIMITS.formula_length + more))),
    "formula_depth": ("formula-too-deep", _formula_depth),
    "table_rows": ("table-too-large", _rows),
    "table_inputs": ("table-too-large", _inputs),
    "scale_edges": ("table-too-large", _edges),
    "list_items": ("too-many-items", lambda folder, more: _evaluate(folder, accounts=[{}] * (LIMITS.list_items + more))),
    "list_items_declared": ("figure-too-large", lambda folder, more: _load(folder, FACTS.replace("each:", f"max items: {LIMITS.list_items_declared + more}\n    each:"))),
    "text_length": ("text-too-long", lambda folder, more: _evaluate(folder, note="x" * (LIMITS.text_length + more))),
    "result_bits": ("result-too-large", _result),
    "money": ("out-of-range", lambda folder, more: _evaluate(folder, amount=str(int(LIMITS.money) + more))),
    "number": ("out-of-range", lambda folder, more: _evaluate(folder, figure=str(int(LIMITS.number) + more))),
    "decimals": ("too-many-decimals", lambda folder, more: _evaluate(folder, figure="0." + "1" * (LIMITS.decimals + more))),
    "durable_rules": ("durable-limit", _durable_rules),
    "facts_bytes": ("file-too-large", _facts_bytes),
}  # fmt: skip


def test_every_limit_is_tried() -> None:
    assert set(TRIES) == {field.name for field in attrs.fields(Limits)}


@pytest.mark.parametrize("limit", TRIES)
def test_at_the_limit(limit: str, tmp_path: Path) -> None:
    TRIES[limit][1](tmp_path, 0)


@pytest.mark.parametrize("limit", TRIES)
def test_one_past_the_limit(limit: str, tmp_path: Path) -> None:
    code, attempt = TRIES[limit]
    with pytest.raises((RolerulesError, FormulaError)) as refused:
        attempt(tmp_path, 1)
    error = refused.value
    found = (
        [error.code]
        if isinstance(error, FormulaError)
        else [problem.code for problem in error.problems]
    )
    assert found == [code]


@pytest.mark.parametrize("sign", ["-", ""])
def test_a_number_written_in_a_ruleset(sign: str, tmp_path: Path) -> None:
    most = int(LIMITS.number)
    text = "parameters:\n  far:\n    type: number\n    value: {}\n"
    _load(tmp_path, text.format(f"{sign}{most}"))
    with pytest.raises(RolerulesError) as refused:
        _load(tmp_path, text.format(f"{sign}{most + 1}"))
    assert [problem.code for problem in refused.value.problems] == ["figure-too-large"]
