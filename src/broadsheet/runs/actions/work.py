"""Carry one claimed run as far as it goes: plan, make, send, settle. Every step may be the first after a crash."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from random import random
from uuid import uuid4

from django.db import close_old_connections
from django.db.models import Min

from broadsheet.core.lifecycle import Again, Retry, decide, outcome
from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.delivery import claims as sending
from broadsheet.delivery.actions.send import send
from broadsheet.delivery.lines import Lines
from broadsheet.delivery.models import Delivery
from broadsheet.runs import claims
from broadsheet.runs.actions.make import make
from broadsheet.runs.actions.plan import plan
from broadsheet.runs.errors import RunError, TryLater
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.runs.ports import ArtifactStore
from broadsheet.runs.rendering import RenderPool
from broadsheet.schedules.definition import ScheduleDefinition

log = logging.getLogger(__name__)
SENDERS = 4  # deliveries of one run on their way at once
OPEN = (Sent.DUE, Sent.RETRYING, Sent.SENDING)


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker works with. ``alone`` says that no other process owns runs of this database."""

    owner: str
    pool: RenderPool
    store: ArtifactStore
    clock: Callable[[], datetime]
    alone: bool = False


def carry(occurrence: Occurrence, tools: Tools) -> None:
    """Do what the run needs now, then settle it or say when it wakes again. Raises LostLease.

    A fault of ours is tried again like an absent source, and ends the run when its tries are used up, so that one bad
    run never holds up the others.
    """
    try:
        _work(occurrence, tools)
    except claims.LostLease:
        raise
    except Exception:
        reference = uuid4().hex[:8]
        log.exception("a run failed action=work run=%s reference=%s", occurrence.pk, reference)
        _later(occurrence, f"Something of ours failed; the log has it under {reference}.", tools)


def _work(occurrence: Occurrence, tools: Tools) -> None:
    sending.recover(occurrence.pk, now=tools.clock(), dead_owners_only=tools.owner if tools.alone else "")
    try:
        if occurrence.planned_at is None:
            plan(occurrence, now=tools.clock())
        if not _stopped(occurrence):
            _make_and_send(occurrence, tools)
    except TryLater as delay:
        _later(occurrence, str(delay), tools)
        return
    except RunError as fault:
        _fail(occurrence, str(fault), tools)
        return
    _settle(occurrence, tools)


def _make_and_send(occurrence: Occurrence, tools: Tools) -> None:
    """Deliveries leave as soon as their slice is made, while the others are still being drawn."""
    with (
        Lines(clock=tools.clock) as lines,
        ThreadPoolExecutor(SENDERS, thread_name_prefix="send") as senders,
    ):
        under_way: list[Future[None]] = []
        for slice in make(occurrence, pool=tools.pool, store=tools.store, now=tools.clock()):
            claims.hold(occurrence)
            if _stopped(occurrence):
                break
            under_way += [senders.submit(_send, key, lines, tools) for key in _to_send(slice, now=tools.clock())]
        else:
            if occurrence.made_at is None:  # a run that wakes for a retry was made before
                claims.write(occurrence, made_at=tools.clock())
        for one in under_way:
            one.result()


def _to_send(slice: Slice, *, now: datetime) -> list[object]:
    ready = slice.deliveries.filter(state__in=(Sent.DUE, Sent.RETRYING)).exclude(next_try_at__gt=now)
    return list(ready.values_list("pk", flat=True))


def _send(key: object, lines: Lines, tools: Tools) -> None:
    try:
        send(key, owner=tools.owner, store=tools.store, lines=lines, clock=tools.clock)  # type: ignore[arg-type]
    except sending.LostClaim:
        log.warning("claim lost action=send delivery=%s", key)
    finally:
        close_old_connections()


def _stopped(occurrence: Occurrence) -> bool:
    """Whether a person asked to stop; what is still due is skipped then."""
    if not Occurrence.objects.filter(pk=occurrence.pk, stop_asked_at__isnull=False).exists():
        return False
    due = Delivery.objects.filter(occurrence=occurrence, state__in=(Sent.DUE, Sent.RETRYING))
    due.update(state=Sent.SKIPPED, reason="The run was stopped by hand.", next_try_at=None)
    return True


def _settle(occurrence: Occurrence, tools: Tools) -> None:
    """Finished when no delivery is open; otherwise it sleeps until the next try is due."""
    deliveries = Delivery.objects.filter(occurrence=occurrence)
    state = outcome(Sent(one) for one in deliveries.values_list("state", flat=True))
    if state == State.RUNNING:
        wake = deliveries.filter(state__in=OPEN).aggregate(at=Min("next_try_at"))["at"]
        claims.release(occurrence, wake_at=wake or tools.clock())
        return
    reason = _nobody(occurrence) if not deliveries.exists() else occurrence.reason
    claims.write(
        occurrence, state=state, reason=reason, finished_at=tools.clock(), lease_until=None, owner="", wake_at=None
    )


def _nobody(occurrence: Occurrence) -> str:
    bad = len(Occurrence.objects.values_list("invalid", flat=True).get(pk=occurrence.pk))
    return f"All {bad} rows of the audience are invalid." if bad else "The audience has no rows: nobody to send to."


def _later(occurrence: Occurrence, why: str, tools: Tools) -> None:
    now = tools.clock()
    decision = decide(
        _retry(occurrence), attempt=occurrence.tries, now=now, random=random(), deadline=occurrence.deadline_at
    )
    if isinstance(decision, Again):
        claims.write(occurrence, error=why)
        claims.release(occurrence, wake_at=decision.at)
    else:
        _fail(occurrence, f"Tried {occurrence.tries} times. {why}", tools)


def _fail(occurrence: Occurrence, why: str, tools: Tools) -> None:
    """The run ends as failed, and so does every delivery that was not sent: nobody is left to wonder."""
    now = tools.clock()
    still_open = Delivery.objects.filter(occurrence=occurrence, state__in=(Sent.DUE, Sent.RETRYING))
    still_open.update(state=Sent.FAILED, reason=why, settled_at=now, next_try_at=None)
    states = [Sent(one) for one in Delivery.objects.filter(occurrence=occurrence).values_list("state", flat=True)]
    state = outcome(states) if states else State.FAILED
    claims.write(
        occurrence, state=State.FAILED if state == State.RUNNING else state, error=why, finished_at=now,
        lease_until=None, owner="", wake_at=None,
    )  # fmt: skip


def _retry(occurrence: Occurrence) -> Retry:
    definition = ScheduleDefinition.model_validate({**occurrence.definition, "name": occurrence.schedule.name})
    return definition.policies.retry.retry()
