# SPDX-License-Identifier: MIT
"""An entry of the record: its canonical bytes, and the hash that the next one holds.

What an entry says of a person stands in `sealed`, encrypted; `subject` is then a token drawn by
lot. Only ruleset texts and erasures stand there in the open, in `open`. `previous` is the hash of
the entry before: SHA-256 over its bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import attrs

from rolerules.problems import Problem, RolerulesError
from rolerules.record.canonical import canonical, parsed

RULES = "rules"
"""The subject of entries that hold a ruleset's text."""
FIRST = "0" * 64
"""What the first entry has for the hash of the one before."""
_KEYS = ({"number", "at", "subject", "previous", "sealed"}, {"number", "at", "subject", "previous", "open"})  # fmt: skip


@attrs.frozen(slots=True)
class Row:
    """An entry as it is stored: its bytes, and beside them what it is looked up by."""

    number: int
    subject: str
    data: bytes
    hash: str

    @classmethod
    def of(cls, header: Mapping[str, Any], **body: Any) -> Row:
        """Make the row of a header with its body, `sealed` or `open`."""
        data = canonical({**header, **body})
        return cls(header["number"], header["subject"], data, digest_of(data))

    def read(self) -> dict[str, Any]:
        """The entry's parts. Raises `RolerulesError` where it is not what was written."""
        try:
            value = parsed(self.data)
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise RolerulesError([_not_written(self)]) from None
        good = (
            isinstance(value, dict) and set(value) in _KEYS
            and isinstance(value.get("open", {}), dict)
            and (value["number"], value["subject"]) == (self.number, self.subject)
        )  # fmt: skip
        if not good or digest_of(self.data) != self.hash:
            raise RolerulesError([_not_written(self)])
        assert isinstance(value, dict)
        return value


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def header(last: Row | None, at: str, subject: str) -> dict[str, Any]:
    """The open part of the entry that follows the last one."""
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
    return {"number": number, "at": at, "subject": subject, "previous": previous}


def wrong(row: Row, last: Row | None) -> Problem | None:
    """What is wrong with an entry that follows the last one; None where nothing is."""
    expected = last.number + 1 if last else 1
    if row.number != expected:
        message = f"entry {expected} is missing: entry {row.number} follows {expected - 1}"
        return Problem("entry-missing", message, help=MEND, path=f"entry {expected}")
    try:
        follows = row.read()["previous"] == (last.hash if last else FIRST)
    except RolerulesError as error:
        return error.problems[0]
    return None if follows else _not_written(row)


def unlinked(row: Row, last: Row | None) -> Problem | None:
    """As `wrong`, by the bytes alone: quick enough to be done before each thing that is written."""
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
    if row.number != number:
        return wrong(row, last)
    data, parts = row.data, (
        f'"previous":"{previous}"', f'"number":{number},', f'"subject":"{row.subject}"',
    )  # fmt: skip
    whole = (
        isinstance(data, bytes) and digest_of(data) == row.hash
        and all(part.encode() in data for part in parts)
    )  # fmt: skip
    return None if whole else _not_written(row)


def _not_written(row: Row) -> Problem:
    message = f"entry {row.number} is not what was written"
    return Problem("entry-changed", message, help=MEND, path=f"entry {row.number}")


MEND = "put the record back from a backup; what was added since then is given again"
