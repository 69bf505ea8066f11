# SPDX-License-Identifier: MIT
"""What the programs are called in tables and chart, read from their modules without running them."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from tests.benchmarks.peers import EVERY


def _said(name: str) -> dict[str, Any]:
    """The texts that a module is assigned at its top; it may need a package that is missing."""
    path = Path(__file__).parent / "peers" / f"{name}.py"
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            pairs = (
                zip(target.elts, value.elts, strict=True)
                if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
                else [(target, value)]
            )
            for one, text in pairs:
                if isinstance(one, ast.Name) and isinstance(text, ast.Constant):
                    found[one.id] = text.value
    return found


_SAID = {name: _said(name) for name in EVERY}
NAMES = {name: said["NAME"] for name, said in _SAID.items()} | {
    "shipped": "rolerules, shipped marketing director"
}
MONEY = {name: said["MONEY"] for name, said in _SAID.items()}
OUTPUTS = {name: said.get("OUTPUTS", "") for name, said in _SAID.items()}
COLD_NAMES = {
    **NAMES,
    "rolerules_single": "rolerules, the benchmark's policy",
    "library: import, load, first decision": "rolerules, shipped marketing director",
}
