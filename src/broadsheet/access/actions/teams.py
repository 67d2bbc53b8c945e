"""Teams, and contacts: people who are reached and given rights together, with an account or without."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from broadsheet.access.definitions import contact_from, team_from
from broadsheet.access.errors import UnknownThing
from broadsheet.access.giving import require_lifting, require_on_each, require_rows
from broadsheet.access.models import Contact, GrantedRole, Membership, Team
from broadsheet.access.standing import carried
from broadsheet.compliance.actions.record import record
from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.loading import DefinitionError, Loaded, Problem
from broadsheet.core.policy import Actor, require
from broadsheet.schedules.audience import contact_faults

Change = Literal["added", "changed", "same"]


@transaction.atomic
def save_team(actor: Actor, loaded: Loaded, *, now: datetime) -> Change:
    """A team as *loaded* says. Raises DefinitionError for who is no member or contact, OwnersOnly for a new
    member of a team that has more than the actor, and Refused."""
    require(actor, "person.edit")
    wanted = team_from(loaded)
    emails = [one.strip().lower() for one in wanted.members]
    members = dict(_members(actor).filter(user__email__in=emails).values_list("user__email", "user_id"))
    contacts = dict(_contacts(actor).filter(name__in=wanted.contacts).values_list("name", "pk"))
    problems = [
        loaded.problem(("members", index), f"There is no member “{one}”.", near(one, _emails(actor)))
        for index, one in enumerate(emails)
        if one not in members
    ] + _unknown_contacts(actor, loaded, wanted.contacts, contacts)
    if problems:
        raise DefinitionError(problems)
    found = Team.objects.filter(organization_id=actor.organization_id, name=loaded.name).first()
    before = team_data(found) if found else {}
    team = found or Team(organization_id=actor.organization_id, name=loaded.name)
    team.label, team.description, team.updated_at = wanted.label, wanted.description, now
    team.save()
    if set(members.values()) - set(team.members.values_list("pk", flat=True)):
        _require_its_roles(actor, team)
    team.members.set(members.values())
    team.contacts.set(contacts.values())
    after = team_data(team)
    if found is not None and before == after:
        return "same"
    record(actor, "team.saved", loaded.name, now=now, before=before, after=after)
    return "added" if found is None else "changed"


@transaction.atomic
def remove_team(actor: Actor, name: str, *, now: datetime) -> None:
    """With all roles that were granted to it. Raises UnknownThing, Refused."""
    require(actor, "person.edit")
    found = Team.objects.filter(organization_id=actor.organization_id, name=name).first()
    if found is None:
        raise UnknownThing(f"There is no team “{name}” here. Look at the list of teams.")
    record(actor, "team.removed", name, now=now, before=team_data(found))
    found.delete()


@transaction.atomic
def save_contact(actor: Actor, loaded: Loaded, *, now: datetime) -> Change:
    """A contact as *loaded* says. Raises DefinitionError, Refused."""
    require(actor, "contact.edit")
    wanted = contact_from(loaded)
    problems = [loaded.problem((key,), message, fix) for key, message, fix in contact_faults(wanted.model_dump())]
    if problems:
        raise DefinitionError(problems)
    found = Contact.objects.filter(organization_id=actor.organization_id, name=loaded.name).first()
    before = contact_data(found) if found else {}
    contact = found or Contact(organization_id=actor.organization_id, name=loaded.name)
    for key in ("label", "address", "language", "zone", "currency", "active"):
        setattr(contact, key, getattr(wanted, key))
    contact.formats, contact.attributes = list(wanted.formats), dict(wanted.attributes)
    after = contact_data(contact)
    if found is not None and before == after:
        return "same"
    if contact.attributes and any(before.get(key) != after.get(key) for key in ("attributes", "address")):
        require_rows(actor, "An attribute of a contact")
    contact.updated_at = now
    contact.save()
    record(actor, "contact.saved", loaded.name, now=now, before=before, after=after)
    return "added" if found is None else "changed"


@transaction.atomic
def remove_contact(actor: Actor, name: str, *, now: datetime) -> None:
    """What they got stays in the ledger. Raises UnknownThing, Refused."""
    require(actor, "contact.edit")
    found = _contacts(actor).filter(name=name).first()
    if found is None:
        raise UnknownThing(f"There is no contact “{name}” here. Look at the list of contacts.")
    record(actor, "contact.removed", name, now=now)
    found.delete()


def team_data(team: Team) -> dict[str, Any]:
    """What its definition file says, without its name."""
    said = {
        "label": team.label,
        "description": team.description,
        "members": sorted(team.members.values_list("email", flat=True)),
        "contacts": sorted(team.contacts.values_list("name", flat=True)),
    }
    return {key: value for key, value in said.items() if value}


def contact_data(contact: Contact) -> dict[str, Any]:
    """What its definition file says, without its name."""
    keys = ("label", "address", "language", "zone", "currency", "formats", "attributes")
    said = {key: value for key in keys if (value := getattr(contact, key))}
    return said if contact.active else {**said, "active": False}


def _require_its_roles(actor: Actor, team: Team) -> None:
    """Who puts somebody into a team gives them its roles, and lifts for them what it lifts, so must have all that."""
    rows = list(GrantedRole.objects.filter(organization_id=actor.organization_id, team=team))
    roles = {role: carried(actor.organization_id, role) for role in {row.role for row in rows}}
    require_on_each(actor, rows, roles, f"The team “{team.name}”")
    require_lifting(actor, f"team.{team.name}")


def _unknown_contacts(actor: Actor, loaded: Loaded, wanted: tuple[str, ...], found: dict[str, int]) -> list[Problem]:
    known = list(_contacts(actor).values_list("name", flat=True))
    return [
        loaded.problem(("contacts", index), f"There is no contact “{one}”.", near(one, known))
        for index, one in enumerate(wanted)
        if one not in found
    ]


def _members(actor: Actor) -> Any:
    return Membership.objects.filter(organization_id=actor.organization_id)


def _contacts(actor: Actor) -> Any:
    return Contact.objects.filter(organization_id=actor.organization_id)


def _emails(actor: Actor) -> list[str]:
    return list(_members(actor).values_list("user__email", flat=True))
