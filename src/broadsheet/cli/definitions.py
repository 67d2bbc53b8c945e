"""`broadsheet plan`, `apply` and `export`: definition files in and out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .output import BAD_INPUT, console, errors, fail, say_json
from .ready import machine_owner, ready

if TYPE_CHECKING:
    from broadsheet.operations.definitions.apply import Change

Place = Annotated[Path, typer.Argument(help="A YAML file, or a folder of them.")]
Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
Force = Annotated[bool, typer.Option("--force", help="Also where something that depends on a dataset breaks.")]
MARKS = {"added": "+", "changed": "~", "same": " "}


def plan(place: Place, organization: Where = "", force: Force = False, as_json: AsJson = False) -> None:
    """Show what the files would change, and change nothing."""
    _carry(place, organization, force=force, as_json=as_json, act="plan")


def apply(place: Place, organization: Where = "", force: Force = False, as_json: AsJson = False) -> None:
    """Make the organization what the files say: all of them or, when one is wrong, none."""
    _carry(place, organization, force=force, as_json=as_json, act="apply")


def export(
    place: Annotated[Path, typer.Argument(help="A folder; it is made if need be.")],
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Write every definition of the organization into a folder. Secrets are never written."""
    ready()
    from broadsheet.operations.definitions.apply import export as exported

    texts = exported(machine_owner(organization))
    for name, text in texts.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    if as_json:
        say_json({"folder": str(place), "files": list(texts)})
    else:
        console.print(f"{len(texts)} definitions written into {place}", markup=False, highlight=False)


def read(place: Path) -> dict[str, str]:
    """The texts of the YAML files at *place*, by their path; ends the command when there is none."""
    found = sorted(place.rglob("*.y*ml")) if place.is_dir() else [place]
    try:
        texts = {str(file): file.read_text("utf-8") for file in found}
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{place} cannot be read: {error}.", fix="Check the path, and save the files as UTF-8.")
    if not texts:
        fail(f"There is no YAML file in “{place}”.", fix="Name a file, or a folder that has some.")
    return texts


def _carry(place: Path, organization: str, *, force: bool, as_json: bool, act: str) -> None:
    texts = read(place)
    ready()
    from broadsheet.core.document.loading import DefinitionError
    from broadsheet.operations.definitions import apply as definitions

    actor = machine_owner(organization)
    try:
        changes = getattr(definitions, act)(actor, texts, now=datetime.now(UTC), force=force)
    except DefinitionError as error:
        _refuse(error, as_json=as_json)
    if as_json:
        say_json([{"kind": one.kind, "name": one.name, "effect": one.effect, "difference": one.difference} for one in changes])  # fmt: skip
    else:
        _show(changes, act=act)


def _show(changes: list[Change], *, act: str) -> None:
    for one in changes:
        console.print(f"{MARKS[one.effect]} {one.kind} {one.name}", markup=False, highlight=False)
        if act == "plan" and one.difference:
            console.print(one.difference, markup=False, highlight=False, style="dim")
    changed = sum(one.effect != "same" for one in changes)
    told = "would change" if act == "plan" else "changed"
    console.print(f"{changed} of {len(changes)} {told}.", highlight=False)


def _refuse(error: Exception, *, as_json: bool) -> None:
    from broadsheet.sources.actions.breaking import Breaking

    problems = error.problems  # type: ignore[attr-defined]
    if as_json:
        say_json({"problems": [{"file": p.file, "line": p.line, "path": p.path, "message": p.message, "fix": p.fix} for p in problems]})  # fmt: skip
    else:
        for problem in problems:
            errors.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        errors.print(f"{len(problems)} to mend; nothing was changed.", style="bold", highlight=False)
        if isinstance(error, Breaking):
            errors.print("To change the datasets all the same, add --force.", highlight=False)
    raise typer.Exit(BAD_INPUT)
