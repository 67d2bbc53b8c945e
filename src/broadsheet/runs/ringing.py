"""Tell workers that there are runs to take. The database stays the truth: what is told twice, or not at all, costs time
alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from broadsheet.runs import claims
from broadsheet.runs.maintenance import standing_still
from broadsheet.runs.models import Occurrence
from broadsheet.runs.ports import Bell, Ring

AGAIN = timedelta(seconds=settings.LEASE_SECONDS / 2)  # a message that is lost is missed so long at most, and a beat
MOST = 100  # told of at once; a worker that is told takes what there is until nothing is left


def ring_ready(bell: Bell, *, now: datetime) -> int:
    """Ring for the runs that are ready and were not rung for lately; for how many. Several schedulers may do this at
    once: each run is rung for by one. What *bell* raises goes through, and its runs are rung for with the next beat."""
    unheard = Q(rung_at__isnull=True) | Q(rung_at__lt=Now() - AGAIN)
    ready = claims.ready(now=now).filter(unheard).exclude(standing_still(now=now))
    mine = []
    for key, weight in ready.values_list("pk", "weight")[:MOST]:
        if Occurrence.objects.filter(unheard, pk=key).update(rung_at=Now()):
            mine.append(Ring(str(key), weight))
    if not mine:
        return 0
    try:
        bell.ring(mine)
    except Exception:
        Occurrence.objects.filter(pk__in=[one.run for one in mine]).update(rung_at=None)
        raise
    return len(mine)
