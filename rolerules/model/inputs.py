# SPDX-License-Identifier: MIT
"""Facts and parameters: types, ranges, and the figures in force by date."""

from __future__ import annotations

import collections
import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction

from rolerules.limits import LIMITS
from rolerules.model.context import Context, origin
from rolerules.model.figures import declared_range, figure, in_force
from rolerules.model.model import Fact, InForce, Parameter
from rolerules.model.scope import Lookup
from rolerules.model.term import Scalar, Term
from rolerules.model.types import AMOUNTS, ANY, BROKEN, DATE, Field, Range, Type, exactly
from rolerules.problems import nearest
from rolerules.syntax import tree
from rolerules.syntax.shape import TYPES

Figures = Scalar | Mapping[str, Scalar] | tuple[datetime.date, ...]
DATES = Type("list", item=DATE)


def fact(context: Context, named: tree.Named[tree.Fact]) -> Fact:
    """Check one fact and let formulas name it."""
    written = named.value
    type_, range_ = _type(context, named)
    declared = written.max_items.text if written.max_items else ""
    items = int(declared) if declared.isascii() and declared.isdigit() else LIMITS.list_items
    if written.max_items and items > LIMITS.list_items_declared:
        message = f"`{written.max_items.text}` is more than the {LIMITS.list_items_declared:,} items a list can have"
        context.report(
            written.max_items.span, "figure-too-large", message, "write a smaller number"
        )
    for option in type_.options:
        context.scope.options.setdefault(option, named.name)
    context.name(
        named.name,
        Term(
            "name", (), type_, _items_range(items) if type_.kind == "list" else range_, named.name
        ),
    )
    attested = written.attested_by.text if written.attested_by else ""
    adds_up = written.accumulates is not None and written.accumulates.text == "yes"
    return Fact(
        origin(named), type_, range_, items if type_.kind == "list" else 0, attested, adds_up
    )


def _items_range(items: int) -> Range:
    return Range(Fraction(0), Fraction(items), step=Fraction(1))


def _type(context: Context, named: tree.Named[tree.Fact]) -> tuple[Type, Range]:
    written, kind = named.value, named.value.type.text
    if kind not in TYPES:
        return BROKEN, ANY
    if kind != "money" and written.accumulates is not None:
        context.report(
            written.accumulates.span,
            "key-of-other-type",
            f"`{named.name}` is {Type(kind)}, and only money has `accumulates`",
            "leave it out: a list takes one more item anyway, and another fact its latest value",
        )
    if kind == "list":
        return _list(context, named), ANY
    for key, value in (("each", written.each), ("max_items", written.max_items)):
        if value is not None:
            context.report(
                named.span,
                "key-of-other-type",
                f"`{named.name}` is {Type(kind)}, and only a list has `{key.replace('_', ' ')}`",
                "write `type: list`, or leave it out",
            )
    if kind != "choice" and written.of is not None:
        context.report(
            named.span,
            "key-of-other-type",
            f"`{named.name}` is {Type(kind)}, and only a choice has `of`",
            "write `type: choice`, or leave it out",
        )
    if kind == "choice":
        return Type("choice", _options(context, named)), ANY
    type_ = Type(kind)
    return type_, declared_range(context, type_, written.min, written.max)


def _options(context: Context, named: tree.Named[tree.Fact]) -> tuple[str, ...]:
    options = [option.text for option in named.value.of or ()]
    if not options:
        context.report(
            named.span,
            "choices-missing",
            f"the choices of `{named.name}` are missing",
            "add `of: [A, B]`",
        )
    counts = collections.Counter(options)
    for option in named.value.of or ():
        if counts[option.text] > 1:
            context.report(
                option.span, "name-taken", f"`{option.text}` stands twice", "leave one out"
            )
            break
    return tuple(options)


def _list(context: Context, named: tree.Named[tree.Fact]) -> Type:
    fields = []
    if not named.value.each:
        context.report(
            named.span,
            "fields-missing",
            f"the fields of `{named.name}` are missing",
            "add `each:` and its fields",
        )
    for field in named.value.each or ():
        if field.broken:
            type_, range_ = BROKEN, ANY
        elif field.value.type.text == "list":
            context.report(
                field.span,
                "list-in-list",
                "an item of a list cannot hold a list",
                "make it a list fact of its own",
            )
            type_, range_ = BROKEN, ANY
        else:
            type_, range_ = _type(context, field)
        fields.append(Field(field.name, type_, range_))
        for option in type_.options:
            context.scope.options.setdefault(option, field.name)
    return Type("list", item=Type("record", fields=tuple(fields)))


