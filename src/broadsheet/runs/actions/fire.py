"""Write the occurrences whose time has come: one row per firing under its key, before any work is done.

Firings that passed while nothing ran are decided by the schedule's misfire policy; each has a row with the decision.
Any number of processes may do this at once: each takes schedules that no other holds, and the key is there besides.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import QuerySet

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.recurrence import Firing, Spread
from broadsheet.runs.holding import tell_once
from broadsheet.runs.lost_time import hold_lost
from broadsheet.runs.models import Occurrence
from broadsheet.runs.rows import row_of
from broadsheet.schedules.definition import Policies
from broadsheet.schedules.firing import firings_of, next_of, override_of, wall_of
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.models.override import Override, overrides_from, still
from broadsheet.schedules.timings import Timings
from broadsheet.tracing import record

log = logging.getLogger(__name__)
ON_TIME = timedelta(seconds=90)  # later than this counts as missed time: two beats of a slow scheduler and a restart
MOST = 10_000  # rows written for one schedule at once; the rest follows with the next beat
AIMED = ("next_fire_at", "begin_at", "fired_wall", "overrides")  # what firing changes of a schedule
AT_ONCE = 500  # schedules of one transaction
ROWS_AT_ONCE = 20_000  # after a long outage a few schedules may have as many; the others wait for the next transaction
FAULTY = timedelta(minutes=5)  # until a schedule that cannot be read is looked at again


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one firing: the state its row is written in, and why; what a person chose for it."""

    firing: Firing | Spread
    state: State
    reason: str
    override: Override | None = None


@dataclass(slots=True)
class Written:
    """What one transaction writes: rows of occurrences, and schedules aimed at their next firing."""

    rows: list[Occurrence] = field(default_factory=list)
    aimed: list[Schedule] = field(default_factory=list)

    @property
    def due(self) -> int:
        return sum(one.state == State.DUE for one in self.rows)


