"""How far a run is: what is done of how much, how quickly lately, and how long the rest takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Count, Q

from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.delivery.models import Delivery
from broadsheet.runs.models import Occurrence

LATELY = 50  # deliveries that the rate is taken from, so that a slow begin is forgotten
ENOUGH = 3  # of fewer no rate is told
OPEN = (Sent.DUE, Sent.SENDING, Sent.RETRYING, Sent.HELD)
Stage = Literal["waits", "reads", "makes", "sends", "sleeps", "held", "ended"]


@dataclass(frozen=True, slots=True)
class Part:
    """``done`` of ``total``; ``rate`` is how many a second lately, None where too few are done to say."""

    done: int
    total: int
    rate: float | None = None

    @property
    def left(self) -> timedelta | None:
        """How long the rest takes at that rate; None where that is not known."""
        if self.done >= self.total:
            return timedelta()
        return timedelta(seconds=(self.total - self.done) / self.rate) if self.rate else None


@dataclass(frozen=True, slots=True)
class Progress:
    """``stage``: waits for its turn, reads its audience, makes, sends, sleeps until a time, held, ended."""

    stage: Stage
    slices: Part
    deliveries: Part

    @property
    def left(self) -> timedelta | None:
        """Until it is done, both parts going side by side; None while it does not go on, or that is not known."""
        if self.stage not in ("makes", "sends"):
            return None
        found = (self.slices.left, self.deliveries.left)
        return None if None in found else max(one for one in found if one is not None)


def progress_of(run: Occurrence, *, now: datetime) -> Progress:
    """In three questions, whatever its size."""
    slices = run.slices.aggregate(all=Count("pk"), done=Count("pk", filter=~Q(state="due")))
    mine = Delivery.objects.filter(occurrence=run)
    sent = mine.aggregate(all=Count("pk"), done=Count("pk", filter=~Q(state__in=OPEN)))
    going = run.planned_at is not None and run.finished_at is None
    began = run.planned_at
    since = (now - began).total_seconds() if going and began else 0.0
    made = slices["done"] / since if since > 0 and slices["done"] >= ENOUGH else None
    lately = mine.filter(settled_at__isnull=False, handed_over_at__isnull=False).order_by("-settled_at")
    moments = [at for at in lately.values_list("settled_at", flat=True)[:LATELY] if at] if going else []
    return Progress(
        _stage(run, slices["done"] < slices["all"], now=now),
        Part(slices["done"], slices["all"], made),
        Part(sent["done"], sent["all"], rate(moments, now=now)),
    )


def rate(moments: list[datetime], *, now: datetime) -> float | None:
    """How many a second, of *moments* from newer to older. It counts until *now*, so that what stands still slows down."""
    if len(moments) < ENOUGH:
        return None
    span = (now - moments[-1]).total_seconds()
    return len(moments) / span if span > 0 else None


def _stage(run: Occurrence, making: bool, *, now: datetime) -> Stage:
    if run.finished_at is not None:
        return "ended"
    if run.state == State.HELD:
        return "held"
    if run.wake_at is not None and run.wake_at > now:
        return "sleeps"
    if run.planned_at is None:
        return "reads" if run.state == State.RUNNING else "waits"
    return "makes" if making else "sends"
