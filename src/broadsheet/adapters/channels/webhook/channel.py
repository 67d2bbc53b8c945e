"""A signed call to an address, settled by its status.

Each try has the same ``webhook-id``, by which the receiver knows a repetition (Standard Webhooks), so a try whose end is
unknown is simply made again. 2xx is accepted; 408, 425, 429 and 5xx may be tried again, later if it says so; everything
else is final, redirects included: they could lead the content anywhere. All of a channel's calls go to one address, so an
answer that does not depend on the content (5xx, 429, who we are, where we call) is one to all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from broadsheet.adapters.outbound import Client, Denied, OutboundError, Reply
from broadsheet.adapters.outbound.client import SECONDS, checked
from broadsheet.adapters.outbound.errors import TookTooLong
from broadsheet.delivery.ports import Line, Outgoing, Receipt, Verdict
from broadsheet.plugins import Descriptor, Setting

from . import event, signing

INLINE_MEGABYTES = 5.0
MOST_WAIT_SECONDS = 24 * 3600.0  # a receiver may ask for a day, not for a year
QUOTED = 200  # signs of the answer that are kept as proof
AGAIN = frozenset({408, 425, 429})
WHOLE = frozenset({301, 302, 303, 307, 308, 401, 403, 404, 405, 407, 410, 429})  # the next call would be answered alike
MEGABYTE = 1_000_000


class WebhookChannel:
    descriptor = Descriptor(
        id="webhook",
        label="Webhook",
        summary="A signed call to an address, with the files inside.",
        settings=(
            Setting("url", "Address", required=True, help="Begins with https://."),
            Setting("secret", "Signing secret", required=True, secret=True, help="whsec_ and base64"),
            Setting("secret_before", "Signing secret before", secret=True, help="Signs too while you change secrets."),
            Setting("inline_megabytes", "Files inside up to, MB", kind="number", default=INLINE_MEGABYTES),
            Setting("seconds", "Longest call, seconds", kind="number", default=SECONDS),
        ),
        capabilities=frozenset({"attachments", "links"}),
    )

    def __init__(self, client: Client | None = None) -> None:
        self._client = client or Client()

    def idempotent(self, settings: Mapping[str, object]) -> bool:
        return True

    def check(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> Verdict:
        url = str(settings.get("url") or "")
        try:
            _keys(secrets)
            self._client.probe(url, seconds=_number(settings, "seconds", SECONDS))
        except (ValueError, Denied) as error:
            return Verdict(False, str(error), "Correct it in the channel’s settings.")
        except OutboundError as error:
            return Verdict(False, str(error), "Check the address, and whether its server is up.")
        return Verdict(True, f"{_host(url)} answers. Nothing was sent.")

    def send(
        self,
        outgoing: Outgoing,
        *,
        settings: Mapping[str, object],
        secrets: Mapping[str, str],
        clock: Callable[[], datetime],
        handing_over: Callable[[], None],
    ) -> Receipt:
        url = str(settings.get("url") or "")
        try:
            keys = _keys(secrets)
            seconds = _number(settings, "seconds", SECONDS)
            inline = int(_number(settings, "inline_megabytes", INLINE_MEGABYTES) * MEGABYTE)
            body = event.body(outgoing, inline_bytes=inline)
        except event.TooLarge as error:
            return Receipt("failed", str(error))
        except ValueError as error:
            return Receipt("failed", str(error), whole=True)
        at = clock()
        name = signing.event_id(outgoing.message_id)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Broadsheet",
            **signing.headers(body, event=name, at=at, keys=keys),
        }
        try:
            talk = [Line(at, "we", f"POST to {_host(url)}, {len(body)} bytes, signed, as {name}")]
            reply = self._client.request(
                "POST", url, headers=headers, content=body, seconds=seconds, before_write=handing_over
            )
        except Denied as error:
            return Receipt("failed", str(error), whole=True)
        except OutboundError as error:
            late = isinstance(error, TookTooLong)
            told = (*talk, Line(clock(), "we", str(error)))
            return Receipt("retry", str(error), told, cause="timeout" if late else "connection")
        heard_at = clock()
        proof = _quoted(reply, tuple(secrets.values()))
        talk.append(Line(heard_at, "they", proof))
        state, proof = _settled(reply, proof)
        return Receipt(
            state, proof, tuple(talk), _wait(reply, heard_at), cause="temporary" if state == "retry" else "",
            whole=reply.status in WHOLE or reply.status >= 500,
        )  # fmt: skip


def _settled(reply: Reply, proof: str) -> tuple[Literal["accepted", "retry", "failed"], str]:
    if 200 <= reply.status < 300:
        return "accepted", proof
    if reply.status in AGAIN or reply.status >= 500:
        return "retry", proof
    if 300 <= reply.status < 400:
        return "failed", f"{proof}: a redirect, which is not followed. Enter the final address."
    if reply.status == 410:
        return "failed", f"{proof}: the receiver wants no more of these. Remove the channel, or ask for a new address."
    return "failed", proof


def _quoted(reply: Reply, secrets: tuple[str, ...]) -> str:
    """The status and the beginning of the answer on one line, without a secret that it may echo."""
    text = reply.body.decode("utf-8", "replace")
    for secret in secrets:
        text = text.replace(secret, "•••") if secret else text
    return " ".join(f"{reply.status} {text}".split())[: QUOTED + 4]


def _wait(reply: Reply, now: datetime) -> float:
    """Seconds that the receiver asks to wait (RFC 9110, 10.2.3), at most a day; 0 when it says nothing."""
    said = reply.headers.get("retry-after", "").strip()
    try:
        seconds = (
            float(said) if said.isascii() and said.isdigit() else (parsedate_to_datetime(said) - now).total_seconds()
        )
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), MOST_WAIT_SECONDS)


def _keys(secrets: Mapping[str, str]) -> tuple[bytes, ...]:
    """The keys that sign, new one first. Raises WrongSecret."""
    before = secrets.get("secret_before")
    return (signing.key(secrets.get("secret") or ""), *((signing.key(before),) if before else ()))


def _number(settings: Mapping[str, object], name: str, default: float) -> float:
    """A setting above 0. Raises ValueError."""
    said = settings.get(name)
    try:
        number = default if said is None or said == "" else float(str(said))
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise ValueError(f"“{name}” must be a number above 0.")
    return number


def _host(url: str) -> str:
    """Scheme, host and port alone: path and query may be secrets. Raises Denied."""
    where = checked(url)
    return f"{where.scheme}://{where.netloc.decode('ascii')}"


CHANNEL = WebhookChannel()
