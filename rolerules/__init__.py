# SPDX-License-Identifier: MIT
"""rolerules."""

__version__ = "0.1.0"
