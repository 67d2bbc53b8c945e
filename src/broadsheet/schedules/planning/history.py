"""What the last runs of schedules took: for making ahead of time, and to foresee the load."""

from __future__ import annotations

from broadsheet.core.planning import learned
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.planning.windows import Ahead

LAST = 20  # runs to learn from: a month of working days; what was slow before that has changed
USUAL = ("scheduled", "manual")  # a test or a range that is made up for is not as long as the others


def making_seconds(schedule: int) -> list[float]:
    """How long its last runs took from being planned to having every file made, newest first."""
    made = Occurrence.objects.filter(
        schedule_id=schedule, kind__in=USUAL, planned_at__isnull=False, made_at__isnull=False
    )
    times = made.order_by("-fire_at").values_list("planned_at", "made_at")[:LAST]
    return [max(0.0, (made_at - planned_at).total_seconds()) for planned_at, made_at in times if planned_at and made_at]


def ahead_seconds(ahead: Ahead, *, schedule: int | None) -> int:
    """How long before its firing a run begins that is to be made *ahead*; *schedule* None has no runs to learn from."""
    if ahead == "none":
        return 0
    if ahead == "auto":
        return learned(making_seconds(schedule) if schedule else [])
    return int(ahead) * 60
