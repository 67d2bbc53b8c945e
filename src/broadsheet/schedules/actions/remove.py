"""Take away a schedule that never ran. One that did keeps its history, and is paused instead."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.schedules import queries
from broadsheet.schedules.errors import NotNow
from broadsheet.schedules.models import Schedule


@transaction.atomic
def remove(actor: Actor, name: str, *, now: datetime) -> None:
    """Raises UnknownSchedule, NotNow when it has runs, and Refused."""
    require(actor, "schedule.edit")
    schedule = Schedule.objects.select_for_update().get(pk=queries.schedule(actor, name).pk)
    if schedule.occurrences.exists():
        raise NotNow(f"“{name}” has run, and what it sent stays accounted for. Pause it instead.")
    schedule.delete()
    record(actor, "schedule.removed", name, now=now)
