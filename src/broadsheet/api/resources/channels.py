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
from broadsheet.delivery.errors import UnknownChannel
from broadsheet.delivery.models import StoredChannel

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..paging import Page, Paging, page
from ..telling import told
from .sources import BY_NAME

router = Router()


class ChannelShape(Schema):
    """A configured destination."""

    name: str = Field(examples=["mail"])
    label: str
    kind: str = Field(description="Id of an installed channel.", examples=["email"])
    settings: dict[str, Any]
    has_secrets: bool
    ok: bool | None = Field(description="The last check's verdict; null: not checked since it was changed.")
    verdict: str
    checked_at: datetime | None
    updated_at: datetime


class ChannelDefinitionBody(Definition):
    secrets: dict[str, SecretStr] = Field({}, description="By name. Those given are replaced, others stay.")


def facts(one: StoredChannel) -> dict[str, Any]:
    return {
        "name": one.name, "label": one.label, "kind": one.kind, "settings": one.settings,
        "has_secrets": bool(one.sealed), "ok": one.ok, "verdict": one.verdict, "checked_at": one.checked_at,
        "updated_at": one.updated_at,
    }  # fmt: skip


@router.get(
    "/channels", **told("listChannels", "List channels", permission="channel.read", response=Page[ChannelShape])
)
def list_channels(request: HttpRequest, paging: Query[Paging]) -> object:
    """Channels by name."""
    return page(queries.channels(asker(request)), paging, order=BY_NAME, shape=facts)


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
