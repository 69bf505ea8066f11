# SPDX-License-Identifier: MIT
"""One module a program, all working out the same policy.

A module names itself (`NAME`), the package it comes in (`PACKAGE`) and how it holds money (`MONEY`).
For single cases it has `load()`, which gives the function that is timed, `given(case)`, which makes
a case what that function takes, and `answer(found)`, which makes what it gives an answer of the
oracle's. For tables it has `load_table()`, `given_table(path)` and `answers(found)`, the same for
many people at once, `OUTPUTS` (which columns it gives), and perhaps `file(source, target)`, from
Parquet to Parquet. Only what `load` gives is timed.
"""

ROWS = (
    "rolerules_single", "rolerules_trusting", "rolerules_reference", "hand_decimal", "hand_checked",
    "hand_cents",
    "datalogic", "zen_expression", "zen_graph", "cel_rust", "rule_engine_rules", "durable_raw",
)  # fmt: skip
TABLES = (
    "rolerules_table", "polars_hand", "polars_lean", "duckdb_sql", "numpy_arrays",
    "openfisca_floats", "openfisca_whole",
)  # fmt: skip
BY_ROW = ("hand_decimal", "datalogic", "zen_expression", "zen_graph", "cel_rust")
FILES = (
    "rolerules_table", "polars_hand", "polars_words", "polars_lean", "duckdb_sql", "numpy_arrays",
)  # fmt: skip
COLD = ("rolerules_single", "hand_decimal", "datalogic", "zen_expression", "zen_graph")
EVERY = tuple(dict.fromkeys(ROWS + TABLES + FILES))
