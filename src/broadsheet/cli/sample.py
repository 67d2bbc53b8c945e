"""`broadsheet sample`: the lead business that tutorials and trials work with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from .output import console, fail, say_json
from .ready import ready

if TYPE_CHECKING:
    from broadsheet.sample.leads import Manifest
    from broadsheet.sample.organization import Made


def sample(
    today: Annotated[str, typer.Option(help="The day the data runs up to, as 2026-11-23; else this one.")] = "",
    renew: Annotated[
        bool,
        typer.Option("--renew", help="Bring its definitions back to this release’s; what was changed in them is lost."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Make the sample organization and its data: 18 months of leads from 12 sources to 40 buyers, with truths to find.

    The data is made once a day at most: a second call finds it ready. Definitions that are there stay as they are.
    """
    try:
        day = datetime.strptime(today, "%Y-%m-%d").replace(tzinfo=UTC).date() if today else None
    except ValueError:
        fail(f"“{today}” is not a day.", fix="Write it as 2026-11-23.")
    folder = ready(migrate=True)
    made = make_sample(folder, day=day, quiet=as_json, renew=renew)
    from broadsheet.sample.leads import read_manifest

    manifest = read_manifest(folder / "sample")
    assert manifest is not None  # it was just made
    if as_json:
        files = [
            {"name": fact.name, "rows": fact.rows, "bytes": fact.bytes, "sha256": fact.sha256}
            for fact in manifest.files
        ]
        told = {
            "folder": str(folder / "sample"),
            "today": manifest.today.isoformat(),
            "files": files,
            "organization": made.organization.slug,
            "email": made.email,
        }
        say_json({**told, "renewed": _renewed(made)} if renew else told)
    else:
        _show(manifest, made, folder=folder / "sample")


def make_sample(folder: Path, *, day: date | None = None, quiet: bool = False, renew: bool = False) -> Made:
    """Data up to *day* (None: up to today) and the organization over it; its definitions are kept unless *renew*."""
    from django.conf import settings

    from broadsheet.sample.organization import make_organization

    make_data(folder / "sample", day=day or datetime.now(UTC).date(), quiet=quiet)
    return make_organization(folder, now=datetime.now(UTC), catcher_port=settings.CATCHER_PORT, renew=renew)


def make_data(folder: Path, *, day: date, quiet: bool) -> None:
    """The data files, unless they are there for that *day*."""
    from broadsheet.sample.leads import generate, read_manifest

    manifest = read_manifest(folder)
    if manifest is not None and manifest.today == day:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with Progress(console=console, transient=True, disable=quiet) as progress:
        task = progress.add_task("Sample data")
        generate(
            folder,
            today=day,
            progress=lambda name, done, total: progress.update(task, description=name, completed=done, total=total),
        )


def _show(manifest: Manifest, made: Made, *, folder: Path) -> None:
    console.print(f"Sample data in {folder}", markup=False, highlight=False, soft_wrap=True)
    table = Table("File", "Rows", "Size", box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for fact in manifest.files:
        table.add_row(fact.name, f"{fact.rows:,}", f"{fact.bytes / 1e3:,.0f} kB")
    console.print(table)
    changed = _renewed(made)
    if made.changes:
        console.print(
            f"Organization {made.organization}: {len(changed)} of {len(made.changes)} definitions new or changed"
        )
        for line in changed:
            console.print(f"  {line}", markup=False, highlight=False)
    else:
        console.print(f"Organization {made.organization}: its definitions stay as they are (--renew brings back ours)")
    console.print(f"Sign in as {made.email} with the password {made.password}", highlight=False)


def _renewed(made: Made) -> list[str]:
    return [f"{one.kind} {one.name}" for one in made.changes if one.effect != "same"]
