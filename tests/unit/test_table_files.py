# SPDX-License-Identifier: MIT
"""`rolerules run`: files in and out, refused rows aside, whole output or none, and every wrong call."""

from __future__ import annotations

import csv
import os
import pty
import resource
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from rolerules import load
from rolerules.bulk import files
from rolerules.cli import app

RULESET = """ruleset: pay
language: 1
version: 1.0.0
period: quarter
year starts: 1 January
currency: CNY
facts:
  sales:
    type: money
    min: 0
  active: yes/no
  count: whole
pay:
  rounding: half up to 0.01
  lines:
    commission:
      amount: 5% * sales
limits:
  few:
    title: Few
    require: count < 10
    severity: violation
carries:
  seen:
    type: yes/no
    first: no
    next: seen.opening or active
status:
  states: ["on", "off"]
  start: "on"
  changes:
    leave:
      from: "on"
      to: "off"
      grounds:
        inactive: not active
      effect: duty of the company
      adverse: no
      notice: at once
"""
DAY = ("--as-of", "2026-09-30")
PEOPLE = pl.DataFrame(
    {
        "id": ["E-1", "E-2", "E-3", "E-4", "E-5"],
        "sales": ["100.50", "0.10", "1,000", None, "20"],
        "active": ["yes", "no", "yes", "yes", "yes"],
        "count": ["1", "12", "1", "2", "10"],
    }
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pay.yaml").write_text(RULESET, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["run", "pay.yaml", *arguments])


def write(frame: pl.DataFrame, name: str) -> None:
    kind = files.format_of(Path(name))
    {"CSV": frame.write_csv, "Parquet": frame.write_parquet, "Arrow": frame.write_ipc}[kind](name)


def read(name: str) -> pl.DataFrame:
    kind = files.format_of(Path(name))
    if kind == "CSV":
        return pl.read_csv(name, infer_schema=False)
    return (pl.read_parquet if kind == "Parquet" else pl.read_ipc)(name)


@pytest.mark.parametrize("source", ["in.csv", "in.parquet", "in.arrow"])
@pytest.mark.parametrize("target", ["out.csv", "out.parquet", "out.feather"])
def test_every_format_into_every_other(folder: Path, source: str, target: str) -> None:
    write(PEOPLE, source)
    done = run(source, "-o", target, *DAY, "--keep", "id")
    assert done.exit_code == 1, done.output
    came = read(target)
    assert came["id"].to_list() == PEOPLE["id"].to_list()
    assert [one and str(one) for one in came["pay.total"]] == ["5.03", "0.01", None, None, "1.00"]
    seen = {".csv": ["yes", "no"]}.get(Path(target).suffix, [True, False])
    assert came["closing.seen"].to_list()[:2] == seen
    aside = list(csv.reader(Path("out.refused.csv").read_text(encoding="utf-8").splitlines()))
    assert aside[0] == ["row", "id", "refused"]
    assert [line[:2] for line in aside[1:]] == [["3", "E-3"]]
    assert "write `1000`" in aside[1][2]
    assert sorted(os.listdir()) == sorted(["pay.yaml", source, target, "out.refused.csv"])


def test_what_the_run_came_to_is_said(folder: Path) -> None:
    write(PEOPLE, "in.csv")
    done = run("in.csv", "-o", "out.csv", *DAY, "--keep", "id")
    *said, exact, seconds = done.stdout.splitlines()
    assert exact.startswith("by the exact path  ")
    assert seconds.startswith("time")
    assert [tuple(" ".join(line.split()).rsplit(" ", 1)) for line in said] == [
        ("people", "5"), ("total pay CNY", "6.04"), ("undetermined for", "1"), ("status on", "3"),
        ("status off", "1"), ("changes proposed", "0"), ("changes effective", "1"),
        ("with violations", "2"), ("few", "2"), ("refused", "1"),
    ]  # fmt: skip
    assert done.stderr == "the refused rows and their reasons are in out.refused.csv\n"


@pytest.mark.parametrize("target", ["out.parquet", "out.arrow"])
def test_many_batches_are_as_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    """Batches of a few rows come out in their order, with the row numbers of the whole file."""
    monkeypatch.setattr(files, "_BATCH", 7)
    rows = range(100)
    people = pl.DataFrame(
        {"id": list(rows), "sales": [row if row % 9 else -1 for row in rows], "active": [row % 2 == 0 for row in rows]}
    )  # fmt: skip
    write(people, "in.parquet")
    done = run("in.parquet", "-o", target, *DAY, "--keep", "id", "--minor-units")
    assert done.exit_code == 1, done.output
    whole = load("pay.yaml").evaluate_table(
        people, as_of="2026-09-30", keep=["id"], minor_units=True
    )
    assert read(target).equals(whole)
    aside = pl.read_csv("out.refused.csv")
    assert aside["row"].to_list() == [row + 1 for row in rows if row % 9 == 0]
    assert aside["id"].to_list() == [row for row in rows if row % 9 == 0]


def test_each_row_may_have_its_date(folder: Path) -> None:
    write(pl.DataFrame({"end": ["2026-03-31", "soon"], "sales": ["1", "1"]}), "in.csv")
    done = run("in.csv", "-o", "out.csv", "--as-of-column", "end", "--keep", "end")
    assert done.exit_code == 1
    assert read("out.csv")["pay.total"].to_list() == ["0.05", None]


def test_many_rows_on_the_exact_path_are_pointed_out(folder: Path) -> None:
    for number, said in ((10_000, False), (10_001, True)):
        sales = ["1.005"] * number + ["1"] * 50_000
        write(pl.DataFrame({"sales": sales}), "in.csv")
        done = run("in.csv", "-o", "out.csv", *DAY)
        assert ("note: the exact path is slow" in done.stderr) == said


def test_no_rows_are_a_table_too(folder: Path) -> None:
    for name in ("in.csv", "in.parquet", "in.arrow"):
        write(PEOPLE.clear(), name)
        done = run(name, "-o", "out.csv", *DAY, "--keep", "id")
        assert done.exit_code == 0, done.output
        assert read("out.csv").height == 0
        assert read("out.csv").columns[0] == "id"


def test_refused_rows_go_where_they_are_asked_to(folder: Path) -> None:
    write(PEOPLE, "in.csv")
    assert (
        run("in.csv", "-o", "out.csv", *DAY, "--keep", "id", "--refused", "bad.csv").exit_code == 1
    )
    assert Path("bad.csv").exists()
    assert not Path("out.refused.csv").exists()
    write(PEOPLE.head(2), "in.csv")
    done = run("in.csv", "-o", "out.csv", *DAY, "--keep", "id", "--refused", "bad.csv")
    assert done.exit_code == 0
    assert done.stderr == "bad.csv is of an earlier run: no row was refused in this one\n"


@pytest.mark.parametrize("target", ["out.csv", "out.parquet"])
def test_days_and_times_are_kept_however_far_they_are(folder: Path, target: str) -> None:
    """Polars writes no duration into CSV, and panics at a day or time that is too far."""
    far, kinds = 2**31 - 1, (pl.Date(), pl.Datetime("ms"), pl.Duration("ms"))
    kept = [pl.Series(f"k{place}", [1, far if kind == pl.Date() else 2**62, None]).cast(kind)
            for place, kind in enumerate(kinds)]  # fmt: skip
    write(pl.DataFrame([pl.Series("sales", ["1", "wrong", "2"]), *kept]), "in.parquet")
    keep = [word for one in kept for word in ("--keep", one.name)]
    assert run("in.parquet", "-o", target, *DAY, *keep).exit_code == 1
    if target == "out.parquet":
        assert read(target)[["k0", "k1", "k2"]].equals(pl.DataFrame(kept))
    near = ("1970-01-02", "1970-01-01T00:00:00.001", "PT0.001S")
    past = (
        f"{far} days after 1970-01-01",
        f"{2**62} ms after 1970-01-01",
        "P53375995583DT15H36M27.904S",
    )
    written = read("out.refused.csv")
    assert written.columns == ["row", "k0", "k1", "k2", "refused"]
    assert written.row(0)[:4] == ("2", *past)
    if target == "out.csv":
        assert read(target)[["k0", "k1", "k2"]].rows() == [near, past, (None, None, None)]


CSV = {
    "semicolons": ("id;sales\nE-1;1\n", ["0.05"]),
    "tabs": ("id\tsales\nE-1\t1\n", ["0.05"]),
    "empty lines at the end": ("id,sales\nE-1,1\n\n\n", ["0.05"]),
    "a mark at the start": ("\ufeffid,sales\nE-1,1\n", ["0.05"]),
    "line ends of Windows": ("id,sales\r\nE-1,1\r\nE-2,2\r\n", ["0.05", "0.10"]),
    "no line end at the end": ("id,sales\nE-1,1", ["0.05"]),
    "quotes and lines inside of a cell": ('id,sales\n"E\n""1""",1\n', ["0.05"]),
    "nothing known": ('id,sales\nE-1,\nE-2,""\n', [None, None]),
}


@pytest.mark.parametrize("name", CSV)
def test_a_csv_file_as_people_have_them(folder: Path, name: str) -> None:
    text, pay = CSV[name]
    Path("in.csv").write_bytes(text.encode())
    done = run("in.csv", "-o", "out.parquet", *DAY, "--keep", "id")
    assert done.exit_code == 0, done.output
    assert [one and str(one) for one in read("out.parquet")["pay.commission"]] == pay


BROKEN = {
    "a short line": ("id,sales\nE-1\n", "line 2 of `in.csv` cannot be read: it has 1 cell, and the header has 2"),
    "a long line": ("id,sales\nE-1,1,000\n", "it has 3 cells, and the header has 2 [table-file] help: write a cell for each column"),
    "an open quote": ('id,sales\nE-1,"1\nE-2,2\n', "line 3 of `in.csv` cannot be read"),
    "a quote amid a cell": ('id,sales\nE-1,"1"0\n', "line 2 of `in.csv` cannot be read"),
    "an empty line amid": ("id,sales\nE-1,1\n\nE-2,2\n", "line 3 of `in.csv` cannot be read: it is empty"),
    "nothing": ("", "`in.csv` has no header line"),
    "one name twice": ("sales,sales\n1,2\n", "two columns have one name: `sales`"),
    "another writing": (b"id,sales\nM\xfcller,1\n", "`in.csv` is not written in UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_csv_file_is_refused_with_its_line(folder: Path, name: str) -> None:
    text, message = BROKEN[name]
    Path("in.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    done = run("in.csv", "-o", "out.csv", *DAY, "--keep", "id")
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert sorted(os.listdir()) == ["in.csv", "pay.yaml"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("none.csv", "-o", "out.csv", *DAY), 2, "`none.csv` cannot be read: No such file or directory [no-such-file]"),
        ((".", "-o", "out.csv", *DAY), 2, "`.` is no table by its name [table-file]"),
        (("dir.csv", "-o", "out.csv", *DAY), 2, "`dir.csv` cannot be read: Is a directory [no-such-file]"),
        (("in.csv", "-o", "in.csv", *DAY), 2, "`in.csv` would be read and written at once [same-file]"),
        (("in.csv", "-o", "./sub/../in.csv", *DAY), 2, "[same-file]"),
        (("in.csv", "-o", "out.csv", "--refused", "out.csv", *DAY), 2, "[same-file]"),
        (("in.csv", "-o", "out.xlsx", *DAY), 2, "`out.xlsx` is a spreadsheet [table-file] help: save the sheet as `CSV UTF-8`"),
        (("in.csv", "-o", "out.txt", *DAY), 2, "`out.txt` is no table by its name [table-file]"),
        (("in.csv", "-o", "none/out.csv", *DAY, "--keep", "id"), 2, "`none/out.csv` cannot be written: there is no folder `none` [not-writable]"),
        (("in.csv", "-o", "dir.csv", *DAY, "--keep", "id"), 2, "`dir.csv` is a folder [table-file]"),
        (("wrong.parquet", "-o", "out.csv", *DAY), 2, "`wrong.parquet` cannot be read as Parquet"),
        (("wrong.arrow", "-o", "out.csv", *DAY), 2, "`wrong.arrow` cannot be read as Arrow"),
        (("empty.parquet", "-o", "out.csv", *DAY), 2, "`empty.parquet` is empty [table-file]"),
        (("empty.arrow", "-o", "out.csv", *DAY), 2, "`empty.arrow` is empty [table-file]"),
        (("stream.arrow", "-o", "out.csv", *DAY), 2, "`stream.arrow` holds Arrow data as a stream, not as a file [table-file]"),
        (("in.csv", "-o", "out.csv", "--refused", "bad.txt", *DAY), 2, "`bad.txt` would hold the refused rows as CSV [table-file]"),
        (("in.csv", "-o", ".", *DAY), 2, "`.` is a folder [table-file]"),
        (("in.csv", "-o", "out.csv", *DAY, "--minor-units"), 2, "`--minor-units` is not for CSV files [table-shape]"),
        (("in.csv", "-o", "out.csv"), 2, "either `--as-of` or `--as-of-column`"),
        (("in.csv", "-o", "out.csv", *DAY, "--as-of-column", "id"), 2, "either `--as-of` or `--as-of-column`"),
        (("in.csv", "-o", "out.csv", "--as-of-column", "edn"), 2, "`edn` is no column of the table [unknown-column]"),
        (("in.csv", "-o", "out.csv", *DAY), 2, "`id` is no fact of this ruleset [unknown-column]"),
        (("in.csv", "-o", "out.csv", *DAY, "--keep", "idd"), 2, "`idd` is no column of the table [unknown-column]"),
        (("row.csv", "-o", "out.csv", *DAY, "--keep", "row"), 2, "`row` is a column of the refused rows too, with the number of each [table-shape]"),
        (("nested.parquet", "-o", "out.csv", *DAY, "--keep", "id"), 2, "`id` is no column that CSV can hold [table-shape]"),
        (("float.parquet", "-o", "out.csv", *DAY), 1, "`sales` is a column of floating-point numbers, which are not exact"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_answered_and_leaves_nothing(
    folder: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    write(PEOPLE.head(2), "in.csv")
    Path("dir.csv").mkdir()
    Path("sub").mkdir()
    for name in ("wrong.parquet", "wrong.arrow"):
        Path(name).write_text("id,sales\n", encoding="utf-8")
    for name in ("empty.parquet", "empty.arrow"):
        Path(name).touch()
    pl.DataFrame({"sales": [1]}).write_ipc_stream("stream.arrow")
    write(pl.DataFrame({"id": [[1]], "sales": [1]}), "nested.parquet")
    write(pl.DataFrame({"sales": [1.5]}), "float.parquet")
    write(pl.DataFrame({"row": [7], "sales": [1]}), "row.csv")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    done = run(*arguments)
    assert done.exit_code == code, done.output
    assert message in " ".join(done.stderr.split())
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_file_that_breaks_off_leaves_nothing(folder: Path) -> None:
    """The footer of this file is whole; its pages are not, which shows only on the way."""
    people = pl.DataFrame({"id": [f"E-{row * 7919 % 100_003}" for row in range(50_000)]})
    people.write_parquet("in.parquet", compression="snappy", row_group_size=5_000)
    data = bytearray(Path("in.parquet").read_bytes())
    data[len(data) // 2 : len(data) // 2 + 2_000] = bytes(2_000)
    Path("in.parquet").write_bytes(data)
    done = run("in.parquet", "-o", "out.parquet", *DAY, "--keep", "id")
    assert done.exit_code == 2
    assert "`in.parquet` cannot be read as Parquet" in done.stderr
    assert sorted(os.listdir()) == ["in.parquet", "pay.yaml"]


@pytest.mark.parametrize("target", ["out.parquet", "out.csv", "out.arrow"])
def test_a_full_disk_leaves_nothing(folder: Path, target: str) -> None:
    people = pl.DataFrame({"id": [f"E-{row * 7919 % 100_003}" for row in range(20_000)]})
    write(people, "in.parquet")
    Path(target).write_text("of an earlier run", encoding="utf-8")
    limit = (60_000, 60_000)  # what a process may write into one file
    done = subprocess.run(
        [sys.executable, "-m", "rolerules.cli", "run", "pay.yaml", "in.parquet", "-o", target, *DAY, "--keep", "id"],
        capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert f"`{target}` cannot be written: File too large [not-writable]" in done.stderr
    assert Path(target).read_text(encoding="utf-8") == "of an earlier run"
    assert sorted(os.listdir()) == sorted(["in.parquet", "pay.yaml", target])


def _started(rows: int = 400_000, hangup: Any = signal.SIG_DFL) -> subprocess.Popen[str]:
    """A run that goes on for long: every row takes the exact path, as its text is no figure.

    What it does when its terminal is closed is said to it, and not taken from who runs the tests.
    """
    write(pl.DataFrame({"id": range(rows), "sales": ["much"] * rows}), "in.parquet")
    return subprocess.Popen(
        [sys.executable, "-m", "rolerules.cli", "run", "pay.yaml", "in.parquet", "-o", "out.parquet", *DAY, "--keep", "id"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, hangup),
    )  # fmt: skip


def _at_work() -> bool:
    return any(name.startswith(".out.parquet.") for name in os.listdir())


def _signalled(process: subprocess.Popen[str], *numbers: int) -> None:
    """Send signals to a run that is at work."""
    while not _at_work():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    for number in numbers:
        time.sleep(0.3)
        process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert said == ""
    assert sorted(os.listdir()) == ["in.parquet", "pay.yaml"]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_an_interrupted_run_leaves_nothing(folder: Path, number: int, code: int) -> None:
    process = _started()
    _signalled(process, number)
    assert process.returncode == code


def test_a_run_under_nohup_outlives_its_terminal(folder: Path) -> None:
    process = _started(hangup=signal.SIG_IGN)
    _signalled(process, signal.SIGHUP, signal.SIGTERM)
    assert process.returncode == 143


def test_a_killed_run_leaves_nothing_under_the_final_name(folder: Path) -> None:
    process = _started()
    while not _at_work():
        time.sleep(0.02)
    process.kill()
    process.communicate()
    assert not Path("out.parquet").exists()


def test_a_bar_is_drawn_on_a_terminal_alone(folder: Path) -> None:
    write(PEOPLE, "in.csv")
    master, terminal = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "rolerules.cli",
        "run",
        "pay.yaml",
        "in.csv",
        "-o",
        "out.csv",
        *DAY,
        "--keep",
        "id",
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, text=True, check=False)
    os.close(terminal)
    drawn = os.read(master, 10_000).decode()
    os.close(master)
    assert "] 5 of 5 people" in drawn or "] 0 of 5 people" in drawn
    assert "people" not in drawn.splitlines()[-1]
    assert done.stdout.startswith("people")
    silent = subprocess.run(command, capture_output=True, text=True, check=False)
    assert silent.stderr == "the refused rows and their reasons are in out.refused.csv\n"


def test_money_is_added_up_past_64_bits() -> None:
    from rolerules.bulk.summary import Summary
    from rolerules.bulk.table import Decided

    most = 2**63 - 1
    part: dict[str, Any] = {
        "pay.total": [most, most, None],
        "violations": ["", "a, b", None],
        "refused": [None, None, "x"],
    }
    found = Summary()
    for kind in (pl.Int64, pl.Decimal(38, 2)):
        pay = pl.Series(part["pay.total"], dtype=pl.Int64)
        pay = (
            pay
            if kind == pl.Int64
            else pl.Series([Decimal(most).scaleb(-2), Decimal(most).scaleb(-2), None], dtype=kind)
        )
        found.add(Decided(pl.DataFrame({**part, "pay.total": pay}), 1))
    assert found.total == 4 * most
    assert (found.people, found.refused, found.exact, found.unpaid, found.broken) == (6, 2, 2, 0, 2)
    assert found.violations == {"a": 2, "b": 2}


LISTS = """ruleset: pay
language: 1
version: 1.0.0
period: quarter
year starts: 1 January
currency: CNY
facts:
  accounts:
    type: list
    max items: 2
    each:
      name: text
      sold: {type: money, min: 0}
      on: date
pay:
  rounding: half up to 0.01
  lines:
    commission:
      amount: 10% * sum(accounts.sold)
"""


@pytest.mark.parametrize(
    ("cell", "pay", "reason"),
    [
        ("", None, None),
        ("[]", "0.00", None),
        ("[ ]", "0.00", None),
        ("[{name: A, sold: 10.50, on: 2026-07-01}, {name: B, sold: 1.00}]", "1.15", None),
        ('[{name: "a, b", sold: 1}]', "0.10", None),
        ("[{name: A, sold: ~}]", None, None),
        ("[{name: A, sold: -1}]", None, "1.00 below the least value 0.00"),
        ("[{name: A, sold: x}]", None, "accounts[1].sold"),
        ("[{nam: A}]", None, "accounts[1].nam"),
        ("[A, B]", None, "accounts"),
        ("[{name: A}, {name: B}, {name: C}]", None, "accounts"),
        ("{name: A}", None, "accounts"),
        ("[{name: A", None, "accounts"),
        ("nothing", None, "accounts"),
    ],
)
def test_a_list_in_a_cell_is_written_as_in_a_facts_file(folder, cell, pay, reason):
    Path("lists.yaml").write_text(LISTS, encoding="utf-8")
    write(pl.DataFrame({"accounts": [cell, "[]"]}), "in.csv")
    done = CliRunner().invoke(app, ["run", "lists.yaml", "in.csv", "-o", "out.csv", *DAY])
    assert done.exit_code == (1 if reason else 0), done.output
    found = read("out.csv")
    assert found["pay.commission"].to_list() == [pay, "0.00"]
    refused = found["refused"].to_list()
    assert refused[1] is None
    assert refused[0] is None if reason is None else reason in refused[0]
