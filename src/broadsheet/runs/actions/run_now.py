"""Run a schedule by hand, and stop a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.document.parameters import ParameterError, resolve
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor, Reader
from broadsheet.reports import queries as reports
from broadsheet.runs.actions.fire import fire_what_is_due
from broadsheet.runs.actions.release import drop
from broadsheet.runs.errors import UnknownRun
from broadsheet.runs.models import Occurrence
from broadsheet.runs.queries import reached_by
from broadsheet.runs.rows import row_of
from broadsheet.schedules import queries as schedules
from broadsheet.schedules.errors import ScheduleError
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.periods import period_calendars

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # periods before it, and comparisons with theirs, stay inside the calendar


def run_now(
    actor: Actor, name: str, *, now: datetime, at: datetime | None = None, given: Mapping[str, str] | None = None
) -> Occurrence:
    """An occurrence of the schedule by hand, due at once.

    *at* is the instant that periods such as "last month" are counted from (default *now*), and the occurrence's key:
    asking twice for one instant gives the one occurrence. *given* sets parameters for this run alone.
    Raises ScheduleError, UnknownSchedule, Refused.
    """
    schedule = schedules.schedule(actor, name, "schedule.run")
    fire_at = (at or now).replace(microsecond=0)
    if fire_at < EARLIEST:
        raise ScheduleError(f"Before {EARLIEST:%Y} there is nothing to count from. Name a later instant.")
    if fire_at > now + timedelta(minutes=1):
        raise ScheduleError("A run by hand is for now or for an instant that has passed. Leave the future to the rule.")
    _check(schedule, dict(given or {}), now=fire_at)
    fire_what_is_due(schedule.pk, now=now)  # a firing of this very second is the schedule's, not the person's
    try:
        with transaction.atomic():
            made = row_of(
                schedule,
                fire_at=fire_at,
                now=now,
                kind="manual",
                reason=f"Started by {actor.name}",
                requested_by=actor.name,
                given=dict(given or {}),
            )
            made.save(force_insert=True)
            record(actor, "schedule.run", name, now=now, at=fire_at.isoformat(), given=dict(given or {}))
            return made
    except IntegrityError:
        return Occurrence.objects.get(schedule=schedule, fire_at=fire_at, backfill__isnull=True)


@transaction.atomic
def stop(actor: Actor, occurrence_id: UUID, *, now: datetime) -> bool:
    """Ask a run to stop: what was not sent yet is skipped. False when it has ended already. Raises UnknownRun."""
    mine = Occurrence.objects.filter(
        reached_by(actor, "schedule.run"), organization_id=actor.organization_id, pk=occurrence_id
    )
    if not mine.exists():
        raise UnknownRun(f"There is no run {occurrence_id} here. Look at the schedule's runs.")
    if mine.filter(state=State.HELD).exists():  # nobody works on it who could be asked to stop
        drop(actor, occurrence_id, now=now)
        return True
    stopped = mine.filter(finished_at__isnull=True).update(stop_asked_at=now, wake_at=None)
    if stopped:
        record(actor, "run.stopped", str(occurrence_id), now=now)
    return bool(stopped)


def _check(schedule: Schedule, given: Mapping[str, str], *, now: datetime) -> None:
    merged = {**schedules.definition_of(schedule).given, **given}
    definition = reports.definition_of(reports.latest(schedule.report))
    try:
        calendars = period_calendars(schedule.organization_id, definition, merged, now=now)
        resolve(definition, merged, reader=Reader("", ""), now=now, calendars=calendars)
    except ParameterError as error:
        raise ScheduleError(str(error)) from error
