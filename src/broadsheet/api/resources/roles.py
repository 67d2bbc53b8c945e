"""Permissions, and the roles that carry them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from broadsheet.access import queries, rosters
from broadsheet.access.actions.roles import remove_role, save_role
from broadsheet.access.models import Role
from broadsheet.access.permissions import GROUPS
from broadsheet.core.policy.roles import GIVEN, permissions_of

from ..authentication import asker
from ..definition import Definition, Kept, loaded
from ..paging import Page, Paging, page
from ..telling import told
from .sources import BY_NAME

router = Router()


class Permission(Schema):
    """Something that somebody may do."""

    name: str = Field(examples=["report.export"])
    about: str = Field(description="What it is about, as pages group it.", examples=["Reports"])
    lets: str = Field(
        description="What it lets one do.", examples=["take a report away as a file, with one’s own rows"]
    )
    roles: list[str] = Field(description="Built-in roles that carry it.", examples=[["owner", "admin", "editor"]])


class RoleShape(Schema):
    """A role, built in or the organization's own."""

    name: str = Field(examples=["night-watch"])
    label: str
    description: str
    built_in: bool
    permissions: list[str] = Field(examples=[["report.read", "report.render"]])
    conditions: list[dict[str, Any]] = Field(
        description="As the definition file writes them; each holds back what it is about, unless all it says is so."
    )


class RoleWhole(RoleShape):
    members: int = Field(description="How many have it in the organization.")
    grants: int = Field(description="How many grants give it on a single thing.")


def facts(one: Role) -> dict[str, Any]:
    return {
        "name": one.name, "label": str(one), "description": one.description, "built_in": one.pk is None,
        "permissions": one.permissions, "conditions": one.conditions,
    }  # fmt: skip


@router.get("/permissions", **told("listPermissions", "List permissions", permission="", response=list[Permission]))
def list_permissions(request: HttpRequest) -> object:
    """All permissions that there are, in the order in which pages show them, each with what it lets one do."""
    return [
        {"name": name, "about": title, "lets": said, "roles": [role for role in GIVEN if name in permissions_of(role)]}
        for title, words in GROUPS
        for name, said in words.items()
    ]


@router.get("/roles", **told("listRoles", "List roles", permission="person.read", response=Page[RoleShape]))
def list_roles(request: HttpRequest, paging: Query[Paging]) -> object:
    """The organization's own roles by name. The built-in ones stand before them on the first page, and `limit` does not
    count them."""
    found = page(queries.roles(asker(request)), paging, order=BY_NAME, shape=facts)
    own: Any = found["items"]
    built_in = [] if paging.cursor else [facts(rosters.role(asker(request), name)) for name in GIVEN]
    return {**found, "items": [*built_in, *own]}


@router.get("/roles/{slug:name}", **told("getRole", "Get a role", permission="person.read", response=RoleWhole))
def get_role(request: HttpRequest, name: str) -> object:
    """One role, and how many have it."""
    actor = asker(request)
    found = rosters.role(actor, name)
    use = rosters.role_use(actor).get(name, rosters.Use(0, 0))
    return {**facts(found), "members": use.members, "grants": use.grants}


@router.put("/roles/{slug:name}", **told("putRole", "Define a role", permission="role.edit", response=Kept))
def put_role(request: HttpRequest, name: str, body: Definition) -> object:
    """Adds a role of the organization's own, or makes it what the definition says; it holds from the next request of
    whoever has it. Nobody makes a role that carries more than they have themselves."""
    effect = save_role(asker(request), loaded("role", name, body), now=timezone.now())
    return {"kind": "role", "name": name, "effect": effect}


@router.delete(
    "/roles/{slug:name}",
    **told("removeRole", "Remove a role", permission="role.edit", response={204: None}, conflict=True),
)
def delete_role(request: HttpRequest, name: str) -> Status[None]:
    """Only one of the organization's own that nobody has, and no grant gives."""
    remove_role(asker(request), name, now=timezone.now())
    return Status(204, None)
