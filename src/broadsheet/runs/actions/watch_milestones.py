"""Look at figures that are on their way to a mark, and start what waits for it: once, ever.

Any number of processes may look: each look is taken by one of them, by a conditional update, and the key of a start is
there besides. A process that dies in between leaves the mark as it was, and it is looked at again when that is due.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.runs.actions.start import Cause, Verdict, begin
from broadsheet.schedules.models import Milestone, Schedule
from broadsheet.schedules.queries import definition_of
from broadsheet.schedules.triggers.definition import MilestoneDefinition
from broadsheet.schedules.triggers.measuring import NoFigure, measured
from broadsheet.schedules.triggers.wording import number_words

log = logging.getLogger(__name__)
AT_ONCE = 20  # looks of one chore; the rest follows with the next
AGAIN = timedelta(minutes=5)  # after a look that was not answered


def watch_milestones(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Look at the marks whose look is due; how many were reached."""
    due = Milestone.objects.filter(current=True, reached_at__isnull=True, look_at__lte=now, schedule__paused_at=None)
    reached = 0
    for mark in due.select_related("schedule__report").order_by("look_at")[:limit]:
        try:
            asked = definition_of(mark.schedule).milestone
        except ValueError:  # one schedule's fault must not keep the others from being looked at
            log.exception("a schedule cannot be read action=milestone schedule=%s", mark.schedule_id)
            asked = None
        wait = AGAIN if asked is None else timedelta(minutes=asked.every_minutes)
        mine = Milestone.objects.filter(pk=mark.pk, look_at=mark.look_at, reached_at__isnull=True)
        if not mine.update(look_at=now + wait) or asked is None or asked.fingerprint() != mark.fingerprint:
            continue  # another process was first
        reached += look(mark, asked, now=now)
    return reached


def look(mark: Milestone, asked: MilestoneDefinition, *, now: datetime) -> bool:
    """Whether this look found the mark reached for the first time. The first look of all tells where the figure stands: a
    mark that was reached before starts nothing."""
    mine = Milestone.objects.filter(pk=mark.pk, reached_at__isnull=True)
    try:
        value = measured(asked, organization_id=mark.organization_id, now=now)
    except NoFigure as error:
        mine.update(error=str(error), look_at=min(now + AGAIN, now + timedelta(minutes=asked.every_minutes)))
        return False
    if value < asked.reaches:
        mine.update(value=value, looked_at=now, error="")
        return False
    return _reached(mark, asked, value, now=now)


@transaction.atomic
def _reached(mark: Milestone, asked: MilestoneDefinition, value: float, *, now: datetime) -> bool:
    row = Milestone.objects.select_for_update().get(pk=mark.pk)
    if row.reached_at is not None or not row.current:
        return False
    since, row.before = row.looked_at, row.looked_at is None
    row.value, row.looked_at, row.reached_at, row.error = value, now, now, ""
    row.save(update_fields=["before", "value", "looked_at", "reached_at", "error"])
    if row.before:
        return False
    schedule = Schedule.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.schedule_id)
    said = f"{asked.metric} of {asked.dataset} reached {number_words(asked.reaches, 'en')}: {number_words(value, 'en')}"
    cause = Cause(f"milestone:{row.fingerprint}", "milestone", said, now, since=since)
    paused = Verdict(State.SKIPPED, f"{said}, and the schedule was paused") if schedule.paused_at is not None else None
    _, new = begin(schedule, cause, now=now, verdict=paused)
    return new
