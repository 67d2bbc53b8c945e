"""`broadsheet skip` and `move`, and `hold --schedule`: choosing something for a single firing to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .instants import instant, said
from .output import console, fail, say_json
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.schedules.models import Schedule

Name = Annotated[str, typer.Argument(help="The schedule's name.")]
At = Annotated[str, typer.Option(help="The firing: its time, ISO 8601; else the next.")]
Why = Annotated[str, typer.Option(help="Stands with its run, and in the journal.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take back what was chosen for it.")]
Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def skip(
    schedule: Name, at: At = "", why: Why = "", undo: Undo = False, organization: Where = "", as_json: AsJson = False
) -> None:
    """Leave out one firing of a schedule."""
    ready()
    from broadsheet.schedules.actions import override

    if undo:
        chosen(override.undo, schedule, organization, as_json, at=at)
    else:
        chosen(override.skip, schedule, organization, as_json, at=at, why=why)


def move(
    schedule: Name,
    to: Annotated[str, typer.Option(help="When it comes instead, ISO 8601.")] = "",
    at: At = "",
    why: Why = "",
    undo: Undo = False,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Let one firing of a schedule come at another time."""
    ready()
    from broadsheet.schedules.actions import override

    if undo:
        chosen(override.undo, schedule, organization, as_json, at=at)
    elif not to:
        fail("Say when the firing comes instead.", fix="Write --to 2026-12-01T08:00+01:00.")
    else:
        chosen(override.move, schedule, organization, as_json, at=at, why=why, to=instant(to))


def chosen(
    act: Callable[..., Schedule], schedule: str, organization: str, as_json: bool, *, at: str, **given: Any
) -> None:
    """Do *act* for the firing at *at*, and tell what is chosen for the schedule's firings then."""
    from broadsheet.schedules.errors import ScheduleError
    from broadsheet.schedules.models.override import overrides_from

    try:
        with refusals():
            found = act(
                machine_owner(organization), schedule, at=instant(at) if at else None, now=datetime.now(UTC), **given
            )
    except ScheduleError as error:
        fail(str(error))
    kept = overrides_from(found.overrides)
    if as_json:
        say_json([one.stored() for one in kept])
        return
    words = {"skip": "is left out", "hold": "is held", "move": "is moved"}
    for one in kept:
        where = f" to {said(one.to)}" if one.to else ""
        console.print(f"{said(one.fire_at)}: {words[one.kind]}{where}", highlight=False, markup=False)
    if not kept:
        console.print("All firings come as the rule says.", highlight=False)
