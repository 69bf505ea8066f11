# SPDX-License-Identifier: MIT
"""Written figures of parameters and ranges, read by their declared type."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from fractions import Fraction
from typing import TypeVar

from rolerules.limits import LIMITS
from rolerules.model.context import Context
from rolerules.model.term import Scalar
from rolerules.model.types import AMOUNTS, Range, Type
from rolerules.spelling import date_help, figure_help
from rolerules.syntax.tree import Dated, Written
from rolerules.values import (
    decimals,
    exact_text,
    parse_date,
    parse_figure,
    parse_rate,
    percent_help,
)

T = TypeVar("T")
LIKE = {
    "money": "1200000.00", "rate": "5% or 0.05", "number": "1.25", "whole": "5", "yes/no": "yes or no",
    "date": "2026-09-30",
}  # fmt: skip


def figure(context: Context, written: Written, type_: Type) -> Scalar | None:
    """Read one written figure; None where a problem was reported."""
    text = written.text
    value = parse(text, type_)
    if value is None:
        context.report(written.span, "wrong-figure", f"`{text}` is not {type_}", _mend(text, type_))
        return None
    if isinstance(value, Fraction):
        if type_.kind == "rate" and abs(value) > 1 and not text.endswith("%"):
            message = f"`{text}` stands for a rate without `%`"
            context.report(written.span, "rate-without-percent", message, percent_help(value))
            return None
        most = context.digits if type_.kind == "money" else LIMITS.decimals
        if (decimals(value) or 0) > most:
            message = f"`{text}` has more than {most} decimal places"
            mend = f"write at most {most}" + (
                ", the digits of its currency" if type_.kind == "money" else ""
            )
            context.report(written.span, "too-many-decimals", message, mend)
            return None
        if abs(value) > LIMITS.number:
            context.report(
                written.span,
                "figure-too-large",
                f"`{text}` is larger than {int(LIMITS.number):,}",
                "write a smaller figure",
            )
            return None
    return value


def _mend(text: str, type_: Type) -> str:
    if type_.kind == "choice":
        return f"write one of {', '.join(type_.options)}"
    told = figure_help(text) if type_.kind in AMOUNTS else ""
    if told := told or (date_help(text) if type_.kind == "date" else ""):
        return told
    tail = ", with a point before decimals and no separators" if type_.kind in AMOUNTS else ""
    return f"write it like {LIKE[type_.kind]}{tail}"


def parse(text: str, type_: Type) -> Scalar | None:
    """Read a text as a value of a type; None where it is none."""
    if type_.kind == "money" or type_.kind == "number":
        return parse_figure(text)
    if type_.kind == "rate":
        return parse_rate(text)
    if type_.kind == "whole":
        value = parse_figure(text)
        return value if value is not None and value.denominator == 1 else None
    if type_.kind == "yes/no":
        return {"yes": True, "no": False}.get(text)
    if type_.kind == "date":
        return parse_date(text)
    if type_.kind == "choice":
        return text if text in type_.options else None
    return text


def declared_range(
    context: Context, type_: Type, least: Written | None, most: Written | None
) -> Range:
    """The range of a fact or field: what it declares, else the documented limits of its type."""
    if type_.kind not in AMOUNTS:
        for bound in (least, most):
            if bound:
                context.report(
                    bound.span,
                    "no-range",
                    f"{type_} has no least or greatest value",
                    "leave it out, and write a limit if you need one",
                )
        return Range()
    limit = LIMITS.money if type_.kind == "money" else LIMITS.number
    step = {"money": Fraction(1, 10**context.digits), "whole": Fraction(1)}.get(type_.kind)
    ends = [figure(context, bound, type_) if bound else None for bound in (least, most)]
    low, high = (end if isinstance(end, Fraction) else None for end in ends)
    if low is not None and high is not None and low > high and most:
        context.report(
            most.span,
            "empty-range",
            f"`max` is {exact_text(high)}, below `min`, which is {exact_text(low)}",
            "turn them round, or correct one of them",
        )
    return Range(
        low if low is not None else -limit, high if high is not None else limit, False, step
    )


def in_force(
    context: Context, dated: Iterable[Dated[T]]
) -> list[tuple[datetime.date | None, Dated[T]]]:
    """Dates of figures, read and sorted; no date stands twice, since no key does."""
    seen: dict[datetime.date | None, Dated[T]] = {}
    for one in dated:
        since = None if one.since is None else parse_date(one.since.text)
        if one.since and since is None:
            message = f"`{one.since.text}` is no day of the calendar"
            context.report(
                one.since.span,
                "no-such-date",
                message,
                "write a day that exists, as year-month-day",
            )
        else:
            seen[since] = one
    return sorted(seen.items(), key=lambda pair: pair[0] or datetime.date.min)
