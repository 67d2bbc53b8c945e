"""Single steps on what a definition says as a whole: who is in a team, what stands in a workspace, whether it is open.

Each reads what is kept, changes the one thing, and keeps it again as its definition file would.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from broadsheet.access import reach
from broadsheet.access.errors import UnknownThing
from broadsheet.access.models import Team, Workspace
from broadsheet.access.things import PLACED
from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.loading import Loaded
from broadsheet.core.policy import Actor, require

from .teams import save_team, team_data
from .workspaces import save_workspace, workspace_data

Change = Literal["added", "changed", "same"]
ASKED = "what you asked"


@transaction.atomic
def join(actor: Actor, team: str, who: Collection[str], *, now: datetime) -> Change:
    """Put members (mail addresses) and contacts (names) into a team. Raises UnknownThing, DefinitionError, Refused."""
    data = _team(actor, team)
    for key, wanted in _parted(who).items():
        data[key] = sorted({*data.get(key, ()), *wanted})
    return save_team(actor, Loaded("team", team, data, {}, ASKED), now=now)


@transaction.atomic
def leave(actor: Actor, team: str, who: Collection[str], *, now: datetime) -> Change:
    """Take members and contacts out of a team; who is not in it stays out. Raises UnknownThing, Refused."""
    data = _team(actor, team)
    for key, gone in _parted(who).items():
        data[key] = sorted({*data.get(key, ())} - gone)
    return save_team(actor, Loaded("team", team, data, {}, ASKED), now=now)


@transaction.atomic
def place(actor: Actor, workspace: str, kind: str, things: Collection[str], *, now: datetime) -> Change:
    """Put reports, datasets or channels (*kind*) into a workspace, by name; they stay where else they stand. Raises
    UnknownThing, DefinitionError, Refused."""
    data = _workspace(actor, workspace)
    data[_key(kind)] = sorted({*data.get(_key(kind), ()), *things})
    return save_workspace(actor, Loaded("workspace", workspace, data, {}, ASKED), now=now)


@transaction.atomic
def displace(actor: Actor, workspace: str, kind: str, things: Collection[str], *, now: datetime) -> Change:
    """Take things out of a workspace. What then stands in none is everybody's by their role. Raises UnknownThing, Refused."""
    data = _workspace(actor, workspace)
    data[_key(kind)] = sorted({*data.get(_key(kind), ())} - {*things})
    return save_workspace(actor, Loaded("workspace", workspace, data, {}, ASKED), now=now)


@transaction.atomic
def set_open(actor: Actor, workspace: str, *, open: bool, now: datetime) -> Change:
    """Open a workspace to everybody's role in the organization, or close it to all but those granted one. Raises
    UnknownThing, Refused."""
    data = _workspace(actor, workspace)
    data["open"] = open
    return save_workspace(actor, Loaded("workspace", workspace, data, {}, ASKED), now=now)


def _team(actor: Actor, name: str) -> dict[str, Any]:
    require(actor, "person.edit")
    found = Team.objects.select_for_update().filter(organization_id=actor.organization_id, name=name).first()
    if found is None:
        raise UnknownThing(f"There is no team “{name}” here. Look at the list of teams.")
    return team_data(found)


def _parted(who: Collection[str]) -> dict[str, set[str]]:
    """Mail addresses are members’, all else are contacts’ names."""
    members = {one.strip().lower() for one in who if "@" in one}
    return {"members": members, "contacts": {one.strip() for one in who if "@" not in one}}


def _workspace(actor: Actor, name: str) -> dict[str, Any]:
    require(actor, "workspace.edit")
    reached = reach.workspaces(actor).filter(name=name).values("pk")
    found = Workspace.objects.select_for_update().filter(pk__in=reached).first()
    if found is None:
        raise UnknownThing(f"There is no workspace “{name}” here. Look at the list of workspaces.")
    return workspace_data(actor, found)


def _key(kind: str) -> str:
    if kind not in PLACED:
        raise UnknownThing(f"“{kind}” is nothing that stands in a workspace. {near(kind, PLACED)}")
    return f"{kind}s"
