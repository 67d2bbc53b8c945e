"""`broadsheet limit`: how many runs may go on at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from .named import AsJson, Where
from .output import console, fail, say_json
from .ready import machine_owner, ready
from .refusals import refusals

limit = typer.Typer(help="How many runs may go on at once. Alone: what is set.")
Number = Annotated[int, typer.Argument(metavar="RUNS", help="At once; 0: as many as there are workers for.", min=0)]


@limit.callback(invoke_without_command=True)
def whole(context: typer.Context) -> None:
    """How many runs may go on at once. Alone: what is set."""
    if context.invoked_subcommand is None:
        show()


@limit.command("show")
def show(organization: Where = "", as_json: AsJson = False) -> None:
    """Show the limits of the organization and of the whole installation, and what is in work beside each."""
    ready()
    from broadsheet.runs.actions.limit import installation_limit, limits_of
    from broadsheet.runs.limited import uses

    with refusals():
        actor = machine_owner(organization)
        found = {"installation": installation_limit(), "runs": None, "sources": {}, **limits_of(actor)}
        standing = uses(actor, now=datetime.now(UTC))
    if as_json:
        use = [
            {
                "kind": one.kind,
                "name": one.name,
                "most": one.most,
                "used": one.used,
                "full": one.full,
                "waiting": one.waiting,
            }
            for one in standing
        ]
        say_json({**found, "use": use})
        return
    for one in standing:
        what = f"the {one.kind}" if one.kind in ("installation", "organization") else f"{one.kind} {one.name}"
        waits = f", {one.waiting} waiting" if one.waiting else ""
        console.print(f"{what}: {one.most or 'no limit'} ({one.used} in work{waits})", highlight=False, markup=False)


@limit.command("runs")
def runs(
    number: Number,
    everywhere: Annotated[bool, typer.Option("--installation", help="Of the whole installation.")] = False,
    organization: Where = "",
) -> None:
    """Limit how many runs of the organization, or of the whole installation, go on at once."""
    ready()
    from broadsheet.runs.actions.limit import limit_installation

    if everywhere:
        if organization:
            fail("A limit is of one organization or of the installation.", fix="Leave one of the two out.")
        limit_installation(number or None)
    else:
        _save(organization, runs=number or None)
    console.print(f"At most {number} at once." if number else "No limit.", highlight=False)


@limit.command("source")
def source(
    name: Annotated[str, typer.Argument(help="The source's name.")], number: Number, organization: Where = ""
) -> None:
    """Limit how many runs ask one source at once."""
    ready()
    _save(organization, source=(name, number))
    console.print(
        f"{name}: at most {number} at once." if number else f"{name}: no limit.", highlight=False, markup=False
    )


def _save(organization: str, *, runs: int | None = None, source: tuple[str, int] | None = None) -> None:
    from broadsheet.core.document.loading import Loaded
    from broadsheet.runs.actions.limit import limits_of, save_limits
    from broadsheet.runs.limits_definition import NAME

    actor = machine_owner(organization)
    with refusals():
        data = limits_of(actor)
        if source is None:
            data = {**data, "runs": runs}
        else:
            data = {**data, "sources": {**data.get("sources", {}), source[0]: source[1]}}
            data["sources"] = {name: number for name, number in data["sources"].items() if number}
        save_limits(actor, Loaded("limits", NAME, data, {}, "what you asked"), now=datetime.now(UTC))
