# SPDX-License-Identifier: MIT
"""Positioned tree → syntax tree, with every shape problem at once.

What is broken is left out of the tree and remembered as such, so that the next stage can
go on and report its own problems in the same run. The builder has one method for each kind of
shape, which call each other, and so they stand together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

import attrs

from rolerules.problems import Problem, Span, closest, nearest, one_of
from rolerules.spelling import corrected
from rolerules.syntax import kinds, sheets, tree
from rolerules.syntax import shape as shapes
from rolerules.text.expression import Expression, shifted, show
from rolerules.text.formula import FormulaError, parse
from rolerules.text.tree import (
    Document,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    empty_because_comment,
    inside,
    problem_at,
)  # fmt: skip

BROKEN = Expression("broken")
_ANY = re.compile(r"any (\w+)")
_DATED = re.compile(r"from ([0-9]{4}-[0-9]{2}-[0-9]{2})")
_KINDS: dict[type[Any], str] = {
    Scalar: "a single value",
    Mapping: "`key: value` lines",
    Sequence: "a list",
}


@attrs.frozen(slots=True, repr=False)
class Built:
    """A file's syntax tree (None where its head is broken), its problems, its formulas' texts.

    `sheets` are the CSV files whose names stand in it, each with its formulas' texts.
    """

    document: Document
    file: tree.File | None
    problems: tuple[Problem, ...]
    formulas: dict[Span, str]
    sheets: tuple[tuple[Document, dict[Span, str]], ...] = ()


def build(document: Document, open_sheet: sheets.Sheets | None = None) -> Built:
    """Build a file's syntax tree; whatever the reader found comes first.

    `open_sheet` reads the CSV files beside it; a text without it can name none.
    """
    builder = _Builder(document, open_sheet)
    file = None if document.root is None else builder.file(document.root)
    problems = (*document.problems, *builder.problems)
    return Built(document, file, problems, builder.formulas, tuple(builder.sheets.values()))


class _Builder:
    """Folds a shape over a node; a result of None says that a problem was reported."""

    def __init__(self, document: Document, open_sheet: sheets.Sheets | None = None) -> None:
        self.document, self.open_sheet = document, open_sheet
        self.after = "after the colon"
        self.problems: list[Problem] = []
        self.formulas: dict[Span, str] = {}
        self.sheets: dict[str, tuple[Document, dict[Span, str]]] = {}
        self._folds: dict[type[Any], Callable[[Any, Node], Any]] = {
            kinds.Text: self._text,
            kinds.Formula: self._formula,
            kinds.Empty: self._empty,
            kinds.Raw: lambda shape, node: node,
            kinds.Items: self._items,
            kinds.NamedItems: self._named_items,
            kinds.Record: self._record,
            kinds.Short: self._short,
            kinds.Cell: self._cell,
            kinds.Cells: self._cells,
            kinds.Edges: self._edges,
            kinds.InFile: self._in_file,
            kinds.Either: self._either,
        }

    def report(self, span: Span, code: str, message: str, help: str = "") -> None:
        self.problems.append(problem_at(self.document, span, code, message, help))

    def file(self, root: Node) -> tree.File | None:
        heads = one_of([f"{head}:" for head in shapes.HEADS])
        if not isinstance(root, Mapping):
            self.report(
                root.span, "no-head", "this file has no keys", f"start it with one of {heads}"
            )
            return None
        keys = [entry.key.text for entry in root.entries]
        for head, record in shapes.HEADS.items():
            if head in keys:
                return cast("tree.File | None", self._record(record, root))
        first = root.entries[0].key if root.entries else root
        self.report(
            first.span,
            "no-head",
            "nothing says what kind of file this is",
            f"start it with one of {heads}",
        )
        return None

    def fold(self, shape: kinds.Shape, node: Node) -> Any:
        whole = isinstance(node, Scalar) or node.flow or getattr(shape, "free", False)
        if whole and self._reported(node):
            return None
        return self._folds[type(shape)](shape, node)

    def _reported(self, node: Node) -> bool:
        """Whether the reader found something wrong inside: what else it seems to say is noise."""
        start, end = _ends(node.span)
        ends = [_ends(problem.place) for problem in self.document.problems if problem.place]
        return any(start <= first < end or first <= start < last for first, last in ends)

    def _expect(self, kind: type[Any], node: Node) -> bool:
        if isinstance(node, kind):
            return True
        if isinstance(node, Scalar) and not node.text:
            hint = "a `#` starts a comment; " if empty_because_comment(self.document, node) else ""
            self.report(node.span, "empty", "nothing stands here", f"{hint}write {_KINDS[kind]}")
        else:
            cut = isinstance(node, Scalar) and re.fullmatch(r"([\w ]+):(\S.*)", node.text)
            mend = (
                f"put a blank after the colon: `{cut[1]}: {cut[2]}`"
                if cut
                else f"write {_KINDS[kind]}"
            )
            self.report(node.span, "wrong-shape", f"{_KINDS[type(node)]} cannot stand here", mend)
        return False

    def _text(self, shape: kinds.Text, node: Node) -> tree.Written | None:
        if not self._expect(Scalar, node):
            return None
        assert isinstance(node, Scalar)
        if not node.text:
            self._nothing(node)
            return None
        if shape.words and node.text not in shape.words:
            known = nearest(node.text, shape.words)
            self.report(
                node.span, "unknown-word", f"`{node.text}` is not a word that can stand here", known
            )
        elif shape.pattern and not re.fullmatch(shape.pattern, node.text):
            self._wrong_form(shape, node)
        return tree.Written(node.text, node.span)

    def _wrong_form(self, shape: kinds.Text, node: Scalar) -> None:
        like = shape.like if "`" in shape.like else f"`{shape.like}`"
        meant = corrected(node.text, lambda text: re.fullmatch(shape.pattern, text))
        mend = f"write `{meant}`" if meant else f"write it like {like}"
        message = f"`{node.text}` is not written as it must be here"
        self.report(node.span, "wrong-form", message, mend)

    def _nothing(self, node: Scalar, wanted: str = "a value") -> None:
        comment = empty_because_comment(self.document, node)
        mend = (
            "a `#` starts a comment: put quotes around what belongs here"
            if comment
            else f"write {wanted} {self.after}"
        )
        self.report(node.span, "empty", "nothing stands here", mend)

    def _formula(self, shape: kinds.Formula, node: Node) -> tree.Formula | None:
        if not self._expect(Scalar, node):
            return None
        assert isinstance(node, Scalar)
        if not node.text.strip():
            self._nothing(node, "a formula")
            return tree.Formula(BROKEN, node)
        try:
            any_ = _ANY.fullmatch(node.text) if shape.any_amount else None
            expression = _any_amount(any_[1], node) if any_ else parse(node.text)
            self.formulas[node.span] = show(expression)
            return tree.Formula(expression, node)
        except FormulaError as error:
            start, end = error.at
            place = inside(self.document, node, start, end) if start < end else node.span
            self.report(place, error.code, error.message, error.help)
            return tree.Formula(BROKEN, node)

    def _empty(self, shape: kinds.Empty, node: Node) -> Span:
        if isinstance(node, Scalar) and not node.text:
            return node.span
        mend = "put what is paid on a line of its own: `amount: 0`"
        self.report(node.span, "not-empty", "nothing can stand after this key on its line", mend)
        return node.span

    def _items(self, shape: kinds.Items, node: Node) -> tuple[Any, ...] | None:
        if shape.single and isinstance(node, Scalar):
            only = self.fold(shape.each, node)
            return None if only is None else (only,)
        if not self._expect(Sequence, node):
            return None
        assert isinstance(node, Sequence)
        built = [self.fold(shape.each, item) for item in node.items]
        if None in built and not isinstance(shape.each, kinds.Text):
            return None  # without one row or rule the others would seem to leave a gap
        return tuple(item for item in built if item is not None)

    def _named_items(
        self, shape: kinds.NamedItems, node: Node
    ) -> tuple[tree.Named[Any], ...] | None:
        if not self._expect(Mapping, node):
            return None
        assert isinstance(node, Mapping)
        return tuple(self._named(shape.each, entry, shape.free) for entry in node.entries)

    def _named(self, each: kinds.Shape, entry: Entry, free: bool = False) -> tree.Named[Any]:
        key = entry.key
        if not free and not re.fullmatch(shapes.NAME, key.text):
            like = re.sub(r"[^a-z0-9]+", "_", key.text.casefold()).strip("_")
            mend = f"write it with small letters, digits and `_`{f': `{like}`' if re.match('[a-z]', like) else ''}"
            self.report(key.span, "not-a-name", f"`{key.text}` cannot be a name", mend)
        value = self.fold(each, entry.value)
        return tree.Named(key.text, key.span, value, broken=value is None)

    def _short(self, shape: kinds.Short, node: Node) -> Any:
        value = self.fold(shape.record.keys[shape.key].shape, node)
        return None if value is None else shape.record.cls(span=node.span, **{shape.key: value})

    def _either(self, shape: kinds.Either, node: Node) -> Any:
        chosen = {Scalar: shape.scalar, Mapping: shape.mapping, Sequence: shape.sequence}[
            type(node)
        ]
        if chosen is not None:
            return self.fold(chosen, node)
        kinds = [
            kind
            for kind, allowed in (
                (Scalar, shape.scalar),
                (Mapping, shape.mapping),
                (Sequence, shape.sequence),
            )
            if allowed
        ]
        self._expect(kinds[-1] if len(kinds) == 1 else kinds[0], node)
        return None

    def _cell(self, shape: kinds.Cell, node: Node) -> Scalar | None:
        if not self._expect(Scalar, node):
            return None
        assert isinstance(node, Scalar)
        if not node.text:
            self._nothing(node, "an output")
            return None
        return node

    def _cells(self, shape: kinds.Cells, node: Node) -> tree.Row | None:
        if not self._expect(Sequence, node):
            return None
        assert isinstance(node, Sequence)
        cells = []
        for item in node.items:
            if isinstance(item, Scalar) and item.text:
                cells.append(item)
            elif isinstance(item, Scalar):
                self._nothing(item, "a cell (`any` where everything will do)")
            else:
                mend = 'write several values as `M1 or M2`, and put quotes around an interval: `"[5%..10%)"`'
                self.report(item.span, "needs-quotes", "a cell cannot be a list", mend)
        return (
            tree.Row(span=node.span, cells=tuple(cells)) if len(cells) == len(node.items) else None
        )

    def _edges(self, shape: kinds.Edges, node: Node) -> tuple[tree.Edge, ...] | None:
        if not self._expect(Mapping, node):
            return None
        assert isinstance(node, Mapping)
        edges = [self._edge(entry) for entry in node.entries]
        found = tuple(edge for edge in edges if edge)
        return found if len(found) == len(edges) else None

    def _edge(self, entry: Entry) -> tree.Edge | None:
        key = entry.key
        found = re.fullmatch(shapes.EDGE, key.text)
        if not found:
            self.report(
                key.span,
                "edge-form",
                f"`{key.text}` is not how an edge is written",
                "write `below X`, `up to and including X`, `at X`, `from X` or `above X`",
            )
            return None
        start = found.start(2)
        try:
            at = tree.Formula(shifted(parse(found[2]), start), key)
        except FormulaError as error:
            place = inside(self.document, key, error.at[0] + start, error.at[1] + start)
            self.report(place, error.code, error.message, error.help)
            return None
        if isinstance(entry.value, Scalar) and entry.value.text == "continues":
            return tree.Edge(span=key.span, word=found[1], at=at, value=None)
        value = self._formula(kinds.Formula(), entry.value)
        return (
            None if value is None else tree.Edge(span=key.span, word=found[1], at=at, value=value)
        )

    def _in_file(self, shape: kinds.InFile, node: Node) -> Any:
        if not isinstance(node, Scalar) or not node.text.casefold().endswith(".csv"):
            return self.fold(shape.here, node)
        document = sheets.opened(self.document, node, self.open_sheet)
        if isinstance(document, Problem):
            self.problems.append(document)
            return None
        inner = _Builder(document)
        inner.after = "here"
        inner.problems += document.problems
        found = None if document.root is None else inner.sheet(shape)
        self.sheets.setdefault(document.file, (document, {}))[1].update(inner.formulas)
        self.problems += [problem for problem in inner.problems if problem not in self.problems]
        return None if inner.problems else found

    def sheet(self, shape: kinds.InFile) -> Any:
        """Fold over what stands in a CSV file."""
        if isinstance(shape.here, kinds.Edges):
            edges, problems = sheets.edges(self.document)
            self.problems += problems
            return self.fold(shape.here, edges)
        header, lines = sheets.rows(self.document)
        rows = self.fold(shape.here, lines)
        return rows and tree.Sheet(header=header, rows=rows)

    def _record(self, record: kinds.Record, node: Node) -> Any:
        if not self._expect(Mapping, node):
            return None
        assert isinstance(node, Mapping)
        values: dict[str, Any] = {}
        there: list[str] = []
        dated, rest, broken = [], [], False
        for entry in node.entries:
            word = self._meant(record, entry, node)
            there.append("from DATE" if record.dated and word.startswith("from ") else word)
            if key := record.keys.get(word):
                value = self.fold(key.shape, entry.value)
                broken |= value is None and (key.required or word in record.one_of)
                if value is not None:
                    values[key.attr or word.replace(" ", "_")] = value
            elif record.dated and word == entry.key.text and word.startswith("from "):
                one = self._dated(record.dated, entry)
                broken |= one is None
                dated.append(one)
            elif record.rest:
                rest.append(self._named(record.rest, entry))
        broken |= self._missing(record, node, there)
        if broken:
            return None
        return self._make(record, node, values, [one for one in dated if one], rest)

    def _make(
        self,
        record: kinds.Record,
        node: Mapping,
        values: dict[str, Any],
        dated: list[Any],
        rest: list[Any],
    ) -> Any:
        wanted = {field.name: field for field in attrs.fields(record.cls)}
        if "document" in wanted:
            values["document"] = self.document
        if "dated" in wanted:
            values["dated"] = tuple(dated)
        if "named" in wanted:
            values["named"] = tuple(rest)
        for name, field in wanted.items():
            if name not in values and name != "span" and field.default is attrs.NOTHING:
                values[name] = () if name == "source" else None
        return record.cls(span=node.span, **values)

    def _dated(self, shape: kinds.Shape, entry: Entry) -> tree.Dated[Any] | None:
        found = _DATED.fullmatch(entry.key.text)
        if not found:
            self.report(
                entry.key.span,
                "wrong-form",
                f"`{entry.key.text}` has no date",
                "write it like `from 2026-01-01`",
            )
            return None
        value = self.fold(shape, entry.value)
        return (
            None
            if value is None
            else tree.Dated(tree.Written(found.group(1), entry.key.span), value)
        )

    def _meant(self, record: kinds.Record, entry: Entry, node: Mapping) -> str:
        """The key as written, or the known one it was meant for: one misspelling, one problem."""
        word = entry.key.text
        if word in record.keys or record.rest or (record.dated and word.startswith("from ")):
            return word
        known = [*record.keys, *(["from 2026-01-01"] if record.dated else [])]
        message = f"`{word}` is not a key that can stand here"
        self.report(entry.key.span, "unknown-key", message, nearest(word, known))
        meant = closest(word, known)
        return meant if meant and meant not in [one.key.text for one in node.entries] else word

    def _missing(self, record: kinds.Record, node: Mapping, there: list[str]) -> bool:
        missing = [word for word, key in record.keys.items() if key.required and word not in there]
        for word in missing:
            self.report(
                _head(node),
                "missing-key",
                f"`{word}` is missing here",
                f"add `{word}:`, {record.keys[word].doc}",
            )
        chosen = [word for word in record.one_of if word in there]
        if record.one_of and len(chosen) != 1:
            words = " or ".join(f"`{word}`" for word in record.one_of)
            found = " and ".join(f"`{word}`" for word in chosen)
            message = f"{found} exclude each other" if chosen else f"{words} is missing here"
            self.report(_head(node), "one-of", message, f"write just one of {words}")
        return bool(missing) or (bool(record.one_of) and len(chosen) != 1)


def _head(node: Mapping) -> Span:
    return node.entries[0].key.span if node.entries else node.span


def _ends(span: Span) -> tuple[tuple[int, int], tuple[int, int]]:
    return (span.line, span.column), (span.end_line, span.end_column)


def _any_amount(word: str, node: Scalar) -> Expression:
    """`any money`: what a scale is over that is only called."""
    if word in ("money", "rate", "number"):
        return Expression("any", (), word)
    mend = "write `any money`, `any rate` or `any number`"
    raise FormulaError("wrong-type", f"`{word}` is no type of amount", (4, len(node.text)), mend)
