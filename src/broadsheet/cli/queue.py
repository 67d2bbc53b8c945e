"""`broadsheet queue`: what is in work, what waits and why; steer it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from .named import AsJson, Where, show_table, tell
from .output import console, fail, say_json
from .ready import machine_owner, ready
from .refusals import refusals

queue = typer.Typer(help="What is in work, what waits and why. Alone: the list.")
Run = Annotated[str, typer.Argument(metavar="RUN", help="Its id, as the list shows it.")]
PARTS = ("working", "waiting", "sleeping", "held")


@queue.callback(invoke_without_command=True)
def whole(context: typer.Context) -> None:
    """What is in work, what waits and why. Alone: the list."""
    if context.invoked_subcommand is None:
        list_all()


@queue.command("list")
def list_all(organization: Where = "", as_json: AsJson = False) -> None:
    """List runs that have not ended: in work, waiting in their order, sleeping, held."""
    ready()
    from broadsheet.runs.queue import in_plain_words
    from broadsheet.runs.queue import queue as found
    from broadsheet.schedules.definition import PRIORITIES

    levels = {number: name for name, number in PRIORITIES.items()}
    now = datetime.now(UTC)
    with refusals():
        whole = found(machine_owner(organization), now=now)
    rows = [
        {
            "run": str(one.run.pk), "schedule": one.run.schedule.name, "part": part, "fired": one.run.fire_at,
            "priority": levels[one.run.priority], "weight": one.run.weight, "why": in_plain_words(one), "at": one.at,
        }
        for part in PARTS
        for one in getattr(whole, part)
    ]  # fmt: skip
    if as_json:
        say_json(rows)
    elif rows:
        show_table(("run", "schedule", "part", "priority", "why"), rows)
    else:
        console.print("Nothing is in work and nothing waits.")


@queue.command("priority")
def priority(
    run: Run,
    level: Annotated[str, typer.Argument(metavar="PRIORITY", help="highest, high, normal, low or lowest.")],
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Raise or lower a run that has not ended."""
    ready()
    from broadsheet.runs.actions.reprioritize import set_priority

    with refusals():
        found = set_priority(machine_owner(organization), key(run), level, now=datetime.now(UTC))
    tell({"run": run, "priority": level}, f"The run of {found.schedule.name} is {level} now.", as_json=as_json)


@queue.command("next")
def take_next(run: Run, organization: Where = "", as_json: AsJson = False) -> None:
    """Take a run before all others of its organization."""
    ready()
    from broadsheet.runs.actions.reprioritize import take_next

    with refusals():
        found = take_next(machine_owner(organization), key(run), now=datetime.now(UTC))
    tell({"run": run, "next": True}, f"The run of {found.schedule.name} is next.", as_json=as_json)


@queue.command("nodes")
def nodes(as_json: AsJson = False) -> None:
    """List the processes of this installation, and which of them are gone."""
    ready()
    from broadsheet.runs.nodes import nodes

    rows = [
        {
            "name": one.node.name, "kind": one.node.kind, "in_hand": one.in_hand, "places": one.node.places,
            "seen": f"{one.ago.total_seconds():.0f} s ago", "gone": one.gone, "draining": one.node.draining,
            "version": one.node.version,
        }
        for one in nodes()
    ]  # fmt: skip
    if as_json:
        say_json(rows)
    else:
        show_table(("name", "kind", "in_hand", "places", "seen", "gone", "draining"), rows)


def key(text: str) -> UUID:
    """A run's id. Ends the command where it is none."""
    try:
        return UUID(text)
    except ValueError:
        fail(f"“{text}” is not a run's id.", fix="See them with “broadsheet queue”.")
