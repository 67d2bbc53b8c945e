"""`broadsheet contact`: people who get reports and have no account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .named import AsJson, Name, Named, Where, add_commands, tell
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor

contact = typer.Typer(help="Contacts: recipients without an account.", no_args_is_help=True)
Attributes = Annotated[
    list[str] | None, typer.Option("--attribute", help="As buyer_id=12, or buyer_id= to take it away; repeat it.")
]
Formats = Annotated[list[str] | None, typer.Option("--format", help="What they get it as; repeat it.")]


def _rows(actor: Actor) -> list[dict[str, Any]]:
    from broadsheet.access.queries import contacts

    return [
        {
            "name": one.name, "label": one.label, "address": one.address, "language": one.language, "zone": one.zone,
            "currency": one.currency, "formats": one.formats, "attributes": one.attributes,
            "teams": sorted(team.name for team in one.teams.all()), "active": one.active,
        }
        for one in contacts(actor)
    ]  # fmt: skip


def _data(actor: Actor, name: str) -> dict[str, Any]:
    from broadsheet.access.actions.teams import contact_data
    from broadsheet.access.rosters import contact as found

    return contact_data(found(actor, name))


def _remove(actor: Actor, name: str, now: datetime) -> None:
    from broadsheet.access.actions.teams import remove_contact

    remove_contact(actor, name, now=now)


add_commands(
    contact, Named("contact", ("name", "label", "address", "attributes", "teams", "active"), _rows, _data, _remove)
)


@contact.command("set")
def keep(
    name: Name,
    label: Annotated[str | None, typer.Option(help="The person's or company's name.")] = None,
    address: Annotated[str | None, typer.Option(help="Where mail goes.")] = None,
    language: Annotated[str | None, typer.Option(help="BCP 47 tag; empty: as the schedule says. So with the next two.")] = None,
    zone: Annotated[str | None, typer.Option(help="IANA zone.")] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217 code.")] = None,
    formats: Formats = None,
    attribute: Attributes = None,
    active: Annotated[bool | None, typer.Option("--active/--not-active", help="Who is not active gets nothing.")] = None,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Add a contact, or change what is given of one."""
    ready()
    from broadsheet.access.actions.teams import save_contact
    from broadsheet.core.document.loading import dump, load

    given = {
        "label": label, "address": address, "language": language, "zone": zone, "currency": currency,
        "formats": formats, "active": active,
    }  # fmt: skip
    with refusals():
        actor = machine_owner(organization)
        data = {**_kept(actor, name), **{key: value for key, value in given.items() if value is not None}}
        data["attributes"] = attributes_with(data.get("attributes", {}), attribute or [])
        [loaded] = load(dump("contact", name, data), file="what you asked")
        effect = save_contact(actor, loaded, now=datetime.now(UTC))
    tell({"contact": name, "effect": effect}, f"The contact “{name}”: {effect}.", as_json=as_json)


def attributes_with(before: dict[str, Any], given: list[str]) -> dict[str, Any]:
    """*before* with what *given* says, such as “buyer_id=12”; “buyer_id=” takes it away. Raises AccessError."""
    from broadsheet.access.attributes import attributes_from

    said = attributes_from(given)
    return {name: value for name, value in {**before, **said}.items() if name not in said or value != ""}


def _kept(actor: Actor, name: str) -> dict[str, Any]:
    from broadsheet.access.errors import UnknownThing

    try:
        return _data(actor, name)
    except UnknownThing:
        return {}
