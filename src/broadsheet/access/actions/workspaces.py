"""Workspaces and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from broadsheet.access import reach
from broadsheet.access.definitions import WorkspaceFile, workspace_from
from broadsheet.access.errors import Conflict, OwnersOnly, UnknownThing
from broadsheet.access.giving import require_on
from broadsheet.access.models import GrantedRole, Placement, Workspace
from broadsheet.access.things import PLACED, READING, keys, names, things
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.loading import DefinitionError, Loaded
from broadsheet.core.policy import Actor, Thing, may, may_somewhere, require

Change = Literal["added", "changed", "same"]
ABOUT = {"report": ("report.", "schedule.", "delivery."), "dataset": ("source.",), "channel": ("channel.",)}
"""Beginnings of the permissions that say something about things of each kind."""


@transaction.atomic
def save_workspace(actor: Actor, loaded: Loaded, *, now: datetime) -> Change:
    """A workspace as *loaded* says, with what stands in it: what the actor does not reach stays where it stands. Raises
    DefinitionError for what is not there, Conflict for a closed workspace that the actor has no role in, and Refused."""
    require(actor, "workspace.edit")
    wanted = workspace_from(loaded)
    placed = _placed(actor, loaded, wanted)
    mine = Workspace.objects.select_for_update().filter(organization_id=actor.organization_id)
    found = mine.filter(name=loaded.name).first()
    if found is not None and not reach.workspaces(actor).filter(pk=found.pk).exists():
        said = f"There is a closed workspace “{loaded.name}” already, in which you have no role."
        raise Conflict(f"{said} Choose another name, or ask for a role in it.")
    before = workspace_data(actor, found) if found else {}
    room = found or Workspace(organization_id=actor.organization_id, name=loaded.name)
    if wanted.open and not room.open and room.placements.exists():
        _require_to_open(actor, f"“{loaded.name}” is closed")
    room.label, room.description, room.open, room.updated_at = wanted.label, wanted.description, wanted.open, now
    room.save()
    kept = _standing(actor, room)
    moved = _things(actor, kept ^ placed)
    _require_no_rise(actor, room, [moved[one] for one in placed - kept])
    for kind, key in kept - placed:
        room.placements.filter(kind=kind, object_id=key).delete()
    Placement.objects.bulk_create(Placement(workspace=room, kind=kind, object_id=key) for kind, key in placed - kept)
    for (kind, key), was in moved.items():
        if not was.open and reach.placed(actor.organization_id, kind, key, was.name).open:
            _require_to_open(actor, f"The {kind} “{was.name}” stands in a closed workspace")
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
    # Locked, so that nothing is put into it meanwhile, which would be open to all when it is gone.
    reached = reach.workspaces(actor).filter(name=name).values("pk")
    found = Workspace.objects.select_for_update().filter(pk__in=reached).first()
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


def _require_to_open(actor: Actor, what: str) -> None:
    """Raise OwnersOnly unless *actor* may show to everybody's role what a closed workspace hides."""
    if not may(actor, "workspace.all"):
        raise OwnersOnly(f"{what}, and would be open to all by this. Ask an owner or admin.")


def _things(actor: Actor, ids: set[tuple[str, int]]) -> dict[tuple[str, int], Thing]:
    """What stands in workspaces, as decisions need it, by kind and id."""
    found = {}
    for kind in {kind for kind, _key in ids}:
        for key, name in names(actor, kind, [one for of, one in ids if of == kind]).items():
            found[kind, key] = reach.placed(actor.organization_id, kind, key, name)
    return found


def _require_no_rise(actor: Actor, room: Workspace, added: Iterable[Thing]) -> None:
    """Raise OwnersOnly where *actor* has a role on the workspace that gives more than they have on what comes into it."""
    here = [one.permissions for one in actor.grants if (one.kind, one.object_id) == ("workspace", room.pk)]
    for thing in added if here else ():
        about = {one for one in frozenset().union(*here) if one.startswith(ABOUT[thing.kind])}
        require_on(actor, about, thing, f"Your role on “{room}”")


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
