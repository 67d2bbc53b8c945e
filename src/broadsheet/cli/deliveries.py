"""`broadsheet deliveries` and `resend`: the ledger, and sending again exactly what was chosen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.table import Table

from .instants import said
from .output import console, fail, say_json
from .ready import machine_owner, ready
from .states import chosen_states

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor
    from broadsheet.delivery.models import Delivery

SHORT = 8  # digits of an id that the table shows; enough to name one in any ledger of a person's size
WHOLE = 32  # digits of a whole id

Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def deliveries(
    schedule: Annotated[str, typer.Option(help="Of this schedule alone.")] = "",
    state: Annotated[str, typer.Option(help="In these states alone, with commas between.")] = "",
    run: Annotated[str, typer.Option(help="Of this run alone.")] = "",
    text: Annotated[str, typer.Option("--find", help="Name, address or proof holds this.")] = "",
    ids: Annotated[bool, typer.Option("--ids", help="Their ids alone, one a line, as “resend” takes them.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """List deliveries, the newest firing first, each with its state and proof. Times are UTC."""
    ready()
    from broadsheet.core.lifecycle import Delivery as State
    from broadsheet.delivery import queries

    chosen_states(state, State)
    actor = machine_owner(organization)
    found = queries.deliveries(
        actor, schedule=schedule, state=state, occurrence=identifier(run) if run else None, text=text
    )
    rows = list(found[:limit])
    if as_json:
        say_json([record(one) for one in rows])
        return
    if ids:
        for one in rows:
            typer.echo(str(one.pk))
        return
    table = Table("Id", "Fired, UTC", "Schedule", "Recipient", "Channel", "State", "Tries", "Proof", box=None)
    for one in rows:
        table.add_row(
            str(one.pk)[:SHORT], f"{one.occurrence.fire_at.astimezone(UTC):%d %b %H:%M}", one.occurrence.schedule.name, one.recipient_name,
            one.channel.name, one.state, str(one.attempts), (one.proof or one.reason)[:60],
        )  # fmt: skip
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    console.print(table)
    console.print(f"{len(rows)} of {found.count()}", highlight=False)


def resend(
    delivery: Annotated[list[str] | None, typer.Argument(help="Deliveries by their id, or by its beginning.")] = None,
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
            number = send_again(actor, [_chosen(actor, one) for one in delivery or []], now=now)
    except DeliveryError as error:
        fail(str(error), fix=_retrying(actor, run) if run else "")
    if as_json:
        say_json({"due": number})
    else:
        console.print(f"{number} are due again; the server sends them now, or when it is next up.", highlight=False)


def _chosen(actor: Actor, text: str) -> UUID:
    """The delivery whose id begins with *text*. Ends the command unless it is exactly one."""
    from broadsheet.delivery.queries import deliveries as ledger

    if len(text) >= WHOLE:
        return identifier(text)
    digits = text.replace("-", "").lower()
    if len(digits) < SHORT or not set(digits) <= set("0123456789abcdef"):
        identifier(text)
    first, last = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    found = list(ledger(actor).filter(pk__gte=first, pk__lte=last).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        who = "Several deliveries have" if found else "No delivery has"
        fail(f"{who} an id that begins with “{text}”.", fix="Copy whole ids from “broadsheet deliveries --ids”.")
    return found[0]


def _retrying(actor: Actor, run: str) -> str:
    """What to do where nothing of a run failed for good, but some is still being tried."""
    from broadsheet.delivery.queries import deliveries as ledger

    waits = ledger(actor, occurrence=identifier(run), state="retrying").order_by("next_try_at")
    first = waits.first()
    if first is None:
        return ""
    when = f", next at {said(first.next_try_at)}" if first.next_try_at else ""
    how = f"broadsheet deliveries --run {run} --state retrying --ids | xargs broadsheet resend"
    number = waits.count()
    some = "1 of it is being retried by itself" if number == 1 else f"{number} of it are being retried by themselves"
    return f"{some}{when}. To try at once: {how}"


def identifier(text: str) -> UUID:
    """Ends the command with the fix when *text* is no id."""
    try:
        return UUID(text)
    except ValueError:
        fail(f"“{text}” is not an id.", fix="Copy it from “broadsheet deliveries --ids”.")


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
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "attempts": one.attempts,
        "waits_for": one.waits_for,
        "fallback_of": str(one.fallback_of_id) if one.fallback_of_id else None,
        "taken_over_by": str(one.taken_over_by.pk) if one.taken_over_by else None,
        "next_try_at": one.next_try_at.isoformat() if one.next_try_at else None,
        "settled_at": one.settled_at.isoformat() if one.settled_at else None,
        "proof": one.proof,
        "message_id": one.message_id,
    }
