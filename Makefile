# Everything a newcomer, a developer and CI call. Python >= 3.11, a C compiler and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXAMPLE := docs/examples/missed_target.yaml
# pip compiles what it installs, but not what it leaves in its place; uncompiled, a start takes twice as long.
COMPILED = $(BIN)/python -m compileall -q rolerules

CASES := 1000000

.PHONY: demo test check format long spark bench agreement agreement-durable kills clean

# The main job on a real example: a statement with a missed target, then its reasons.
demo: $(VENV)/ready
	$(BIN)/rolerules evaluate marketing-director $(EXAMPLE) --company example
	$(BIN)/rolerules explain marketing-director $(EXAMPLE) --company example

# Style, types, and all tests, with the branch coverage of the package but for the engines in lock-step,
# which would take three times as long.
test: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	POLARS_MAX_THREADS=1 $(BIN)/python -m pytest -n 2 tests/agreement
	$(BIN)/python -m pytest -n 2 --ignore=tests/agreement --cov --cov-report=term-missing:skip-covered --cov-fail-under=95

# Before a change is offered: style, types, and the fast tests.
check: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto tests --ignore=tests/properties --ignore=tests/hostile --ignore=tests/agreement --ignore=tests/crash

format: $(VENV)/ready-dev
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# Many more random rulesets and facts; about 30 minutes on two cores.
long: $(VENV)/ready-dev
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -n auto tests/properties tests/hostile

# What the test over a real Spark needs beside Java; without it that test says that it is skipped.
spark: $(VENV)/ready-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[spark]'

# Beside the other engines, in an environment of their own: quick takes less than three minutes, full
# less than 25 and writes docs/performance.md. `make bench MODE=full`
MODE ?= quick
bench: .venv-bench/ready
	.venv-bench/bin/python -m tests.benchmarks $(MODE)

# Reference, single and columnar engine in lock-step, on one core: some 15 minutes for a million cases.
# `make agreement CASES=10000000 SEED=7 MORE="--rows 300 --jobs 2 --minutes 60"`; what differs is named by
# its seed and the number of its ruleset, and FIRST is the ruleset to begin with, to go on with a run.
SEED := 0
FIRST := 0
MORE :=
agreement: $(VENV)/ready-dev
	POLARS_MAX_THREADS=1 $(BIN)/python tests/agreement/tables.py --cases $(CASES) --seed $(SEED) --first $(FIRST) $(MORE)

# durable-rules beside the exact engine, on one core: `make agreement-durable CASES=100000`.
agreement-durable: $(VENV)/ready-dev
	$(BIN)/python tests/agreement/campaign.py --cases $(CASES)

# A process that writes a record is killed 10,000 times, and every call of it fails once, in every
# way; about 10 minutes.
kills: $(VENV)/ready-dev
	$(BIN)/python tests/crash/killing.py 10000
	$(BIN)/python tests/crash/faults.py

clean:
	rm -rf $(VENV) .venv-bench .bench .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(COMPILED)
	touch $@

$(VENV)/ready-dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(COMPILED)
	touch $@ $(VENV)/ready

# One package after the other: one that cannot be installed is named, and reported as missing.
.venv-bench/ready: pyproject.toml tests/benchmarks/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[bulk]'
	while read -r package; do \
	  .venv-bench/bin/python -m pip install --quiet --disable-pip-version-check "$$package" \
	    || echo "not installed: $$package"; \
	done < tests/benchmarks/requirements.txt
	touch $@
