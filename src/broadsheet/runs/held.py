"""What is held, as an actor may see it, and what would go out if a person released it. Deciding is `actions.release`, and
of many at once `actions.decide`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor
from broadsheet.delivery.claims import OPEN
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.queries import reached_by as deliveries_reached_by
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.runs.queries import runs
from broadsheet.schedules.models import Schedule


@dataclass(frozen=True, slots=True)
class Goes:
    """What would go out of one run: ``deliveries`` by the channel's label. ``foreseen``: its audience was not read yet, so
    that the number is the last run's (None: there was none). ``sent`` were accepted before, and ``unsure`` may have arrived:
    neither goes again. ``late``: its deadline has passed. ``made``: files of it are there to be looked at. ``of_all``: the whole run
    is decided on, not deliveries of it."""

    run: Occurrence
    deliveries: dict[str, int]
    foreseen: bool
    sent: int
    unsure: int
    late: bool
    made: bool
    of_all: bool

    @property
    def number(self) -> int:
        return sum(self.deliveries.values())


def held_runs(actor: Actor) -> QuerySet[Occurrence]:
    """Runs that are held, and those of which deliveries are, the longest held first; each with ``waiting``, the number of its
    held deliveries. Raises Refused."""
    waits = Q(state=State.HELD) | Q(finished_at__isnull=True, held_at__isnull=False, deliveries__state=Sent.HELD)
    number = Count("deliveries", filter=Q(deliveries__state=Sent.HELD))
    return runs(actor).filter(waits).annotate(waiting=number).order_by("held_at", "pk")


def what_goes(
    actor: Actor, *, runs_of: Collection[UUID], deliveries: Collection[UUID], now: datetime
) -> list[Goes]:  # fmt: skip
    """Of these runs, and of these deliveries, in the order in which they were held; those that are not held any more, or not
    the actor's to read, are left out. Raises Refused."""
    chosen = Delivery.objects.filter(
        deliveries_reached_by(actor, "delivery.read"), organization_id=actor.organization_id, pk__in=set(deliveries),
        state=Sent.HELD,
    )  # fmt: skip
    within = {key for key in chosen.values_list("occurrence_id", flat=True) if key not in set(runs_of)}
    some_made = Exists(Slice.objects.filter(occurrence=OuterRef("pk"), state="made"))
    found = list(held_runs(actor).filter(pk__in=[*runs_of, *within]).annotate(some_made=some_made))
    numbers = _Numbers(found, set(runs_of), chosen)
    return [_goes(one, numbers, of_all=one.pk in set(runs_of), now=now) for one in found]


ByChannel = Counter[tuple[str, str]]
"""Numbers of deliveries by the label and the name of their channel."""


class _Numbers:
    """How many deliveries there are of each run, asked once for all of them."""

    def __init__(self, runs: Sequence[Occurrence], whole: set[UUID], chosen: QuerySet[Delivery]) -> None:
        self.all: dict[UUID, dict[str, ByChannel]] = defaultdict(lambda: defaultdict(Counter))
        rows = Delivery.objects.filter(occurrence_id__in=[one.pk for one in runs])
        for key, state, *channel, number in _counted(rows, "state"):
            self.all[key][state][tuple(channel)] = number
        self.chosen: dict[UUID, ByChannel] = defaultdict(Counter)
        for key, *channel, number in _counted(chosen) if any(one.pk not in whole for one in runs) else ():
            self.chosen[key][tuple(channel)] = number
        self.last = _last_numbers({one.schedule_id for one in runs if one.planned_at is None})


def _last_numbers(schedules: set[int]) -> dict[int, ByChannel]:
    """Of each schedule's last run that had any, by the schedule's id."""
    found: dict[int, ByChannel] = defaultdict(Counter)
    if not schedules:
        return found
    planned = Occurrence.objects.filter(schedule_id=OuterRef("pk"), planned_at__isnull=False).exclude(kind="test")
    last = Subquery(planned.order_by("-fire_at").values("pk")[:1])
    of = dict(Schedule.objects.filter(pk__in=schedules).annotate(last=last).values_list("last", "pk"))
    rows = Delivery.objects.filter(occurrence_id__in=[key for key in of if key], fallback_of__isnull=True)
    for key, *channel, number in _counted(rows):
        found[of[key]][tuple(channel)] = number
    return found


def _counted(found: QuerySet[Delivery], *by: str) -> QuerySet[Delivery, tuple[Any, ...]]:
    """Rows of run, what *by* says, the channel's label and name, and how many there are."""
    fields = ("occurrence_id", *by, "channel__label", "channel__name")
    return found.order_by().values_list(*fields).annotate(number=Count("pk"))


def _goes(run: Occurrence, numbers: _Numbers, *, of_all: bool, now: datetime) -> Goes:
    states = numbers.all[run.pk]
    still = (Sent.HELD, *OPEN) if run.state == State.HELD else (Sent.HELD,)
    foreseen = run.planned_at is None
    if foreseen:
        go = numbers.last[run.schedule_id]
    elif of_all:
        go = sum((states[one] for one in still), ByChannel())
    else:
        go = numbers.chosen[run.pk]
    return Goes(
        run, {label or name: number for (label, name), number in sorted(go.items())}, foreseen,
        states[Sent.ACCEPTED].total(), states[Sent.UNCONFIRMED].total(),
        run.deadline_at is not None and run.deadline_at < now, run.some_made, of_all,  # type: ignore[attr-defined]
    )  # fmt: skip
