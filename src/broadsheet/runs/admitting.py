"""Whether a run may begin beside those that go on: overlap of its schedule, limits of its organization and sources.

A limit counts runs that are in work. One that sleeps until a retry takes no place, and takes one again when it wakes.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Q, QuerySet
from django.db.models.functions import Now

from broadsheet.core.document.loading import DefinitionError
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.reports import queries as reports
from broadsheet.runs.models import Limits, Occurrence
from broadsheet.schedules.models import Schedule
from broadsheet.sources import queries as sources


class Room:
    """For one look at the queue: what was found full stays full for the rest of it, so that a long queue before a full
    place is not in others' way."""

    def __init__(self, *, now: datetime, limited: bool = True) -> None:
        """*limited*: there are limits to be read."""
        self._now = now
        self._limited = {one.organization_id: one for one in Limits.objects.all()} if limited else {}
        self._schedules: set[int] = set()  # whose next run must wait for the one before, or for a source
        self._organizations: set[int] = set()
        self._passed: set[UUID] = set()
        self._asked: dict[int, frozenset[str]] = {}  # the sources of a schedule
        self._full: set[tuple[int, str]] = set()  # an organization's sources
        self._closed = False

    def outside(self, found: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
        """Those of *found* that no place that is known to be full keeps from going on."""
        if self._closed:
            return found.none()
        waits = Q(schedule_id__in=self._schedules) & ~Q(state=State.RUNNING)
        return found.exclude(organization_id__in=self._organizations).exclude(waits).exclude(pk__in=self._passed)

    def pass_by(self, one: Occurrence) -> None:
        """Do not look at *one* again."""
        self._passed.add(one.pk)

    def follows(self, one: Occurrence) -> Q:
        """While it holds of *one*, whose schedule is locked, fewer runs of the schedule are in work than go side by side."""
        if one.backfill_id is not None:
            return Q()  # it waits for its turn among its likes, and is in no firing's way
        last = int(one.definition.get("policies", {}).get("at_once", 1)) - 1
        return ~Q(Exists(self._beside(one).order_by()[last : last + 1]))

    def wait_behind(self, one: Occurrence) -> None:
        """What the overlap policy says of *one*, since it does not follow; inside the transaction that would have given it
        out. The policy is for runs that begin: one that goes on, since a person released it, waits for its turn."""
        begins = one.planned_at is None
        match one.definition.get("policies", {}).get("overlap", "queue") if begins else "queue":
            case "cancel":
                self._cancel(self._beside(one))
                self._schedules.add(one.schedule_id)
            case "skip":
                Occurrence.objects.filter(pk=one.pk, state__in=(State.DUE, State.WAITING)).update(
                    state=State.SKIPPED, finished_at=self._now, reason="The run before was still going"
                )
            case _:
                self._schedules.add(one.schedule_id)

    def _cancel(self, found: QuerySet[Occurrence]) -> None:
        """Those whose worker writes them at this moment are cancelled by the next look: it may wait for the schedule, which
        is ours."""
        skip = connection.features.has_select_for_update_skip_locked
        free = found.select_for_update(of=("self",), no_key=True, skip_locked=skip)
        Occurrence.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(stop_asked_at=self._now)

    def _beside(self, one: Occurrence) -> QuerySet[Occurrence]:
        return in_work().filter(schedule_id=one.schedule_id, backfill__isnull=True).exclude(pk=one.pk)

    def within_limits(self, one: Occurrence) -> bool:
        """Whether limits leave a place for *one*; inside the transaction that gives it out."""
        if one.stop_asked_at is not None:
            return True  # it only ends
        whole, own = self._limited.get(None), self._limited.get(one.organization_id)
        if whole is not None and not self._below(whole, in_work()):
            self._closed = True
            return False
        if own is None:
            return True
        if own.sources and self._waits_for_source(one):
            return False
        mine = in_work().filter(organization_id=one.organization_id).exclude(pk=one.pk)
        if not self._below(own, mine):
            self._organizations.add(one.organization_id)
            return False
        if own.sources:
            self._note_full(own, one, mine)
            return not self._waits_for_source(one)
        return True

    def _waits_for_source(self, one: Occurrence) -> bool:
        if not any(
            (one.organization_id, name) in self._full for name in self._sources(one.organization_id, one.schedule_id)
        ):
            return False
        self._schedules.add(one.schedule_id)
        return True

    def _note_full(self, limits: Limits, one: Occurrence, mine: QuerySet[Occurrence]) -> None:
        """Which of the sources that *one* asks have as many runs as they may have."""
        asked = self._sources(one.organization_id, one.schedule_id) & set(limits.sources)
        going = mine.values_list("schedule_id", flat=True) if asked else ()
        busy = [self._sources(one.organization_id, key) for key in going]
        full = [name for name in asked if sum(name in used for used in busy) >= limits.sources[name]]
        self._full.update((one.organization_id, name) for name in full)

    def _sources(self, organization_id: int, schedule_id: int) -> frozenset[str]:
        if schedule_id not in self._asked:
            self._asked[schedule_id] = sources_of(organization_id, schedule_id)
        return self._asked[schedule_id]

    def _below(self, limits: Limits, in_work: QuerySet[Occurrence]) -> bool:
        Limits.objects.select_for_update(no_key=True).filter(pk=limits.pk).values_list("pk").first()
        return limits.runs is None or in_work.count() < limits.runs


def in_work() -> QuerySet[Occurrence]:
    """What limits count: the runs that a process works on now, of all organizations."""
    return Occurrence.objects.filter(state=State.RUNNING, finished_at__isnull=True, lease_until__gt=Now())


def sources_of(organization_id: int, schedule_id: int) -> frozenset[str]:
    """The names of the sources that a schedule's runs ask: of its report, and of its audience."""
    schedule = Schedule.objects.select_related("report").get(pk=schedule_id)
    names = {schedule.definition.get("audience", {}).get("dataset", "")} - {""}
    try:
        names |= set(reports.fields_of(reports.definition_of(reports.latest(schedule.report))))
    except DefinitionError:
        return frozenset()  # the run itself says what is wrong
    found = sources.all_datasets(organization_id).filter(name__in=names)
    return frozenset(found.values_list("source__name", flat=True))
