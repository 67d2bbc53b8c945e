"""`list`, `show` and `remove` of what has a name and a definition file: the same for every kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from .output import console, say_json
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor

Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name.")]


@dataclass(frozen=True, slots=True)
class Named:
    """A kind of thing. ``rows`` are all as JSON tells them, of which the list shows ``columns``; ``data`` is what the
    definition file of one says; ``remove`` ends one. They are called when Django is set up."""

    kind: str
    columns: Sequence[str]
    rows: Callable[[Actor], list[dict[str, Any]]]
    data: Callable[[Actor, str], dict[str, Any]]
    remove: Callable[[Actor, str, datetime], None]


def add_commands(app: typer.Typer, of: Named) -> None:
    """Give *app* the three commands."""

    @app.command("list", help=f"List {of.kind}s.")
    def list_all(organization: Where = "", as_json: AsJson = False) -> None:
        ready()
        with refusals():
            rows = of.rows(machine_owner(organization))
        if as_json:
            say_json(rows)
            return
        show_table(of.columns, rows)

    @app.command("show", help=f"Show a {of.kind} as its definition file says.")
    def show(name: Name, organization: Where = "", as_json: AsJson = False) -> None:
        ready()
        from broadsheet.core.document.loading import dump

        with refusals():
            data = of.data(machine_owner(organization), name)
        if as_json:
            say_json({"name": name, **data})
        else:
            typer.echo(dump(of.kind, name, data), nl=False)

    @app.command("remove", help=f"Remove a {of.kind}.")
    def remove(name: Name, organization: Where = "", as_json: AsJson = False) -> None:
        ready()
        with refusals():
            of.remove(machine_owner(organization), name, datetime.now(UTC))
        tell({"removed": name}, f"The {of.kind} “{name}” is gone.", as_json=as_json)


def show_table(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """*columns* of *rows* as a table; lists with commas, mappings as pairs, what is false left empty."""
    table = Table(*(column.capitalize() for column in columns), box=None)
    for row in rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    console.print(table)


def tell(value: object, sentence: str, *, as_json: bool) -> None:
    """*value* for machines, or the *sentence* for people."""
    if as_json:
        say_json(value)
    else:
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, dict):
        return ", ".join(f"{key}={str(one).lower() if isinstance(one, bool) else one}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
