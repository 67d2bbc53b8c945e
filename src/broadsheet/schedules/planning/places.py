"""How many runs can go on at once here: of all workers that there are, within the limits that are set."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q, Sum
from django.db.models.functions import Now

from broadsheet.core.planning import Limits
from broadsheet.runs.models import Limits as Stored
from broadsheet.runs.models import Node
from broadsheet.runs.nodes import GONE


def places(organization_id: int) -> Limits:
    """As `claims` gives runs out; where no worker is heard of now, as one of them would have places."""
    alive = Node.objects.filter(seen_at__gte=Now() - GONE, places__gt=0, draining=False)
    workers: int = alive.aggregate(places=Sum("places"))["places"] or settings.RUNS_AT_ONCE
    limits = Stored.objects.filter(Q(organization_id=organization_id) | Q(organization__isnull=True))
    for limit in limits.values_list("runs", flat=True):
        workers = min(workers, limit if limit is not None else workers)
    workers = max(1, workers)
    return Limits(workers, max(1, workers - 1))  # each worker keeps a place for light runs
