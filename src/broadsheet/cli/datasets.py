"""`broadsheet dataset`: what can be asked, asking it by name, and who uses it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table

from .output import console, fail, say_json
from .ready import machine_owner, ready

if TYPE_CHECKING:
    from broadsheet.core.document.tables import Column, DataTable, Value
    from broadsheet.core.policy import Actor
    from broadsheet.runs.lineage import Lineage

dataset = typer.Typer(help="Datasets: what can be asked, and who uses it.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The dataset.")]
Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@dataset.command("list")
def listed(organization: Where = "", as_json: AsJson = False) -> None:
    """List the datasets with their sources and owners."""
    ready()
    from broadsheet.sources.queries import datasets, definition_of

    found = [(one, definition_of(one)) for one in datasets(machine_owner(organization)).order_by("name")]
    if as_json:
        say_json([_facts(one.name, told) for one, told in found])
        return
    table = Table("Dataset", "Source", "Sensitivity", "Owner", "Certified", box=None)
    for one, told in found:
        table.add_row(one.name, told.source, told.sensitivity, told.owner, "yes" if told.certified else "")
    console.print(table)


@dataset.command()
def show(name: Name, organization: Where = "", as_json: AsJson = False) -> None:
    """Show a dataset's dimensions and metrics."""
    ready()
    from broadsheet.sources.errors import SourceError
    from broadsheet.sources.queries import dataset as found_by
    from broadsheet.sources.queries import definition_of

    try:
        told = definition_of(found_by(machine_owner(organization), name))
    except SourceError as error:
        fail(str(error))
    fields = [
        {"name": d.name, "what": "dimension", "kind": d.kind, "label": d.label, "sensitivity": d.sensitivity, "from": d.join or d.expression or d.name}
        for d in told.dataset.askable.values()
    ] + [
        {"name": m.name, "what": "metric", "kind": m.kind, "label": m.label, "sensitivity": m.sensitivity, "from": m.expression or ", ".join(m.parts)}
        for m in told.dataset.metrics.values()
    ]  # fmt: skip
    if as_json:
        say_json({**_facts(name, told), "fields": fields})
        return
    console.print(f"{told.label}: {told.description}".rstrip(": "), markup=False, highlight=False)
    table = Table("Name", "What", "Kind", "Label", "Sensitivity", "From", box=None)
    for one in fields:
        table.add_row(*one.values())
    console.print(table)


