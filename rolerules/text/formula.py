# SPDX-License-Identifier: MIT
"""Formula text → expression tree, or one problem whose place is inside the formula."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rolerules.limits import LIMITS
from rolerules.spelling import date_help, figure_help
from rolerules.text.expression import Expression, Literal
from rolerules.text.parser import END, Node, Stumble, Token, tree_of
from rolerules.values import DATE, ROUNDING_MODES, decimals, parse_date, parse_figure


class FormulaError(Exception):
    """Why a text is no formula: a code, a message, the characters meant, and the mend."""

    def __init__(self, code: str, message: str, at: tuple[int, int], mend: str) -> None:
        super().__init__(message)
        self.code, self.message, self.at, self.help = code, message, at, mend


RANKINGS = ("highest first", "lowest first")
WORDED = {
    "rank": "`rank(sales, team.sales, highest first)`",
    "allocate": "`allocate(pool, team, by hours)`",
}
"""The functions that end in words, each with an example."""

# Spellings of other languages, found before parsing (outside quotes): pattern, what to write.
_FOREIGN = (
    (r"==", "`=`"), (r"<>|≠|=!|/=", "`!=`"), (r"=>|≥", "`>=`"), (r"=<|≤", "`<=`"),
    (r"&&|&", "`and`"), (r"\|\||\|", "`or`"), (r"×|·|✕", "`*`"), (r"÷|:", "`/`"),
    (r"\*\*|\^", "a product such as `x * x`"), (r"–|−|—", "a plain `-`"),
    (r"\b(?:TRUE|True|true|YES|Yes)\b", "`yes`"), (r"\b(?:FALSE|False|false|NO|No)\b", "`no`"),
    (r"(?:^|[(,=])\s*(?:AND|OR)\s*\(", "`and` or `or` between the conditions, as in `a and b`"),
    (r"\b(?:AND|OR|NOT|IF|THEN|ELSE|IN|BETWEEN)\b", "the word in small letters"),
    (r"[“”„«»‘’']", 'plain double quotes: `"…"`'), (r"!(?!=)", "`not`"),
    (r"\{|\}", "round brackets `( )`"), (r";", "`,` between arguments"),
    (r"[$€£¥]", "the figure alone: the currency is the ruleset's"),
)  # fmt: skip
_ANY_FOREIGN = "|".join(f"(?:{pattern})" for pattern, _ in _FOREIGN)

# Comparisons in words, tried where a word cannot follow a name: pattern, the operator.
_IN_WORDS = (
    (r"at\s+least|not\s+less\s+than|not\s+below|not\s+under", ">="),
    (r"at\s+most|not\s+more\s+than|not\s+above|not\s+over|up\s+to", "<="),
    (r"(?:more|greater|higher)\s+than|above|over|after|exceeds", ">"),
    (r"(?:less|fewer|lower)\s+than|below|under|before", "<"),
    (r"is\s+in", "in"), (r"is\s+between", "between"),
    (r"is\s+not|not\s+equal\s+to", "!="), (r"is|equals|equal\s+to", "="),
)  # fmt: skip


def parse(text: str) -> Expression:
    """Read one formula.

    Raises `FormulaError` (the first thing wrong, with its characters) for text that is none.
    """
    if len(text) > LIMITS.formula_length:
        message = f"this formula has {len(text):,} characters, and at most {LIMITS.formula_length:,} are allowed"
        mend = "give parts of it a name under `values`"
        raise FormulaError("formula-too-long", message, (0, len(text)), mend)
    if not text.strip():
        mend = "write a formula, for example `team_sales >= team_target`"
        raise FormulaError("formula-empty", "a formula is missing here", (0, len(text)), mend)
    _refuse_foreign(text)
    try:
        tree = tree_of(text)
    except Stumble as error:
        raise _explained(text, error) from None
    if (depth := _depth(tree)) > LIMITS.formula_depth:
        message = (
            f"this formula is {depth} levels deep, and at most {LIMITS.formula_depth} are allowed"
        )
        mend = "give parts of it a name under `values`"
        raise FormulaError("formula-too-deep", message, (0, len(text)), mend)
    return _build(tree)


_DAY = re.compile(
    r"(?<![\w.])(?:(?:19|20|21)\d\d([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:19|20|21)\d\d)(?![\w.])",
    re.ASCII,
)
"""What can only be meant as a day, in whichever way it is written."""


def _refuse_foreign(text: str) -> None:
    bare = re.sub(r'"[^"\n]*"', lambda found: "_" * len(found.group()), text)
    _refuse_spreadsheet(text, bare)
    if bare.count('"'):
        at = (bare.index('"'), len(text))
        raise FormulaError("open-quote", "a text is not closed", at, 'end it with `"`')
    if comma := re.search(r"[0-9]+(?:[.,][0-9]+)*,[0-9]+(?:[.,][0-9]+)*", bare):
        written = comma.group()
        plain = figure_help(written) or "write decimals with a point and no separators"
        raise FormulaError(
            "decimal-comma", f"`{written}` has a comma between digits", comma.span(),
            f"{plain} if one figure is meant; "
            "between two arguments put a space after the comma",
        )  # fmt: skip
    for day in _DAY.finditer(bare):
        if not DATE.fullmatch(day.group()) and (mend := date_help(day.group())):
            message = f"`{day.group()}` is not how a date is written here"
            raise FormulaError("foreign-spelling", message, day.span(), mend)
    if not re.search(_ANY_FOREIGN, bare):
        return
    for pattern, mend in _FOREIGN:
        if found := re.search(pattern, bare):
            message = f"`{found.group()}` is not written this way in a formula"
            raise FormulaError("foreign-spelling", message, found.span(), f"write {mend}")


def _refuse_spreadsheet(text: str, bare: str) -> None:
    """Refuse `=` before a formula, and `if` written as a function."""
    call = re.search(r"\bif\s*\(", bare, re.IGNORECASE)
    parts = _arguments(text, bare, call.end()) if call else []
    first = re.match(r"\s*=\s*(?![=<>])", bare)
    lead = "leave the first `=` out" if first else ""
    if call and len(parts) > 1:
        mend = f"write {_if(parts)}"
        raise FormulaError(
            "foreign-spelling", "`if` takes no commas in a formula", (call.start(), call.end()),
            f"{lead}, and {mend}" if first else mend,
        )  # fmt: skip
    if first:
        message = "a formula begins without `=`"
        place = bare.index("=")
        raise FormulaError("foreign-spelling", message, (place, place + 1), lead)


def _if(parts: list[str]) -> str:
    words = [part.strip() for part in parts]
    if len(words) != 3 or not all(words) or re.search(r"\bif\b", " ".join(words), re.IGNORECASE):
        return "`if c then a else b`"
    return f"`if {words[0]} then {words[1]} else {words[2]}`"


def _arguments(text: str, bare: str, start: int) -> list[str]:
    """The arguments of a call, cut at commas and semicolons that stand in no inner brackets."""
    found, depth, begin = [], 0, start
    for place in range(start, len(bare)):
        if bare[place] in ",;" and not depth:
            found.append(text[begin:place])
            begin = place + 1
        depth += (bare[place] in "([{") - (bare[place] in ")]}")
        if depth < 0:
            return [*found, text[begin:place]]
    return [*found, text[begin:]]


def _explained(text: str, error: Stumble) -> FormulaError:
    if silent := re.fullmatch(r"\s*silent:?\s+([a-z]\w*)\s*", text):
        message = f"`{text.strip()}` is no formula"
        mend = (
            f"write `silent: {silent[1]}` in the place of `amount`, `done` or `met`; "
            f"in a table `silent {silent[1]}` is the output of a row"
        )
        return FormulaError("foreign-spelling", message, (0, len(text)), mend)
    token, expected = error.token, error.expected
    start, at = token.start, (token.start, token.end)
    if not token.type:
        message = f"`{token.text}` cannot stand in a formula"
        return FormulaError("formula-character", message, at, "leave it out")
    wants_operand = "FIGURE" in expected
    if token.type == END:
        at = (len(text.rstrip()) - 1, len(text.rstrip()))
        if wants_operand:
            tail = _last_word(text)
            message = f"the formula ends after `{tail}`, where an operand is missing"
            return FormulaError("missing-operand", message, at, "write what belongs after it")
        return FormulaError(
            "formula-unfinished", "the formula is unfinished", at, _missing(expected)
        )
    if wants_operand:
        message = f"an operand is missing before `{token.text}`"
        mend = _wants_brackets(token) or "write a name, a figure or a formula in brackets there"
        return FormulaError("missing-operand", message, at, mend)
    for words, sign in _IN_WORDS:
        if said := re.compile(rf"(?:is\s+)?(?:{words})\b").match(text, start):
            message = f"`{said.group()}` is not written this way in a formula"
            return FormulaError("foreign-spelling", message, said.span(), f"write `{sign}`")
    message = f"`{token.text}` cannot follow here"
    return FormulaError("formula-order", message, at, _follows(text, token, expected))


def _last_word(text: str) -> str:
    words: list[str] = re.findall(r"\w+|[<>=!]+|\S", text)
    return words[-1]


def _wants_brackets(token: Token) -> str:
    if token.type == "COMPARE":
        return f"write on its left what is compared, as in `team_sales {token.text} …`"
    return (
        f"put round brackets around the `{token.text}` part"
        if token.type in ("IF", "SOME", "EVERY", "FOR", "NOT")
        else ""
    )


def _missing(expected: Collection[str]) -> str:
    names = {
        "RPAR": "`)`",
        "RSQUARE": "`]`",
        "THEN": "`then`",
        "ELSE": "`else`",
        "SATISFIES": "`satisfies`",
    }
    missing = [names[name] for name in names if name in expected]
    return f"{' or '.join(missing) or 'the rest'} is missing"


def _follows(text: str, token: Token, expected: Collection[str]) -> str:
    if "COMMA" in expected and "RPAR" not in expected:
        return "an argument is missing, as in `round(x, 0.01, half up)`"
    if token.type in ("RPAR", "RSQUARE") and {*expected} & {"THEN", "ELSE", "SATISFIES"}:
        return _missing({*expected} - {"RPAR", "RSQUARE"})
    if token.type == "RPAR" or token.type == "RSQUARE":
        return "this bracket was never opened: leave it out, or open it"
    if token.type == "COMPARE":
        return "one comparison at a time: join two with `and`, or write `x between a and b`"
    before = text[: token.start].rstrip()
    if token.type == "NAME" and re.search(r"[^\W0-9]\w*$", before):
        return "names are written with `_` and no spaces; between two values write an operator"
    mend = _missing(expected)
    return (
        mend
        if mend != "the rest is missing"
        else "write an operator (`+ - * /`, `and`, `or`, …) between two values"
    )


def _depth(tree: Node) -> int:
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in node.children if isinstance(child, Node)]
    return deepest


def _build(tree: Node) -> Expression:
    """Fold the parser's tree: brackets and keywords fall away, places stay."""
    rule, at = tree.rule, (tree.start, tree.end)
    tokens = [child for child in tree.children if isinstance(child, Token)]
    args = tuple(_build(child) for child in tree.children if isinstance(child, Node))
    if rule in ("start", "group"):
        return Expression(args[0].op, args[0].args, args[0].value, at)
    if rule in ("figure", "rate", "date", "text", "yes_no"):
        return Expression("literal", (), _literal(rule, tokens[0].text, at), at)
    if rule == "range":
        first, last = tokens[0].text, tokens[-1].text
        word = ("(" if first in "(]" else "[") + (")" if last in ")[" else "]")
        return Expression("range", args, word, at)
    if rule == "worded" or (rule == "call" and tokens[0].text in WORDED):
        return _worded(tokens, args, at)
    if rule == "round_":
        words, place = [token.text for token in tokens[2:-1]], _place(tokens[2:-1])
        said = _words(words, ROUNDING_MODES, "rounding-mode", "way of rounding", place)
        return Expression("round", args, said, at)
    if rule == "operator":
        op = "or else" if tokens[0].type == "OR_ELSE" else tokens[0].text
        return Expression(op, args, None, at)
    if rule == "quantifier":
        return Expression(tokens[0].text, args, tokens[1].text, at)
    if rule in ("name", "field", "call"):
        return Expression(rule, args, tokens[0].text, at)
    return Expression(rule.rstrip("_"), args, None, at)


