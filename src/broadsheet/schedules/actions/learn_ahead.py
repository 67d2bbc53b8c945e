"""Begin a schedule that is made ahead of time as early as its last runs have shown to be enough."""

from __future__ import annotations

import logging

from django.db import transaction

from broadsheet.runs.models import Occurrence
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.planning.history import ahead_seconds

log = logging.getLogger(__name__)


def learn_ahead(occurrence: Occurrence) -> None:
    """After *occurrence* was made. Nothing is done for a schedule that says itself how early, or at its firing."""
    if occurrence.definition.get("policies", {}).get("ahead") == "auto":
        aim_ahead(occurrence.schedule_id)


@transaction.atomic
def aim_ahead(key: int) -> None:
    """Reckon anew how long before its firing the schedule begins, by what it says now."""
    schedule = Schedule.objects.select_for_update().filter(pk=key).first()
    if schedule is None:
        return
    seconds = ahead_seconds(schedule.definition.get("policies", {}).get("ahead", "none"), schedule=key)
    if seconds != schedule.ahead_seconds:
        log.info("begins earlier or later action=ahead schedule=%s seconds=%s", key, seconds)
        schedule.ahead_seconds = seconds
        schedule.aim(schedule.next_fire_at)
        schedule.save(update_fields=["ahead_seconds", "begin_at"])
