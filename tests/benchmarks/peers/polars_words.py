# SPDX-License-Identifier: MIT
"""Polars by hand into Parquet, its three texts as dictionaries of words.

The texts of a file are the same; but Polars' writer takes three times as long for a column of mostly
empty strings as for one of dictionary codes, and somebody who measures finds that out.
"""

from pathlib import Path

import polars as pl

from tests.benchmarks.peers.polars_hand import given_table, query, written
from tests.benchmarks.policy import TEXTS

NAME, PACKAGE, MONEY = "hand-written Polars, texts as dictionaries", "polars", "Int64, cents"
OUTPUTS = "every column"
__all__ = ["MONEY", "NAME", "OUTPUTS", "PACKAGE", "file", "given_table"]


def file(source: Path, target: Path) -> None:
    grounds, nothing = pl.col("mask").cat.to(pl.Enum(TEXTS)), pl.lit("", dtype=pl.Enum([""]))
    written(lambda people: query(people, grounds, nothing), source, target)
