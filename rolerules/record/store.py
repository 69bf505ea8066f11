# SPDX-License-Identifier: MIT
"""Where entries are kept: the protocol of a store, and the SQLite file that is used by default."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from rolerules.record.database import Database, about
from rolerules.record.entry import Row


class Rows(Protocol):
    """The entries, seen in one state of the store."""

    def last(self) -> Row | None:
        """The entry with the highest number."""

    def of(self, subject: str, after: int = 0) -> Iterator[Row]:
        """A subject's entries with a number above `after`, by number."""

    def after(self, number: int, most: int) -> list[Row]:
        """The entries with a number above that one, by number, at most so many."""

    def at(self, number: int) -> Row | None:
        """The entry of a number."""

    def add(self, row: Row) -> None:
        """Add an entry; only while writing."""


class Store(Protocol):
    """Keeps rows, and never changes one."""

    id: str
    """Drawn by lot when it was made: 32 hexadecimal digits, which the file of its keys holds too."""

    def reading(self) -> AbstractContextManager[Rows]:
        """Look at one state, whatever others write meanwhile."""

    def writing(self) -> AbstractContextManager[Rows]:
        """Let one writer in at a time, of all processes and threads.

        When it ends without an error, what was added is on the disk. Where what is done inside
        fails, nothing of it is there. Raises `RolerulesError` where the store itself fails: then
        all of it is there, or nothing.
        """


_SCHEMA = """
CREATE TABLE entries (
  number INTEGER PRIMARY KEY, subject TEXT NOT NULL, data BLOB NOT NULL, hash TEXT NOT NULL UNIQUE
);
CREATE INDEX entries_of_subject ON entries (subject, number);
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
  BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entries_remain BEFORE DELETE ON entries
  BEGIN SELECT RAISE(ABORT, 'an entry is never removed'); END"""
_MARK = 0x526F_4C65
_FIELDS = "SELECT number, subject, data, hash FROM entries"


class SqliteStore:
    """Entries in a SQLite file."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        made = f"{_SCHEMA};\n{about(secrets.token_hex(16))}"
        self._database = Database(path, made, _MARK, create=create)
        self.id = self._database.id()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Rows]:
        """Look at one state of the file."""
        with self._database.reading() as connection:
            yield _SqliteRows(connection)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Rows]:
        """Let one writer in; the file is synced at the end."""
        with self._database.writing() as connection:
            yield _SqliteRows(connection)


class _SqliteRows:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def last(self) -> Row | None:
        return self._one(f"{_FIELDS} ORDER BY number DESC LIMIT 1")

    def of(self, subject: str, after: int = 0) -> Iterator[Row]:
        where = f"{_FIELDS} WHERE subject = ? AND number > ? ORDER BY number"
        return (Row(*found) for found in self._connection.execute(where, (subject, after)))

    def after(self, number: int, most: int) -> list[Row]:
        where = f"{_FIELDS} WHERE number > ? ORDER BY number LIMIT ?"
        return [Row(*found) for found in self._connection.execute(where, (number, most))]

    def at(self, number: int) -> Row | None:
        return self._one(f"{_FIELDS} WHERE number = ?", number)

    def _one(self, query: str, *given: int) -> Row | None:
        found = self._connection.execute(query, given).fetchone()
        return Row(*found) if found else None

    def add(self, row: Row) -> None:
        self._connection.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?)", (row.number, row.subject, row.data, row.hash)
        )
