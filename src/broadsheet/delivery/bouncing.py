"""Addresses that do not exist, as their own mail servers say: nothing more is sent to them until a person has looked.

Sending again and again to mailboxes that are not there is what senders of spam do, and mail servers judge by it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from broadsheet.access.queries import system_actor
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.delivery.models import Delivery, Suppression
from broadsheet.delivery.ports import Receipt

BOUNCED = "No such mailbox"
MOST_QUOTED = 90  # characters of the server's word; the whole of it is with the delivery that failed
FIX = "Correct the address, or lift it in the list of addresses that are not sent to"


def has_bounced(reason: str) -> bool:
    """Whether that is why an address is not sent to."""
    return reason.startswith(BOUNCED)


def suppress(delivery: Delivery, receipt: Receipt, *, now: datetime) -> None:
    """Its address gets nothing more of the organization by mail, where *receipt* says that it does not exist. In the
    transaction that settles the try."""
    if not receipt.no_such_address:
        return
    reason = f"{BOUNCED}: “{receipt.proof[:MOST_QUOTED]}”. {FIX}"
    _, made = Suppression.objects.get_or_create(
        organization_id=delivery.organization_id, address=delivery.address.lower(), schedule=None,
        defaults={"reason": reason, "at": now},
    )  # fmt: skip
    if made:
        actor = system_actor(delivery.organization_id, via="mail")
        record(actor, "recipient.bounced", delivery.address, now=now, said=receipt.proof[:MOST_QUOTED])


def lift(actor: Actor, addresses: Collection[str], *, now: datetime) -> int:
    """They are sent to again: a person says that they exist by now. What they unsubscribed from stays so. How many had
    bounced. The caller has looked at the actor's rights."""
    gone = Suppression.objects.filter(organization_id=actor.organization_id, schedule=None, reason__startswith=BOUNCED)
    lifted = 0
    for one in gone.filter(address__in={one.lower() for one in addresses}).order_by("address"):
        if Suppression.objects.filter(pk=one.pk).delete()[0]:  # else another lifted it meanwhile, and it is told once
            record(actor, "recipient.lifted", one.address, now=now, was=one.reason)
            lifted += 1
    return lifted
