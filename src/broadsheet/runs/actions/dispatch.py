"""Start what listens to an event: each schedule once, all in the transaction that marks the event as dispatched.

A process that dies in between leaves the event as it was, and the next look of any process finds it. Any number of
processes may look at once: each takes events that no other holds, and the key of a start is there besides.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.reports import queries as reports
from broadsheet.runs.actions.start import Cause, Verdict, begin
from broadsheet.runs.models import Occurrence
from broadsheet.runs.parameters import check_given
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.models import Event, Listener, Schedule
from broadsheet.schedules.queries import definition_of
from broadsheet.schedules.triggers.binding import bound
from broadsheet.schedules.triggers.definition import Trigger
from broadsheet.schedules.triggers.matching import holds

log = logging.getLogger(__name__)
AT_ONCE = 100  # events of one look
AGAIN = timedelta(minutes=5)  # until the next look at an event over which this process stumbled
LONGEST = 10  # times a debounce: so long a run waits at most while others keep coming

_stumbled: dict[UUID, datetime] = {}  # those that are at the head of the line, and in nobody's way


def dispatch_due(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Dispatch the events that wait for it, oldest first; how many there were."""
    for key in [one for one, until in _stumbled.items() if until <= now]:
        _stumbled.pop(key, None)
    waiting = Event.objects.filter(dispatched_at__isnull=True).exclude(pk__in=list(_stumbled))
    number = 0
    for key in list(waiting.order_by("received_at").values_list("pk", flat=True)[:limit]):
        try:
            number += dispatch(key, now=now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # a worker's border: one event's fault must not keep the others waiting
            log.exception("an event cannot be dispatched action=dispatch event=%s", key)
            _stumbled[key] = now + AGAIN
    return number


@transaction.atomic
def dispatch(key: UUID, *, now: datetime) -> bool:
    """Whether it was this call that dispatched the event."""
    skip = connection.features.has_select_for_update_skip_locked
    event = Event.objects.select_for_update(skip_locked=skip).filter(pk=key, dispatched_at__isnull=True).first()
    if event is None:
        return False
    mine = Listener.objects.filter(organization_id=event.organization_id, event=event.name)
    for schedule_id in mine.order_by("schedule_id").values_list("schedule_id", flat=True):
        # Two events at once would both see no run that waits: the lock lets one look first.
        schedule = (
            Schedule.objects.select_for_update(no_key=True, of=("self",)).select_related("report").get(pk=schedule_id)
        )
        _offer(schedule, event, now=now)
    Event.objects.filter(pk=event.pk).update(dispatched_at=now)
    return True


def _offer(schedule: Schedule, event: Event, *, now: datetime) -> None:
    """Start the schedule, where one of its triggers of this name fits; the first that fits counts."""
    try:
        definition = definition_of(schedule)
    except ValueError:  # one schedule's fault must not keep the others from starting
        log.exception("a schedule cannot be read action=dispatch schedule=%s", schedule.pk)
        return
    for trigger in definition.on_event:
        if trigger.event != event.name or not holds(trigger.where, event.payload):
            continue
        given: dict[str, str] = {}
        try:
            given = given_by(schedule, definition, trigger, event.payload, at=event.at)
            verdict = verdict_of(schedule, trigger, given, kind="event", now=now)
        except ValueError as error:  # the report cannot be read, or what was given does not fit it
            verdict = Verdict(State.FAILED, str(error))
        reason = f"The event “{event.name}” happened"
        cause = Cause(f"event:{event.pk}", "event", reason, event.at, event.sent_by, given, event=event)
        begin(schedule, cause, now=now, verdict=verdict)
        return


def given_by(
    schedule: Schedule, definition: ScheduleDefinition, trigger: Trigger, payload: object, *, at: datetime
) -> dict[str, str]:
    """What the payload gives the report's parameters. Raises Unbound, ParameterError where it does not fit them."""
    given = bound(trigger.given, payload, reports.definition_of(reports.latest(schedule.report)))
    check_given(schedule, definition, given, now=at)
    return given


def verdict_of(schedule: Schedule, trigger: Trigger, given: dict[str, str], *, kind: str, now: datetime) -> Verdict:
    """What becomes of a cause of this kind, of the locked *schedule*: a run now or later; or none, since the schedule is
    paused or cools down, or another run is about to begin for the same."""
    if schedule.paused_at is not None:
        return Verdict(State.SKIPPED, "The schedule was paused")
    # Parameters are compared here and not in the query, where two databases would compare JSON in two ways.
    alike = [one for one in _before(schedule, trigger, kind=kind, now=now) if one.given == given]
    waits = next((one for one in alike if one.state == State.DUE and one.wake_at and one.wake_at > now), None)
    if trigger.debounce_seconds and waits is not None and _put_off(waits, trigger, now=now):
        return Verdict(State.SKIPPED, f"It goes along with the run that waits since {waits.created_at:%H:%M:%S} UTC")
    since = now - timedelta(seconds=trigger.cool_down_seconds)
    last = max((one.created_at for one in alike if one.created_at > since), default=None)
    if trigger.cool_down_seconds and last is not None:
        until = last + timedelta(seconds=trigger.cool_down_seconds)
        return Verdict(
            State.SKIPPED, f"It cools down after the run of {last:%H:%M:%S} UTC, until {until:%Y-%m-%d %H:%M:%S}"
        )
    wait = trigger.debounce_seconds or trigger.delay_seconds
    return Verdict(wake_at=now + timedelta(seconds=wait) if wait else None)


def _before(schedule: Schedule, trigger: Trigger, *, kind: str, now: datetime) -> list[Occurrence]:
    """Runs that the same kind of cause began, as far back as the trigger asks."""
    if not trigger.debounce_seconds and not trigger.cool_down_seconds:
        return []
    span = max(trigger.cool_down_seconds, trigger.debounce_seconds * (LONGEST + 1))
    found = Occurrence.objects.filter(schedule=schedule, kind=kind, created_at__gt=now - timedelta(seconds=span))
    found = found.exclude(state=State.SKIPPED, planned_at__isnull=True).exclude(
        state=State.FAILED, planned_at__isnull=True
    )
    return list(found.only("given", "state", "wake_at", "created_at"))


def _put_off(waits: Occurrence, trigger: Trigger, *, now: datetime) -> bool:
    """Whether the run that waits waits on, since it has not begun in the meantime."""
    latest = waits.created_at + timedelta(seconds=trigger.debounce_seconds * LONGEST)
    until = min(now + timedelta(seconds=trigger.debounce_seconds), latest)
    mine = Occurrence.objects.filter(pk=waits.pk, state=State.DUE, owner="", wake_at__gt=now)
    return bool(mine.update(wake_at=max(until, waits.wake_at or until)))
