"""`broadsheet token`: tokens for machines that call the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from .output import alike, console, fail, say_json
from .people import member
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.access.models import Token
    from broadsheet.core.policy import Actor

token = typer.Typer(help="Tokens for machines that call the API.", no_args_is_help=True)
Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@token.command()
def issue(
    name: Annotated[str, typer.Option(help="What it is for.")],
    person: Annotated[str, typer.Option("--as", help="Address of the person whose rights it carries.")] = "",
    service: Annotated[str, typer.Option(help="Or the name of the service whose token it is.")] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option(help="A permission; repeat it, or put commas between; “all” is whatever its owner may."),
    ] = None,
    days: Annotated[int, typer.Option(min=0, max=3650, help="Until it ends; 0: never.")] = 90,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Issue a token, which is shown this once and kept as a hash."""
    if bool(person) == bool(service):
        fail("A token is a person’s or a service’s.", fix="Say whose, with --as or --service.")
    ready()
    from broadsheet.access.actions.tokens import issue as issue_token
    from broadsheet.core.policy.roles import held_anywhere

    given = [one.strip() for part in scope or [] for one in part.split(",") if one.strip()]
    with refusals():
        machine = machine_owner(organization)
        actor = machine if service else member(machine, person)
        held = _held_by(machine, service) if service else held_anywhere(actor)
        scopes = _scopes(given, whose=service or person, held=held)
        made, secret = issue_token(
            actor, name=name, scopes=scopes, days=days or None, now=datetime.now(UTC), service=service
        )
    if as_json:
        say_json({**record(made), "secret": secret})
    else:
        console.print(secret, highlight=False, markup=False)
        console.print("Keep it now: it is not shown again.", style="dim")


@token.command("list")
def list_tokens(organization: Where = "", as_json: AsJson = False) -> None:
    """List tokens, the newest first, without their secrets."""
    ready()
    from broadsheet.access.queries import tokens

    found = list(tokens(machine_owner(organization)))
    if as_json:
        say_json([record(one) for one in found])
        return
    table = Table("Id", "Name", "Person", "Begins", "Scopes", "Ends", "Used", box=None)
    for one in found:
        ends = "revoked" if one.revoked_at else f"{one.expires_at:%d %b %Y}" if one.expires_at else "never"
        used = f"{one.used_at:%d %b %H:%M}" if one.used_at else "never"
        table.add_row(str(one.pk), one.name, one.user.email, f"{one.prefix}…", ", ".join(one.scopes), ends, used)
    console.print(table)


@token.command()
def revoke(
    token_id: Annotated[int, typer.Argument(metavar="ID", help="Its number in “broadsheet token list”.")],
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """End a token at once."""
    ready()
    from broadsheet.access.actions.tokens import revoke as revoke_token
    from broadsheet.access.errors import AccessError

    try:
        revoke_token(machine_owner(organization), token_id, now=datetime.now(UTC))
    except AccessError as error:
        fail(str(error))
    if as_json:
        say_json({"revoked": token_id})
    else:
        console.print(f"Token {token_id} has ended.", highlight=False)


def _held_by(machine: Actor, service: str) -> frozenset[str]:
    from broadsheet.access.errors import UnknownPerson
    from broadsheet.access.queries import people
    from broadsheet.access.standing import carried

    found = people(machine).filter(service=True, user__name=service).first()
    if found is None:
        raise UnknownPerson(f"There is no service “{service}” here. Add it with “broadsheet service add”.")
    return carried(machine.organization_id, found.role)


def _scopes(given: list[str], *, whose: str, held: frozenset[str]) -> list[str]:
    """The permissions that *given* names. Ends the command where it names none, or one that is not there."""
    from broadsheet.core.policy.roles import ROLES

    mine = sorted(held)
    if given == ["all"]:
        return mine
    choice = f"A token of {whose} may have: {', '.join(mine)}; or all of them by --scope all."
    if not given:
        fail("Say what the token may do, with --scope.", fix=choice)
    known = frozenset().union(*ROLES.values())
    for one in given:
        if one not in known:
            fail(f"There is no permission “{one}”.", fix=f"{alike(one, known)}{choice}")
    return given


def record(one: Token) -> dict[str, object]:
    """A token as JSON tells it; never its secret."""
    return {
        "id": one.pk,
        "name": one.name,
        "person": one.user.email,
        "prefix": one.prefix,
        "scopes": one.scopes,
        "created_at": one.created_at.isoformat(),
        "expires_at": one.expires_at.isoformat() if one.expires_at else None,
        "used_at": one.used_at.isoformat() if one.used_at else None,
        "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
    }
