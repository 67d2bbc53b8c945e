"""People, roles, teams, contacts and workspaces as lists and single pages show them, limited to the asker."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from broadsheet.access import queries, reach
from broadsheet.access.errors import UnknownRole, UnknownThing
from broadsheet.access.models import Contact, GrantedRole, Membership, Placement, Role, Team, Workspace
from broadsheet.access.permissions import ROLE_SENTENCES
from broadsheet.access.things import READING, names
from broadsheet.core.policy import Actor, may, may_somewhere, permissions_of, require, require_somewhere
from broadsheet.core.policy.grants import KINDS
from broadsheet.core.policy.roles import GIVEN


@dataclass(frozen=True, slots=True)
class Use:
    """How many members have a role in the organization, and how many grants give it on a thing."""

    members: int
    grants: int


def people(actor: Actor) -> QuerySet[Membership]:
    """Members by name, each with ``user.teams_here``: the teams of the organization that they are in. Raises Refused."""
    here = Team.objects.filter(organization_id=actor.organization_id)
    return queries.people(actor).prefetch_related(Prefetch("user__teams", queryset=here, to_attr="teams_here"))


def attributes_of(actor: Actor, membership: Membership) -> dict[str, object] | None:
    """A member's attributes, for who may change them and for themselves; None for others."""
    mine = membership.user_id == actor.user_id
    return dict(membership.attributes) if mine or may(actor, "person.edit") else None


def roles(actor: Actor) -> list[Role]:
    """All roles that somebody can have: the built-in ones, unsaved and with the most first, then the organization's own by
    name. Raises Refused."""
    return [*map(_built_in, GIVEN), *queries.roles(actor)]


def role(actor: Actor, name: str) -> Role:
    """A built-in role (unsaved, without an id) or one of the organization's own. Raises UnknownRole, Refused."""
    own = queries.roles(actor).filter(name=name).first()
    if own is None and name not in GIVEN:
        raise UnknownRole(f"There is no role “{name}” here. Look at the list of roles.")
    return own or _built_in(name)


def role_use(actor: Actor) -> dict[str, Use]:
    """Who has which role, by its name; roles that nobody has are left out. Raises Refused."""
    require(actor, "person.read")
    mine = {"organization_id": actor.organization_id}
    members = Counter(Membership.objects.filter(**mine).values_list("role", flat=True))
    grants = Counter(GrantedRole.objects.filter(**mine).values_list("role", flat=True))
    return {name: Use(members[name], grants[name]) for name in {*members, *grants}}


def team(actor: Actor, name: str) -> Team:
    """Raises UnknownThing, Refused."""
    found = queries.teams(actor).filter(name=name).first()
    if found is None:
        raise UnknownThing(f"There is no team “{name}” here. Look at the list of teams.")
    return found


def contacts(actor: Actor, *, text: str = "") -> QuerySet[Contact]:
    """Contacts by name; with *text*, those that have it in name, label or address. Raises Refused."""
    found = queries.contacts(actor)
    return (
        found.filter(Q(name__icontains=text) | Q(label__icontains=text) | Q(address__icontains=text)) if text else found
    )


def contact(actor: Actor, name: str) -> Contact:
    """Raises UnknownThing, Refused."""
    found = queries.contacts(actor).filter(name=name).first()
    if found is None:
        raise UnknownThing(f"There is no contact “{name}” here. Look at the list of contacts.")
    return found


def workspaces(actor: Actor) -> QuerySet[Workspace]:
    """Those that the actor may see, by name. Raises Refused."""
    require_somewhere(actor, "report.read")
    return reach.workspaces(actor).annotate(standing=Count("placements"))


def workspace(actor: Actor, name: str) -> Workspace:
    """Raises UnknownThing, Refused."""
    found = workspaces(actor).filter(name=name).first()
    if found is None:
        raise UnknownThing(f"There is no workspace “{name}” here. Look at the list of workspaces.")
    return found


def rooms_of(actor: Actor, kind: str, key: int) -> list[Workspace]:
    """The workspaces in which a thing stands and that the actor may see, by name. Raises Refused."""
    stands = Placement.objects.filter(kind=kind, object_id=key).values("workspace_id")
    return list(workspaces(actor).filter(pk__in=stands))


def granted_to(actor: Actor, *, team: Team | None = None, user_id: int | None = None) -> list[tuple[str, str, str]]:
    """What *team*, or the member *user_id* besides by teams, has a role on, as kind, name and role; what is out of the
    actor's reach is left out. Raises Refused."""
    require(actor, "person.read")
    whose = Q(team=team) if team is not None else Q(user_id=user_id or 0)
    rows = list(GrantedRole.objects.filter(whose, organization_id=actor.organization_id))
    found = []
    for kind in KINDS:
        mine = [row for row in rows if row.kind == kind]
        if mine and may_somewhere(actor, READING[kind]):
            named = names(actor, kind, [row.object_id for row in mine])
            found += [(kind, named[row.object_id], row.role) for row in mine if row.object_id in named]
    return sorted(found)


def _built_in(name: str) -> Role:
    return Role(name=name, label=name, description=ROLE_SENTENCES[name], permissions=sorted(permissions_of(name)))
