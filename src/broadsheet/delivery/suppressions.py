"""Addresses that are not sent to, as far as an actor reaches."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from broadsheet.access.reach import within_schedules
from broadsheet.core.lifecycle import Delivery as State
from broadsheet.core.policy import Actor
from broadsheet.delivery.models import Delivery, Suppression
from broadsheet.delivery.queries import reached_by

ENDED = (State.FAILED, State.SUPPRESSED)  # what there is of an address that bounced


def suppressions(actor: Actor, permission: str = "delivery.read", *, text: str = "") -> QuerySet[Suppression]:
    """Those of the schedules on which the actor holds *permission*, and those of the whole organization to which such a
    schedule sends; the newest first, each with its schedule. Raises Refused."""
    of = "schedule"
    own = within_schedules(actor, permission, at=f"{of}_id", report=f"{of}__report_id", owner=f"{of}__owner_id")
    found = Suppression.objects.filter(organization_id=actor.organization_id)
    if own != Q():  # else everything is reached, and the ledger need not be asked
        sent = Delivery.objects.filter(
            reached_by(actor, permission), organization_id=actor.organization_id, state__in=ENDED
        )
        named = sent.annotate(small=Lower("address")).filter(small=OuterRef("address"))
        found = found.filter((Q(schedule__isnull=False) & own) | (Q(schedule__isnull=True) & Q(Exists(named))))
    if text:
        found = found.filter(Q(address__icontains=text) | Q(reason__icontains=text))
    return found.select_related("schedule").order_by("-at", "-pk")