def _literal(rule: str, text: str, at: tuple[int, int]) -> Literal:
    if rule == "text":
        return Literal("text", text[1:-1], text)
    if rule == "yes_no":
        return Literal("yes/no", text == "yes", text)
    if rule == "date":
        day = parse_date(text)
        if day is None:
            mend = "write a day that exists, as year-month-day"
            raise FormulaError("no-such-date", f"`{text}` is no day of the calendar", at, mend)
        return Literal("date", day, text)
    value = parse_figure(text.rstrip("% "))
    if value is None:
        mend = f"write `{text.lstrip('0') or '0'}`"
        raise FormulaError("leading-zero", f"`{text}` starts with a zero", at, mend)
    if value > LIMITS.number:
        message = f"`{text}` is larger than {int(LIMITS.number):,}"
        raise FormulaError("figure-too-large", message, at, "write a smaller figure")
    if (decimals(value) or 0) > LIMITS.decimals:
        message = f"`{text}` has more than {LIMITS.decimals} decimal places"
        raise FormulaError("too-many-decimals", message, at, f"write at most {LIMITS.decimals}")
    return Literal(rule, value / 100 if rule == "rate" else value, text.replace(" ", ""))


def _worded(tokens: list[Token], args: tuple[Expression, ...], at: tuple[int, int]) -> Expression:
    """`rank(x, list, highest first)` or `allocate(pool, list, by field)`."""
    name, words = tokens[0].text, [token.text for token in tokens[2:-1]]
    place = _place(tokens[2:-1])
    if name not in WORDED:
        mend = "names are written with `_` and no spaces; between two values write an operator"
        place = _place(tokens[-2:-1])
        raise FormulaError("formula-order", f"`{words[-1]}` cannot follow here", place, mend)
    if not words and args and args[-1].op == "name":  # one word alone looks like a name
        args, words, place = args[:-1], [args[-1].word], args[-1].at
    if len(args) != 2 or not words:
        message = f"`{name}` takes two values and some words"
        raise FormulaError("argument-count", message, at, f"write it like {WORDED[name]}")
    if name == "rank":
        said = _words(words, RANKINGS, "rank-order", "way of ranking", place)
        return Expression(name, args, said, at)
    if len(words) != 2 or words[0] != "by":
        message = f"`{' '.join(words)}` does not say by which field it is shared"
        raise FormulaError("allocate-by", message, place, f"write it like {WORDED[name]}")
    return Expression(name, args, words[1], at)


def _place(words: Sequence[Token]) -> tuple[int, int]:
    return (words[0].start, words[-1].end) if words else (0, 0)


def _words(
    words: Sequence[str], known: tuple[str, ...], code: str, what: str, at: tuple[int, int]
) -> str:  # fmt: skip
    """The words that say how a function works, such as `half up`."""
    said = " ".join(words)
    if said not in known:
        mend = f"known: {', '.join(f'`{word}`' for word in known)}"
        raise FormulaError(code, f"`{said}` is no {what}", at, mend)
    return said
