"""`broadsheet suppression`: addresses that are not sent to, and lifting those that bounced."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from .named import AsJson, Where, show_table
from .output import console, say_json
from .ready import machine_owner, ready
from .refusals import refusals

suppression = typer.Typer(help="Addresses that are not sent to.", no_args_is_help=True)


@suppression.command("list")
def list_all(
    text: Annotated[str, typer.Option("--find", help="Address or reason holds this.")] = "",
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """List addresses that unsubscribed or bounced: from where, why and since when, UTC."""
    ready()
    from broadsheet.delivery.bouncing import has_bounced
    from broadsheet.delivery.suppressions import suppressions

    with refusals():
        found = list(suppressions(machine_owner(organization), text=text))
    rows = [
        {
            "address": one.address, "schedule": one.schedule.name if one.schedule else None,
            "bounced": has_bounced(one.reason), "reason": one.reason, "since": one.at.astimezone(UTC).isoformat(),
        }
        for one in found
    ]  # fmt: skip
    if as_json:
        say_json(rows)
        return
    shown = [{**row, "schedule": row["schedule"] or "all", "since": str(row["since"])[:16]} for row in rows]
    show_table(("address", "schedule", "since", "reason"), shown)


@suppression.command("lift")
def lift(
    address: Annotated[list[str], typer.Argument(help="Addresses that bounced.")],
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Send again to addresses that bounced, from the next run on."""
    ready()
    from broadsheet.delivery.actions.lift import lift as lift_addresses

    with refusals():
        number = lift_addresses(machine_owner(organization), address, now=datetime.now(UTC))
    if as_json:
        say_json({"lifted": number})
    else:
        console.print(f"{number} lifted; the next run sends to them.", highlight=False)
