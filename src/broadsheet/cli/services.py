"""`broadsheet service`: identities of programs, which never sign in and act by tokens alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from .named import AsJson, Where, tell
from .ready import machine_owner, ready
from .refusals import refusals

service = typer.Typer(help="Service identities. They are changed and removed as people are.", no_args_is_help=True)


@service.command()
def add(
    name: Annotated[str, typer.Argument(help="What it is, such as “Nightly export”.")],
    role: Annotated[str, typer.Option(help="A built-in role, but owner, or one of your own.")] = "viewer",
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Add a service identity. Give it a token with “broadsheet token issue --service”."""
    ready()
    from broadsheet.access.actions.add_person import add_service

    with refusals():
        made = add_service(machine_owner(organization), name=name, role=role, now=datetime.now(UTC))
    told = {"name": made.user.name, "email": made.user.email, "role": made.role}
    tell(told, f"{made.user.name} is {made.role}; as a person it is {made.user.email}.", as_json=as_json)
