"""Send again what a person chose: exactly those, and none that was accepted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.lifecycle import Delivery as State
from broadsheet.core.lifecycle import Occurrence as RunState
from broadsheet.core.policy import Actor
from broadsheet.delivery.bouncing import lift
from broadsheet.delivery.errors import DeliveryError, UnknownDelivery
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.queries import last_of_each, reached_by
from broadsheet.runs.holding import KINDS, held_whole
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.runs.queries import reached_by as runs_reached_by
from broadsheet.schedules.definition import ScheduleDefinition

RESENDABLE = (State.FAILED, State.UNCONFIRMED, State.EXPIRED, State.SKIPPED)


@transaction.atomic
def resend(actor: Actor, keys: Collection[UUID], *, now: datetime) -> int:
    """Make the chosen deliveries due again with a fresh count of tries; how many there were.

    Their runs' deadlines are counted anew from *now*. Raises DeliveryError when one of them cannot be sent again, and
    changes nothing then.
    """
    reached = reached_by(actor, "delivery.resend")
    mine = Delivery.objects.filter(reached, organization_id=actor.organization_id, pk__in=set(keys))
    runs = _locked(set(mine.values_list("occurrence_id", flat=True)))
    found = list(mine)
    if len(found) < len(set(keys)):
        raise UnknownDelivery("Some of these deliveries are not here. Load the ledger again.")
    _refuse_what_was_reached(found)
    wrong = [one for one in found if one.state not in (*RESENDABLE, State.RETRYING)]
    if wrong:
        raise DeliveryError(
            f"“{wrong[0].recipient_name}” is {wrong[0].state}, which cannot be sent again. "
            f"Choose deliveries that are {', '.join(RESENDABLE)} or retrying."
        )
    due = _make_due(found)
    lift(actor, [one.address for one in due if one.state == State.FAILED], now=now)
    _reopen(runs, now=now)
    for one in due:
        record(actor, "delivery.resent", str(one.pk), now=now, was=one.state, to=one.recipient_name)
    return len(due)


def resend_failed(actor: Actor, occurrence_id: UUID, *, now: datetime) -> int:
    """All of a run that failed or expired, and none that may have arrived. Raises DeliveryError when there is none."""
    reached = runs_reached_by(actor, "delivery.resend")
    if not Occurrence.objects.filter(reached, organization_id=actor.organization_id, pk=occurrence_id).exists():
        raise UnknownDelivery(f"There is no run {occurrence_id} here. Look at the schedule's runs.")
    states = (State.FAILED, State.EXPIRED)
    mine = Delivery.objects.filter(organization_id=actor.organization_id, occurrence_id=occurrence_id, state__in=states)
    keys = list(last_of_each(mine).values_list("pk", flat=True))
    if not keys:
        raise DeliveryError("Nothing of this run failed, so there is nothing to send again.")
    return resend(actor, keys, now=now)


def _refuse_what_was_reached(found: Collection[Delivery]) -> None:
    """Of a delivery and its fallback one goes at a time, and none when the other may have arrived. Raises DeliveryError."""
    keys = {one.pk for one in found}
    shared = [one.shared_fallback_id for one in found if one.shared_fallback_id]
    pairs = ({"fallback_of__in": keys}, {"fallback__in": keys}, {"pk__in": shared}, {"shared_fallback__in": keys})
    fields = ("state", "pk", "recipient_name", "channel__name")
    others = [one for pair in pairs for one in Delivery.objects.filter(**pair).values_list(*fields)]
    for state, key, name, channel in others:
        if key in keys or state not in (State.FAILED, State.EXPIRED, State.SKIPPED, State.SUPPRESSED):
            told = "is chosen as well" if key in keys else f"is {state}"
            raise DeliveryError(
                f"“{name}” cannot be sent to twice: the delivery by “{channel}” {told}. Choose one of the two."
            )


def _locked(keys: Collection[UUID]) -> list[Occurrence]:
    """The runs, which cannot end until we have: else one could end between our look and our change, and what became due
    would wait for ever. Raises DeliveryError for one that is being stopped or is held as a whole: it would go on by this."""
    runs = Occurrence.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    found = list(runs.select_related("schedule"))
    if any(run.stop_asked_at is not None and run.finished_at is None for run in found):
        raise DeliveryError("The run is being stopped. Send again when it has ended.")
    held = next((run for run in found if held_whole(run)), None)
    if held is not None:
        raise DeliveryError(f"The run is held: {KINDS[held.held_for]}. Release or drop it first.")
    return found


def _make_due(found: Collection[Delivery]) -> list[Delivery]:
    """Those that still were as we saw them. RETRYING stays what it is and is tried at once; the others start anew."""
    due = []
    for one in found:
        fresh = {"state": State.DUE, "attempts": 0} if one.state != State.RETRYING else {}
        if Delivery.objects.filter(pk=one.pk, state=one.state).update(
            **fresh, next_try_at=None, settled_at=None, reason="", handed_over_at=None, first_try_at=None, waits_for=""
        ):
            due.append(one)
    slices = Slice.objects.filter(pk__in={one.slice_id for one in due if one.slice_id}, state="failed")
    slices.update(state="due", error="")  # what could not be drawn is drawn anew
    return due


def _reopen(runs: Collection[Occurrence], *, now: datetime) -> None:
    for run in runs:
        definition = ScheduleDefinition.model_validate({**run.definition, "name": run.schedule.name})
        hours = timedelta(hours=definition.policies.deadline_hours)
        Occurrence.objects.filter(pk=run.pk).update(
            finished_at=None, state=RunState.RUNNING, wake_at=None, stop_asked_at=None, tries=0,
            deadline_at=now + hours,
        )  # fmt: skip
