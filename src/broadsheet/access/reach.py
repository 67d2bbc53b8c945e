"""Which things an actor reaches: conditions for querysets, and things for decisions about one.

A queryset of reports, datasets, channels or schedules, or of what belongs to them, is narrowed by `within`; then what is
out of reach is as if it were not there. An act on one thing asks `core.policy.may` with `thing`.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from broadsheet.access.models import GrantedRole, Placement, Workspace
from broadsheet.core.policy import Actor, Decision, Thing, may
from broadsheet.core.policy.roles import Refused, held_by, require_somewhere

NOTHING = Q(pk__in=())


def within(actor: Actor, permission: str, kind: str, *, at: str = "pk") -> Q:
    """The reports, datasets or channels (*kind*) on which *actor* holds *permission*; *at* is the path from the
    queryset's model to their id. Raises Refused when it is held on nothing at all."""
    require_somewhere(actor, permission)
    found = _by_role(actor, permission, kind, at)
    if found == Q():
        return found
    things = [one.object_id for one in actor.grants if one.kind == kind and permission in one.permissions]
    rooms = [one.object_id for one in actor.grants if one.kind == "workspace" and permission in one.permissions]
    if things:
        found |= Q(**{f"{at}__in": things})
    if rooms:
        found |= Q(**{f"{at}__in": _standing_in(actor, kind, rooms)})
    return found


def within_schedules(
    actor: Actor, permission: str, *, at: str = "pk", report: str = "report_id", owner: str = "owner_id"
) -> Q:
    """As `within`, for schedules: who reaches a report reaches its schedules, and a schedule can be granted by itself.
    *at*, *report* and *owner* are the paths to the schedule's id, its report's and its owner's."""
    found = within(actor, permission, "report", at=report)
    if permission in actor.only_own:
        by_grant = _by_grants(actor, permission, report)
        found = by_grant | (found & Q(**{owner: actor.user_id or 0}))
    own = [one.object_id for one in actor.grants if one.kind == "schedule" and permission in one.permissions]
    return found | Q(**{f"{at}__in": own}) if own and found != Q() else found


def thing(actor: Actor, kind: str, key: int, name: str) -> Thing:
    """A report, dataset or channel of the actor's organization for a decision about what *actor* may do with it."""
    if "workspace.all" in held_by(actor) and not actor.grants:
        return Thing(kind, name, frozenset({(kind, key)}))  # wherever it stands, it is reached
    return placed(actor.organization_id, kind, key, name)


def placed(organization_id: int, kind: str, key: int, name: str) -> Thing:
    """A report, dataset or channel of the organization for a decision about what anybody may do with it."""
    mine = Placement.objects.filter(kind=kind, object_id=key, workspace__organization_id=organization_id)
    rooms = list(mine.values_list("workspace_id", "workspace__open"))
    keys = frozenset({(kind, key), *(("workspace", room) for room, _open in rooms)})
    return Thing(kind, name, keys, not rooms or any(is_open for _room, is_open in rooms))


def schedule_thing(report: Thing, key: int, name: str, owner_id: int | None) -> Thing:
    """A schedule for a decision about it: it stands where its *report* does."""
    return Thing("schedule", name, report.keys | {("schedule", key)}, report.open, owner_id)


def place_where_allowed(actor: Actor, permission: str, kind: str, key: int) -> None:
    """Put a thing that *actor* just made where they may make it: nowhere in particular when their role is enough, else
    into the one workspace in which they hold *permission*. Raises Refused when there is none, or no one."""
    decision = may(actor, permission)
    if decision:
        return
    rooms = [one.object_id for one in actor.grants if one.kind == "workspace" and permission in one.permissions]
    if len(set(rooms)) != 1:
        said = "in several workspaces; make it in one by an owner or admin" if rooms else decision.reason
        raise Refused(Decision(False, f"You may make new ones {said}." if rooms else said))
    Placement.objects.create(workspace_id=rooms[0], kind=kind, object_id=key)


def forget(kind: str, key: int) -> None:
    """Take a thing that is being removed out of all workspaces, and end what was granted on it."""
    Placement.objects.filter(kind=kind, object_id=key).delete()
    GrantedRole.objects.filter(kind=kind, object_id=key).delete()


def workspaces(actor: Actor) -> QuerySet[Workspace]:
    """Those that the actor may see: open ones, closed ones that they have a role in, and all for who runs them."""
    mine = Workspace.objects.filter(organization_id=actor.organization_id)
    if "workspace.all" in held_by(actor):
        return mine
    rooms = [one.object_id for one in actor.grants if one.kind == "workspace"]
    return mine.filter(Q(open=True) | Q(pk__in=rooms))


def _by_role(actor: Actor, permission: str, kind: str, at: str) -> Q:
    """What the role in the organization reaches: all that does not stand in closed workspaces alone."""
    held = held_by(actor)
    if permission not in held:
        return NOTHING
    if "workspace.all" in held:
        return Q()
    return ~Q(**{f"{at}__in": _closed_alone(actor.organization_id, kind)})


def _closed_alone(organization_id: int, kind: str) -> QuerySet[Placement, Any]:
    """Ids of what stands in closed workspaces, and in none that is open."""
    there = Placement.objects.filter(kind=kind, workspace__organization_id=organization_id)
    in_open = there.filter(workspace__open=True).values("object_id")
    return there.exclude(object_id__in=in_open).values("object_id")


def _by_grants(actor: Actor, permission: str, report: str) -> Q:
    things = [one.object_id for one in actor.grants if one.kind == "report" and permission in one.permissions]
    rooms = [one.object_id for one in actor.grants if one.kind == "workspace" and permission in one.permissions]
    return Q(**{f"{report}__in": things}) | Q(**{f"{report}__in": _standing_in(actor, "report", rooms)})


def _standing_in(actor: Actor, kind: str, rooms: list[int]) -> QuerySet[Placement, Any]:
    mine = Placement.objects.filter(kind=kind, workspace_id__in=rooms, workspace__organization_id=actor.organization_id)
    return mine.values("object_id")


def closed_away(organization_id: int, kind: str, report: int) -> frozenset[int]:
    """The datasets or channels (*kind*) that stand in closed workspaces alone, and in none where the report stands: who names
    them beside it, without a person who reaches them, reaches too far."""
    there = Placement.objects.filter(workspace__organization_id=organization_id)
    rooms = there.filter(kind="report", object_id=report).values("workspace")
    beside = there.filter(kind=kind, workspace__in=rooms).values("object_id")
    alone = _closed_alone(organization_id, kind).exclude(object_id__in=beside)
    return frozenset(alone.values_list("object_id", flat=True))
