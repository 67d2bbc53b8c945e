"""Carry one claimed run as far as it goes: plan, make, send, settle. Every step may be the first after a crash."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import random
from threading import Event
from time import monotonic
from uuid import UUID, uuid4

from django.db import close_old_connections, transaction
from django.db.models import QuerySet

from broadsheet.core.lifecycle import Again, Retry, decide, outcome
from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.delivery import claims as sending
from broadsheet.delivery.actions.send import send
from broadsheet.delivery.lines import Lines
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.queries import last_of_each
from broadsheet.runs import claims
from broadsheet.runs.actions.admit import admit
from broadsheet.runs.actions.backfill import await_turn
from broadsheet.runs.actions.make import LOOK_SECONDS, make
from broadsheet.runs.actions.plan import plan
from broadsheet.runs.actions.put_down import PutDown
from broadsheet.runs.actions.recheck import recheck
from broadsheet.runs.actions.weigh import weigh
from broadsheet.runs.errors import Declined, NotYet, OnHold, RunError, TryLater
from broadsheet.runs.holding import hold
from broadsheet.runs.lasting import Kept
from broadsheet.runs.models import Occurrence
from broadsheet.runs.own_faults import database_away
from broadsheet.runs.ports import ArtifactStore
from broadsheet.runs.rendering import RenderPool
from broadsheet.schedules.actions.learn_ahead import learn_ahead
from broadsheet.schedules.definition import Policies, ScheduleDefinition
from broadsheet.tracing import span

log = logging.getLogger(__name__)
SENDERS = 4  # deliveries of one run on their way at once
ON_ITS_WAY = timedelta(seconds=5)  # until the next look at what another process may be sending
STOPPED = "The run was stopped by hand."


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker works with. ``alone`` says that no other process owns runs of this database; ``stopping`` is set
    when the process is to end: then nothing new is begun, and what is left is given back for the next process."""

    owner: str
    pool: RenderPool
    store: ArtifactStore
    clock: Callable[[], datetime]
    alone: bool = False
    stopping: Event = field(default_factory=Event)


def carry(occurrence: Occurrence, tools: Tools) -> None:
    """Do what the run needs now, then settle it or say when it wakes again.

    A fault of ours is tried again like an absent source, and ends the run when its tries are used up, so that one bad
    run never holds up the others. Raises LostLease; OperationalError when the database is away: the lease is still held
    then, and no try was made.
    """
    try:
        _work(occurrence, tools)
    except claims.LostLease:
        raise
    except Exception as fault:
        if database_away(fault):
            raise
        reference = uuid4().hex[:8]
        log.exception("a run failed action=work run=%s reference=%s", occurrence.pk, reference)
        _later(occurrence, f"Something of ours failed; the log has it under {reference}.", tools, cause="fault")


def _work(occurrence: Occurrence, tools: Tools) -> None:
    sending.recover(occurrence, now=tools.clock())
    try:
        if occurrence.planned_at is None and not _stopped(occurrence, tools):
            await_turn(occurrence, now=tools.clock())
            admit(occurrence, now=tools.clock())
            with span("plan", run=occurrence.pk):
                plan(occurrence, clock=tools.clock)
        if not _stopped(occurrence, tools):
            recheck(occurrence, now=tools.clock())
            _make_and_send(occurrence, tools)
    except NotYet as delay:
        claims.release(occurrence, wake_at=delay.at, state=State.WAITING, error=str(delay))
        return
    except Declined as refusal:
        now = tools.clock()
        claims.write(
            occurrence, state=State.SKIPPED, reason=str(refusal), error="", finished_at=now, lease_until=None, owner="",
            wake_at=None,
        )  # fmt: skip
        return
    except OnHold as why:
        if _held(occurrence, why, tools):
            return
    except TryLater as delay:
        _later(occurrence, str(delay), tools, cause=delay.cause)
        return
    except RunError as fault:
        _fail(occurrence, str(fault), tools)
        return
    _settle(occurrence, tools)


@transaction.atomic
def _held(occurrence: Occurrence, why: OnHold, tools: Tools) -> bool:
    """Whether it waits for a person now; one that was told to stop meanwhile ends instead."""
    claims.hold(occurrence)  # who stops it waits, and finds it held; or we find that it was stopped
    if _stopped(occurrence, tools):
        return False
    hold(occurrence, why.kind, str(why), now=tools.clock())
    return True


def _make_and_send(occurrence: Occurrence, tools: Tools) -> None:
    """Deliveries leave as soon as their slice is made, while the others are still being drawn."""
    mine = Delivery.objects.filter(occurrence=occurrence)
    made_before = mine.exclude(slice__state="due")
    ending = PutDown(occurrence.pk, stopping=tools.stopping, clock=tools.clock)
    making = make(occurrence, pool=tools.pool, store=tools.store, clock=tools.clock, ending=ending)
    with (
        Lines(clock=tools.clock) as lines,
        Kept() as connections,
        ThreadPoolExecutor(SENDERS, thread_name_prefix="send") as senders,
        closing(making),
    ):
        under_way: dict[UUID, Future[None]] = {}

        def one_by_one(key: UUID) -> None:
            _send(key, occurrence, lines, tools, ending)
            connections.keep()

        def send_all(found: QuerySet[Delivery]) -> None:
            keys = [key for key in _to_send(found, now=tools.clock()) if key not in under_way]
            under_way.update({key: senders.submit(one_by_one, key) for key in keys})

        send_all(made_before)
        looked = monotonic()
        for slice in making:
            if _stopped(occurrence, tools):
                break
            if slice is not None:
                send_all(mine.filter(slice=slice))
            if monotonic() - looked > LOOK_SECONDS:  # what was made ahead of its time may have come to it meanwhile
                looked = monotonic()
                send_all(made_before.filter(due_at__isnull=False))
        else:
            if occurrence.made_at is None and not ending():
                claims.write(occurrence, made_at=tools.clock())
                learn_ahead(occurrence)
                weigh(occurrence)
        for one in under_way.values():
            one.result()


