"""Leases on occurrences: conditional updates on the database's clock, with a fence that grows at every claim.

Whoever holds the lease does the work; every write of that work names the fence, so that a process which slept through
its lease changes nothing. No leader, and nothing to elect.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Now

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.runs.models import Occurrence

LEASE = timedelta(seconds=60)  # three missed heartbeats
HEARTBEAT_SECONDS = 20.0
LOOKED_AT = 20  # candidates tried before giving up for this beat


class LostLease(RuntimeError):
    """Another process has the work now; whatever this one still holds must not be written."""


def claim(*, owner: str, now: datetime) -> Occurrence | None:
    """The oldest occurrence with work to do, now *owner*'s; None when there is none."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    open_ = Occurrence.objects.filter(free, finished_at__isnull=True, state__in=(State.DUE, State.RUNNING))
    awake = open_.filter(Q(wake_at__isnull=True) | Q(wake_at__lte=now)).order_by("fire_at", "pk")
    for found in awake.only("pk", "fence", "schedule_id", "fire_at", "state", "definition")[:LOOKED_AT]:
        if found.state == State.DUE and not _may_start(found, now=now):
            continue
        won = open_.filter(pk=found.pk, fence=found.fence).update(
            owner=owner, lease_until=Now() + LEASE, fence=F("fence") + 1, tries=F("tries") + 1, state=State.RUNNING
        )
        if won:
            return Occurrence.objects.select_related("schedule__report", "report_version").get(pk=found.pk)
    return None


def hold(occurrence: Occurrence) -> None:
    """Prolong the lease. Raises LostLease."""
    write(occurrence, lease_until=Now() + LEASE)


def write(occurrence: Occurrence, **fields: object) -> None:
    """Change the row while the lease is held. Raises LostLease."""
    if not Occurrence.objects.filter(pk=occurrence.pk, fence=occurrence.fence, owner=occurrence.owner).update(**fields):
        raise LostLease(f"Run {occurrence.pk} is another process's now.")


def release(occurrence: Occurrence, *, wake_at: datetime | None) -> None:
    """Give the lease back; there is something to do again at *wake_at*."""
    write(occurrence, lease_until=None, owner="", wake_at=wake_at)


def free_the_dead(*, owner: str) -> int:
    """Where one process owns the database, leases of all others are those of the dead: they end at once."""
    return Occurrence.objects.exclude(owner__in=("", owner)).update(owner="", lease_until=None)


def _may_start(candidate: Occurrence, *, now: datetime) -> bool:
    """Whether the schedule's overlap policy lets this occurrence begin while another of it is going."""
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
    return False
