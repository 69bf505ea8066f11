# SPDX-License-Identifier: MIT
"""How the examples of pages are run: commands over several lines, and wrong calls."""

import importlib.util
from types import SimpleNamespace

import pytest
from codes import ROOT

SPEC = importlib.util.spec_from_file_location("pages", ROOT / "conftest.py")
pages = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(pages)


def console(body: str, came_out: str = "") -> str | None:
    """Run a console whose page says `came_out`; what would be recorded instead."""
    page = came_out or body
    namespace: dict = {}
    example = SimpleNamespace(
        parsed={"body": body}, namespace=namespace, start=0, end=len(page),
        document=SimpleNamespace(text=page),
    )  # fmt: skip
    pages._console(example)
    return next((text for _, _, text in namespace.get("__edits__", [])), None)


@pytest.fixture
def recording(monkeypatch):
    monkeypatch.setenv("RECORD_DOCS", "1")


def test_a_command_goes_on_after_a_backslash(recording):
    body = "$ echo one \\\n    two | tr a-z \\\n  A-Z\nold\n$ echo three\n"
    recorded = "$ echo one \\\n    two | tr a-z \\\n  A-Z\nONE TWO\n$ echo three\nthree\n"
    assert console(body) == recorded
    assert console(recorded) is None


@pytest.mark.parametrize("call", ["rolerules chek", "rolerules test --no | head -1"])
def test_a_wrong_call_is_never_recorded(recording, call):
    with pytest.raises(pages.PageError, match="is no right call"):
        console(f"$ {call}\n")


def test_a_wrong_call_that_is_meant_is_recorded(recording):
    assert console("$ rolerules chek\n$ echo $?\n").endswith("\n$ echo $?\n2\n")
