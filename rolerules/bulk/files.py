# SPDX-License-Identifier: MIT
"""Files of tables: Parquet, CSV and Arrow, read and written by batches in constant memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import polars as pl
from polars.io.plugins import register_io_source

from rolerules.bulk.arrive import unique
from rolerules.bulk.csv_file import look_over
from rolerules.bulk.days import as_text
from rolerules.bulk.table import Batches, Decided
from rolerules.problems import Problem, RolerulesError, one_of

_BATCH = 98_304
"""Rows decided at once: fewer cost time, more cost memory."""
FORMATS = {
    ".parquet": "Parquet", ".pq": "Parquet", ".csv": "CSV", ".tsv": "CSV",
    ".arrow": "Arrow", ".ipc": "Arrow", ".feather": "Arrow",
}  # fmt: skip
_SHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")
_FAULTS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
"""What Polars raises for a file that it cannot read or write."""
_STREAM = b"\xff\xff\xff\xff"
"""How Arrow data begins that is written as a stream."""
_OS_ERROR = re.compile(r" \(os error \d+\)")
Seen = Callable[[pl.DataFrame, Decided], None]


@attrs.frozen(slots=True)
class Source:
    """A file of a table: its columns with their kinds, and how many rows it has."""

    path: Path
    frame: pl.LazyFrame
    schema: Mapping[str, Any]
    rows: int

    def batches(self) -> Iterator[pl.DataFrame]:
        """All rows in their order. Raises `RolerulesError` where the file cannot be read on."""
        read = 0
        try:
            for batch in self.frame.collect_batches(chunk_size=_BATCH, maintain_order=True):
                read += batch.height
                yield batch
        except _FAULTS as error:
            raise _unreadable(self.path, error) from None
        if read != self.rows:
            raise _unreadable(self.path, f"{read:,} of {self.rows:,} rows were found")


def format_of(path: Path) -> str:
    """The format of a file by its suffix. Raises `RolerulesError` for any other."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        message = f"`{path}` is no table by its name"
        mend = f"let its name end in one of {one_of(list(FORMATS))}"
        if path.suffix.lower() in _SHEETS:
            message, mend = f"`{path}` is a spreadsheet", "save the sheet as `CSV UTF-8`"
        raise _refusal("table-file", message, mend)
    return found


def open_table(path: Path) -> Source:
    """Open a file of a table; every column of a CSV file is text. Raises `RolerulesError`."""
    kind = format_of(path)
    try:
        with open(path, "rb") as file:
            begins = file.read(len(_STREAM))
    except OSError as error:
        message = f"`{path}` cannot be read: {error.strerror or 'no reason given'}"
        mend = "give a file" if isinstance(error, IsADirectoryError) else "check the path"
        raise _refusal("no-such-file", message, mend) from None
    if not begins and kind != "CSV":
        raise _refusal(
            "table-file", f"`{path}` is empty", "give a file with its columns, rows or none"
        )
    if begins == _STREAM and kind == "Arrow":
        message = f"`{path}` holds Arrow data as a stream, not as a file"
        mend = "write it as a file, `pyarrow.ipc.new_file`, or as Parquet"
        raise _refusal("table-file", message, mend)
    try:
        found = _csv(path) if kind == "CSV" else _columnar(path, kind)
    except _FAULTS as error:
        raise _unreadable(path, error) from None
    if not found.schema:
        raise _refusal("table-shape", f"`{path}` has no columns", "give a column for each fact")
    return found


def _csv(path: Path) -> Source:
    lines = look_over(path)
    unique(lines.header)
    frame = pl.scan_csv(
        path, separator=lines.separator, schema=dict.fromkeys(lines.header, pl.String), glob=False
    )
    # Empty lines at the end are no rows, and a cell with nothing in it is unknown, quoted or not.
    frame = frame.head(lines.rows).select(pl.when(pl.all() != "").then(pl.all()))
    return Source(path, frame, frame.collect_schema(), lines.rows)


def _columnar(path: Path, kind: str) -> Source:
    frame = (pl.scan_parquet if kind == "Parquet" else pl.scan_ipc)(path, glob=False)
    return Source(path, frame, frame.collect_schema(), frame.select(pl.len()).collect().item())


def run(batches: Batches, source: Source, target: Path, kind: str, seen: Seen) -> None:
    """Decide a file's rows into another file of a kind; `seen` is told of every batch.

    Polars reads ahead and writes behind on threads of its own. Raises `RolerulesError` for a
    file that cannot be read on, `OSError` where the other cannot be written, and `Stopped`
    where the batches are to stop.
    """
    failures: list[BaseException] = []

    def results(*_: object) -> Iterator[pl.DataFrame]:
        try:
            for given in source.batches():
                decided = batches.decide(given)
                seen(given, decided)
                yield as_written(decided.frame, kind)
        except GeneratorExit:  # Polars wants no more of it, and says itself why
            raise
        except BaseException as error:  # what passes through Polars would come out as another
            failures.append(error)

    empty = pl.DataFrame(schema=batches.schema(source.schema))
    try:
        _sink(register_io_source(results, schema=as_written(empty, kind).schema), target, kind)
    except _FAULTS as error:
        if not failures and (isinstance(error, OSError) or _OS_ERROR.search(str(error))):
            reason = _OS_ERROR.sub("", _first_line(error).rsplit(": ", 1)[-1])
            raise OSError(None, reason) from None
        if not failures:
            raise
    if failures:
        raise failures[0]


def _sink(frame: pl.LazyFrame, target: Path, kind: str) -> None:
    if kind == "CSV":
        frame.sink_csv(target, maintain_order=True)
    elif kind == "Parquet":
        frame.sink_parquet(target, compression="snappy", maintain_order=True)
    else:
        frame.sink_ipc(target, compression="lz4", maintain_order=True)


def as_written(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """A frame as a file of a kind holds it: in CSV yes and no are written so, to be read again."""
    if kind != "CSV":
        return frame
    words = {True: "yes", False: "no"}
    return frame.with_columns(
        one.replace_strict(words, return_dtype=pl.String)
        if one.dtype == pl.Boolean
        else as_text(one)
        for one in frame.get_columns()
        if isinstance(one.dtype, pl.Boolean | pl.Date | pl.Datetime | pl.Duration)
    )


def not_for_csv(schema: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Which columns are lists, records or bytes, which a CSV file cannot hold."""
    return [name for name in names if schema[name].is_nested() or schema[name] == pl.Binary]


def _unreadable(path: Path, why: object) -> RolerulesError:
    message = f"`{path}` cannot be read as {format_of(path)}: {_first_line(why)}"
    mend = "check that the file is whole, and of the kind that its name says"
    return _refusal("table-file", message, mend)


def _first_line(why: object) -> str:
    return (str(why).strip().split("\n") or [""])[0].rstrip(".") or "no reason given"


def _refusal(code: str, message: str, mend: str) -> RolerulesError:
    return RolerulesError([Problem(code, message, help=mend)])
