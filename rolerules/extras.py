# SPDX-License-Identifier: MIT
"""Optional parts: what they need, and what to install where it is missing."""

from __future__ import annotations

import importlib.util

from rolerules.problems import Problem, RolerulesError

EXTRAS = {"bulk": ("polars", "pyarrow"), "spark": ("pyspark", "polars", "pyarrow")}
"""By extra of the package: the modules that it brings."""


def require(extra: str) -> None:
    """Make sure that an extra is installed. Raises `RolerulesError` where it is not."""
    missing = [name for name in EXTRAS[extra] if importlib.util.find_spec(name) is None]
    if missing:
        names = " and ".join(f"`{name}`" for name in missing)
        message = f"this needs {names}, which {'is' if len(missing) == 1 else 'are'} not installed"
        mend = f'install the extra: `pip install "rolerules[{extra}]"`'
        raise RolerulesError([Problem("extra-missing", message, help=mend)])
