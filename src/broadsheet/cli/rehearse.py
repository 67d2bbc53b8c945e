"""`broadsheet run --dry-run`: what a schedule's next firing would do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.table import Table

from .instants import said
from .output import console, fail, say_json

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor
    from broadsheet.delivery.models import Delivery
    from broadsheet.runs.actions.dry_run import DryRun
    from broadsheet.schedules.actions.ask_conditions import ConditionsNow


def rehearse(actor: Actor, name: str, *, now: datetime, as_json: bool) -> None:
    """Say it. Ends the command with the reason where the run would fail."""
    from broadsheet.core.policy.roles import Refused
    from broadsheet.runs.actions.dry_run import dry_run
    from broadsheet.schedules.errors import ScheduleError

    try:
        found = dry_run(actor, name, now=now)
    except (ScheduleError, Refused) as error:
        fail(str(error))
    if as_json:
        say_json(found.facts())
    else:
        _show(found)


def _show(found: DryRun) -> None:
    console.print(f"The firing of {said(found.fire_at)} would make {found.slices} slices and {found.files} files, with the data of now. Nothing was kept or sent.", highlight=False, markup=False, soft_wrap=True)  # fmt: skip
    for line in _conditions(found.conditions):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    table = Table("Recipient", "Channel", "Rows", "State", "Leaves", "Why", box=None)
    for one in found.deliveries:
        row = one.delivery
        table.add_row(row.recipient_name, row.channel.name, str(one.rows), str(row.state), _leaves(row), row.reason)
    console.print(table)
    for bad in found.invalid:
        console.print(f"Row {bad.row} {bad.who}: {bad.message} {bad.fix}", style="bold", highlight=False, markup=False)


def _conditions(now: ConditionsNow) -> Iterator[str]:
    """What would keep the run from that, with the data of now."""
    if now.any:
        yield from (f"{'✓' if one.holds else '✗'} {one.text}" for one in now.probes)
        if now.broken:
            yield f"✗ {now.broken}"
        if now.figure is not None:
            yield f"{'✓' if now.figure.verdict == 'fire' else '✗'} {now.figure.reason}"
        yield "By its conditions it would go on." if now.would_fire else "By its conditions it would not go on now."


def _leaves(row: Delivery) -> str:
    """On the recipient's own clock."""
    if row.due_at is None:
        return "with the run"
    return f"{row.due_at.astimezone(ZoneInfo(row.zone)):%a %d %b %H:%M} {row.zone}"
