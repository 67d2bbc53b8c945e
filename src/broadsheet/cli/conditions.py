"""`broadsheet conditions`: what a schedule waits for and depends on, as it stands now; `go-ahead`: do not wait."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.table import Table

from .instants import said
from .named import AsJson, Where, tell
from .output import console, fail, say_json
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.schedules.actions.ask_conditions import ConditionsNow
    from broadsheet.schedules.conditions.queries import Standing

WOULD_NOT = 3  # exit status: asked, and a firing would not go on
BARS = "▁▂▃▄▅▆▇█"
PAST = 10  # evaluations that are shown


def conditions(
    schedule: Annotated[str, typer.Argument(help="The schedule's name.")],
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Ask a schedule's conditions now: has its data come, and would its figure let a run go on? Nothing is kept.

    Exit status 3: a firing would not go on now.
    """
    ready()
    from broadsheet.schedules import queries
    from broadsheet.schedules.actions.ask_conditions import conditions_now
    from broadsheet.schedules.conditions.queries import standing
    from broadsheet.schedules.errors import ScheduleError

    actor = machine_owner(organization)
    try:
        with refusals():
            found = queries.schedule(actor, schedule)
            now = conditions_now(actor, schedule, now=datetime.now(UTC))
            state = standing(actor, found, queries.definition_of(found))
    except ScheduleError as error:
        fail(str(error))
    if as_json:
        say_json({**now.facts(), "standing": _stand(state) if state else None})
    else:
        _show(now, state)
    if now.any and not now.would_fire:
        raise typer.Exit(WOULD_NOT)


def go_ahead(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Its id.")],
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Let a run that waits for its data go without. What it sends says that its data is older than it should be."""
    ready()
    from broadsheet.runs.actions.go_ahead import go_ahead as act

    try:
        key = UUID(run)
    except ValueError:
        fail(f"“{run}” is not the id of a run.", fix="Take it from broadsheet queue list.")
    with refusals():
        found = act(machine_owner(organization), key, now=datetime.now(UTC))
    tell({"run": str(found.pk)}, f"The run of {found.schedule.name} goes on without waiting.", as_json=as_json)


def _stand(state: Standing) -> dict[str, object]:
    return {"status": state.status, "since": state.since, "in_a_row": state.in_a_row, "fired_at": state.fired_at}


def _show(now: ConditionsNow, state: Standing | None) -> None:
    if not now.any:
        console.print("It has no conditions: every firing goes on.")
        return
    for one in now.probes:
        _say(f"{'✓' if one.holds else '✗'} {one.text}")
    if now.broken:
        _say(f"✗ {now.broken}")
    if now.figure is not None:
        _say(f"{'✓' if now.figure.verdict == 'fire' else '✗'} {now.figure.reason}")
        if now.figure.series:
            first, last = now.figure.series[0][0], now.figure.series[-1][0]
            _say(f"  {bars([value for _day, value in now.figure.series])}  {first} to {last}")
    _say("A firing would go on now." if now.would_fire else "A firing would not go on now.")
    if state is not None and state.since is not None:
        _say(f"It is {state.status.replace('_', ' ')} since the firing of {said(state.since)}.")
        table = Table("Firing", "Went on", "Why", box=None)
        for past in state.evaluations[:PAST]:
            table.add_row(said(past.fire_at), "yes" if past.verdict == "fire" else "no", past.reason)
        console.print(table)


def _say(text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def bars(values: list[float | None]) -> str:
    """One sign for each value, as high as it; a blank where there is none."""
    known = [one for one in values if one is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    step = (high - low) or 1.0
    return "".join(" " if one is None else BARS[round((one - low) / step * (len(BARS) - 1))] for one in values)
