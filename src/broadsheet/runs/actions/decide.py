"""Release or drop many that are held, at once: runs, and deliveries of runs that go on otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor
from broadsheet.delivery.models import Delivery
from broadsheet.runs.actions import release as one
from broadsheet.runs.models import Occurrence
from broadsheet.runs.queries import reached_by

Verdict = Literal["release", "drop"]


@dataclass(frozen=True, slots=True)
class Decided:
    """How many of each were released or dropped; deliveries that went with their run are not counted."""

    runs: int
    deliveries: int


@transaction.atomic
def decide(
    actor: Actor, verdict: Verdict, *, runs: Collection[UUID] = (), deliveries: Collection[UUID] = (), now: datetime,
    why: str = "",
) -> Decided:  # fmt: skip
    """All of them, or none where one is not held. Of a run that is not held itself all its held deliveries are meant, and
    deliveries of a chosen run go with it. Raises UnknownRun, NotHeld, UnknownDelivery, DeliveryError, Refused."""
    whole, of_run = _parted(actor, set(runs))
    with_their_run = Delivery.objects.filter(pk__in=set(deliveries), occurrence_id__in=set(runs))
    single = set(deliveries) - set(with_their_run.values_list("pk", flat=True))
    each = {*of_run, *single}
    many, some = (
        (one.release_many, one.release_deliveries) if verdict == "release" else (one.drop_many, one.drop_deliveries)
    )
    decided_runs = many(actor, whole, now=now, why=why) if whole else 0
    return Decided(decided_runs, some(actor, each, now=now, why=why) if each else 0)


def _parted(actor: Actor, keys: set[UUID]) -> tuple[set[UUID], set[UUID]]:
    """The runs that are decided on as such, and the held deliveries of the others."""
    mine = Occurrence.objects.filter(
        reached_by(actor, one.PERMISSION), organization_id=actor.organization_id, pk__in=keys
    )
    partly = mine.exclude(state=State.HELD).filter(deliveries__state=Sent.HELD).values_list("pk", flat=True)
    some = set(partly)
    held = Delivery.objects.filter(occurrence_id__in=some, state=Sent.HELD).values_list("pk", flat=True)
    return keys - some, set(held)
