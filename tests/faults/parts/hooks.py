"""An HTTP server outside the product: one that answers, one that drips its answer, and one whose answer never ends."""

from __future__ import annotations

import base64
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

KEY = "whsec_" + base64.b64encode(b"faults and their witnesses").decode()
FLOOD = 10_000_000_000  # bytes promised
PIECE = b"x" * 65_536


@dataclass
class Hooks:
    """``calls`` by path, ``ids`` the webhook-ids of calls that were taken, ``flooded`` the bytes of the endless answer."""

    port: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)
    flooded: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def enter(self, client: httpx.Client, name: str, path: str, *, seconds: float) -> None:
        """A channel that leads to *path*, entered through the API: secrets stand in no definition file."""
        url = f"http://127.0.0.1:{self.port}{path}"
        body = {
            "definition": {"kind": "webhook", "settings": {"url": url, "seconds": seconds}}, "secrets": {"secret": KEY},
        }  # fmt: skip
        answer = client.put(f"/api/v1/channels/{name}", json=body)
        assert answer.is_success, answer.text


@contextmanager
def hooks() -> Iterator[Hooks]:
    made = Hooks()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            made.calls[self.path] += 1
            made.ids.append(self.headers.get("webhook-id", ""))
            self.send_response(200)
            self.send_header("Content-Length", str(FLOOD if self.path == "/flood" else 600))
            try:
                if self.path == "/drip":
                    self._drip()
                self.end_headers()
                while self.path == "/flood" and not made.over.is_set():
                    made.flooded += self.wfile.write(PIECE)
                self.wfile.write(b"x" * 600)
            except OSError:  # the other side hung up
                self.close_connection = True

        def _drip(self) -> None:
            """The head of the answer, a byte a second."""
            for one in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 600:
                if made.over.wait(1):
                    return
                self.wfile.write(bytes([one]))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.over.set()
        server.shutdown()
        thread.join(timeout=10)
