"""Figures reach a collector by OTLP over HTTP, each end once, and cost nothing while nobody wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.plugins.django import NOW
from tests.test_tracing import collector

from broadsheet import instruments, telemetry
from broadsheet.operations import counting
from broadsheet.operations.metrics import watch_queue

pytestmark = pytest.mark.feature("SCH-25")
__all__ = ["collector"]


@pytest.fixture(autouse=True)
def off() -> Iterator[None]:
    yield
    instruments.stop()
    instruments.forget()


def told(bodies: list[bytes]) -> dict[str, Any]:
    """The last word on each figure."""
    found: dict[str, Any] = {}
    for body in bodies:
        for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            for scope in resource.scope_metrics:
                found |= {one.name: one for one in scope.metrics}
    return found


def test_it_is_off_without_an_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(telemetry.ENDPOINT, raising=False)
    assert not instruments.start("scheduler")
    instruments.add("broadsheet.runs", {"state": "failed"})
    instruments.record("broadsheet.run.duration", 1.0, {}, bounds=(1.0,))
    instruments.stop()


def test_who_counts_tells_what_ended_and_every_scheduler_the_queue(
    collector: list[bytes],
    shop: object,
    finish: Callable[..., Any],
    actor: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.runs.models import Occurrence

    watch_queue()
    assert instruments.start("scheduler")
    run = finish(run_now(actor("owner"), "buyers-monday", now=NOW))
    Occurrence.objects.filter(pk=run.pk).update(finished_at=NOW, begun_at=NOW - timedelta(seconds=20))
    run_now(actor("owner"), "buyers-monday", now=NOW + timedelta(seconds=1))
    for minutes in (0, 2, 4):
        monkeypatch.setattr(counting, "database_now", lambda minutes=minutes: NOW + timedelta(minutes=minutes))
        counting.count_all()
    instruments.stop()
    found = told(collector)
    [runs] = found["broadsheet.runs"].sum.data_points
    assert (runs.as_int, found["broadsheet.runs"].sum.is_monotonic) == (1, True)
    assert {one.key: one.value.string_value for one in runs.attributes} == {
        "organization": str(run.organization_id),
        "state": "accepted",
    }
    [took] = found["broadsheet.run.duration"].histogram.data_points
    assert (took.count, took.sum, list(took.explicit_bounds)) == (1, 20.0, list(counting.DURATION))
    assert sum(point.as_int for point in found["broadsheet.deliveries"].sum.data_points) == 3
    [deep] = found["broadsheet.queue.depth"].gauge.data_points
    assert deep.as_int == 1
    for word in (b"buyers", b"Ada", b"ada@", b"Purchases", b"shop", b"Harbour"):
        assert word not in b"".join(collector)
