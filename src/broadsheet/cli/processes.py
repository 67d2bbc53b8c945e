"""`broadsheet web`, `scheduler` and `worker`: the parts of an installation as processes of their own, as many as wanted."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from .output import console, fail
from .ready import ready


class Weight(StrEnum):
    """Which runs a worker takes."""

    LIGHT = "light"
    HEAVY = "heavy"


ProbeHost = Annotated[str, typer.Option(help="Address for --port.")]
ProbePort = Annotated[int, typer.Option(help="Answer /livez and /readyz at this port; 0: nowhere.", min=0, max=65535)]


def web(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve pages and API alone, until Ctrl-C. Needs PostgreSQL; schedulers and workers do the rest."""
    _apart("web")
    from broadsheet.runs.nodes import own_name, present

    from .serving import serving

    with serving(host, port) as stopped, present(own_name(), kind="web"):
        console.print(f"Pages and API are at http://{host}:{port}.", highlight=False)
        stopped.wait()


def scheduler(host: ProbeHost = "127.0.0.1", port: ProbePort = 0) -> None:
    """Fire schedules and tell workers of them, until Ctrl-C. Any number may go side by side; none leads."""
    _apart("scheduler")
    from broadsheet.runs.nodes import own_name, present

    from .embedded import dispatching, scheduling
    from .probing import probing
    from .serving import until_told

    stopped = until_told()
    with present(own_name(), kind="scheduler"), scheduling(dispatching()), probing(host, port):
        console.print("Firing what is due.", highlight=False)
        stopped.wait()


def worker(
    only: Annotated[Weight | None, typer.Option(help="Take light or heavy runs alone; else both.")] = None,
    runs: Annotated[int, typer.Option(help="Runs at once; 0: as BROADSHEET_RUNS_AT_ONCE says.", min=0)] = 0,
    host: ProbeHost = "127.0.0.1",
    port: ProbePort = 0,
) -> None:
    """Make and send runs, until Ctrl-C: what is in hand then is left for the next worker. Any number may go side by side."""
    _apart("worker")
    from .embedded import dispatching, working
    from .probing import probing
    from .serving import until_told

    stopped = until_told()
    weights = (only.value,) if only else tuple(Weight)
    with working(dispatching(), weights=weights, places=runs) as owner, probing(host, port):
        console.print(f"Working as {owner}.", highlight=False, markup=False)
        stopped.wait()


def _apart(what: str) -> None:
    """Ready to be one of several processes. Ends the command on SQLite."""
    ready(migrate=True, serving=True)
    from django.db import connection

    if connection.vendor == "sqlite":
        fix = "Use “broadsheet up”, or set BROADSHEET_DATABASE_URL to a PostgreSQL database."
        fail(f"SQLite has one process that works, so there is no {what} beside it.", fix=fix)
