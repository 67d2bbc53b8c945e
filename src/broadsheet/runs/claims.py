"""Leases on occurrences: conditional updates on the database's clock, with a fence that grows at every claim.

Whoever holds the lease does the work; every write of that work names the fence, so that a process which slept through
its lease changes nothing. No leader, and nothing to elect. Whether a run may begin beside those that go on is `admitting`'s
to say.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, DateTimeField, Exists, F, Q, QuerySet, Value, When
from django.db.models.functions import Now

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.runs import suspects
from broadsheet.runs.admitting import Room
from broadsheet.runs.maintenance import begun_windows, standing_still
from broadsheet.runs.models import Limits, Occurrence

LEASE = timedelta(seconds=settings.LEASE_SECONDS)  # three missed heartbeats
HEARTBEAT_SECONDS = settings.LEASE_SECONDS / 3
WEIGHTS = ("light", "heavy")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # before any lease
OPEN = (State.DUE, State.WAITING, State.RUNNING)
QUARANTINED = (
    "{deaths} processes in a row died while they worked on this run, and it got no further. "
    "See the server's log for that time; release it when the reason is mended."
)


class LostLease(RuntimeError):
    """Another process has the work now; whatever this one still holds must not be written."""


def ready(*, now: datetime) -> QuerySet[Occurrence]:
    """The occurrences that have work to do and nobody who does it, whose turn is first first."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    awake = Q(wake_at__isnull=True) | Q(wake_at__lte=now)
    return Occurrence.objects.filter(free, awake, finished_at__isnull=True, state__in=OPEN).order_by(
        "turn_at", "fire_at", "pk"
    )


def claim(*, owner: str, now: datetime, weights: Collection[str] = WEIGHTS, suspect: bool = True) -> Occurrence | None:
    """The occurrence of one of *weights* whose turn it is, now *owner*'s; None when there is none that may begin. *suspect*:
    also one over which processes died."""
    found = ready(now=now).filter(weight__in=weights)
    if not suspect:
        found = found.exclude(suspects.suspects())
    asked = found.order_by().values_list(Exists(Limits.objects.all()), Exists(begun_windows(now=now)))
    seen = list(asked[:1])
    if not seen:
        return None  # the common case asks once, writes nothing and locks nothing
    [(limited, stands_still)] = seen
    if stands_still:
        found = found.exclude(standing_still(now=now))
    room = Room(now=now, limited=limited)
    while True:
        with transaction.atomic():
            candidate = _first(room.outside(found))
            won = candidate is not None and _win(candidate, room, owner=owner, now=now)
        if candidate is None or won:
            return candidate
        room.pass_by(candidate)


def _first(found: QuerySet[Occurrence]) -> Occurrence | None:
    """The first that no other process looks at in this moment, so that each of many looks at another; nor at another run of
    its schedule, for two who look at two of them would both see none going."""
    if connection.vendor == "postgresql":
        # Where thousands became due since it last counted, the planner would read and sort them all for each claim.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off")
    whole = found.select_related("schedule__report", "report_version")
    return whole.select_for_update(no_key=True, skip_locked=True, of=("self", "schedule")).first()


def hold(occurrence: Occurrence) -> None:
    """Prolong the lease. Raises LostLease."""
    write(occurrence, lease_until=Now() + LEASE)


def get_on(occurrence: Occurrence) -> None:
    """Prolong the lease of a run that got further: whoever dies over it from now on is counted anew. Raises LostLease."""
    write(occurrence, lease_until=Now() + LEASE, deaths=0)


def write(occurrence: Occurrence, **fields: object) -> None:
    """Change the row while the lease is held. Raises LostLease."""
    if not Occurrence.objects.filter(pk=occurrence.pk, fence=occurrence.fence, owner=occurrence.owner).update(**fields):
        raise LostLease(f"Run {occurrence.pk} is another process's now.")


def release(occurrence: Occurrence, *, wake_at: datetime | None, **fields: object) -> None:
    """Give the lease back; there is something to do again at *wake_at*, or at once when it was asked to stop."""
    going_on = When(stop_asked_at__isnull=True, then=Value(wake_at, output_field=DateTimeField()))
    wake = None if wake_at is None else Case(going_on, default=None)
    write(occurrence, lease_until=None, owner="", wake_at=wake, rung_at=None, **fields)


def give_back(owner: str) -> int:
    """All that *owner* has, which ends now: others go on with it at once, and what its threads still write is refused."""
    mine = Occurrence.objects.filter(owner=owner, finished_at__isnull=True)
    return mine.update(owner="", lease_until=None, fence=F("fence") + 1, rung_at=None)


def free_the_dead(*, owner: str) -> int:
    """Where one process owns the database, leases of all others are those of the dead: they end at once."""
    return Occurrence.objects.exclude(owner__in=("", owner)).filter(lease_until__isnull=False).update(lease_until=EPOCH)


def _win(candidate: Occurrence, room: Room, *, owner: str, now: datetime) -> bool:
    """Whether the candidate is *owner*'s now. What must not begin yet is noted in *room*."""
    if candidate.owner:
        suspects.note_death(candidate.owner)
        if suspects.is_poison(candidate):
            _quarantine(candidate, now=now)
            return False
    begins = candidate.state != State.RUNNING and candidate.stop_asked_at is None  # one that was stopped only ends
    if not room.within_limits(candidate):
        return False
    taken: dict[str, Any] = {
        "owner": owner,
        "fence": candidate.fence + 1,
        "deaths": candidate.deaths + (1 if candidate.owner else 0),  # whoever gives a lease back takes the name off
        "state": State.RUNNING,
        "begun_at": candidate.begun_at or now,
    }
    mine = ready(now=now).filter(room.follows(candidate) if begins else Q(), pk=candidate.pk, fence=candidate.fence)
    if not mine.update(**taken, lease_until=Now() + LEASE):
        room.wait_behind(candidate)  # the row is locked: it can be nothing else that keeps it
        return False
    for name, value in taken.items():
        setattr(candidate, name, value)
    candidate._note()
    return True


def _quarantine(candidate: Occurrence, *, now: datetime) -> None:
    from broadsheet.runs.holding import tell_owner  # which holds by way of this module

    reason = QUARANTINED.format(deaths=candidate.deaths + 1)
    held = ready(now=now).filter(pk=candidate.pk, fence=candidate.fence).update(
        state=State.HELD, held_for="quarantine", held_reason=reason, held_at=now, owner="", lease_until=None,
        deaths=0, fence=F("fence") + 1,
    )  # fmt: skip
    if held:
        tell_owner(candidate, "quarantine", reason, now=now)
