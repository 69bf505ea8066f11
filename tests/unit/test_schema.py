# SPDX-License-Identifier: MIT
"""The JSON Schemas: every shipped file is valid, every spoiled one is not."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import rolerules
from rolerules.cli.facts_schema import facts_schema
from rolerules.model.sources import shipped
from rolerules.syntax import shape
from rolerules.syntax.schema import schema

FILES = sorted(shipped().rglob("*.yaml"))
VALIDATOR = jsonschema.Draft7Validator(schema())


class Loader(yaml.SafeLoader):
    """What an editor's YAML makes of a file, with dates kept as text."""


Loader.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in group if not tag.endswith(":timestamp")]
    for sign, group in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def loaded(name: str) -> Any:
    path = next(path for path in FILES if path.parent.name + "/" + path.stem == name)
    return yaml.load(path.read_text(encoding="utf-8"), Loader)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_shipped_files_are_valid(path: Path):
    VALIDATOR.validate(yaml.load(path.read_text(encoding="utf-8"), Loader))


def test_is_a_schema():
    jsonschema.Draft7Validator.check_schema(schema())


def test_every_head_and_key_is_described():
    text = schema()
    for head, record in shape.HEADS.items():
        properties = text["definitions"][head]["properties"]
        assert list(properties) == list(record.keys)
        assert all(properties[word]["description"] == key.doc for word, key in record.keys.items())


SPOILED = {
    "no head": lambda file: file.pop("ruleset"),
    "a head too many": lambda file: file.update(policy="x"),
    "a key that is unknown": lambda file: file.update(fact={}),
    "a key that is missing": lambda file: file.pop("period"),
    "a word that is unknown": lambda file: file.update(period="week"),
    "a form that is wrong": lambda file: file.update(version=1.0),
    "an id that is wrong": lambda file: file.update(ruleset="Marketing Director"),
    "a type that is unknown": lambda file: file["facts"].update(x="monies"),
    "a name that is wrong": lambda file: file["facts"].update({"X-1": "money"}),
    "a list for a formula": lambda file: file["values"].update(x=["a"]),
    "nothing for a formula": lambda file: file["values"].update(x=None),
    "amount and rules": lambda file: file["pay"]["lines"]["team_commission"].update(amount="1"),
    "neither amount nor rules": lambda file: file["pay"]["lines"]["team_commission"].pop("rules"),
    "otherwise with a value": lambda file: file["pay"]["lines"]["team_commission"]["rules"][
        1
    ].update(otherwise="yes"),
    "a date that is none": lambda file: file["parameters"]["key_account_rate"].update(
        {"from January": "1%"}
    ),
    "no figure": lambda file: file["parameters"]["key_account_rate"].pop("from 2026-01-01"),
    "text for a list": lambda file: file["tables"]["performance_rate"].update(inputs="x"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_spoiled_rulesets_are_not_valid(how: str):
    file = loaded("roles/marketing_director")
    VALIDATOR.validate(file)
    SPOILED[how](file)
    assert list(VALIDATOR.iter_errors(file))


def test_spoiled_companies_and_cases_are_not_valid():
    company, cases = loaded("companies/example"), loaded("cases/marketing_director")
    del company["figures for"]["marketing-director"]["parameters"]["base_salary"]["from 2026-01-01"]
    del cases["cases of"][0]["as of"]
    assert list(VALIDATOR.iter_errors(company))
    assert list(VALIDATOR.iter_errors(cases))


@pytest.fixture(scope="module")
def facts() -> jsonschema.Draft7Validator:
    made = facts_schema(rolerules.load("marketing-director").model)
    jsonschema.Draft7Validator.check_schema(made)
    return jsonschema.Draft7Validator(made)


GOOD = [
    {},
    {"grade": None, "team_target": None, "key_accounts": None},
    {"grade": "M1", "team_sales": "1199999.99", "satisfied": True, "planned_posts": 3},
    {"team_sales": 1199999.99, "satisfied": "no", "planned_posts": "3", "profit": -0.07},
    {"key_accounts": [{"customer": "A", "sales": 0.01}, {"customer": None}]},
    {"reports": [{"duty": "competition", "date": "2026-09-30"}]},
]
WRONG = [
    {"grade": "M9"},
    {"grad": "M1"},
    {"team_sales": "1.999"},
    {"team_sales": "1,5"},
    {"team_sales": "01"},
    {"team_sales": -1},
    {"team_target": 0},
    {"team_sales": True},
    {"planned_posts": 1.5},
    {"satisfied": "maybe"},
    {"key_accounts": {}},
    {"key_accounts": [{"name": "A"}]},
    {"key_accounts": [{}] * 51},
    {"reports": [{"date": "30.9.2026"}]},
]


@pytest.mark.parametrize("given", GOOD)
def test_good_facts_are_valid(facts, given):
    facts.validate(given)


@pytest.mark.parametrize("given", WRONG)
def test_wrong_facts_are_not_valid(facts, given):
    assert list(facts.iter_errors(given))


def test_no_amount_of_cents_is_refused(facts):
    # Binary floats make `multipleOf: 0.01` refuse one of seven of these.
    for cents in range(0, 100_000_000, 99_991):
        facts.validate({"team_sales": cents / 100})


def test_bounds_and_patterns_follow_the_type():
    from fractions import Fraction

    from rolerules.cli.facts_schema import _value
    from rolerules.model.types import Range, Type

    third = Range(Fraction(1, 3), Fraction(3, 2))
    text, number, null = _value(Type("rate"), third, 2)["anyOf"]
    assert re.search(text["pattern"], "1.5")
    assert re.search(text["pattern"], "150 %")
    assert number == {"type": "number", "maximum": 1.5}
    assert null == {"type": "null"}


def test_a_bare_rate_without_a_bound_is_at_most_1_as_facts_are_read():
    from rolerules.cli.facts_schema import _value
    from rolerules.limits import LIMITS
    from rolerules.model.types import Range, Type

    schema = _value(Type("rate"), Range(-LIMITS.number, LIMITS.number), 2)
    open_rate = jsonschema.Draft7Validator(schema)
    for good in (1, -1, 0.5, "1", "1.000", "-0.5", "8500%", None):
        open_rate.validate(good)
    for wrong in (1.5, -1.5, "1.5", "1.001", "85", "-2"):
        assert list(open_rate.iter_errors(wrong))


def test_money_without_minor_units_is_whole_and_texts_have_a_length():
    from rolerules.cli.facts_schema import _value
    from rolerules.model.types import Range, Type

    assert _value(Type("money"), Range(), 0)["anyOf"][1] == {"type": "integer"}
    assert _value(Type("text"), Range(), 2)["maxLength"] == 10_000
