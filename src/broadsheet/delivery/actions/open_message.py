"""Open a message as it was sent, byte for byte; every opening is in the journal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor, require
from broadsheet.delivery.actions.open_file import cleared_for
from broadsheet.delivery.errors import UnknownDelivery
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.queries import reached_by
from broadsheet.delivery.sealed_copy import unfold
from broadsheet.runs.ports import ArtifactStore, Damaged


def open_message(actor: Actor, key: UUID, *, store: ArtifactStore, now: datetime) -> bytes:
    """The bytes of the message of delivery *key*, proved by their hash.

    It holds its recipient's rows: open to who sees all rows anyway, which is `data.all`. Raises Refused,
    UnknownDelivery for one that is not here or whose channel writes no message, StoreError when the bytes are damaged.
    """
    reached = reached_by(actor, "delivery.read")
    require(actor, "data.all")
    mine = Delivery.objects.filter(reached, organization_id=actor.organization_id, pk=key).select_related("sent")
    delivery = mine.first()
    if delivery is None or delivery.sent is None or not cleared_for(actor, delivery):
        raise UnknownDelivery(f"There is no message of a delivery {key} here. Look in the ledger.")
    try:
        message = unfold(store.get(delivery.sent.sha256), store.get, sha256=delivery.sent_sha256)
    except ValueError as error:
        raise Damaged(str(error)) from error
    record(actor, "message.opened", str(key), now=now, sha256=delivery.sent_sha256, recipient=delivery.recipient_name)
    return message
