# SPDX-License-Identifier: MIT
"""Read a case: facts from JSON or YAML, alone or in an envelope with a date and an opening."""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from rolerules.cli.exact_json import parse
from rolerules.cli.files import STDIN, read_data, shown_name
from rolerules.limits import LIMITS
from rolerules.problems import FactError, Problem, RolerulesError, closest, nearest
from rolerules.text import tree
from rolerules.text.reader import read_bytes
from rolerules.text.tree import Document, Scalar, plain, problem_at

KEYS = ("as_of", "as of", "facts", "id", "opening")
"""What stands in an envelope, which is recognised by a map under `facts`."""

LIKE = 'write facts by their names: `{"grade": "M2"}` in JSON, `grade: M2` in YAML'
OF_KEYS = ("missing-key", "unknown-fact", "unknown-key")
"""Problems that mean a key, not the value under it."""
_STEP = re.compile(r"\[([0-9]+)\]|([^.\[\]]+)")


@attrs.frozen(slots=True)
class Case:
    """One case as given; the document is there for a YAML file, to find places in it."""

    facts: Mapping[str, Any]
    as_of: Any = None
    opening: Any = None
    id: str | int | None = None
    document: Document | None = None

    def placed(self, problems: Iterable[Problem]) -> list[Problem]:
        """Give each problem its place in the YAML file, where it has one there."""
        document = self.document
        if document is None or document.root is None:
            return list(problems)
        return [_placed(problem, document, document.root) for problem in problems]

    @contextlib.contextmanager
    def placing(self) -> Iterator[None]:
        """Give the problems of what is refused inside their places in the file."""
        try:
            yield
        except FactError as error:
            raise FactError(self.placed(error.problems)) from None

    def decided_on(self, as_of: datetime.date | None) -> Any:
        """The as-of date: what the command line says, else the file.

        Raises `RolerulesError` where neither says one: there is no clock.
        """
        day = self.as_of if as_of is None else as_of
        if day is None:
            mend = "say the period's last day: `--as-of 2026-09-30`, or `as_of` beside `facts`"
            message = "no as-of date is given, and today is never taken for it"
            raise RolerulesError([Problem("as-of-missing", message, help=mend)])
        return day

    def opened_with(self, status: str | None) -> Any:
        """The opening, with the status that the command line says; `since` is that of the file's."""
        if status is None:
            return self.opening
        rest = dict(self.opening) if isinstance(self.opening, Mapping) else {}
        if rest.get("status") != status:
            rest.pop("since", None)
        return {**rest, "status": status}


def read_case(name: str) -> Case:
    """Read a facts file, or stdin for `-`: JSON by its name or its first sign, else YAML.

    Raises `RolerulesError` with every problem of the file.
    """
    data = read_data(name, LIMITS.facts_bytes)
    file = shown_name(name)
    if not data.strip():
        raise RolerulesError([Problem("facts-shape", f"`{file}` says nothing", help=LIKE)])
    if is_json(name, data):
        return of_value(parse(decoded(data, file), file), file)
    document = read_bytes(data, file)
    if document.problems or document.root is None:
        raise RolerulesError(document.problems)
    return of_value(plain(document.root), file, document)


def is_json(name: str, data: bytes) -> bool:
    """Whether a file is read as JSON."""
    if name != STDIN and name.casefold().endswith((".json", ".yaml", ".yml")):
        return name.casefold().endswith(".json")
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def is_lines(name: str) -> bool:
    """Whether a file has one case a line, by its name."""
    return name.casefold().endswith((".jsonl", ".ndjson"))


def decoded(data: bytes, file: str) -> str:
    """Read UTF-8 within the limit. Raises `RolerulesError`."""
    if len(data) > LIMITS.facts_bytes:
        message = f"`{file}` is larger than {LIMITS.facts_bytes:,} bytes"
        mend = "give many cases as JSON Lines, one case a line"
        raise RolerulesError([Problem("file-too-large", message, help=mend)])
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"`{file}` is no UTF-8 text: byte {data[error.start]:#04x} on line {line}"
        mend = "save the file with the encoding UTF-8"
        raise RolerulesError([Problem("not-utf8", message, help=mend)]) from None