def _to_send(found: QuerySet[Delivery], *, now: datetime) -> list[UUID]:
    ready = found.filter(state__in=sending.OPEN).exclude(next_try_at__gt=now)
    return list(ready.values_list("pk", flat=True))


def _send(key: UUID, occurrence: Occurrence, lines: Lines, tools: Tools, ending: PutDown) -> None:
    if ending():
        return
    try:
        with span("send", run=occurrence.pk, delivery=key):
            send(key, run=occurrence, store=tools.store, lines=lines, clock=tools.clock)
    except Exception as fault:
        if database_away(fault):  # else the other deliveries can be written down, and go on
            ending.go_blind()
        close_old_connections()  # it may be what broke
        raise


def _stopped(occurrence: Occurrence, tools: Tools) -> bool:
    """Whether a person asked to stop; what is still due is skipped then."""
    if not Occurrence.objects.filter(pk=occurrence.pk, stop_asked_at__isnull=False).exists():
        return False
    due = Delivery.objects.filter(occurrence=occurrence, state__in=(*sending.OPEN, Sent.HELD))
    due.update(state=Sent.SKIPPED, reason=STOPPED, settled_at=tools.clock(), next_try_at=None)
    return True


@transaction.atomic
def _settle(occurrence: Occurrence, tools: Tools) -> None:
    """Finished when no delivery is open; otherwise it sleeps until the next try is due."""
    claims.hold(occurrence)  # the row is ours until this is written: `resend` waits, and finds it as it is then
    _stopped(occurrence, tools)
    deliveries = Delivery.objects.filter(occurrence=occurrence)
    state = outcome(Sent(one) for one in last_of_each(deliveries).values_list("state", flat=True))
    now = tools.clock()
    if state == State.RUNNING:
        claims.release(occurrence, wake_at=_wake(deliveries, now=now), tries=0, deaths=0)
        return
    if state == State.HELD:
        held = deliveries.filter(state=Sent.HELD)
        hold(occurrence, "content", held.values_list("reason", flat=True)[0], now=now)
        return
    reason = _nobody(occurrence) if not deliveries.exists() else occurrence.reason
    claims.write(
        occurrence, state=state, reason=reason, error="", finished_at=now, lease_until=None, owner="", wake_at=None
    )


def _wake(deliveries: QuerySet[Delivery], *, now: datetime) -> datetime:
    """When the first of the open deliveries can be gone on with."""
    moments = [at or now for at in deliveries.filter(state__in=sending.OPEN).values_list("next_try_at", flat=True)]
    if deliveries.filter(state=Sent.SENDING).exists():
        moments.append(now + ON_ITS_WAY)
    return min(moments, default=now)


def _nobody(occurrence: Occurrence) -> str:
    if occurrence.planned_at is None:
        return STOPPED
    bad = len(Occurrence.objects.values_list("invalid", flat=True).get(pk=occurrence.pk))
    if bad == 1:
        return "The only row of the audience is invalid."
    return f"All {bad} rows of the audience are invalid." if bad else "The audience has no rows: nobody to send to."


def _later(occurrence: Occurrence, why: str, tools: Tools, *, cause: str) -> None:
    now, tried = tools.clock(), occurrence.tries + 1
    decision = decide(
        _retry(occurrence), attempt=tried, now=now, random=random(), deadline=occurrence.deadline_at, cause=cause,
        since=_begun(occurrence),
    )  # fmt: skip
    if isinstance(decision, Again):
        claims.release(occurrence, wake_at=decision.at, error=why, tries=tried)
    else:
        _fail(occurrence, f"Tried {tried} times. {why}" if tried > 1 else why, tools)


@transaction.atomic
def _fail(occurrence: Occurrence, why: str, tools: Tools) -> None:
    """The run ends as failed, and so does every delivery that was not sent: nobody is left to wonder. Where another
    process may still be sending one, the run ends when that is known."""
    claims.hold(occurrence)
    now = tools.clock()
    deliveries = Delivery.objects.filter(occurrence=occurrence)
    left = deliveries.filter(state__in=(*sending.OPEN, Sent.HELD))
    left.update(state=Sent.FAILED, reason=why, settled_at=now, next_try_at=None)
    states = [Sent(one) for one in last_of_each(deliveries).values_list("state", flat=True)]
    state = outcome(states) if states else State.FAILED
    if state == State.RUNNING:
        claims.release(occurrence, wake_at=now + ON_ITS_WAY, error=why)
        return
    claims.write(
        occurrence, state=state, error=why, finished_at=now, lease_until=None, owner="", wake_at=None
    )  # fmt: skip


def _begun(occurrence: Occurrence) -> datetime | None:
    """Since when it is tried: since it was to fire, or since a person sent again what failed."""
    if occurrence.deadline_at is None:
        return occurrence.begun_at
    return occurrence.deadline_at - timedelta(hours=_policies(occurrence).deadline_hours)


def _retry(occurrence: Occurrence) -> Retry:
    return _policies(occurrence).retry.retry()


def _policies(occurrence: Occurrence) -> Policies:
    return ScheduleDefinition.model_validate({**occurrence.definition, "name": occurrence.schedule.name}).policies
