# SPDX-License-Identifier: MIT
"""`python -m rolerules.cli` does what `rolerules` does."""

from rolerules.cli import main

main()
