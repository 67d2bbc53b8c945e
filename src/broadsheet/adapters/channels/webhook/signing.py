"""What a webhook's deliveries are signed with: `core.signing.webhooks`, and the id that all tries of a delivery share."""

from __future__ import annotations

import hashlib

from broadsheet.core.signing.webhooks import WrongSecret, headers, key

__all__ = ["WrongSecret", "event_id", "headers", "key"]


def event_id(message_id: str) -> str:
    """The ``webhook-id``: the same for each try of a delivery, and without a full stop, which parts what is signed."""
    return "msg_" + hashlib.sha256(message_id.encode()).hexdigest()[:32]
