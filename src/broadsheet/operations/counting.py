"""Count what ended into totals that only grow, each end once whichever process counts it.

An end is counted a minute after it came, on the database's clock, so that transactions which take long and clocks that go a
little wrong are not missed; what a person sends again ends again, and counts again. The totals begin when the
installation first counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import transaction
from django.db.models import F, Q

from broadsheet import instruments
from broadsheet.access.models import Organization
from broadsheet.clock import database_now
from broadsheet.delivery.models import Delivery
from broadsheet.runs.models import CountedUntil, Occurrence, Slice, Total

LATE = timedelta(seconds=60)  # ends may be written so long after their moment
STEP = timedelta(minutes=10)  # at most counted in one go; after a standstill several catch up
LATENESS = (1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
DURATION = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
RENDER = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
BOUNDS: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "run_duration": DURATION,
        "queue_wait": DURATION,
        "delivery_lateness": LATENESS,
        "render_duration": RENDER,
    }
)
COUNTERS: Mapping[str, tuple[str, ...]] = MappingProxyType({"runs": ("state",), "deliveries": ("channel", "state")})
"""By name the labels beside the organization, in the order in which a total has them."""


@dataclass(slots=True)
class Part:
    """What is to be added to one total."""

    number: int = 0
    sum: float = 0.0
    buckets: list[int] = field(default_factory=list)


Key = tuple[int, str, str]
Found = tuple[int, str, tuple[str, ...], float | None]


def count_ended() -> bool:
    """Add what has ended since the last count to the totals; whether there is more to count at once. Where another process is
    just counting, its turn is awaited, and little is left then."""
    with transaction.atomic():
        CountedUntil.objects.get_or_create(pk=1, defaults={"at": database_now() - LATE})
        until = CountedUntil.objects.select_for_update().get(pk=1)
        now = database_now()
        end = min(now - LATE, until.at + STEP)
        if end <= until.at:
            return False
        found = list(_ended(until.at, end))
        _add(found)
        CountedUntil.objects.filter(pk=1).update(at=end)
    for organization, name, labels, seconds in found:
        _tell(organization, name, labels, seconds)
    return end < now - LATE


def count_all() -> None:
    """Until nothing is left to count."""
    while count_ended():
        pass


def _ended(start: datetime, end: datetime) -> Iterator[Found]:
    """Organization, name, labels and, of a histogram, seconds of all that ended after *start* and until *end*."""
    # Named, so that the indexes that begin with the organization are of use.
    places = list(Organization.objects.values_list("pk", flat=True))
    yield from _runs(places, start, end)
    yield from _deliveries(places, start, end)
    renders = Slice.objects.filter(
        Q(occurrence__finished_at__isnull=True) | Q(occurrence__finished_at__gt=start),
        occurrence__organization_id__in=places, made_at__gt=start, made_at__lte=end,
    )  # fmt: skip
    for place, seconds in renders.values_list("occurrence__organization_id", "seconds"):
        yield place, "render_duration", (), seconds


def _runs(places: list[int], start: datetime, end: datetime) -> Iterator[Found]:
    mine = Occurrence.objects.filter(organization_id__in=places, finished_at__gt=start, finished_at__lte=end)
    fields = ("organization_id", "state", "created_at", "begun_at", "finished_at")
    for place, state, created, begun, finished in mine.values_list(*fields):
        yield place, "runs", (state,), None
        if begun is not None:
            yield place, "run_duration", (), _seconds(finished - begun)
            yield place, "queue_wait", (), _seconds(begun - created)


def _deliveries(places: list[int], start: datetime, end: datetime) -> Iterator[Found]:
    mine = Delivery.objects.filter(organization_id__in=places, settled_at__gt=start, settled_at__lte=end)
    rows = mine.annotate(kind=F("occurrence__kind"), planned=F("occurrence__fire_at")).values_list(
        "organization_id", "channel__kind", "state", "handed_over_at", "due_at", "kind", "planned"
    )
    for place, channel, state, handed_over, due, kind, planned in rows:
        yield place, "deliveries", (channel, state), None
        if handed_over is not None and kind == "scheduled":
            yield place, "delivery_lateness", (), _seconds(handed_over - (due or planned))


def _add(found: list[Found]) -> None:
    parts: dict[Key, Part] = {}
    for place, name, labels, seconds in found:
        part = parts.setdefault((place, name, "\t".join(labels)), Part())
        part.number += 1
        if seconds is not None:
            bounds = BOUNDS[name]
            part.buckets = part.buckets or [0] * len(bounds)
            part.sum += seconds
            for at in range(bisect_left(bounds, seconds), len(bounds)):
                part.buckets[at] += 1
    for (place, name, label), part in parts.items():
        total, _ = Total.objects.get_or_create(organization_id=place, name=name, labels=label)
        before = total.buckets or [0] * len(part.buckets)
        total.number, total.sum = total.number + part.number, total.sum + part.sum
        total.buckets = [old + new for old, new in zip(before, part.buckets, strict=True)]
        total.save()


def _tell(organization: int, name: str, labels: tuple[str, ...], seconds: float | None) -> None:
    """To OpenTelemetry, by the process that counted it: so it is told once."""
    given = {"organization": str(organization), **dict(zip(COUNTERS.get(name, ()), labels, strict=True))}
    if seconds is None:
        instruments.add(f"broadsheet.{name}", given)
    else:
        instruments.record(f"broadsheet.{name.replace('_', '.', 1)}", seconds, given, bounds=BOUNDS[name])


def _seconds(length: timedelta) -> float:
    return max(length.total_seconds(), 0.0)
