"""Send a small message through a channel to whoever asks: outside of any run, so nothing of it is in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import format_html

from broadsheet.access.queries import organization_of
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.delivery.actions.channels import channel_to_edit, secrets_of
from broadsheet.delivery.errors import DeliveryError
from broadsheet.delivery.models import StoredChannel
from broadsheet.delivery.ports import CHANNELS, Attachment, Outgoing, Receipt
from broadsheet.delivery.trial import trial_id

UNTESTED = frozenset({"portal"})  # its inbox shows deliveries alone, and a test is none


def can_test(kind: str) -> bool:
    """Whether a message through a channel of that kind leaves something to look at."""
    return kind not in UNTESTED


def send_test(actor: Actor, name: str, *, address: str, recipient: str, clock: Callable[[], datetime]) -> Receipt:
    """One try of the channel *name* with a message to *address*, the asker's own; what became of it.

    Raises UnknownChannel; DeliveryError for a channel that cannot be tested so.
    """
    channel = channel_to_edit(actor, name)
    if not can_test(channel.kind):
        raise DeliveryError(f"“{channel}” shows deliveries alone. Run a schedule that sends to you through it.")
    now = clock()
    message = _message(actor, channel, address=address, recipient=recipient, now=now)
    receipt = CHANNELS.get(channel.kind).send(
        message, settings=channel.settings, secrets=secrets_of(channel), clock=clock, handing_over=lambda: None
    )
    record(actor, "channel.tested", name, now=clock(), state=receipt.state, to=address)
    return receipt


def _message(actor: Actor, channel: StoredChannel, *, address: str, recipient: str, now: datetime) -> Outgoing:
    organization = organization_of(actor)
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    told = f"This is a test of the channel “{channel}” of {organization}, asked for by {actor.name}."
    more = "Reports that are sent through it arrive the same way."
    html = format_html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Test</title></head>'
        "<body><p>{}</p><p>{}</p></body></html>",
        told, more,
    )  # fmt: skip
    return Outgoing(
        message_id=trial_id(actor.organization_id, host=host),
        recipient_name=recipient,
        recipient_address=address,
        subject=f"Test of the channel “{channel}”",
        text=f"{told}\n\n{more}\n",
        html=html,
        language="en",
        made_at=now,
        attachments=(Attachment("broadsheet-test.txt", "text/plain", f"{told}\n".encode()),),
        organization=organization.slug,
        report="test",
        schedule="test",
        occurrence_id="test",
        fire_at=now,
        recipient_key=f"user-{actor.user_id}" if actor.user_id else "system",
        period_text="",
        kind="test",
    )
