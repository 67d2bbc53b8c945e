"""Teams: people who are reached and given rights together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from broadsheet.access import queries, rosters
from broadsheet.access.actions.teams import remove_team, save_team
from broadsheet.access.models import Team
from broadsheet.core.policy import Actor, may

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..paging import Page, Paging, page
from ..telling import told
from .sources import BY_NAME

router = Router()


class TeamShape(Schema):
    """People who are reached and given rights together."""

    name: str = Field(examples=["finance"])
    label: str
    description: str
    members: list[str] = Field(description="Mail addresses of members.", examples=[["ana@harbour.example"]])
    contacts: list[str] | None = Field(description="Names of contacts; null without `contact.read`.")
    updated_at: datetime


class Granted(Schema):
    """A role on one thing."""

    kind: str = Field(examples=["report"])
    name: str = Field(examples=["purchases"])
    role: str = Field(examples=["viewer"])


class TeamWhole(TeamShape):
    grants: list[Granted] = Field(description="Roles that it has on single things within the asker's reach.")


def facts(one: Team, actor: Actor) -> dict[str, Any]:
    seen = bool(may(actor, "contact.read"))
    return {
        "name": one.name, "label": one.label, "description": one.description, "updated_at": one.updated_at,
        "members": sorted(member.email for member in one.members.all()),
        "contacts": sorted(contact.name for contact in one.contacts.all()) if seen else None,
    }  # fmt: skip


@router.get("/teams", **told("listTeams", "List teams", permission="person.read", response=Page[TeamShape]))
def list_teams(request: HttpRequest, paging: Query[Paging]) -> object:
    """Teams by name, each with who is in it."""
    actor = asker(request)
    return page(queries.teams(actor), paging, order=BY_NAME, shape=lambda one: facts(one, actor))


@router.get("/teams/{slug:name}", **told("getTeam", "Get a team", permission="person.read", response=TeamWhole))
def get_team(request: HttpRequest, name: str) -> object:
    """One team with the roles that it has on single things."""
    actor = asker(request)
    found = rosters.team(actor, name)
    grants = [
        {"kind": kind, "name": thing, "role": role} for kind, thing, role in rosters.granted_to(actor, team=found)
    ]
    return {**facts(found, actor), "grants": grants}


@router.put("/teams/{slug:name}", **told("putTeam", "Define a team", permission="person.edit", response=Kept))
def put_team(request: HttpRequest, name: str, body: Definition) -> object:
    """Adds it, or makes it what the definition says: who is not named is in it no more."""
    effect = save_team(asker(request), loaded("team", name, body), now=timezone.now())
    return {"kind": "team", "name": name, "effect": effect}


@router.delete(
    "/teams/{slug:name}", **told("removeTeam", "Remove a team", permission="person.edit", response={204: None})
)
def delete_team(request: HttpRequest, name: str) -> Status[None]:
    """With all roles that were given to it. Its members stay members."""
    remove_team(asker(request), name, now=timezone.now())
    return Status(204, None)
