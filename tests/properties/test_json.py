# SPDX-License-Identifier: MIT
"""A decision as JSON: nothing is lost, and every process writes the same bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path

from drawing import cases, examples
from hypothesis import given

SCRIPT = """
import json, random, sys
sys.path.insert(0, sys.argv[1])
from generators.loading import loaded
from generators.rulesets import Maker, Options
from rolerules import FactError, load
from rolerules.testing import boundary_cases

made = [loaded(Maker(random.Random(seed).randrange, Options()).ruleset()) for seed in range(8)]
for ruleset in [load("marketing-director", company="example"), load("executive-director"), *made]:
    for case in boundary_cases(ruleset, as_of="2026-12-31")[:60]:
        try:
            print(json.dumps(ruleset.evaluate(case, as_of="2026-12-31").to_dict()))
        except FactError as error:
            print(error)
"""


@given(cases())
@examples(40)
def test_json_loses_nothing(case):
    outcome = case.outcome()
    if isinstance(outcome, dict):
        assert json.loads(json.dumps(outcome)) == outcome


def test_two_processes_write_the_same_bytes():
    tests = str(Path(__file__).parent.parent)
    started = [
        subprocess.Popen([sys.executable, "-c", SCRIPT, tests], env={**os.environ, "PYTHONHASHSEED": seed}, stdout=subprocess.PIPE)
        for seed in ("1", "4711")
    ]  # fmt: skip
    one, two = (process.communicate()[0] for process in started)
    assert [process.returncode for process in started] == [0, 0]
    assert one == two
    assert one.count(b"\n") > 300
