"""`broadsheet team`: people who are reached and given rights together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .named import AsJson, Named, Where, add_commands, tell
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor

team = typer.Typer(help="Teams. Make and change them whole with “broadsheet apply”.", no_args_is_help=True)
TeamName = Annotated[str, typer.Argument(metavar="TEAM", help="Its name.")]
Who = Annotated[list[str], typer.Argument(metavar="WHO", help="Mail addresses of members, names of contacts.")]


def _rows(actor: Actor) -> list[dict[str, Any]]:
    from broadsheet.access.queries import teams

    return [
        {
            "name": one.name, "label": one.label, "description": one.description,
            "members": sorted(person.email for person in one.members.all()),
            "contacts": sorted(contact.name for contact in one.contacts.all()),
        }
        for one in teams(actor)
    ]  # fmt: skip


def _data(actor: Actor, name: str) -> dict[str, Any]:
    from broadsheet.access.actions.teams import team_data
    from broadsheet.access.rosters import team as found

    return team_data(found(actor, name))


def _remove(actor: Actor, name: str, now: datetime) -> None:
    from broadsheet.access.actions.teams import remove_team

    remove_team(actor, name, now=now)


add_commands(team, Named("team", ("name", "label", "members", "contacts"), _rows, _data, _remove))


@team.command("add")
def add(name: TeamName, who: Who, organization: Where = "", as_json: AsJson = False) -> None:
    """Put members and contacts into a team."""
    ready()
    from broadsheet.access.actions.arrange import join

    with refusals():
        effect = join(machine_owner(organization), name, who, now=datetime.now(UTC))
    tell({"team": name, "effect": effect}, f"In “{name}” now: {', '.join(who)}.", as_json=as_json)


@team.command("drop")
def drop(name: TeamName, who: Who, organization: Where = "", as_json: AsJson = False) -> None:
    """Take members and contacts out of a team."""
    ready()
    from broadsheet.access.actions.arrange import leave

    with refusals():
        effect = leave(machine_owner(organization), name, who, now=datetime.now(UTC))
    tell({"team": name, "effect": effect}, f"No more in “{name}”: {', '.join(who)}.", as_json=as_json)
