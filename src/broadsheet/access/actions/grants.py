"""Roles on single things: who may do what with this report, dataset, channel, schedule or workspace."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from broadsheet.access.definitions import GivenRole, GrantsFile, grants_from, grants_name
from broadsheet.access.errors import UnknownThing
from broadsheet.access.giving import require_on
from broadsheet.access.models import GrantedRole, Membership, Role, Team
from broadsheet.access.standing import carried
from broadsheet.access.things import keys, names, thing_of, things
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.loading import DefinitionError, Loaded
from broadsheet.core.policy import Actor, require
from broadsheet.core.policy.grants import KINDS
from broadsheet.core.policy.roles import GIVEN, granted

Change = Literal["added", "changed", "same"]
Row = tuple[int | None, int | None, str]  # user, team, role


@transaction.atomic
def save_grants(actor: Actor, loaded: Loaded, *, now: datetime) -> Change:
    """The roles on one thing, exactly as *loaded* says. Raises DefinitionError for who or what is not there, OwnersOnly for
    a role that carries more than the actor has, and Refused."""
    require(actor, "person.edit")
    wanted = grants_from(loaded)
    key = keys(actor, wanted.on, [wanted.thing]).get(wanted.thing)
    if key is None:
        known = list(things(actor, wanted.on).values_list("name", flat=True))
        message = f"There is no {wanted.on} “{wanted.thing}”."
        raise DefinitionError([loaded.problem(("thing",), message, near(wanted.thing, known))])
    rows = _rows(actor, loaded, wanted)
    list(
        Role.objects.select_for_update().filter(
            organization_id=actor.organization_id, name__in={row[2] for row in rows}
        )
    )
    mine = GrantedRole.objects.filter(organization_id=actor.organization_id, kind=wanted.on, object_id=key)
    list(mine.select_for_update().values_list("pk"))  # two who change them at once take turns
    kept = {(one.user_id, one.team_id, one.role) for one in mine}
    if kept == rows:
        return "same"
    thing = thing_of(actor, wanted.on, things(actor, wanted.on).get(pk=key))
    for role in sorted({role for *_who, role in rows - kept}):
        require_on(actor, granted(carried(actor.organization_id, role)), thing, f"The role “{role}”")
    before = _told(mine)
    for one in mine:
        if (one.user_id, one.team_id, one.role) not in rows:
            one.delete()
    for user, team, role in rows - kept:
        GrantedRole.objects.create(
            organization_id=actor.organization_id, kind=wanted.on, object_id=key, user_id=user, team_id=team,
            role=role, given_at=now,
        )  # fmt: skip
    record(actor, "grants.saved", loaded.name, now=now, before=before, after=_told(mine.all()))
    return "changed" if kept else "added"


def give(actor: Actor, kind: str, name: str, role: str, *, person: str = "", team: str = "", now: datetime) -> Change:
    """*role* on the thing called *name* to a member (mail address) or a team, in place of the one they had; an empty role
    takes it away. Raises as `save_grants`."""
    require(actor, "person.edit")
    person = person.strip().lower()
    others = [one for one in grants_on(actor, kind, name) if (one["person"], one["team"]) != (person, team)]
    to = [*others, {"person": person, "team": team, "role": role}] if role else others
    data = {"on": kind, "thing": name, "to": [{key: value for key, value in one.items() if value} for one in to]}
    return save_grants(actor, Loaded("grants", grants_name(kind, name), data, {}, "what you asked"), now=now)


def grants_on(actor: Actor, kind: str, name: str) -> list[dict[str, str]]:
    """Each grant on the thing called *name*, as person, team and role. Raises UnknownThing, Refused."""
    require(actor, "person.read")
    key = key_of(actor, kind, name)
    rows = GrantedRole.objects.filter(organization_id=actor.organization_id, kind=kind, object_id=key)
    return [
        {"person": one.user.email if one.user else "", "team": one.team.name if one.team else "", "role": one.role}
        for one in rows.select_related("user", "team")
    ]


def key_of(actor: Actor, kind: str, name: str) -> int:
    """The id of the thing called *name*. Raises UnknownThing, Refused."""
    if kind not in KINDS:
        raise UnknownThing(f"“{kind}” is nothing that a role can be given on. {near(kind, KINDS)}")
    key = keys(actor, kind, [name]).get(name)
    if key is None:
        raise UnknownThing(f"There is no {kind} “{name}” here. {near(name, list(things(actor, kind).values_list('name', flat=True)))}")  # fmt: skip
    return key


def all_grants(actor: Actor) -> list[tuple[str, dict[str, Any]]]:
    """What the definition files of all grants say, by their names. Raises Refused."""
    require(actor, "person.read")
    found: list[tuple[str, dict[str, Any]]] = []
    for kind in KINDS:
        ids = GrantedRole.objects.filter(organization_id=actor.organization_id, kind=kind).order_by()
        for _key, name in sorted(names(actor, kind, ids.values_list("object_id", flat=True).distinct()).items()):
            to = [{key: value for key, value in one.items() if value} for one in grants_on(actor, kind, name)]
            found.append((grants_name(kind, name), {"on": kind, "thing": name, "to": to}))
    return sorted(found, key=lambda one: one[0])


def _rows(actor: Actor, loaded: Loaded, wanted: GrantsFile) -> set[Row]:
    problems, rows = [], {}
    for index, one in enumerate(wanted.to):
        who = _who(actor, one)
        if who is None:
            name, known = (one.person or one.team), _known(actor, one)
            noun = "member" if one.person else "team"
            problems.append(loaded.problem(("to", index), f"There is no {noun} “{name}”.", near(name, known)))
        elif who in rows:
            message = f"“{one.person or one.team}” is there twice."
            problems.append(loaded.problem(("to", index), message, "Give one role."))
        else:
            rows[who] = one.role
        given = granted(carried(actor.organization_id, one.role))
        if not given or one.role == "system":
            message = f"There is no role “{one.role}” that says anything about a {wanted.on}."
            problems.append(loaded.problem(("to", index, "role"), message, near(one.role, GIVEN)))
    if problems:
        raise DefinitionError(problems)
    return {(*who, role) for who, role in rows.items()}


def _who(actor: Actor, one: GivenRole) -> tuple[int | None, int | None] | None:
    if one.person:
        mine = Membership.objects.filter(organization_id=actor.organization_id)
        user = mine.filter(user__email=one.person.strip().lower()).values_list("user_id", flat=True).first()
        return None if user is None else (user, None)
    team = (
        Team.objects.filter(organization_id=actor.organization_id, name=one.team).values_list("pk", flat=True).first()
    )
    return None if team is None else (None, team)


def _known(actor: Actor, one: GivenRole) -> list[str]:
    if one.person:
        mine = Membership.objects.filter(organization_id=actor.organization_id)
        return list(mine.values_list("user__email", flat=True))
    return list(Team.objects.filter(organization_id=actor.organization_id).values_list("name", flat=True))


def _told(rows: Any) -> list[str]:
    return sorted(f"{one.team or one.user}: {one.role}" for one in rows.select_related("user", "team"))
