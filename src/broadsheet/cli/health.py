"""`broadsheet health`: how schedules do."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from .named import AsJson, Where, show_table
from .output import console, fail, say_json
from .ready import machine_owner, ready


def health(
    schedule: Annotated[str, typer.Argument(help="Of this schedule alone.")] = "",
    last: Annotated[int, typer.Option(help="So many runs of each.", min=1, max=200)] = 30,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """How the last runs of each schedule went: lateness, waiting, duration, success; those in trouble first."""
    ready()
    from broadsheet.operations.health import health as found
    from broadsheet.schedules.errors import ScheduleError

    try:
        rows = found(machine_owner(organization), schedule=schedule, last=last)
    except ScheduleError as error:
        fail(str(error))
    told = [
        {
            "schedule": one.schedule.name, "runs": one.runs,
            "success": None if one.success is None else round(one.success, 4),
            "late p50": said(one.lateness.p50), "late p95": said(one.lateness.p95), "wait p95": said(one.wait.p95),
            "took p50": said(one.duration.p50), "took p95": said(one.duration.p95), "trend": one.lateness.trend,
        }
        for one in rows
    ]  # fmt: skip
    if as_json:
        say_json(told)
    elif told:
        columns = ("schedule", "runs", "success", "late p50", "late p95", "wait p95", "took p50", "took p95", "trend")
        show_table(columns, told)
    else:
        console.print("No schedule has run yet.")


def said(one: timedelta | None) -> str:
    """ "12.3 s"; empty where there is none."""
    return "" if one is None else f"{one.total_seconds():.1f} s"
