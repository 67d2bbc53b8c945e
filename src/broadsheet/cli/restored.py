"""`broadsheet restored`: declare time of which the database knows nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from .instants import instant, said
from .output import console, fail, say_json
from .ready import ready


def restored(
    since: Annotated[str, typer.Option("--from", help="When the backup was taken, ISO 8601.")],
    until: Annotated[str, typer.Option("--to", help="When the last process ended before the restore; else now.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Say that the database was restored from a backup: whatever may have run in that time waits for a person.

    Servers notice it by themselves, unless their own folder was restored as well. Holds the open runs of all
    organizations that were to run by then, and what fires in that time later. Do this before a server starts.
    """
    ready(migrate=True)
    from broadsheet.runs.actions.hold_restored import hold_restored

    now = datetime.now(UTC)
    begin, end = instant(since), instant(until) if until else now
    if begin >= end:
        fail("The time ends before it begins.", fix="Give the earlier instant with --from.")
    if end > now:
        fail(f"{said(end)} is still to come.", fix="Leave --to out: then it is now.")
    held = hold_restored(begin, end, told_by="command line", now=now)
    if as_json:
        say_json({"from": begin.isoformat(), "to": end.isoformat(), "held": held})
        return
    open_ = "1 open run is" if held == 1 else f"{held} open runs are"
    console.print(f"From {said(begin)} to {said(end)}: {open_} held, and what fires in that time will be.")
    console.print("Release or drop them on their pages, or with “broadsheet release” and “broadsheet drop”.")
