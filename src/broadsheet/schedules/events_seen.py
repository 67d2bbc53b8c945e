"""Events that were told, and what they started, as far as an actor may see them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.schedules.errors import UnknownEvent
from broadsheet.schedules.models import Event, Start


def events(actor: Actor, *, name: str = "", schedule: str = "") -> QuerySet[Event]:
    """The organization's events with the runs that they started, the newest first. Payloads may hold anything, so they are for
    those who may send events. Raises Refused."""
    require(actor, "schedule.run")
    found = Event.objects.filter(organization_id=actor.organization_id)
    if name:
        found = found.filter(name=name)
    if schedule:
        found = found.filter(starts__schedule__name=schedule)
    starts = Start.objects.select_related("schedule", "occurrence").order_by("pk")
    counted = found.annotate(number_of_starts=Count("starts", distinct=True))
    return counted.prefetch_related(Prefetch("starts", queryset=starts)).order_by("-received_at", "pk")


def event(actor: Actor, key: UUID) -> Event:
    """Raises UnknownEvent, Refused."""
    found = events(actor).filter(pk=key).first()
    if found is None:
        raise UnknownEvent(f"There is no event {key} here. Look at the list of events.")
    return found
