# SPDX-License-Identifier: MIT
"""The shape of every construct, as data: the builder and the JSON Schema both fold over it.

It is one list, so that whoever asks what may stand where finds all of it here.
"""

from __future__ import annotations

from rolerules.syntax import tree
from rolerules.syntax.kinds import (
    Cell,
    Cells,
    Edges,
    Either,
    Empty,
    Formula,
    InFile,
    Items,
    Key,
    NamedItems,
    Raw,
    Record,
    Short,
    Text,
)
from rolerules.values import ROUNDING_MODES

TYPES = ("money", "rate", "number", "whole", "yes/no", "date", "text", "choice", "list")
PERIODS = ("month", "quarter", "half year", "year")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
HITS = (
    "unique", "first", "priority", "collect sum", "collect min", "collect max", "collect count",
)  # fmt: skip

NAME = r"[a-z][a-z0-9_]*"
ID = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
_FIGURE = Text(
    pattern=r"-?[0-9]+(\.[0-9]+)?%?|[0-9]{4}-[0-9]{2}-[0-9]{2}", like="1200000.00, 5% or 2026-01-01"
)
_TITLE = Key(Text(), "the name people read")
_SOURCE = Key(
    Items(Text(), single=True), "the clause (or clauses) of the policy text it comes from"
)
_SET_BY = Key(Text(("company",)), "`company`: the figures come from the company's file")
_YES_NO = Text(("yes", "no"))
_SHARE_ROUNDING = Text(pattern=rf"({'|'.join(ROUNDING_MODES)}) to [0-9.]+%?", like="down to 1%")
_ROUNDING = Text(pattern=rf"({'|'.join(ROUNDING_MODES)}) to [0-9.]+", like="half up to 0.01")
_SILENT = Key(
    Text(pattern=NAME, like="own_sales"), "the reading that says why the text is silent here"
)

