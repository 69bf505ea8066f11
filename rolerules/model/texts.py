# SPDX-License-Identifier: MIT
"""The text of every file taking part in a ruleset: to be kept, and to be read again years later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from rolerules.model.sources import Sources
from rolerules.problems import Problem, RulesetError
from rolerules.syntax import tree
from rolerules.syntax.build import Built, build
from rolerules.text.csv_rows import read_csv
from rolerules.text.reader import read_bytes
from rolerules.text.tree import Document, Scalar


@attrs.frozen(slots=True)
class Text:
    """One file: its name without folders, its text, and those of the CSV files that stand in it."""

    name: str
    text: str
    sheets: Mapping[str, str]


def texts_of(sources: Sources) -> tuple[Text, ...]:
    """The text of every file, the ruleset's first."""
    return tuple(
        Text(
            Path(built.document.file).name,
            built.document.text,
            {Path(sheet.file).name: sheet.text for sheet, _ in built.sheets},
        )
        for built in sources.built
    )


def sources_of(texts: Iterable[Text]) -> Sources:
    """The files built from their texts alone. Raises `RulesetError` where no ruleset is among them."""
    built = [_built(text) for text in texts]
    rulesets = [one.file for one in built if isinstance(one.file, tree.Ruleset)]
    companies = [one.file for one in built if isinstance(one.file, tree.Company)]
    if not rulesets:
        message = "no ruleset is among the texts"
        raise RulesetError([Problem("not-a-ruleset", message, help="one starts with `ruleset:`")])
    problems = tuple(problem for one in built for problem in one.problems)
    company = companies[0] if companies else None
    return Sources(rulesets[0], tuple(rulesets[1:]), company, tuple(built), problems)


def _built(text: Text) -> Built:
    def sheet(name: Scalar) -> Document:
        if name.text not in text.sheets:
            raise FileNotFoundError(2, "it was not kept")
        return read_csv(text.sheets[name.text].encode(), name.text)

    return build(read_bytes(text.text.encode(), text.name), sheet)
