"""What takes over from a delivery that failed or expired for good: another channel, another time, or both.

Never from one that may have arrived, nor from one that is still open: it is entered in the very transaction that ends the
other. Nobody is reached twice by a fallback, by a unique key: where a recipient's deliveries by two channels fail, the one
fallback takes over from both, with the files of both.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from broadsheet.core.lifecycle import Delivery as State
from broadsheet.delivery.claims import OPEN
from broadsheet.delivery.models import Delivery, StoredChannel
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.retrying import FallbackDefinition

AGAIN = (
    State.FAILED,
    State.EXPIRED,
    State.SKIPPED,
)  # a fallback that did not come to pass either, and may be made due anew


def takes_over(delivery: Delivery, definition: ScheduleDefinition) -> StoredChannel | None:
    """The channel that would take over from *delivery*; None where nothing does."""
    policy, slice = definition.policies.fallback, delivery.slice
    if policy is None or delivery.fallback_of_id is not None or slice is None or slice.state == "failed":
        return None
    if delivery.occurrence.goes_to_asker:  # the other channel, or the other address, is somebody else's
        return None
    return delivery.fallback_channel or (delivery.channel if policy.at else None)


def take_over(delivery: Delivery, definition: ScheduleDefinition, *, now: datetime) -> Delivery | None:
    """Enter the delivery that takes over from one that ends now, in the caller's transaction; None where nothing does."""
    channel, policy = takes_over(delivery, definition), definition.policies.fallback
    if channel is None or policy is None:
        return None
    at = policy.moment(delivery.zone, now=now)
    before = Delivery.objects.filter(Q(fallback_of=delivery) | Q(pk=delivery.shared_fallback_id)).first()
    if before is not None:
        _make_due(before, policy, at=at)
        return before
    try:
        with transaction.atomic():
            return Delivery.objects.create(**_row(delivery, channel, policy, at=at))
    except IntegrityError:  # another delivery to them failed too, and by this channel they get it once
        return _share(delivery, channel)


def _share(delivery: Delivery, channel: StoredChannel) -> Delivery | None:
    """What took over from another delivery to the same recipient takes over from this one, too; None where it went without
    files that this one was to bring."""
    same = {"occurrence_id": delivery.occurrence_id, "recipient_key": delivery.recipient_key, "channel": channel}
    found = Delivery.objects.select_for_update(of=("self",), no_key=True).get(**same, fallback_of__isnull=False)
    missing = [one for one in delivery.formats if one not in found.formats]
    if missing and found.state not in (*OPEN, *AGAIN):
        mine = Delivery.objects.filter(pk=delivery.pk)
        why = mine.values_list("reason", flat=True).get()  # of now: *delivery* is as it was when it was claimed
        told = f"“{channel}” had taken over by then, without its {', '.join(missing)}."
        mine.update(reason=f"{why.rstrip('.')}. {told}" if why else told)
        return None
    if missing:
        Delivery.objects.filter(pk=found.pk).update(formats=[*found.formats, *missing])
    Delivery.objects.filter(pk=delivery.pk).update(shared_fallback=found)
    return found


def _row(delivery: Delivery, channel: StoredChannel, policy: FallbackDefinition, *, at: datetime) -> dict[str, object]:
    key, host = uuid.uuid4(), urlsplit(settings.BASE_URL).hostname or "localhost"
    kept = (
        "organization_id", "occurrence_id", "slice_id", "recipient_key", "recipient_name", "language", "zone", "formats",
        "hours", "calendar",
    )  # fmt: skip
    return {
        **{name: getattr(delivery, name) for name in kept},
        "id": key,
        "channel": channel,
        "fallback_of": delivery,
        "address": delivery.fallback_address or delivery.address,
        "message_id": f"{key}@{host}",
        **_times(policy, at=at),
    }


def _times(policy: FallbackDefinition, *, at: datetime) -> dict[str, object]:
    waits = at if policy.at else None
    return {"due_at": waits, "next_try_at": waits, "deadline_at": at + timedelta(hours=policy.hours)}


def _make_due(fallback: Delivery, policy: FallbackDefinition, *, at: datetime) -> None:
    """A person sent again what it took over from, after it had failed too, and that failed again."""
    Delivery.objects.filter(pk=fallback.pk, state__in=AGAIN).update(
        state=State.DUE, attempts=0, settled_at=None, reason="", handed_over_at=None, first_try_at=None,
        **_times(policy, at=at),
    )  # fmt: skip
