# SPDX-License-Identifier: MIT
"""How the time of a case and of a table grows: with the number of rules, and with a list's length."""

from __future__ import annotations

import datetime
import statistics
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import rolerules
from tests.benchmarks.policy import AS_OF

_DAY = datetime.date.fromisoformat(AS_OF)
_LISTED = """ruleset: listed
language: 1
version: 1.0.0
currency: EUR
period: quarter
year starts: 1 January
facts:
  credits:
    type: list
    max items: 100
    each:
      sales:
        type: money
        min: 0
      kind:
        type: choice
        of: [new, kept]
values:
  new_sales: sum(credits[kind = "new"].sales)
  kept_sales: sum(credits[kind = "kept"].sales)
  all_large: every c in credits satisfies c.sales >= 1000
pay:
  rounding: half up to 0.01
  lines:
    commission:
      amount: 3% * new_sales + 1% * kept_sales + (if all_large then 100 else 0)
assessments:
  enough:
    every: quarter
    met: count(credits) >= 3
"""


def rules(count: int) -> dict[str, Any]:
    """A ruleset of so many rules: loaded, one case decided, a table of cases decided."""
    from tests.benchmarks.building import facts, large

    given = {
        name: Decimal(one) if name.split("_")[0] in ("sales", "target", "cost") else one
        for name, one in facts(count).items()
    }
    start = time.perf_counter()
    ruleset = _loaded(large(count))
    ruleset.evaluate(given, as_of=_DAY)
    loaded = time.perf_counter() - start
    return {
        "load_s": loaded,
        "us": _case(ruleset, given),
        **_rows(ruleset, _repeated(given, 20_000)),
    }


def listed(length: int) -> dict[str, Any]:
    """A list of so many records: one case decided, a table of cases decided."""
    ruleset = _loaded(_LISTED)
    records = [
        {"sales": Decimal(1000 + 10 * place), "kind": ("new", "kept")[place % 2]}
        for place in range(length)
    ]
    given = {"credits": records}
    return {
        "us": _case(ruleset, given),
        **_rows(ruleset, _repeated(given, 100_000 if length <= 10 else 20_000)),
    }


MEASURES: dict[str, Callable[[int], dict[str, Any]]] = {"rules": rules, "list": listed}


def _loaded(text: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grown.yaml"
        path.write_text(text, encoding="utf-8")
        return rolerules.load(path)


def _case(ruleset: Any, given: dict[str, Any]) -> float:
    """Microseconds of a decision whose lines, total and status are read."""
    took = []
    for _ in range(5):
        start, times = time.perf_counter(), 0
        while time.perf_counter() - start < 0.05:
            decision = ruleset.evaluate(given, as_of=_DAY)
            decision.lines, decision.total, decision.status  # noqa: B018  # reading them is the work
            times += 1
        took.append((time.perf_counter() - start) / times)
    return statistics.median(took) * 1e6


def _repeated(given: dict[str, Any], rows: int) -> Any:
    """A table of a case, over and over; amounts as whole cents."""
    import polars as pl

    def cents(value: Any) -> Any:
        if isinstance(value, list):
            return [{name: cents(part) for name, part in one.items()} for one in value]
        return int(value * 100) if isinstance(value, Decimal) else value

    kinds = {}
    if "credits" in given:
        kinds["credits"] = pl.List(pl.Struct({"sales": pl.Int64, "kind": pl.String}))
    one = pl.DataFrame(
        {name: [cents(value)] for name, value in given.items()}, schema_overrides=kinds
    )
    places = pl.DataFrame({"place": range(rows)})
    return places.join(one, how="cross").drop("place").rechunk()


def _rows(ruleset: Any, people: Any) -> dict[str, Any]:
    took = []
    while len(took) < 4 and (len(took) < 2 or sum(took) < 15):
        start = time.perf_counter()
        ruleset.evaluate_table(people, as_of=_DAY, minor_units=True)
        took.append(time.perf_counter() - start)
    return {"rows": len(people), "rows_s": len(people) / statistics.median(took[1:])}
