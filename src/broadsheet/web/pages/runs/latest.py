"""The latest run of each schedule, in one query."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.runs.models import Occurrence
from broadsheet.runs.queries import runs
from broadsheet.schedules.models import Schedule


def latest_runs(actor: Actor) -> QuerySet[Occurrence]:
    """For each schedule the firing that came last, whether it ran or not; none for who may not read deliveries."""
    if not may_somewhere(actor, "delivery.read"):
        return Occurrence.objects.none()
    # Asked once for each schedule: once for each run takes minutes where a hundred thousand are kept.
    newest = Occurrence.objects.filter(schedule=OuterRef("pk")).order_by("-fire_at").values("pk")[:1]
    mine = Schedule.objects.filter(organization_id=actor.organization_id).order_by()
    return runs(actor).filter(pk__in=mine.annotate(newest=Subquery(newest)).values("newest"))
