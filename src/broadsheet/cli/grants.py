"""`broadsheet grant`: who has which role on a single thing, whatever their role in the organization is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from .named import AsJson, Where, show_table, tell
from .output import fail, say_json
from .ready import machine_owner, ready
from .refusals import refusals

grant = typer.Typer(help="Roles on single things.", no_args_is_help=True)
Kind = Annotated[str, typer.Argument(metavar="KIND", help="workspace, report, dataset, channel or schedule.")]
Thing = Annotated[str, typer.Argument(metavar="NAME", help="The thing’s name.")]
To = Annotated[str, typer.Option("--to", help="Mail address of a member.")]
Team = Annotated[str, typer.Option("--team", help="Name of a team.")]


@grant.command()
def give(
    kind: Kind,
    name: Thing,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="A built-in role or one of your own.")],
    to: To = "",
    team: Team = "",
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Give a member or a team a role on a thing, in place of the one they had on it."""
    effect = _set(kind, name, role, to, team, organization)
    told = {"kind": kind, "name": name, "role": role, "person": to, "team": team, "effect": effect}
    tell(told, f"{to or f'The team “{team}”'} is {role} of the {kind} “{name}”.", as_json=as_json)


@grant.command()
def take(
    kind: Kind, name: Thing, to: To = "", team: Team = "", organization: Where = "", as_json: AsJson = False
) -> None:
    """Take away the role that a member or a team has on a thing."""
    effect = _set(kind, name, "", to, team, organization)
    told = {"kind": kind, "name": name, "person": to, "team": team, "effect": effect}
    tell(told, f"{to or f'The team “{team}”'} has no role on the {kind} “{name}” itself.", as_json=as_json)


@grant.command("list")
def list_grants(
    kind: Annotated[str, typer.Argument(metavar="[KIND", help="workspace, report, dataset, channel or schedule.")] = "",
    name: Annotated[str, typer.Argument(metavar="NAME]", help="The thing’s name.")] = "",
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """List the roles on a thing, or on all of them."""
    if bool(kind) != bool(name):
        fail("A thing has a kind and a name.", fix="Name both, or neither for all grants.")
    ready()
    from broadsheet.access.actions.grants import all_grants, grants_on

    with refusals():
        actor = machine_owner(organization)
        if kind:
            rows = [{"kind": kind, "name": name, **one} for one in grants_on(actor, kind, name)]
        else:
            rows = [
                {"kind": data["on"], "name": data["thing"], "person": "", "team": "", **one}
                for _name, data in all_grants(actor)
                for one in data["to"]
            ]
    if as_json:
        say_json(rows)
    else:
        show_table(("kind", "name", "person", "team", "role"), rows)


def _set(kind: str, name: str, role: str, person: str, team: str, organization: str) -> str:
    if bool(person) == bool(team):
        fail("A role is given to a member or to a team.", fix="Name one, with --to or --team.")
    ready()
    from broadsheet.access.actions.grants import give as give_role

    with refusals():
        now = datetime.now(UTC)
        return give_role(machine_owner(organization), kind, name, role, person=person, team=team, now=now)
