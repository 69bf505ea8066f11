# SPDX-License-Identifier: MIT
"""CSV files: the cells in every spelling, their places, and what is refused at its limit."""

from __future__ import annotations

import pytest

from rolerules.limits import LIMITS
from rolerules.text.csv_rows import lines_of, read_csv, written
from rolerules.text.reader import PROBLEMS
from rolerules.text.tree import Scalar, Sequence, inside, locate

WANTED = [("a", "gives"), ("M1, M2", '"x"'), ("under 5%", "0%")]


def lines(text):
    document = read_csv(text.encode(), "f.csv")
    assert document.problems == ()
    return list(lines_of(document))


def codes(data):
    document = read_csv(data if isinstance(data, bytes) else data.encode(), "f.csv")
    return [(one.code, one.place.line, one.place.column) for one in document.problems]


@pytest.mark.parametrize(
    "text",
    [
        'a,gives\n"M1, M2","""x"""\nunder 5%,0%\n',
        '\ufeffa,gives\r\n"M1, M2","""x"""\r\nunder 5%,0%',
        '"a";gives\nM1, M2;"""x"""\n"under 5%";"0%"\n;\n\n',
        ' a , "gives"\n\t"M1, M2" , """x"""  \nunder 5%,0%\n,,\n',
    ],
)
def test_spellings(text):
    assert lines(text) == WANTED


def test_a_semicolon_in_quotes_parts_nothing():
    assert lines('"a;b",gives\nc;d,e\n') == [("a;b", "gives"), ("c;d", "e")]


def test_written_quotes_only_where_needed():
    text = written([("a", "b c"), ("x,y", "x;y"), ('say "no"', " z"), ("", "two\nlines")])
    assert text == 'a,b c\n"x,y","x;y"\n"say ""no"""," z"\n"","two\nlines"\n'


def test_places_inside_cells():
    document = read_csv(b'a,gives\n"not ""M1"" x",5%\n', "f.csv")
    assert isinstance(document.root, Sequence)
    row = document.root.items[1]
    assert isinstance(row, Sequence)
    cell = row.items[0]
    assert isinstance(cell, Scalar)
    assert cell.text == 'not "M1" x'
    start = cell.text.index("M1")
    assert locate(document, inside(document, cell, start, start + 2))[0] == "M1"
    assert locate(document, row.span) == ('"not ""M1"" x",5%', '"not ""M1"" x",5%')


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [("empty-file", 1, 1)]),
        ("\n,\n", [("empty-file", 1, 1)]),
        ("\na,b\n", [("csv-line", 1, 1)]),
        ("a,b\n\n,\nc,d\n", [("csv-line", 2, 1), ("csv-line", 3, 1)]),
        ('a,b\nc,"d\n', [("csv-quote", 2, 3)]),
        ('a,"b"c\nd"e,f\n', [("csv-quote", 1, 3), ("csv-quote", 2, 1)]),
        ("a,b\rc,d\n", [("control-character", 1, 4)]),
        ("a,\u202eb\n", [("control-character", 1, 3)]),
        (b"a,b\n\xe4,c\n", [("not-utf8", 2, 1)]),
    ],
)
def test_problems(text, found):
    assert codes(text) == found


def test_no_more_problems_than_help():
    assert len(codes('a,b\n"c"d,\n' * 500)) == PROBLEMS


def test_the_largest_file_and_one_byte_more():
    text = "a,b\n" + "x" * (LIMITS.file_bytes - 6) + ",c"
    assert codes(text) == []
    assert codes(text + "c") == [("file-too-large", 1, 1)]


def test_the_most_cells_and_one_more():
    text = "a,b\n" + "x,y\n" * (LIMITS.yaml_nodes // 2 - 1)
    assert codes(text) == []
    assert [code for code, *_ in codes(text + "z")] == ["too-many-nodes"]


@pytest.mark.parametrize("text", ['"' * 1_999_999, ",\n" * 90_000, " " * 1_900_000 + '"'])
def test_hostile_files_end(text):
    assert codes(text)