def of_value(value: Any, file: str, document: Document | None = None) -> Case:
    """See a value as a case. Raises `RolerulesError` for what is neither facts nor envelope."""
    if not isinstance(value, Mapping):
        raise RolerulesError([Problem("facts-shape", f"`{file}` holds no map of facts", help=LIKE)])
    if not isinstance(value.get("facts"), Mapping):
        bare = Case(value, document=document)
        if problem := _no_envelope(value):
            raise RolerulesError(bare.placed([problem]))
        return bare
    days = [value[key] for key in ("as_of", "as of") if value.get(key) is not None]
    case = Case(
        value["facts"], days[0] if days else None, value.get("opening"), value.get("id"), document
    )
    problems = [
        Problem("unknown-key", f"`{key}` cannot stand beside `facts`", help=nearest(key, KEYS), path=key)
        for key in value if key not in KEYS
    ]  # fmt: skip
    if len(days) == 2:
        message = "`as_of` and `as of` exclude each other"
        problems.append(Problem("one-of", message, help="keep one of the two", path="as of"))
    if not isinstance(case.id, str | int | None) or isinstance(case.id, bool):
        message = "an `id` is a text or a whole number"
        problems.append(Problem("wrong-type", message, help='write it like "E-1001"', path="id"))
    if problems:
        raise RolerulesError(case.placed(problems))
    return case


def _no_envelope(value: Mapping[str, Any]) -> Problem | None:
    """Why a map that has keys of an envelope, and no facts in it, is none."""
    beside = next((key for key in KEYS if key in value), None)
    meant = [key for key in value if isinstance(value[key], Mapping) and key not in KEYS]
    near = next((key for key in meant if closest(key, ["facts"])), None)
    if beside and near:
        message = f"`{near}` cannot stand beside `{beside}`"
        return Problem("unknown-key", message, help="did you mean `facts`?", path=near)
    if beside not in ("as_of", "as of"):  # no fact can have this name
        return None
    if "facts" in value:
        return Problem("facts-shape", "`facts` holds no map of facts", help=LIKE, path="facts")
    message = f"`facts` is missing beside `{beside}`"
    return Problem("missing-key", message, help="put all facts below `facts:`", path=beside)


def _placed(problem: Problem, document: Document, root: tree.Node) -> Problem:
    if problem.place or not problem.path:
        return problem
    facts = _entry(root, "facts")
    inside = facts.value if facts and isinstance(facts.value, tree.Mapping) else root
    for start in (inside, root):
        found = _find(start, problem.path, key=problem.code in OF_KEYS)
        if found is not None:
            placed = problem_at(document, found.span, problem.code, problem.message, problem.help)
            return attrs.evolve(placed, path=problem.path)
    return problem


def _find(node: tree.Node, path: str, *, key: bool) -> tree.Node | None:
    """The value at a path like `key_accounts[2].sales`; its key where that is what is meant."""
    found, last = node, node
    for item, word in [("", path)] if _entry(node, path) else _STEP.findall(path):
        if item:
            items = found.items if isinstance(found, tree.Sequence) else ()
            if int(item) > len(items):
                return None
            found = last = items[int(item) - 1]
        else:
            entry = _entry(found, word)
            if entry is None:
                return None
            found, last = entry.value, entry.key
    empty = isinstance(found, Scalar) and not found.text
    return last if key or empty else found


def _entry(node: tree.Node, key: str) -> tree.Entry | None:
    entries = node.entries if isinstance(node, tree.Mapping) else ()
    return next((one for one in entries if one.key.text in (key, key.replace("_", " "))), None)
