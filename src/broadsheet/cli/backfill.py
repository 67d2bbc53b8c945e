"""`broadsheet backfill`: run a schedule for firings that have passed; first only say what that would do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from .deliveries import identifier
from .instants import instant, said
from .output import console, fail, say_json
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor
    from broadsheet.runs.actions.backfill import BackfillPlan, Sending


def backfill(
    schedule: Annotated[str, typer.Argument(help="The schedule's name, or with --stop the backfill's id.")],
    first: Annotated[str, typer.Option("--from", help="Firings from this instant on, ISO 8601.")] = "",
    last: Annotated[str, typer.Option("--to", help="Up to this instant, included; else up to now.")] = "",
    start: Annotated[bool, typer.Option("--start", help="Do it. Without, only say what it would do.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also those that ran already.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Make and keep the files, and send nothing.")] = False,
    send_to: Annotated[str, typer.Option("--to-me", help="Send all of it to this address alone.")] = "",
    at_once: Annotated[int, typer.Option(help="So many of its runs go at a time.")] = 1,
    priority: Annotated[str, typer.Option(help="highest, high, normal, low or lowest.")] = "low",
    why: Annotated[str, typer.Option(help="Stands with the backfill, and in the journal.")] = "",
    stop: Annotated[bool, typer.Option("--stop", help="Stop what is left of a backfill.")] = False,
    organization: Annotated[str, typer.Option(help="Its short name, where there are several.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Run a schedule for firings that have passed and did not run. Without --start, only say what that would do."""
    ready()
    from broadsheet.runs.actions.backfill import plan_backfill, start_backfill
    from broadsheet.schedules.errors import ScheduleError

    actor, now = machine_owner(organization), datetime.now(UTC)
    if stop:
        _stop(actor, schedule, now=now, as_json=as_json)
        return
    if not first:
        fail("Say from when.", fix="Write --from 2026-11-01.")
    since, until = instant(first), instant(last) if last else now
    sending: Sending = "nobody" if keep else "me" if send_to else "recipients"
    try:
        with refusals():
            if not start:
                _tell(
                    plan_backfill(actor, schedule, first=since, last=until, again=again, sending=sending, now=now),
                    to=send_to,
                    as_json=as_json,
                )
                return
            made = start_backfill(
                actor, schedule, first=since, last=until, again=again, sending=sending, address=send_to, at_once=at_once,
                priority=priority, why=why, now=now,
            )  # fmt: skip
    except ScheduleError as error:
        fail(str(error))
    number = made.occurrences.count()
    if as_json:
        say_json({"backfill": str(made.pk), "runs": number})
        return
    console.print(f"{number} runs asked for; the server works on them. To stop what is left:", highlight=False)
    console.print(f"  broadsheet backfill --stop {made.pk}", highlight=False, soft_wrap=True)


def _tell(found: BackfillPlan, *, to: str, as_json: bool) -> None:
    if as_json:
        say_json(
            {
                "firings": [
                    {"fire_at": one.at.isoformat(), "reason": one.reason, "was": one.was, "runs": one.runs}
                    for one in found.firings
                ],
                "runs": len(found.chosen),
                "recipients": found.recipients,
                "deliveries": found.total,
            }
        )
        return
    table = Table("Firing", "Why then", "Ran", "Would run", box=None)
    for one in found.firings:
        table.add_row(said(one.at), one.reason, one.was or "no", "yes" if one.runs else "no")
    console.print(table)
    whom = f", all to {to} and to nobody else" if to else ""
    words = f"{len(found.chosen)} runs for {found.recipients} recipients, {found.total} deliveries{whom}."
    console.print(f"{words} Nothing was done; add --start to do it.", highlight=False)


def _stop(actor: Actor, key: str, *, now: datetime, as_json: bool) -> None:
    from broadsheet.runs.actions.backfill import stop_backfill

    with refusals():
        number = stop_backfill(actor, identifier(key), now=now)
    if as_json:
        say_json({"stopped": number})
    else:
        console.print(f"{number} of its runs are stopped.", highlight=False)
