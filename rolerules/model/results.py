# SPDX-License-Identifier: MIT
"""Results of operations: which operands fit, which type and range come out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from rolerules.model.scope import Report, Scope
from rolerules.model.term import Term
from rolerules.model.types import (
    ANY,
    BROKEN,
    FIGURE,
    NUMBER,
    NUMBERS,
    RATE,
    WHOLE,
    Range,
    Type,
    common_step,
)
from rolerules.values import decimals, exact_text, fixed, percent_help

BROKEN_TERM = Term("constant", (), BROKEN)
"""What a wrong part becomes: it was reported, and is not reported again."""


def matches(type_: Type, want: str) -> bool:
    """Whether a type fits an operand of the operation table."""
    if want in ("any", "same"):
        return want == "any" or type_.kind not in ("list", "record")
    if want.startswith("list"):
        if type_.kind != "list" or type_.item is None:
            return False
        return want == "list" or matches(type_.item, want.removeprefix("list of "))
    if want in ("n", "whole"):
        return type_.kind in NUMBERS
    return type_.kind == want or (want == "money" and type_.kind == "figure")


def join(types: list[Type], range_: Range) -> Type:
    """The narrowest number type that holds all of some numbers, for a result of a range."""
    kinds = {type_.kind for type_ in types} - {"figure"}
    if not kinds:
        return FIGURE
    if kinds == {"whole"}:
        return WHOLE if range_.whole else NUMBER
    return Type(kinds.pop()) if len(kinds) == 1 else NUMBER


def range_of(op: str, ranges: list[Range]) -> Range:
    """What is proved of an operation's result from what is proved of its operands."""
    if op in ("+", "-", "*", "/"):
        one, two = ranges
        return {
            "+": one.plus,
            "-": lambda x: one.plus(x.negative()),
            "*": one.times,
            "/": one.over,
        }[op](two)
    if op == "negative":
        return ranges[0].negative()
    if op == "abs":
        sizes = [abs(end) for end in (ranges[0].low, ranges[0].high) if end is not None]
        return Range(
            Fraction(0),
            max(sizes) if len(sizes) == 2 else None,
            ranges[0].excludes_zero,
            ranges[0].step,
        )
    if op in ("floor", "ceiling"):
        low, high = ranges[0].low, ranges[0].high
        return Range(
            None if low is None else Fraction(low.__floor__()),
            None if high is None else Fraction(high.__ceil__()),
            step=Fraction(1),
        )
    if op == "round":
        return Range(
            low=Fraction(0) if ranges[0].low is not None and ranges[0].low >= 0 else None,
            step=ranges[1].high,
        )
    if op in ("min", "max"):
        return _extreme_range(op, ranges)
    if op == "sum":
        low = ranges[0].low
        return Range(low=Fraction(0) if low is not None and low >= 0 else None, step=ranges[0].step)
    if op in ("days", "full_months", "full_years"):
        return Range(step=Fraction(1))
    return Range(low=Fraction(0), step=Fraction(1)) if op == "count" else ANY


def _extreme_range(op: str, ranges: list[Range]) -> Range:
    pick = max if op == "max" else min
    ends = [[range_.low for range_ in ranges], [range_.high for range_ in ranges]]
    step = ranges[0].step
    for range_ in ranges[1:]:
        step = common_step(step, range_.step)
    low, high = ([end for end in some if end is not None] for some in ends)
    # One operand bounds the greatest from below and the least from above.
    least = pick(low) if low and (op == "max" or len(low) == len(ranges)) else None
    most = pick(high) if high and (op == "min" or len(high) == len(ranges)) else None
    return Range(
        least, most, all(range_.excludes_zero for range_ in ranges) and len(ranges) > 0, step
    )


def not_percent(terms: Iterable[Term], report: Report) -> bool:
    """Report the bare figures above 1 that stand for a rate; branches of `if` are looked into."""
    found = False
    for term in terms:
        if term.op in ("if", "or else"):
            found |= not_percent(term.args[term.op == "if" :], report)
        elif term.op in ("constant", "negative") and term.type.kind == "figure":
            value = term.range.low
            if value is not None and abs(value) > 1:
                message = f"`{exact_text(value)}` stands for a rate without `%`"
                report(term.at, "rate-without-percent", message, percent_help(value))
                found = True
    return found


