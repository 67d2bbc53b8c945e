"""What a member may do at this moment: their role, what its conditions leave of it, and the roles granted on single things."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from broadsheet.access.models import GrantedRole, Membership, Role, Team
from broadsheet.core.policy import Actor, Circumstances, Decision, Grant, may, permissions_of
from broadsheet.core.policy.conditions import Condition, withheld
from broadsheet.core.policy.reader import Scalar
from broadsheet.core.policy.roles import ROLES, granted, held_anywhere, held_by

ABOVE_ALL = frozenset({"data.all", "workspace.all"})
"""What it takes to look at anybody: whose rows and closed workspaces these are makes no difference then."""
SEEING = ABOVE_ALL | {
    "report.read", "report.render", "report.export", "schedule.read", "delivery.read", "source.read", "channel.read",
    "brand.read", "person.read", "contact.read", "journal.read", "mail.read", "data.confidential", "data.restricted",
}  # fmt: skip
"""Permissions that change nothing."""


def standing(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """*memberships* with their users, and with whether there is more to ask for, so that most ask for nothing more."""
    of_place = {"organization_id": OuterRef("organization_id")}
    teams = Team.objects.filter(members=OuterRef("user_id"), **of_place)
    grants = GrantedRole.objects.filter(Q(user=OuterRef("user_id")) | Q(team__members=OuterRef("user_id")), **of_place)
    return memberships.select_related("user").annotate(in_teams=Exists(teams), has_grants=Exists(grants))


def actor_of_member(membership: Membership, given: Circumstances, *, name: str, via: str) -> Actor:
    """The active member as an actor under the circumstances *given*. *membership* comes from `standing`."""
    place, user = membership.organization_id, membership.user_id
    mine = Team.objects.filter(organization_id=place, members=user)
    teams = list(mine.values_list("pk", "name")) if membership.in_teams else []  # type: ignore[attr-defined]
    rows = _granted(place, user, [key for key, _name in teams]) if membership.has_grants else []  # type: ignore[attr-defined]
    roles = roles_named(place, {membership.role, *(row.role for row in rows)})
    kept_back, own = _limits(roles.get(membership.role), given)
    held = _carried(membership.role, roles)
    return Actor(
        place, user, name, membership.role, via,
        permissions=held - set(kept_back), withheld=tuple(sorted(kept_back.items())), only_own=own,
        grants=tuple(_grants(rows, roles, dict(teams), given)),
        attributes=tuple(sorted(_attributes(membership, [team for _key, team in teams]).items())),
        address=given.address,
    )  # fmt: skip


def through_the_eyes_of(viewer: Actor, seen: Actor) -> Actor:
    """*seen* as *viewer* looks through their eyes: nothing can be changed, and the journal names the viewer."""
    name = f"{viewer.name} as {seen.name}"
    return replace(seen, name=name, via=viewer.via, scopes=SEEING, looking_as=viewer.name, address=viewer.address)


def may_look_through(viewer: Actor, seen: Actor) -> Decision:
    """Whether *viewer* may look through the eyes of *seen*: nobody sees more by it than they may anyway."""
    decision = may(viewer, "person.view_as")
    if not decision:
        return decision
    beyond = sorted(((held_anywhere(seen) & SEEING) | ABOVE_ALL) - (held_by(viewer) - viewer.only_own))
    if beyond:
        said = f"{seen.name}’s eyes see what yours do not: you lack {', '.join(beyond)}."
        return Decision(False, f"{said} Ask an owner or admin.")
    return decision


def roles_named(organization_id: int, names: Iterable[str]) -> dict[str, Role]:
    """The organization's own roles among *names*."""
    own = set(names) - set(ROLES)
    if not own:
        return {}
    return {one.name: one for one in Role.objects.filter(organization_id=organization_id, name__in=own)}


def carried(organization_id: int, role: str) -> frozenset[str]:
    """What *role* carries in the organization, its conditions aside; nothing where there is no such role."""
    return _carried(role, roles_named(organization_id, [role]))


def conditions_of(role: Role) -> list[Condition]:
    return [
        Condition(
            permissions=frozenset(one.get("for", ())),
            networks=tuple(one.get("networks", ())),
            hours=one.get("hours", ""),
            zone=one.get("zone", "UTC"),
            second_factor=bool(one.get("second_factor")),
            own=bool(one.get("own")),
        )
        for one in role.conditions
    ]


def _granted(place: int, user: int, teams: list[int]) -> list[GrantedRole]:
    mine = Q(user_id=user) | Q(team_id__in=teams) if teams else Q(user_id=user)
    return list(GrantedRole.objects.filter(mine, organization_id=place).order_by("pk"))


def _grants(
    rows: Iterable[GrantedRole], roles: dict[str, Role], teams: dict[int, str], given: Circumstances
) -> Iterable[Grant]:
    for row in rows:
        kept_back, own = _limits(roles.get(row.role), given)
        # What holds only for things of one's own is left to the role in the organization, which can tell whose they are.
        left = granted(_carried(row.role, roles)) - set(kept_back) - own
        yield Grant(row.kind, row.object_id, row.role, left, teams.get(row.team_id or 0, ""))


def _carried(role: str, roles: dict[str, Role]) -> frozenset[str]:
    return frozenset(roles[role].permissions) if role in roles else permissions_of(role)


def _limits(role: Role | None, given: Circumstances) -> tuple[dict[str, str], frozenset[str]]:
    if role is None:
        return {}, frozenset()
    return withheld(frozenset(role.permissions), conditions_of(role), given)


def _attributes(membership: Membership, teams: Iterable[str]) -> dict[str, Scalar]:
    """The member's own, and what their role and teams are, as “role.finance” and “team.sales”."""
    own: dict[str, Scalar] = {name: value for name, value in membership.attributes.items() if "." not in name}
    return {**own, f"role.{membership.role}": True, **{f"team.{team}": True for team in teams}}
