"""`broadsheet sample`: the lead business that tutorials and trials work with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from broadsheet.sample.leads import Manifest, generate, read_manifest

from broadsheet.home import home
from .output import console, fail, say_json


def sample(
    today: Annotated[str, typer.Option(help="The day the data runs up to, as 2026-11-23; else this one.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Make the sample data: 18 months of leads from 12 sources to 40 buyers, with truths to find.

    It is made once a day at most: a second call finds it ready.
    """
    try:
        day = datetime.strptime(today, "%Y-%m-%d").replace(tzinfo=UTC).date() if today else datetime.now(UTC).date()
    except ValueError:
        fail(f"“{today}” is not a day.", fix="Write it as 2026-11-23.")
    folder = home() / "sample"
    manifest = read_manifest(folder)
    if manifest is None or manifest.today != day:
        folder.mkdir(parents=True, exist_ok=True)
        with Progress(console=console, transient=True, disable=as_json) as progress:
            task = progress.add_task("Sample data")
            manifest = generate(
                folder,
                today=day,
                progress=lambda name, done, total: progress.update(task, description=name, completed=done, total=total),
            )
    files = [
        {"name": fact.name, "rows": fact.rows, "bytes": fact.bytes, "sha256": fact.sha256} for fact in manifest.files
    ]
    if as_json:
        say_json({"folder": str(folder), "today": day.isoformat(), "files": files})
    else:
        _show(manifest, folder=str(folder))


def _show(manifest: Manifest, *, folder: str) -> None:
    console.print(f"Sample data in {folder}", markup=False, highlight=False, soft_wrap=True)
    table = Table("File", "Rows", "Size", box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for fact in manifest.files:
        table.add_row(fact.name, f"{fact.rows:,}", f"{fact.bytes / 1e3:,.0f} kB")
    console.print(table)
