# SPDX-License-Identifier: MIT
"""What is refused when something is evaluated, or given on the way to it: a row each."""

from __future__ import annotations

import json
import sys
import unittest.mock
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest import mock

import attrs
import polars as pl
import pyarrow as pa
from click.testing import CliRunner
from refused_records import ROWS

from rolerules import FactError, Problem, RolerulesError, extras, load
from rolerules.bulk import files as tables
from rolerules.cli import app, cases, exact_json, files, table
from rolerules.cli import run as run_command
from rolerules.engines.program import Program, installed
from rolerules.engines.reference import step_result
from rolerules.engines.results import Unknown
from rolerules.engines.rulebook import Rule
from rolerules.model.sources import collect
from rolerules.model.types import MONEY
from rolerules.plan.plan import Rows, Step
from rolerules.testing.cases import run_file

HEAD = "ruleset: refusals\nlanguage: 1\nversion: 1.0.0\nperiod: quarter\nyear starts: 1 January\ncurrency: CNY\n"
RULESET = """
facts:
  grade:
    type: choice
    of: [M1, M2]
  team_sales:
    type: money
    min: 0
    max: 1000000.00
  margin: rate
  quality:
    type: rate
    max: 100%
  headcount: whole
  satisfied: yes/no
  joined: date
  remark: text
  key_accounts:
    type: list
    max items: 2
    each:
      customer: text
      sales: money
values:
  kept: margin * 100
pay:
  rounding: half up to 0.01
  lines:
    commission:
      amount: 5% * team_sales - 0.005
limits:
  sales_of_somebody:
    title: Sales need somebody who sells
    require: headcount > 0 or team_sales = 0
    severity: error
status:
  states: [active, suspended]
  start: active
  changes:
    suspend:
      from: active
      to: suspended
      grounds:
        dissatisfaction: not satisfied
      effect: right of the company
      adverse: yes
      notice: at once
"""
TWO_ROWS = """
facts:
  sales: money
  target: money
tables:
  share:
    hit: unique
    inputs: [sales]
    gives: money
    rows:
      - [target or more, 100]
      - [over 50, 50]
    otherwise: 0
indicators:
  share:
    value: share
"""
NOTED = """
facts:
  note: text
"""
SQUARES = (
    "\nfacts:\n  x: number\nvalues:\n  v0: x\n"
    + "".join(f"  v{n}: v{n - 1} * v{n - 1}\n" for n in range(1, 9))
    + "indicators:\n  i:\n    value: v8\n"
)
SHARED = """
facts:
  pool: money
  team:
    type: list
    each:
      hours:
        type: whole
        min: 0
indicators:
  all:
    value: sum(allocate(pool, team, by hours).part)
"""
SET_BY_COMPANY = """
parameters:
  base_salary:
    type: money
    set by: company
"""
DATED = """
parameters:
  base_salary:
    type: money
    from 2026-01-01: 20000.00
"""
BALANCES = """
carries:
  owed:
    type: money
    first: 0
    next: owed.opening
    rounding: half up to 0.01
  share:
    type: number
    first: 0
    next: share.opening
"""
LATER = """
facts:
  joined: date
assessments:
  trial:
    every: quarter
    met: add_days(joined, 30) < as_of
"""
FALLING = """
facts:
  sales: money
  threshold: money
scales:
  commission:
    marginal: sales
    edges:
      below threshold: 1%
      from threshold: 2%
      from 50.00: 3%
pay:
  rounding: half up to 0.01
  lines:
    commission_paid:
      amount: commission
"""
Run = Callable[[Path], object]


@attrs.frozen(slots=True)
class Refusal:
    """One row: the code, what is done, and the one problem that comes of it."""

    code: str
    name: str
    run: Run
    path: str
    message: str
    help: str

    def problems(self, folder: Path) -> tuple[Problem, ...]:
        """What is reported; the folder's own name is left out of the messages."""
        try:
            self.run(folder)
        except RolerulesError as error:
            return tuple(
                attrs.evolve(one, message=one.message.replace(f"{folder}/", ""))
                for one in error.problems
            )
        return ()