_OVERVIEW = Record(
    tree.Overview, {"text": Key(Text(), "what the role is for", True), "source": _SOURCE}
)
_READING = Record(
    tree.Reading, {"text": Key(Text(), "how the place was read", True), "source": _SOURCE}
)
_DUTY = Record(
    tree.Duty,
    {
        "title": _TITLE,
        "part": Key(
            Text(pattern=r"(answers for|leads|takes part in|supports|(supervises|reports to) \S.*)",
                 like="`answers for`, `leads`, `takes part in`, `supports`, `supervises …` or `reports to …`"),
            "the part the role plays", True),
        "source": _SOURCE,
        "every": Key(Text(PERIODS), "how often it is due", True),
        "due": Key(Formula(), "when it is due; needed when `every` is longer than the period"),
        "done": Key(Formula(), "the test that it was done"),
        "silent": _SILENT,
    },
    one_of=("done", "silent"),
)  # fmt: skip
_FACT_KEYS = {
    "type": Key(Text(TYPES), "what kind of value it is", True),
    "title": _TITLE,
    "source": _SOURCE,
    "attested by": Key(Text(), "whose word it is"),
    "of": Key(Items(Text()), "the choices, for type choice"),
    "min": Key(_FIGURE, "the least value that is accepted"),
    "max": Key(_FIGURE, "the greatest value that is accepted"),
    "max items": Key(Text(pattern=r"[1-9][0-9]*", like="50"), "how many items a list may have"),
    "accumulates": Key(_YES_NO, "`yes` where amounts that arrive one by one add up, in a session"),
}
_FIELD = Record(tree.Fact, {key: _FACT_KEYS[key] for key in ("type", "title", "of", "min", "max")})
_FIELD_SHAPE = Either(scalar=Short(_FIELD, "type"), mapping=_FIELD)
_FACT = Record(
    tree.Fact,
    {**_FACT_KEYS, "each": Key(NamedItems(_FIELD_SHAPE), "the fields of each item of a list")},
)
_FACT_SHAPE = Either(scalar=Short(_FACT, "type"), mapping=_FACT)
_FIGURES = Either(scalar=Text(), mapping=NamedItems(Text(), free=True), sequence=Items(Text()))
_PARAMETER = Record(
    tree.Parameter,
    {
        "type": Key(Text(("money", "rate", "number", "whole", "yes/no", "date", "text", "dates")), "what kind of figure (`dates`: a list of them, such as holidays)", True),
        "by": Key(Text(pattern=NAME, like="grade"), "the choice fact that picks the figure"),
        "set by": _SET_BY,
        "title": _TITLE,
        "source": _SOURCE,
        "value": Key(_FIGURES, "a figure that is always in force"),
    },
    dated=_FIGURES,
    one_of=("value", "from DATE", "set by"),
)  # fmt: skip
_ROWS = InFile(Items(Cells()))
EDGE_HEADER = ("edge", "value")
_EDGES = InFile(Edges())
CSV_NAME = r"[^/\\:]+\.(csv|CSV)"
_TABLE = Record(
    tree.Table,
    {
        "title": _TITLE,
        "source": _SOURCE,
        "hit": Key(Text(HITS), "the hit policy: which row counts when several match", True),
        "inputs": Key(Items(Formula()), "what the rows look at, in the order of their cells", True),
        "gives": Key(Text(("money", "rate", "number", "whole", "yes/no", "date", "text")), "the type of the output", True),
        "set by": _SET_BY,
        "columns": Key(Items(Cell()), "of two inputs: the cells of the second, across; rows then give one output a column"),
        "rows": Key(_ROWS, "one row a line: a cell per input, then the output; or the name of a CSV file"),
        "otherwise": Key(Cell(), "the output where no row matches"),
        "priority": Key(Items(Cell()), "for `hit: priority`: the outputs, the most important first"),
    },
    dated=_ROWS,
    one_of=("rows", "from DATE", "set by"),
)  # fmt: skip
EDGE = r"(below|up to and including|at|from|above) (.+)"
_OVER = Formula(any_amount=True)
_SCALE = Record(
    tree.Scale,
    {
        "title": _TITLE,
        "source": _SOURCE,
        "marginal": Key(_OVER, "the amount, each band of it at its own rate"),
        "whole": Key(_OVER, "the amount, all of it at the rate of the band it reaches"),
        "linear": Key(_OVER, "what is looked up, on straight lines between the edges"),
        "set by": _SET_BY,
        "edges": Key(
            _EDGES, "the bands, or the points, in rising order; or the name of a CSV file"
        ),
    },
    dated=_EDGES,
    one_of=("edges", "from DATE", "set by"),
)
_VALUE = Record(
    tree.Value,
    {
        "formula": Key(Formula(), "how it is worked out", True),
        "title": _TITLE,
        "source": _SOURCE,
    },
)
_RULE = Record(
    tree.Rule,
    {
        "when": Key(Formula(), "the condition under which the rule applies"),
        "otherwise": Key(Empty(), "the last rule: what applies when no other does"),
        "amount": Key(Formula(), "what is paid"),
        "silent": _SILENT,
        "source": _SOURCE,
    },
    one_of=("amount", "silent"),
)
_BOUND = Record(
    tree.Bound,
    {
        "amount": Key(Formula(), "the least or the most that is paid", True),
        "when": Key(Formula(), "the condition under which it counts"),
        "source": _SOURCE,
    },
)
_BOUND_SHAPE = Either(scalar=Short(_BOUND, "amount"), mapping=_BOUND)
_LINE = Record(
    tree.Line,
    {
        "title": _TITLE,
        "source": _SOURCE,
        "amount": Key(Formula(), "what is paid"),
        "silent": _SILENT,
        "rules": Key(Items(_RULE), "the rules in order: the first whose condition holds applies"),
        "gate": Key(Formula(), "the condition without which the line pays 0"),
        "weight": Key(Formula(), "the share of the amount that counts"),
        "prorate": Key(Formula(), "the part of the period that counts, as a share"),
        "floor": Key(_BOUND_SHAPE, "the least that is paid"),
        "cap": Key(_BOUND_SHAPE, "the most that is paid"),
        "rounding": Key(_ROUNDING, "this line's own rounding"),
        "may be negative": Key(_YES_NO, "`yes` where the line can take back"),
    },
    one_of=("amount", "silent", "rules"),
)  # fmt: skip
_PAY = Record(
    tree.Pay,
    {
        "rounding": Key(_ROUNDING,
                        "how every line is rounded, once", True),
        "lines": Key(NamedItems(Either(mapping=_LINE, sequence=Short(_LINE, "rules"))), "the pay lines, in the order shown", True),
    },
)  # fmt: skip
_CARRY = Record(
    tree.Carry,
    {
        "type": Key(Text(("money", "rate", "number", "whole", "yes/no", "date", "text")), "what kind of value is carried; needed with `next`"),
        "title": _TITLE,
        "source": _SOURCE,
        "first": Key(Formula(), "its opening value at the start of employment; needed with `next`"),
        "next": Key(Formula(), "what is handed on; `name.opening` is what came in"),
        "in a row": Key(Formula(), "counts the periods in a row for which this holds"),
        "restarts": Key(Text(("each year", "each half year", "each quarter")), "when it opens with `first` again"),
        "rounding": Key(_ROUNDING, "how carried money is rounded, where pay does not say it"),
    },
    one_of=("next", "in a row"),
)  # fmt: skip
_LIMIT = Record(
    tree.Limit,
    {
        "require": Key(Formula(), "what must hold", True),
        "severity": Key(Text(("error", "violation", "notice")), "what a break means: refused, reported, or noted", True),
        "title": _TITLE,
        "source": _SOURCE,
    },
)  # fmt: skip
_INDICATOR = Record(
    tree.Indicator,
    {
        "title": _TITLE,
        "source": _SOURCE,
        "actual": Key(Formula(), "what was reached"),
        "target": Key(Formula(), "what was to be reached"),
        "when target is 0": Key(Formula(), "what is reported where the target is 0"),
        "rounding": Key(_SHARE_ROUNDING, "how the share that was reached is rounded"),
        "value": Key(
            Formula(), "a figure, a date, a word, yes or no, where it is no actual over a target"
        ),
    },
    one_of=("actual", "value"),
)
_ASSESSMENT = Record(
    tree.Assessment,
    {
        "title": _TITLE,
        "source": _SOURCE,
        "every": Key(Text(PERIODS), "how often it is due", True),
        "due": Key(Formula(), "when it is due; needed when `every` is longer than the period"),
        "met": Key(Formula(), "when it is met"),
        "silent": _SILENT,
    },
    one_of=("met", "silent"),
)
_GROUNDS = Record(
    tree.Grounds,
    {
        "each assessment": Key(Text(("missed",)), "one ground for each assessment, when missed"),
        "each duty": Key(Text(("unfulfilled",)), "one ground for each duty, when unfulfilled"),
    },
    rest=Formula(),
)
_CHANGE = Record(
    tree.Change,
    {
        "title": _TITLE,
        "source": _SOURCE,
        "from": Key(Text(pattern=NAME, like="active"), "the state it leaves", True, "source_state"),
        "to": Key(Text(pattern=NAME, like="suspended"), "the state it leads to", True),
        "grounds": Key(_GROUNDS, "any one of them is enough", True),
        "effect": Key(Text(("right of the company", "duty of the company")), "a right is proposed; a duty happens at once, unless adverse", True),
        "adverse": Key(_YES_NO, "whether it is against the person: then it is always a proposal", True),
        "notice": Key(Text(pattern=r"at once|[1-9][0-9]* days?", like="`at once` or `30 days`"), "how long before it takes effect"),
        "notice days": Key(Formula(), "how many days before it takes effect, worked out"),
    },
    one_of=("notice", "notice days"),
)  # fmt: skip
_STATUS = Record(
    tree.Status,
    {
        "states": Key(
            Items(Text(pattern=NAME, like="active")), "the states a person can be in", True
        ),
        "start": Key(
            Text(pattern=NAME, like="active"), "the state at the start of employment", True
        ),
        "changes": Key(NamedItems(_CHANGE), "what can change it", True),
    },
)
_LANGUAGE = Key(Text(("1",)), "the version of this language", True)
_VERSION = Key(
    Text(pattern=r"[0-9]+\.[0-9]+\.[0-9]+", like="1.0.0"), "the version of this file", True
)
_SHARED = {
    "language": _LANGUAGE,
    "version": _VERSION,
    "title": _TITLE,
    "source": _SOURCE,
    "readings": Key(NamedItems(_READING), "what was decided where the text is silent or damaged"),
    "facts": Key(NamedItems(_FACT_SHAPE), "the only inputs; anything else given is refused"),
    "parameters": Key(NamedItems(_PARAMETER), "dated figures, apart from the logic"),
    "tables": Key(NamedItems(_TABLE), "decision tables"),
    "carries": Key(NamedItems(_CARRY), "balances handed from one period to the next"),
    "scales": Key(NamedItems(_SCALE), "marginal, whole and linear scales"),
    "values": Key(NamedItems(Either(scalar=Short(_VALUE, "formula"), mapping=_VALUE)), "named formulas, in any order"),
    "limits": Key(NamedItems(_LIMIT), "what facts must respect"),
    "assessments": Key(NamedItems(_ASSESSMENT), "tests of the person's results"),
    "status": Key(_STATUS, "states, and what changes them"),
}  # fmt: skip
_ID = Key(
    Text(pattern=ID, like="marketing-director"), "the name others call this file by", True, "id"
)
RULESET = Record(
    tree.Ruleset,
    {
        "ruleset": _ID,
        **_SHARED,
        "currency": Key(Text(pattern="[A-Z]{3}", like="CNY"), "the ISO 4217 code of all money"),
        "period": Key(Text(PERIODS), "what one evaluation covers; its as-of date is the period's last day", True),
        "year starts": Key(Text(pattern=rf"1 ({'|'.join(MONTHS)})", like="1 January"), "the first day of the year that quarters and half years are counted in", True),
        "uses": Key(Items(Text(pattern=ID, like="assessment-and-suspension")), "policies shared with other rulesets"),
        "overview": Key(_OVERVIEW, "what the role is for"),
        "duties": Key(NamedItems(_DUTY), "what the role must do"),
        "pay": Key(_PAY, "the pay lines"),
        "indicators": Key(NamedItems(_INDICATOR), "figures and other values reported with every decision"),
    },
)  # fmt: skip
_REQUIRES = Record(
    tree.Requires,
    {
        "facts": Key(NamedItems(_FACT_SHAPE), "the facts that a ruleset must have"),
        "assessments": Key(Text(("any",)), "`any`: whatever assessments the ruleset has"),
    },
)
POLICY = Record(
    tree.Ruleset,
    {
        "policy": _ID,
        "requires": Key(_REQUIRES, "what a ruleset must have to use this policy"),
        **_SHARED,
    },
)
_COMPANY_FIGURES = Record(
    tree.CompanyFigures,
    {
        "parameters": Key(
            NamedItems(Record(
                tree.CompanyParameter,
                {"source": _SOURCE, "value": Key(_FIGURES, "a figure that is always in force")},
                dated=_FIGURES,
                one_of=("value", "from DATE"),
            )), "figures of parameters marked `set by: company`"),
        "tables": Key(
            NamedItems(Record(
                tree.CompanyTable,
                {"source": _SOURCE, "rows": Key(_ROWS, "rows that are always in force; or the name of a CSV file")},
                dated=_ROWS,
                one_of=("rows", "from DATE"),
            )), "rows of tables marked `set by: company`"),
        "scales": Key(
            NamedItems(Record(
                tree.CompanyScale,
                {"source": _SOURCE, "edges": Key(_EDGES, "edges that are always in force; or the name of a CSV file")},
                dated=_EDGES,
                one_of=("edges", "from DATE"),
            )), "edges of scales marked `set by: company`"),
    },
)  # fmt: skip
COMPANY = Record(
    tree.Company,
    {
        "company": _ID,
        "language": _LANGUAGE,
        "version": _VERSION,
        "title": _TITLE,
        "figures for": Key(
            NamedItems(_COMPANY_FIGURES, free=True), "the figures, by ruleset", True
        ),
    },
)
EXPECTATIONS = (
    "carries",
    "pay",
    "assessments",
    "duties",
    "indicators",
    "status",
    "violations",
    "notices",
    "missing",
    "refused",
)
_CASE = Record(
    tree.Case,
    {
        "name": Key(Text(), "what the case shows", True),
        "as of": Key(
            Text(pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}", like="2026-09-30"),
            "the period's last day",
            True,
        ),
        "opening": Key(
            Raw(), "what was carried in: `status`, `since`, `carries`; or `case before`"
        ),
        "facts": Key(Raw(), "the facts, as a map"),
        "expect": Key(
            NamedItems(Raw()), "what must come out; only what is listed is compared", True
        ),
    },
)
CASES = Record(
    tree.Cases,
    {
        "cases": _ID,
        "company": Key(Text(pattern=ID, like="example"), "the company whose figures are used"),
        "facts for all": Key(Raw(), "facts that every case has unless it gives its own"),
        "cases of": Key(Items(_CASE), "the cases", True, "cases"),
    },
)
# Cases first: they may also name their company.
HEADS = {"cases": CASES, "ruleset": RULESET, "policy": POLICY, "company": COMPANY}