def fire_due(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Write occurrences for firings up to *now*, of as many schedules as one transaction holds; of how many schedules.
    0: there is nothing more to write.

    A schedule that cannot be read any more is logged, and looked at again later; the others fire.
    """
    begun = monotonic()
    with transaction.atomic():
        found = _free().filter(begin_at__lte=now, paused_at__isnull=True).order_by("begin_at")[:limit]
        written = _decided(found, now=now, strict=False)
        _keep(written, now=now)
    if written.aimed:
        record("fire", seconds=monotonic() - begun, schedules=len(written.aimed), runs=len(written.rows))
    return len(written.aimed)


def fire_what_is_due(key: int, *, now: datetime) -> None:
    """`fire_schedule` for acts that change a schedule, or what it depends on. A rule that cannot be read any more keeps
    nobody from mending it: then nothing is written."""
    try:
        fire_schedule(key, now=now)
    except ValueError:  # of a rule, a calendar or a definition
        log.exception("a schedule cannot fire action=fire schedule=%s", key)


@transaction.atomic
def fire_schedule(key: int, *, now: datetime) -> int:
    """Write what is due of one schedule, by the rule that it has now: before that is changed, for what has passed has
    passed by it. How many are due to run; 0 also where it is paused, or nothing was due. Raises ValueError where its
    rule cannot be read."""
    found = _free().filter(pk=key, next_fire_at__lte=now, paused_at__isnull=True)
    written = _decided(found, now=now, strict=True)
    _keep(written, now=now)
    return written.due


def _free() -> QuerySet[Schedule]:
    """Those that no other process fires at this moment."""
    return Schedule.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def _decided(found: QuerySet[Schedule], *, now: datetime, strict: bool) -> Written:
    timings, written = Timings(today=now.date()), Written()
    for schedule in found:
        if len(written.rows) >= ROWS_AT_ONCE:
            break
        try:
            written.rows += _fired(schedule, timings, now=now)
        except ValueError:  # one schedule's fault must not keep the others from firing
            if strict:
                raise
            log.exception("a schedule cannot fire action=fire schedule=%s", schedule.pk)
            schedule.begin_at = now + FAULTY
        written.aimed.append(schedule)
    return written


def _fired(schedule: Schedule, timings: Timings, *, now: datetime) -> list[Occurrence]:
    """The rows of what has passed; the schedule is aimed at what comes next."""
    assert schedule.next_fire_at is not None  # else it does not begin
    policies = Policies.model_validate(schedule.definition.get("policies", {}))
    timing = timings.of(schedule)
    until = now + timedelta(seconds=schedule.ahead_seconds)
    since = schedule.next_fire_at - timedelta(microseconds=1)
    passed: list[Firing | Spread] = []
    following: datetime | None = None
    chosen = overrides_from(schedule.overrides)
    for one in firings_of(schedule, timing, after=since):
        if one.at > (now if override_of(chosen, one) else until) or len(passed) == MOST:
            following = one.at
            break
        passed.append(one)
    rows = [_row(schedule, one, policies, now=now) for one in decide(passed, policies, now=now, chosen=chosen)]
    if passed:
        schedule.fired_wall = wall_of(passed[-1])
        if schedule.fired_wall:  # what comes next on many clocks depends on what was begun on one of them
            following = next_of(schedule, timing, after=passed[-1].at)
    if chosen:
        schedule.overrides = still(chosen, now=now)
    schedule.aim(following)
    return rows


def _keep(written: Written, *, now: datetime) -> None:
    lost = hold_lost(written.rows, now=now)
    Occurrence.objects.bulk_create(written.rows, batch_size=1_000, ignore_conflicts=True)
    if lost:
        tell_once(lost, lost[0].held_reason, now=now)
    fields = [one for one in Schedule._meta.concrete_fields if one.name in AIMED]
    changes = [
        [*(field.get_db_prep_save(getattr(one, field.attname), connection) for field in fields), one.pk]
        for one in written.aimed
    ]
    named = ", ".join(f"{field.column} = %s" for field in fields)
    with connection.cursor() as cursor:  # `bulk_update` takes five times as long for many rows
        cursor.executemany(f"UPDATE {Schedule._meta.db_table} SET {named} WHERE id = %s", changes)


def decide(
    passed: Sequence[Firing | Spread], policies: Policies, *, now: datetime, chosen: Collection[Override] = ()
) -> Iterator[Decision]:
    """What becomes of firings that have passed, oldest first.

    On time runs. Late ones run all, or the latest alone, or none, as ``misfire`` says; never those older than the
    catch-up window. One that a person chose to skip is skipped, one that they hold is held, however late. One on many clocks is late when it has passed on all
    of them.
    """
    oldest = now - timedelta(hours=policies.catch_up_hours)
    for index, firing in enumerate(passed):
        late = now - (firing.last if isinstance(firing, Spread) else firing.at) > ON_TIME
        override = override_of(chosen, firing) if chosen else None
        if override is not None and override.kind == "skip":
            yield Decision(firing, State.SKIPPED, override.reason(), override)
        elif override is not None and override.kind == "hold":
            yield Decision(firing, State.HELD, override.reason(), override)
        elif not late:
            yield Decision(firing, State.DUE, override.reason() if override else firing.reason, override)
        elif firing.at < oldest:
            yield Decision(
                firing, State.MISSED, f"Nothing ran then, and it is over {policies.catch_up_hours:g} hours ago"
            )
        elif policies.misfire == "skip":
            yield Decision(firing, State.MISSED, "Nothing ran then, and this schedule does not make up for it")
        elif policies.misfire == "once" and index < len(passed) - 1:
            yield Decision(firing, State.MISSED, "Nothing ran then; a later firing stands for it")
        else:
            yield Decision(firing, State.DUE, f"{firing.reason}; made up for, since nothing ran then", override)


def _row(schedule: Schedule, decision: Decision, policies: Policies, *, now: datetime) -> Occurrence:
    # The deadline counts from the firing, but a run that is made up for gets its whole time.
    runs, held = decision.state == State.DUE, decision.state == State.HELD
    override = decision.override
    at = decision.firing.at
    return row_of(
        schedule,
        fire_at=at,
        now=now,
        wall=wall_of(decision.firing),
        state=decision.state,
        reason=decision.reason,
        wake_at=_wake(schedule, at) if runs else None,
        finished_at=None if runs or held else now,
        deadline_at=max(at, now) + timedelta(hours=policies.deadline_hours) if runs or held else None,
        held_for="hand" if held else "",
        held_reason=decision.reason if held else "",
        held_at=now if held else None,
        moved_from=override.fire_at if override and override.to else None,
    )


def _wake(schedule: Schedule, at: datetime) -> datetime | None:
    """When a floating run begins; one that is made ahead of its firing floats from there. None: at once."""
    if not schedule.offset_seconds:
        return None
    return at + timedelta(seconds=schedule.offset_seconds - schedule.ahead_seconds)
