# SPDX-License-Identifier: MIT
"""What can be said of rulesets without any facts: roles side by side."""
