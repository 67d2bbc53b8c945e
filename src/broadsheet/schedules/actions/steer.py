"""Pause and resume a schedule, leave out its next firing. Who and when is in the journal."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.runs.actions.fire import fire_what_is_due
from broadsheet.runs.actions.withdraw import let_pass, withdraw
from broadsheet.schedules import queries
from broadsheet.schedules.actions import override
from broadsheet.schedules.firing import forget_the_future, next_of
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.models.override import overrides_from


@transaction.atomic
def pause(actor: Actor, name: str, *, now: datetime) -> Schedule:
    """Nothing fires until it is resumed; firings that pass meanwhile are not made up for."""
    return paused(actor, _to_steer(actor, name), now=now)


def paused(actor: Actor, schedule: Schedule, *, now: datetime) -> Schedule:
    """The locked *schedule*, paused: for acts that have checked their rights."""
    if schedule.paused_at is None:
        fire_what_is_due(schedule.pk, now=now)
        schedule.refresh_from_db()
        taken_back = withdraw(schedule, now=now)
        let_pass(schedule, now=now)
        schedule.paused_at = now
        schedule.aim(None)
        schedule.save(update_fields=["paused_at", "next_fire_at", "begin_at", "fired_wall"])
        record(actor, "schedule.paused", schedule.name, now=now, **({"taken_back": taken_back} if taken_back else {}))
    return schedule


@transaction.atomic
def resume(actor: Actor, name: str, *, now: datetime) -> Schedule:
    """Fires again from *now* on. A firing on each recipient's own clock that has begun on one of them has passed for all."""
    schedule = _to_steer(actor, name)
    if schedule.paused_at is not None:
        schedule.paused_at = None
        forget_the_future(schedule, now=now)
        schedule.aim(next_of(schedule, queries.timing_of(schedule), after=now))
        schedule.save(update_fields=["paused_at", "next_fire_at", "begin_at", "fired_wall"])
        record(actor, "schedule.resumed", name, now=now)
    return schedule


@transaction.atomic
def skip_next(actor: Actor, name: str, *, now: datetime, undo: bool = False) -> Schedule:
    """The next firing is written as skipped when its time comes. *undo* takes that back, whichever firing it was. What was
    made of it ahead of time is thrown away. `override` does the same for any firing."""
    if not undo:
        return override.skip(actor, name, now=now)
    schedule = _to_steer(actor, name)
    skipped = next((one for one in overrides_from(schedule.overrides) if one.kind == "skip"), None)
    return override.undo(actor, name, at=skipped.fire_at, now=now) if skipped else schedule


def _to_steer(actor: Actor, name: str) -> Schedule:
    return Schedule.objects.select_for_update().get(pk=queries.schedule(actor, name, "schedule.edit").pk)
