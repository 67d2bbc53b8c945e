"""Keep channels as their definitions say, and try them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from broadsheet.access.reach import place_where_allowed, thing
from broadsheet.access.sealed import seal, unseal
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.differences import difference
from broadsheet.core.document.loading import DefinitionError, Loaded, Problem, dump
from broadsheet.core.policy import Actor, require, require_somewhere
from broadsheet.delivery import claims
from broadsheet.delivery.channel_definition import ChannelDefinition, channel_from
from broadsheet.delivery.errors import UnknownChannel
from broadsheet.delivery.limits import BreakerDefinition, Limits
from broadsheet.delivery.models import Delivery, StoredChannel
from broadsheet.delivery.ports import CHANNELS
from broadsheet.delivery.queries import channels
from broadsheet.keyring import Unsealable
from broadsheet.runs.models import Occurrence

Change = Literal["added", "changed", "same"]


@transaction.atomic
def save_channel(actor: Actor, loaded: Loaded, *, now: datetime, secrets: Mapping[str, str] | None = None) -> Change:
    """A channel as *loaded* says; *secrets* replaces those given and keeps the others. Raises DefinitionError."""
    require_somewhere(actor, "channel.edit")
    definition = channel_from(loaded)
    settings = dict(definition.settings)
    found = StoredChannel.objects.filter(organization_id=actor.organization_id, name=loaded.name).first()
    if found is not None:
        require(actor, "channel.edit", thing(actor, "channel", found.pk, found.name))
    wanted = (definition.kind, definition.label, settings, _plain(definition.limits), _plain(definition.breaker))
    if found is not None and _kept(found) == wanted and not secrets:
        return "same"
    if found is not None and (problem := _sent_elsewhere(actor, found, definition, loaded, given=secrets or {})):
        raise DefinitionError([problem])
    before = dump("channel", found.name, channel_data(found)) if found else ""
    channel = found or StoredChannel(organization_id=actor.organization_id, name=loaded.name)
    purpose = purpose_of(actor.organization_id, loaded.name)
    if secrets:
        channel.sealed = seal({**unseal(channel.sealed, purpose=purpose), **secrets}, purpose=purpose)
    if found is None or _kept(found)[:3] != wanted[:3] or secrets:
        channel.ok, channel.verdict, channel.checked_at = None, "", None
    raised = found is not None and found.limits != wanted[3]
    channel.kind, channel.label, channel.settings, channel.limits, channel.breaker = wanted
    channel.updated_at = now
    channel.save()
    if raised:
        bring_forward(channel, "limit")
    if found is None:
        place_where_allowed(actor, "channel.edit", "channel", channel.pk)
    changed = difference(before, dump("channel", loaded.name, loaded.data))
    record(
        actor, "channel.saved", loaded.name, now=now, kind=channel.kind, changed=changed, secrets=sorted(secrets or ())
    )
    return "added" if found is None else "changed"


def _kept(channel: StoredChannel) -> tuple[object, ...]:
    return channel.kind, channel.label, channel.settings, channel.limits, channel.breaker


def _plain(part: Limits | BreakerDefinition) -> dict[str, Any]:
    plain: dict[str, Any] = part.model_dump(mode="json", exclude_defaults=True)
    return plain


def bring_forward(channel: StoredChannel, kind: str) -> int:
    """What waits for the channel's breaker or limit (*kind*) is looked at again at once; how many there are."""
    waiting = Delivery.objects.filter(channel=channel, waits_for=kind, state__in=claims.OPEN)
    runs = set(waiting.values_list("occurrence_id", flat=True))
    number = waiting.update(next_try_at=None)
    sleeping = Occurrence.objects.filter(pk__in=runs, finished_at__isnull=True, wake_at__isnull=False, owner="")
    sleeping.update(wake_at=None)
    return number


def _sent_elsewhere(
    actor: Actor, found: StoredChannel, definition: ChannelDefinition, loaded: Loaded, *, given: Mapping[str, str]
) -> Problem | None:
    """What is wrong where kept secrets would go to another place than they were entered for: secrets are shown to nobody, and
    whoever names their own server would read them there. The machine's owner may."""
    before, after = found.settings, definition.settings
    moved = [
        ("settings", one.name)
        for one in CHANNELS.get(definition.kind).descriptor.settings
        if one.place and str(before.get(one.name, one.default)) != str(after.get(one.name, one.default))
    ]
    paths = [("kind",)] if found.kind != definition.kind else moved
    if not paths or not found.sealed or actor.user_id is None:
        return None
    try:
        kept = sorted(set(secrets_of(found)) - set(given))
    except Unsealable:  # their key is gone, so they go nowhere
        kept = []
    if not kept:
        return None
    fix = "Change it in Settings, and enter it anew there."
    return loaded.problem(paths[0], f"The {' and '.join(kept)} was entered for another place.", fix)


def check_channel(actor: Actor, name: str, *, now: datetime) -> StoredChannel:
    """Try the channel's settings without sending anything; the channel with its fresh verdict."""
    channel = channel_to_edit(actor, name)
    verdict = CHANNELS.get(channel.kind).check(channel.settings, secrets=secrets_of(channel))
    channel.ok, channel.verdict = verdict.ok, f"{verdict.message} {verdict.fix}".strip()
    channel.checked_at = now
    channel.save(update_fields=["ok", "verdict", "checked_at"])
    record(actor, "channel.checked", name, now=now, ok=verdict.ok)
    return channel


def channel_to_edit(actor: Actor, name: str) -> StoredChannel:
    """The channel called *name*, which *actor* may change. Raises UnknownChannel, Refused."""
    channel = channels(actor, "channel.edit").filter(name=name).first()
    if channel is None:
        raise UnknownChannel(f"There is no channel “{name}” that you may change. Look at the list of channels.")
    return channel


def channel_data(channel: StoredChannel) -> dict[str, Any]:
    """What its definition file says, without its name."""
    said = {
        "kind": channel.kind, "label": channel.label, "settings": channel.settings, "limits": channel.limits,
        "breaker": channel.breaker,
    }  # fmt: skip
    return {key: value for key, value in said.items() if value}


def secrets_of(channel: StoredChannel) -> dict[str, str]:
    """The channel's secrets, for the moment of their use."""
    return unseal(channel.sealed, purpose=purpose_of(channel.organization_id, channel.name))


def purpose_of(organization_id: int, name: str) -> str:
    """What a channel's secrets are bound to."""
    return f"channel:{organization_id}:{name}"
