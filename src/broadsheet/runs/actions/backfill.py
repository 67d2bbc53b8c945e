"""Run a schedule for firings that have passed: see first what it would do, then start it, then stop what is left.

Each firing of the range is a run of its own, whose periods count from its firing; the data is that of the day on which
it is read. Who gets it is the audience of now. What ran already is left alone, unless it is asked for again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.core.recurrence import firings_over
from broadsheet.delivery.actions.enter import rows
from broadsheet.reports import queries as reports
from broadsheet.runs.actions.release import drop
from broadsheet.runs.actions.run_test import is_personal
from broadsheet.runs.errors import NotYet, RunError, TryLater, UnknownRun
from broadsheet.runs.laying_out import lay_out
from broadsheet.runs.models import Backfill, Occurrence
from broadsheet.runs.models.backfill import ME, NOBODY, RECIPIENTS
from broadsheet.runs.queries import reached_by
from broadsheet.runs.rows import row_of
from broadsheet.schedules import queries as schedules
from broadsheet.schedules.definition import PRIORITIES
from broadsheet.schedules.errors import ScheduleError
from broadsheet.schedules.firing import clocks_of
from broadsheet.schedules.models import Schedule
from broadsheet.sources.secured.clearance import require_cleared

MOST = 400  # firings of one backfill: a year of days, and some
AT_ONCE_MOST = 10
TURN = timedelta(seconds=10)  # between looks of a run that waits for those before it, and longer the more there are
PATIENCE = timedelta(minutes=5)
NOT_RUN = (State.MISSED, State.SKIPPED, State.EXPIRED, State.FAILED, State.SUPPRESSED)
Sending = Literal["recipients", "me", "nobody"]


@dataclass(frozen=True, slots=True)
class Past:
    """A firing of the range. ``was``: the state of its run, empty where it has none; ``runs``: the backfill runs it."""

    at: datetime
    reason: str
    was: str
    runs: bool


@dataclass(frozen=True, slots=True)
class BackfillPlan:
    """``deliveries`` of each run, ``to_send`` of those that would be sent, as the audience is now."""

    schedule: Schedule
    firings: tuple[Past, ...]
    recipients: int
    deliveries: int
    to_send: int

    @property
    def chosen(self) -> tuple[Past, ...]:
        return tuple(one for one in self.firings if one.runs)

    @property
    def total(self) -> int:
        """Deliveries that the backfill would send."""
        return len(self.chosen) * self.to_send


def plan_backfill(
    actor: Actor, name: str, *, first: datetime, last: datetime, now: datetime, again: bool = False,
    sending: Sending = RECIPIENTS,
) -> BackfillPlan:  # fmt: skip
    """What a backfill from *first* to *last* (both included) would do. *again*: also what ran already. Raises
    ScheduleError, UnknownSchedule, Refused."""
    schedule = schedules.schedule(actor, name, "schedule.run")
    schedules.require_on(actor, "delivery.read", schedule)
    past = _past(schedule, first=first, last=min(last, now), now=now, again=again)
    chosen = [one for one in past if one.runs]
    if not chosen:
        return BackfillPlan(schedule, tuple(past), 0, 0, 0)
    try:
        occurrence = _run(schedule, chosen[0].at, now=now)
        laid = lay_out(occurrence, now=now)
        entered = rows(occurrence, laid.entries, now=now)
    except (RunError, TryLater) as error:
        raise ScheduleError(str(error)) from error
    due = sum(one.state == "due" and (sending != ME or is_personal(one.channel)) for one in entered)
    return BackfillPlan(
        schedule,
        tuple(past),
        len({one.recipient_key for one in entered}),
        len(entered),
        0 if sending == NOBODY else due,
    )


@transaction.atomic
def start_backfill(
    actor: Actor, name: str, *, first: datetime, last: datetime, now: datetime, again: bool = False,
    sending: Sending = RECIPIENTS, address: str = "", at_once: int = 1, priority: str = "low", why: str = "",
) -> Backfill:  # fmt: skip
    """Write the runs; *at_once* of them go at a time, behind what is more urgent than *priority*. With *sending* “me” all
    of it goes to *address*, with “nobody” its files are made and kept. Raises ScheduleError where there is nothing to run,
    UnknownSchedule, Refused."""
    schedule = schedules.schedule(actor, name, "schedule.run")
    _check(actor, schedule, sending=sending, address=address, at_once=at_once, priority=priority)
    chosen = [one for one in _past(schedule, first=first, last=min(last, now), now=now, again=again) if one.runs]
    if not chosen:
        raise ScheduleError("Nothing of that time is left to run. Widen the range, or run again what ran already.")
    said = " ".join(why.split())[:500]
    made = Backfill.objects.create(
        organization_id=schedule.organization_id, schedule=schedule, first=first, last=last, sending=sending,
        address=address if sending == ME else "", at_once=at_once, asked_by=actor.name[:200], why=said, created_at=now,
    )  # fmt: skip
    runs = [_run(schedule, one.at, now=now, backfill=made, priority=PRIORITIES[priority]) for one in chosen]
    Occurrence.objects.bulk_create(runs, batch_size=500)
    record(
        actor, "schedule.backfilled", name, now=now, first=first.isoformat(), last=last.isoformat(), runs=len(runs),
        sending=sending, why=said, backfill=str(made.pk),
    )  # fmt: skip
    return made


@transaction.atomic
def stop_backfill(actor: Actor, key: UUID, *, now: datetime) -> int:
    """Ask all of its runs that have not ended to stop; how many. What was sent stays sent. Raises UnknownRun, Refused."""
    found = backfill(actor, key)
    left = found.occurrences.filter(finished_at__isnull=True)
    number = left.exclude(state=State.HELD).update(stop_asked_at=now, wake_at=None)
    for held in left.filter(state=State.HELD).values_list("pk", flat=True):
        drop(actor, held, now=now)
        number += 1
    record(actor, "schedule.backfill_stopped", found.schedule.name, now=now, backfill=str(key), runs=number)
    return number


def backfill(actor: Actor, key: UUID) -> Backfill:
    """One that the actor may steer. Raises UnknownRun, Refused."""
    reached = Occurrence.objects.filter(reached_by(actor, "schedule.run"), backfill_id=key)
    found = Backfill.objects.filter(organization_id=actor.organization_id, pk=key).select_related("schedule").first()
    if found is None or not reached.exists():
        raise UnknownRun(f"There is no backfill {key} here. Look at the schedule's runs.")
    return found


def await_turn(occurrence: Occurrence, *, now: datetime) -> None:
    """Return where a run of a backfill may begin: as many as go at once are before it. Raises NotYet."""
    made = occurrence.backfill
    if made is None:
        return
    left = made.occurrences.filter(finished_at__isnull=True).exclude(state=State.HELD)
    before = left.filter(fire_at__lt=occurrence.fire_at).count()
    if before >= made.at_once:
        wait = min(TURN * (before // made.at_once), PATIENCE)
        raise NotYet(f"It waits for its turn: {before} of its backfill are before it.", at=now + wait)


def _past(schedule: Schedule, *, first: datetime, last: datetime, now: datetime, again: bool) -> list[Past]:
    if first > last:
        raise ScheduleError(
            "The range ends before it begins, or begins in the future. Name two instants that have passed."
        )
    timing = schedules.timing_of(schedule)
    after = first - timedelta(microseconds=1)
    found = list(firings_over(timing, clocks_of(schedule), after=after, until=last, limit=MOST + 1))
    if len(found) > MOST:
        raise ScheduleError(f"That are more than {MOST} firings. Take a shorter range, and the rest after it.")
    was = _states(schedule, [one.at for one in found])
    return [Past(one.at, one.reason, was.get(one.at, ""), _runs(was.get(one.at, ""), again)) for one in found]


def _states(schedule: Schedule, at: Sequence[datetime]) -> dict[datetime, str]:
    """By firing, the state of the run that did best for it, its backfills among them."""
    found: dict[datetime, str] = {}
    mine = Occurrence.objects.filter(schedule=schedule, fire_at__in=at).exclude(kind="test").order_by("created_at")
    for fire_at, state in mine.values_list("fire_at", "state"):
        if state not in NOT_RUN or fire_at not in found:
            found[fire_at] = state
    return found


def _runs(was: str, again: bool) -> bool:
    return again or not was or was in NOT_RUN


def _run(
    schedule: Schedule, at: datetime, *, now: datetime, backfill: Backfill | None = None, priority: int = 3
) -> Occurrence:
    """Not kept. It has no deadline: it waits for its turn."""
    by = backfill.asked_by if backfill else ""
    return row_of(
        schedule, fire_at=at, now=now, kind="backfill", reason=f"Backfilled by {by}" if by else "", requested_by=by,
        priority=priority, backfill=backfill,
    )  # fmt: skip


def _check(actor: Actor, schedule: Schedule, *, sending: str, address: str, at_once: int, priority: str) -> None:
    if sending not in (RECIPIENTS, ME, NOBODY):
        raise ScheduleError(f"It goes to {RECIPIENTS}, {ME} or {NOBODY}, not to “{sending}”.")
    if priority not in PRIORITIES:
        raise ScheduleError(f"There is no priority “{priority}”. There are: {', '.join(PRIORITIES)}.")
    if not 1 <= at_once <= AT_ONCE_MOST:
        raise ScheduleError(f"From 1 to {AT_ONCE_MOST} of its runs go at once, not {at_once}.")
    if sending == ME:  # each recipient's rows come to the asker, who must see them anyway
        require(actor, "data.all")
        require_cleared(actor, reports.fields_of(reports.definition_of(reports.latest(schedule.report))))
        if not address:
            raise ScheduleError("It goes to the asker's own address, and this asker has none. Sign in as a person.")
