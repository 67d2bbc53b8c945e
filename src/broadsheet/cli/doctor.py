"""`broadsheet doctor`: is this installation well, and what to do if not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from .output import console, say_json
from .ready import ready

SICK = 4  # exit status: something needs mending
MARKS = {"ok": "[green]✓[/green]", "warn": "[yellow]![/yellow]", "bad": "[red]✗[/red]"}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False) -> None:
    """Check configuration, database, clock, storage, fonts, sources and channels; say the fix for what is wrong."""
    ready()
    from broadsheet.operations.checks import check_all

    findings = check_all(now=datetime.now(UTC))
    if as_json:
        say_json([{"check": f.check, "verdict": f.verdict, "message": f.message, "fix": f.fix} for f in findings])
    else:
        for one in findings:
            console.print(f"{MARKS[one.verdict]} [bold]{one.check}[/bold]", highlight=False)
            console.print(f"  {one.message} {one.fix}".rstrip(), markup=False, highlight=False)
    if any(one.verdict == "bad" for one in findings):
        raise typer.Exit(SICK)
