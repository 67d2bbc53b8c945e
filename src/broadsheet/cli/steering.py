"""`broadsheet pause` and `resume` a schedule, and `stop` a run that goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from .deliveries import identifier
from .instants import said
from .output import console, fail, say_json
from .ready import machine_owner, ready
from .refusals import refusals

Name = Annotated[str, typer.Argument(help="The schedule's name.")]
Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def pause(schedule: Name, organization: Where = "", as_json: AsJson = False) -> None:
    """Let a schedule fire no more until it is resumed. What passes meanwhile is not made up for."""
    _steered(schedule, organization, as_json, on=False)


def resume(schedule: Name, organization: Where = "", as_json: AsJson = False) -> None:
    """Let a schedule that is paused fire again, from now on."""
    _steered(schedule, organization, as_json, on=True)


def stop(
    run: Annotated[str, typer.Argument(help="Its id, as “broadsheet queue” shows it.")],
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Stop a run that goes on: what was not sent yet is skipped. What has gone is gone."""
    ready()
    from broadsheet.runs.actions.run_now import stop as stopped
    from broadsheet.runs.errors import UnknownRun

    try:
        with refusals():
            done = stopped(machine_owner(organization), identifier(run), now=datetime.now(UTC))
    except UnknownRun as error:
        fail(str(error))
    if not done:
        fail("The run has ended already.", fix="Look at “broadsheet queue” for those that go on.")
    if as_json:
        say_json({"stopped": run})
        return
    console.print("It stops: what was not sent yet is skipped.", highlight=False)


def _steered(schedule: str, organization: str, as_json: bool, *, on: bool) -> None:
    ready()
    from broadsheet.schedules.actions import steer
    from broadsheet.schedules.errors import ScheduleError

    act = steer.resume if on else steer.pause
    try:
        with refusals():
            found = act(machine_owner(organization), schedule, now=datetime.now(UTC))
    except ScheduleError as error:
        fail(str(error))
    if as_json:
        at = {"paused_at": found.paused_at, "next_fire_at": found.next_fire_at}
        say_json({"schedule": found.name, **{name: one.isoformat() if one else None for name, one in at.items()}})
    elif found.paused_at:
        console.print(f"“{found.name}” is paused: it fires no more until you resume it.", highlight=False, markup=False)
    else:
        when = f"next at {said(found.next_fire_at)}" if found.next_fire_at else "and its rule has no firing to come"
        console.print(f"“{found.name}” fires: {when}.", highlight=False, markup=False)
