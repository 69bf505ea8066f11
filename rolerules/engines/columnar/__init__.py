# SPDX-License-Identifier: MIT
"""The columnar engine: a plan over columns of whole numbers, for many cases at once."""
