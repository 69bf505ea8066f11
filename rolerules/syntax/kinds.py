# SPDX-License-Identifier: MIT
"""The kinds of shape that a construct is described with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs


@attrs.frozen(slots=True, eq=False, repr=False)
class Text:
    """Any one-line or block text; `words` are the only ones allowed, where there are any."""

    words: tuple[str, ...] = ()
    pattern: str = ""
    like: str = ""


@attrs.frozen(slots=True, eq=False, repr=False)
class Formula:
    """A formula, in block style; `any_amount` also takes `any money`, for what is only called."""

    any_amount: bool = False


@attrs.frozen(slots=True, eq=False, repr=False)
class Empty:
    """A key that stands alone, with nothing after its colon."""


@attrs.frozen(slots=True, eq=False, repr=False)
class Raw:
    """Anything, kept as it was written."""


@attrs.frozen(slots=True, eq=False, repr=False)
class Items:
    """A sequence, or (with `single`) one item written without brackets."""

    each: Shape
    single: bool = False


@attrs.frozen(slots=True, eq=False, repr=False)
class NamedItems:
    """A mapping whose keys are the author's names; `free` names are choices or ids."""

    each: Shape
    free: bool = False


@attrs.frozen(slots=True, eq=False, repr=False)
class Key:
    """One key of a record: the shape of what stands under it, and one line on what it says."""

    shape: Shape
    doc: str
    required: bool = False
    attr: str = ""


@attrs.frozen(slots=True, eq=False, repr=False)
class Record:
    """A mapping with known keys, built into `cls`.

    `dated` is the shape under `from DATE` keys; `rest` the shape under the author's own names;
    of the keys in `one_of` exactly one is there (`from DATE` stands for the dated ones).
    """

    cls: type[Any]
    keys: Mapping[str, Key]
    dated: Shape | None = None
    rest: Shape | None = None
    one_of: tuple[str, ...] = ()


@attrs.frozen(slots=True, eq=False, repr=False)
class Short:
    """A scalar that stands for a record with one key (`satisfied: yes/no`)."""

    record: Record
    key: str


@attrs.frozen(slots=True, eq=False, repr=False)
class Cell:
    """An output of a table: a formula, or a bare word where the table gives text."""


@attrs.frozen(slots=True, eq=False, repr=False)
class Cells:
    """A table row: `[cell, …, output]`."""


@attrs.frozen(slots=True, eq=False, repr=False)
class Edges:
    """The edges of a scale: `below X: …`, `from X: …`, in rising order."""


@attrs.frozen(slots=True, eq=False, repr=False)
class InFile:
    """What stands here or, where the name of a CSV file stands instead, in that file."""

    here: Items | Edges


@attrs.frozen(slots=True, eq=False, repr=False)
class Either:
    """What a node may be, by its kind; None where that kind is not allowed."""

    scalar: Shape | None = None
    mapping: Shape | None = None
    sequence: Shape | None = None


Shape = (
    Text
    | Formula
    | Empty
    | Raw
    | Items
    | NamedItems
    | Record
    | Short
    | Cell
    | Cells
    | Edges
    | InFile
    | Either
)
