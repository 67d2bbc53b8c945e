"""Figures for OpenTelemetry, where an installation wants them: off, and costing nothing, until `start` finds an endpoint.

They name an organization by its number and nothing else of anybody's. What is counted is the business of those who call;
what stands at a moment (`watch`) is asked when it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from broadsheet import telemetry

Labels = Mapping[str, str]
Look = Callable[[], Iterable[tuple[float, Labels]]]
"""The values of a figure now, each with its labels."""


class _Instruments:
    """The process's meter and what was made of it, by name; None while it is off."""

    meter: Any = None
    provider: Any = None
    made: dict[str, Any] = {}  # one a process
    looks: dict[str, Look] = {}


def start(kind: str) -> bool:
    """Send figures to where OTEL_EXPORTER_OTLP_ENDPOINT says, by OTLP over HTTP, from now on; False where it says nothing. *kind* is
    what the process does. Raises RuntimeError where the extra is not installed."""
    if not telemetry.wanted():
        return False
    with telemetry.needed():
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    stop()
    reader = PeriodicExportingMetricReader(OTLPMetricExporter())
    _Instruments.provider = MeterProvider(
        metric_readers=[reader], resource=telemetry.resource(kind), shutdown_on_exit=False
    )
    _Instruments.meter = _Instruments.provider.get_meter("broadsheet")
    for name, look in _Instruments.looks.items():
        _gauge(name, look)
    return True


def stop() -> None:
    """Send what is left, and be off."""
    if _Instruments.provider is not None:
        _Instruments.provider.shutdown()
    _Instruments.provider = _Instruments.meter = None
    _Instruments.made = {}


def add(name: str, labels: Labels) -> None:
    """One more of the counter *name*."""
    if _Instruments.meter is not None:
        _made(name, lambda meter: meter.create_counter(name)).add(1, dict(labels))


def record(name: str, seconds: float, labels: Labels, *, bounds: Sequence[float]) -> None:
    """A length of time, for the histogram *name* with those *bounds*."""
    if _Instruments.meter is not None:
        made = _made(
            name,
            lambda meter: meter.create_histogram(name, unit="s", explicit_bucket_boundaries_advisory=list(bounds)),
        )
        made.record(seconds, dict(labels))


def watch(name: str, look: Look) -> None:
    """*look* whenever figures are sent from now on, also where they are switched on later."""
    _Instruments.looks[name] = look
    if _Instruments.meter is not None:
        _gauge(name, look)


def forget() -> None:
    """What was to be watched is not any more."""
    _Instruments.looks = {}


def _gauge(name: str, look: Look) -> None:
    from opentelemetry.metrics import Observation

    def asked(_options: object) -> list[Any]:
        return [Observation(value, dict(labels)) for value, labels in look()]

    _made(name, lambda meter: meter.create_observable_gauge(name, callbacks=[asked]))


def _made(name: str, make: Callable[[Any], Any]) -> Any:
    found = _Instruments.made.get(name)
    if found is None:
        found = _Instruments.made[name] = make(_Instruments.meter)
    return found
