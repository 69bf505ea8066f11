# SPDX-License-Identifier: MIT
"""The table of the formula grammar, worked out by lark; run as a program it records it anew.

`python -m tests.grammar` writes `rolerules/text/formula_table.json` from `formula.lark` beside it.
"""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import Any

from lark import Lark

TEXT = Path(__file__).parents[1] / "rolerules" / "text"
TABLE = TEXT / "formula_table.json"


@functools.cache
def grammar() -> Lark:
    """The grammar as lark reads it: the definition that the table has to agree with."""
    text = (TEXT / "formula.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="basic", propagate_positions=True)


def recorded() -> str:
    """The text of the table's file: tokens in the order in which they are tried, rules, states."""
    lark: Any = grammar().parser
    scanner, parse_table = lark.lexer.scanner, lark.parser._parse_table
    words = lark.lexer.callback["NAME"].scanner.terminals
    (blank,) = lark.lexer.ignore_types
    named = _numbered(parse_table.states, parse_table.start_states["start"])
    rules: dict[Any, None] = {}
    for state in named:
        rules |= {arg: None for _, arg in parse_table.states[state].values() if arg not in named}
    ordered = sorted(rules, key=lambda rule: (rule.origin.name, rule.order, repr(rule)))
    data = {
        "tokens": {
            "BLANK" if one.name == blank else one.name: one.pattern.to_regexp()
            for one in scanner.terminals
        },
        "words": {one.pattern.value: one.name for one in words},
        "first": named[parse_table.start_states["start"]],
        "last": named[parse_table.end_states["start"]],
        "rules": [_rule(rule) for rule in ordered],
        "states": [
            {
                name: named[arg] if arg in named else ordered.index(arg) - len(ordered)
                for name, (_, arg) in sorted(parse_table.states[state].items())
            }
            for state in named
        ],
    }
    return _written(data)


def _numbered(states: Any, first: int) -> dict[int, int]:
    """The states in the order in which they are come by, which every run of lark agrees on."""
    found = {first: 0}
    waiting = [first]
    for state in waiting:
        for _, (_, arg) in sorted(states[state].items()):
            if arg in states and arg not in found:
                found[arg] = len(found)
                waiting.append(arg)
    assert len(found) == len(states)
    return found


def _rule(rule: Any) -> list[Any]:
    keeps = [
        place for place, part in enumerate(rule.expansion) if not getattr(part, "filter_out", False)
    ]
    itself = rule.options.expand1 and not rule.alias
    assert not itself or keeps == [0], "a rule with `?` is one part alone, or has another name"
    inner = rule.origin.name.startswith("_")
    node = "" if itself else "…" if inner else rule.alias or rule.origin.name
    return [rule.origin.name, node, len(rule.expansion), keeps]


def _written(data: dict[str, Any]) -> str:
    """JSON with a line for each token, rule and state, so that changes can be read."""
    parts = []
    for key, value in data.items():
        lines = value
        if isinstance(value, dict):
            lines = [f"{json.dumps(name)}: {json.dumps(one)}" for name, one in value.items()]
        elif isinstance(value, list):
            lines = [json.dumps(one, ensure_ascii=False) for one in value]
        if isinstance(value, dict | list):
            first, last = "{}" if isinstance(value, dict) else "[]"
            parts.append(f'"{key}": {first}\n' + ",\n".join(lines) + f"\n{last}")
        else:
            parts.append(f'"{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Record the table anew, and say whether it changed."""
    text = recorded()
    if not TABLE.is_file() or TABLE.read_text(encoding="utf-8") != text:
        TABLE.write_text(text, encoding="utf-8")
        sys.stdout.write(f"recorded {TABLE.name}\n")


if __name__ == "__main__":
    main()