@dataset.command()
def ask(
    name: Name,
    metric: Annotated[list[str] | None, typer.Option(help="A metric; repeat it for more.")] = None,
    by: Annotated[list[str] | None, typer.Option(help="A dimension, a grain such as month, or dimension:grain.")] = None,
    where: Annotated[list[str] | None, typer.Option(help="A condition, as “source = Web” or “source in Web, Mail”.")] = None,
    period: Annotated[str, typer.Option(help="As reports take it, such as “last month”; empty: all times.")] = "",
    order: Annotated[list[str] | None, typer.Option(help="A column; - in front sorts downwards.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Rows at most.")] = 1000,
    fill: Annotated[bool, typer.Option("--fill", help="Add rows for periods without any.")] = False,
    form: Annotated[Literal["table", "csv", "json"], typer.Option("--format", help="table, csv or json.")] = "table",
    person: Annotated[str, typer.Option("--as", help="With the rights of the member with this address.")] = "",
    organization: Where = "",
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Ask a dataset by name: metrics by dimensions."""
    ready()
    from broadsheet.api.resources.reports import as_csv, plain
    from broadsheet.core.policy.roles import Refused
    from broadsheet.runs.actions.explore import Wanted, conditions, explore
    from broadsheet.sources.errors import SourceError

    actor = _asker(organization, person)
    try:
        wanted = Wanted(
            tuple(metric or ()), tuple(by or ()), conditions(where or ()), period, tuple(order or ()), limit, fill
        )  # fmt: skip
        table = explore(actor, name, wanted, now=datetime.now(UTC))
    except (SourceError, Refused) as error:
        fail(str(error))
    if as_json or form == "json":
        columns = [column.name for column in table.columns]
        rows = [[plain(value) for value in row] for row in table.rows]
        say_json({"columns": columns, "rows": rows, "truncated": table.truncated, "withheld": table.withheld})
    elif form == "csv":
        typer.echo(as_csv(table).encode(), nl=False)
    else:
        _table(table)


@dataset.command("lineage")
def show_lineage(
    name: Name,
    field: Annotated[str, typer.Option(help="One dimension or metric of it.")] = "",
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Show where a dataset comes from, and which reports and schedules use it."""
    ready()
    from dataclasses import asdict

    from broadsheet.runs.lineage import lineage
    from broadsheet.sources.errors import SourceError

    try:
        found = lineage(machine_owner(organization), name, field)
    except SourceError as error:
        fail(str(error))
    if as_json:
        say_json(asdict(found))
    else:
        _lineage(found)


def _asker(organization: str, person: str) -> Actor:
    from .people import member

    machine = machine_owner(organization)
    return member(machine, person) if person else machine


def _facts(name: str, told: object) -> dict[str, object]:
    keys = ("label", "description", "source", "owner", "sensitivity", "certified")
    return {"name": name, **{key: getattr(told, key) for key in keys}}


def _table(table: DataTable) -> None:
    shown = Table(*(column.name for column in table.columns), box=None)
    for column, one in zip(table.columns, shown.columns, strict=True):
        one.justify = (
            "right" if column.kind in ("integer", "number", "money", "percent") and not column.grain else "left"
        )
    for row in table.rows:
        shown.add_row(*(_said(column, value) for column, value in zip(table.columns, row, strict=True)))
    console.print(shown)
    if table.truncated:
        console.print("There are more rows; raise --limit.", style="dim")
    if table.withheld:
        said = f"Not shown: {table.withheld} groups, so that none of fewer than {table.least} can be made out."
        console.print(said, style="dim", highlight=False)


def _said(column: Column, value: Value) -> str:
    """A value for people: figures with the decimals that suit their kind, rates in per cent."""
    if value is None or isinstance(value, str | bool) or column.grain:
        return "" if value is None else str(value)
    if not isinstance(value, int | float | Decimal):
        return str(value)
    from broadsheet.core.document.numbers import numbers_for

    numbers = numbers_for("en")
    if column.kind == "percent":
        return numbers.percent(value, 1 if column.decimals is None else column.decimals)
    usual = 0 if column.kind == "integer" or isinstance(value, int) else 2
    return numbers.number(value, usual if column.decimals is None else column.decimals)


def _lineage(found: Lineage) -> None:
    def say(text: str, indent: int = 0) -> None:
        console.print(f"{'  ' * indent}{text}", markup=False, highlight=False)

    say(f"source {found.source} ({found.engine}): {', '.join(found.tables)}")
    say(f"dataset {found.dataset}" + (f", field {found.field}" if found.field else ""), 1)
    for word, names in (
        ("joins", found.joins),
        ("joined by", found.joined_by),
        ("made of", found.made_of),
        ("makes", found.makes),
    ):
        if names:
            say(f"{word}: {', '.join(names)}", 2)
    for report in found.reports:
        say(f"report {report.name}", 2)
        for request in report.requests:
            say(f"line {request.line}: data {request.name} asks {', '.join(request.used) or 'rows'}", 3)
            for block in request.blocks:
                say(f"line {block.line}: {block.kind} {block.title}".rstrip() + f" shows {', '.join(block.used)}", 4)
    for schedule in found.schedules:
        taken = f", audience by {', '.join(schedule.audience)}" if schedule.audience else ""
        taken += f", conditions on {', '.join(schedule.conditions)}" if schedule.conditions else ""
        say(f"schedule {schedule.name} sends {schedule.report} by {', '.join(schedule.channels)}{taken}", 2)
    if found.unseen:
        say(f"and {found.unseen} that you may not see", 2)
