"""The web server in a block, and the signals that end a process."""

from __future__ import annotations

import os
import signal
import socket
import threading

import uvicorn

from .output import fail


def until_told() -> threading.Event:
    """An event that is set when a signal asks the process to end."""
    stopped = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: stopped.set())
    return stopped


class serving:
    """The web server in a thread of its own; gives an event that is set when it ends or a signal asks for it."""

    def __init__(self, host: str, port: int) -> None:
        config = uvicorn.Config(
            "broadsheet.config.asgi:application", host=host, port=port, log_level="warning", server_header=False,
            timeout_graceful_shutdown=5,
        )  # fmt: skip
        self._socket = listening(host, port)
        self._server = uvicorn.Server(config)
        self._stopped = until_told()
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)

    def __enter__(self) -> threading.Event:
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


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there, taken before the server starts, whose own words would be raw. Ends the command."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None) or 0  # Python's own text for it repeats the address
        why = os.strerror(number) if number > 0 else "there is no such port or address"
        fail(f"The port {port} of {host} cannot be had: {why}.", fix="Choose another with --port.")
