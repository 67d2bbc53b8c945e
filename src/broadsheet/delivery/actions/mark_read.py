"""Remember that a person opened what came into their inbox."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from broadsheet.core.policy import Actor
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.queries import inbox_item


def mark_read(actor: Actor, address: str, key: UUID, *, now: datetime) -> Delivery:
    """The item, read since its first opening; looking through its reader's eyes is none. Raises UnknownDelivery for what is
    not in the inbox of *address*."""
    item = inbox_item(actor, address, key)
    if item.read_at is None and not actor.looking_as:
        Delivery.objects.filter(pk=item.pk, read_at__isnull=True).update(read_at=now)
        item.read_at = now
    return item
