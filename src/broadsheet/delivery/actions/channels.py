"""Keep channels as their definitions say, and try them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from django.db import transaction

from broadsheet.access.sealed import seal, unseal
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.loading import Loaded
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.delivery.channel_definition import channel_from
from broadsheet.delivery.errors import UnknownChannel
from broadsheet.delivery.models import StoredChannel
from broadsheet.delivery.ports import CHANNELS

Change = Literal["added", "changed", "same"]


@transaction.atomic
def save_channel(actor: Actor, loaded: Loaded, *, now: datetime, secrets: Mapping[str, str] | None = None) -> Change:
    """A channel as *loaded* says; *secrets* replaces those given and keeps the others. Raises DefinitionError."""
    require(actor, "channel.edit")
    definition = channel_from(loaded)
    settings = dict(definition.settings)
    found = StoredChannel.objects.filter(organization_id=actor.organization_id, name=loaded.name).first()
    wanted = (definition.kind, definition.label, settings)
    if found is not None and (found.kind, found.label, found.settings) == wanted and not secrets:
        return "same"
    channel = found or StoredChannel(organization_id=actor.organization_id, name=loaded.name)
    purpose = purpose_of(actor.organization_id, loaded.name)
    if secrets:
        channel.sealed = seal({**unseal(channel.sealed, purpose=purpose), **secrets}, purpose=purpose)
    channel.kind, channel.label, channel.settings = wanted
    channel.ok, channel.verdict, channel.checked_at, channel.updated_at = None, "", None, now
    channel.save()
    record(actor, "channel.saved", loaded.name, now=now, kind=channel.kind)
    return "added" if found is None else "changed"


def check_channel(actor: Actor, name: str, *, now: datetime) -> StoredChannel:
    """Try the channel's settings without sending anything; the channel with its fresh verdict."""
    require(actor, "channel.edit")
    channel = StoredChannel.objects.filter(organization_id=actor.organization_id, name=name).first()
    if channel is None:
        raise UnknownChannel(f"There is no channel “{name}”. Look at the list of channels.")
    verdict = CHANNELS.get(channel.kind).check(channel.settings, secrets=secrets_of(channel))
    channel.ok, channel.verdict = verdict.ok, f"{verdict.message} {verdict.fix}".strip()
    channel.checked_at = now
    channel.save(update_fields=["ok", "verdict", "checked_at"])
    record(actor, "channel.checked", name, now=now, ok=verdict.ok)
    return channel


def secrets_of(channel: StoredChannel) -> dict[str, str]:
    """The channel's secrets, for the moment of their use."""
    return unseal(channel.sealed, purpose=purpose_of(channel.organization_id, channel.name))


def purpose_of(organization_id: int, name: str) -> str:
    """What a channel's secrets are bound to."""
    return f"channel:{organization_id}:{name}"
