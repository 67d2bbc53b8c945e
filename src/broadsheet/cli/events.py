"""`broadsheet event`: tell of what happened, and see what it started."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer
from rich.table import Table

from .instants import instant
from .output import console, fail, say_json
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.schedules.models import Event

event = typer.Typer(help="Business events, which start the schedules that listen to them.", no_args_is_help=True)
Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@event.command()
def send(
    name: Annotated[str, typer.Argument(help="The event's name, such as import.finished.")],
    payload: Annotated[
        str, typer.Option(help="A JSON object; @FILE reads it from a file, - from standard input.")
    ] = "",
    key: Annotated[str, typer.Option(help="Telling it again with the same key changes nothing.")] = "",
    at: Annotated[str, typer.Option(help="When it happened, ISO 8601; else now.")] = "",
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Tell of an event. Every schedule that listens to it and whose conditions hold begins a run."""
    ready()
    from broadsheet.schedules.actions.send_event import send_event
    from broadsheet.schedules.errors import ScheduleError
    from broadsheet.schedules.events_seen import event as event_of

    actor = machine_owner(organization)
    happened = instant(at) if at else None
    with refusals():
        try:
            made, new = send_event(
                actor, name, payload=_payload(payload), key=key, at=happened, now=datetime.now(UTC)
            )  # fmt: skip
        except ScheduleError as error:
            fail(str(error))
        found = event_of(actor, made.pk)
    if as_json:
        say_json({**facts(found), "new": new})
        return
    if not new:
        console.print("It was told before.", highlight=False)
    _tell_started(found)


@event.command("list")
def list_events(
    name: Annotated[str, typer.Option(help="Of this name alone.")] = "",
    schedule: Annotated[str, typer.Option(help="That started this schedule.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 20,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """List events, the newest first, with how many runs each started."""
    ready()
    from broadsheet.schedules.events_seen import events

    with refusals():
        found = list(events(machine_owner(organization), name=name, schedule=schedule)[:limit])
    if as_json:
        say_json([facts(one) for one in found])
        return
    table = Table("Id", "When", "Event", "Key", "From", "Started", box=None)
    for one in found:
        started = str(one.number_of_starts) if one.dispatched_at else "soon"  # type: ignore[attr-defined]
        table.add_row(str(one.pk), f"{one.at:%Y-%m-%d %H:%M:%S}", one.name, one.key, one.sent_by, started)
    console.print(table)


@event.command()
def show(
    event_id: Annotated[str, typer.Argument(metavar="ID", help="Its id in “broadsheet event list”.")],
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Show an event, its payload and what it started."""
    ready()
    from broadsheet.schedules.errors import ScheduleError
    from broadsheet.schedules.events_seen import event as event_of

    with refusals():
        try:
            found = event_of(machine_owner(organization), UUID(event_id))
        except ValueError:
            fail(f"“{event_id}” is no id of an event.", fix="Look at “broadsheet event list”.")
        except ScheduleError as error:
            fail(str(error))
    if as_json:
        say_json(facts(found))
        return
    console.print(f"{found.name} at {found.at:%Y-%m-%d %H:%M:%S} UTC, key {found.key}", highlight=False, markup=False)
    say_json(found.payload)
    _tell_started(found)


def facts(one: Event) -> dict[str, Any]:
    """What is told of an event."""
    return {
        "event": str(one.pk),
        "name": one.name,
        "key": one.key,
        "payload": one.payload,
        "at": one.at,
        "received_at": one.received_at,
        "sent_by": one.sent_by,
        "dispatched_at": one.dispatched_at,
        "started": [
            {"schedule": start.schedule.name, "run": str(start.occurrence_id), "state": start.occurrence.state}
            for start in one.starts.all()
        ],
    }


def _tell_started(found: Event) -> None:
    starts = list(found.starts.all())
    if not starts:
        told = "It started nothing: no schedule listens to it, or no conditions hold."
        console.print(told if found.dispatched_at else "It is kept; what it starts follows within a minute.")
    for start in starts:
        run = start.occurrence
        why = "" if run.state == "due" else f", {run.error or run.reason}"
        line = f"{start.schedule.name}: {run.state}{why}  {run.pk}"
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _payload(given: str) -> Any:
    """Ends the command for what cannot be read."""
    from broadsheet.schedules.triggers.payloads import WrongPayload, read

    try:
        text: str | bytes = given
        if given == "-":
            text = sys.stdin.buffer.read()
        elif given.startswith("@"):
            text = Path(given[1:]).read_bytes()
        return read(text)
    except OSError as error:
        fail(f"The file “{given[1:]}” cannot be read: {error.strerror}.")
    except WrongPayload as error:
        fail(str(error))
