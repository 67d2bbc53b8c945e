"""`/livez` and `/readyz` of a process that serves no pages, so that whoever runs it sees whether it lives and works.

As of a web process (`api.health`), and nothing else is there: no page, no figure, no word about what is wrong. Whether its
threads get on is told by the list of processes, whose rows they write.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .serving import listening

SECONDS = 5.0  # a prober that sends its question slower than this gets no answer


@contextmanager
def probing(host: str, port: int) -> Iterator[None]:
    """Answer at *host* and *port* until the block ends; port 0: nowhere. Ends the command where they cannot be had."""
    if not port:
        yield
        return
    server = _Server((host, port), _Probes, bind_and_activate=False)
    server.socket.close()
    server.socket = listening(host, port)
    threading.Thread(target=server.serve_forever, name="probes", daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A prober that hangs up is nobody's fault."""


class _Probes(BaseHTTPRequestHandler):
    timeout = SECONDS
    server_version, sys_version = "broadsheet", ""

    def do_GET(self) -> None:
        status, said = _answer(self.path.partition("?")[0])
        body = json.dumps({"status": said}).encode()
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), ("Cache-Control", "no-store")):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Probes come every few seconds; nobody wants to read of them."""


def _answer(path: str) -> tuple[HTTPStatus, str]:
    from broadsheet.operations.readiness import READINESS

    if path == "/livez":
        return HTTPStatus.OK, "ok"
    if path != "/readyz":
        return HTTPStatus.NOT_FOUND, "There are /livez and /readyz."
    wrong = READINESS.wrong()
    return (HTTPStatus.SERVICE_UNAVAILABLE, f"Not ready: {', '.join(wrong)}.") if wrong else (HTTPStatus.OK, "ok")
