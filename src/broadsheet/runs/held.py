"""What is held, as an actor may see it, and what would go out if a person released it. Deciding is `actions.release`, and
of many at once `actions.decide`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor
from broadsheet.delivery.claims import OPEN
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.queries import reached_by as deliveries_reached_by
from broadsheet.runs.models import Occurrence
from broadsheet.runs.queries import runs


@dataclass(frozen=True, slots=True)
class Goes:
    """What would go out of one run: ``deliveries`` by the channel's label. ``foreseen``: its audience was not read yet, so
    that the number is the last run's (None: there was none). ``sent`` were accepted before, and ``unsure`` may have arrived:
    neither goes again. ``late``: its deadline has passed. ``of_all``: the whole run is decided on, not deliveries of it."""

    run: Occurrence
    deliveries: dict[str, int]
    foreseen: bool
    sent: int
    unsure: int
    late: bool
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
    found = list(held_runs(actor).filter(pk__in=[*runs_of, *within]))
    return [_goes(one, None if one.pk in set(runs_of) else chosen, now=now) for one in found]


def _goes(run: Occurrence, chosen: QuerySet[Delivery] | None, *, now: datetime) -> Goes:
    mine = Delivery.objects.filter(occurrence=run)
    states = Counter(dict(mine.order_by().values_list("state").annotate(Count("pk"))))
    still = (Sent.HELD, *OPEN) if run.state == State.HELD else (Sent.HELD,)
    go: QuerySet[Delivery] = mine.filter(state__in=still) if chosen is None else chosen.filter(occurrence=run)
    foreseen = run.planned_at is None
    if foreseen:
        go = _last_of(run)
    return Goes(
        run, _by_channel(go), foreseen, states[Sent.ACCEPTED], states[Sent.UNCONFIRMED],
        run.deadline_at is not None and run.deadline_at < now, chosen is None,
    )  # fmt: skip


def _last_of(run: Occurrence) -> QuerySet[Delivery]:
    """The deliveries of the schedule's last run that had any."""
    last = (
        Occurrence.objects.filter(schedule_id=run.schedule_id, planned_at__isnull=False)
        .exclude(Q(kind="test") | Q(pk=run.pk))
        .order_by("-fire_at")
        .values_list("pk", flat=True)
        .first()
    )
    if last is None:
        return Delivery.objects.none()
    return Delivery.objects.filter(occurrence_id=last, fallback_of__isnull=True)


def _by_channel(found: QuerySet[Delivery]) -> dict[str, int]:
    rows = found.order_by().values_list("channel__label", "channel__name").annotate(number=Count("pk"))
    return {label or name: number for label, name, number in sorted(rows)}
