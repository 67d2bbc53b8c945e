"""Forget, after a while, what runs waited for and what conditions said; what explains the present stays.

Kept for ever are the last ones of each schedule, what a run still waits for, and that a run went with old data: who sends it
again must mark it so again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet

from broadsheet.schedules.models import Evaluation, Wait

from .queries import KEPT

AT_ONCE = 5000  # rows of one schedule in one go


def forget_conditions(*, days: float, now: datetime) -> int:
    """Delete those that are older than *days*; how many."""
    before = now - timedelta(days=days)
    waits = Wait.objects.exclude(outcome__in=("waiting", "stale"))
    return sum(
        found.delete()[0]
        for kind, moment in ((Evaluation.objects.all(), "fire_at"), (waits, "since"))
        for found in _old(kind, moment, before=before)
    )


def _old(found: QuerySet[Any], moment: str, *, before: datetime) -> Iterator[QuerySet[Any]]:
    """Of each schedule those older than the last ones, by the index that begins with the schedule."""
    counted = found.order_by().values("schedule").annotate(number=Count("pk"), oldest=Min(moment))
    schedules = counted.filter(number__gt=KEPT, oldest__lt=before).values_list("schedule", flat=True)
    for key in list(schedules):
        mine = found.filter(schedule=key).order_by(f"-{moment}", "-pk")
        last = mine.values_list(moment, flat=True)[KEPT - 1 : KEPT]
        for oldest in last:  # none where there are no more than are kept
            gone = mine.filter(**{f"{moment}__lt": min(oldest, before)})[:AT_ONCE]
            yield found.filter(pk__in=list(gone.values_list("pk", flat=True)))
