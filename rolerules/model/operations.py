# SPDX-License-Identifier: MIT
"""The operation table: what every operation takes and gives, and what the unknown does to it.

Checker, engines, docs and generators of tests all read it. In a signature `n` is any number
(rate, number, whole, or a bare figure), `same` one type throughout, `join` the narrowest
number type that holds the operands; signatures are tried in order.
"""

from __future__ import annotations

import attrs


@attrs.frozen(slots=True, repr=False)
class Operation:
    """One row: name, signatures (operands, then the result), the rule for unknowns, a gloss."""

    name: str
    signatures: tuple[tuple[str, ...], ...]
    unknown: str
    doc: str
    variadic: bool = False


_ORDER = (("n", "n", "yes/no"), ("money", "money", "yes/no"), ("date", "date", "yes/no"))
_SOME_OF = (
    ("list of n", "whole", "list of n"), ("list of money", "whole", "list of money"),
    ("list of date", "whole", "list of date"),
)  # fmt: skip

OPERATIONS = {
    row.name: row
    for row in (
        Operation("+", (("n", "n", "join"), ("money", "money", "money")), "strict", "sum"),
        Operation("-", (("n", "n", "join"), ("money", "money", "money")), "strict", "difference"),
        Operation("*", (("n", "n", "join"), ("money", "n", "money"), ("n", "money", "money")), "strict", "product"),
        Operation("/", (("n", "n", "join"), ("money", "n", "money"), ("money", "money", "number")), "strict",
                  "quotient; the divisor must be shown not to be 0"),
        Operation("negative", (("n", "join"), ("money", "money")), "strict", "sign turned"),
        Operation("=", (("same", "same", "yes/no"),), "strict", "equal"),
        Operation("!=", (("same", "same", "yes/no"),), "strict", "not equal"),
        Operation("<", _ORDER, "strict", "less, or earlier"),
        Operation("<=", _ORDER, "strict", "at most, or not later"),
        Operation(">", _ORDER, "strict", "more, or later"),
        Operation(">=", _ORDER, "strict", "at least, or not earlier"),
        Operation("and", (("yes/no", "yes/no", "yes/no"),), "no decides", "both hold (Kleene)"),
        Operation("or", (("yes/no", "yes/no", "yes/no"),), "yes decides", "one of them holds (Kleene)"),
        Operation("not", (("yes/no", "yes/no"),), "strict", "does not hold"),
        Operation("if", (("yes/no", "same", "same", "same"),), "condition decides", "one of two, by a condition"),
        Operation("or else", (("same", "same", "same"),), "stands in", "the first, or where it is unknown the second"),
        Operation("known", (("any", "yes/no"),), "answers", "whether the value is known"),
        Operation("abs", (("n", "join"), ("money", "money")), "strict", "size without its sign"),
        Operation("floor", (("n", "whole"), ("money", "money")), "strict", "the whole number at or below"),
        Operation("ceiling", (("n", "whole"), ("money", "money")), "strict", "the whole number at or above"),
        Operation("round", (("n", "n", "number"), ("money", "money", "money")), "strict", "nearest multiple of a step, in a named mode"),
        Operation("min", (("n", "join"), ("money", "money"), ("date", "date")), "strict", "the least", True),
        Operation("max", (("n", "join"), ("money", "money"), ("date", "date")), "strict", "the greatest", True),
        Operation("sum", (("list of n", "join"), ("list of money", "money")), "every item", "the sum of a list, 0 for an empty one"),
        Operation("count", (("list", "whole"),), "the list", "how many items a list has"),
        Operation("some", (("list", "yes/no", "yes/no"),), "yes decides", "whether an item satisfies a condition (Kleene)"),
        Operation("every", (("list", "yes/no", "yes/no"),), "no decides", "whether all items satisfy a condition (Kleene)"),
        Operation("filter", (("list", "yes/no", "list"),), "every item", "the items that satisfy a condition"),
        Operation("for", (("list", "any", "list"),), "the list", "what comes of a formula for every item, as a list"),
        Operation("allocate", (("money", "list", "list"),), "every weight", "the items, each with its part of a pool"),
        Operation("percentile", (("list of n", "n", "join"), ("list of money", "n", "money")), "every item",
                  "the value at a share of a list in rising order, on a straight line between neighbours"),
        Operation("highest", _SOME_OF, "every item", "the so many highest (latest) of a list, all where there are fewer"),
        Operation("lowest", _SOME_OF, "every item", "the so many lowest (earliest) of a list, all where there are fewer"),
        Operation("days", (("date", "date", "whole"),), "strict", "days from the first date to the second"),
        Operation("full_months", (("date", "date", "whole"),), "strict", "complete months from the first date to the second"),
        Operation("full_years", (("date", "date", "whole"),), "strict", "complete years from the first date to the second"),
        Operation("add_days", (("date", "whole", "date"),), "strict", "the date so many days later"),
        Operation("add_months", (("date", "whole", "date"),), "strict", "the same day so many months later, or that month's last day"),
        Operation("add_working_days", (("date", "whole", "list of date", "date"),), "strict", "the working day so many later; Monday to Friday, less a list of holidays"),
        Operation("part", (("date", "whole"),), "strict", "`d.year`, `d.month` or `d.day` of a date"),
        Operation("in_force", (("parameter", "date", "same"),), "strict", "the figure of a parameter that is in force on a day"),
        Operation("by_days", (("parameter", "join"),), "strict", "the average of a parameter's figures over the days of the period"),
        Operation("project", (("list", "list"),), "the list", "one field of every item"),
    )
}  # fmt: skip
