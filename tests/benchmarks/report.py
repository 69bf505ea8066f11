# SPDX-License-Identifier: MIT
"""Results as tables: the page `docs/performance.md`, between its two marks, and its chart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.chart import chart
from tests.benchmarks.names import COLD_NAMES, MONEY, NAMES, OUTPUTS
from tests.benchmarks.results import Results, against, median, read, said
from tests.benchmarks.run import ROOT

PAGE = ROOT / "docs" / "performance.md"
CHART = PAGE.with_suffix(".svg")
_START, _END = "<!-- measured -->\n", "<!-- end of measured -->\n"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _number(value: float | None, digits: int = 2) -> str:
    """A figure with three digits that mean something, or so many decimals."""
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.{digits}f}"


def _ordered(
    found: dict[Any, list[dict[str, Any]]], key: str
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Quickest first; those without figures last."""
    return sorted(
        found.items(), key=lambda one: (median(one[1], key) is None, median(one[1], key) or 0)
    )


# --- the tables


def _single(results: Results) -> str:
    known, unknown = results.of("single", "known"), results.of("single", "unknown")
    wrong = results.of("verify")
    rows = []
    for name, found in _ordered(known, "ratio"):
        if median(found, "us") is None:
            rows.append([NAMES[name], said(found), "", "", "", ""])
            continue
        log = against(found, known.get("datalogic", []), "ratio")
        other = unknown.get(name, [])
        rows.append([
            NAMES[name], _number(median(found, "us")), _number(median(found, "ratio")), _number(log),
            _number(median(other, "us")) if other else "–", _right(wrong.get(name)),
        ])  # fmt: skip
    head = [
        "one case",
        "µs",
        "× hand-written decimal",
        "× datalogic",
        "µs, one fact unknown",
        "wrong answers",
    ]
    return "### One evaluation\n\n" + _table(head, rows) if rows else ""


def _right(found: list[dict[str, Any]] | None) -> str:
    if not found or "cases" not in found[0]:
        return "–"
    one = found[0]
    wrong = f"{one['wrong']:,} of {one['cases']:,}" if one["wrong"] else f"none of {one['cases']:,}"
    status = one["parts"].get("status")
    return (
        f"**{wrong}**{f', {status:,} of them in the status' if status else ''}"
        if one["wrong"]
        else wrong
    )


def _many(results: Results, part: str, seconds: str, title: str, base: str) -> str:
    text = ""
    for size in results.sizes(part):
        found = results.of(part, size)
        right = _sums(found)
        rows = []
        for name, one in _ordered(found, seconds):
            took = median(one, seconds)
            if took is None:
                rows.append([NAMES[name], said(one), "", "", "", ""])
                continue
            speed = against(found.get(base, []), one, seconds)
            rows.append([
                NAMES[name], _number(size / took / 1e6), _number(took), _number(speed),
                f"{median(one, 'peak_mb'):,.0f}", _gives(name, one[-1], right),
            ])  # fmt: skip
        head = [
            f"{size:,} people",
            "million a second",
            "seconds",
            "× the speed of hand-written Polars",
            "peak MB",
            "gives",
        ]
        text += f"\n{_table(head, rows)}"
    return f"### {title}\n{text}" if text else ""


def _gives(name: str, one: dict[str, Any], right: tuple[Any, Any]) -> str:
    """What a program gives, the size of its file, and whether its sums are right."""
    size = f", {one['megabytes']:,.0f} MB" if "megabytes" in one else ""
    wrong = "" if (one.get("total"), one.get("suspended")) == right else ", **wrong sums**"
    return f"{OUTPUTS.get(name, '')}{size}{wrong}"


def _sums(found: dict[Any, list[dict[str, Any]]]) -> tuple[Any, Any]:
    """The sums that the hand-written program comes to, which the oracle found right."""
    one = found.get("polars_hand", [{}])[-1]
    return one.get("total"), one.get("suspended")


def _by_row(results: Results) -> str:
    rows = []
    for name, found in _ordered(results.of("by_row"), "seconds"):
        took = median(found, "seconds")
        rows.append(
            [NAMES[name], _number(found[0]["rows"] / took / 1e6, 3) if took else said(found)]
        )
    return (
        "\nOne by one (20,000 people, their facts ready made):\n\n"
        + _table(["", "million a second"], rows)
        if rows
        else ""
    )


def _wrong(results: Results) -> str:
    rows = []
    for name, found in results.of("verify").items():
        one = found[0]
        if "cases" not in one:
            rows.append([NAMES[name], said(found), "", ""])
        else:
            parts = ", ".join(f"{part} {count:,}" for part, count in one["parts"].items())
            rows.append([NAMES[name], MONEY[name], _right(found), parts or "–"])
    head = ["", "holds money as", "wrong answers", "in"]
    return "### Right or wrong\n\n" + _table(head, rows) if rows else ""


def _cold(results: Results) -> str:
    found = results.of("cold")
    bare = found.get("Python alone", [])
    rows = []
    for name, one in _ordered(found, "process_s"):
        took = median(one, "process_s")
        if took is None:
            rows.append([COLD_NAMES.get(name, name), said(one), ""])
            continue
        above = took - (median(bare, "process_s") or 0)
        rows.append([COLD_NAMES.get(name, name), f"{took * 1e3:.0f}", f"{above * 1e3:.0f}"])
    return (
        "### Cold start\n\n" + _table(["whole process", "ms", "ms above Python alone"], rows)
        if rows
        else ""
    )


