"""Roles of the organization's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from broadsheet.access.definitions import RoleFile, role_from
from broadsheet.access.errors import Conflict, OwnersOnly, UnknownRole
from broadsheet.access.giving import require_all, require_on_each
from broadsheet.access.models import GrantedRole, Membership, Role
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.loading import Loaded
from broadsheet.core.policy import Actor, require

Change = Literal["added", "changed", "same"]


@transaction.atomic
def save_role(actor: Actor, loaded: Loaded, *, now: datetime) -> Change:
    """A role as *loaded* says. Raises DefinitionError; Refused; OwnersOnly for one that carries more than the actor has."""
    require(actor, "role.edit")
    wanted = role_from(loaded)
    require_all(actor, frozenset(wanted.permissions), f"The role “{loaded.name}”")
    mine = Role.objects.select_for_update().filter(organization_id=actor.organization_id, name=loaded.name)
    found = mine.first()
    before = role_data(found) if found else {}
    role = found or Role(organization_id=actor.organization_id, name=loaded.name)
    role.label, role.description = wanted.label, wanted.description
    role.permissions, role.conditions = sorted(set(wanted.permissions)), _conditions(wanted)
    after = role_data(role)
    if found is not None and before == after:
        return "same"
    if found is not None:
        _require_to_change(actor, found, before, after)
    role.updated_at = now
    role.save()
    record(actor, "role.saved", loaded.name, now=now, before=before, after=after)
    return "added" if found is None else "changed"


def _require_to_change(actor: Actor, role: Role, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Raise OwnersOnly where the role as it was, or where it is granted, is beyond *actor*, or holds them to conditions."""
    ruling = ("permissions", "conditions")
    if all(before.get(key) == after.get(key) for key in ruling):
        return
    what = f"The role “{role.name}”"
    require_all(actor, frozenset(before["permissions"]), what)
    if role.name == actor.role and before.get("conditions"):
        raise OwnersOnly(f"{what} is your own, and holds under conditions. Ask an owner to change it.")
    rows = GrantedRole.objects.filter(organization_id=actor.organization_id, role=role.name)
    require_on_each(actor, rows, {role.name: frozenset(role.permissions)}, what)


@transaction.atomic
def remove_role(actor: Actor, name: str, *, now: datetime) -> None:
    """Raises UnknownRole, and Conflict while somebody has it."""
    require(actor, "role.edit")
    # Locked, as whoever gives it locks it: else it could be given while it goes.
    found = Role.objects.select_for_update().filter(organization_id=actor.organization_id, name=name).first()
    if found is None:
        raise UnknownRole(f"There is no role “{name}” of your own here. Look at the list of roles.")
    held = Membership.objects.filter(organization_id=actor.organization_id, role=name).count()
    given = GrantedRole.objects.filter(organization_id=actor.organization_id, role=name).count()
    if held or given:
        said = f"{held} members have the role “{name}”, and {given} grants give it."
        raise Conflict(f"{said} Give them another role first.")
    record(actor, "role.removed", name, now=now, before=role_data(found))
    found.delete()


def role_data(role: Role) -> dict[str, Any]:
    """What its definition file says, without its name."""
    said = {
        "label": role.label,
        "description": role.description,
        "permissions": role.permissions,
        "conditions": role.conditions,
    }
    return {key: value for key, value in said.items() if value}


def _conditions(wanted: RoleFile) -> list[dict[str, Any]]:
    return [one.model_dump(mode="json", by_alias=True, exclude_defaults=True) for one in wanted.conditions]
