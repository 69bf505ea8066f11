# SPDX-License-Identifier: MIT
"""The policy every program works out, its exact oracle, and seeded cases at its edges.

A case holds whole numbers only: amounts in cents, the margin in ten-thousandths. It is the policy of
`director.yaml`: more than five key accounts are refused; `annual` may be unknown, which is not due.

This module imports nothing, since every program of which the cold start is measured imports it.
"""

Case = Answer = dict

AS_OF = "2026-03-31"
SEED = 20_260_331
GRADES = ("M1", "M2", "M3")
BASE = {"M1": 20_000_00, "M2": 26_000_00, "M3": 34_000_00}
LINES = ("base", "key", "team", "perf")
GROUNDS = ("annual", "dissatisfied", "target", "task")
"""By name, as a decision lists them; in a mask the first is 1, the next 2, then 4 and 8."""
TEXTS = tuple(
    ", ".join(name for place, name in enumerate(GROUNDS) if mask >> place & 1) for mask in range(16)
)
"""The grounds of every mask as one text."""
REFUSED = {"refused": True}
TYPICAL: Case = {
    "grade": "M2", "target": 1_234_567_89, "sales": 1_500_000_25, "key_sales": 300_000_25, "n": 3,
    "margin": 1234, "task": True, "sat": False, "annual": True,
}  # fmt: skip


def oracle(case: Case) -> Answer:
    """The right answer, in fractions: amounts in cents, status and grounds."""
    from fractions import Fraction

    if case["n"] > 5:
        return REFUSED
    sales, key = Fraction(case["sales"]), Fraction(case["key_sales"])
    met, margin = sales >= case["target"], Fraction(case["margin"], 10_000)
    base = BASE[case["grade"]]
    bands = ((Fraction(1, 20), 0), (Fraction(1, 10), 5), (Fraction(1, 5), 15))
    share = next((percent for edge, percent in bands if margin < edge), 30)
    lines = {
        "base": base,
        "key": _cents(key * 2 / 100),
        "team": _cents((sales - key) * (10 if met else 5) / 1000),
        "perf": _cents(Fraction(base * share, 100)),
    }
    grounds = {
        "annual": case["annual"] is False,
        "dissatisfied": not case["sat"],
        "target": not met,
        "task": not case["task"],
    }
    fired = [name for name, holds in grounds.items() if holds]
    status = "suspended" if fired else "active"
    return {**lines, "total": sum(lines.values()), "status": status, "grounds": fired}


def _cents(amount):
    """The nearest whole number, ties away from zero; no amount here is below zero."""
    return int((2 * amount + 1) // 2)


def cases(count: int, seed: int, *, refused: bool = False) -> list[Case]:
    """Seeded cases, many of them exactly on a tie or a threshold or one unit beside it."""
    import random

    draw = random.Random(seed)
    return [_case(draw, refused=refused) for _ in range(count)]


def _case(draw, *, refused: bool) -> Case:
    target = draw.randrange(100_000_00, 5_000_000_00)
    sales = draw.choice(
        [target, target - 1, target + 1, *[target * draw.randrange(500, 1600) // 1000] * 6]
    )
    key = int(sales * draw.random())
    tie = draw.randrange(6)
    if tie == 0:
        key -= (key - 25) % 50  # 2 % of it ends on half a cent
    elif tie == 1:
        key -= (key - (sales - 100)) % 200  # 0.5 % of the rest ends on half a cent
    elif tie == 2:
        key = draw.choice([0, sales])
    edges = [-1200, -1, 0, 499, 500, 501, 999, 1000, 1001, 1999, 2000, 2001, 4500]
    many = refused and draw.random() < 0.03
    return {
        "grade": draw.choice(GRADES),
        "target": target,
        "sales": sales,
        "key_sales": min(max(key, 0), sales),
        "n": draw.randrange(6, 9) if many else draw.randrange(6),
        "margin": draw.choice(edges) if draw.random() < 0.4 else draw.randrange(-2000, 4000),
        "task": draw.random() < 0.85,
        "sat": draw.random() < 0.85,
        "annual": draw.choice([True, True, False, None]),
    }


def answer(lines: list[int], total: int, grounds: list[str]) -> Answer:
    """An answer of its parts, for programs that give them one by one."""
    status = "suspended" if grounds else "active"
    return {
        **dict(zip(LINES, lines, strict=True)),
        "total": total,
        "status": status,
        "grounds": grounds,
    }


def columns(answers: list[Answer], annual: list[bool | None]) -> dict[str, list]:
    """The whole table that answers make: every column rolerules gives for `director.yaml`."""
    held = [set(one["grounds"]) for one in answers]
    return {
        **{f"pay.{name}": [one[name] for one in answers] for name in LINES},
        "pay.total": [one["total"] for one in answers],
        "assessments.target": ["missed" if "target" in one else "met" for one in held],
        "assessments.task": ["missed" if "task" in one else "met" for one in held],
        "assessments.annual": [
            "not_due" if due is None else "missed" if "annual" in one else "met"
            for one, due in zip(held, annual, strict=True)
        ],
        "status": [one["status"] for one in answers],
        "effect": ["proposed" if one else None for one in held],
        "grounds": [", ".join(one["grounds"]) for one in answers],
        "violations": [""] * len(answers),
        "missing": [""] * len(answers),
        "closing.status": ["active"] * len(answers),
        "closing.since": [None] * len(answers),
        "refused": [None] * len(answers),
    }
