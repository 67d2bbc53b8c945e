"""`broadsheet deliveries` and `resend`: the ledger, and sending again exactly what was chosen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.table import Table

from .output import console, fail, say_json
from .ready import machine_owner, ready

if TYPE_CHECKING:
    from broadsheet.delivery.models import Delivery

Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def deliveries(
    schedule: Annotated[str, typer.Option(help="Of this schedule alone.")] = "",
    state: Annotated[str, typer.Option(help="In these states alone, with commas between.")] = "",
    run: Annotated[str, typer.Option(help="Of this run alone.")] = "",
    text: Annotated[str, typer.Option("--find", help="Name, address or proof holds this.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """List deliveries, the newest firing first, each with its state and proof."""
    ready()
    from broadsheet.delivery import queries

    actor = machine_owner(organization)
    found = queries.deliveries(
        actor, schedule=schedule, state=state, occurrence=identifier(run) if run else None, text=text
    )
    rows = list(found[:limit])
    if as_json:
        say_json([record(one) for one in rows])
        return
    table = Table("Fired", "Schedule", "Recipient", "Channel", "State", "Tries", "Proof", box=None)
    for one in rows:
        table.add_row(
            f"{one.occurrence.fire_at:%d %b %H:%M}", one.occurrence.schedule.name, one.recipient_name,
            one.channel.name, one.state, str(one.attempts), (one.proof or one.reason)[:60],
        )  # fmt: skip
    console.print(table)
    console.print(f"{len(rows)} of {found.count()}", highlight=False)


def resend(
    delivery: Annotated[list[str] | None, typer.Argument(help="Deliveries by their id.")] = None,
    run: Annotated[str, typer.Option(help="All of this run that failed or expired.")] = "",
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Send again exactly these deliveries. None that was accepted is ever sent twice."""
    ready()
    from broadsheet.delivery.actions.resend import resend as send_again
    from broadsheet.delivery.actions.resend import resend_failed
    from broadsheet.delivery.errors import DeliveryError

    if bool(delivery) == bool(run):
        fail("Say what to send again.", fix="Name deliveries, or a run with --run.")
    actor, now = machine_owner(organization), datetime.now(UTC)
    try:
        if run:
            number = resend_failed(actor, identifier(run), now=now)
        else:
            number = send_again(actor, [identifier(one) for one in delivery or []], now=now)
    except DeliveryError as error:
        fail(str(error))
    if as_json:
        say_json({"due": number})
    else:
        console.print(f"{number} are due again; the server sends them now, or when it is next up.", highlight=False)


def identifier(text: str) -> UUID:
    """Ends the command with the fix when *text* is no id."""
    try:
        return UUID(text)
    except ValueError:
        fail(f"“{text}” is not an id.", fix="Copy it from “broadsheet deliveries --json”.")


def record(one: Delivery) -> dict[str, object]:
    """A delivery as JSON tells it."""
    return {
        "id": str(one.pk),
        "run": str(one.occurrence_id),
        "schedule": one.occurrence.schedule.name,
        "fire_at": one.occurrence.fire_at.isoformat(),
        "recipient": {"key": one.recipient_key, "name": one.recipient_name, "address": one.address},
        "channel": one.channel.name,
        "formats": one.formats,
        "state": one.state,
        "reason": one.reason,
        "attempts": one.attempts,
        "next_try_at": one.next_try_at.isoformat() if one.next_try_at else None,
        "settled_at": one.settled_at.isoformat() if one.settled_at else None,
        "proof": one.proof,
        "message_id": one.message_id,
    }