def evaluate(
    facts: object, ruleset: str = RULESET, as_of: Any = "2026-09-30", opening: Any = None
) -> Run:
    """Evaluate facts under a ruleset."""

    def run(folder: Path) -> object:
        file = folder / "refusals.yaml"
        file.write_text(HEAD + ruleset, encoding="utf-8")
        return load(file).evaluate(facts, as_of=as_of, opening=opening)

    return run


def _without_durable_rules(folder: Path) -> None:
    with unittest.mock.patch.dict(sys.modules, {"durable_rules_engine": None}):
        installed()


def failing(step: Step, *results: Any) -> Run:
    """Work out one step that the checker keeps from happening, and refuse with its failure."""

    def run(folder: Path) -> None:
        result = step_result(step, list(results), {})
        assert isinstance(result, Unknown)
        assert result.failure
        raise FactError([result.failure])

    return run


def given(read: Callable[[str], object], text: str = "") -> Run:
    """Hand a file with a text to a reader of the command line."""

    def run(folder: Path) -> object:
        file = folder / "facts.json"
        file.write_text(text, encoding="utf-8")
        return read(str(file))

    return run


def in_turn(lines: str) -> Run:
    """Decide lines with --in-turn, and raise what stands in the last line's place."""

    def run(folder: Path) -> None:
        ruleset, file = folder / "refusals.yaml", folder / "lines.jsonl"
        ruleset.write_text(HEAD + RULESET, encoding="utf-8")
        file.write_text(lines, encoding="utf-8")
        done = CliRunner().invoke(app, ["evaluate", str(ruleset), str(file), "--in-turn"])
        refused = json.loads(done.stdout.splitlines()[-1])["refused"]
        raise FactError([Problem(one["code"], one["message"], help=one["help"]) for one in refused])

    return run


def of_table(table: Any, as_of: Any = "2026-09-30", **options: Any) -> Run:
    """Evaluate a table."""

    def run(folder: Path) -> object:
        file = folder / "refusals.yaml"
        file.write_text(HEAD + RULESET, encoding="utf-8")
        return load(file).evaluate_table(table, as_of=as_of, **options)

    return run


def _without_extra(folder: Path) -> None:
    with mock.patch.dict(extras.EXTRAS, {"bulk": ("no_such_module",)}):
        extras.require("bulk")


TWO_LINES = """{"id": 1, "as_of": "2026-03-31", "facts": {}}
{"id": 1, "as_of": "2026-09-30", "facts": {}}
"""
NO_ROWS = Rows("share", "unique", 0, False, ())
CORRECT = "correct the fact, or the range in the ruleset"
FORM = "give a mapping of fact names to values, or an attrs or dataclass instance"
MONEY_FORM = "give `1200000.00`, in a program as Decimal, int or text"
UNKNOWN = "leave it out, or write null, if it is not known"
FLOATS = (
    "make the column exact where it is made, or round it once: in Polars `.cast(pl.Decimal(38, 2))`, in SQL "
    '`CAST(… AS DECIMAL(38, 2))`, in pandas `.map(lambda x: Decimal(str(x)), na_action="ignore")`, or for whole numbers `.astype("Int64")`'
)
CARRIED = "did you mean `status`?"

