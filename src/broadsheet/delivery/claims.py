"""Leases on deliveries: claimed before they are sent, settled after, by whoever holds the fence."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from broadsheet.core.lifecycle import Delivery as State
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.ports import CHANNELS
from broadsheet.runs.models import Occurrence

LEASE = timedelta(seconds=180)  # longer than any channel's total deadline for one try
OPEN = (State.DUE, State.RETRYING)  # to be sent, now or later


class LostClaim(RuntimeError):
    """Another process has the delivery now, or a person changed it: nothing may be handed over or settled."""


def holder(run: Occurrence) -> str:
    """Who sends for *run*: its owner, by this very claim of it."""
    return f"{run.owner}#{run.fence}"


def claim(key: UUID, run: Occurrence, *, now: datetime) -> Delivery | None:
    """The delivery, claimed as its next try by whoever holds *run*; None when it is not to be sent now, nor by them."""
    ready = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
    won = Delivery.objects.filter(
        ready, pk=key, state__in=OPEN, occurrence__stop_asked_at__isnull=True, occurrence__fence=run.fence
    ).update(
        state=State.SENDING, owner=holder(run), lease_until=Now() + LEASE, fence=F("fence") + 1,
        attempts=F("attempts") + 1, handed_over_at=None, let_through_at=None, waits_for="",
    )  # fmt: skip
    if not won:
        return None
    related = (
        "channel__gate",
        "fallback_channel",
        "slice",
        "occurrence__schedule__report",
        "occurrence__report_version",
        "organization",
    )
    return Delivery.objects.select_related(*related).get(pk=key)


def write(delivery: Delivery, **fields: object) -> None:
    """Change the row while the claim is held. Raises LostClaim."""
    mine = Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence, state=State.SENDING)
    if not mine.update(**fields):
        raise LostClaim(f"Delivery {delivery.pk} is not ours any more.")


def recover(run: Occurrence, *, now: datetime) -> None:
    """Decide deliveries whose sender died: tried again where nothing can have arrived, or where twice is as once;
    unconfirmed otherwise, for a person to decide.

    For the holder of *run*, before it sends. Nobody else may send for the run by then, so their leases are not waited
    for: one that is only slow is refused by its fence when it would hand over, and cannot settle.
    """
    for delivery in _abandoned(run).select_related("channel"):
        repeat = may_repeat(delivery)
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


def may_repeat(delivery: Delivery) -> bool:
    """Whether a try whose end is unknown may be made again by itself: nothing can have arrived, or twice is as once."""
    channel = delivery.channel
    return delivery.handed_over_at is None or CHANNELS.get(channel.kind).idempotent(channel.settings)


def _abandoned(run: Occurrence) -> QuerySet[Delivery]:
    return Delivery.objects.filter(occurrence=run, state=State.SENDING).exclude(owner=holder(run))
