"""A channel that is left alone, and one that works again: who is told, and what goes on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from broadsheet.access.queries import owners
from broadsheet.collaboration.actions.notify import notify
from broadsheet.collaboration.channel_out import KIND, ChannelOut
from broadsheet.compliance.actions.record import record
from broadsheet.core.lifecycle.breaker import Breaker
from broadsheet.core.policy import Actor
from broadsheet.delivery import gate
from broadsheet.delivery.actions.channels import bring_forward, channel_to_edit
from broadsheet.delivery.models import StoredChannel
from broadsheet.delivery.queries import open_through


@transaction.atomic
def turned(channel: StoredChannel, breaker: Breaker, *, now: datetime) -> None:
    """The breaker opened or closed. Owners are told once when it opens, however many deliveries wait."""
    if not breaker.is_open:
        bring_forward(channel, "breaker")
        return
    stored = gate.gate_of(StoredChannel.objects.select_related("gate").get(pk=channel.pk))
    found = open_through(channel)
    schedules = found.values_list("occurrence__schedule__owner_id", flat=True).distinct()
    told = ChannelOut(channel.name, str(channel), stored.last_word if stored else "", found.count())
    people = owners(channel.organization_id) | {one for one in schedules if one is not None}
    notify(
        channel.organization_id, people, kind=KIND, data=told.stored(), link=f"/settings/channels/#{channel.name}", now=now
    )  # fmt: skip


@transaction.atomic
def let_through(actor: Actor, name: str, *, now: datetime) -> bool:
    """Close the breaker of the channel called *name* by hand: what waits for it is tried now. False where it was closed.

    Raises UnknownChannel, Refused.
    """
    channel = channel_to_edit(actor, name)
    locked = gate.locked(channel)
    if not gate.breaker_of(locked).is_open:
        return False
    gate.keep(locked, Breaker())
    waiting = bring_forward(channel, "breaker")
    record(actor, "channel.let_through", name, now=now, waiting=waiting)
    return True
