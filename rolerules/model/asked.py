# SPDX-License-Identifier: MIT
"""What policies ask of a ruleset, and a ruleset of its company: facts and figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rolerules.model.context import Context, readable
from rolerules.model.sources import known
from rolerules.model.term import Term
from rolerules.model.types import ANY, BROKEN, Type
from rolerules.problems import closest, nearest
from rolerules.syntax import tree


def requirements(
    context: Context,
    main: tree.Ruleset,
    policies: Iterable[tree.Ruleset],
    facts: Iterable[tree.Named[tree.Fact]],
    assessed: bool,
) -> None:
    """Report what the policies used ask of a ruleset, and it has not; `assessed`: it has assessments."""
    have = {named.name: named for named in facts}
    for policy in policies:
        used = next((used for used in main.uses if used.text == policy.id.text), main.id)
        for wanted in policy.requires.facts if policy.requires else ():
            found = have.get(wanted.name)
            if found is None and not wanted.broken:
                mend = f"declare it under `facts`, of type {wanted.value.type.text}"
                context.report(
                    used.span,
                    "requirement",
                    f"`{policy.id.text}` needs the fact `{wanted.name}`, which is not declared",
                    mend,
                )
                context.name(wanted.name, Term("name", (), BROKEN, ANY, wanted.name))
            elif (
                found is not None
                and not wanted.broken
                and found.value.type.text != wanted.value.type.text
            ):
                message = f"`{policy.id.text}` needs `{wanted.name}` to be {Type(wanted.value.type.text)}, and it is {Type(found.value.type.text)}"
                context.report(
                    found.span,
                    "requirement",
                    message,
                    f"write `type: {wanted.value.type.text}`",
                )
                context.name(wanted.name, Term("name", (), BROKEN, ANY, wanted.name))
        if policy.requires and policy.requires.assessments and not assessed:
            context.report(
                used.span,
                "requirement",
                f"`{policy.id.text}` needs assessments",
                "add them under `assessments`",
            )


def company_figures(
    context: Context,
    main: tree.Ruleset,
    company: tree.Company | None,
    asked_for: Mapping[str, Iterable[tree.Named[Any]]],
) -> dict[str, dict[str, tree.Named[Any]]]:
    """The company's figures for a ruleset, by section and name; `asked_for` has what may take them."""
    found: dict[str, dict[str, tree.Named[Any]]] = {section: {} for section in asked_for}
    mine = _figures_for(context, main, company)
    if mine is None or mine.broken:
        return found
    for section, by_name in found.items():
        own = {named.name: named for named in asked_for[section]}
        for figures in sound(getattr(mine.value, section)):
            asked = own.get(figures.name)
            if asked is None:
                mend = nearest(
                    figures.name, [name for name, named in own.items() if named.value.set_by]
                )
                context.report(
                    figures.span,
                    "unknown-figure",
                    f"`{main.id.text}` asks for no `{figures.name}`",
                    mend,
                )
            elif asked.value.set_by is None:
                message = f"`{figures.name}` is not set by the company"
                context.report(
                    figures.span,
                    "unknown-figure",
                    message,
                    "the ruleset holds it: change it there, or mark it `set by: company`",
                )
            else:
                by_name[figures.name] = figures
    return found


def _figures_for(
    context: Context, main: tree.Ruleset, company: tree.Company | None
) -> tree.Named[Any] | None:
    """The company's figures for this ruleset, also under a name that was meant for its id."""
    mine = main.id.text
    named = {one.name: one for one in company.figures_for} if company else {}
    near = None if mine in named else closest(mine, named)
    if near is None or near in known("roles", Path(main.id.span.file).parent):
        return named.get(mine)
    context.report(
        named[near].span,
        "unknown-ruleset",
        f"there is no ruleset `{near}`, and there are no figures for `{mine}`",
        f"did you mean `{mine}`?",
    )
    return named[near]


def title(company: tree.Company | None) -> str:
    """What people read as the company's name; empty without a company."""
    if company is None:
        return ""
    return company.title.text if company.title else readable(company.id.text)


def sound(group: Iterable[tree.Named[Any]]) -> list[tree.Named[Any]]:
    """Those that could be read."""
    return [named for named in group if not named.broken]
