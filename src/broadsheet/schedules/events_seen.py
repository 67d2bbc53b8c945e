"""Events that were told, and what they started, as far as an actor may see them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from broadsheet.access.reach import within_schedules
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.schedules.errors import UnknownEvent
from broadsheet.schedules.models import Event, Start


def events(actor: Actor, *, name: str = "", schedule: str = "") -> QuerySet[Event]:
    """The organization's events with those of the runs that they started which the actor reaches, the newest first. Payloads may
    hold anything, so they are for those who may send events. Raises Refused."""
    require(actor, "schedule.run")
    found = Event.objects.filter(organization_id=actor.organization_id)
    if name:
        found = found.filter(name=name)
    mine = Start.objects.filter(
        within_schedules(
            actor, "schedule.run", at="schedule_id", report="schedule__report_id", owner="schedule__owner_id"
        )
    )
    if schedule:
        found = found.filter(pk__in=mine.filter(schedule__name=schedule).values("event"))
    starts = mine.select_related("schedule", "occurrence").order_by("pk")
    number = mine.filter(event=OuterRef("pk")).order_by().values("event").annotate(number=Count("pk")).values("number")
    counted = found.annotate(number_of_starts=Coalesce(Subquery(number), 0))
    return counted.prefetch_related(Prefetch("starts", queryset=starts)).order_by("-received_at", "pk")


def event(actor: Actor, key: UUID) -> Event:
    """Raises UnknownEvent, Refused."""
    found = events(actor).filter(pk=key).first()
    if found is None:
        raise UnknownEvent(f"There is no event {key} here. Look at the list of events.")
    return found
