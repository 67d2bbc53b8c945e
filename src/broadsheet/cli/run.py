"""`broadsheet run`: a schedule now, by hand, and how it went."""

from __future__ import annotations

import os
import socket
import time
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.progress import BarColumn, Progress, TextColumn

from .instants import instant, said
from .output import console, errors, fail, say_json
from .ownership import owned
from .ready import machine_owner, ready
from .rehearse import rehearse

if TYPE_CHECKING:
    from broadsheet.runs.models import Occurrence

LOOK_SECONDS = 0.2
NOT_ALL_ACCEPTED = 3  # exit status: the run ended, and not every delivery was accepted


def run(
    schedule: Annotated[str, typer.Argument(help="The schedule's name.")],
    at: Annotated[str, typer.Option(help="The instant that periods count from, ISO 8601; else now.")] = "",
    wait: Annotated[bool, typer.Option("--wait", help="Wait until it has ended, or sleeps until a retry.")] = False,
    test_to: Annotated[str, typer.Option(help="Send one recipient's report to this address alone, as a test.")] = "",
    recipient: Annotated[str, typer.Option("--as", help="With --test-to: whose report; else the first one's.")] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say what the next firing would do: nothing is kept or sent.")] = False,
    parameter: Annotated[list[str] | None, typer.Option("-p", help="A parameter of the report, as name=value.")] = None,
    organization: Annotated[str, typer.Option(help="Its short name, where there are several.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:  # fmt: skip
    """Run a schedule now. Without a server that works, this process does the work, and waits as with --wait.

    With --wait the command returns when the run has ended, or when all that is left sleeps until a retry: it then says
    when that is. The retry itself is the server's, so one must run at that time.
    """
    folder = ready()
    from broadsheet.core.policy.roles import Refused
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.runs.actions.run_test import run_test
    from broadsheet.schedules.errors import ScheduleError

    from .embedded import embedded

    actor = machine_owner(organization)
    now = datetime.now(UTC)
    if dry:
        rehearse(actor, schedule, now=now, as_json=as_json)
        return
    begun = time.monotonic()
    try:
        if test_to:
            occurrence = run_test(actor, schedule, recipient=recipient, address=test_to, now=now)
        else:
            asked = instant(at) if at else None
            occurrence = run_now(actor, schedule, now=now, at=asked, given=pairs(parameter or []))
    except (ScheduleError, Refused) as error:
        fail(str(error))
    work_here = not _served(folder)
    with embedded(folder, kind="run") if work_here else nullcontext():
        if wait or work_here:
            ended = watch(occurrence.pk, quiet=as_json)
            _answer(ended, seconds=time.monotonic() - begun, as_json=as_json, served=not work_here)
            return
    if as_json:
        say_json({"run": str(occurrence.pk), "state": occurrence.state})
    else:
        console.print("Asked for. See it with:")
        command = f"  broadsheet deliveries --run {occurrence.pk}"  # a line of its own, to be copied whole
        console.print(command, highlight=False, soft_wrap=True)


def watch(key: UUID, *, quiet: bool = False) -> Occurrence:
    """Show a run's progress until it has ended or sleeps until a retry. Says it when whoever has the run is dead."""
    from broadsheet.runs.models import Occurrence
    from broadsheet.runs.progress import progress_of

    told = ""

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed} of {task.total}"))
    with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
        made = progress.add_task("Slices made", total=None)
        sent = progress.add_task("Deliveries settled", total=None)
        while True:
            run = Occurrence.objects.get(pk=key)
            found = progress_of(run, now=datetime.now(UTC))
            left = f", about {found.left.total_seconds():.0f} s left" if found.left else ""
            progress.update(made, total=found.slices.total or None, completed=found.slices.done)
            progress.update(
                sent,
                total=found.deliveries.total or None,
                completed=found.deliveries.done,
                description=f"Deliveries settled{left}",
            )
            if run.finished_at is not None or (run.wake_at is not None and run.wake_at > datetime.now(UTC)):
                return run
            if run.owner != told and gone(run.owner):
                told = run.owner
                errors.print(_takeover(run), markup=False, highlight=False)
            time.sleep(LOOK_SECONDS)


def gone(owner: str) -> bool:
    """Whether *owner* (host:process:word, as `embedded` writes it) was a process of this machine that has died."""
    host, _, rest = owner.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not rest.isdigit():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _takeover(run: Occurrence) -> str:
    until = f" by {run.lease_until.astimezone(UTC):%H:%M:%S} UTC" if run.lease_until else ""
    return f"The process {run.owner.split(':')[-2]} that had this run has died. Waiting for another to take it{until}."


def pairs(given: list[str]) -> dict[str, str]:
    """``name=value`` options as a mapping."""
    found = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name:
            fail(f"“{one}” is not a parameter.", fix="Write it as name=value.")
        found[name] = value
    return found


def facts(run: Occurrence, *, seconds: float) -> dict[str, object]:
    """What is told of a run that has ended."""
    from broadsheet.delivery.queries import counts
    from broadsheet.runs.models import SliceFile
    from broadsheet.runs.used import used_by

    used = used_by(run)
    files = SliceFile.objects.filter(slice__occurrence=run).exclude(format="mail")
    return {
        "run": str(run.pk),
        "state": run.state,
        "deliveries": counts([run.pk]).get(run.pk, {}),
        "slices": run.slices.count(),
        "artifacts": files.values("artifact").distinct().count(),
        "invalid": run.invalid,
        "error": run.error,
        "retry_at": run.wake_at.isoformat() if run.finished_at is None and run.wake_at else None,
        "seconds": round(seconds, 2),
        "used": None if used is None else asdict(used),
    }


def _answer(run: Occurrence, *, seconds: float, as_json: bool, served: bool) -> None:
    told = facts(run, seconds=seconds)
    if as_json:
        say_json(told)
    else:
        numbers = ", ".join(f"{number} {state}" for state, number in sorted(told["deliveries"].items()))  # type: ignore[attr-defined]
        console.print(f"{run.state}: {numbers or run.reason}", highlight=False, markup=False)
        console.print(f"{told['slices']} slices, {told['artifacts']} files, {told['seconds']} s", highlight=False)
        if run.finished_at is None and run.wake_at is not None:
            console.print(_sleeps(run.wake_at, served=served), style="bold", highlight=False, markup=False)
        if run.error:
            console.print(run.error, style="bold", highlight=False, markup=False)
    _tell_invalid(run)
    if run.state != "accepted":
        raise typer.Exit(NOT_ALL_ACCEPTED)


def _sleeps(at: datetime, *, served: bool) -> str:
    """When a retry comes, and who makes it."""
    from django.db import connection

    if served:
        return f"It sleeps until {said(at)}; the server retries it then."
    if connection.vendor == "sqlite":
        return f"It sleeps until {said(at)}; nothing will be retried until a server runs. Start one: broadsheet up."
    return f"It sleeps until {said(at)}; a server must run then to retry it."


def _tell_invalid(run: Occurrence) -> None:
    """Rows of the audience that got nothing, on standard error, so that nobody takes the run for whole."""
    if not run.invalid:
        return
    number = len(run.invalid)
    rows = (
        "1 row of the audience got nothing; mend it:"
        if number == 1
        else f"{number} rows of the audience got nothing; mend them:"
    )
    errors.print(rows, style="bold red", highlight=False, markup=False)
    for one in run.invalid:
        line = f"  row {one['row']} {one['who']}: {one['message']} {one['fix']}"
        errors.print(line, highlight=False, markup=False, soft_wrap=True)


def _served(folder: Path) -> bool:
    """Whether another process does the work: the lock's holder on SQLite, elsewhere whoever says that it takes runs."""
    from django.db import connection

    from broadsheet.runs.nodes import someone_works

    return owned(folder) if connection.vendor == "sqlite" else someone_works()
