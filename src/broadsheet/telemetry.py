"""Whether an installation wants OpenTelemetry, and what its spans and figures have in common. `tracing` and `instruments` send."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


def wanted() -> bool:
    return bool(os.environ.get(ENDPOINT))


@contextmanager
def needed() -> Iterator[None]:
    """OpenTelemetry is imported inside. Raises RuntimeError where the extra is not installed."""
    try:
        yield
    except ImportError as error:
        fix = "In Broadsheet’s folder: pip install '.[telemetry]'."
        raise RuntimeError(f"{ENDPOINT} is set, and OpenTelemetry is not installed. {fix}") from error


def resource(kind: str) -> Any:
    """Who sends: a process that does *kind*."""
    from opentelemetry.sdk.resources import Resource

    return Resource.create({"service.name": "broadsheet", "broadsheet.process": kind})
