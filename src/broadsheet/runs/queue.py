"""The queue as an actor may see it: what is in work, what waits in which order and why, what sleeps and what is held.

Only runs that the actor may read are in it, so places are counted among those: how long others' queues are is not theirs
to know. Whether a run may begin is decided in `claims`; here it is only told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Now

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor
from broadsheet.runs import maintenance
from broadsheet.runs.admitting import in_work, sources_of
from broadsheet.runs.models import Limits, Maintenance, Occurrence
from broadsheet.runs.queries import runs
from broadsheet.runs.told_sources import Told, told_sources

LONGEST = 200  # rows of a part; the rest is counted
PARTS = ("working", "waiting", "sleeping", "held")
Why = Literal[
    "works", "place", "overlap", "limit", "installation", "source", "maintenance", "wake", "retry", "condition", "held",
    "stop",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Queued:
    """A run with ``why`` it is where it is; ``at`` is when that may change, where that is known; ``text`` is what it waits
    for in its own words, a source's name (empty: not the actor's to know) or a person's reason. ``place`` counts from 1 among what waits for a worker."""

    run: Occurrence
    why: Why
    at: datetime | None = None
    text: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """``working`` by when it began, ``waiting`` in the order in which it is taken, ``sleeping`` by when it wakes, ``held``
    by since when. ``numbers`` count each part whole; ``depth`` is what waits, by priority."""

    working: tuple[Queued, ...]
    waiting: tuple[Queued, ...]
    sleeping: tuple[Queued, ...]
    held: tuple[Queued, ...]
    numbers: dict[str, int]
    depth: dict[int, int]


def queue(actor: Actor, *, now: datetime, most: int = LONGEST, only: str = "", skip: int = 0) -> Queue:
    """All that has not ended, at most *most* runs of each part. *only*: rows of this part alone, without its first *skip*;
    the numbers are of all. Raises Refused."""
    parts = _parts(actor, now=now)
    numbers = {name: found.count() for name, found in parts.items()}
    depth = dict(parts["waiting"].order_by().values_list("priority").annotate(Count("pk")))
    shown = {
        name: list(found[skip : skip + most]) if only in ("", name) and numbers[name] > skip else []
        for name, found in parts.items()
    }
    reasons = _Reasons(actor, now=now) if shown["waiting"] else None
    return Queue(
        tuple(_at_work(one) for one in shown["working"]),
        tuple(reasons.of(one, place=at) for at, one in enumerate(shown["waiting"], start=skip + 1)) if reasons else (),
        tuple(_asleep(one) for one in shown["sleeping"]),
        tuple(Queued(one, "held", text=one.held_reason) for one in shown["held"]),
        numbers,
        depth,
    )


def place_of(actor: Actor, run: Occurrence, *, now: datetime) -> Queued | None:
    """Where one run stands that has not ended; None for one that has, and for one that is not the actor's to read. It costs
    the same however long the queue is. Raises Refused."""
    if run.finished_at is not None:
        return None
    parts = _parts(actor, now=now)
    for name, found in parts.items():
        one = found.filter(pk=run.pk).first()
        if one is None:
            continue
        match name:
            case "working":
                return _at_work(one)
            case "held":
                return Queued(one, "held", text=one.held_reason)
            case "sleeping":
                return _asleep(one)
        place = parts["waiting"].order_by().filter(_before(one)).count() + 1
        return _Reasons(actor, now=now).of(one, place=place)
    return None


def _parts(actor: Actor, *, now: datetime) -> dict[str, QuerySet[Occurrence]]:
    """The parts in their orders, by name."""
    open_ = runs(actor).filter(finished_at__isnull=True)
    awake = Q(wake_at__isnull=True) | Q(wake_at__lte=now)
    return {
        "working": open_.filter(lease_until__gt=Now()).order_by("begun_at", "pk"),
        "waiting": _free(open_).filter(awake).order_by(F("turn_at").asc(nulls_first=True), "fire_at", "pk"),
        "sleeping": _free(open_).exclude(awake).order_by("wake_at", "pk"),
        "held": open_.filter(state=State.HELD).order_by("held_at", "pk"),
    }


def _before(one: Occurrence) -> Q:
    """Those that are taken before *one*, as `_parts` orders what waits."""
    first = Q(fire_at__lt=one.fire_at) | Q(fire_at=one.fire_at, pk__lt=one.pk)
    if one.turn_at is None:
        return Q(turn_at__isnull=True) & first
    return Q(turn_at__isnull=True) | Q(turn_at__lt=one.turn_at) | (Q(turn_at=one.turn_at) & first)


