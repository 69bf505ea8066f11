# SPDX-License-Identifier: MIT
"""Tables of cases: columns in, columns out, and every row decided as `evaluate` decides it."""
