# SPDX-License-Identifier: MIT
"""Read a file: strict YAML, of which only maps, lists and texts are left, each with its place.

Nothing is interpreted: `no`, `014` and `1:30` stay text. What could make a file mean something
its reader does not see (anchors, tags, merge keys, doubled keys, several documents) is refused.
The tree is built from the parser's events without recursion, within `LIMITS`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

import attrs
import yaml

from rolerules.limits import LIMITS
from rolerules.problems import Problem, Span
from rolerules.text import traps
from rolerules.text.quotes import Finding, needs_quotes, shown
from rolerules.text.traps import Failure, rest_of_line
from rolerules.text.tree import (
    UNSAFE,
    Document,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    problem_at,
    span_of,
)

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

PROBLEMS = 50
"""More of them help nobody; a hostile file could hold a million."""
KEY_LENGTH = 200
"""YAML itself stops at 1,024, and quoting a key can double its length."""

_TAB = re.compile(r"^ *(\t+)", re.MULTILINE)
_EXPLICIT = re.compile(r"(?:^|[\s,\[{])(\?)[ \t]*$")
_NO_BLANK = re.compile(r"[\w\s-]*\w:\S")
_WORD = re.compile(r"[^\s,\]}]+")
_KEY_HELP = "a key is a short text on one line, followed by a colon"
_AFTER_KEY = re.compile(r"[ \t]*:")
_DIGIT_HEADER = re.compile(r"[>|][+-]?[1-9]")


def read_bytes(data: bytes, file: str) -> Document:
    """Read a file's bytes, which must be UTF-8; a byte order mark at the start is skipped."""
    if len(data) > LIMITS.file_bytes:
        return _too_large(file)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return read(data.decode(), file)
    except UnicodeDecodeError as error:
        finding = undecoded(data, error, "save the file with the encoding UTF-8")
    return document_of(file, data.decode(errors="replace"), None, [finding])


def undecoded(data: bytes, error: UnicodeDecodeError, mend: str) -> Finding:
    """The first byte that is no UTF-8, at its place in the text read as far as it goes."""
    at = len(data[: error.start].decode())
    message = f"byte {data[error.start]:#04x} is no part of a UTF-8 text"
    return Finding("not-utf8", at, at + 1, message, mend)


