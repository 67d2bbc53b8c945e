"""Put floating schedules where the planner proposes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.planning import Spread
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require_somewhere
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.planning.foreseeing import planned


@transaction.atomic
def spread_out(actor: Actor, *, now: datetime, dry_run: bool = False) -> Spread:
    """Move the beginnings of the floating schedules that *actor* may change, so that fewer runs go on at once over the
    coming month; what was moved. Runs that have fired keep where they were put. With *dry_run* nothing is kept.

    Raises Refused for who may change no schedule.
    """
    require_somewhere(actor, "schedule.edit")
    found = planned(actor, now=now, permission="schedule.edit")
    if dry_run:
        return found
    mine = Schedule.objects.select_for_update().filter(
        organization_id=actor.organization_id, name__in=[one.key for one in found.moves]
    )
    by_name = {one.name: one for one in mine}
    changed = []
    for move in found.moves:
        schedule = by_name.get(move.key)
        if schedule is not None and schedule.offset_seconds == move.was:
            schedule.offset_seconds = move.now
            changed.append(schedule)
    Schedule.objects.bulk_update(changed, ["offset_seconds"], batch_size=500)
    if changed:
        offsets = {one.name: one.offset_seconds // 60 for one in changed[:200]}
        record(actor, "schedule.spread", f"{len(changed)} schedules", now=now, minutes_after=offsets)
    return found
