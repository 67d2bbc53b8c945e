"""The notifications that an actor may see: their own."""

from __future__ import annotations

from django.db.models import QuerySet

from broadsheet.collaboration.errors import UnknownNotification
from broadsheet.collaboration.models import Notification
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require


def notifications(actor: Actor, *, unread: bool = False) -> QuerySet[Notification]:
    """The actor's own, the newest first, each with how it went by mail; the whole organization's for the system, which is
    nobody. Raises Refused: they tell of schedules."""
    require(actor, "schedule.read")
    found = Notification.objects.filter(organization_id=actor.organization_id)
    if actor.user_id is not None:
        found = found.filter(person_id=actor.user_id)
    if unread:
        found = found.filter(read_at__isnull=True)
    return found.select_related("person", "organization", "mailing").order_by("-created_at", "-pk")


def notification(actor: Actor, key: int) -> Notification:
    """One of them. Raises UnknownNotification, also for another person's."""
    found = notifications(actor).filter(pk=key).first()
    if found is None:
        raise UnknownNotification(f"There is no notification {key} for you. Look at the list.")
    return found


def unread(actor: Actor) -> int:
    """How many the actor has not read."""
    return notifications(actor, unread=True).select_related(None).order_by().count()
