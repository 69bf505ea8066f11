# SPDX-License-Identifier: MIT
"""The library's door: load a ruleset, evaluate facts, explain a decision."""

from __future__ import annotations

import bisect
import contextlib
import datetime
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs

from rolerules.decision import Decision
from rolerules.engines import reference
from rolerules.engines.facts import read_as_of, read_facts
from rolerules.engines.opening import read_opening
from rolerules.engines.single.later import SLOWER, Single
from rolerules.extras import require
from rolerules.model.check import check
from rolerules.model.model import Model
from rolerules.model.sources import Sources, collect, ruleset_path
from rolerules.model.texts import Text, texts_of
from rolerules.plan.lower import intervals, lower
from rolerules.plan.plan import Plan
from rolerules.problems import FactError, Problem, RulesetError, one_of

if TYPE_CHECKING:
    from rolerules.explain.why import Explanation
    from rolerules.record.record import Record
    from rolerules.record.sessions import Session

Engine = Literal["single", "reference", "durable"]
ENGINES: tuple[Engine, ...] = get_args(Engine)

_DAYS_KEPT = 1_000


@attrs.frozen(slots=True, repr=False)
class Ruleset:
    """A checked ruleset with its policies and, perhaps, a company's figures.

    It never changes and may be shared between threads; plans are made once per interval
    between two dated figures.
    """

    model: Model
    _dates: list[datetime.date] = attrs.field(eq=False)
    texts: tuple[Text, ...] = attrs.field(default=(), eq=False)
    _plans: dict[int, Plan] = attrs.field(factory=dict, eq=False)
    _singles: dict[int, Single] = attrs.field(factory=dict, eq=False)
    _cases: dict[datetime.date, Callable[[dict[str, Any]], Decision]] = attrs.field(
        factory=dict, eq=False
    )
    """For each as-of date the function of facts all known, at the start of employment."""
    programs: dict[Any, Any] = attrs.field(factory=dict, eq=False)
    """What was built to decide tables, for the next one that is alike."""

    def __getstate__(self) -> tuple[Model, list[datetime.date], tuple[Text, ...]]:
        return self.model, self._dates, self.texts  # plans and their functions are made again

    def __setstate__(self, state: tuple[Model, list[datetime.date], tuple[Text, ...]]) -> None:
        names = ("model", "_dates", "texts", "_plans", "_singles", "_cases", "programs")
        for name, value in zip(names, (*state, {}, {}, {}, {}), strict=True):
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        company = f", company {self.model.company}" if self.model.company else ""
        return f"<Ruleset {f'{self.id} {self.version}'.rstrip()}{company}>"

    @property
    def id(self) -> str:
        """The ruleset's id, as in its file."""
        return self.model.id

    @property
    def version(self) -> str:
        """The ruleset's version, as in its file."""
        return self.model.version

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, over the canonical text of every file taking part."""
        return self.model.digest

    def at(self, as_of: datetime.date | str) -> Plan:
        """Give the plan in force on a date.

        Raises `RulesetError` where a figure is not in force then, or a company's is missing.
        """
        day = read_as_of(as_of)
        place = bisect.bisect_right(self._dates, day)
        plan = self._plans.get(place)
        if plan is None:
            plan = self._plans[place] = lower(self.model, day)
        return plan

    def evaluate(
        self,
        facts: object,
        *,
        as_of: datetime.date | str,
        opening: Mapping[str, Any] | None = None,
        engine: Engine = "single",
    ) -> Decision:
        """Decide one case: one person, one period.

        `facts` is a mapping, or an attrs or dataclass instance: amounts as Decimal, int or text
        in major units; None or left out is unknown. `as_of` is the period's last day.
        `opening` is what came in: `{"status": "active", "since": "2026-04-01", "carries":
        {"owed": "500.00"}}`, as an earlier decision's `closing()` gives it; left out means the
        start of employment. `engine` is `single`; or `reference`, which gives the same, slower;
        or `durable`, which has durable-rules fire the rules as well and holds it to them.

        Raises `FactError` where facts are refused (all reasons at once), `RulesetError`
        where figures are missing, and `ValueError` for an engine that there is not.
        """
        if engine == "single" and type(facts) is dict:
            if opening is None:
                try:
                    return self._cases[as_of](facts)  # type: ignore[index]  # text is no key
                except SLOWER:
                    pass
            found = self._single(facts, as_of, opening)
            if found is not None:
                return found
        if engine not in ENGINES:
            raise ValueError(f"there is no engine `{engine}`: write {one_of(ENGINES)}")
        proof = self.prove(facts, as_of=as_of, opening=opening)
        if engine == "durable":
            from rolerules.engines.durable import decide

            return decide(proof)
        return proof.decision

    def _single(
        self, facts: dict[str, Any], as_of: datetime.date | str, opening: Mapping[str, Any] | None
    ) -> Decision | None:
        """The single engine's decision; None for a case that may be refused."""
        try:
            day = read_as_of(as_of)
            place = bisect.bisect_right(self._dates, day)
            if place not in self._singles:
                self._singles[place] = Single(self.at(day))
                return None  # writing functions takes longer than one case does without them
            made = self._singles[place].day(day, opening)
        except FactError:
            return None
        tried, known = opening is None and day in self._cases, made.known()
        if known is not None and opening is None:
            if len(self._cases) > _DAYS_KEPT:
                self._cases.clear()
            self._cases[day] = known
        return made.decide(facts, known_to_be_slow=tried)

    def prove(
        self, facts: object, *, as_of: datetime.date | str, opening: Mapping[str, Any] | None = None
    ) -> reference.Proof:
        """Decide one case and keep the result of every step; arguments and errors as `evaluate`."""
        try:
            day = read_as_of(as_of)
            plan = self.at(day)
            values, refused = read_facts(plan.facts, facts, plan.digits)
        except FactError as error:
            raise FactError(self._refused(error.problems, facts, opening)) from None
        try:
            proof = reference.run(plan, values, day, read_opening(plan, opening))
        except FactError as error:
            raise FactError([*refused, *error.problems]) from None
        if refused:
            raise FactError(refused)
        return proof

    def _refused(
        self, first: tuple[Problem, ...], facts: object, opening: Mapping[str, Any] | None
    ) -> Iterable[Problem]:
        """Every reason to refuse a case of which the date or the facts as a whole are wrong.

        Facts and states are the same in every plan; where the last one lacks figures, what is
        said of the opening waits until the rest is mended.
        """
        problems = [*first]
        with contextlib.suppress(RulesetError):
            plan = self.at(datetime.date.max)
            try:
                read_opening(plan, opening)
            except FactError as error:
                problems += error.problems
        try:
            problems += read_facts(self.model.facts, facts, self.model.digits)[1]
        except FactError as error:
            problems += error.problems
        return dict.fromkeys(problems)

    def evaluate_table(
        self,
        table: Any,
        *,
        as_of: datetime.date | str,
        minor_units: bool = False,
        keep: Iterable[str] = (),
    ) -> Any:
        """Decide every row of a table: one person, one period a row, with a column for each fact.

        `table` is a pyarrow, Polars or pandas table, or anything with `__arrow_c_stream__`; the
        same kind comes back, one row a row, in the same order. `as_of` is a date, or the name of
        a column of dates. `minor_units` says that integers of money count the currency's least
        unit, in the table and in what comes out. `keep` names columns that are carried through.
        A row that `evaluate` would refuse has its reasons in `refused`, and stops no other.

        Raises `FactError` where columns are no facts or of a wrong kind, `RulesetError` where
        the one date of all rows lacks figures, and `RolerulesError` without the extra `bulk`.
        """
        require("bulk")
        from rolerules.bulk.table import evaluate_table  # needs the extra

        return evaluate_table(self, table, as_of=as_of, minor_units=minor_units, keep=keep)

    def explain(
        self, facts: object, *, as_of: datetime.date | str, opening: Mapping[str, Any] | None = None
    ) -> Explanation:
        """Decide one case and say why, why not, and what is missing; arguments as `evaluate`."""
        from rolerules.explain.explain import explain  # a decision alone starts without it

        return explain(self.model, self.prove(facts, as_of=as_of, opening=opening))

    def session(
        self, *, subject: str, period: str, record: Record,
        opening: Mapping[str, Any] | None = None,
        engine: Literal["durable", "reference"] | None = None,
        at: object = None, source: str | None = None,
    ) -> Session:  # fmt: skip
        """Open the session of a person over a period, such as `2026-Q3`, on a record.

        `opening` is what the period begins with, as for `evaluate`, with the day `at` for which
        `source` says so; left out, it is what the record has of the periods before. `engine` is
        what fires the rules; left out, durable-rules does where it is installed. Raises
        `RolerulesError`.
        """
        sessions = import_module("rolerules.record.sessions")  # with what it needs, when asked for
        made: Session = sessions.Session(
            self, subject, period, record, opening, engine, at=at, source=source
        )
        return made


def load(ruleset: str | Path, *, company: str | Path | None = None) -> Ruleset:
    """Load a ruleset by id (`"marketing-director"`) or by the path of its file.

    `company` is the id or the path of a company file, for rulesets with figures that are set
    by the company. Raises `RulesetError` with every problem of every file taking part.
    """
    return of_sources(collect(ruleset_path(ruleset), company))


def of_sources(sources: Sources) -> Ruleset:
    """Check files that were read. Raises `RulesetError` with every problem of every one of them."""
    model, problems = check(sources)
    if model is None:
        raise RulesetError(problems)
    return Ruleset(model, intervals(model), texts_of(sources))
