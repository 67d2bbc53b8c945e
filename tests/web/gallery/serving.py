"""Serves rendered pages and static files on loopback under the strict policy that the real server has.

By hand: `python -m tests.web.gallery.serving`, then open the address that it prints.
"""

from __future__ import annotations

import json
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.web.gallery.pages import PAGES
from tests.web.gallery.rendering import STATIC, render

from broadsheet.core.markup import script, stylesheet
from broadsheet.core.theme import DEFAULT

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"
)
PLACES = [{"label": "buyers-monday", "href": "/schedule", "hint": "schedule"}]
BARE = '<!doctype html><html lang="en"><title>Part</title><body><h1>Buyer performance</h1><p>A part of a page.</p>'


class Handler(BaseHTTPRequestHandler):
    """Answers from what was rendered before; anything unknown is a small page of its own."""

    def __init__(self, rendered: dict[str, str], *args: object) -> None:
        self.rendered = rendered
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            return self.answer(file.read_bytes(), mimetypes.guess_type(file.name)[0] or "text/plain")
        if path == "/brand.css":
            return self.answer(b":root { --brand-light: #025975; --brand-dark: #6dbfe2; }", "text/css")
        if path == "/report.css":
            return self.answer(stylesheet(DEFAULT).encode(), "text/css")
        if path == "/report.js":
            return self.answer(script().encode(), "text/javascript")
        if path == "/places.json":
            return self.answer(json.dumps(PLACES).encode(), "application/json")
        self.answer(self.rendered.get(path.strip("/"), BARE).encode(), "text/html; charset=utf-8")

    do_POST = do_GET

    def answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the test's own output is what matters."""


@contextmanager
def serve(port: int = 0) -> Iterator[str]:
    """The address of a server that has every page of the gallery under its name."""
    rendered = {name: render(template, context) for name, (template, context) in PAGES.items()}
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, rendered))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    import sys

    with serve(8002) as address:
        sys.stdout.write("\n".join(f"{address}/{name}" for name in PAGES) + "\n")
        threading.Event().wait()
