# SPDX-License-Identifier: MIT
"""A model as of a date, as flat steps in the order of need: what every engine folds over."""
