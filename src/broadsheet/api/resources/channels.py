"""Where reports go. Secrets go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import SecretStr

from broadsheet.delivery import queries
from broadsheet.delivery.actions.channels import check_channel, save_channel
from broadsheet.delivery.actions.gates import let_through
from broadsheet.delivery.errors import UnknownChannel
from broadsheet.delivery.models import StoredChannel
from broadsheet.delivery.standing import Standing, standings

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..paging import Page, Paging, page
from ..telling import told
from .sources import BY_NAME

router = Router()


class UseShape(Schema):
    """One limit, and what is left of it now."""

    domain: str = Field(description="Of recipients' addresses; empty: the channel's own.", examples=["example.com"])
    per: str = Field(description="minute, hour, day, or at_once.", examples=["hour"])
    most: int
    used: int
    left: int


class StandingShape(Schema):
    """How the channel stands at this moment."""

    breaker: str = Field(description="closed; open: it fails and is left alone; half-open: it is being tried.")
    since: datetime | None = Field(description="When it opened; null while it is closed.")
    trial_at: datetime | None = Field(description="When one delivery tries it again.")
    failed_trials: int
    last_word: str = Field(description="What it said last, while it is not closed.")
    limits: list[UseShape]
    limited: int = Field(description="Deliveries that wait for a limit.")
    left_alone: int = Field(description="Deliveries that wait for the breaker.")


class ChannelShape(Schema):
    """A configured destination."""

    name: str = Field(examples=["mail"])
    label: str
    kind: str = Field(description="Id of an installed channel.", examples=["email"])
    settings: dict[str, Any]
    limits: dict[str, Any] = Field(description="How much may go through it, as defined.", examples=[{"per_hour": 1000}])
    breaker: dict[str, Any] = Field(description="When it is left alone, as defined; what is not here is as usual.")
    standing: StandingShape
    has_secrets: bool
    ok: bool | None = Field(description="The last check's verdict; null: not checked since it was changed.")
    verdict: str
    checked_at: datetime | None
    updated_at: datetime


class ChannelDefinitionBody(Definition):
    secrets: dict[str, SecretStr] = Field({}, description="By name. Those given are replaced, others stay.")


def facts(one: StoredChannel) -> dict[str, Any]:
    """One channel, read with its gate."""
    return _facts(one, standings([one])[one.pk])


def _facts(one: StoredChannel, standing: Standing) -> dict[str, Any]:
    return {
        "name": one.name, "label": one.label, "kind": one.kind, "settings": one.settings, "limits": one.limits,
        "breaker": one.breaker, "standing": standing,
        "has_secrets": bool(one.sealed), "ok": one.ok, "verdict": one.verdict, "checked_at": one.checked_at,
        "updated_at": one.updated_at,
    }  # fmt: skip


@router.get(
    "/channels", **told("listChannels", "List channels", permission="channel.read", response=Page[ChannelShape])
)
def list_channels(request: HttpRequest, paging: Query[Paging]) -> object:
    """Channels by name."""
    shown: list[StoredChannel] = []
    answer = page(queries.channels(asker(request)), paging, order=BY_NAME, shape=shown.append)
    stands = standings(shown)
    return {**answer, "items": [_facts(one, stands[one.pk]) for one in shown]}


@router.get(
    "/channels/{slug:name}", **told("getChannel", "Get a channel", permission="channel.read", response=ChannelShape)
)
def get_channel(request: HttpRequest, name: str) -> object:
    """One channel."""
    found = queries.channels(asker(request)).filter(name=name).first()
    if found is None:
        raise UnknownChannel(f"There is no channel “{name}” here. Look at the list of channels.")
    return facts(found)


@router.put("/channels/{slug:name}", **told("putChannel", "Define a channel", permission="channel.edit", response=Kept))
def put_channel(request: HttpRequest, name: str, body: ChannelDefinitionBody) -> object:
    """Adds it, or makes it what the definition says. Nothing is sent: check it afterwards."""
    document = loaded("channel", name, body)
    secrets = {key: value.get_secret_value() for key, value in body.secrets.items()}
    effect = save_channel(asker(request), document, now=timezone.now(), secrets=secrets)
    return {"kind": "channel", "name": name, "effect": effect}


@router.post(
    "/channels/{slug:name}/check",
    **told("checkChannel", "Check a channel", permission="channel.edit", response=ChannelShape),
)
def check(request: HttpRequest, name: str) -> object:
    """Tries its settings without sending anything. The verdict is kept."""
    return facts(check_channel(asker(request), name, now=timezone.now()))


@router.post(
    "/channels/{slug:name}/let-through",
    **told("letChannelThrough", "Let a channel through", permission="channel.edit", response=ChannelShape),
)
def let(request: HttpRequest, name: str) -> object:
    """Closes the breaker of a channel that is left alone since it failed: what waits for it is tried now. Where it is
    closed already, nothing is changed."""
    actor = asker(request)
    let_through(actor, name, now=timezone.now())
    return facts(queries.channels(actor, "channel.edit").get(name=name))