def parameter(
    context: Context, named: tree.Named[tree.Parameter], company: tree.Named[tree.CompanyParameter] | None,
    file: str,
) -> Parameter:  # fmt: skip
    """Check one parameter with the company's figures, and let formulas name it.

    `file` is that of the company that takes part: without one its figures may be missing.
    """
    written = named.value
    kind = written.type.text if written.type else ""
    type_ = Type(kind) if kind in TYPES and kind not in ("list", "choice") else BROKEN
    type_ = DATES if kind == "dates" else type_
    options = _by(context, written)
    source: tree.Parameter | tree.CompanyParameter | None = written
    if written.set_by:
        source = company.value if company else None
        if file and company is None:
            message = f"the company's file `{file}` has no figure for `{named.name}`"
            context.report(
                named.span, "figure-missing", message, f"add `{named.name}:` to its parameters"
            )
    figures: list[InForce[Figures]] = []
    if source is not None and type_ is not BROKEN:
        always = [tree.Dated(None, source.value)] if source.value is not None else []
        for since, one in in_force(context, [*always, *source.dated]):
            value = _figures(context, one.value, type_, options, named)
            if value is not None:
                figures.append(InForce(since, value))
    _declare(context, named, type_, options, figures)
    by = written.by.text if written.by else ""
    return Parameter(origin(named), type_, by, written.set_by is not None, tuple(figures))


def _by(context: Context, written: tree.Parameter) -> Type | None:
    if written.by is None:
        return None
    found = context.scope.names.get(written.by.text)
    built_in = written.by.text == "status_at_start"
    if found is not None and found.type.kind in ("choice", "broken") and not built_in:
        return found.type
    choices = [name for name, term in context.scope.names.items() if term.type.kind == "choice"]
    context.report(
        written.by.span,
        "not-a-choice",
        f"`{written.by.text}` is no choice fact",
        nearest(written.by.text, choices),
    )
    return BROKEN


def _figures(
    context: Context,
    written: tree.Figures,
    type_: Type,
    options: Type | None,
    named: tree.Named[tree.Parameter],
) -> Figures | None:
    if type_ == DATES:
        return _dates(context, written, named)
    if isinstance(written, tree.Written):
        if options is None or options is BROKEN:
            return figure(context, written, type_)
        context.report(
            written.span,
            "choices-missing",
            f"`{named.name}` has one figure per choice",
            "write one line per choice: `M1: 20000.00`",
        )
        return None
    if options is None:
        context.report(
            written[0].span if written else named.span,
            "not-by-choice",
            f"`{named.name}` has one figure, not one per choice",
            "add `by:` to the parameter, or write one figure",
        )
        return None
    by_choice = [one for one in written if isinstance(one, tree.Named)]
    if options is BROKEN:
        return None
    return _per_choice(context, by_choice, type_, options, named)


def _dates(
    context: Context, written: tree.Figures, named: tree.Named[tree.Parameter]
) -> tuple[datetime.date, ...] | None:
    days = [] if isinstance(written, tree.Written) else [*written]
    read = [figure(context, day, DATE) for day in days if isinstance(day, tree.Written)]
    if len(read) < len(days) or isinstance(written, tree.Written):
        mend = "write `[2026-01-01, 2026-05-01]`"
        context.report(named.span, "wrong-shape", f"`{named.name}` is no list of dates", mend)
        return None
    return tuple(day for day in read if isinstance(day, datetime.date))


def _per_choice(
    context: Context, written: Sequence[tree.Named[tree.Written]], type_: Type, options: Type,
    named: tree.Named[tree.Parameter],
) -> Figures:  # fmt: skip
    values: dict[str, Scalar] = {}
    for one in written:
        if one.name not in options.options:
            context.report(
                one.span,
                "unknown-choice",
                f"`{one.name}` is none of the choices",
                nearest(one.name, options.options),
            )
        value = None if one.broken else figure(context, one.value, type_)
        if value is not None:
            values[one.name] = value
    missing = [option for option in options.options if option not in {one.name for one in written}]
    if missing:
        message = f"`{named.name}` has no figure for {', '.join(f'`{one}`' for one in missing)}"
        context.report(
            written[0].span if written else named.span,
            "figure-missing",
            message,
            "add a line for each",
        )
    return values


def _declare(
    context: Context, named: tree.Named[tree.Parameter], type_: Type, options: Type | None,
    figures: list[InForce[Figures]],
) -> None:  # fmt: skip
    values = [
        value for one in figures
        for value in (one.value.values() if isinstance(one.value, Mapping) else [one.value])
    ]  # fmt: skip
    range_ = ANY
    if type_.kind in AMOUNTS and values:
        amounts = [value for value in values if isinstance(value, Fraction)]
        range_ = exactly(amounts[0])
        for amount in amounts[1:]:
            range_ = range_.either(exactly(amount))
    written = named.value
    context.scope.figures[named.name] = figures[0].since if figures else None
    if options is None:
        context.name(named.name, Term("name", (), type_, range_, named.name))
    elif written.by:
        context.scope.lookups[named.name] = Lookup(type_, range_, written.by.text, options)
