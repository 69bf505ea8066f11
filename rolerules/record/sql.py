# SPDX-License-Identifier: MIT
"""Entries in PostgreSQL, through SQLAlchemy Core: one table, and one lock for whoever writes."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from typing import Any

from rolerules.problems import Problem, RolerulesError
from rolerules.record.database import AGAIN
from rolerules.record.entry import Row
from rolerules.record.store import Rows

try:
    import sqlalchemy
    from sqlalchemy import (
        BigInteger,
        Column,
        Connection,
        LargeBinary,
        MetaData,
        Table,
        Text,
        select,
    )
except ImportError:
    _MESSAGE = "a record in a database needs SQLAlchemy, which is not installed"
    _MEND = 'install it: `pip install "rolerules[sql]"`'
    raise RolerulesError([Problem("not-installed", _MESSAGE, help=_MEND)]) from None

_TABLE = Table(
    "rolerules_entries", MetaData(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False, index=True),
    Column("data", LargeBinary, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
)  # fmt: skip
_ABOUT = Table("rolerules_record", _TABLE.metadata, Column("record", Text, primary_key=True))
_LOCK = 0x526F_4C65
_STAY = """
CREATE OR REPLACE FUNCTION rolerules_entries_stay() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'an entry is never changed or removed'; END $$;
CREATE OR REPLACE TRIGGER rolerules_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE
ON rolerules_entries FOR EACH STATEMENT EXECUTE FUNCTION rolerules_entries_stay()
"""


class SqlStore:
    """Entries in the database at an address like `postgresql+psycopg://host/name`."""

    def __init__(self, address: str, *, create: bool = True) -> None:
        with _speaking():
            url = sqlalchemy.make_url(address)
            if url.drivername == "postgresql":
                url = url.set(drivername="postgresql+psycopg")
            if url.get_backend_name() != "postgresql":
                message = f"a record cannot stand in `{url.get_backend_name()}`"
                mend = "give a file, or an address that begins with `postgresql://`"
                raise RolerulesError([Problem("not-a-record", message, help=mend)])
            self._engine = sqlalchemy.create_engine(url, isolation_level="READ COMMITTED")
            if not sqlalchemy.inspect(self._engine).has_table(_TABLE.name):
                self._make(create)
            with self._engine.connect() as connection:
                self.id = str(connection.execute(select(_ABOUT)).scalar_one())

    def _make(self, create: bool) -> None:
        if not create:
            message = f"there is no table `{_TABLE.name}` in this database"
            raise RolerulesError([Problem("no-such-file", message, help="check the address")])
        with self._engine.begin() as connection:
            connection.execute(sqlalchemy.func.pg_advisory_xact_lock(_LOCK).select())
            _TABLE.metadata.create_all(connection)
            connection.execute(sqlalchemy.text(_STAY))
            if connection.execute(select(_ABOUT)).first() is None:
                connection.execute(_ABOUT.insert().values(record=secrets.token_hex(16)))

    @contextlib.contextmanager
    def reading(self) -> Iterator[Rows]:
        """Look at one state of the table."""
        with _speaking(), self._engine.connect() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ")
            yield _SqlRows(connection)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Rows]:
        """Let one writer in, of all that use the database; it is synced at the end.

        The lock is taken by a statement of its own: the next one sees what was written before.
        """
        with _speaking(), self._engine.begin() as connection:
            connection.execute(sqlalchemy.text("SET LOCAL synchronous_commit = on"))
            connection.execute(sqlalchemy.func.pg_advisory_xact_lock(_LOCK).select())
            yield _SqlRows(connection)


class _SqlRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last(self) -> Row | None:
        return self._one(select(_TABLE).order_by(_TABLE.c.number.desc()).limit(1))

    def of(self, subject: str, after: int = 0) -> Iterator[Row]:
        where = select(_TABLE).where(_TABLE.c.subject == subject, _TABLE.c.number > after)
        return self._rows(where.order_by(_TABLE.c.number))

    def after(self, number: int, most: int) -> list[Row]:
        where = select(_TABLE).where(_TABLE.c.number > number)
        return list(self._rows(where.order_by(_TABLE.c.number).limit(most)))

    def at(self, number: int) -> Row | None:
        return self._one(select(_TABLE).where(_TABLE.c.number == number))

    def _rows(self, query: Any) -> Iterator[Row]:
        found = self._connection.execute(query)
        return (Row(number, subject, bytes(data), hash_) for number, subject, data, hash_ in found)

    def _one(self, query: Any) -> Row | None:
        found = self._connection.execute(query).one_or_none()
        return Row(found[0], found[1], bytes(found[2]), found[3]) if found else None

    def add(self, row: Row) -> None:
        self._connection.execute(
            _TABLE.insert().values(number=row.number, subject=row.subject, data=row.data, hash=row.hash)
        )  # fmt: skip


@contextlib.contextmanager
def _speaking() -> Iterator[None]:
    """Make a problem of what the database reports; its address may hold a password."""
    try:
        yield
    except ModuleNotFoundError:
        message = "this address needs a driver, which is not installed"
        mend = 'install it: `pip install "rolerules[sql]"`'
        raise RolerulesError([Problem("not-installed", message, help=mend)]) from None
    except sqlalchemy.exc.SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or type(error).__name__).split("\n")[0].strip()
        message = f"the database cannot be used: {said}"
        mend = f"check it; {AGAIN}"
        raise RolerulesError([Problem("record-file", message, help=mend)]) from None
