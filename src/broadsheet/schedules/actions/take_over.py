"""Become the owner of a schedule, such as one that somebody left behind."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require_for_all
from broadsheet.schedules import queries
from broadsheet.schedules.errors import NotNow
from broadsheet.schedules.models import Schedule


@transaction.atomic
def take_over(actor: Actor, name: str, *, now: datetime) -> Schedule:
    """The schedule, which is the actor's from now on; whether it is paused stays as it is. Raises UnknownSchedule, NotNow
    for who is no person, and Refused, also where the actor may change their own schedules alone."""
    schedule = Schedule.objects.select_for_update().get(pk=queries.schedule(actor, name, "schedule.edit").pk)
    if "schedule.edit" in actor.only_own:
        require_for_all(actor, "schedule.edit")
    if actor.user_id is None:
        raise NotNow("A schedule belongs to a person. Sign in, or use a person's token.")
    if schedule.owner_id != actor.user_id:
        before = schedule.owner.email if schedule.owner else ""
        schedule.owner_id = actor.user_id
        schedule.save(update_fields=["owner"])
        record(actor, "schedule.taken_over", name, now=now, before=before, after=actor.own_name)
    return schedule
