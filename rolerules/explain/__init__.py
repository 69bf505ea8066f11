# SPDX-License-Identifier: MIT
"""What a decision says to people: why it came about, and the pay statement."""
