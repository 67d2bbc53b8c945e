"""Send again to addresses that had bounced: a person says that they exist by now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from broadsheet.core.policy import Actor
from broadsheet.delivery import bouncing
from broadsheet.delivery.errors import DeliveryError, UnknownAddress
from broadsheet.delivery.suppressions import suppressions

MOST = 500  # at once; one query names them all


@transaction.atomic
def lift(actor: Actor, addresses: Collection[str], *, now: datetime) -> int:
    """From the next run on they are sent to; nothing is sent by this. How many there were.

    Raises Refused, and DeliveryError where one of them did not bounce; nothing is changed then. Who unsubscribed comes
    back by themselves alone.
    """
    wanted = {one.strip().lower() for one in addresses}
    if len(wanted) > MOST:
        raise DeliveryError(f"These are {len(wanted)} addresses. Lift at most {MOST} at once.")
    found = list(suppressions(actor, "delivery.resend").filter(address__in=wanted))
    others = wanted - {one.address for one in found if bouncing.has_bounced(one.reason)}
    left = next((one for one in found if one.address in others), None)
    if left is not None:
        of = f"“{left.schedule.title}”" if left.schedule else "everything"
        raise DeliveryError(
            f"“{left.address}” has unsubscribed from {of}. Only they can come back, by the link in a mail that they have."
        )
    if others:
        raise UnknownAddress(f"“{min(others)}” is not among the addresses that bounced. Look at the list.")
    return bouncing.lift(actor, wanted, now=now)
