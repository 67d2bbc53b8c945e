"""`broadsheet may`: may somebody do or see something, and by what."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from .output import console, fail, say_json
from .ready import machine_owner, ready


def may(
    who: Annotated[str, typer.Argument(help="A member's mail address, or a contact's name.")],
    permission: Annotated[str, typer.Argument(help="Such as report.read; empty with --dataset.")] = "",
    on: Annotated[str, typer.Option(help="A thing as kind/name, such as report/purchases.")] = "",
    dataset: Annotated[str, typer.Option(help="May they see this dataset?")] = "",
    field: Annotated[list[str] | None, typer.Option(help="A field of it; may be given several times.")] = None,
    where: Annotated[list[str] | None, typer.Option(help="In the rows where column=value.")] = None,
    address: Annotated[str, typer.Option("--from", help="The network address that they would ask from.")] = "",
    organization: Annotated[str, typer.Option(help="Its short name, where there are several.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Say whether somebody may do or see something, with each step of the decision. Ends with status 1 for no."""
    ready()
    from broadsheet.access.errors import AccessError
    from broadsheet.access.explaining import may_do, may_see, values_of
    from broadsheet.core.policy import Circumstances

    if bool(permission) == bool(dataset):
        fail("Ask for a permission or for a dataset.", fix="Such as: broadsheet may ana@harbour.example report.read")
    given, actor = Circumstances(datetime.now(UTC), address), machine_owner(organization)
    kind, _, name = on.partition("/")
    try:
        if dataset:
            found = may_see(actor, who, dataset, fields=field or (), where=values_of(where or ()), given=given)
        else:
            found = may_do(actor, who, permission, kind=kind, name=name, given=given)
    except AccessError as error:
        fail(str(error))
    if as_json:
        say_json({"question": found.question, "allowed": found.allowed, "answer": found.answer, "steps": [asdict(one) for one in found.steps]})  # fmt: skip
    else:
        console.print(found.question, style="bold", markup=False, highlight=False)
        for step in found.steps:
            console.print(f"{'yes' if step.holds else 'NO '}  {step.about}: {step.why}", markup=False, highlight=False)
        console.print(found.answer, markup=False, highlight=False)
    if not found.allowed:
        raise typer.Exit(1)
