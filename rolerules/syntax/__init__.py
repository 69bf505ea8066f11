# SPDX-License-Identifier: MIT
"""What the author meant to write: the shape of every construct, and the tree built from a file."""
