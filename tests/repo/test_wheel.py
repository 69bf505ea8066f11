# SPDX-License-Identifier: MIT
"""The wheel holds the rulesets, and works without the repository."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import rolerules
ruleset = rolerules.load("marketing-director", company="example")
print(rolerules.__file__)
print(ruleset.evaluate({"grade": "M2"}, as_of="2026-09-30").line("basic_salary").amount)
"""


def test_loads_shipped_rulesets_from_an_installed_wheel(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    place = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    code = f"import sys; sys.path.insert(0, {str(place)!r})\n{PROGRAM}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    where, amount = done.stdout.split()
    assert Path(where).is_relative_to(place)
    assert amount == "26000.00"
