# SPDX-License-Identifier: MIT
"""From a plan and facts to a decision: each engine a plain function, all with one meaning."""
