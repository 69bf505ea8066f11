# SPDX-License-Identifier: MIT
"""A person's facts as they arrive, what follows from them, and the record of all of it."""
