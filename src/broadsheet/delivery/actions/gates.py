"""A channel that is left alone, and one that works again: who is told, and what goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from broadsheet.access.queries import owners
from broadsheet.collaboration import channel_back, channel_out
from broadsheet.collaboration.actions.notify import notify
from broadsheet.collaboration.channel_back import ChannelBack
from broadsheet.collaboration.channel_out import ChannelOut
from broadsheet.compliance.actions.record import record
from broadsheet.core.lifecycle.breaker import Breaker
from broadsheet.core.policy import Actor
from broadsheet.delivery import gate
from broadsheet.delivery.actions.channels import bring_forward, channel_to_edit
from broadsheet.delivery.claims import OPEN
from broadsheet.delivery.models import Delivery, StoredChannel
from broadsheet.delivery.models.delivery import TAKEN_OVER
from broadsheet.delivery.queries import open_through


@transaction.atomic
def turned(channel: StoredChannel, turn: gate.Turn, *, now: datetime) -> None:
    """The breaker opened or closed. Owners are told once when it opens, however many deliveries wait, and once when it works
    again by itself; those of schedules that wait, too."""
    if turn.lasted is None:
        _tell_out(channel, now=now)
    else:
        _tell_back(channel, turn.lasted, now=now)
        bring_forward(channel, "breaker")


def _tell_out(channel: StoredChannel, *, now: datetime) -> None:
    stored = gate.gate_of(StoredChannel.objects.select_related("gate").get(pk=channel.pk))
    found = open_through(channel)
    told = ChannelOut(channel.name, str(channel), stored.last_word if stored else "", found.count())
    _tell(channel, found, channel_out.KIND, told.stored(), now=now)


def _tell_back(channel: StoredChannel, lasted: timedelta, *, now: datetime) -> None:
    """What ended meanwhile is counted from when the breaker opened; the failures that opened it are others."""
    waiting = Delivery.objects.filter(channel=channel, waits_for="breaker", state__in=OPEN)
    ended = Delivery.objects.filter(channel=channel, state__in=TAKEN_OVER, settled_at__gte=now - lasted)
    over = ended.filter(Q(fallback__isnull=False) | Q(shared_fallback__isnull=False)).count()
    told = ChannelBack(
        channel.name, str(channel), lasted.total_seconds(), waiting.count(), over, ended.count() - over
    )  # fmt: skip
    _tell(channel, waiting | ended, channel_back.KIND, told.stored(), now=now)


def _tell(
    channel: StoredChannel, concerned: QuerySet[Delivery], kind: str, data: dict[str, Any], *, now: datetime
) -> None:
    schedules = set(concerned.order_by().values_list("occurrence__schedule__owner_id", flat=True).distinct())
    people = owners(channel.organization_id) | {one for one in schedules if one is not None}
    notify(channel.organization_id, people, kind=kind, data=data, link=f"/settings/channels/#{channel.name}", now=now)


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
