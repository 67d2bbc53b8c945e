"""`broadsheet maintenance`: let everything stand still for a while, and go on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from .instants import instant, said
from .named import AsJson, Where, show_table, tell
from .output import fail, say_json
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor
    from broadsheet.runs.models import Maintenance

maintenance = typer.Typer(help="Windows in which no run begins; what waited goes out afterwards.", no_args_is_help=True)
Reason = Annotated[str, typer.Option(help="Why. Those whose reports come late are told it.")]
Until = Annotated[str, typer.Option("--to", help="When it ends, ISO 8601; else somebody ends it.")]
Source = Annotated[str, typer.Option(help="Only runs that ask this source.")]
Drain = Annotated[float, typer.Option(help="Minutes that runs which go on then have until they are put down.")]
Everywhere = Annotated[bool, typer.Option("--everywhere", help="All organizations of this installation.")]


@maintenance.command("list")
def list_all(
    past: Annotated[bool, typer.Option("--past", help="Also those that are over.")] = False,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """List windows that go on and that are to come."""
    ready()
    from broadsheet.operations.maintenance import windows

    rows = [_row(one) for one in windows(machine_owner(organization), past=past)]
    if as_json:
        say_json(rows)
    else:
        show_table(("id", "starts_at", "over_at", "source", "everywhere", "reason"), rows)


@maintenance.command("plan")
def plan(
    start: Annotated[str, typer.Option("--from", help="When it starts, ISO 8601.")],
    reason: Reason,
    end: Until = "",
    source: Source = "",
    drain: Drain = 5.0,
    everywhere: Everywhere = False,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Plan a window. Owners of schedules that are late by it are told."""
    ready()
    _made(machine_owner(organization), instant(start), end, reason, source, drain, everywhere, as_json=as_json)


@maintenance.command("start")
def start(
    reason: Reason,
    end: Until = "",
    source: Source = "",
    drain: Drain = 5.0,
    everywhere: Everywhere = False,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Begin a window at once."""
    ready()
    _made(machine_owner(organization), datetime.now(UTC), end, reason, source, drain, everywhere, as_json=as_json)


@maintenance.command("end")
def end(
    window: Annotated[str, typer.Argument(metavar="ID", help="Its number in the list.")],
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """End a window that goes on, or call off one that is to come."""
    ready()
    from broadsheet.operations.actions.maintenance import end as end_one

    with refusals():
        ended = end_one(machine_owner(organization), window, now=datetime.now(UTC))
    if not ended:
        fail(f"The maintenance {window} is over already.")
    tell({"ended": int(window)}, "It is over. What waited goes on now.", as_json=as_json)


def _made(
    actor: Actor, start: datetime, end: str, reason: str, source: str, drain: float, everywhere: bool, *, as_json: bool
) -> None:
    from broadsheet.operations.actions.maintenance import plan as plan_one

    now = datetime.now(UTC)
    with refusals():
        made = plan_one(
            actor, starts_at=start, ends_at=instant(end) if end else None, reason=reason, source=source,
            drain=timedelta(minutes=drain), everywhere=everywhere, now=now,
        )  # fmt: skip
    until = said(made.ends_at) if made.ends_at else f"“broadsheet maintenance end {made.pk}”"
    when = "now" if made.starts_at <= now else said(made.starts_at)
    tell(_row(made), f"Maintenance {made.pk}: no run begins from {when} until {until}.", as_json=as_json)


def _row(one: Maintenance) -> dict[str, object]:
    return {
        "id": one.pk, "starts_at": one.starts_at, "over_at": one.over_at, "source": one.source,
        "everywhere": one.organization_id is None, "drain_seconds": one.drain_seconds, "reason": one.reason,
    }  # fmt: skip
