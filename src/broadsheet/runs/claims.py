"""Leases on occurrences: conditional updates on the database's clock, with a fence that grows at every claim.

Whoever holds the lease does the work; every write of that work names the fence, so that a process which slept through
its lease changes nothing. No leader, and nothing to elect.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When
from django.db.models.functions import Now

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.models import Schedule

LEASE = timedelta(seconds=60)  # three missed heartbeats
HEARTBEAT_SECONDS = 20.0
LOOKED_AT = 20  # candidates read at once


class LostLease(RuntimeError):
    """Another process has the work now; whatever this one still holds must not be written."""


def claim(*, owner: str, now: datetime) -> Occurrence | None:
    """The oldest occurrence with work to do, now *owner*'s; None when there is none."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    open_ = Occurrence.objects.filter(free, finished_at__isnull=True, state__in=(State.DUE, State.RUNNING))
    awake = open_.filter(Q(wake_at__isnull=True) | Q(wake_at__lte=now)).order_by("fire_at", "pk")
    waiting: set[int] = set()  # schedules whose next run must wait; a long queue of theirs is not in others' way
    while True:
        candidates = awake.exclude(state=State.DUE, schedule_id__in=waiting)
        found = list(candidates.only("pk", "fence", "schedule_id", "state", "definition", "stop_asked_at")[:LOOKED_AT])
        for one in found:
            if one.state == State.DUE and one.schedule_id in waiting:
                continue
            if _win(one, open_, owner=owner, now=now, waiting=waiting):
                return Occurrence.objects.select_related("schedule__report", "report_version").get(pk=one.pk)
        if len(found) < LOOKED_AT:
            return None


def hold(occurrence: Occurrence) -> None:
    """Prolong the lease. Raises LostLease."""
    write(occurrence, lease_until=Now() + LEASE)


def write(occurrence: Occurrence, **fields: object) -> None:
    """Change the row while the lease is held. Raises LostLease."""
    if not Occurrence.objects.filter(pk=occurrence.pk, fence=occurrence.fence, owner=occurrence.owner).update(**fields):
        raise LostLease(f"Run {occurrence.pk} is another process's now.")


def release(occurrence: Occurrence, *, wake_at: datetime | None, **fields: object) -> None:
    """Give the lease back; there is something to do again at *wake_at*, or at once when it was asked to stop."""
    going_on = When(stop_asked_at__isnull=True, then=Value(wake_at, output_field=DateTimeField()))
    wake = None if wake_at is None else Case(going_on, default=None)
    write(occurrence, lease_until=None, owner="", wake_at=wake, **fields)


def free_the_dead(*, owner: str) -> int:
    """Where one process owns the database, leases of all others are those of the dead: they end at once."""
    return Occurrence.objects.exclude(owner__in=("", owner)).update(owner="", lease_until=None)


@transaction.atomic
def _win(candidate: Occurrence, open_: QuerySet[Occurrence], *, owner: str, now: datetime, waiting: set[int]) -> bool:
    """Whether the candidate is *owner*'s now. One that must not begin yet puts its schedule into *waiting*."""
    begins = candidate.state == State.DUE and candidate.stop_asked_at is None  # one that was stopped only ends
    if begins and not _may_start(candidate, now=now, waiting=waiting):
        return False
    won = open_.filter(pk=candidate.pk, fence=candidate.fence).update(
        owner=owner, lease_until=Now() + LEASE, fence=F("fence") + 1, state=State.RUNNING
    )
    return bool(won)


def _may_start(candidate: Occurrence, *, now: datetime, waiting: set[int]) -> bool:
    """Whether the schedule's overlap policy lets this occurrence begin while another of it is going."""
    # Two processes that look at two runs of one schedule would both see none going: the lock lets one look first.
    Schedule.objects.select_for_update(no_key=True).filter(pk=candidate.schedule_id).values_list("pk").first()
    overlap = candidate.definition.get("policies", {}).get("overlap", "queue")
    others = Occurrence.objects.filter(
        schedule_id=candidate.schedule_id, state=State.RUNNING, finished_at__isnull=True, lease_until__gt=Now()
    ).exclude(pk=candidate.pk)
    if not others.exists():
        return True
    if overlap == "cancel":
        others.update(stop_asked_at=now)
    if overlap == "skip":
        Occurrence.objects.filter(pk=candidate.pk, state=State.DUE).update(
            state=State.SKIPPED, finished_at=now, reason="The run before was still going"
        )
    else:
        waiting.add(candidate.schedule_id)
    return False
