"""Figures of the installation for a monitoring system, from the database: any process answers for all of them.

Labels name organizations by their id alone, and nothing else that belongs to one. What is counted over time is counted
over the last hour, as gauges: rows that age out of a database make no honest counters. Durations are histograms of that
hour. `docs/reference/metrics.md` lists them; a test keeps the two in step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Now
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric

from broadsheet.access.models import Organization
from broadsheet.delivery.models import Delivery
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.runs.nodes import nodes

OVER = timedelta(hours=1)
SAMPLES = 20_000  # rows of one histogram at most, the newest
LATENESS = (1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
DURATION = (1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600)
RENDER = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


def exposition(*, now: datetime) -> bytes:
    """All figures in Prometheus' text format 0.0.4."""
    registry = CollectorRegistry()
    registry.register(_Figures(now))
    return generate_latest(registry)


class _Figures:
    def __init__(self, now: datetime) -> None:
        self._now = now
        self._since = now - OVER
        # Named, so that the indexes that begin with the organization are of use.
        self._places = list(Organization.objects.values_list("pk", flat=True))

    def describe(self) -> Iterable[Metric]:
        return ()  # so that registering asks nothing

    def collect(self) -> Iterator[Metric]:
        yield from self._queue()
        yield from self._runs()
        yield from self._deliveries()
        yield from self._renders()
        yield from self._processes()

    def _queue(self) -> Iterator[Metric]:
        open_ = Occurrence.objects.filter(finished_at__isnull=True)
        depth = GaugeMetricFamily(
            "broadsheet_queue_depth", "Runs that wait for a worker.", labels=("organization", "priority", "weight")
        )
        unclaimed = Q(lease_until__isnull=True) | Q(lease_until__lte=Now())
        awake = Q(wake_at__isnull=True) | Q(wake_at__lte=self._now)
        waiting = open_.filter(unclaimed, awake).exclude(state="held")
        for place, priority, weight, number in _counted(waiting, "organization_id", "priority", "weight"):
            depth.add_metric([str(place), str(priority), weight], number)
        yield depth
        open_runs = GaugeMetricFamily("broadsheet_open_runs", "Runs not ended.", labels=("organization", "state"))
        for place, state, number in _counted(open_, "organization_id", "state"):
            open_runs.add_metric([str(place), state], number)
        yield open_runs
        oldest = waiting.aggregate(at=Min("created_at"))["at"]
        yield GaugeMetricFamily(
            "broadsheet_queue_oldest_seconds", "Since when the oldest run waits.",
            value=(self._now - oldest).total_seconds() if oldest else 0,
        )  # fmt: skip

    def _runs(self) -> Iterator[Metric]:
        ended = Occurrence.objects.filter(organization_id__in=self._places, finished_at__gte=self._since)
        number = GaugeMetricFamily(
            "broadsheet_runs_ended", "Runs that ended in the last hour.", labels=("organization", "state")
        )
        for place, state, count in _counted(ended, "organization_id", "state"):
            number.add_metric([str(place), state], count)
        yield number
        took = ended.filter(begun_at__isnull=False).annotate(value=F("finished_at") - F("begun_at"))
        yield _histogram("broadsheet_run_seconds", "From its begin to its end, last hour.", DURATION, took)
        waited = ended.filter(begun_at__isnull=False).annotate(value=F("begun_at") - F("created_at"))
        yield _histogram("broadsheet_queue_wait_seconds", "From its row to its begin, last hour.", DURATION, waited)
        taken = ended.filter(fence__gt=1).aggregate(number=Count("pk", filter=Q(deaths__gt=0)))["number"]
        still = Occurrence.objects.filter(finished_at__isnull=True, deaths__gt=0).count()
        yield GaugeMetricFamily(
            "broadsheet_lease_takeovers", "Runs taken over from a process that died, open or of the last hour.",
            value=taken + still,
        )  # fmt: skip

    def _deliveries(self) -> Iterator[Metric]:
        settled = Delivery.objects.filter(organization_id__in=self._places, settled_at__gte=self._since)
        number = GaugeMetricFamily(
            "broadsheet_deliveries_settled", "Deliveries settled in the last hour.",
            labels=("organization", "channel", "state"),
        )  # fmt: skip
        for place, kind, state, count in _counted(settled, "organization_id", "channel__kind", "state"):
            number.add_metric([str(place), kind, state], count)
        yield number
        sent = settled.filter(handed_over_at__isnull=False, occurrence__kind="scheduled")
        late = sent.filter(due_at__isnull=True).annotate(value=F("handed_over_at") - F("occurrence__fire_at"))
        yield _histogram(
            "broadsheet_delivery_lateness_seconds", "From when it was due to when it was handed over, last hour.",
            LATENESS, late,
        )  # fmt: skip

    def _renders(self) -> Iterator[Metric]:
        ended = Q(occurrence__finished_at__isnull=True) | Q(occurrence__finished_at__gte=self._since)
        mine = Slice.objects.filter(ended, occurrence__organization_id__in=self._places)
        made = mine.filter(made_at__gte=self._since).annotate(value=F("seconds"))
        place = "occurrence__organization_id"
        yield _histogram("broadsheet_render_seconds", "Drawing one slice, last hour.", RENDER, made, place=place)

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


def _histogram(
    name: str, about: str, bounds: Sequence[float], found: object, *, place: str = "organization_id"
) -> HistogramMetricFamily:
    """Of the ``value`` (a duration, or seconds) that *found* is annotated with."""
    by_place: dict[object, list[float]] = {}
    for key, value in found.order_by("-pk").values_list(place, "value")[:SAMPLES]:  # type: ignore[attr-defined]
        seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
        by_place.setdefault(key, []).append(max(seconds, 0.0))
    family = HistogramMetricFamily(name, about, labels=("organization",))
    for key, values in by_place.items():
        buckets = [(f"{bound:g}", sum(one <= bound for one in values)) for bound in bounds]
        family.add_metric([str(key)], [*buckets, ("+Inf", len(values))], sum(values))
    return family
