# SPDX-License-Identifier: MIT
"""What columns belong to: the cases, or the items of a list in all cases.

Results that are used more than once are kept as columns. They wait, by how they hang on each
other, until somebody needs the frame itself.
"""

from __future__ import annotations

import attrs
import polars as pl

from rolerules.engines.columnar.needs import EMPTY, FIRST_NAME, MOST_NAMES, Needs
from rolerules.engines.results import Unknown

_FEW = 50_000


class UnsupportedError(Exception):
    """A step is not worked out over columns: the cases take the exact path."""


@attrs.frozen(slots=True)
class Names:
    """The bits that stand for the names of what is waited for."""

    bits: dict[str, int] = attrs.field(factory=dict)

    def bit(self, name: str) -> int:
        """The bit of a name."""
        if name not in self.bits:
            if len(self.bits) >= MOST_NAMES - FIRST_NAME:
                raise UnsupportedError("names")
            self.bits[name] = 1 << (len(self.bits) + FIRST_NAME)
        return self.bits[name]

    def of(self, unknown: Unknown) -> Needs:
        """What an unknown result waits for."""
        bits = 0 if unknown.failure or unknown.needs else EMPTY
        for name in unknown.needs:
            bits |= self.bit(name)
        return Needs(bits, unknown.failure is not None)


def collected(lazy: pl.LazyFrame, rows: int) -> pl.DataFrame:
    """Work a frame of so many rows out.

    Many in pieces that stay in the processor's caches, which halves the time; it doubles that of few.
    """
    return lazy.collect(engine="streaming" if rows > _FEW else "in-memory")


@attrs.define(eq=False)
class Rows:
    """A frame; for items the rows they belong to, and how many items each of those has."""

    frame: pl.DataFrame
    names: Names = attrs.field(factory=Names)
    parent: Rows | None = None
    lengths: pl.Series = attrs.field(factory=pl.Series)
    count: int = 0
    _waiting: list[list[pl.Expr]] = attrs.field(factory=list)
    _levels: dict[str, int] = attrs.field(factory=dict)
    _places: pl.Series | None = None

    def inside(self, frame: pl.DataFrame, lengths: pl.Series, count: int = 0) -> Rows:
        """Items that belong to these rows, so many to each."""
        return Rows(frame, self.names, self, lengths, count)

    def keep(self, expr: pl.Expr) -> pl.Expr:
        """Keep an expression as a column; give that column, which it may be already."""
        roots = expr.meta.root_names()
        if not roots or expr.meta.is_column():
            return expr
        level = max((self._levels.get(name, -1) for name in roots), default=-1) + 1
        if level == len(self._waiting):
            self._waiting.append([])
        name = self._name()
        self._waiting[level].append(expr.alias(name))
        self._levels[name] = level
        return pl.col(name)

    def kept(self, needs: Needs) -> Needs:
        """Keep what is waited for."""
        waits, fails = needs.waits, needs.fails
        if isinstance(waits, pl.Expr):
            waits = self.keep(waits)
        if isinstance(fails, pl.Expr):
            fails = self.keep(fails)
        same = waits is needs.waits and fails is needs.fails
        return needs if same else Needs(waits, fails, needs.sure)

    def add(self, series: pl.Series) -> pl.Expr:
        """Add a column that is there already."""
        name = self._name()
        self.settle()
        self.frame = self.frame.with_columns(series.alias(name))
        return pl.col(name)

    def _name(self) -> str:
        self.count += 1
        return f"#{self.count}"

    @property
    def stages(self) -> tuple[tuple[pl.Expr, ...], ...]:
        """What is kept and not worked out yet, by how it hangs on each other."""
        return tuple(map(tuple, self._waiting))

    def waiting(self) -> pl.LazyFrame:
        """The frame with all that is kept, not worked out yet."""
        lazy = self.frame.lazy()
        for stage in self._waiting:
            lazy = lazy.with_columns(stage)
        return lazy

    def settle(self) -> None:
        """Work out all that is kept."""
        if self._waiting:
            self.frame = collected(self.waiting(), self.frame.height)
            self._waiting, self._levels = [], {}

    def series(self, expr: pl.Expr) -> pl.Series:
        """An expression's values."""
        self.settle()
        return self.frame.select(expr.alias("")).to_series() if _varies(expr) else self._same(expr)

    def _same(self, expr: pl.Expr) -> pl.Series:
        """The values of an expression that is the same in every row."""
        value = pl.select(expr.alias("")).to_series()
        return value.new_from_index(0, self.frame.height)

    def places(self) -> pl.Series:
        """For each item the place of the row that it belongs to."""
        assert self.parent is not None
        if self._places is None:
            rows = pl.DataFrame({"n": self.lengths}).select(
                pl.int_range(pl.len(), dtype=pl.UInt32)
                .repeat_by("n")
                .explode(empty_as_null=False, keep_nulls=False)
            )
            self._places = rows.to_series()
        return self._places

    def some(self, frame: pl.DataFrame, lengths: pl.Series) -> Rows:
        """Some of the items, whose columns have the same names."""
        return Rows(frame, self.names, self.parent, lengths, count=self.count)

    def ends(self) -> pl.Series:
        """For each row of the parent the place after its last item."""
        return self.lengths.cast(pl.Int64).cum_sum()


def _varies(expr: pl.Expr) -> bool:
    return bool(expr.meta.root_names())
