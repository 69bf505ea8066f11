# SPDX-License-Identifier: MIT
"""The single engine: one case in microseconds, by Python that is written for a plan."""
