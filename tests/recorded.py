# SPDX-License-Identifier: MIT
"""A small ruleset with everything a session can meet, and records for tests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from rolerules import Record, Ruleset, load
from rolerules.record.keys import KeyFile
from rolerules.record.store import SqliteStore

AT = "2026-09-30"
TEXT = """
ruleset: seller
language: 1
version: 1.0.0
title: Seller
currency: CNY
period: quarter
year starts: 1 January
facts:
  target:
    type: money
    min: 0.01
  sales:
    type: money
    min: 0
    accumulates: yes
  grade:
    type: choice
    of: [S1, S2]
  satisfied: yes/no
  rating: rate
  joined: date
  accounts:
    type: list
    max items: 4
    each:
      customer: text
      bought: money
parameters:
  base:
    type: money
    by: grade
    value:
      S1: 1000.00
      S2: 2000.00
carries:
  owed:
    type: money
    first: 0
    next: owed.opening + commission
values:
  account_sales: sum(accounts.bought)
pay:
  rounding: half up to 0.01
  lines:
    basic:
      amount: base[grade]
    commission:
      rules:
        - when: sales >= target
          amount: 2% * (sales - account_sales)
        - otherwise:
          amount: 1% * (sales - account_sales)
      may be negative: yes
    bonus:
      amount: rating * basic
      may be negative: yes
limits:
  accounts_within_sales:
    title: Accounts are part of the sales
    require: account_sales <= sales
    severity: error
  few_accounts:
    title: At most two accounts
    require: count(accounts) <= 2
    severity: violation
assessments:
  target_met:
    title: Target
    every: quarter
    met: sales >= target
  long_here:
    title: Here since July
    every: quarter
    met: joined <= period_start
status:
  states: [active, suspended]
  start: active
  changes:
    suspend:
      from: active
      to: suspended
      grounds:
        each assessment: missed
        dissatisfaction: not satisfied
      effect: duty of the company
      adverse: yes
      notice: 10 days
"""


def seller(folder: Path) -> Ruleset:
    """The ruleset, loaded from a file in a folder."""
    path = folder / "seller.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return load(path)


def new_record(folder: Path, name: str = "people") -> Record:
    """A new record in a folder, with a clock that stands still: numbers alone order entries."""
    store = SqliteStore(folder / f"{name}.record")
    return Record(
        store, KeyFile(folder / f"{name}.keys", store.id),
        lambda: "2026-12-01T00:00:00.000000+00:00",
    )  # fmt: skip


def fast_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder in memory where there is one: for tests in which nothing hangs on the disk."""
    memory = Path("/dev/shm")
    return tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None)
