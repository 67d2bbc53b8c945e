"""Let a run that waits for its data go without: a person says so, and the report says that its data is older."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from broadsheet.compliance.actions.record import record
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor
from broadsheet.runs.errors import NotWaiting, UnknownRun
from broadsheet.runs.models import Occurrence
from broadsheet.runs.queries import reached_by
from broadsheet.schedules.models import Wait


@transaction.atomic
def go_ahead(actor: Actor, key: UUID, *, now: datetime) -> Occurrence:
    """The waiting run is taken up at once. Raises UnknownRun, NotWaiting, Refused."""
    mine = Occurrence.objects.filter(
        reached_by(actor, "schedule.run"), organization_id=actor.organization_id, pk=key
    ).select_related("schedule")
    run = mine.first()
    if run is None:
        raise UnknownRun(f"There is no run {key} here. Look at the schedule's runs.")
    free = Occurrence.objects.filter(pk=key, state=State.WAITING, owner="")
    if not free.update(wake_at=None, fence=F("fence") + 1):
        raise NotWaiting(f"This run waits for nothing just now: it is {run.state}. Load its page again.")
    waiting = Wait.objects.filter(run=key, outcome="waiting")
    if not waiting.update(outcome="stale", settled_at=now):
        raise NotWaiting("This run does not wait for data. Look at its page for what it waits for.")
    record(actor, "run.went_ahead", str(key), now=now, schedule=run.schedule.name)
    return Occurrence.objects.select_related("schedule__report", "report_version").get(pk=key)
