"""Spans for OpenTelemetry, where an installation wants them: off, and costing nothing, until `start` finds an endpoint.

Spans carry ids and nothing else: no name, address or text of anybody's leaves the installation by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import time_ns
from typing import Any

from broadsheet import telemetry

NANOSECONDS = 1_000_000_000


class _Tracing:
    """The process's tracer; None while it is off."""

    tracer: Any = None
    provider: Any = None


def start(kind: str) -> bool:
    """Send spans to where OTEL_EXPORTER_OTLP_ENDPOINT says, by OTLP over HTTP, from now on; False where it says nothing. *kind* is
    what the process does. Raises RuntimeError where the extra is not installed."""
    if not telemetry.wanted():
        return False
    with telemetry.needed():
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    stop()
    provider = TracerProvider(resource=telemetry.resource(kind))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _Tracing.provider, _Tracing.tracer = provider, provider.get_tracer("broadsheet")
    return True


def stop() -> None:
    """Send what is left, and be off."""
    if _Tracing.provider is not None:
        _Tracing.provider.shutdown()
    _Tracing.provider = _Tracing.tracer = None


@contextmanager
def span(name: str, **ids: object) -> Iterator[None]:
    """What happens inside is the span *name*. What is raised marks it as failed by its class alone."""
    if _Tracing.tracer is None:
        yield
        return
    given = {f"broadsheet.{key}": str(value) for key, value in ids.items()}
    with _Tracing.tracer.start_as_current_span(
        name, attributes=given, record_exception=False, set_status_on_exception=False
    ) as one:
        try:
            yield
        except BaseException as error:
            from opentelemetry.trace import StatusCode

            one.set_status(StatusCode.ERROR)
            one.set_attribute("error.type", type(error).__name__)
            raise


def record(name: str, *, seconds: float, **ids: object) -> None:
    """A span that ended just now, of what another process did."""
    if _Tracing.tracer is None:
        return
    given = {f"broadsheet.{key}": str(value) for key, value in ids.items()}
    now = time_ns()
    one = _Tracing.tracer.start_span(name, attributes=given, start_time=now - int(seconds * NANOSECONDS))
    one.end(end_time=now)
