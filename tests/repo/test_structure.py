# SPDX-License-Identifier: MIT
"""How the repository is built: its layout, one-way imports, sizes, and what no module may do."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from codes import PACKAGE, ROOT

from rolerules.engines import reference
from rolerules.engines.columnar import kernel
from rolerules.model.operations import OPERATIONS

TOP_LEVEL = {
    "rolerules", "rulesets", "docs", "tests", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md",
    "CONTRIBUTING.md", "Makefile", "conftest.py",
}  # fmt: skip
# Each stage with what it may import, itself included; leaves stand in LEAVES.
STAGES = (
    "text",
    "syntax",
    "model",
    "plan",
    "decision",
    "engines",
    "explain",
    "bulk",
    "extras",
    "ruleset",
)
DOORS = ("__init__", "cli", "spark", "analysis", "testing", "record")
LEAVES = ("problems", "limits", "values", "periods", "spelling", "dates")
MODULES = sorted(PACKAGE.rglob("*.py"))
# Spelt in pieces, so that this file does not hold them.
FORBIDDEN = ("/wo" + "rk/", "/tm" + "p/", "/ro" + "ot/", "/ho" + "me/", "help" + "er-", "sub" + "agent", "Clau" + "de",
             "Anthr" + "opic", "TO" + "DO", "FIX" + "ME")  # fmt: skip
# JSON Schema has no other numbers than floats; a bound that none of them is exactly is left out.
MAY_CALL = {
    "rolerules/cli/facts_schema.py": {"float"},
    # It runs the source that it wrote of a checked plan; nothing of an author's text is in that.
    "rolerules/engines/single/function.py": {"compile", "exec"},
}
TEXT = (".py", ".md", ".yaml", ".toml", ".lark", ".expected", ".txt", ".json", ".csv", ".cfg", "")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _stage(module: str) -> str:
    """The stage of a dotted module name within the package."""
    return [*module.split("."), "__init__"][1]


def _imports(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # What is imported for hints alone makes nothing depend on it. So `ruleset.session` opens a
    # session, which is made of rulesets, and imports its module when it is called.
    hints = [node for node in ast.walk(tree) if isinstance(node, ast.If)
             and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"]  # fmt: skip
    passed_over = {id(node) for hint in hints for node in ast.walk(hint)}
    for node in ast.walk(tree):
        if id(node) in passed_over:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (
                f"{node.module}.{name.name}" for name in node.names if node.module == "rolerules"
            )


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Every file that belongs to the repository: kept, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a clone of the repository")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_top_level(tracked: list[Path]) -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked}
    assert {name for name in names if not name.startswith(".")} - TOP_LEVEL == set()


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_go_one_way(path: Path) -> None:
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    ours = {_stage(name) for name in _imports(path) if name.split(".")[0] == "rolerules"}
    if own in LEAVES:
        assert ours - set(LEAVES) == set()
    elif own in STAGES:
        assert ours - {*LEAVES, *STAGES[: STAGES.index(own) + 1]} == set()
    else:
        assert own in {*DOORS, "__main__"}


@pytest.mark.parametrize("leaf", LEAVES)
def test_leaves_import_nothing_of_ours(leaf: str) -> None:
    assert [name for name in _imports(PACKAGE / f"{leaf}.py") if name.startswith("rolerules")] == []


def test_nothing_uses_what_stands_beside() -> None:
    for path in MODULES:
        own = path.relative_to(PACKAGE).with_suffix("").parts[0]
        used = {_stage(name) for name in _imports(path) if name.startswith("rolerules.")}
        if own in (*STAGES, *LEAVES):
            assert used & set(DOORS) - {"__init__"} == set(), _name(path)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_sizes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 500
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    assert [one.name for one in functions if (one.end_lineno or 0) - one.lineno + 1 > 70] == []


def test_the_reference_engine_can_be_read_in_one_sitting() -> None:
    text = (PACKAGE / "engines" / "reference.py").read_text(encoding="utf-8")
    assert text.count("\n") <= 500


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_floats_no_evaluation_no_pickle(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    forbidden = {"float", "eval", "exec", "compile", "__import__"}
    assert called & forbidden - MAY_CALL.get(_name(path), set()) == set()
    assert {name.split(".")[0] for name in _imports(path)} & {
        "pickle",
        "marshal",
        "shelve",
    } == set()
    literals = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    assert literals == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_headers_and_docstrings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# SPDX-License-Identifier: MIT\n")
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name
            methods = [
                one
                for one in ast.walk(node)
                if isinstance(one, ast.FunctionDef) and one is not node
            ]
            public = [
                one
                for one in methods
                if isinstance(node, ast.ClassDef)
                and one in node.body
                and not one.name.startswith("_")
            ]
            assert [one.name for one in public if not ast.get_docstring(one)] == [], node.name


def test_tests_have_headers(tracked: list[Path]) -> None:
    python = [path for path in tracked if path.suffix == ".py"]
    assert [
        _name(path) for path in python if not path.read_text(encoding="utf-8").startswith("# SPDX-")
    ] == []


def test_every_operation_has_a_fold_in_the_reference_engine() -> None:
    folds = {*reference._STRICT, *reference._SPECIAL, "some", "every", "filter", "for"}
    lowered = {"in_force", "by_days"}  # to others
    assert set(OPERATIONS) - folds == lowered


def test_every_fold_has_an_operation() -> None:
    inner = {
        "rising",
        "lookup",
        "pay",
        "field",
        "min of",
        "max of",
        "outcome",
        "records",
        "table",
        "not in force",
    }
    folds = {*reference._STRICT, *reference._SPECIAL, "some", "every", "filter", "for"}
    assert folds - set(OPERATIONS) - inner == set()


def test_no_machine_and_no_workshop_in_the_files(tracked: list[Path]) -> None:
    pattern = re.compile("|".join(map(re.escape, FORBIDDEN)))
    found = []
    for path in tracked:
        if path.suffix in TEXT:
            text = path.read_bytes().decode(errors="replace")
            found += [f"{_name(path)}: {one[0]}" for one in pattern.finditer(text)]
    assert found == []


def test_every_operation_has_a_writer_over_columns() -> None:
    elsewhere = {"field", "records", "not in force", "some", "every", "filter", "for"}
    folds = {*reference._STRICT, *reference._SPECIAL, "some", "every", "filter", "for"}
    assert folds - {*kernel._WRITERS} == elsewhere
