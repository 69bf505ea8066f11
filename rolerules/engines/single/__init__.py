# SPDX-License-Identifier: MIT
"""The single engine: one case in microseconds, by Python that is written for a plan."""


class Slow(Exception):  # noqa: N818  # a way out, and no error
    """The case is one for a slower way: the function that knows of unknowns, or the reference engine."""
