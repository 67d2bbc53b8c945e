"""The maintenance windows that an actor may see, and which of their firings each of them delays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require_somewhere
from broadsheet.core.recurrence import Firing, RuleError, Spread
from broadsheet.operations.errors import UnknownWindow
from broadsheet.runs.maintenance import schedules_asking
from broadsheet.runs.models import Maintenance
from broadsheet.schedules import queries as schedules
from broadsheet.schedules.calendars import CalendarError
from broadsheet.schedules.definition import Policies
from broadsheet.schedules.firing import firings_of
from broadsheet.schedules.models import Schedule

ANNOUNCED = timedelta(days=1)  # pages tell of a window so long before it starts
LOOKED_AHEAD = timedelta(days=1)  # of a window whose end nobody knows
FIRINGS = 10  # told of one schedule; the rest is counted up to a hundred
MOST_FIRINGS = 100
MOST_SCHEDULES = 500  # looked at; the rest is left to their pages


@dataclass(frozen=True, slots=True)
class Delayed:
    """A schedule whose ``firings`` lie in a window; ``dropped``: its misfire policy lets those go that could not be on
    time."""

    schedule: Schedule
    firings: tuple[datetime, ...]
    dropped: bool


def windows(actor: Actor, *, past: bool = False) -> QuerySet[Maintenance]:
    """Those of the actor's organization and of the whole installation, the next first; with *past* also those that are over,
    the latest first. Raises Refused."""
    require_somewhere(actor, "schedule.read")
    found = Maintenance.objects.filter(concerning(actor.organization_id))
    return found.order_by("-starts_at", "-pk") if past else found.filter(settled_at__isnull=True)


def concerning(organization_id: int) -> Q:
    """Windows that hold something of the organization."""
    return Q(organization_id=organization_id) | Q(organization__isnull=True)


def announced(*, now: datetime) -> Subquery:
    """To annotate an organization with: the id of the window that goes on or comes within a day, the first of them."""
    mine = Q(organization_id=OuterRef("pk")) | Q(organization__isnull=True)
    found = Maintenance.objects.filter(mine, settled_at__isnull=True, starts_at__lte=now + ANNOUNCED)
    over = Q(ended_at__lte=now) | Q(ends_at__lte=now)
    return Subquery(found.exclude(over).order_by("starts_at", "pk").values("pk")[:1])


def window(actor: Actor, key: int | str) -> Maintenance:
    """Raises UnknownWindow, Refused."""
    found = windows(actor, past=True).filter(pk=key).first() if str(key).isdecimal() else None
    if found is None:
        raise UnknownWindow(f"There is no maintenance {key} here. Look at the list.")
    return found


def delayed(mine: Iterable[Schedule], window: Maintenance) -> list[Delayed]:
    """The schedules among *mine*, of one organization, that fire while *window* lasts. What cannot be read is left out."""
    until = window.over_at or window.starts_at + LOOKED_AHEAD
    found = [(one, _firings(one, after=window.starts_at, until=until)) for one in mine]
    return [
        Delayed(one, firings, Policies.model_validate(one.definition.get("policies", {})).misfire == "skip")
        for one, firings in found
        if firings
    ]


def may_be_delayed(organization_id: int, window: Maintenance) -> QuerySet[Schedule]:
    """The schedules of an organization that *window* concerns and whose next firing comes before it ends."""
    until = window.over_at or window.starts_at + LOOKED_AHEAD
    found = Schedule.objects.filter(organization_id=organization_id, paused_at__isnull=True, next_fire_at__lt=until)
    if window.source:
        found = found.filter(pk__in=schedules_asking(organization_id, window.source))
    return found.order_by("next_fire_at", "pk").select_related("owner")[:MOST_SCHEDULES]


def _firings(one: Schedule, *, after: datetime, until: datetime) -> tuple[datetime, ...]:
    try:
        timing = schedules.timing_of(one)
        # the instant of the start itself is inside
        found: list[Firing | Spread] = list(
            firings_of(one, timing, after=after - timedelta(seconds=1), until=until, limit=MOST_FIRINGS)
        )
    except (RuleError, CalendarError, ValueError):
        return ()
    return tuple(each.at for each in found if after <= each.at < until)
