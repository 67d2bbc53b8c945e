"""Figures of the installation for a monitoring system, from the database: any process answers for all of them.

Labels name organizations by their number alone, and nothing else that belongs to one. What happened is counted into totals
that only grow (`counting`); what stands now is asked now. `docs/reference/metrics.md` lists them; a test keeps the two in
step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import close_old_connections
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from broadsheet import instruments
from broadsheet.delivery.models import Gate
from broadsheet.runs.models import CountedUntil, Occurrence, Total
from broadsheet.runs.nodes import nodes

from .counting import BOUNDS, COUNTERS

ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "runs": "Runs that ended, by how.",
        "deliveries": "Deliveries that were settled, by how.",
        "run_duration": "From the begin of a run to its end.",
        "queue_wait": "From a run's row to its begin, with what it waits on purpose.",
        "delivery_lateness": "From when a delivery of a firing was due to when it was handed over.",
        "render_duration": "Drawing one slice.",
    }
)


def exposition(*, now: datetime) -> bytes:
    """All figures in Prometheus' text format 0.0.4."""
    registry = CollectorRegistry()
    registry.register(_Figures(now))
    return generate_latest(registry)


class _Figures:
    def __init__(self, now: datetime) -> None:
        self._now = now

    def describe(self) -> Iterable[Metric]:
        return ()  # so that registering asks nothing

    def collect(self) -> Iterator[Metric]:
        yield from self._queue()
        yield from self._totals()
        yield from self._channels()
        yield from self._processes()

    def _queue(self) -> Iterator[Metric]:
        open_ = Occurrence.objects.filter(finished_at__isnull=True)
        depth = GaugeMetricFamily(
            "broadsheet_queue_depth", "Runs that wait for a worker.", labels=("organization", "priority", "weight")
        )
        waiting = _waiting(self._now)
        for place, priority, weight, number in _counted(waiting, "organization_id", "priority", "weight"):
            depth.add_metric([str(place), str(priority), weight], number)
        yield depth
        open_runs = GaugeMetricFamily("broadsheet_open_runs", "Runs not ended.", labels=("organization", "state"))
        for place, state, number in _counted(open_, "organization_id", "state"):
            open_runs.add_metric([str(place), state], number)
        yield open_runs
        awake = Greatest("created_at", Coalesce("wake_at", "created_at"))  # what slept on purpose waits since it woke
        oldest = waiting.aggregate(at=Min(awake))["at"]
        yield GaugeMetricFamily(
            "broadsheet_queue_oldest_seconds", "Since when the oldest run waits.",
            value=(self._now - oldest).total_seconds() if oldest else 0,
        )  # fmt: skip

        yield GaugeMetricFamily(
            "broadsheet_open_runs_taken_over", "Runs that go on after the process that worked on them died.",
            value=open_.filter(deaths__gt=0).count(),
        )  # fmt: skip

    def _totals(self) -> Iterator[Metric]:
        counters = {
            name: CounterMetricFamily(f"broadsheet_{name}", ABOUT[name], labels=("organization", *labels))
            for name, labels in COUNTERS.items()
        }
        lengths = {
            name: HistogramMetricFamily(f"broadsheet_{name}_seconds", ABOUT[name], labels=("organization",))
            for name in BOUNDS
        }
        for one in Total.objects.order_by("organization_id", "name", "labels"):
            place = str(one.organization_id)
            if one.name in counters:
                counters[one.name].add_metric([place, *one.labels.split("\t")], one.number)
            elif one.name in lengths:
                bounds = zip(BOUNDS[one.name], one.buckets, strict=False)
                buckets = [(f"{bound:g}", number) for bound, number in bounds]
                lengths[one.name].add_metric([place], [*buckets, ("+Inf", one.number)], one.sum)
        yield from counters.values()
        yield from lengths.values()
        until = CountedUntil.objects.values_list("at", flat=True).first()
        yield GaugeMetricFamily(
            "broadsheet_counted_until_timestamp_seconds", "Until when all that ended is in the counters.",
            value=until.timestamp() if until else 0,
        )  # fmt: skip

    def _channels(self) -> Iterator[Metric]:
        out = GaugeMetricFamily(
            "broadsheet_channels_left_alone",
            "Channels that fail and are left alone.",
            labels=("organization", "channel"),
        )
        left_alone = Gate.objects.filter(opened_at__isnull=False)
        for place, kind, number in _counted(left_alone, "channel__organization_id", "channel__kind"):
            out.add_metric([str(place), kind], number)
        yield out

    def _processes(self) -> Iterator[Metric]:
        ages = GaugeMetricFamily(
            "broadsheet_node_age_seconds", "Since when a process was not seen.", labels=("node", "kind")
        )
        busy = GaugeMetricFamily("broadsheet_node_runs", "Runs that a process has in hand.", labels=("node", "kind"))
        for one in nodes():
            ages.add_metric([one.node.name, one.node.kind], one.ago.total_seconds())
            busy.add_metric([one.node.name, one.node.kind], one.in_hand)
        yield ages
        yield busy


def _counted(found: QuerySet[Any], *fields: str) -> Iterator[tuple[Any, ...]]:
    yield from found.order_by().values_list(*fields).annotate(Count("pk"))


def _waiting(now: datetime) -> QuerySet[Occurrence]:
    unclaimed = Q(lease_until__isnull=True) | Q(lease_until__lte=Now())
    awake = Q(wake_at__isnull=True) | Q(wake_at__lte=now)
    return Occurrence.objects.filter(unclaimed, awake, finished_at__isnull=True).exclude(state="held")


def watch_queue() -> None:
    """Tell OpenTelemetry how deep the queue is: for processes that schedule, which all say the same."""

    def depth() -> Iterator[tuple[float, Mapping[str, str]]]:
        close_old_connections()  # asked now and then by a thread that does nothing else
        for place, priority, number in _counted(_waiting(timezone.now()), "organization_id", "priority"):
            yield number, {"organization": str(place), "priority": str(priority)}

    instruments.watch("broadsheet.queue.depth", depth)
