# SPDX-License-Identifier: MIT
"""The canonical bytes of plain data: the same data gives the same bytes, everywhere and always.

JSON in UTF-8, without blanks, the keys of a map in the order of their code points, nothing
escaped that JSON lets stand. There are maps, lists, texts, whole numbers, true, false and null.
An amount is a text, exactly as it is written; a number with a point is refused.
"""

from __future__ import annotations

import json
from typing import Any


def canonical(value: Any) -> bytes:
    """Write plain data. Raises `TypeError` or `ValueError` for what is none."""
    _plain(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def parsed(data: bytes) -> Any:
    """Read what `canonical` wrote. Raises `ValueError` for any other bytes."""
    value = json.loads(data.decode())
    try:
        same = canonical(value) == data
    except TypeError:
        same = False
    if not same:
        raise ValueError("these are no canonical bytes")
    return value


def _plain(value: Any) -> None:
    kind = type(value)
    if kind is dict:
        for key, one in value.items():
            if type(key) is not str:
                raise TypeError(f"{key!r} is no text")
            _plain(one)
    elif kind is list or kind is tuple:
        for one in value:
            _plain(one)
    elif not (value is None or kind in (str, int, bool)):
        raise TypeError(f"{value!r} has no canonical form")
