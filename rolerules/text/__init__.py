# SPDX-License-Identifier: MIT
"""The first stage: a file's text becomes a positioned tree, and a tree becomes canonical text."""
