"""Write the occurrences whose time has come: one row per firing under its key, before any work is done.

Firings that passed while nothing ran are decided by the schedule's misfire policy; each has a row with the decision.
Any number of processes may do this at once: the key and the conditional update let one of them win.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from pydantic import ValidationError

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.recurrence import Firing, RuleError, Spread
from broadsheet.runs.models import Occurrence
from broadsheet.schedules import queries as schedules
from broadsheet.schedules.calendars import CalendarError
from broadsheet.schedules.definition import Policies
from broadsheet.schedules.firing import firings_of, next_of, wall_of
from broadsheet.schedules.models import Schedule

log = logging.getLogger(__name__)
ON_TIME = timedelta(seconds=90)  # later than this counts as missed time: two beats of a slow scheduler and a restart
MOST = 10_000  # rows written for one schedule at once; the rest follows with the next beat


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one firing: the state its row is written in, and why."""

    firing: Firing | Spread
    state: State
    reason: str


def fire_due(*, now: datetime, limit: int = 500) -> int:
    """Write occurrences for all firings up to *now*; how many are due to run.

    A schedule that cannot be read any more is logged and stays due; the others fire.
    """
    due = Schedule.objects.filter(next_fire_at__lte=now, paused_at__isnull=True).order_by("next_fire_at")
    return sum(_fired(key, now=now) for key in list(due.values_list("pk", flat=True)[:limit]))


def fire_what_is_due(key: int, *, now: datetime) -> None:
    """`fire_schedule` for acts that change a schedule, or what it depends on. A rule that cannot be read any more keeps
    nobody from mending it: then nothing is written."""
    try:
        fire_schedule(key, now=now)
    except (RuleError, CalendarError, ValidationError):
        log.exception("a schedule cannot fire action=fire schedule=%s", key)


def _fired(key: int, *, now: datetime) -> int:
    try:
        return fire_schedule(key, now=now)
    except DatabaseError:
        raise
    except Exception:  # one schedule's fault must not keep the others from firing
        log.exception("a schedule cannot fire action=fire schedule=%s", key)
        return 0


@transaction.atomic
def fire_schedule(key: int, *, now: datetime) -> int:
    """Write what is due of one schedule, by the rule that it has now: before that is changed, for what has passed has
    passed by it. How many are due to run; 0 also where it is paused, or nothing was due."""
    locked = Schedule.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    schedule = locked.filter(pk=key, next_fire_at__lte=now, paused_at__isnull=True).first()
    if schedule is None or schedule.next_fire_at is None:
        return 0  # another process was first, or it was paused
    definition = schedules.definition_of(schedule)
    timing = schedules.timing_of(schedule)
    since = schedule.next_fire_at - timedelta(microseconds=1)
    passed = list(firings_of(schedule, timing, after=since, until=now, limit=MOST))
    decisions = list(decide(passed, definition.policies, now=now, skip_at=schedule.skip_at))
    deadline = timedelta(hours=definition.policies.deadline_hours)
    Occurrence.objects.bulk_create(
        [_row(schedule, one, deadline=deadline, now=now) for one in decisions], ignore_conflicts=True
    )
    if passed:
        schedule.fired_wall = wall_of(passed[-1])
    Schedule.objects.filter(pk=key).update(
        next_fire_at=next_of(schedule, timing, after=passed[-1].at if passed else now),
        fired_wall=schedule.fired_wall,
        skip_at=None if schedule.skip_at and schedule.skip_at <= now else schedule.skip_at,
    )
    return sum(one.state == State.DUE for one in decisions)


def decide(
    passed: Sequence[Firing | Spread], policies: Policies, *, now: datetime, skip_at: datetime | None = None
) -> Iterator[Decision]:
    """What becomes of firings that have passed, oldest first.

    On time runs. Late ones run all, or the latest alone, or none, as ``misfire`` says; never those older than the
    catch-up window. A firing that a person chose to skip is skipped. One on many clocks is late when it has passed on all
    of them.
    """
    oldest = now - timedelta(hours=policies.catch_up_hours)
    for index, firing in enumerate(passed):
        late = now - (firing.last if isinstance(firing, Spread) else firing.at) > ON_TIME
        if firing.at == skip_at:
            yield Decision(firing, State.SKIPPED, "Skipped by hand")
        elif not late:
            yield Decision(firing, State.DUE, firing.reason)
        elif firing.at < oldest:
            yield Decision(
                firing, State.MISSED, f"Nothing ran then, and it is over {policies.catch_up_hours:g} hours ago"
            )
        elif policies.misfire == "skip":
            yield Decision(firing, State.MISSED, "Nothing ran then, and this schedule does not make up for it")
        elif policies.misfire == "once" and index < len(passed) - 1:
            yield Decision(firing, State.MISSED, "Nothing ran then; a later firing stands for it")
        else:
            yield Decision(firing, State.DUE, f"{firing.reason}; made up for, since nothing ran then")


def _row(schedule: Schedule, decision: Decision, *, deadline: timedelta, now: datetime) -> Occurrence:
    # The deadline counts from the firing, but a run that is made up for gets its whole time.
    runs = decision.state == State.DUE
    return Occurrence(
        organization_id=schedule.organization_id,
        schedule=schedule,
        fire_at=decision.firing.at,
        wall=wall_of(decision.firing),
        state=decision.state,
        reason=decision.reason,
        definition=schedule.definition,
        schedule_version=schedule.version,
        created_at=now,
        finished_at=None if runs else now,
        deadline_at=max(decision.firing.at, now) + deadline if runs else None,
    )
