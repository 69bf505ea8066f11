# SPDX-License-Identifier: MIT
"""Whether a program is right: its answers beside the oracle's, on thousands of cases at the edges."""

from __future__ import annotations

import importlib
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.policy import SEED, TEXTS, cases, columns, oracle

_VERIFIED = 5_000
Found = dict[str, Any]


def program(name: str) -> Any:
    """The module of a program. Raises `ImportError` where its package is not installed."""
    module = importlib.import_module(f"tests.benchmarks.peers.{name}")
    if module.PACKAGE:
        version(module.PACKAGE)
    return module


def verify(name: str) -> Found:
    """How many of several thousand cases a program gets wrong, and in what."""
    module = program(name)
    found: Found = {"name": module.NAME, "money": module.MONEY}
    if hasattr(module, "load"):
        found |= _verified_rows(module)
    if hasattr(module, "load_table") or hasattr(module, "file"):
        found |= _verified_table(module)
    return found


def _verified_rows(module: Any) -> Found:
    drawn = cases(_VERIFIED, SEED, refused=True)
    evaluate, wrong, parts = module.load(), 0, dict[str, int]()
    for case in drawn:
        right, got = oracle(case), module.answer(evaluate(module.given(case)))
        if got != right:
            wrong += 1
            for part in right:
                parts[part] = parts.get(part, 0) + (got.get(part) != right[part])
    return {"cases": len(drawn), "wrong": wrong, "parts": parts}


def _verified_table(module: Any) -> Found:
    import pyarrow.parquet as pq

    from tests.benchmarks.people import table_of

    drawn = cases(_VERIFIED, SEED)
    right = columns([oracle(case) for case in drawn], [case["annual"] for case in drawn])
    right["mask"] = [TEXTS.index(text) for text in right["grounds"]]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "people.parquet", Path(folder) / "answers.parquet"
        pq.write_table(table_of(drawn), source, store_decimal_as_integer=True)
        every: list[Found] = []
        if hasattr(module, "load_table"):
            every.append(module.answers(module.load_table()(module.given_table(source))))
        if hasattr(module, "file"):
            module.file(source, target)
            every.append(pq.read_table(target).to_pydict())
        many = cases(_VERIFIED, SEED, refused=True)
        pq.write_table(table_of(many), source, store_decimal_as_integer=True)
        refused = _refuses(module, source, [case["n"] > 5 for case in many])
    wrong, parts = set[int](), dict[str, int]()
    for got in every:
        for part, column in got.items():
            places = [
                at for at, (a, b) in enumerate(zip(column, right[part], strict=True)) if a != b
            ]
            wrong |= set(places)
            if places:
                parts[part] = len(places)
    outputs = sorted(every[0])
    return {
        "cases": len(drawn),
        "wrong": len(wrong),
        "parts": parts,
        "columns": outputs,
        "refuses": refused,
    }


def _refuses(module: Any, source: Path, many: list[bool]) -> str:
    """What a program does with too many key accounts: refuses just those rows, or the table."""
    if not hasattr(module, "load_table"):
        return ""
    try:
        got = module.answers(module.load_table()(module.given_table(source)))
    except Exception:
        return "the whole table"
    marked = [reason is not None for reason in got["refused"]] if "refused" in got else []
    return "those rows alone" if marked == many else "nothing, wrongly"