def _growth(results: Results) -> str:
    text = ""
    rows = results.sizes("rows")
    if rows:
        lines = []
        for size in rows:
            found = results.of("rows", size)
            ours, hand = found.get("rolerules_table", []), found.get("polars_hand", [])
            took = median(ours, "seconds")
            lines.append([
                f"{size:,}", _number(size / took / 1e6) if took else said(ours),
                _number(took * 1e3) if took else "", _number(against(hand, ours, "seconds")),
            ])  # fmt: skip
        text += "\n" + _table(
            ["rows", "million a second", "ms", "× the speed of hand-written Polars"], lines
        )
    text += _grown(
        results,
        "rules",
        "rules",
        lambda one: [f"{one['load_s']:.2f}"],
        ["load and decide first, s"],
    )
    text += _grown(results, "list", "records in the list", lambda one: [], [])
    built = [one for one in results.every if one["part"] == "building"]
    if built:
        stages = [key for key in built[0] if key not in ("part", "size")]
        lines = [[f"{one['size']:,}", *(f"{one[stage]:.0f}" for stage in stages)] for one in built]
        text += "\n" + _table(["rules, built in ms", *stages], lines)
    return f"### Growth\n{text}" if text else ""


def _grown(
    results: Results,
    part: str,
    word: str,
    more: Callable[[dict[str, Any]], list[str]],
    heads: list[str],
) -> str:
    lines = []
    for one in (one for one in results.every if one["part"] == part):
        if "us" not in one:
            lines.append([f"{one['size']:,}", said([one]), *[""] * (len(heads) + 1)])
        else:
            lines.append(
                [f"{one['size']:,}", _number(one["us"]), _number(one["rows_s"] / 1e3), *more(one)]
            )
    return (
        "\n" + _table([word, "one case, µs", "table, thousand rows a second", *heads], lines)
        if lines
        else ""
    )


def _shipped(results: Results) -> str:
    one = results.first("shipped_table")
    if not one:
        return ""
    if "seconds" not in one:
        return f"\nThe shipped marketing director over a table: {said([one])}.\n"
    speed = one["size"] / one["seconds"] / 1e6
    return (
        f"\nThe shipped marketing director, whose named customers and special tasks are columns of lists: "
        f"{one['size']:,} people in {one['seconds']:.2f} s, {speed:.2f} million a second, peak {one['peak_mb']:,.0f} MB.\n"
    )


def _machine(results: Results) -> str:
    one, end = results.first("machine"), results.first("end")
    packages = ", ".join(
        f"{name} {number or 'missing'}" for name, number in one["packages"].items()
    )
    took = f" in {end['seconds'] / 60:.0f} minutes" if end else ""
    return (
        f"Measured on {one['date']} by `{one['command']}`{took}: {one['cores']} cores of {one['cpu']}, "
        f"{one['memory_gb']} GB, {one['system']}, Python {one['python']}, rolerules {one['rolerules']}, {packages}.\n"
    )


def report(path: Path) -> str:
    """All tables of a file of results."""
    results = read(path)
    parts = (
        _machine(results), _single(results),
        _many(results, "table", "seconds", "A table in memory", "polars_hand") + _by_row(results) + _shipped(results),
        _many(results, "file", "process_s", "From Parquet to Parquet", "polars_hand"),
        _cold(results), _growth(results), _wrong(results),
    )  # fmt: skip
    return "\n".join(part for part in parts if part)


def write(path: Path) -> None:
    """Write the tables of a file of results into the page, and its chart."""
    before, rest = PAGE.read_text(encoding="utf-8").split(_START)
    after = rest.split(_END)[1]
    PAGE.write_text(f"{before}{_START}\n{report(path)}\n{_END}{after}", encoding="utf-8")
    CHART.write_text(chart(bars(read(path))), encoding="utf-8")


def bars(results: Results) -> list[tuple[str, list[tuple[str, float]]]]:
    """The panels of the chart: a title, and programs with their figures, the best first."""
    known = results.of("single", "known")
    panels = [
        (
            "one evaluation, µs (shorter is better)",
            _bars(known, lambda one: median(one, "us"), NAMES),
        )
    ]
    for part, key, title in (
        ("table", "seconds", "in memory"),
        ("file", "process_s", "Parquet to Parquet"),
    ):
        sizes = results.sizes(part)
        if sizes:
            size = sizes[-1]

            def speed(one: Any, key: str = key, size: int = size) -> float | None:
                took = median(one, key)
                return size / took / 1e6 if took else None

            found = _bars(results.of(part, size), speed, NAMES)
            panels.append(
                (f"{size:,} people {title}, million a second (longer is better)", found[::-1])
            )
    cold = _bars(
        results.of("cold"), lambda one: (median(one, "process_s") or 0) * 1e3 or None, COLD_NAMES
    )
    panels.append(("first decision in a fresh process, ms (shorter is better)", cold))
    return [panel for panel in panels if panel[1]]


def _bars(
    found: Any, figure: Callable[[Any], float | None], names: dict[str, str]
) -> list[tuple[str, float]]:
    known = [(names.get(name, name), figure(one)) for name, one in found.items()]
    return sorted(
        ((name, value) for name, value in known if value is not None), key=lambda one: one[1]
    )
