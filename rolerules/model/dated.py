# SPDX-License-Identifier: MIT
"""The rules of inference for figures by their dates: `in_force` on a day, `by_days` over the period."""

from __future__ import annotations

import abc
import datetime

from rolerules.model.guards import Known
from rolerules.model.results import BROKEN_TERM, accept
from rolerules.model.scope import Report, Scope
from rolerules.model.term import Term
from rolerules.model.types import AMOUNTS, BROKEN, DATE, NUMBER, WHOLE, Range
from rolerules.problems import nearest
from rolerules.text.expression import Expression, show

DATED = ("in_force", "by_days")


class FigureRules(abc.ABC):
    """A part of the inference; what the other parts give is abstract here."""

    scope: Scope
    report: Report
    proved: bool

    @abc.abstractmethod
    def term(self, expression: Expression, known: Known) -> Term:
        """Settle an expression."""

    @abc.abstractmethod
    def wrong(self, expression: Expression, code: str, message: str, help: str = "") -> Term:
        """Report a problem at an expression; it becomes a broken term."""

    def _dated(self, expression: Expression, known: Known) -> Term:
        written, *days = expression.args
        # What a condition proves of the figure of the as-of date says nothing of another day's.
        figure = self.term(written, {})
        if figure.type is BROKEN:
            return BROKEN_TERM
        name = written.args[0] if written.op == "index" else written
        if name.op != "name" or name.word not in self.scope.figures:
            return self._no_figure(expression.word, written)
        if expression.word == "by_days":
            return self._average(written, name.word, figure)
        day = accept(self.term(days[0], known), DATE, self.report, "the day of `in_force`")
        if day.type is BROKEN or not self._has_figure(days[0], day, name.word):
            return BROKEN_TERM
        return Term("in_force", (day, *figure.args), figure.type, figure.range, name.word)

    def _average(self, written: Expression, name: str, figure: Term) -> Term:
        if figure.type.kind not in AMOUNTS:
            message = f"`by_days` averages amounts, and `{name}` is {figure.type}"
            mend = f"ask for one day: `in_force({show(written)}, period_start)`"
            return self.wrong(written, "wrong-type", message, mend)
        type_ = NUMBER if figure.type == WHOLE else figure.type
        range_ = Range(figure.range.low, figure.range.high)
        return Term("by_days", figure.args, type_, range_, name)

    def _has_figure(self, written: Expression, day: Term, name: str) -> bool:
        """Whether a day that is written down lies after the first figure; other days are not known."""
        first, written_day = self.scope.figures[name], day.value
        if self.proved or first is None or not isinstance(written_day, datetime.date):
            return True
        if written_day >= first:
            return True
        message = f"no figure of `{name}` is in force on {written_day}"
        mend = f"the first holds from {first}: write a later day, or add the figure of that time"
        self.wrong(written, "not-in-force", message, mend)
        return False

    def _no_figure(self, function: str, written: Expression) -> Term:
        inner = [one.word for one in written.walk() if one.op == "name"]
        asked = next((one for one in inner if one in self.scope.figures), "")
        rest = ", …)" if function == "in_force" else ")"
        mend = f"take the figure first: `{function}({asked}{rest}`"
        if not asked:
            mend = nearest(show(written), self.scope.figures) or "declare it under `parameters`"
        message = f"`{function}` asks for the name of a parameter, and `{show(written)}` is none"
        return self.wrong(written, "not-a-parameter", message, mend)
