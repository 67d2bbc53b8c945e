"""`broadsheet source`: copies of sources brought up to date, statistics asked for, a dataset to begin with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.table import Table

from .instants import said
from .output import alike, console, fail, say_json
from .ready import machine_owner, ready

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor
    from broadsheet.sources.models import SourceCopy

WRONG = 4  # exit status: the other side did not give what it was asked for
DAY_SECONDS = 86_400.0

source = typer.Typer(help="Sources that are copied, such as LeadConduit.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The source.")]
Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
Many = typer.Option


@source.command("list")
def listed(organization: Where = "", as_json: AsJson = False) -> None:
    """List the copies: what each holds, up to when, and what went wrong. Times are UTC."""
    ready()
    from broadsheet.sources.copies import copies

    found = list(copies(machine_owner(organization)))
    if as_json:
        say_json([{"source": one.source.name, **_facts(one)} for one in found])
        return
    table = Table("Source", "Events", "Last event", "Last sync", "What went wrong", box=None)
    for one in found:
        table.add_row(one.source.name, f"{one.rows:,}", _at(one.last_at), _at(one.synced_at), one.said)
    console.print(table)


@source.command()
def sync(
    name: Name,
    seconds: Annotated[float, typer.Option(min=1, help="Stop after so long; the rest comes by itself.")] = DAY_SECONDS,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Fetch what came since. It also runs by itself, every quarter of an hour or as the source's settings say.

    Ends with status 4 when something went wrong; what was fetched before stays.
    """
    actor = _actor(organization)
    from broadsheet.sources.actions.sync import sync_source
    from broadsheet.sources.errors import SourceError

    try:
        done = sync_source(actor, name, now=datetime.now(UTC), seconds=seconds)
    except SourceError as error:
        _fail(actor, name, error)
    if as_json:
        say_json({"new": done.new, "whole": done.whole, **_facts(done.copy)})
    else:
        rest = "" if done.whole or done.copy.said else " There is more; it comes by itself."
        console.print(f"{done.new:,} new, {done.copy.rows:,} in all.{rest}", highlight=False)
        if done.copy.said:
            console.print(done.copy.said, style="bold red", highlight=False, markup=False)
    if done.copy.said:
        raise typer.Exit(WRONG)


@source.command()
def stats(
    name: Name,
    type_: Annotated[list[str] | None, Many("--type", help="A type of event; may be repeated.")] = None,
    group_by: Annotated[list[str] | None, Many(help="A field to group by; may be repeated.")] = None,
    column: Annotated[list[str] | None, Many(help="What to count, such as source-success; may be repeated.")] = None,
    interval: Annotated[str, Many(help="minutely, hourly, daily, weekly, monthly or yearly.")] = "",
    timezone: Annotated[str, Many(help="Such as America/Chicago.")] = "",
    start: Annotated[str, Many(help="A date or an instant; by default today.")] = "",
    end: Annotated[str, Many(help="A date or an instant; by default today.")] = "",
    every_event: Annotated[bool, Many("--every-event", help="Count events, not leads.")] = False,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Ask the other side for its own counts, now."""
    actor = _actor(organization)
    from broadsheet.sources.actions.statistics import statistics
    from broadsheet.sources.copying import Statistics
    from broadsheet.sources.errors import SourceError
    from broadsheet.sources.secured.counted import rows_of

    asked = Statistics(
        types=tuple(type_ or ()), group_by=tuple(group_by or ()), interval=interval, zone=timezone, start=start, end=end,
        columns=tuple(column or ()), by_lead=not every_event,
    )  # fmt: skip
    try:
        found = statistics(actor, name, asked)
    except SourceError as error:
        _fail(actor, name, error)
    if as_json:
        say_json({"columns": found.column_names, "rows": rows_of(found)})
        return
    table = Table(*found.column_names, box=None)
    for row in rows_of(found):
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    console.print(table)


@source.command()
def starter(
    name: Name,
    show: Annotated[bool, typer.Option("--show", help="Print the definition, and keep nothing.")] = False,
    organization: Where = "",
) -> None:
    """Make the dataset that the source begins with; one of that name that is there stays as it is."""
    actor = _actor(organization)
    from broadsheet.core.document.loading import DefinitionError, dump
    from broadsheet.sources.actions.starter import make_starter, starter_of
    from broadsheet.sources.errors import SourceError

    try:
        if show:
            found = starter_of(actor, name)
            typer.echo(dump("dataset", found.name, found.data), nl=False)
            return
        made, effect = make_starter(actor, name, now=datetime.now(UTC))
    except SourceError as error:
        _fail(actor, name, error)
    except DefinitionError as error:
        fail(str(error))
    words = {"added": "is made", "changed": "is changed", "same": "is there already, and stays as it is"}
    console.print(f"The dataset “{made.name}” {words[effect]}.", highlight=False)


def _actor(organization: str) -> Actor:
    ready()
    return machine_owner(organization)


def _fail(actor: Actor, name: str, error: Exception) -> NoReturn:
    from broadsheet.sources.errors import UnknownSource
    from broadsheet.sources.queries import sources

    near = alike(name, [one.name for one in sources(actor)]) if isinstance(error, UnknownSource) else ""
    fail(str(error), fix=near.strip())


def _at(moment: datetime | None) -> str:
    return said(moment) if moment else "never"


def _facts(copy: SourceCopy) -> dict[str, Any]:
    return {
        "rows": copy.rows, "first_at": copy.first_at, "last_at": copy.last_at, "size": copy.size,
        "synced_at": copy.synced_at, "tried_at": copy.tried_at, "due_at": copy.due_at, "said": copy.said,
    }  # fmt: skip