def _free(open_: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
    unclaimed = Q(lease_until__isnull=True) | Q(lease_until__lte=Now())
    return open_.filter(unclaimed).exclude(state=State.HELD)


def _at_work(one: Occurrence) -> Queued:
    return Queued(one, "stop" if one.stop_asked_at else "works")


def _asleep(one: Occurrence) -> Queued:
    if one.state == State.WAITING:
        return Queued(one, "condition", one.wake_at, one.error)
    return Queued(one, "retry" if one.tries or one.error else "wake", one.wake_at, one.error)


def going(organization_id: int) -> Counter[int]:
    """How many runs of each schedule of the organization are in work, by the schedules' ids."""
    return Counter(in_work().filter(organization_id=organization_id).values_list("schedule_id", flat=True))


class _Reasons:
    """Why each run of an organization waits, asked once for all of them."""

    def __init__(self, actor: Actor, *, now: datetime) -> None:
        self._actor = actor
        self._organization_id = organization_id = actor.organization_id
        self._going = going(organization_id)
        limits = {
            one.organization_id: one
            for one in Limits.objects.filter(Q(organization_id=organization_id) | Q(organization__isnull=True))
        }
        self._limits, whole = limits.get(organization_id), limits.get(None)
        self._closed_to_all = whole is not None and whole.runs is not None and in_work().count() >= whole.runs
        self._windows = self._closed(now)
        self._sources: dict[int, frozenset[str]] = {}
        self._told: Told | None = None

    def _closed(self, now: datetime) -> list[tuple[Maintenance, set[int] | None]]:
        """Open windows with the schedules that they concern; None: all."""
        here = [
            one for one in maintenance.open_windows(now=now) if one.organization_id in (None, self._organization_id)
        ]
        return [(one, self._asking(one.source) if one.source else None) for one in here]

    def _asking(self, source: str) -> set[int]:
        return set(maintenance.schedules_asking(self._organization_id, source).values_list("pk", flat=True))

    def of(self, one: Occurrence, *, place: int) -> Queued:
        if one.stop_asked_at is not None:
            return Queued(one, "stop", place=place)
        for window, schedules in self._windows:
            if schedules is None or one.schedule_id in schedules:
                return Queued(one, "maintenance", window.over_at, window.reason, place)
        begins = one.state != State.RUNNING
        if begins and self._going[one.schedule_id] >= one.definition.get("policies", {}).get("at_once", 1):
            return Queued(one, "overlap", place=place)
        full = self._full(one)
        return Queued(one, full[0], text=full[1], place=place) if full else Queued(one, "place", place=place)

    def _full(self, one: Occurrence) -> tuple[Why, str] | None:
        limits = self._limits
        if self._closed_to_all:
            return "installation", ""
        if limits is None:
            return None
        if limits.runs is not None and self._going.total() >= limits.runs:
            return "limit", f"{limits.runs}"
        for name in sorted(self._asked(one.schedule_id) & set(limits.sources)) if limits.sources else ():
            busy = sum(number for key, number in self._going.items() if name in self._asked(key))
            if busy >= limits.sources[name]:
                return "source", name if self._may_name(name) else ""
        return None

    def _may_name(self, source: str) -> bool:
        if self._told is None:
            self._told = told_sources(self._actor)
        return source in self._told

    def _asked(self, schedule_id: int) -> frozenset[str]:
        if schedule_id not in self._sources:
            self._sources[schedule_id] = sources_of(self._organization_id, schedule_id)
        return self._sources[schedule_id]


def in_plain_words(one: Queued) -> str:
    """Why, in English, for machines' logs, the API and the command line; pages have words of their own."""
    until = f" until {one.at:%Y-%m-%d %H:%M} UTC" if one.at else ""
    words = {
        "works": "in work",
        "place": f"number {one.place}, waits for a free worker",
        "overlap": "waits for the run of the same schedule before it",
        "limit": f"waits: {one.text} runs at once is the organization's limit",
        "installation": "waits: as many runs go on as the installation may do at once",
        "source": f"waits: as many as may ask {f'the source “{one.text}”' if one.text else 'another source'}",
        "maintenance": f"waits{until}: maintenance ({one.text})",
        "wake": f"waits{until}",
        "retry": f"tried again{until}: {one.text}",
        "condition": f"looks again{until}: {one.text}",
        "held": f"held: {one.text}",
        "stop": "is being stopped",
    }
    return words[one.why].removesuffix(": ")
