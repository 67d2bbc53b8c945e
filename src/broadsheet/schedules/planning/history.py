"""What the last runs of schedules took: for making ahead of time, and to foresee the load."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Avg, DurationField, ExpressionWrapper, F

from broadsheet.core.planning import learned
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.planning.windows import Ahead

LAST = 20  # runs to learn from: a month of working days; what was slow before that has changed
SINCE = timedelta(days=60)  # runs that the load is foreseen from: two of what runs monthly
USUAL = ("scheduled", "manual")  # a test or a range that is made up for is not as long as the others


def making_seconds(schedule: int) -> list[float]:
    """How long its last runs took from being planned to having every file made, newest first."""
    made = Occurrence.objects.filter(
        schedule_id=schedule, kind__in=USUAL, planned_at__isnull=False, made_at__isnull=False, held_at__isnull=True
    )  # how long a person looked at one that was held says nothing of the next
    times = made.order_by("-fire_at").values_list("planned_at", "made_at")[:LAST]
    return [max(0.0, (made_at - planned_at).total_seconds()) for planned_at, made_at in times if planned_at and made_at]


def usual_seconds(organization_id: int, *, now: datetime) -> Mapping[int, float]:
    """How long runs of the organization's schedules take to make, in the mean of the last 60 days, by schedule; those that
    have no such run are absent."""
    made = Occurrence.objects.filter(
        organization_id=organization_id, kind__in=USUAL, fire_at__gte=now - SINCE, planned_at__isnull=False,
        made_at__isnull=False, held_at__isnull=True,
    )  # fmt: skip
    took = ExpressionWrapper(F("made_at") - F("planned_at"), output_field=DurationField())
    found = made.order_by().values("schedule_id").annotate(took=Avg(took)).values_list("schedule_id", "took")
    return {key: max(0.0, mean.total_seconds()) for key, mean in found if mean is not None}


def ahead_seconds(ahead: Ahead, *, schedule: int | None) -> int:
    """How long before its firing a run begins that is to be made *ahead*; *schedule* None has no runs to learn from."""
    if ahead == "none":
        return 0
    if ahead == "auto":
        return learned(making_seconds(schedule) if schedule else [])
    return int(ahead) * 60
