"""`broadsheet user`: let people in from the command line, the first one above all."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from .contacts import attributes_with
from .named import show_table, tell
from .output import console, fail, say_json
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.access.models import Membership
    from broadsheet.core.policy import Actor

user = typer.Typer(help="People who sign in.", no_args_is_help=True)
Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]


@user.command()
def add(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    role: Annotated[
        str, typer.Option(help="A built-in role (owner, admin, editor, publisher, viewer) or one of your own.")
    ] = "viewer",
    new_organization: Annotated[str, typer.Option(help="Make this organization first, with the person as owner.")] = "",
    zone: Annotated[str, typer.Option(help="The new organization's zone.")] = "UTC",
    organization: Where = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Add a person. The password comes from standard input when it is not a terminal; else one is drawn and shown."""
    ready(migrate=True)
    from broadsheet.access.actions.add_person import add_person
    from broadsheet.access.actions.open_organization import open_organization
    from broadsheet.access.errors import AccessError

    given = "" if typer.get_text_stream("stdin").isatty() else typer.get_text_stream("stdin").readline().strip()
    password = given or secrets.token_urlsafe(12)
    now = datetime.now(UTC)
    try:
        if new_organization:
            slug, role = open_organization(new_organization, zone=zone, now=now).slug, "owner"
        else:
            slug = organization
        member = add_person(machine_owner(slug), email=email, name=name, role=role, password=password, now=now)
    except AccessError as error:
        fail(str(error))
    told = {"email": member.user.email, "role": member.role, "organization": member.organization.slug}
    if as_json:
        say_json(told if given else {**told, "password": password})
    else:
        console.print(f"{told['email']} is {told['role']} of {told['organization']}.", highlight=False)
        if not given:
            console.print(f"Password: {password}", highlight=False, markup=False)


