"""How heavy the runs of a schedule are: as it says itself, or as its last ones took."""

from __future__ import annotations

from statistics import median

from broadsheet.runs.models import Occurrence
from broadsheet.schedules.models import Schedule

LAST = 5  # runs that are looked at
HEAVY_SECONDS = 60.0  # to make, in the median of these


def weigh(occurrence: Occurrence) -> None:
    """Keep it for the runs to come, when one was made. A schedule that says its weight keeps that."""
    said = occurrence.definition.get("policies", {}).get("weight", "auto")
    if said != "auto":
        return
    last = Occurrence.objects.filter(
        schedule_id=occurrence.schedule_id, planned_at__isnull=False, made_at__isnull=False, held_at__isnull=True
    )
    moments = last.order_by("-made_at").values_list("planned_at", "made_at")[:LAST]
    took = [(made - planned).total_seconds() for planned, made in moments if planned and made]
    weight = "heavy" if took and median(took) > HEAVY_SECONDS else "light"
    Schedule.objects.filter(pk=occurrence.schedule_id).exclude(weight=weight).update(weight=weight)
