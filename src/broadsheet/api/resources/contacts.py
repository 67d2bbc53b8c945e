"""Contacts: people who get reports and have no account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from broadsheet.access import rosters
from broadsheet.access.actions.teams import remove_contact, save_contact
from broadsheet.access.models import Contact

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..paging import Page, Paging, page
from ..telling import told
from .sources import BY_NAME

router = Router()


class ContactShape(Schema):
    """Somebody who gets reports and has no account. What is empty is as the schedule says."""

    name: str = Field(description="The key that the ledger knows them by.", examples=["alpenstrom"])
    label: str = Field(examples=["Alpenstrom AG"])
    address: str
    language: str = Field(description="BCP 47 tag.")
    zone: str = Field(description="IANA zone.")
    currency: str = Field(description="ISO 4217 code.")
    formats: list[str]
    attributes: dict[str, Any] = Field(description="What row rules and masks compare.", examples=[{"buyer_id": 12}])
    teams: list[str]
    active: bool = Field(description="Who is not active gets nothing.")
    updated_at: datetime


class Searching(Paging):
    q: str = Field("", max_length=200, description="Part of a name, label or address.")


def facts(one: Contact) -> dict[str, Any]:
    return {
        "name": one.name, "label": one.label, "address": one.address, "language": one.language, "zone": one.zone,
        "currency": one.currency, "formats": one.formats, "attributes": one.attributes,
        "teams": sorted(team.name for team in one.teams.all()), "active": one.active, "updated_at": one.updated_at,
    }  # fmt: skip


@router.get(
    "/contacts", **told("listContacts", "List contacts", permission="contact.read", response=Page[ContactShape])
)
def list_contacts(request: HttpRequest, asked: Query[Searching]) -> object:
    """Contacts by name, all or those that a text is part of."""
    return page(rosters.contacts(asker(request), text=asked.q.strip()), asked, order=BY_NAME, shape=facts)


@router.get(
    "/contacts/{slug:name}", **told("getContact", "Get a contact", permission="contact.read", response=ContactShape)
)
def get_contact(request: HttpRequest, name: str) -> object:
    """One contact. What they got stands in the ledger, under the same name."""
    return facts(rosters.contact(asker(request), name))


@router.put("/contacts/{slug:name}", **told("putContact", "Define a contact", permission="contact.edit", response=Kept))
def put_contact(request: HttpRequest, name: str, body: Definition) -> object:
    """Adds it, or makes it what the definition says. It stays in its teams."""
    effect = save_contact(asker(request), loaded("contact", name, body), now=timezone.now())
    return {"kind": "contact", "name": name, "effect": effect}


@router.delete(
    "/contacts/{slug:name}",
    **told("removeContact", "Remove a contact", permission="contact.edit", response={204: None}),
)
def delete_contact(request: HttpRequest, name: str) -> Status[None]:
    """What they got stays in the ledger."""
    remove_contact(asker(request), name, now=timezone.now())
    return Status(204, None)
