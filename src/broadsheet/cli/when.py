"""`broadsheet when`: the next firings of a rule, each with its reason, before anything is scheduled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
import yaml
from rich.table import Table

from broadsheet.core.recurrence import Firing, RuleError, Timing, firings, timing_from, words

from .instants import instant
from .output import console, fail, say_json

EXAMPLE = '{every: week, on: [mon], at: "08:00"}'


def when(
    rule: Annotated[str, typer.Argument(help=f"The rule as in a definition file's `when:`, such as {EXAMPLE}")],
    zone: Annotated[str, typer.Option(help="IANA zone, where the rule names none.")] = "UTC",
    after: Annotated[str, typer.Option("--from", help="Firings after this instant, ISO 8601; else after now.")] = "",
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many firings.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Show when a rule fires next, and why then."""
    timing = _timing(rule, zone=zone)
    found = list(firings(timing, after=instant(after) if after else datetime.now(UTC), limit=count))
    if as_json:
        say_json([_record(firing) for firing in found])
        return
    console.print(words(timing), markup=False)
    if not found:
        console.print("It never fires again.")
        return
    table = Table("There", "UTC", "Why then", box=None)
    for firing in found:
        table.add_row(f"{firing.local:%a %d %b %Y %H:%M %Z}", f"{firing.at:%a %d %b %H:%M}", firing.reason)
    console.print(table)


def _timing(rule: str, *, zone: str) -> Timing:
    try:
        data = yaml.safe_load(rule)
    except yaml.YAMLError:
        fail("The rule cannot be read as YAML.", fix=f"Write it as {EXAMPLE}")
    if not isinstance(data, dict):
        fail(f"The rule is not a mapping: {rule}", fix=f"Write it as {EXAMPLE}")
    try:
        return timing_from(data, default_zone=zone)
    except RuleError as error:
        fail(str(error))


def _record(firing: Firing) -> dict[str, object]:
    return {
        "at": firing.at.isoformat(),
        "local": firing.local.isoformat(),
        "reason": firing.reason,
        "moved_from": firing.moved_from.isoformat() if firing.moved_from else None,
    }
