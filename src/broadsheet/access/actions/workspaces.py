"""Workspaces and what stands in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from broadsheet.access import reach
from broadsheet.access.definitions import WorkspaceFile, workspace_from
from broadsheet.access.errors import Conflict, UnknownThing
from broadsheet.access.models import GrantedRole, Placement, Workspace
from broadsheet.access.things import PLACED, READING, keys, names, things
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.loading import DefinitionError, Loaded
from broadsheet.core.policy import Actor, may_somewhere, require

Change = Literal["added", "changed", "same"]


@transaction.atomic
def save_workspace(actor: Actor, loaded: Loaded, *, now: datetime) -> Change:
    """A workspace as *loaded* says, with what stands in it: what the actor does not reach stays where it stands. Raises
    DefinitionError for what is not there, Conflict for a closed workspace that the actor has no role in, and Refused."""
    require(actor, "workspace.edit")
    wanted = workspace_from(loaded)
    placed = _placed(actor, loaded, wanted)
    found = Workspace.objects.filter(organization_id=actor.organization_id, name=loaded.name).first()
    if found is not None and not reach.workspaces(actor).filter(pk=found.pk).exists():
        said = f"There is a closed workspace “{loaded.name}” already, in which you have no role."
        raise Conflict(f"{said} Choose another name, or ask for a role in it.")
    before = workspace_data(actor, found) if found else {}
    room = found or Workspace(organization_id=actor.organization_id, name=loaded.name)
    room.label, room.description, room.open, room.updated_at = wanted.label, wanted.description, wanted.open, now
    room.save()
    kept = _standing(actor, room)
    for kind, key in kept - placed:
        room.placements.filter(kind=kind, object_id=key).delete()
    Placement.objects.bulk_create(Placement(workspace=room, kind=kind, object_id=key) for kind, key in placed - kept)
    after = workspace_data(actor, room)
    if found is not None and before == after:
        return "same"
    record(actor, "workspace.saved", loaded.name, now=now, before=before, after=after)
    return "added" if found is None else "changed"


@transaction.atomic
def remove_workspace(actor: Actor, name: str, *, now: datetime) -> None:
    """What stood in it alone is everybody's by their role afterwards; so a closed one must be empty. Raises UnknownThing,
    DefinitionError, Refused."""
    require(actor, "workspace.edit")
    found = reach.workspaces(actor).filter(name=name).first()
    if found is None:
        raise UnknownThing(f"There is no workspace “{name}” here. Look at the list of workspaces.")
    if not found.open and found.placements.exists():
        raise Conflict(f"“{name}” is closed and not empty: what stands in it would be open to all. Move it first.")
    record(actor, "workspace.removed", name, now=now, before=workspace_data(actor, found))
    GrantedRole.objects.filter(organization_id=actor.organization_id, kind="workspace", object_id=found.pk).delete()
    found.delete()


def workspace_data(actor: Actor, room: Workspace) -> dict[str, Any]:
    """What its definition file says, without its name: of what stands in it, what the actor reaches."""
    said: dict[str, Any] = {"label": room.label, "description": room.description}
    if not room.open:
        said["open"] = False
    for kind in _shown(actor):
        ids = room.placements.filter(kind=kind).values_list("object_id", flat=True)
        said[f"{kind}s"] = sorted(names(actor, kind, ids).values())
    return {key: value for key, value in said.items() if value or key == "open"}


def _shown(actor: Actor) -> list[str]:
    """Kinds of which the actor may see something at all."""
    return [kind for kind in PLACED if may_somewhere(actor, READING[kind])]


def _standing(actor: Actor, room: Workspace) -> set[tuple[str, int]]:
    """What stands in the workspace and is within the actor's reach."""
    stands = list(room.placements.values_list("kind", "object_id"))
    return {
        (kind, key) for kind in _shown(actor) for key in names(actor, kind, [one for of, one in stands if of == kind])
    }


def _placed(actor: Actor, loaded: Loaded, wanted: WorkspaceFile) -> set[tuple[str, int]]:
    problems, placed = [], set()
    for kind in PLACED:
        asked: tuple[str, ...] = getattr(wanted, f"{kind}s")
        if not asked:
            continue  # and so who may see no dataset still says which reports stand in it
        found = keys(actor, kind, asked)
        placed |= {(kind, key) for key in found.values()}
        known = list(things(actor, kind).values_list("name", flat=True)) if len(found) < len(set(asked)) else []
        problems += [
            loaded.problem((f"{kind}s", index), f"There is no {kind} “{one}”.", near(one, known))
            for index, one in enumerate(asked)
            if one not in found
        ]
    if problems:
        raise DefinitionError(problems)
    return placed
