"""Change whose turn it is: raise or lower a run that has not ended, or take it next."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from broadsheet.compliance.actions.record import record
from broadsheet.core.lifecycle.ageing import turn_at
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.runs.errors import RunError, UnknownRun
from broadsheet.runs.models import Occurrence
from broadsheet.runs.queries import reached_by
from broadsheet.schedules.definition import PRIORITIES

MAY = "operation.steer"
A_MOMENT = timedelta(seconds=1)


@transaction.atomic
def set_priority(actor: Actor, key: UUID, priority: str, *, now: datetime) -> Occurrence:
    """The run has *priority* (highest, high, normal, low, lowest) from now on, and the place that it would have had with it
    from its beginning; other runs of its schedule keep theirs. Raises UnknownRun, RunError, Refused."""
    run = _open(actor, key)
    level = PRIORITIES.get(priority)
    if level is None:
        raise RunError(f"There is no priority “{priority}”. Use one of: {', '.join(PRIORITIES)}.")
    _write(run, priority=level, turn_at=turn_at(run.created_at, priority=level))
    record(actor, "run.priority", str(key), now=now, priority=priority, schedule=run.schedule.name)
    return run


@transaction.atomic
def take_next(actor: Actor, key: UUID, *, now: datetime) -> Occurrence:
    """The run stands before all others of its organization, and sleeps no more where it waited for a retry. Raises
    UnknownRun, RunError, Refused."""
    run = _open(actor, key)
    others = Occurrence.objects.filter(organization_id=actor.organization_id, finished_at__isnull=True)
    first = others.exclude(pk=run.pk).aggregate(first=Min("turn_at"))["first"] or now
    _write(run, turn_at=min(first - A_MOMENT, run.turn_at or now), wake_at=None)
    record(actor, "run.next", str(key), now=now, schedule=run.schedule.name)
    return run


def _open(actor: Actor, key: UUID) -> Occurrence:
    require(actor, MAY)
    found = Occurrence.objects.filter(reached_by(actor, "delivery.read"), organization_id=actor.organization_id, pk=key)
    run = found.select_related("schedule").first()
    if run is None:
        raise UnknownRun(f"There is no run {key} here. Look at the queue.")
    if run.finished_at is not None:
        raise RunError("The run has ended, so there is nothing to steer.")
    return run


def _write(run: Occurrence, **fields: object) -> None:
    Occurrence.objects.filter(pk=run.pk, finished_at__isnull=True).update(**fields)
    for name, value in fields.items():
        setattr(run, name, value)
