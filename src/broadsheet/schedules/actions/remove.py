"""Take away a schedule that never ran. One that did keeps its history, and is paused instead."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from broadsheet.access.reach import forget
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.runs.actions.withdraw import withdraw
from broadsheet.schedules import queries
from broadsheet.schedules.errors import NotNow
from broadsheet.schedules.models import Schedule


@transaction.atomic
def remove(actor: Actor, name: str, *, now: datetime) -> None:
    """Raises UnknownSchedule, NotNow when it has runs, and Refused."""
    schedule = Schedule.objects.select_for_update().get(pk=queries.schedule(actor, name, "schedule.edit").pk)
    withdraw(schedule, now=now)
    if schedule.occurrences.exists():
        raise NotNow(f"“{name}” has run, and what it sent stays accounted for. Pause it instead.")
    forget("schedule", schedule.pk)
    schedule.delete()
    record(actor, "schedule.removed", name, now=now)
