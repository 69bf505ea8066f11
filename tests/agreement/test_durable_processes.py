# SPDX-License-Identifier: MIT
"""The durable engine in processes of its own: other heaps, another locale, memory over time."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from soak import soak

HERE = Path(__file__).resolve().parent


def campaign(cases, seed, **environment):
    """Run a small campaign in a new process; give its output."""
    done = subprocess.run(
        [sys.executable, str(HERE / "campaign.py"), "--cases", str(cases), "--seed", str(seed)],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr}"
    return done.stdout


@pytest.mark.parametrize("filled", ["1", "85", "165", "255"])
def test_it_never_reads_what_is_not_its_own(filled):
    """Freed and new memory is filled, and every allocation goes to the C library, which checks."""
    environment = {"MALLOC_PERTURB_": filled, "MALLOC_CHECK_": "3", "PYTHONMALLOC": "malloc"}
    assert "no disagreement" in campaign(1_500, f"9{filled}", **environment)


@pytest.mark.parametrize("filled", ["0", "170"])
def test_every_layout_of_a_heap_is_as_good(filled):
    """A new process with another heap each time: the first case of a program, with its joins."""
    text = (
        "import os, rolerules\n"
        "r = rolerules.load('marketing-director', company='example')\n"
        "f = {'team_target': 2, 'team_sales': 1, 'satisfied': False}\n"
        "want = r.evaluate(f, as_of='2026-12-31', engine='reference')\n"
        "for n in range(60):\n"
        "    pid = os.fork()\n"
        "    if not pid:\n"
        "        junk = [bytearray(37 * k % 997) for k in range(n * 20)][::3]\n"
        "        os._exit(0 if r.evaluate(f, as_of='2026-12-31', engine='durable') == want else 1)\n"
        "    assert os.waitpid(pid, 0)[1] == 0, n\n"
    )
    environment = {**os.environ, "MALLOC_PERTURB_": filled, "PYTHONMALLOC": "malloc"}
    subprocess.run([sys.executable, "-c", text], env=environment, check=True, timeout=60)


def test_a_locale_with_decimal_commas(tmp_path):
    """Under it durable-rules reads fractions wrong; none go in."""
    if not shutil.which("localedef"):
        pytest.skip("localedef, which makes the locale, is not installed")
    made = ["localedef", "-i", "de_DE", "-f", "UTF-8", str(tmp_path / "de_DE.UTF-8")]
    if subprocess.run(made, capture_output=True, check=False).returncode:
        pytest.skip("the sources of the locale de_DE are not installed")
    text = (
        "import locale, sys\n"
        "locale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')\n"
        "assert locale.localeconv()['decimal_point'] == ','\n"
        f"sys.path.insert(0, {str(HERE)!r})\n"
        "from campaign import campaign\n"
        "campaign(1_500, 49)\n"
    )
    environment = {**os.environ, "LOCPATH": str(tmp_path), "LC_ALL": "de_DE.UTF-8"}
    subprocess.run([sys.executable, "-c", text], env=environment, check=True, timeout=120)


def test_memory_stays_flat():
    held = soak(12_000)
    # The first tenths fill what is kept: freed memory, words, programs.
    assert max(held[5:]) - max(held[:5]) < 4_096, held
