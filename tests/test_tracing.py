"""Spans reach a collector by OTLP over HTTP, carry ids alone, and cost nothing while nobody wants them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet import telemetry, tracing

pytestmark = pytest.mark.feature("SCH-25")


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """The bodies that a collector on loopback was sent."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(telemetry.ENDPOINT, f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    yield bodies
    tracing.stop()
    server.shutdown()
    server.server_close()


def test_it_is_off_without_an_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(telemetry.ENDPOINT, raising=False)
    assert not tracing.start("worker")
    with tracing.span("plan", run=1):
        tracing.record("render", seconds=1.0)


def test_a_run_is_told_by_ids_alone(
    collector: list[bytes], shop: object, finish: Callable[..., Any], actor: Callable[[str], Any]
) -> None:
    from broadsheet.runs.actions.run_now import run_now

    run = run_now(actor("owner"), "buyers-monday", now=NOW)
    assert tracing.start("worker")
    finish(run)
    tracing.stop()
    told = b"".join(collector)
    for name in (b"plan", b"ask", b"render", b"send"):
        assert name in told
    assert str(run.pk).encode() in told
    for word in (b"buyers", b"Ada", b"ada@", b"Purchases", b"shop", b"Harbour"):
        assert word not in told


def test_what_is_raised_is_told_by_its_class(collector: list[bytes]) -> None:
    tracing.start("worker")
    with pytest.raises(ValueError), tracing.span("plan", run=1):
        raise ValueError("Ada Stone")
    tracing.stop()
    told = b"".join(collector)
    assert b"ValueError" in told and b"Ada" not in told