@user.command("role")
def change_role(
    email: Annotated[str, typer.Argument(help="The address that the person signs in with.")],
    role: Annotated[
        str, typer.Argument(help="A built-in role (owner, admin, editor, publisher, viewer) or one of your own.")
    ],
    organization: Where = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Change what a person may do. The last owner stays one."""
    ready()
    from broadsheet.access.actions.change_person import change_role as change
    from broadsheet.access.errors import AccessError
    from broadsheet.access.queries import organization_of

    actor = machine_owner(organization)
    try:
        change(actor, _id_of(actor, email), role=role, now=datetime.now(UTC))
    except AccessError as error:
        fail(str(error))
    told = {"email": email.strip().lower(), "role": role, "organization": organization_of(actor).slug}
    if as_json:
        say_json(told)
    else:
        console.print(f"{told['email']} is {role} of {told['organization']}.", highlight=False)


@user.command()
def remove(
    email: Annotated[str, typer.Argument(help="The address that the person signs in with.")],
    heir: Annotated[str, typer.Option("--to", help="Address of the member who takes over their schedules; else these pause.")] = "",
    organization: Where = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:  # fmt: skip
    """End a membership, its tokens and its feed. What the person made stays."""
    ready()
    from broadsheet.access.actions.change_person import remove_person
    from broadsheet.access.errors import AccessError

    actor = machine_owner(organization)
    leaving, to = _id_of(actor, email), _id_of(actor, heir) if heir else None
    try:
        names = remove_person(actor, leaving, now=datetime.now(UTC), heir=to)
    except AccessError as error:
        fail(str(error))
    told = {"email": email, "heir": heir or None, "schedules": names}
    if as_json:
        say_json(told)
    else:
        became = f"are {heir}'s now" if heir else "are paused"
        console.print(f"{email} is a member no more.", highlight=False)
        if names:
            console.print(f"Their schedules {became}: {', '.join(names)}.", highlight=False)


@user.command("hand-over")
def pass_on(
    email: Annotated[str, typer.Argument(help="Whose schedules.")],
    heir: Annotated[str, typer.Option("--to", help="Address of the member who takes over.")],
    organization: Where = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Give all schedules of a person to another."""
    ready()
    from broadsheet.access.errors import AccessError
    from broadsheet.schedules.actions.hand_over import hand_over

    actor = machine_owner(organization)
    try:
        names = hand_over(actor, _id_of(actor, email), to=_id_of(actor, heir), now=datetime.now(UTC))
    except AccessError as error:
        fail(str(error))
    if as_json:
        say_json({"email": email, "heir": heir, "schedules": names})
    else:
        console.print(f"{heir} has them now: {', '.join(names) or 'there were none'}.", highlight=False)


def _id_of(actor: Actor, email: str) -> int:
    from broadsheet.access.queries import people

    members = {one.user.email: one.user_id for one in people(actor)}
    found = members.get(email.strip().lower())
    if found is None:
        fail(f"There is no member “{email}”.", fix=f"There are: {', '.join(members) or 'none yet'}.")
    return found


@user.command("list")
def list_people(
    organization: Where = "", as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False
) -> None:
    """List the people of an organization with their roles."""
    ready()
    from broadsheet.access.rosters import people

    rows = [
        {
            "email": one.user.email, "name": one.user.name, "role": one.role, "active": one.active,
            "service": one.service, "teams": [team.name for team in one.user.teams_here],  # type: ignore[attr-defined]
            "attributes": one.attributes,
        }
        for one in people(machine_owner(organization))
    ]  # fmt: skip
    if as_json:
        say_json(rows)
    else:
        show_table(("email", "name", "role", "teams", "attributes", "active", "service"), rows)


@user.command("attributes")
def set_attributes(
    email: Annotated[str, typer.Argument(help="The address that the person signs in with.")],
    given: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE]...", help="As buyer_id=12, or buyer_id= to take it away."),
    ] = None,
    organization: Where = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Show what row rules and masks compare when a person looks at a report, or change it; others stay."""
    ready()
    from broadsheet.access.actions.change_person import change_attributes
    from broadsheet.access.attributes import attribute_lines

    with refusals():
        actor = machine_owner(organization)
        found = _member_of(actor, email)
        attributes = dict(found.attributes)
        if given:
            attributes = attributes_with(attributes, given)
            change_attributes(actor, found.user_id, attributes=attributes, now=datetime.now(UTC))
    told = "\n".join(attribute_lines(attributes)) or f"{email} has no attributes."
    tell({"email": email, "attributes": attributes}, told, as_json=as_json)


@user.command()
def deactivate(
    email: Annotated[str, typer.Argument(help="The address that the person signs in with.")],
    heir: Annotated[
        str, typer.Option("--to", help="Address of the member who takes over their schedules; else these pause.")
    ] = "",
    organization: Where = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Let a person do nothing from this moment on: no page, token or feed of theirs opens. It can be taken back."""
    ready()
    from broadsheet.access.actions.change_person import deactivate as end

    with refusals():
        actor = machine_owner(organization)
        to = _id_of(actor, heir) if heir else None
        names = end(actor, _id_of(actor, email), now=datetime.now(UTC), heir=to)
    became = f"are {heir}'s now" if heir else "are paused"
    more = f" Their schedules {became}: {', '.join(names)}." if names else ""
    told = {"email": email, "heir": heir or None, "schedules": names}
    tell(told, f"{email} can do nothing here any more.{more}", as_json=as_json)


@user.command()
def reactivate(
    email: Annotated[str, typer.Argument(help="The address that the person signs in with.")],
    organization: Where = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Let a deactivated person in again. Schedules that paused stay paused."""
    ready()
    from broadsheet.access.actions.change_person import reactivate as let_in

    with refusals():
        actor = machine_owner(organization)
        let_in(actor, _id_of(actor, email), now=datetime.now(UTC))
    tell({"email": email, "active": True}, f"{email} may do again what the role says.", as_json=as_json)


def _member_of(actor: Actor, email: str) -> Membership:
    from broadsheet.access.queries import member as found

    return found(actor, email)


def member(machine: Actor, email: str) -> Actor:
    """The member with the address *email*, acting on the command line. Ends the command when there is none."""
    from broadsheet.access.queries import actor_of, organization_of, people

    members = {one.user.email: one.user for one in people(machine)}
    found = members.get(email.strip().lower())
    actor = actor_of(found, via="cli", organization=organization_of(machine).slug) if found else None
    if actor is None:
        fail(f"There is no member “{email}”.", fix=f"There are: {', '.join(members) or 'none yet'}.")
    return actor
