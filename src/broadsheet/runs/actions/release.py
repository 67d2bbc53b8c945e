"""Let go on what is held, or drop it; hold a run by hand. Each with who did so and why.

Each is one conditional change: of two people who press at once the second is told that it is not held any more. What is
written with it, the deliveries among them, is written in the same transaction, so that no crash leaves a half of it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from broadsheet.compliance.actions.record import record
from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.lifecycle import outcome
from broadsheet.core.policy import Actor
from broadsheet.delivery.claims import OPEN
from broadsheet.delivery.errors import DeliveryError, UnknownDelivery
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.queries import reached_by as deliveries_reached_by
from broadsheet.runs.errors import NotHeld, UnknownRun
from broadsheet.runs.holding import KINDS, held_whole
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.runs.queries import reached_by
from broadsheet.schedules.definition import ScheduleDefinition

PERMISSION = "schedule.run"
LONGEST = 500  # characters of a reason


@transaction.atomic
def release(actor: Actor, key: UUID, *, now: datetime, why: str = "") -> Occurrence:
    """The held run goes on, and what held it holds it no more. Its deadline counts anew from *now*: a person has just said
    that it is to go. Raises UnknownRun, NotHeld, Refused."""
    run = _locked(actor, key)
    _require_held(run)
    kind = run.held_for
    slices = Slice.objects.filter(occurrence=run, verdict="held")
    let = Delivery.objects.filter(occurrence=run, state=Sent.HELD)
    number = let.update(state=Sent.DUE, reason="", next_try_at=F("due_at"))
    slices.update(verdict="released")
    _go_on(run, now=now, waived=sorted({*run.waived, kind}))
    record(actor, "run.released", str(key), now=now, held_for=kind, why=_cut(why), deliveries=number, schedule=run.schedule.name)  # fmt: skip
    return _anew(run)


@transaction.atomic
def drop(actor: Actor, key: UUID, *, now: datetime, why: str = "") -> Occurrence:
    """The held run ends: what was not sent is skipped. Raises UnknownRun, NotHeld, Refused."""
    run = _locked(actor, key)
    _require_held(run)
    reason = _said(f"Dropped by {actor.name}", why)
    left = Delivery.objects.filter(occurrence=run, state__in=(Sent.HELD, *OPEN))
    number = left.update(state=Sent.SKIPPED, reason=reason, settled_at=now, next_try_at=None)
    Slice.objects.filter(occurrence=run, verdict="held").update(verdict="dropped")
    states = [Sent(one) for one in Delivery.objects.filter(occurrence=run).values_list("state", flat=True)]
    state = outcome(states)
    if state == State.RUNNING:  # another process may still be sending one: it ends when that is known
        _go_on(run, now=now, waived=run.waived, stop_asked_at=now)
    else:
        Occurrence.objects.filter(pk=run.pk).update(
            state=state, reason=reason, held_for="", held_reason="", finished_at=now, wake_at=None, owner="",
            lease_until=None, fence=F("fence") + 1,
        )  # fmt: skip
    record(actor, "run.dropped", str(key), now=now, held_for=run.held_for, why=_cut(why), deliveries=number, schedule=run.schedule.name)  # fmt: skip
    return _anew(run)


@transaction.atomic
def hold_run(actor: Actor, key: UUID, *, now: datetime, why: str = "") -> Occurrence:
    """A run that has not begun waits for a person. Raises UnknownRun, NotHeld for one that has begun, Refused."""
    run = _locked(actor, key)
    reason = _said(f"Held by {actor.name}", why)
    won = Occurrence.objects.filter(
        pk=run.pk, state__in=(State.DUE, State.WAITING), stop_asked_at__isnull=True, owner=""
    ).update(
        state=State.HELD, held_for="hand", held_reason=reason, held_at=now, wake_at=None, fence=F("fence") + 1,
    )  # fmt: skip
    if not won:
        raise NotHeld(f"This run is {run.state}: only one that has not begun can be held. Stop it instead.")
    record(actor, "run.held", str(key), now=now, why=_cut(why), schedule=run.schedule.name)
    return _anew(run)


@transaction.atomic
def release_many(actor: Actor, keys: Collection[UUID], *, now: datetime, why: str = "") -> int:
    """All of the runs, or none where one of them is not held. How many."""
    return sum(release(actor, key, now=now, why=why).pk is not None for key in sorted(set(keys)))


@transaction.atomic
def drop_many(actor: Actor, keys: Collection[UUID], *, now: datetime, why: str = "") -> int:
    """All of the runs, or none where one of them is not held. How many."""
    return sum(drop(actor, key, now=now, why=why).pk is not None for key in sorted(set(keys)))


@transaction.atomic
def release_deliveries(actor: Actor, keys: Collection[UUID], *, now: datetime, why: str = "") -> int:
    """The chosen held deliveries go; their likes stay held. How many. Raises DeliveryError where one is not held, and
    changes nothing then."""
    found = _held(actor, keys)
    Delivery.objects.filter(pk__in=[one.pk for one in found]).update(
        state=Sent.DUE, reason="", next_try_at=F("due_at")
    )  # fmt: skip
    return _settled(actor, found, now=now, verdict="released", action="delivery.released", why=why)


@transaction.atomic
def drop_deliveries(actor: Actor, keys: Collection[UUID], *, now: datetime, why: str = "") -> int:
    """The chosen held deliveries are skipped. How many. Raises DeliveryError where one is not held, and changes nothing
    then."""
    found = _held(actor, keys)
    reason = _said(f"Dropped by {actor.name}", why)
    mine = Delivery.objects.filter(pk__in=[one.pk for one in found])
    mine.update(state=Sent.SKIPPED, reason=reason, settled_at=now, next_try_at=None)
    return _settled(actor, found, now=now, verdict="dropped", action="delivery.dropped", why=why)


def _locked(actor: Actor, key: UUID) -> Occurrence:
    mine = Occurrence.objects.select_for_update(of=("self",), no_key=True).filter(
        reached_by(actor, PERMISSION), organization_id=actor.organization_id, pk=key
    )
    found = mine.select_related("schedule").first()
    if found is None:
        raise UnknownRun(f"There is no run {key} here. Look at the schedule's runs.")
    return found


def _require_held(run: Occurrence) -> None:
    if run.state != State.HELD:
        raise NotHeld(f"This run is not held: it is {run.state}. Load its page again.")


def _go_on(run: Occurrence, *, now: datetime, waived: list[str], **fields: object) -> None:
    """A worker takes it up at once. Whoever had it before the hold has lost it."""
    Occurrence.objects.filter(pk=run.pk).update(
        state=State.DUE, waived=waived, let_go_at=now, held_for="", held_reason="", finished_at=None, wake_at=_wake(run, now=now),
        owner="", lease_until=None, fence=F("fence") + 1, tries=0, deaths=0, error="",
        **{"deadline_at": _deadline(run, now=now), **fields},
    )  # fmt: skip


def _wake(run: Occurrence, *, now: datetime) -> datetime | None:
    """A firing that was held before its time still waits for it."""
    return run.fire_at if run.kind == "scheduled" and run.fire_at > now and run.planned_at is None else None


def _deadline(run: Occurrence, *, now: datetime) -> datetime | None:
    if run.deadline_at is None:
        return None
    definition = ScheduleDefinition.model_validate({**run.definition, "name": run.schedule.name})
    return max(run.deadline_at, now + timedelta(hours=definition.policies.deadline_hours))


def _held(actor: Actor, keys: Collection[UUID]) -> list[Delivery]:
    """The deliveries, their runs locked first, as whoever settles a run does."""
    mine = Delivery.objects.filter(
        deliveries_reached_by(actor, PERMISSION), organization_id=actor.organization_id, pk__in=set(keys)
    )  # fmt: skip
    runs = Occurrence.objects.select_for_update(of=("self",), no_key=True)
    list(runs.filter(pk__in=set(mine.values_list("occurrence_id", flat=True))).order_by("pk"))
    found = list(mine.select_related("occurrence__schedule"))
    if len(found) < len(set(keys)):
        raise UnknownDelivery("Some of these deliveries are not here. Load the ledger again.")
    wrong = [one for one in found if one.state != Sent.HELD]
    if wrong or not found:
        who = f"“{wrong[0].recipient_name}” is {wrong[0].state}, not held." if wrong else "Nothing was chosen."
        raise DeliveryError(f"{who} Choose deliveries that are held.")
    whole = next((one.occurrence for one in found if held_whole(one.occurrence)), None)
    if whole is not None:
        raise DeliveryError(f"All of the run is held: {KINDS[whole.held_for]}. Release or drop the run.")
    return found


def _settled(actor: Actor, found: list[Delivery], *, now: datetime, verdict: str, action: str, why: str) -> int:
    """Note what was done with *found*, and let their runs go on, or end, where nothing of them is held any more."""
    slices = {one.slice_id for one in found if one.slice_id}
    still = Delivery.objects.filter(slice_id__in=slices, state=Sent.HELD).values_list("slice_id", flat=True)
    Slice.objects.filter(pk__in=slices - set(still), verdict="held").update(verdict=verdict)
    for one in found:
        record(actor, action, str(one.pk), now=now, to=one.recipient_name, why=_cut(why))
    for run in {one.occurrence_id: one.occurrence for one in found}.values():
        if run.state == State.HELD:
            _go_on(run, now=now, waived=run.waived)
        elif run.finished_at is None and run.owner == "":
            Occurrence.objects.filter(pk=run.pk, owner="").update(wake_at=None, deadline_at=_deadline(run, now=now))
    return len(found)


def _anew(run: Occurrence) -> Occurrence:
    return Occurrence.objects.select_related("schedule__report", "report_version").get(pk=run.pk)


def _said(who: str, why: str) -> str:
    return f"{who}: {_cut(why)}" if why.strip() else f"{who}."


def _cut(why: str) -> str:
    return " ".join(why.split())[:LONGEST]
