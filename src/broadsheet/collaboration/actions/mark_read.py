"""Remember that a person has read what they were told."""

from __future__ import annotations

from datetime import datetime

from broadsheet.collaboration.models import Notification
from broadsheet.collaboration.queries import notification, notifications
from broadsheet.core.policy import Actor


def mark_read(actor: Actor, key: int, *, now: datetime) -> Notification:
    """Read since the first time that this was said. Raises UnknownNotification."""
    found = notification(actor, key)
    if found.read_at is None:
        Notification.objects.filter(pk=found.pk, read_at__isnull=True).update(read_at=now)
        found.read_at = now
    return found


def mark_all_read(actor: Actor, *, now: datetime) -> int:
    """All that the actor had by *now*; how many there were."""
    found = notifications(actor, unread=True).filter(created_at__lte=now).order_by()
    return Notification.objects.filter(pk__in=found.values("pk")).update(read_at=now)
