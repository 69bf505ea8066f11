# SPDX-License-Identifier: MIT
"""Rows of a table or edges of a scale in a CSV file: read into a positioned tree, and written.

The form is that of RFC 4180 in UTF-8: cells parted by commas, quotes around a cell that holds
one, a quote inside doubled. A header line with a `;` outside of quotes says that `;` parts the
cells, as spreadsheets write it where the comma is the decimal sign.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence

import attrs

from rolerules.limits import LIMITS
from rolerules.text import tree
from rolerules.text.quotes import Finding, shown
from rolerules.text.reader import PROBLEMS, bad_characters, document_of, undecoded
from rolerules.text.tree import Document, Scalar, span_of

SEPARATORS = (",", ";")

_BLANKS = " \t"
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')
_PLAIN = {sign: re.compile(rf"[^{sign}\r\n]*") for sign in SEPARATORS}
_END = re.compile(r"\r?\n")
_NEEDS_QUOTES = re.compile(r'[",;\n]|^\s|\s$|^$')
_WHOLE = 'put quotes around the whole cell and double those inside, as in `"not(""M1"")"`'


def read_csv(data: bytes, file: str) -> Document:
    """Read a CSV file: the tree is a list of lines, each a list of cells, the header first.

    Empty lines are left out; the tree is None where it cannot be told which cells there are.
    """
    if len(data) > LIMITS.file_bytes:
        message = f"the file is larger than {LIMITS.file_bytes:,} bytes"
        finding = Finding("file-too-large", 0, 0, message, "split the table into two")
        return document_of(file, "", None, [finding])
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        mend = "save the file as `CSV UTF-8`"
        return document_of(
            file, data.decode(errors="replace"), None, [undecoded(data, error, mend)]
        )
    if findings := list(bad_characters(text)):
        return document_of(file, text, None, findings)
    return _Lines(file, text, _separator(text)).document()


def written(lines: Iterable[Sequence[str]]) -> str:
    """The canonical CSV text of lines of cells: commas, line feeds, quotes only where needed."""
    return "".join(",".join(map(_quoted, line)) + "\n" for line in lines)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def _separator(text: str) -> str:
    """What parts the cells: `;` where the header line has one outside of quotes."""
    unquoted = re.sub(r'"[^"]*(?:"|\Z)', "", text).lstrip("\r\n")
    return ";" if ";" in unquoted.split("\n")[0] else ","


@attrs.define(slots=True, repr=False)
class _Lines:
    """Takes the text apart, cell by cell."""

    file: str
    text: str
    separator: str
    place: int = 0
    cells: int = 0
    findings: list[Finding] = attrs.Factory(list)

    def document(self) -> Document:
        """The whole file."""
        lines, empty = list[tree.Sequence](), list[int]()
        while self.place < len(self.text):
            start = self.place
            line = self._line()
            if line is None:
                return document_of(self.file, self.text, None, self.findings)
            if any(cell.text for cell in line):
                self._empty_lines(empty)
                span = span_of(self.file, self.text, *self._ends(line))
                lines.append(tree.Sequence(span, tuple(line), flow=True))
            else:
                empty.append(start)
        if not lines:
            mend = "write a header line, then a line for each row"
            self._add("empty-file", 0, 0, "the file says nothing", mend)
        root = tree.Sequence(span_of(self.file, self.text, 0, len(self.text)), tuple(lines), False)
        return document_of(self.file, self.text, root if lines else None, self.findings)

    def _ends(self, line: Sequence[Scalar]) -> tuple[int, int]:
        start, _ = tree.offsets(self.text, line[0].span)
        return start, tree.offsets(self.text, line[-1].span)[1]

    def _empty_lines(self, empty: list[int]) -> None:
        """Report lines that say nothing, now that another one follows."""
        for start in empty:
            message = "this line is empty, and rows follow it"
            self._add("csv-line", start, start, message, "take it out, or write its row")
        empty.clear()

    def _line(self) -> list[Scalar] | None:
        """The cells of the next line; None where a quote leaves open where it ends."""
        line = list[Scalar]()
        while True:
            cell = self._cell()
            if cell is None:
                return None
            line.append(cell)
            self.cells += 1
            if self.cells > LIMITS.yaml_nodes:
                message = f"the file has more than {LIMITS.yaml_nodes:,} cells"
                mend = "split the table into two"
                self._add("too-many-nodes", self.place, self.place, message, mend)
                return None
            if self.text.startswith(self.separator, self.place):
                self.place += 1
                continue
            end = _END.match(self.text, self.place)
            self.place = end.end() if end else len(self.text)
            return line

    def _cell(self) -> Scalar | None:
        """The next cell; the place is then at what ends it. None where its quote is not closed."""
        start, end, after = self._stretch()
        if self.text.startswith('"', start):
            return self._in_quotes(start, end)
        self.place, said = after, self.text[start:end]
        if '"' in said:
            message = f"{shown(said)} has a quote inside, and none around it"
            self._add("csv-quote", start, end, message, _WHOLE)
        return self._scalar(start, end, said)

    def _stretch(self) -> tuple[int, int, int]:
        """Where the text up to the next separator begins and ends without its blanks, and it."""
        found = _PLAIN[self.separator].match(self.text, self.place)
        assert found, "no text is a cell too"
        start = found.end() - len(found[0].lstrip(_BLANKS))
        return start, start + len(found[0].strip(_BLANKS)), found.end()

    def _in_quotes(self, start: int, end: int) -> Scalar | None:
        quoted = _QUOTED.match(self.text, start)
        if quoted is None:
            mend = 'write `"` at the end of the cell, and double a quote that is part of it'
            self._add("csv-quote", start, end, "this quote is never closed", mend)
            return None
        self.place = quoted.end()
        behind, end, self.place = self._stretch()
        if behind < end:
            message = f"{shown(self.text[behind:end])} stands behind the quote that ends this cell"
            self._add("csv-quote", start, end, message, _WHOLE)
        text = quoted[0][1:-1].replace('""', '"').replace("\r\n", "\n")
        return self._scalar(start, quoted.end(), text)

    def _scalar(self, start: int, end: int, text: str) -> Scalar:
        # Never `quoted`: quotes mean nothing here, and must not count in the digest.
        return Scalar(span_of(self.file, self.text, start, end), text, quoted=False, in_flow=True)

    def _add(self, code: str, start: int, end: int, message: str, mend: str) -> None:
        if len(self.findings) < PROBLEMS:
            self.findings.append(Finding(code, start, end, message, mend))


def lines_of(document: Document) -> Iterator[tuple[str, ...]]:
    """The cells of each line as texts, the header first."""
    assert isinstance(document.root, tree.Sequence), "only a document with a tree has lines"
    for line in document.root.items:
        assert isinstance(line, tree.Sequence), "a line is a list of cells"
        yield tuple(cell.text for cell in line.items if isinstance(cell, Scalar))
