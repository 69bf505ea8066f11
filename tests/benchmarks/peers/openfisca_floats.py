# SPDX-License-Identifier: MIT
"""OpenFisca with amounts as its own numbers, 32-bit floats, which lose cents above 131,072.00.

Each output is a variable with a formula; figures are its parameters. Words are no values of it, so
it gives a mask of the grounds. It gets the grade as a code and the margin as ten-thousandths.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from tests.benchmarks.peers import numpy_arrays

NAME, PACKAGE, MONEY = "OpenFisca, its floats", "OpenFisca-Core", "32-bit float"
OUTPUTS = "lines, total, status, mask"
_LINES = ("base", "key", "team", "perf")
_PERIOD = "2026-03"


def system(kind: type, unit: int) -> Any:
    """The policy as a system of OpenFisca; `unit` is how many of what it counts make 1."""
    from openfisca_core.entities import build_entity
    from openfisca_core.parameters import ParameterNode
    from openfisca_core.periods import MONTH
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = build_entity(key="person", plural="persons", label="a person", is_person=True)
    made = TaxBenefitSystem([person])
    figures = {
        "m1": 20_000 * unit, "m2": 26_000 * unit, "m3": 34_000 * unit,
        "key_percent": 2, "met": 10, "missed": 5, "low": 500, "middle": 1000, "high": 2000,
    }  # fmt: skip
    made.parameters = ParameterNode(
        "", data={name: {"values": {"2026-01-01": value}} for name, value in figures.items()}
    )

    def cents(amount: Any, below: int) -> Any:
        if unit == 100:
            return (amount + below // 2) // below
        scaled = amount * np.float32(100) / np.float32(below)
        return np.floor(scaled + np.float32(0.5)) / np.float32(100)

    def variable(name: str, value: type, formula: Callable[..., Any] | None = None) -> type:
        parts = {"value_type": value, "entity": person, "definition_period": MONTH}
        return type(name, (Variable,), {**parts, **({"formula": formula} if formula else {})})

    def base(one: Any, day: Any, figures: Any) -> Any:
        now, grade = figures(day), one("grade", day)
        return np.select([grade == 0, grade == 1], [now.m1, now.m2], now.m3)

    def key(one: Any, day: Any, figures: Any) -> Any:
        return cents(one("key_sales", day) * figures(day).key_percent, 100)

    def missed(one: Any, day: Any) -> Any:
        return one("sales", day) < one("target", day)

    def team(one: Any, day: Any, figures: Any) -> Any:
        now, rest = figures(day), one("sales", day) - one("key_sales", day)
        return cents(rest * np.where(one("missed", day), now.missed, now.met), 1000)

    def perf(one: Any, day: Any, figures: Any) -> Any:
        now, margin = figures(day), one("margin", day)
        bands = [margin < now.low, margin < now.middle, margin < now.high]
        return cents(one("base", day) * np.select(bands, [0, 5, 15], 30), 100)

    def total(one: Any, day: Any) -> Any:
        return sum(one(name, day) for name in _LINES)

    def mask(one: Any, day: Any) -> Any:
        own = (one("annual", day) == 1) + 2 * ~one("sat", day)
        return own + 4 * one("missed", day) + 8 * ~one("task", day)

    def suspended(one: Any, day: Any) -> Any:
        return one("mask", day) != 0

    facts = {"grade": int, "target": kind, "sales": kind, "key_sales": kind, "margin": int,
             "task": bool, "sat": bool, "annual": int}  # fmt: skip
    made.add_variables(
        *(variable(name, value) for name, value in facts.items()),
        *(variable(one.__name__, kind, one) for one in (base, key, team, perf, total)),
        variable("missed", bool, missed), variable("mask", int, mask), variable("suspended", bool, suspended),
    )  # fmt: skip
    return made


def deciding(made: Any) -> Callable[[Any], Any]:
    """A function over a table's arrays."""
    from openfisca_core.periods import period
    from openfisca_core.simulations import SimulationBuilder

    day = period(_PERIOD)

    def decide(people: Any) -> Any:
        if (people["n"] > 5).any():
            raise ValueError("more than five key accounts")
        simulation = SimulationBuilder().build_default_simulation(made, len(people["n"]))
        for name, column in people.items():
            if name != "n":
                simulation.set_input(name, day, column)
        return {
            name: simulation.calculate(name, day)
            for name in (*_LINES, "total", "suspended", "mask")
        }

    return decide


def load_table() -> Callable[[Any], Any]:
    return deciding(system(float, 1))


def given_table(path: Path) -> Any:
    people = numpy_arrays.arrays(pq.read_table(path))
    return {**people, **{name: people[name] / 100 for name in ("target", "sales", "key_sales")}}


def answers(found: Any) -> dict[str, list[Any]]:
    return answered(found, 100)


def answered(found: Any, unit: int) -> dict[str, list[Any]]:
    """The columns of an answer; amounts of `unit` to 1 become cents."""
    pay = {
        f"pay.{name}": np.rint(found[name].astype(float) * unit).astype(int).tolist()
        for name in (*_LINES, "total")
    }
    words = ["suspended" if one else "active" for one in found["suspended"]]
    return {**pay, "status": words, "mask": found["mask"].tolist()}


def totals(found: Any) -> tuple[int, int]:
    return int(np.rint(found["total"].astype(float) * 100).sum()), int(found["suspended"].sum())
