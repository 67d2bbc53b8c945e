"""Leases on deliveries: claimed before they are sent, settled after, by whoever holds the fence."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from broadsheet.core.lifecycle import Delivery as State
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.ports import CHANNELS

LEASE = timedelta(seconds=180)  # longer than any channel's total deadline for one try
OPEN = (State.DUE, State.RETRYING)


class LostClaim(RuntimeError):
    """Another process has the delivery now, or a person changed it: nothing may be handed over or settled."""


def claim(key: UUID, *, owner: str, now: datetime) -> Delivery | None:
    """The delivery, claimed for *owner* as its next try; None when it is not to be sent now."""
    ready = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
    won = Delivery.objects.filter(
        ready, pk=key, state__in=OPEN, occurrence__stop_asked_at__isnull=True
    ).update(
        state=State.SENDING, owner=owner, lease_until=Now() + LEASE, fence=F("fence") + 1,
        attempts=F("attempts") + 1, handed_over_at=None,
    )  # fmt: skip
    if not won:
        return None
    related = ("channel", "slice", "occurrence__schedule__report", "occurrence__report_version", "organization")
    return Delivery.objects.select_related(*related).get(pk=key)


def write(delivery: Delivery, **fields: object) -> None:
    """Change the row while the claim is held. Raises LostClaim."""
    mine = Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence, state=State.SENDING)
    if not mine.update(**fields):
        raise LostClaim(f"Delivery {delivery.pk} is not ours any more.")


def recover(occurrence_id: UUID, *, now: datetime, dead_owners_only: str = "") -> None:
    """Decide deliveries whose sender died: tried again where nothing can have arrived, or where twice is as once;
    unconfirmed otherwise, for a person to decide.

    *dead_owners_only* names the only owner alive (embedded): claims of all others are decided at once.
    """
    for delivery in _abandoned(occurrence_id, alive=dead_owners_only).select_related("channel"):
        repeat = delivery.handed_over_at is None or CHANNELS.get(delivery.channel.kind).idempotent(
            delivery.channel.settings
        )
        fields: dict[str, object] = (
            {"state": State.DUE, "next_try_at": None}
            if repeat
            else {
                "state": State.UNCONFIRMED, "settled_at": now,
                "reason": "The server stopped after the message had been handed over; it may have arrived.",
            }
        )  # fmt: skip
        Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence, state=State.SENDING).update(
            **fields, owner="", lease_until=None, fence=F("fence") + 1
        )


def _abandoned(occurrence_id: UUID, *, alive: str) -> QuerySet[Delivery]:
    sending = Delivery.objects.filter(occurrence_id=occurrence_id, state=State.SENDING)
    return sending.exclude(owner=alive) if alive else sending.filter(lease_until__lt=Now())
