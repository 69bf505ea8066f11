# SPDX-License-Identifier: MIT
"""Hostile CSV files: noise gives problems with a place, or cells that go there and back."""

from __future__ import annotations

import codecs

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rolerules.text.csv_rows import lines_of, read_csv, written
from rolerules.text.tree import Document, locate

SIGNS = st.sampled_from([*'ab ,;"\n\r\t\0é😀\ufeff\u2028', '""', '","', "\r\n"])


def examine(document: Document) -> None:
    """What holds for every file."""
    assert document.root is not None or document.problems
    for problem in document.problems:
        assert problem.place is not None
        assert problem.underlined == locate(document, problem.place)[0]
        assert problem.help
    if not document.problems:
        lines = list(lines_of(document))
        again = read_csv(written(lines).encode(), "g.csv")
        assert not again.problems
        assert list(lines_of(again)) == lines


@settings(max_examples=500, deadline=None)
@given(st.lists(SIGNS, max_size=20).map("".join))
@example('a,"b" "c')
@example('";",a;b')
@example("a\n;\n")
def test_noise_of_signs(text: str) -> None:
    examine(read_csv(text.encode(errors="replace"), "f.csv"))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40))
@example(codecs.BOM_UTF8)
@example(b"\xff\xfea\0,\0b\0")
def test_noise_of_bytes(data: bytes) -> None:
    examine(read_csv(data, "f.csv"))
