# SPDX-License-Identifier: MIT
"""A SQLite file of ours: opened once for each process and thread, synced before a call returns.

It keeps a rollback journal, not a write-ahead log: at rest it is one file, which can be copied,
and no version of SQLite is known to damage it when several processes write
(docs/decisions/record_files.md). `synchronous=EXTRA` syncs the file, and the folder once the
journal is gone, before a transaction counts as done.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from rolerules.problems import Problem, RolerulesError

_ID = re.compile("[0-9a-f]{32}")
WAIT_SECONDS = 60
"""How long a process waits for another one that writes."""
SETTINGS = ("journal_mode = DELETE", "synchronous = EXTRA", "secure_delete = ON", "trusted_schema = OFF")  # fmt: skip
AGAIN = "then look whether it was recorded: an event with an id can be given again, and counts once"
"""An error in the last moment leaves open whether all is on the disk, yet never half of it."""
_MENDS = {
    "SQLITE_FULL": f"make room on its disk; {AGAIN}",
    "SQLITE_BUSY": "another program holds it: try again when that has ended",
    "SQLITE_READONLY": "check the rights to it and to its folder",
    "SQLITE_CANTOPEN": "check the path, and the rights to its folder",
}


def about(record: str) -> str:
    """Statements for a schema: the id of the record that the file is, or belongs to."""
    return f"CREATE TABLE about (record TEXT NOT NULL);\nINSERT INTO about VALUES ('{record}')"


class Database:
    """A SQLite file with a schema and a mark of its own."""

    def __init__(self, path: Path, schema: str, mark: int, *, create: bool) -> None:
        self.path, self._schema, self._mark = path, schema, mark
        self._local, self._lock = threading.local(), threading.RLock()
        if not create and not path.is_file():
            message = f"there is no file `{path}`"
            raise RolerulesError([Problem("no-such-file", message, help="check the path")])
        with self.speaking():
            if create and not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._found(self.connection(), create)

    def _found(self, connection: sqlite3.Connection, create: bool) -> None:
        """Make the tables of a new file. Raises `RolerulesError` for a file that is not ours."""
        if self._is_marked(connection):
            return
        with self.writing():
            if self._is_marked(connection):  # by another process, just now
                return
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            if tables or not create:
                raise self._foreign()
            for statement in self._schema.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {self._mark}")

    def id(self) -> str:
        """The id of the record. Raises `RolerulesError` where it is none."""
        with self.reading() as connection:
            found = connection.execute("SELECT record FROM about").fetchall()
        if len(found) != 1 or not _ID.fullmatch(str(found[0][0])):
            raise self._foreign()
        return str(found[0][0])

    def _is_marked(self, connection: sqlite3.Connection) -> bool:
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        return bool(mark == self._mark)

    def _foreign(self) -> RolerulesError:
        mend = "name the file of a record, or of its keys, whichever is asked for"
        message = f"`{self.path}` is another kind of file"
        return RolerulesError([Problem("not-a-record", message, help=mend)])

    def connection(self) -> sqlite3.Connection:
        """This thread's connection; one that came here by a fork is left alone."""
        pid, connection = getattr(self._local, "opened", (None, None))
        if connection is None or pid != os.getpid():
            if connection is not None:  # SQLite's are neither used nor closed after a fork
                self._local.left = (*getattr(self._local, "left", ()), connection)
            connection = sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None)
            for setting in SETTINGS:
                connection.execute(f"PRAGMA {setting}")
            self._local.opened = os.getpid(), connection
        assert isinstance(connection, sqlite3.Connection)
        return connection

    def close(self) -> None:
        """Close this thread's connection, if it has one."""
        pid, connection = getattr(self._local, "opened", (None, None))
        if connection is not None and pid == os.getpid():
            connection.close()
        self._local.opened = (None, None)

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Let one writer in at a time; what it wrote is synced at the end, or not there at all."""
        with self._lock, self.speaking():
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Look at one state of the file, whatever others write meanwhile."""
        with self.speaking():
            connection = self.connection()
            inside = connection.in_transaction
            if not inside:
                connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if not inside and connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def speaking(self) -> Iterator[None]:
        """Make a problem of what SQLite reports, and start with a new connection next time."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            with contextlib.suppress(sqlite3.Error):
                self.close()
            raise self._unusable(error) from None

    def _unusable(self, error: sqlite3.Error | OSError) -> RolerulesError:
        name = str(getattr(error, "sqlite_errorname", "") or "")
        if name == "SQLITE_NOTADB":
            return self._foreign()
        said = error.strerror if isinstance(error, OSError) else str(error)
        known = next((mend for word, mend in _MENDS.items() if name.startswith(word)), "")
        mend = known or f"check its disk; {AGAIN}"
        message = f"`{self.path}` cannot be used: {said or 'no reason given'}"
        return RolerulesError([Problem("record-file", message, help=mend)])
