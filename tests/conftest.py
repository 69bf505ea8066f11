# SPDX-License-Identifier: MIT
"""Hypothesis profiles: `ci` (the default) always draws the same; `long` draws anew, and far more.

`HYPOTHESIS_PROFILE=long pytest tests/properties` is the long campaign; `ROLERULES_EXAMPLES` says how
many times the examples of `ci` each property gets (50 unless given).
"""

import os

from hypothesis import HealthCheck, Phase, settings

TIMES = int(os.environ.get("ROLERULES_EXAMPLES", "50"))
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
# Hypothesis' explanations of a failure trace every line run, which makes each example far slower.
_PHASES = [phase for phase in Phase if phase is not Phase.explain]

settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=_SLOW,
    phases=_PHASES,
)
settings.register_profile(
    "long",
    max_examples=100 * TIMES,
    deadline=None,
    print_blob=True,
    suppress_health_check=_SLOW,
    phases=_PHASES,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
