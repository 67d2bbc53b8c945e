"""Workspaces, and who has which role on a single thing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from broadsheet.access import rosters
from broadsheet.access.actions.grants import grants_on, key_of, save_grants
from broadsheet.access.actions.workspaces import remove_workspace, save_workspace, workspace_data
from broadsheet.access.definitions import grants_name
from broadsheet.access.models import Workspace

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..paging import Page, Paging, page
from ..telling import told
from .sources import BY_NAME

router = Router()
Kind = Literal["workspace", "report", "dataset", "channel", "schedule"]


class WorkspaceShape(Schema):
    """A room for reports, datasets and channels."""

    name: str = Field(examples=["board"])
    label: str
    description: str
    open: bool = Field(description="Whether roles in the organization count in it; in a closed one, grants alone do.")
    updated_at: datetime


class WorkspaceWhole(WorkspaceShape):
    """With what stands in it and is within the asker's reach."""

    reports: list[str]
    datasets: list[str]
    channels: list[str]


class GrantShape(Schema):
    """Either a person or a team; the other is empty."""

    person: str = Field(description="Mail address of a member.")
    team: str
    role: str = Field(examples=["viewer"])


class GrantsOn(Schema):
    """Who has which role on one thing, whatever their role in the organization is."""

    kind: Kind
    name: str = Field(examples=["purchases"])
    to: list[GrantShape]


def facts(one: Workspace) -> dict[str, Any]:
    return {
        "name": one.name, "label": one.label, "description": one.description, "open": one.open,
        "updated_at": one.updated_at,
    }  # fmt: skip


@router.get(
    "/workspaces",
    **told("listWorkspaces", "List workspaces", permission="report.read", response=Page[WorkspaceShape]),
)
def list_workspaces(request: HttpRequest, paging: Query[Paging]) -> object:
    """Workspaces by name: open ones, closed ones in which the asker has a role, and all for `workspace.all`."""
    return page(rosters.workspaces(asker(request)), paging, order=BY_NAME, shape=facts)


@router.get(
    "/workspaces/{slug:name}",
    **told("getWorkspace", "Get a workspace", permission="report.read", response=WorkspaceWhole),
)
def get_workspace(request: HttpRequest, name: str) -> object:
    """One workspace, with what stands in it."""
    actor = asker(request)
    found = rosters.workspace(actor, name)
    return {**facts(found), "reports": [], "datasets": [], "channels": [], **_stands(workspace_data(actor, found))}


@router.put(
    "/workspaces/{slug:name}",
    **told("putWorkspace", "Define a workspace", permission="workspace.edit", response=Kept, conflict=True),
)
def put_workspace(request: HttpRequest, name: str, body: Definition) -> object:
    """Adds it, or makes it what the definition says. What the asker does not reach stays where it stands. What is named
    must be within reach: its kind's read permission is needed too."""
    effect = save_workspace(asker(request), loaded("workspace", name, body), now=timezone.now())
    return {"kind": "workspace", "name": name, "effect": effect}


@router.delete(
    "/workspaces/{slug:name}",
    **told("removeWorkspace", "Remove a workspace", permission="workspace.edit", response={204: None}, conflict=True),
)
def delete_workspace(request: HttpRequest, name: str) -> Status[None]:
    """What stood in it stays. A closed one must be empty, since what stood in it would be open to all."""
    remove_workspace(asker(request), name, now=timezone.now())
    return Status(204, None)


@router.get(
    "/grants/{kind}/{slug:name}",
    **told("getGrants", "Get the roles on a thing", permission="person.read report.read", response=GrantsOn),
)
def get_grants(request: HttpRequest, kind: Kind, name: str) -> object:
    """Who has which role on it. On a dataset, channel or schedule, `source.read`, `channel.read` or `schedule.read` is
    needed in place of `report.read`."""
    return {"kind": kind, "name": name, "to": grants_on(asker(request), kind, name)}


@router.put(
    "/grants/{kind}/{slug:name}",
    **told("putGrants", "Set the roles on a thing", permission="person.edit report.read", response=Kept),
)
def put_grants(request: HttpRequest, kind: Kind, name: str, body: Definition) -> object:
    """Exactly those that the definition says: whoever it does not name has none on it any more. `on` and `thing` may be
    left out, for the address says them. Nobody gives what they do not have themselves. The permission to read the thing
    is that of its kind."""
    actor = asker(request)
    key_of(actor, kind, name)  # what is not there is 404, as everywhere
    if isinstance(body.definition, dict):
        body = Definition(definition={"on": kind, "thing": name, **body.definition})
    named = grants_name(kind, name)
    return {
        "kind": "grants",
        "name": named,
        "effect": save_grants(actor, loaded("grants", named, body), now=timezone.now()),
    }


def _stands(data: dict[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in ("reports", "datasets", "channels") if key in data}
