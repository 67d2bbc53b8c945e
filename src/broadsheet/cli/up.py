"""`broadsheet up`: everything in one command."""

from __future__ import annotations

import os
import signal
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import uvicorn
from rich.panel import Panel

from .output import console, fail
from .ready import ready
from .sample import make_sample

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
        with embedded(folder), _server(host, port) as stopped:
            if made is not None:
                _first_burst(made)
            _welcome(f"http://{host}:{port}", made, folder)
            stopped.wait()
    except Owned as error:
        fail(str(error), fix="Open its page, or end it first.")


class _server:
    """The web server in a thread of its own; gives an event that is set when it ends or a signal asks for it."""

    def __init__(self, host: str, port: int) -> None:
        config = uvicorn.Config(
            "broadsheet.config.asgi:application", host=host, port=port, log_level="warning", server_header=False,
            timeout_graceful_shutdown=5,
        )  # fmt: skip
        self._socket = _listening(host, port)
        self._server = uvicorn.Server(config)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)

    def __enter__(self) -> threading.Event:
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, lambda *_: self._stopped.set())
        self._thread.start()
        while not self._server.started and not self._stopped.is_set():
            self._stopped.wait(0.05)
        if not self._server.started:
            fail("The web server could not start.", fix="Set BROADSHEET_LOG_LEVEL=INFO to see more.")
        return self._stopped

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except SystemExit:
            pass  # uvicorn's way to say that it could not start; `started` tells
        finally:
            self._stopped.set()


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens there, taken before the server starts, whose own words would be raw. Ends the command."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None) or 0  # Python's own text for it repeats the address
        why = os.strerror(number) if number > 0 else "there is no such port or address"
        fail(f"The port {port} of {host} cannot be had: {why}.", fix="Choose another with --port.")


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
