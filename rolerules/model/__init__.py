# SPDX-License-Identifier: MIT
"""Names resolved, types and units known, figures dated: nothing wrong can be expressed any more."""
