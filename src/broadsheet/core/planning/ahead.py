"""How long before its firing a run is best begun, from how long the runs before it took."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

UNKNOWN_SECONDS = 300  # of who has no run yet to learn from
MARGIN = 0.25  # of what it takes: queries are slower on a busy morning
SPARE_SECONDS = 30  # until a worker is free, and for the last look at the audience
MOST_SECONDS = 4 * 3600  # data must not be older than a morning because of one slow run
STEP_SECONDS = 15  # what is reckoned anew after each run should not move by a second each time


def learned(seconds: Sequence[float]) -> int:
    """Seconds before the firing: 95 of 100 runs that take as long as those of *seconds* are made by then."""
    if not seconds:
        return UNKNOWN_SECONDS
    wanted = quantile(seconds, 0.95) * (1 + MARGIN) + SPARE_SECONDS
    return min(MOST_SECONDS, STEP_SECONDS * ceil(wanted / STEP_SECONDS))


def quantile(values: Sequence[float], share: float) -> float:
    """The least of *values* that no more than ``1 - share`` of them are above. Raises ValueError where there are none."""
    if not values:
        raise ValueError("There is no quantile of nothing.")
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]
