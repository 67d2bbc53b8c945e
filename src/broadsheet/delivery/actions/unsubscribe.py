"""A recipient leaves a schedule, or comes back: the link in the mail is the right to do so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from broadsheet.access.queries import system_actor
from broadsheet.compliance.actions.record import record
from broadsheet.delivery.errors import UnknownDelivery
from broadsheet.delivery.models import Delivery, Suppression
from broadsheet.delivery.unsubscribing import delivery_of

REASON = "Unsubscribed by the recipient"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a link is about; ``ended`` tells whether the address has left."""

    organization: str
    schedule: str
    address: str
    ended: bool


def subscription(token: str) -> Subscription:
    """Raises UnknownDelivery for a link that is not ours or whose delivery is gone."""
    delivery = _delivery(token)
    ended = _suppressions(delivery).exists()
    return Subscription(str(delivery.organization), delivery.occurrence.schedule.title, delivery.address, ended)


@transaction.atomic
def unsubscribe(token: str, *, now: datetime) -> Subscription:
    """The address gets nothing more from this schedule, from this moment on. Doing it twice is as once."""
    delivery = _delivery(token)
    _, made = Suppression.objects.get_or_create(
        organization_id=delivery.organization_id,
        address=delivery.address.lower(),
        schedule=delivery.occurrence.schedule,
        defaults={"reason": REASON, "at": now},
    )
    if made:
        actor = system_actor(delivery.organization_id, via="mail")
        record(actor, "recipient.unsubscribed", delivery.address, now=now, schedule=delivery.occurrence.schedule.name)
    return subscription(token)


@transaction.atomic
def subscribe_again(token: str, *, now: datetime) -> Subscription:
    """Take an unsubscription back; a bounce stays."""
    delivery = _delivery(token)
    if _suppressions(delivery).filter(reason=REASON).delete()[0]:
        actor = system_actor(delivery.organization_id, via="mail")
        record(actor, "recipient.subscribed", delivery.address, now=now, schedule=delivery.occurrence.schedule.name)
    return subscription(token)


def _delivery(token: str) -> Delivery:
    key = delivery_of(token)
    found = (
        Delivery.objects.filter(pk=key).select_related("organization", "occurrence__schedule").first() if key else None
    )
    if found is None:
        raise UnknownDelivery("This link is not valid any more. Use the one in a newer mail, or answer to its sender.")
    return found


def _suppressions(delivery: Delivery) -> QuerySet[Suppression]:
    return Suppression.objects.filter(
        organization_id=delivery.organization_id,
        address=delivery.address.lower(),
        schedule=delivery.occurrence.schedule,
    )
