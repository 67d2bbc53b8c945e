"""The clocks of a schedule's recipients, asked of its audience.

A firing on each recipient's own clock begins with the first of them, so a schedule keeps whose clocks there are. They
are asked when it is saved, at each of its runs, and now and then, for an audience changes by itself.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from broadsheet.core.recurrence import RuleError
from broadsheet.runs.actions.fire import fire_what_is_due
from broadsheet.schedules import queries
from broadsheet.schedules.audience import Audience
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.firing import carry_overrides, clocks_in, next_on
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.recipients import recipients
from broadsheet.sources.errors import SourceError

log = logging.getLogger(__name__)
EVERY = timedelta(hours=1)
SOON = timedelta(seconds=1)


def asked_clocks(organization_id: int, definition: ScheduleDefinition, *, now: datetime) -> list[list[str]] | None:
    """As `Schedule.clocks` keeps them; None where the audience's source does not answer."""
    try:
        return clocks_in(recipients(organization_id, definition.audience, as_of=now))
    except SourceError as error:
        log.warning("clocks not asked action=clocks schedule=%s error=%s", definition.name, error)
        return None


def ask_clocks_due(*, now: datetime, limit: int = 20) -> int:
    """Ask for the clocks that were not asked for an hour; how many schedules there were.

    Several processes may call this: each schedule is taken by one. A source that does not answer is asked again with
    the next hour.
    """
    personal = Schedule.objects.filter(paused_at__isnull=True, clocks_at__lt=now - EVERY)
    done = 0
    for schedule in personal.order_by("clocks_at")[:limit]:
        if Schedule.objects.filter(pk=schedule.pk, clocks_at=schedule.clocks_at).update(clocks_at=now):
            done += 1
            asked = asked_clocks(schedule.organization_id, queries.definition_of(schedule), now=now)
            if asked is not None and asked != schedule.clocks:
                keep_clocks(schedule.pk, asked, version=schedule.version, now=now)
    return done


def note_clocks(schedule: Schedule, audience: Audience, *, version: int, now: datetime) -> None:
    """The clocks of an audience that is at hand, as a run of that version of the schedule has it."""
    found = clocks_in(audience)
    if found != schedule.clocks:
        keep_clocks(schedule.pk, found, version=version, now=now)


@transaction.atomic
def keep_clocks(key: int, clocks: list[list[str]], *, version: int, now: datetime) -> None:
    """Count the next firing anew over *clocks*, which are of the audience of that *version*; a newer one has its own.

    What is due already is written by the clocks before. The next firing stays the same wall time, also where it has come
    already on a new clock: it begins at once then. One that a person chose to leave out is left out at its new time too.
    """
    schedule = Schedule.objects.select_for_update().filter(pk=key, version=version).first()
    if schedule is None:
        return
    fire_what_is_due(key, now=now)  # after the lock: it passes over what others hold
    schedule.refresh_from_db()
    if schedule.paused_at is None:
        try:
            timing = queries.timing_of(schedule)
            schedule.aim(next_on(schedule, timing, clocks, after=now))
        except RuleError as error:  # its calendar is gone: its page says so
            log.warning("not counted anew action=clocks schedule=%s error=%s", key, error)
        else:
            schedule.clocks = clocks
            carry_overrides(schedule, timing, now=now)
    schedule.clocks, schedule.clocks_at = clocks, now
    schedule.save(update_fields=["clocks", "clocks_at", "next_fire_at", "begin_at", "overrides"])
