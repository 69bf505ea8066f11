# SPDX-License-Identifier: MIT
"""Every problem code in the package, found by walking its syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "rolerules"
# Which argument of which call is a problem's code.
PLACES = {
    "Problem": 0, "FormulaError": 0, "Finding": 0, "_add": 0, "_refusal": 0,
    "report": 1, "wrong": 1, "refuse": 1, "problem_at": 2, "_words": 2,
}  # fmt: skip


def codes() -> dict[str, set[str]]:
    """Every code, with the modules that give it."""
    found: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for code in _codes(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(code, set()).add(path.relative_to(PACKAGE).as_posix())
    return found


def _codes(module: ast.Module) -> Iterator[str]:
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    for scope in (module, *functions):
        names = dict(_assigned(scope))
        for node in ast.walk(scope):
            if isinstance(node, ast.Call) and (place := PLACES.get(_called(node))) is not None:
                yield from _literals(_argument(node, place), names)


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _argument(call: ast.Call, place: int) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)
    return call.args[place] if place < len(call.args) else named


def _literals(node: ast.expr | None, names: dict[str, list[ast.expr]]) -> Iterator[str]:
    """The texts an expression can be, followed through a local name and a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body, names)
        yield from _literals(node.orelse, names)
    elif isinstance(node, ast.Name):
        for value in names.get(node.id, []):
            yield from _literals(value, {})


def _assigned(scope: ast.AST) -> Iterator[tuple[str, list[ast.expr]]]:
    values: dict[str, list[ast.expr]] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name, value in _pairs(target, node.value):
                    values.setdefault(name, []).append(value)
    yield from values.items()


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(value, ast.IfExp):
        yield from _pairs(target, value.body)
        yield from _pairs(target, value.orelse)
    elif isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, part in zip(target.elts, value.elts, strict=False):
            yield from _pairs(one, part)
