"""`broadsheet up`: everything in one command."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.panel import Panel

from .output import console, fail
from .ready import ready
from .sample import make_sample
from .serving import serving

if TYPE_CHECKING:
    from broadsheet.sample.organization import Made

FIRST = "buyers-monday"


def up(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    sample: Annotated[bool, typer.Option("--sample", help="Make the sample organization and its first burst.")] = False,
) -> None:
    """Serve pages and API, fire schedules, make and send reports, until Ctrl-C."""
    folder = ready(migrate=True, serving=True)
    from .embedded import embedded
    from .ownership import Owned

    made = make_sample(folder) if sample else None
    try:
        with embedded(folder), serving(host, port) as stopped:
            if made is not None:
                _first_burst(made)
            _welcome(f"http://{host}:{port}", made, folder)
            stopped.wait()
    except Owned as error:
        fail(str(error), fix="Open its page, or end it first.")


def _first_burst(made: Made) -> None:
    """The sample's buyers get their reports once, so that there is something to see; later starts find it done."""
    from broadsheet.access.queries import system_actor
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.runs.models import Occurrence

    from .run import facts, watch

    if Occurrence.objects.filter(organization=made.organization).exists():
        return
    begun = datetime.now(UTC)
    actor = system_actor(made.organization.pk, via="cli")
    run = watch(run_now(actor, FIRST, now=begun).pk)
    told = facts(run, seconds=(datetime.now(UTC) - begun).total_seconds())
    numbers = ", ".join(f"{number} {state}" for state, number in sorted(told["deliveries"].items()))  # type: ignore[attr-defined]
    console.print(f"First burst: {numbers}; {told['artifacts']} files in {told['seconds']} s", highlight=False)
    for name in ("briefing-weekdays", "source-quality-monthly"):
        watch(run_now(actor, name, now=datetime.now(UTC)).pk)


def _welcome(address: str, made: Made | None, folder: Path) -> None:
    lines = [f"Broadsheet is serving at {address}"]
    if made is not None:
        lines += [f"Sign in as {made.email}", f"with the password {made.password}"]
    lines += [f"Everything is kept in {folder}", "End it with Ctrl-C; nothing is lost."]
    console.print(Panel("\n".join(lines), expand=False), highlight=False)
