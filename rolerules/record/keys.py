# SPDX-License-Identifier: MIT
"""The key of each person, in a file of its own: whoever loses it loses the person's entries.

What is sealed is compressed, then encrypted by AES-256-GCM under the person's key, with a nonce
drawn by lot; the open part of its entry is authenticated with it. The token that stands in the
record for the person is drawn by lot too, and only this file says whose it is.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from rolerules.problems import InternalError, Problem, RolerulesError
from rolerules.record.canonical import canonical, parsed
from rolerules.record.database import Database, about

_SCHEMA = """
CREATE TABLE keys (subject TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, secret BLOB NOT NULL)"""
_MARK = 0x526F_4C6B
_NONCE = 12
MOST_SEALED = 64_000_000
"""Bytes of one entry after decompression: far more than a person's facts take."""


@attrs.frozen(slots=True, repr=False)
class Key:
    """A person's key, and the token that stands in the record for the person."""

    subject: str
    token: str
    _secret: bytes

    def sealed(self, header: Mapping[str, Any], body: Any) -> str:
        """Encrypt plain data for the entry with this header."""
        nonce = secrets.token_bytes(_NONCE)
        packed = zlib.compress(canonical(body), 9)
        hidden = _cipher(self._secret).encrypt(nonce, packed, self._beside(header))
        return base64.b64encode(nonce + hidden).decode()

    def _beside(self, header: Mapping[str, Any]) -> bytes:
        """What is authenticated with it: the open part, and whose key it is."""
        return canonical({**header, "person": self.subject})

    def opened(self, header: Mapping[str, Any], sealed: str) -> Any:
        """Decrypt what an entry with this header holds. Raises `RolerulesError`."""
        unpacking = zlib.decompressobj()
        body = unpacking.decompress(self.decrypted(header, sealed), MOST_SEALED)
        if not unpacking.eof:
            raise InternalError("an entry is larger than any that is written")
        return parsed(body)

    def decrypted(self, header: Mapping[str, Any], sealed: str) -> bytes:
        """What an entry holds, still packed; it is what was written. Raises `RolerulesError`."""
        from cryptography.exceptions import InvalidTag

        try:
            data = base64.b64decode(sealed, validate=True)
            packed: bytes = _cipher(self._secret).decrypt(
                data[:_NONCE], data[_NONCE:], self._beside(header)
            )
        except (InvalidTag, TypeError, ValueError, binascii.Error):
            message = f"entry {header['number']} cannot be read with the key of its person"
            mend = "name the file of keys that belongs to this record"
            raise RolerulesError([Problem("key-missing", message, help=mend)]) from None
        return packed


def _cipher(secret: bytes) -> Any:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError:
        message = "the record needs the package `cryptography`, which is not installed"
        mend = 'install it: `pip install "rolerules[record]"`'
        raise RolerulesError([Problem("not-installed", message, help=mend)]) from None
    return AESGCM(secret)


class KeyFile:
    """The keys of all people in a SQLite file that only its owner can read.

    It belongs to one record, by whose id it is known. Raises `RolerulesError` for another one's.
    """

    def __init__(self, path: Path, record: str, *, create: bool = True) -> None:
        self.path = path
        self._database = Database(path, f"{_SCHEMA};\n{about(record)}", _MARK, create=create)
        if self._database.id() != record:
            message = f"`{path}` holds the keys of another record"
            mend = "name the file of keys that belongs to this record"
            raise RolerulesError([Problem("key-missing", message, help=mend)])

    def of(self, subject: str) -> Key | None:
        """The key of a person; None where there is none, or none any more."""
        return self._one("subject", subject)

    def of_token(self, token: str) -> Key | None:
        """The key of the person whom a token stands for."""
        return self._one("token", token)

    def token(self, subject: str) -> str | None:
        """The token that stands for a person, whatever became of the key; None where there is none."""
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT token FROM keys WHERE subject = ?", (subject,)
            ).fetchone()
        return str(found[0]) if found else None

    def _one(self, column: str, value: str) -> Key | None:
        with self._database.reading() as connection:
            query = f"SELECT subject, token, secret FROM keys WHERE {column} = ?"
            found = connection.execute(query, (value,)).fetchone()
        return self._key(*found) if found else None

    def _key(self, subject: object, token: object, secret: object) -> Key:
        if isinstance(subject, str) and isinstance(token, str) and isinstance(secret, bytes):
            return Key(subject, token, secret)
        message = f"a key in `{self.path}` is not what was written"
        mend = "put the file of keys back from its backup"
        raise RolerulesError([Problem("key-missing", message, help=mend)])

    def made(self, subject: str) -> Key:
        """The key of a person, made now where there is none; it is synced before this returns."""
        found = self.of(subject)
        if found is not None:
            return found
        made = Key(subject, secrets.token_hex(16), secrets.token_bytes(32))
        _cipher(made._secret)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO keys VALUES (?, ?, ?) ON CONFLICT (subject) DO NOTHING",
                (made.subject, made.token, made._secret),
            )
        return self.of(subject) or self.made(subject)  # again, where it was just erased

    def subjects(self) -> tuple[str, ...]:
        """Everybody who has a key, in order."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT subject FROM keys ORDER BY subject").fetchall()
        return tuple(subject for (subject,) in found)

    def all(self) -> dict[str, Key]:
        """The key of everybody, by the token."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT subject, token, secret FROM keys").fetchall()
        keys = [self._key(*one) for one in found]
        return {key.token: key for key in keys}

    def destroy(self, subject: str) -> None:
        """Destroy the key of a person, and whose it was; its bytes are overwritten."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM keys WHERE subject = ?", (subject,))
