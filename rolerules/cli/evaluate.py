# SPDX-License-Identifier: MIT
"""`rolerules evaluate`: one case to a pay statement or JSON, many to JSON Lines."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import attrs
import click

import rolerules
from rolerules.cli.arguments import case_options
from rolerules.cli.cases import Case, decoded, is_lines, of_value, read_case
from rolerules.cli.exact_json import parse
from rolerules.cli.explain import explained
from rolerules.cli.files import read_lines, shown_name
from rolerules.cli.output import counted, say, say_json
from rolerules.decision import Decision
from rolerules.engines.facts import read_as_of
from rolerules.engines.program import installed
from rolerules.limits import LIMITS
from rolerules.periods import follows
from rolerules.problems import FactError, Problem, RolerulesError
from rolerules.ruleset import ENGINES, Engine


@click.command("evaluate")
@case_options
@click.option(
    "--format", "format_", type=click.Choice(["text", "json", "jsonl"]),
    help="A pay statement (text), JSON, or JSON Lines, as which JSON Lines always come out.  "
    "[default: text]",
)  # fmt: skip
@click.option("--lines", is_flag=True, help="Read JSON Lines and write them: one case a line.")
@click.option(
    "--in-turn", is_flag=True,
    help="Of JSON Lines: each case opens with what the last one of the same id handed on.",
)  # fmt: skip
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="What decides; all give the same. `durable` has durable-rules fire the rules as well.",
)
def command(
    ruleset: str, facts: str, company: str | None, as_of: datetime.date | None,
    opening_status: str | None, format_: str | None, lines: bool, in_turn: bool, engine: Engine | None,
) -> None:  # fmt: skip
    """Decide a case by RULESET from the FACTS in a .json or .yaml file (- for stdin).

    The file is the map of facts, or an envelope with `facts`, `as_of`, `opening` and `id`. A
    file of JSON Lines (.jsonl, .ndjson) gives one decision a line, with the `id` of its case; a
    line that is refused says so in its place, and the others go on. With --in-turn the lines
    are periods: each opens with the balances and the status that the last of its id closed with.

    \b
    Example:
      rolerules evaluate marketing-director facts.yaml --company example --as-of 2026-09-30
    """
    many = lines or format_ == "jsonl" or is_lines(facts)
    if many and format_ in ("text", "json"):
        raise click.UsageError(
            f"`--format {format_}` is for one case, and JSON Lines come out as JSON Lines: "
            "leave `--format` out"
        )
    if in_turn and not many:
        raise click.UsageError("`--in-turn` is for JSON Lines: one period a line")
    if engine == "durable":
        installed()  # else every line of many would say that it is not
    loaded = rolerules.load(ruleset, company=company)
    if many:
        _decide_lines(loaded, facts, as_of, opening_status, in_turn, engine)
        return
    case = read_case(facts)
    if format_ == "json":
        say_json(decide(loaded, case, as_of, opening_status, engine).to_dict())
    else:
        if engine:  # a statement gives reasons, which are the reference engine's
            decide(loaded, case, as_of, opening_status, engine)
        from rolerules.explain.statement import statement  # JSON does without it

        explanation = explained(loaded, case, as_of, opening_status)
        say(statement(loaded.model, explanation, case.id))


def decide(
    ruleset: rolerules.Ruleset, case: Case, as_of: datetime.date | None, status: str | None,
    engine: Engine | None = None,
) -> Decision:  # fmt: skip
    """Decide a case. Raises `RolerulesError` with the places of its problems in the file."""
    with case.placing():
        return ruleset.evaluate(
            case.facts, as_of=case.decided_on(as_of), opening=case.opened_with(status),
            engine=engine or "single",
        )  # fmt: skip


Closed = dict[str | int | None, tuple[datetime.date | None, dict[str, object]]]
"""By id: the as-of date of its last period, and what it handed on."""


def _decide_lines(
    ruleset: rolerules.Ruleset, name: str, as_of: datetime.date | None, status: str | None,
    in_turn: bool, engine: Engine | None,
) -> None:  # fmt: skip
    decided = refused = 0
    closed: Closed = {}
    for number, line in enumerate(read_lines(name, LIMITS.facts_bytes), 1):
        if not line.strip():
            continue
        before = closed if in_turn else None
        result, good = _line(ruleset, line, shown_name(name), number, as_of, status, before, engine)
        decided, refused = decided + good, refused + (not good)
        say_json(result, indent=None)
    say(f"{counted(decided, 'case')} decided, {refused:,} refused", err=True)
    if refused:
        raise click.exceptions.Exit(1)


def _line(
    ruleset: rolerules.Ruleset, line: bytes, file: str, number: int,
    as_of: datetime.date | None, status: str | None,
    closed: Closed | None, engine: Engine | None,
) -> tuple[dict[str, Any], bool]:  # fmt: skip
    """The decision on one line, or why it is refused, and which of the two it is."""
    value: Any = None
    case: Case | None = None
    try:
        value = parse(decoded(line, file), file, number)
        case = of_value(value, file)
        if closed is not None:
            case, status = _following(ruleset, case, as_of, status, closed)
        decision = decide(ruleset, case, as_of, status, engine)
        if closed is not None:
            closed[case.id] = decision.as_of, decision.closing()
        return {"id": case.id, **decision.to_dict()}, True
    except RolerulesError as error:
        if closed is not None:  # what it would have handed on is unknown, and never the start again
            closed[_id(value, in_turn=True)] = None, {"status": None, "carries": {}}
        problems = [_on_line(problem, file, number).to_dict() for problem in error.problems]
        return {
            "id": _id(value, in_turn=closed is not None),
            "line": number,
            "refused": problems,
        }, False


def _following(
    ruleset: rolerules.Ruleset, case: Case, as_of: datetime.date | None, status: str | None,
    closed: Closed,
) -> tuple[Case, str | None]:  # fmt: skip
    """The case opened with what its last period handed on. Raises `FactError`."""
    if case.id is None:
        mend = "give each line an `id`: it says whose periods follow each other"
        raise FactError([Problem("id-missing", "this line has no `id`", help=mend)])
    if case.id not in closed:
        return case, status
    before, handed_on = closed[case.id]
    if case.opening is not None:
        return case, None  # the status said for all is what the first period of each opens with
    day = read_as_of(case.decided_on(as_of))
    model = ruleset.model
    if before and model.period and not follows(day, before, model.period, model.year_starts):
        message = (
            f"the {model.period} of {day} does not follow that of {before}, the last one of its id"
        )
        mend = "put the lines in order, add what is missing, or give this line an `opening`"
        raise FactError([Problem("out-of-turn", message, help=mend, path="as_of")])
    return attrs.evolve(case, opening=handed_on), None


def _id(value: Any, *, in_turn: bool = False) -> str | int | None:
    """The id of a case that is refused, where it has one that can be echoed.

    Beside bare facts a key `id` is a fact; of periods in turn it says whose they are.
    """
    if not isinstance(value, Mapping) or not ("facts" in value or in_turn):
        return None
    found = value.get("id")
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def _on_line(problem: Problem, file: str, number: int) -> Problem:
    """A problem of a line that was read alone, with its place in the whole file."""
    if problem.place is None or problem.place.file != file:
        return problem
    return attrs.evolve(problem, place=attrs.evolve(problem.place, line=number, end_line=number))
