# SPDX-License-Identifier: MIT
"""Rows in CSV files mean what they mean in the ruleset, and go there and back without loss."""

from __future__ import annotations

import codecs
import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner
from drawing import cases, examples, outcome
from generators.loading import sources
from hypothesis import given
from hypothesis import strategies as st

from rolerules import load
from rolerules.cli import app
from rolerules.text.csv_rows import lines_of, read_csv, written
from rolerules.text.edit import entry_at
from rolerules.text.reader import read
from rolerules.text.tree import offsets

HEAD = """\
ruleset: words
language: 1
version: 1.0.0
period: month
year starts: 1 January
facts:
  word: text
  other: text
indicators:
  found:
    value: if echo = word then 1 else 0
tables:
  echo:
    hit: first
    inputs: [word, other]
    gives: text
    otherwise: nothing
    # what is known
"""


def run(*args: object) -> str:
    result = CliRunner().invoke(app, ["table", *map(str, args)])
    assert result.exit_code == 0, result.output
    return result.stdout


def blocks(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """The name, key and `--from` of all rows and edges of a ruleset."""
    main = sources(text).main
    for section, always in (("tables", "rows"), ("scales", "edges")):
        for named in getattr(main, section):
            days = [one.since.text for one in named.value.dated]
            yield from ((f"{section} {named.name}", f"from {day}", ["--from", day]) for day in days)
            if not days:
                yield f"{section} {named.name}", always, []


def named_in_place(text: str, section: str, name: str, key: str, file: str) -> str:
    """The text with the name of a file in place of rows."""
    _, entry = entry_at(read(text, "random.yaml").root, (section, name, key))
    start, end = offsets(text, entry.value.span)
    return f"{text[:start].rstrip()} {file}{text[end:]}"


def decided(ruleset, case):
    """The outcome, without the digest: quotes that stood around a cell of YAML are part of it."""
    found = outcome(ruleset, case.facts, case.day, case.opening)
    return {**found, "ruleset": None} if isinstance(found, dict) else found


def there_and_back(case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, text = Path(folder, "random.yaml"), case.text
        path.write_text(text, encoding="utf-8")
        files = []
        for number, (named, key, since) in enumerate(blocks(text)):
            section, name = named.split()
            file = Path(folder, f"{number}.csv")
            run("export", path, name, *since, "-o", file)
            run("import", path, name, file, *since)
            assert path.read_text(encoding="utf-8") == text
            files.append((section, name, key, since, file))
        for section, name, key, _, file in files:
            text = named_in_place(text, section, name, key, file.name)
        path.write_text(text, encoding="utf-8")
        assert decided(load(path), case) == decided(case.ruleset, case)
        for _, name, _, since, file in files:
            before = file.read_text(encoding="utf-8")
            assert run("export", path, name, *since) == before
            run("import", path, name, file, *since)
            assert run("export", path, name, *since) == before
        assert decided(load(path), case) == decided(case.ruleset, case)


@given(cases())
@examples(10)
def test_a_ruleset_and_its_rows_in_files(case):
    there_and_back(case)


@given(cases(tables=True))
@examples(10)
def test_tables_and_their_rows_in_files(case):
    there_and_back(case)


words = st.text(st.sampled_from("ab Zü東,;'#:-[]{}?&!%()<>=.| "), max_size=8)
rows = st.lists(st.tuples(words, words), min_size=1, max_size=4, unique_by=lambda row: row[0])
spellings = st.tuples(
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.sampled_from(",;"),
    st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans(),
)  # fmt: skip


def spelt(lines, spelling) -> bytes:
    """The lines as another program writes them."""
    quotes, sign, end, mark, empty = spelling
    file = io.StringIO()
    csv.writer(file, quoting=quotes, delimiter=sign, lineterminator=end).writerows(lines)
    text = file.getvalue() + (end if empty else "")
    return (codecs.BOM_UTF8 if mark else b"") + text.encode()


@given(rows, spellings, st.data())
@examples(40)
def test_any_words_in_any_spelling(found, spelling, data):
    lines = [("word", "other", "gives"), *((f'"{a}"', f'not "{b}"', f'"{a}"') for a, b in found)]
    plain = written(lines)
    assert [tuple(line) for line in csv.reader(io.StringIO(plain))] == lines
    with tempfile.TemporaryDirectory() as folder:
        path, file = Path(folder, "words.yaml"), Path(folder, "echo.csv")
        path.write_text(f"{HEAD}    rows: echo.csv  # here\n", encoding="utf-8")
        file.write_bytes(spelt(lines, spelling))
        first = load(path)
        file.write_text(plain, encoding="utf-8")
        assert load(path).digest == first.digest
        file.write_text(written([*lines, ("any", "any", '"more"')]), encoding="utf-8")
        assert load(path).digest != first.digest
        file.write_bytes(spelt(lines, spelling))
        assert run("export", path, "echo") == plain
        run("import", path, "echo", file)
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"{HEAD}    rows:  # here\n")
        assert run("export", path, "echo") == plain
        for word, other in data.draw(st.permutations(found)):
            facts = {"word": word, "other": f"{other}x"}
            for one in (first, load(path)):
                decision = one.evaluate(facts, as_of="2026-01-31")
                assert decision.indicators == {"found": 1}


@given(st.lists(st.lists(st.text(max_size=5), min_size=2, max_size=3), min_size=1, max_size=4))
@examples(100)
def test_what_is_written_reads_back(lines):
    document = read_csv(written(lines).encode(errors="replace"), "f.csv")
    if not document.problems:
        wanted = [tuple(line) for line in lines if any(line)]
        assert list(lines_of(document)) == wanted
