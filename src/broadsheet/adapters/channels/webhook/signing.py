"""Signatures by the Standard Webhooks specification (standardwebhooks.com), version 1: HMAC-SHA256.

What is signed is ``<webhook-id>.<webhook-timestamp>.<body>``. While a secret is being changed, both the new and the old
one sign, so that the receiver can change at any moment in between.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64  # as the specification has it


class WrongSecret(ValueError):
    """The secret cannot be used; the message says what one looks like, and nothing of this one."""


def key(secret: str) -> bytes:
    """The key in *secret* (``whsec_`` and base64). Raises WrongSecret."""
    try:
        if not secret.startswith(PREFIX):
            raise ValueError
        found = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (ValueError, binascii.Error):
        raise WrongSecret(f"A signing secret is {PREFIX} and base64. Take the one that the receiver shows.") from None
    if not LEAST_BYTES <= len(found) <= MOST_BYTES:
        raise WrongSecret(f"A signing secret holds {LEAST_BYTES} to {MOST_BYTES} bytes; this one holds {len(found)}.")
    return found


def event_id(message_id: str) -> str:
    """The ``webhook-id``: the same for each try of a delivery, and without a full stop, which parts what is signed."""
    return "msg_" + hashlib.sha256(message_id.encode()).hexdigest()[:32]


def headers(body: bytes, *, event: str, at: datetime, keys: tuple[bytes, ...]) -> dict[str, str]:
    """The three headers of a call at *at* (aware), with one signature for each of *keys*."""
    timestamp = str(int(at.timestamp()))
    signed = f"{event}.{timestamp}.".encode() + body
    marks = [base64.b64encode(hmac.digest(one, signed, "sha256")).decode() for one in keys]
    return {
        "webhook-id": event,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }
