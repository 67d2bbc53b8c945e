"""Signatures by the Standard Webhooks specification (standardwebhooks.com), version 1: HMAC-SHA256.

What is signed is ``<webhook-id>.<webhook-timestamp>.<body>``. While a secret is being changed, both the new and the old
one hold, so that the other side can change at any moment in between. Whether a call came before is the receiver's to know.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64  # as the specification has it
SECRET_BYTES = 32
WINDOW = timedelta(minutes=5)  # how far a timestamp may be from the receiver's clock, either way
LONGEST_ID = 200  # characters
MOST_SIGNATURES = 10  # of one call; a sender has two at most while a secret is changed
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_ID = re.compile(r"[!-\-/-~]+")  # printable, without blanks and without the full stop that parts what is signed
_SECONDS = re.compile(r"[0-9]{1,12}")


class WrongSecret(ValueError):
    """The secret cannot be used; the message says what one looks like, and nothing of this one."""


class NotGenuine(ValueError):
    """The call is not to be believed; the message says why, and how to sign, and nothing of the key."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A call that is genuine. ``id``: the same for every try of one message. ``at``: when this try was signed, aware."""

    id: str
    at: datetime


def fresh_secret() -> str:
    """A new signing secret, ``whsec_`` and base64 of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


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


def headers(body: bytes, *, event: str, at: datetime, keys: tuple[bytes, ...]) -> dict[str, str]:
    """The three headers of a call at *at* (aware), with one signature for each of *keys*."""
    timestamp = str(int(at.timestamp()))
    marks = [_mark(event, timestamp, body, one) for one in keys]
    return {ID: event, TIMESTAMP: timestamp, SIGNATURE: " ".join(f"v1,{mark}" for mark in marks)}


def verify(headers: Mapping[str, str], body: bytes, *, keys: Iterable[bytes], now: datetime) -> Signed:
    """The id and instant of a call that one of *keys* signed within `WINDOW` of *now*. *headers* by names in small
    letters; *body* as it came. Every signature is compared with every key in constant time. Raises NotGenuine."""
    name, timestamp, given = (headers.get(one, "").strip() for one in (ID, TIMESTAMP, SIGNATURE))
    missing = [one for one, value in ((ID, name), (TIMESTAMP, timestamp), (SIGNATURE, given)) if not value]
    if missing:
        raise NotGenuine(f"The call has no {' and no '.join(missing)}. Sign it as Standard Webhooks has it.")
    if len(name) > LONGEST_ID or not _ID.fullmatch(name):
        raise NotGenuine(f"{ID} must be at most {LONGEST_ID} printable characters without blanks and full stops.")
    if not _SECONDS.fullmatch(timestamp):
        raise NotGenuine(f"{TIMESTAMP} must be whole seconds since 1970.")
    away = int(timestamp) - int(now.timestamp())
    if abs(away) > WINDOW.total_seconds():
        side = "ahead of" if away > 0 else "behind"
        raise NotGenuine(f"The call was signed {abs(away)} s {side} this clock. Sign each try anew, and set the clock.")
    marks = [one.partition(",")[2] for one in given.split()[:MOST_SIGNATURES] if one.startswith("v1,")]
    expected = [_mark(name, timestamp, body, one).encode() for one in keys]
    fits = [hmac.compare_digest(one, mark.encode("utf-8", "replace")) for one in expected for mark in marks]
    if not any(fits):
        raise NotGenuine("No signature of the call fits. Sign “id.timestamp.body” with the secret of this address.")
    return Signed(name, datetime.fromtimestamp(int(timestamp), UTC))


def _mark(event: str, timestamp: str, body: bytes, key: bytes) -> str:
    signed = f"{event}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