def read(text: str, file: str) -> Document:
    """Read a file's text into a positioned tree; whatever is wrong comes back as problems."""
    text = text.removeprefix("\N{BYTE ORDER MARK}")
    if len(text.encode("utf-8", "surrogatepass")) > LIMITS.file_bytes:
        return _too_large(file)
    findings = [*bad_characters(text), *_bad_indents(text)]
    if findings:
        return document_of(file, text, None, findings)
    masked, missing = text, list[Finding]()
    # Each text that lacks its quotes is masked, so that the next one is found as well.
    for _ in range(min(20, 1 + LIMITS.file_bytes // (len(text) + 1))):
        root, findings, failure = _Builder(file, text).build(masked)
        stop = traps.diagnose(masked, failure) if failure else None
        if stop is None or stop.code != "needs-quotes":
            break
        missing.append(stop)
        masked = masked[: stop.start] + "x" * (stop.end - stop.start) + masked[stop.end :]
    if stop and not missing:
        findings.append(stop)
    return document_of(file, text, None if missing or stop else root, findings + missing)


def document_of(file: str, text: str, root: Node | None, findings: list[Finding]) -> Document:
    """A document with what was found, as problems in the order of their places."""
    document = Document(file, text, root, ())
    ordered = sorted(set(findings), key=lambda finding: (finding.start, finding.end, finding.code))
    problems = tuple(_problem(document, finding) for finding in ordered[:PROBLEMS])
    return attrs.evolve(document, problems=problems)


def _problem(document: Document, finding: Finding) -> Problem:
    span = span_of(document.file, document.text, finding.start, finding.end)
    return problem_at(document, span, finding.code, finding.message, finding.help)


def _too_large(file: str) -> Document:
    message = f"the file is larger than {LIMITS.file_bytes:,} bytes"
    finding = Finding("file-too-large", 0, 0, message, "split it into a ruleset and its policies")
    return document_of(file, "", None, [finding])


def bad_characters(text: str) -> Iterator[Finding]:
    """Characters that nobody sees, or that a terminal would obey."""
    for match in _limited(UNSAFE.finditer(text)):
        message = f"the character U+{ord(match[0]):04X} cannot be seen and is not allowed"
        yield Finding("control-character", *match.span(), message, "take the character out")


def _bad_indents(text: str) -> Iterator[Finding]:
    for match in _limited(_TAB.finditer(text)):
        message, mend = "a tab indents this line", "indent with blanks, two for each level"
        yield Finding("yaml-tab", *match.span(1), message, mend)


def _limited(matches: Iterator[re.Match[str]]) -> list[re.Match[str]]:
    return [match for match, _ in zip(matches, range(PROBLEMS), strict=False)]


class _Stop(Exception):  # noqa: N818
    """The rest of the file is not looked at."""


@attrs.define(slots=True, repr=False)
class _Open:
    """A map or list whose end has not come yet; the children of a map are keys and values."""

    start: int
    flow: bool
    is_map: bool
    findings_before: int
    children: list[tuple[int, int, Node]] = attrs.Factory(list)


@attrs.define(slots=True, repr=False)
class _Builder:
    """Builds the tree of one file from events, on a stack of its own."""

    file: str
    text: str
    findings: list[Finding] = attrs.Factory(list)
    stack: list[_Open] = attrs.Factory(list)
    root: Node | None = None
    nodes: int = 0
    documents: int = 0
    last: tuple[int, int] = (0, 0)

    def build(self, masked: str) -> tuple[Node | None, list[Finding], Failure | None]:
        """The tree, what is wrong with it, and where the parser gave up, if it did."""
        failure = None
        try:
            for event in yaml.parse(masked, LOADER):
                self._take(event)
            if _NO_BLANK.match(self.text, *self.last) and isinstance(self.root, Scalar):
                self._found(traps.no_colon(self.text, *rest_of_line(self.text, self.last[0])))
            if self.root is None:
                mend = "begin with a line such as `ruleset: marketing-director`"
                self._add("empty-file", 0, 0, "the file says nothing", mend)
        except yaml.MarkedYAMLError as error:
            failure = self._failure(error)
        except (ValueError, OverflowError):
            # The parser written in Python trips over `"\U99999999"` and says not where.
            failure = Failure(masked.index("\\U", self.last[1]), None, "escape", self.last, None)
        except _Stop:
            self.root = None
        return self.root, self.findings, failure

    def _failure(self, error: yaml.MarkedYAMLError) -> Failure:
        mark, context = error.problem_mark, error.context_mark
        at = min(mark.index, len(self.text)) if mark else self.last[1]
        words = f"{error.context or ''} {error.problem or ''}"
        brackets = [one.start for one in self.stack if one.flow and self.text[one.start] in "[{"]
        opened = brackets[-1] if brackets else None
        return Failure(at, context.index if context else None, words, self.last, opened)

    def _add(self, code: str, start: int, end: int, message: str, mend: str) -> None:
        self._found(Finding(code, start, end, message, mend))

    def _found(self, finding: Finding) -> None:
        self.findings.append(finding)
        if len(self.findings) >= PROBLEMS:
            raise _Stop

    def _take(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        match event:
            case yaml.ScalarEvent():  # most are
                self._properties(event, start, end, collection=False)
                self._scalar(event, start, end)
            case yaml.DocumentStartEvent():
                self._begin(event, start, end)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._properties(event, start, end, collection=True)
                self._open(start, isinstance(event, yaml.MappingStartEvent), bool(event.flow_style))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(end)
            case yaml.AliasEvent():
                self._alias(start, end)

    def _begin(self, event: yaml.DocumentStartEvent, start: int, end: int) -> None:
        self.documents += 1
        if self.text.startswith("%", start):
            self._found(traps.directive(self.text, *rest_of_line(self.text, start)))
        if self.documents > 1:
            self._found(traps.second_document(start, end))
            raise _Stop

    def _properties(self, event: Any, start: int, end: int, *, collection: bool) -> None:
        """Refuse an anchor or a tag: on a value it is most often a formula without quotes."""
        if event.anchor is None and event.tag is None:
            return
        word = _WORD.match(self.text, start)
        assert word, "an anchor or a tag begins with its sign"
        known = collection or word[0].startswith(("!!", "!<"))
        if word[0][0] == "&":
            known = known or self._mentions(f"*{word[0][1:]}")
        if not known:
            end = start + len(self.text[start:end].split("\n")[0].rstrip())
            self._found(needs_quotes(self.text, start, end, word[0][0]))
            return
        code, name = ("yaml-anchor", "an anchor") if word[0][0] == "&" else ("yaml-tag", "a tag")
        message = f"{shown(word[0])} is {name} of YAML, which is not used here"
        self._add(code, start, word.end(), message, "take it out and write the value itself")

    def _mentions(self, word: str) -> bool:
        return bool(re.search(rf"(?<!\S){re.escape(word)}(?![^\s,\]}}])", self.text))

    def _alias(self, start: int, end: int) -> None:
        said = self.text[start:end]
        if self._mentions(f"&{said[1:]}"):
            message = f"{shown(said)} is an alias of YAML, which is not used here"
            self._add("yaml-alias", start, end, message, "write the value itself")
        else:
            self._found(needs_quotes(self.text, start, end, "*"))
        self._put(start, end, Scalar(self._span(start, end), said, False, self._in_flow()))

    def _scalar(self, event: yaml.ScalarEvent, start: int, end: int) -> None:
        said = self.text[start:end].rstrip()
        if not said:
            start = len(self.text[max(0, start - 1000) : start].rstrip()) + max(0, start - 1000)
        end = start + len(said)
        self.last = (start, end)
        if UNSAFE.search(event.value) or "\r" in event.value:
            message = f"{shown(said)} holds a character that cannot be seen"
            self._add("control-character", start, end, message, "take its escape out")
        if _DIGIT_HEADER.match(said) and event.style and not event.value.strip():
            self._found(needs_quotes(self.text, start, start + len(said.split("\n")[0]), said[0]))
        quoted = event.style in ('"', "'")
        if not quoted and self._in_flow():
            self._cut(event.value, start, end)
        self._put(start, end, Scalar(self._span(start, end), event.value, quoted, self._in_flow()))

    def _cut(self, value: str, start: int, end: int) -> None:
        """Refuse a text in a row whose brackets stay open: a comma has cut it in two."""
        if value.count("(") <= value.count(")"):
            return
        end = max(end, traps.closing(self.text, start))
        top = self.stack[-1]
        key = top.children[-1][2] if top.is_map and len(top.children) % 2 else None
        block = key.text if isinstance(key, Scalar) else ""
        self._found(needs_quotes(self.text, start, end, "comma", block=block))

    def _in_flow(self) -> bool:
        return bool(self.stack) and self.stack[-1].flow

    def _span(self, start: int, end: int) -> Span:
        return span_of(self.file, self.text, start, end)

    def _open(self, start: int, is_map: bool, flow: bool) -> None:
        if len(self.stack) >= LIMITS.yaml_depth:
            message = f"this is nested deeper than {LIMITS.yaml_depth} levels"
            self._add("too-deep", start, start + 1, message, "give the inner parts their own names")
            raise _Stop
        self.stack.append(_Open(start, flow, is_map, len(self.findings)))

    def _put(self, start: int, end: int, node: Node) -> None:
        self.nodes += 1
        if self.nodes > LIMITS.yaml_nodes:
            message = f"the file has more than {LIMITS.yaml_nodes:,} values"
            self._add("too-many-nodes", start, end, message, "put long tables into CSV files")
            raise _Stop
        if self.stack:
            self.stack[-1].children.append((start, end, node))
        else:
            self.root = node

    def _close(self, end: int) -> None:
        done = self.stack.pop()
        if not done.flow:
            end = done.children[-1][1]
        span = self._span(done.start, end)
        if done.is_map:
            entries = tuple(self._entries(done, end))
            self._put(done.start, end, Mapping(span, entries, done.flow))
            return
        items = tuple(node for _, _, node in done.children)
        match items:
            case [Scalar(text=text, quoted=False)] if done.flow and ".." in text:
                self._found(needs_quotes(self.text, done.start, end, "["))
        self._put(done.start, end, Sequence(span, items, done.flow))

    def _entries(self, done: _Open, end: int) -> Iterator[Entry]:
        """The entries of a map whose keys are texts, each with its colon, none standing twice."""
        said_already = len(self.findings) > done.findings_before
        if done.flow and self.text[done.start] != "{":
            self._found(needs_quotes(self.text, done.start, end, "colon"))
        seen = dict[str, int]()
        pairs = zip(done.children[::2], done.children[1::2], strict=True)
        for (start, stop, key), (_, _, value) in pairs:
            if done.flow and not _AFTER_KEY.match(self.text, stop):
                if not said_already:
                    cut = traps.cut_figure(self.text, start)
                    self._found(cut or needs_quotes(self.text, done.start, end, "{"))
                said_already = True
            elif isinstance(key, Scalar) and self._is_key(start, stop, key):
                if key.text not in seen:
                    seen[key.text] = start
                    yield Entry(key, value)
                    continue
                line = self._span(seen[key.text], seen[key.text]).line
                message = f"{shown(key.text)} stands twice, first on line {line}"
                mend = "keep one of the two, or give one another name"
                self._add("duplicate-key", start, stop, message, mend)
            elif not isinstance(key, Scalar):
                message = f"{shown(self.text[start:stop])} is no text, and only a text is a key"
                self._add("yaml-key", start, stop, message, _KEY_HELP)

    def _is_key(self, start: int, end: int, key: Scalar) -> bool:
        line_start = self.text.rfind("\n", 0, start) + 1
        explicit = _EXPLICIT.search(self.text[line_start:start])
        if explicit or not _AFTER_KEY.match(self.text, end):
            begin = line_start + explicit.start(1) if explicit else start
            self._found(needs_quotes(self.text, begin, end, "?"))
        elif key.text == "" and not key.quoted:
            self._add("yaml-key", end, end + 1, "a key is missing before this colon", _KEY_HELP)
        elif key.text == "<<" and not key.quoted:
            message = "`<<` merges maps in YAML, which is not used here"
            self._add("yaml-merge", start, end, message, "write the entries themselves")
        elif len(key.text) > KEY_LENGTH:
            message = f"{shown(key.text)} is longer than {KEY_LENGTH} characters"
            self._add("yaml-key", start, end, message, _KEY_HELP)
        else:
            return True
        return False
