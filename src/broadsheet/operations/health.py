"""How schedules do: lateness, waiting, duration and success of the last runs of each, and where that is going.

Lateness is what recipients feel: from when the first delivery of a firing was due to when it was handed over. Runs by hand
have none, and count for the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from math import ceil
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import DurationField, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.lifecycle.spans import overlap
from broadsheet.core.policy import Actor
from broadsheet.delivery.models import Delivery
from broadsheet.runs.models import Occurrence
from broadsheet.schedules import queries as schedules
from broadsheet.schedules.errors import UnknownSchedule
from broadsheet.schedules.models import Schedule

LAST = 30  # runs of each schedule
MOST = 500  # schedules of one answer
AT_ONCE = 100  # schedules of one query
NOT_ITS_DOING = (State.SKIPPED, State.SUPPRESSED)  # a rule or a person left it out
TREND_FROM = 9  # runs; of fewer there is none to see
MUCH = 1.5  # times as long as before is slower, and the inverse quicker
FELT = timedelta(seconds=5)  # a difference below it is none


@dataclass(frozen=True, slots=True)
class Spread:
    """Of some spans the half, the 95th in a hundred, and all of them from older to newer (None: that run has none)."""

    p50: timedelta | None
    p95: timedelta | None
    values: tuple[timedelta | None, ...]

    @property
    def trend(self) -> str:
        """ "worse", "better" or "" : the last third against what was before."""
        known = [one for one in self.values if one is not None]
        if len(known) < TREND_FROM:
            return ""
        at = len(known) - len(known) // 3
        before, lately = percentile(known[:at], 50), percentile(known[at:], 50)
        assert before is not None and lately is not None
        if abs(lately - before) < FELT:
            return ""
        return "worse" if lately > before * MUCH else "better" if before > lately * MUCH else ""


@dataclass(frozen=True, slots=True)
class Health:
    """Of one schedule's last ``runs``. ``accepted`` of those that were to run; ``outcomes`` counts all by state."""

    schedule: Schedule
    runs: int
    accepted: int
    wanted: int
    outcomes: Mapping[str, int]
    lateness: Spread
    wait: Spread
    duration: Spread
    last_at: datetime | None

    @property
    def success(self) -> float | None:
        """The share that was accepted whole, of those that were to run; None where none was."""
        return self.accepted / self.wanted if self.wanted else None


def health(actor: Actor, *, schedule: str = "", last: int = LAST) -> list[Health]:
    """Of the schedules whose deliveries the actor may read, those in trouble first; of one where *schedule* names it, also if it never
    ran. Raises UnknownSchedule, Refused."""
    mine = schedules.schedules(actor, "delivery.read")
    if schedule:
        one = _of(mine.filter(name=schedule), last=last)
        if not one:
            raise UnknownSchedule(f"There is no schedule “{schedule}” here. Look at the list of schedules.")
        return one
    found = [one for one in _of(mine.order_by("pk")[:MOST], last=last) if one.runs]
    return sorted(found, key=lambda one: (_worst_first(one), one.schedule.title))


def percentile(values: Sequence[timedelta], share: int) -> timedelta | None:
    """The nearest rank: the least of *values* that is not below *share* in a hundred of them; None of none."""
    ordered = sorted(values)
    return ordered[max(ceil(len(ordered) * share / 100) - 1, 0)] if ordered else None


def _of(mine: QuerySet[Schedule], *, last: int) -> list[Health]:
    """Three questions for a hundred schedules; each reads the last runs of each by its index."""
    oldest = Occurrence.objects.filter(schedule=OuterRef("pk"), finished_at__isnull=False).order_by("-fire_at")
    known = list(mine.annotate(since=Subquery(oldest.values("fire_at")[last - 1 : last])))
    found: list[Health] = []
    for start in range(0, len(known), AT_ONCE):
        part = known[start : start + AT_ONCE]
        rows = _rows(part)
        late = _late([row["pk"] for those in rows.values() for row in those if row["kind"] == "scheduled"])
        found += [_health(one, rows[one.pk][-last:], late) for one in part]
    return found


def _rows(part: Sequence[Schedule]) -> Mapping[int, list[dict[str, Any]]]:
    """The ended runs of each, from older to newer."""
    wanted = [
        Q(schedule_id=one.pk, fire_at__gte=one.since) if one.since else Q(schedule_id=one.pk)  # type: ignore[attr-defined]
        for one in part
    ]
    found = Occurrence.objects.filter(reduce(or_, wanted), finished_at__isnull=False).exclude(kind="test")
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    fields = (
        "pk", "schedule_id", "kind", "state", "fire_at", "created_at", "begun_at", "finished_at", "held_at", "let_go_at",
    )  # fmt: skip
    for row in found.order_by("fire_at").values(*fields):
        rows[row["schedule_id"]].append(row)
    return rows


def _late(keys: Sequence[UUID]) -> dict[UUID, timedelta]:
    """The first delivery's lateness, by run; never below nothing."""
    due = Coalesce("due_at", "occurrence__fire_at")
    late = ExpressionWrapper(F("handed_over_at") - due, output_field=DurationField())
    sent = Delivery.objects.filter(occurrence_id__in=keys, handed_over_at__isnull=False)
    rows = sent.values("occurrence_id").annotate(late=Min(late)).order_by().values_list("occurrence_id", "late")
    return {key: max(one, timedelta()) for key, one in rows}


def _health(one: Schedule, rows: Sequence[Mapping[str, Any]], late: Mapping[UUID, timedelta]) -> Health:
    outcomes: dict[str, int] = defaultdict(int)
    for row in rows:
        outcomes[row["state"]] += 1
    wanted = [row for row in rows if row["state"] not in NOT_ITS_DOING]
    begun = [row for row in wanted if row["begun_at"]]
    return Health(
        one,
        len(rows),
        sum(row["state"] == State.ACCEPTED for row in wanted),
        len(wanted),
        dict(outcomes),
        _spread([late.get(row["pk"]) for row in wanted]),
        _spread([_without_hold(row, "created_at", "begun_at") for row in begun]),
        _spread([_without_hold(row, "begun_at", "finished_at") for row in begun]),
        rows[-1]["fire_at"] if rows else None,
    )


def _without_hold(row: Mapping[str, Any], since: str, until: str) -> timedelta:
    """How long it took from one moment to the other, without the time that a person let it wait."""
    waited = row["held_at"] and row["let_go_at"]
    held = overlap(row["held_at"], row["let_go_at"], row[since], row[until]) if waited else timedelta()
    took: timedelta = row[until] - row[since] - held
    return max(took, timedelta())


def _spread(values: Sequence[timedelta | None]) -> Spread:
    known = [one for one in values if one is not None]
    return Spread(percentile(known, 50), percentile(known, 95), tuple(values))


def _worst_first(one: Health) -> tuple[float, timedelta]:
    success = 1.0 if one.success is None else one.success
    return success, -(one.lateness.p95 or timedelta())
