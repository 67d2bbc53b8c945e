"""Send again what a person chose: exactly those, and none that was accepted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.lifecycle import Delivery as State
from broadsheet.core.lifecycle import Occurrence as RunState
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.delivery.errors import DeliveryError, UnknownDelivery
from broadsheet.delivery.models import Delivery
from broadsheet.runs.models import Occurrence, Slice

RESENDABLE = (State.FAILED, State.UNCONFIRMED, State.EXPIRED, State.SKIPPED)


@transaction.atomic
def resend(actor: Actor, keys: Collection[UUID], *, now: datetime) -> int:
    """Make the chosen deliveries due again with a fresh count of tries; how many there were.

    Raises DeliveryError when one of them cannot be sent again, and changes nothing then.
    """
    require(actor, "delivery.resend")
    found = list(Delivery.objects.filter(organization_id=actor.organization_id, pk__in=set(keys)))
    if len(found) < len(set(keys)):
        raise UnknownDelivery("Some of these deliveries are not here. Load the ledger again.")
    wrong = [one for one in found if one.state not in (*RESENDABLE, State.RETRYING)]
    if wrong:
        raise DeliveryError(
            f"“{wrong[0].recipient_name}” is {wrong[0].state}, which cannot be sent again. "
            f"Choose deliveries that are {', '.join(RESENDABLE)} or retrying."
        )
    _make_due(found, now=now)
    for one in found:
        record(actor, "delivery.resent", str(one.pk), now=now, was=one.state, to=one.recipient_name)
    return len(found)


def resend_failed(actor: Actor, occurrence_id: UUID, *, now: datetime) -> int:
    """All of a run that failed or expired, and none that may have arrived. Raises DeliveryError when there is none."""
    require(actor, "delivery.resend")
    if not Occurrence.objects.filter(organization_id=actor.organization_id, pk=occurrence_id).exists():
        raise UnknownDelivery(f"There is no run {occurrence_id} here. Look at the schedule's runs.")
    states = (State.FAILED, State.EXPIRED)
    mine = Delivery.objects.filter(organization_id=actor.organization_id, occurrence_id=occurrence_id, state__in=states)
    keys = list(mine.values_list("pk", flat=True))
    if not keys:
        raise DeliveryError("Nothing of this run failed, so there is nothing to send again.")
    return resend(actor, keys, now=now)


def _make_due(found: Collection[Delivery], *, now: datetime) -> None:
    # RETRYING stays what it is and is tried at once; the others start anew.
    for one in found:
        fresh = {"state": State.DUE, "attempts": 0} if one.state != State.RETRYING else {}
        Delivery.objects.filter(pk=one.pk, state=one.state).update(
            **fresh, next_try_at=None, settled_at=None, reason="", handed_over_at=None
        )
    slices = Slice.objects.filter(pk__in={one.slice_id for one in found if one.slice_id}, state="failed")
    slices.update(state="due", error="")  # what could not be drawn is drawn anew
    runs = Occurrence.objects.filter(pk__in={one.occurrence_id for one in found})
    runs.update(finished_at=None, state=RunState.RUNNING, wake_at=None, deadline_at=None, stop_asked_at=None)