def is_scaled(rate: Term, scope: Scope) -> bool:
    """Whether a rate was multiplied, as in `quality * 100`: it may be points by now."""
    if rate.op == "scale":
        return False
    ops = {part.op for part in rate.walk()}
    for part in rate.walk():
        formula = scope.formulas.get(str(part.value)) if part.op == "name" else None
        ops |= {inner.op for inner in formula.walk()} if formula else set()
    return bool(ops & {"*", "/"})


def bare_product(term: Term) -> str:
    """The mend for an amount of money that lacks its unit: a bare figure times a number."""
    for part in term.walk():
        figures = [arg.value for arg in part.args if arg.type is FIGURE and arg.op == "constant"]
        if part.op == "*" and figures and isinstance(figures[0], Fraction):
            places = decimals(figures[0])
            text = fixed(figures[0], max(2, places)) if places else exact_text(figures[0])
            return (
                "a bare figure times a number is a number: "
                f"give {text} a name under `parameters`, with `type: money`"
            )
    return ""


def operand_help(op: str, types: Sequence[Type]) -> str:
    """The mend for operands that do not go together."""
    kinds = {type_.kind for type_ in types}
    if op in ("+", "-") and "money" in kinds and kinds & {"rate", "number", "whole"}:
        return (
            "money goes with money: multiply the money by the rate first, as in `team_sales * 5%`"
        )
    if op == "-" and kinds == {"date"}:
        return "write `days(start, end)`, `full_months(start, end)` or `full_years(start, end)`"
    if op in ("+", "-") and "date" in kinds:
        return "write `add_days(day, count)` or `add_months(day, count)`"
    if op in ("highest", "lowest"):
        return f"it takes amounts or dates and how many: `{op}(team.sold, 3)`"
    if op == "*" and kinds == {"money"}:
        return "money times money means nothing: one of the two should be a rate or a number"
    if "list" in kinds and len(kinds) > 1:
        return "a list is no single figure: write `count(…)` of it, or `sum(list.field)` of a field"
    if kinds <= {"choice", "text", "yes/no", "date"} or op not in ("+", "-", "*", "/"):
        return "both sides must be of one type"
    return "see the table of operations in docs/language.md"


_ACCEPTED = {
    "yes/no": "write a comparison, such as `team_sales > 0`",
    "whole": "write `floor(…)`, `ceiling(…)` or `round(…, 1, half up)` around it",
    "rate": "divide money by money, as in `profit / team_sales`, or write a rate such as `5%`",
    "number": "divide money by money, as in `profit / team_sales`",
    "date": "write a date as year-month-day: `2026-09-30`",
}


def accept(term: Term, wanted: Type, report: Report, what: str = "this place") -> Term:
    """Check that a term's type is the one a place asks for; numbers fit where a number is asked."""
    if _fits(term, wanted):
        return BROKEN_TERM if wanted == RATE and not_percent([term], report) else term
    mend = _ACCEPTED.get(wanted.kind, f"write a formula that gives {wanted}")
    if wanted.kind == "money" and term.type.kind in NUMBERS:
        mend = "multiply it by an amount of money, as in `5% * team_sales`"
        if what == "`gives`":
            mend = f"write an amount such as `1000.00`, or `gives: {term.type.kind}`"
        mend = bare_product(term) or mend
    report(term.at, "wrong-type", f"{what} asks for {wanted}, and this is {term.type}", mend)
    return BROKEN_TERM


def _fits(term: Term, wanted: Type) -> bool:
    found = term.type
    if BROKEN in (found, wanted) or found == wanted:
        return True
    if wanted.kind == "money":
        return found.kind == "figure"
    if wanted.kind == "whole":
        return found.kind in NUMBERS and term.range.whole
    if wanted.kind in NUMBERS:
        return found.kind in NUMBERS
    if wanted.kind == "text":
        return found.kind == "choice"
    return False
