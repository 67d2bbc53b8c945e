"""`broadsheet hook`: the address under which another system starts a schedule."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .output import console, fail, say_json
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.schedules.models import Hook

hook = typer.Typer(help="Addresses under which other systems start schedules.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The schedule's name.")]
Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@hook.command()
def make(
    schedule: Name,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="The secret before ends now, and not only after a day.")
    ] = False,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Make a schedule's address, or give it a fresh secret, which is shown this once."""
    ready()
    from broadsheet.schedules.actions.hooks import make_hook
    from broadsheet.schedules.errors import ScheduleError

    with refusals():
        try:
            made, secret = make_hook(
                machine_owner(organization), schedule, now=datetime.now(UTC), at_once=at_once
            )  # fmt: skip
        except ScheduleError as error:
            fail(str(error))
    if as_json:
        say_json({**facts(made), "secret": secret})
        return
    for line in (facts(made)["url"], secret):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    console.print("Keep the secret now: it is not shown again.", style="dim")


@hook.command()
def show(schedule: Name, organization: Where = "", as_json: AsJson = False) -> None:
    """Show a schedule's address, without its secret."""
    ready()
    from broadsheet.schedules import queries
    from broadsheet.schedules.actions.hooks import open_hook
    from broadsheet.schedules.errors import ScheduleError

    with refusals():
        try:
            found = open_hook(queries.schedule(machine_owner(organization), schedule, "schedule.edit"))
        except ScheduleError as error:
            fail(str(error))
    if found is None:
        fail(f"“{schedule}” has no trigger address.", fix=f"Make one: broadsheet hook make {schedule}")
    if as_json:
        say_json(facts(found))
        return
    used = f"{found.used_at:%Y-%m-%d %H:%M} UTC" if found.used_at else "never"
    console.print(facts(found)["url"], highlight=False, markup=False, soft_wrap=True)
    console.print(f"Made {found.made_at:%Y-%m-%d} by {found.made_by}; last called: {used}", highlight=False)


@hook.command()
def end(schedule: Name, organization: Where = "", as_json: AsJson = False) -> None:
    """End a schedule's address: nothing opens it from this moment on."""
    ready()
    from broadsheet.schedules.actions.hooks import end_hook
    from broadsheet.schedules.errors import ScheduleError

    with refusals():
        try:
            end_hook(machine_owner(organization), schedule, now=datetime.now(UTC))
        except ScheduleError as error:
            fail(str(error))
    if as_json:
        say_json({"ended": schedule})
    else:
        console.print("The address has ended.", highlight=False)


def facts(one: Hook) -> dict[str, Any]:
    """What is told of an address; never its secret."""
    from broadsheet.schedules.hook_urls import hook_url

    return {
        "url": hook_url(one.pk),
        "made_at": one.made_at,
        "made_by": one.made_by,
        "renewed_at": one.renewed_at,
        "before_until": one.before_until,
        "used_at": one.used_at,
    }