REFUSALS = (
    Refusal("as-of", "no date", evaluate({}, as_of="30.09.2026"), "as_of", "`30.09.2026` is no as-of date",
            "write `2026-09-30`; it is the last day of the period"),
    Refusal("as-of", "no such day", evaluate({}, as_of="2026-09-31"), "as_of", "`2026-09-31` is no as-of date",
            "there is no such day: write a day of the calendar, such as `2026-09-30`; it is the last day of the period"),
    Refusal("as-of", "no day at all", evaluate({}, as_of="soon"), "as_of", "`soon` is no as-of date",
            'give a date, or text like "2026-09-30"; it is the last day of the period'),
    Refusal("facts-shape", "list", evaluate([1]), "", "facts cannot be given as a list", FORM),
    Refusal("facts-shape", "text", evaluate("team_sales: 1"), "", "facts cannot be given as text", FORM),
    Refusal("unknown-fact", "misspelt", evaluate({"team_sale": "1"}), "team_sale",
            "`team_sale` is no fact of this ruleset", "did you mean `team_sales`?"),
    Refusal("unknown-fact", "field", evaluate({"key_accounts": [{"sale": "1"}]}), "key_accounts[1].sale",
            "`key_accounts[1].sale` is no field of this list", "did you mean `sales`?"),
    Refusal("float", "money", evaluate({"team_sales": 0.1}), "team_sales",
            "`team_sales` is a floating-point number, which is not exact",
            f"{MONEY_FORM}; a JSON file is read exactly as it is written"),
    Refusal("wrong-type", "text for money", evaluate({"team_sales": "much"}), "team_sales",
            "`team_sales` is `much`, and money is asked for", MONEY_FORM),
    Refusal("wrong-type", "percent for money", evaluate({"team_sales": "5%"}), "team_sales",
            "`team_sales` is `5%`, and money is asked for", MONEY_FORM),
    Refusal("wrong-type", "comma", evaluate({"team_sales": "1,000.00"}), "team_sales",
            "`team_sales` is `1,000.00`, and money is asked for", "write `1000.00`"),
    Refusal("wrong-type", "two readings", evaluate({"team_sales": "92,500"}), "team_sales",
            "`team_sales` is `92,500`, and money is asked for", "write `92500` or `92.500`"),
    Refusal("wrong-type", "currency", evaluate({"team_sales": "€ 5"}), "team_sales",
            "`team_sales` is `€ 5`, and money is asked for", "write `5`"),
    Refusal("wrong-type", "not applicable", evaluate({"team_sales": "n/a"}), "team_sales",
            "`team_sales` is `n/a`, and money is asked for", UNKNOWN),
    Refusal("wrong-type", "dash for yes/no", evaluate({"satisfied": "-"}), "satisfied",
            "`satisfied` is `-`, and yes or no is asked for", UNKNOWN),
    Refusal("wrong-type", "invisible", evaluate({"satisfied": "yes\u200b"}), "satisfied",
            "`satisfied` is `yes\u200b`, and yes or no is asked for",
            "it holds U+200B (zero width space), which cannot be seen: type it anew"),
    Refusal("unknown-fact", "invisible", evaluate({"remark\xa0": "x"}), "remark\xa0",
            "`remark\xa0` is no fact of this ruleset",
            "it holds U+00A0 (no-break space), which cannot be seen: type it anew"),
    Refusal("rate-without-percent", "text", evaluate({"margin": "85"}), "margin",
            "`margin` is `85`, a rate without `%`", "write `85%`, or `8500%` if that is meant"),
    Refusal("rate-without-percent", "program", evaluate({"margin": Decimal("-1.5")}), "margin",
            "`margin` is `-1.5`, a rate without `%`", "write `-1.5%`, or `-150%` if that is meant"),
    Refusal("out-of-range", "rate", evaluate({"quality": 85}), "quality",
            "`quality` is 8500%, 8400% above the greatest value 100%", f"did you mean `85%`? else {CORRECT}"),
    Refusal("wrong-type", "exponent", evaluate({"team_sales": "1e3"}), "team_sales",
            "`team_sales` is `1e3`, and money is asked for", MONEY_FORM),
    Refusal("wrong-type", "not a number", evaluate({"team_sales": Decimal("NaN")}), "team_sales",
            "`team_sales` is `NaN`, and money is asked for", MONEY_FORM),
    Refusal("wrong-type", "yes/no for money", evaluate({"team_sales": True}), "team_sales",
            "`team_sales` is yes or no, and money is asked for", MONEY_FORM),
    Refusal("wrong-type", "figure for yes/no", evaluate({"satisfied": 1}), "satisfied",
            "`satisfied` is `1`, and yes or no is asked for", "give `yes` or `no` (in JSON and programs true or false)"),
    Refusal("wrong-type", "Y for yes/no", evaluate({"satisfied": "Y"}), "satisfied",
            "`satisfied` is `Y`, and yes or no is asked for", "give `yes` or `no` (in JSON and programs true or false)"),
    Refusal("wrong-type", "date", evaluate({"joined": "2026-02-30"}), "joined",
            "`joined` is `2026-02-30`, and a date is asked for",
            "there is no such day: write a day of the calendar, such as `2026-09-30`"),
    Refusal("wrong-type", "date with points", evaluate({"joined": "31.12.2026"}), "joined",
            "`joined` is `31.12.2026`, and a date is asked for", "write `2026-12-31`"),
    Refusal("wrong-type", "date of another world", evaluate({"joined": "soon"}), "joined",
            "`joined` is `soon`, and a date is asked for", "give `2026-09-30`"),
    Refusal("wrong-type", "figure for text", evaluate({"remark": 5}), "remark",
            "`remark` is `5`, and text is asked for", "give a text"),
    Refusal("wrong-type", "map for list", evaluate({"key_accounts": {"sales": 1}}), "key_accounts",
            "`key_accounts` is a map, and a list is asked for", "give a list"),
    Refusal("wrong-type", "figure for item", evaluate({"key_accounts": ["5"]}), "key_accounts[1]",
            "`key_accounts[1]` is `5`, and an item is asked for", "give a mapping with customer, sales"),
    Refusal("unknown-choice", "grade", evaluate({"grade": "M3"}), "grade",
            "`grade` is `M3`, none of the choices", "the choices are `M1`, `M2`"),
    Refusal("unknown-choice", "small letters", evaluate({"grade": "m2"}), "grade",
            "`grade` is `m2`, none of the choices", "did you mean `M2`? the choices are `M1`, `M2`"),
    Refusal("unknown-choice", "unknown grade", evaluate({"grade": "unknown"}), "grade",
            "`grade` is `unknown`, none of the choices", UNKNOWN),
    Refusal("wrong-type", "figure for a choice", evaluate({"grade": 1}), "grade",
            "`grade` is `1`, and a choice is asked for", "give one of `M1`, `M2`"),
    Refusal("too-many-decimals", "money", evaluate({"team_sales": "0.001"}), "team_sales",
            "`team_sales` is `0.001`, which has more than 2 decimal places",
            "write at most 2 decimals, the digits of its currency"),
    Refusal("too-many-decimals", "third", evaluate({"margin": Fraction(1, 3)}), "margin",
            "`margin` is `1/3`, which has more than 12 decimal places", "write at most 12 decimals"),
    Refusal("too-many-decimals", "whole", evaluate({"headcount": "2.5"}), "headcount",
            "`headcount` is `2.5`, which is no whole number", "write it without decimals"),
    Refusal("out-of-range", "below", evaluate({"team_sales": "-0.01"}), "team_sales",
            "`team_sales` is -0.01, 0.01 below the least value 0.00", CORRECT),
    Refusal("out-of-range", "above", evaluate({"team_sales": "1000000.01"}), "team_sales",
            "`team_sales` is 1000000.01, 0.01 above the greatest value 1000000.00", CORRECT),
    Refusal("too-many-items", "three of two", evaluate({"key_accounts": [{}, {}, {}]}), "key_accounts",
            "`key_accounts` has more than the 2 items that are allowed",
            "raise `max items` in the ruleset, or leave items out"),
    Refusal("broken-limit", "error", evaluate({"headcount": 0, "team_sales": "100"}), "",
            "`sales_of_somebody` is broken: Sales need somebody who sells", "correct the facts"),
    Refusal("negative-line", "below 0", evaluate({"headcount": 0, "team_sales": "0"}), "commission",
            "the pay line `commission` comes to -0.01, below 0",
            "should it be `max(…, 0)`? else correct the facts, or write `may be negative: yes` on the line"),
    Refusal("nothing-to-share-by", "no hours", evaluate({"pool": "1", "team": [{"hours": 0}]}, SHARED), "",
            "1 cannot be shared by `hours`: `hours` is 0 for all of them",
            "correct the facts, or ask first: `if sum(….hours) > 0 then … else …`"),
    Refusal("nothing-to-share-by", "nobody", evaluate({"pool": "0.5", "team": []}, SHARED), "",
            "0.5 cannot be shared by `hours`: there is nobody to share it",
            "correct the facts, or ask first: `if sum(….hours) > 0 then … else …`"),
    Refusal("several-rows", "unique", evaluate({"sales": "60", "target": "60"}, TWO_ROWS), "share",
            "several rows of the unique table `share` match, in lines 17 and 18",
            "move an edge so that one row owns the case"),
    Refusal("text-too-long", "note", evaluate({"note": "a" * 10_001}, NOTED), "note",
            "`note` has 10,001 characters, and at most 10,000 are allowed", "shorten it"),
    Refusal("result-too-large", "squares", evaluate({"x": 10**14}, SQUARES), "",
            "a result has more digits than are reckoned with", "correct the facts, or the formula"),
    Refusal("no-row", "never of a checked table", failing(Step("table", (), MONEY, value=NO_ROWS)), "share",
            "no row of the table `share` matches", "add a row or `otherwise:` to it"),
    Refusal("division", "never of a checked formula", failing(Step("/", (0, 1), MONEY), Fraction(1), Fraction(0)),
            "", "a divisor was 0", ""),
    Refusal("opening", "no map", evaluate({}, opening=["suspended"]), "", "the opening is no mapping",
            'give `{"status": "active"}`'),
    Refusal("opening", "unknown key", evaluate({}, opening={"state": "active"}), "opening.state",
            "`state` is nothing that can be carried in", CARRIED),
    Refusal("opening", "unknown state", evaluate({}, opening={"status": "suspnded"}), "opening.status",
            "`suspnded` is none of the states", "did you mean `suspended`?"),
    Refusal("opening", "no balances", evaluate({}, opening={"carries": {"draw": "1"}}), "opening.carries.draw",
            "`draw` is nothing that can be carried in", "leave it out: this ruleset carries no balances"),
    Refusal("opening", "balances are no map", evaluate({}, BALANCES, opening={"carries": ["1"]}), "opening.carries",
            "the balances are no mapping", 'give `{"owed": "500.00"}`'),
    Refusal("opening", "misspelt balance", evaluate({}, BALANCES, opening={"carries": {"owd": "1"}}), "opening.carries.owd",
            "`owd` is nothing that can be carried in", "did you mean `owed`?"),
    Refusal("too-many-decimals", "balance of money", evaluate({}, BALANCES, opening={"carries": {"owed": "0.005"}}),
            "opening.carries.owed", "`opening.carries.owed` is `0.005`, which has more than 2 decimal places",
            "write at most 2 decimals, the digits of its currency"),
    Refusal("float", "balance", evaluate({}, BALANCES, opening={"carries": {"share": 0.5}}), "opening.carries.share",
            "`opening.carries.share` is a floating-point number, which is not exact",
            "give `1.25`, in a program as Decimal, int or text; a JSON file is read exactly as it is written"),
    Refusal("wrong-type", "balance over 0", evaluate({}, BALANCES, opening={"carries": {"share": "1/0"}}), "opening.carries.share",
            "`opening.carries.share` is `1/0`, and a number is asked for",
            "give `1.25`, in a program as Decimal, int or text"),
    Refusal("edges-fall", "threshold above the next edge", evaluate({"sales": "100", "threshold": "90"}, FALLING), "commission",
            "the edges of the scale `commission` do not rise here: 90, 50", "correct the facts or the scale"),
    Refusal("outside-calendar", "too many days", evaluate({"joined": "9999-12-31"}, LATER), "",
            "30 from 9999-12-31 lies outside the calendar", "correct the facts"),
    Refusal("company-missing", "no company", evaluate({}, SET_BY_COMPANY), "",
            "`base_salary` is set by the company, and no company is given",
            'name one, as in `company="example"` or `--company example`'),
    Refusal("not-in-force", "before the first", evaluate({}, DATED, as_of="2025-12-31"), "",
            "no figure of `base_salary` is in force on 2025-12-31", "the first holds from 2026-01-01"),
    Refusal("durable-limit", "rules of one program", lambda folder: Program([Rule(f"r{n}", ((n % 100, 1),), 100, 1) for n in range(199)]), "",
            "201 rules in a program, and durable-rules is trusted with 200",
            "use the engine `single` or `reference`, or divide the ruleset"),
    Refusal("durable-missing", "not installed", _without_durable_rules, "",
            "the durable engine needs the package `durable-rules`, which is not here",
            'install it with `CPPFLAGS="-DPyEval_CallObject=PyObject_CallObject" pip install \'rolerules[durable]\'`, '
            "or leave `durable` out: the other engines give the same decisions"),
    Refusal("no-such-file", "path", lambda folder: load(folder / "none.yaml"), "",
            "`none.yaml` cannot be read: No such file or directory", "check the path"),
    Refusal("unknown-ruleset", "id", lambda folder: load("marketing-directr"), "",
            "there is no ruleset `marketing-directr`",
            "did you mean `marketing-director`, or give the path of a file"),
    Refusal("unknown-company", "id", lambda folder: load("marketing-director", company="exmple"), "",
            "there is no company `exmple`", "known here: `example`; or give the path of a company file"),
    Refusal("unknown-company", "another", lambda folder: load(_role(folder), company="acme"), "",
            "`acme.yaml` says that it is `other`, not `acme`",
            "write `acme` there, or rename the file to `other.yaml`"),
    Refusal("not-cases", "a ruleset", lambda folder: run_file(_written(folder, "refusals.yaml", HEAD)), "",
            "`refusals.yaml` is no cases file", "it starts with `cases:`"),
    Refusal("other-ruleset", "beside", lambda folder: run_file(_beside(folder)), "",
            "these are cases of `refusal`, and the ruleset beside them is `refusals`", "write `cases: refusals`"),
    Refusal("not-json", "comma", given(lambda name: exact_json.parse('{"team_sales": 1,}', name)), "",
            "this is not JSON: `,` cannot stand here",
            "names and texts stand in double quotes, a comma between two entries, none after all"),
    Refusal("not-a-number", "NaN", given(lambda name: exact_json.parse('{"team_sales": NaN}', name)), "",
            "`NaN` is no number", "write `null` for what is not known"),
    Refusal("as-of-missing", "no clock", given(lambda name: cases.Case({}).decided_on(None)), "",
            "no as-of date is given, and today is never taken for it",
            "say the period's last day: `--as-of 2026-09-30`, or `as_of` beside `facts`"),
    Refusal("out-of-turn", "a quarter left out", in_turn(TWO_LINES), "",
            "the quarter of 2026-09-30 does not follow that of 2026-03-31, the last one of its id",
            "put the lines in order, add what is missing, or give this line an `opening`"),
    Refusal("id-missing", "in turn", in_turn('{"as_of": "2026-09-30", "facts": {}}'), "", "this line has no `id`",
            "give each line an `id`: it says whose periods follow each other"),
    Refusal("no-yaml-file", "empty folder", lambda folder: files.yaml_files([str(_folder(folder / "empty"))]), "",
            "no file below `empty` ends with `.yaml`", "check the path"),
    Refusal("no-such-rows", "misspelt", lambda folder: table.find_rows(collect(_role(folder)), "shar", None), "",
            "there is no table or scale `shar` in `refusals`", "there are none in it"),
    Refusal("extra-missing", "no module", _without_extra, "", "this needs `no_such_module`, which is not installed",
            'install the extra: `pip install "rolerules[bulk]"`'),
    Refusal("table-shape", "no table", of_table({"grade": ["M1"]}), "",
            "facts cannot be given as a value of this kind, a table is asked for",
            "give a pyarrow, Polars or pandas table, or `evaluate` one case"),
    Refusal("table-shape", "no columns", of_table(pl.DataFrame()), "", "the table has no columns", "give a column for each fact"),
    Refusal("table-shape", "one name twice", of_table(pa.table([["M1"], ["M2"]], names=["grade", "grade"])), "",
            "two columns have one name: `grade`", "give every column a name of its own"),
    Refusal("table-shape", "kept under a result's name", of_table(pl.DataFrame({"status": ["x"]}), keep=["status"]), "status",
            "`status` is a column of the result too", "rename the column before, or leave it out of those that are kept"),
    Refusal("unknown-column", "misspelt", of_table(pl.DataFrame({"grad": ["M1"]})), "grad",
            "`grad` is no fact of this ruleset", "did you mean `grade`? else keep it, with its name in `keep`, or leave it out"),
    Refusal("unknown-column", "kept and not there", of_table(pl.DataFrame({"grade": ["M1"]}), keep=["employe"]), "employe",
            "`employe` is no column of the table", "known here: `grade`"),
    Refusal("unknown-column", "field", of_table(pl.DataFrame({"key_accounts": [[{"sale": 1}]]})), "key_accounts.sale",
            "`key_accounts.sale` is no field of this list", "did you mean `sales`?"),
    Refusal("float", "column", of_table(pl.DataFrame({"team_sales": [0.1]})), "team_sales",
            "`team_sales` is a column of floating-point numbers, which are not exact", FLOATS),
    Refusal("wrong-type", "column", of_table(pl.DataFrame({"joined": [20260930]})), "joined",
            "`joined` is a column of kind `Int64`, and a date is asked for",
            "give a column of dates, or of texts like `2026-09-30`; of a time stamp, take the date"),
    Refusal("as-of", "neither date nor column", of_table(pl.DataFrame({"grade": ["M1"]}), as_of="period_end"), "as_of",
            "`period_end` is no as-of date",
            'give a date, or text like "2026-09-30"; it is the last day of the period; or name a column of dates'),
    Refusal("table-file", "no suffix of a table", lambda folder: tables.open_table(folder / "people.txt"), "",
            "`people.txt` is no table by its name", "let its name end in one of `.parquet`, `.pq`, `.csv`, `.tsv`, `.arrow`, `.ipc`, `.feather`"),
    Refusal("table-file", "a spreadsheet", lambda folder: tables.open_table(folder / "people.xlsx"), "",
            "`people.xlsx` is a spreadsheet", "save the sheet as `CSV UTF-8`"),
    Refusal("table-file", "no Parquet", lambda folder: tables.open_table(_written(folder, "people.parquet", "grade")), "",
            "`people.parquet` cannot be read as Parquet: parquet: File out of specification: A Parquet file must contain a header and footer with at least 12 bytes",
            "check that the file is whole, and of the kind that its name says"),
    Refusal("table-file", "line cut short", lambda folder: tables.open_table(_written(folder, "people.csv", "grade,remark\nM1,\nM2\n")), "",
            "line 3 of `people.csv` cannot be read: it has 1 cell, and the header has 2",
            "write a cell for each column, empty where nothing is known, and no comma in a figure"),
    Refusal("same-file", "in and out", lambda folder: run_command.apart(folder / "a.csv", folder / "a.csv"), "",
            "`a.csv` would be read and written at once", "give each file its own name"),
    Refusal("not-writable", "no folder", lambda folder: files.replace(folder / "none" / "a.yaml", b""), "",
            "`none/a.yaml` cannot be written: No such file or directory", "check the rights to its folder, and the space there"),
    *(Refusal(*row) for row in ROWS),
)  # fmt: skip


def _written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def _beside(folder: Path) -> Path:
    _written(folder, "refusals.yaml", HEAD)
    text = "cases: refusal\ncases of: []\n"
    return _written(folder, "refusals.cases.yaml", text)


def _role(folder: Path) -> Path:
    """A ruleset beside a company's file with another id than its name."""
    company = "company: other\nlanguage: 1\nversion: 1.0.0\nfigures for: {}\n"
    _written(folder, "acme.yaml", company)
    return _written(folder, "refusals.yaml", HEAD)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
