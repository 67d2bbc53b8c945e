"""Send one delivery: claim, compose, hand over, settle. Whatever happens ends in an honest state."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import random
from uuid import UUID, uuid4

from django.db import transaction

from broadsheet.core.lifecycle import Again, decide
from broadsheet.core.lifecycle import Delivery as State
from broadsheet.delivery import bouncing, claims, gate
from broadsheet.delivery.actions.fall_back import take_over, takes_over
from broadsheet.delivery.actions.gates import turned
from broadsheet.delivery.composing import outgoing
from broadsheet.delivery.lines import Lines
from broadsheet.delivery.models import Attempt, Delivery
from broadsheet.delivery.ports import CHANNELS, Outgoing, Receipt
from broadsheet.delivery.queries import suppressed_for
from broadsheet.delivery.sealed_copy import fold
from broadsheet.runs.due import NEVER_OPEN, held
from broadsheet.runs.kept import keep_rows
from broadsheet.runs.models import Artifact, Occurrence
from broadsheet.runs.own_faults import database_away
from broadsheet.runs.ports import ArtifactStore, StoreError
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.own_times import OwnTimes
from broadsheet.schedules.recipients import calendars_for

GIVEN_UP = {
    "attempts": "All tries are used up",
    "deadline": "The next try would pass the deadline",
    "lifetime": "The next try would be later than the schedule tries",
    "cause": "The schedule does not try again for this",
}
FOLDED = "application/vnd.broadsheet.folded-message"
log = logging.getLogger(__name__)


def send(key: UUID, *, run: Occurrence, store: ArtifactStore, lines: Lines, clock: Callable[[], datetime]) -> str:
    """One try of the delivery for the holder of *run*; the state it is in now, or empty when it was not ours to send.

    A fault of ours ends the try like one of the other side, so that one bad delivery never keeps its run from ending.
    Raises OperationalError when the database is away: the claim is decided by `claims.recover` then.
    """
    now = clock()
    delivery = claims.claim(key, run, now=now)
    if delivery is None:
        return ""
    try:
        return _sent(delivery, store=store, lines=lines, clock=clock, now=now)
    except claims.LostClaim:
        log.warning("delivery settled by another action=send delivery=%s", delivery.pk)
        return ""
    except Exception as fault:  # a worker's border
        if database_away(fault):
            raise
        return _faulty(delivery, begun=now, now=clock())


def _sent(
    delivery: Delivery, *, store: ArtifactStore, lines: Lines, clock: Callable[[], datetime], now: datetime
) -> str:
    ended = _ended(delivery, now=now) or _waits(delivery, now=now)
    if ended is not None:
        return _untried(delivery, ended, now=now)
    passed = gate.pass_through(delivery)
    if isinstance(passed, gate.Held):
        return _held_back(delivery, passed, now=now)
    receipt, message = _try(delivery, store=store, lines=lines, clock=clock)
    sent = _keep(delivery, receipt, message, store=store, now=now)
    state = _settle(delivery, receipt, sent, begun=now, now=clock())
    turn = gate.learn(delivery, receipt, passed)
    if turn is not None:
        turned(delivery.channel, turn, now=clock())
    return state


@transaction.atomic
def _untried(delivery: Delivery, ended: Mapping[str, object], *, now: datetime) -> str:
    """The claim counted a try that did not come to pass."""
    claims.write(delivery, attempts=delivery.attempts - 1, owner="", lease_until=None, **ended)
    by_other = ended["state"] == State.FAILED and bouncing.has_bounced(str(ended["reason"]))
    if by_other or ended["state"] == State.EXPIRED:
        take_over(delivery, _definition(delivery), now=now)
    return str(ended["state"])


def _held_back(delivery: Delivery, held: gate.Held, *, now: datetime) -> str:
    """It waits, and so does the rest of its run that would be told the same; or it ends, where a fallback takes over."""
    definition = _definition(delivery)
    policy = definition.policies.fallback
    seconds = held.seconds
    if held.kind == "breaker" and policy is not None and takes_over(delivery, definition):
        left = policy.after_minutes * 60 - held.open_seconds
        if left <= 0:
            return _given_up(delivery, held.reason, definition, now=now)
        seconds = min(seconds, left)
    # Not past its deadline, so that it ends when that has come.
    ends = delivery.ends_at + timedelta(seconds=1) if delivery.ends_at else None
    at = min(filter(None, (now + timedelta(seconds=seconds), ends)))
    waits = {"next_try_at": at, "reason": held.reason, "waits_for": held.kind}
    state = State.RETRYING if delivery.attempts > 1 else State.DUE
    told = _untried(delivery, {"state": state, **waits}, now=now)
    alike = Delivery.objects.filter(occurrence=delivery.occurrence, channel=delivery.channel, state__in=claims.OPEN)
    if held.domain:
        alike = alike.filter(address__iendswith=f"@{held.domain}")
    alike.exclude(next_try_at__gt=now).update(**waits)
    return told


@transaction.atomic
def _given_up(delivery: Delivery, reason: str, definition: ScheduleDefinition, *, now: datetime) -> str:
    ended = {"state": State.FAILED, "reason": reason, "settled_at": now, "next_try_at": None}
    claims.write(delivery, attempts=delivery.attempts - 1, owner="", lease_until=None, **ended)
    take_over(delivery, definition, now=now)
    return State.FAILED


def _faulty(delivery: Delivery, *, begun: datetime, now: datetime) -> str:
    reference = uuid4().hex[:8]
    log.exception("a delivery failed action=send delivery=%s reference=%s", delivery.pk, reference)
    delivery.refresh_from_db(fields=["handed_over_at"])
    told = f"Something of ours failed; the log has it under {reference}."
    if claims.may_repeat(delivery):
        receipt = Receipt("retry", told, cause="fault")
    else:
        receipt = Receipt("unconfirmed", f"{told} The message had been handed over; it may have arrived.")
    try:
        return _settle(delivery, receipt, {}, begun=begun, now=now)
    except claims.LostClaim:
        return ""


def _ended(delivery: Delivery, *, now: datetime) -> dict[str, object] | None:
    """The end of one that must not be sent after all: read again right before sending, since it may have changed."""
    state, reason = _barred(delivery, now=now)
    return {"state": state, "reason": reason, "settled_at": now} if state else None


def _waits(delivery: Delivery, *, now: datetime) -> dict[str, object] | None:
    """The next try of one whose recipient is not at work now; None when they are, or said no hours."""
    times = OwnTimes(None, delivery.hours, delivery.calendar)
    if not times.hours:
        return None
    audience = _definition(delivery).audience
    calendars = calendars_for(delivery.organization_id, audience, around=now.date())
    at, reason = held(delivery.zone, times, calendars=calendars, at=now)
    if at is None:
        return {"state": State.FAILED, "reason": NEVER_OPEN, "settled_at": now}
    if at <= now:
        return None
    ends = at + timedelta(hours=_definition(delivery).policies.deadline_hours)  # counted from when it may leave
    return {"state": State.DUE, "reason": reason, "next_try_at": at, "deadline_at": ends}


def _barred(delivery: Delivery, *, now: datetime) -> tuple[str, str]:
    slice = delivery.slice
    if slice is None or slice.state == "failed":
        return State.FAILED, slice.error if slice else "Its files are gone. Run the schedule again."
    if delivery.ends_at is not None and now > delivery.ends_at:
        return State.EXPIRED, "Its deadline passed before it could be sent."
    if "unsubscribe" in CHANNELS.get(delivery.channel.kind).descriptor.capabilities:
        reason = suppressed_for(delivery)
        if reason:
            other_way = bouncing.has_bounced(reason) and delivery.fallback_channel_id is not None
            return State.FAILED if other_way else State.SUPPRESSED, reason
    policies = _definition(delivery).policies
    if policies.empty == "skip" and slice.rows == 0:
        return State.SKIPPED, "There were no rows for this recipient, and the schedule skips empty reports."
    return "", ""


def _try(
    delivery: Delivery, *, store: ArtifactStore, lines: Lines, clock: Callable[[], datetime]
) -> tuple[Receipt, Outgoing | None]:
    try:
        message = outgoing(delivery, definition=_definition(delivery), store=store)
    except StoreError as error:
        return Receipt("failed", f"Its file cannot be read. {error}", cause="store"), None
    receipt = lines.sender(delivery.channel).send(
        message, handing_over=lambda: claims.write(delivery, handed_over_at=clock())
    )
    return receipt, message


def _keep(
    delivery: Delivery, receipt: Receipt, message: Outgoing | None, *, store: ArtifactStore, now: datetime
) -> dict[str, object]:
    """The fields that say what was sent. A message that may have arrived is kept, its files by their hashes."""
    if not receipt.content or message is None or receipt.state not in {"accepted", "unconfirmed"}:
        return {}
    files = [(hashlib.sha256(one.data).hexdigest(), one.data) for one in message.attachments]
    try:
        stored = store.put(fold(receipt.content, files))
    except StoreError:
        log.exception("sent and not kept action=send delivery=%s", delivery.pk)  # the truth is still: it was sent
        return {}
    row = Artifact(
        organization_id=delivery.organization_id, sha256=stored.sha256, size=stored.size, media_type=FOLDED, made_at=now
    )
    artifact = keep_rows([row])[stored.sha256]
    digest = hashlib.sha256(receipt.content).hexdigest()
    return {"sent": artifact, "sent_sha256": digest, "sent_size": len(receipt.content)}


@transaction.atomic
def _settle(delivery: Delivery, receipt: Receipt, sent: Mapping[str, object], *, begun: datetime, now: datetime) -> str:
    state, fields = _outcome(delivery, receipt, begun=begun, now=now)
    first = delivery.first_try_at or begun
    claims.write(
        delivery,
        state=state,
        proof=receipt.proof[:2000],
        owner="",
        lease_until=None,
        first_try_at=first,
        **fields,
        **sent,
    )
    bouncing.suppress(delivery, receipt, now=now)
    if state == State.FAILED and receipt.cause != "store":
        take_over(delivery, _definition(delivery), now=now)
    Attempt.objects.create(
        delivery=delivery,
        number=delivery.tries.count() + 1,  # attempts start anew when a person sends again
        started_at=begun,
        ended_at=now,
        state=receipt.state,
        proof=receipt.proof[:2000],
        transcript=[
            {"at": line.at.isoformat(), "who": line.who, "text": line.text[:1000]} for line in receipt.transcript
        ],
    )
    return state


def _outcome(delivery: Delivery, receipt: Receipt, *, begun: datetime, now: datetime) -> tuple[str, dict[str, object]]:
    if receipt.state == "accepted":
        return State.ACCEPTED, {"settled_at": now, "reason": "", "next_try_at": None}
    if receipt.state == "unconfirmed":
        return State.UNCONFIRMED, {"settled_at": now, "reason": receipt.proof, "next_try_at": None}
    if receipt.state == "failed":
        return State.FAILED, {"settled_at": now, "reason": receipt.proof, "next_try_at": None}
    decision = decide(
        _definition(delivery).policies.retry.retry(), attempt=delivery.attempts, now=now, random=random(),
        deadline=delivery.ends_at, wait=receipt.wait, cause=receipt.cause, since=delivery.first_try_at or begun,
    )  # fmt: skip
    if isinstance(decision, Again):
        return State.RETRYING, {"next_try_at": decision.at, "reason": receipt.proof}
    said = f"{GIVEN_UP[decision.reason]}. Last said: {receipt.proof}"
    return State.FAILED, {"settled_at": now, "reason": said, "next_try_at": None}


def _definition(delivery: Delivery) -> ScheduleDefinition:
    occurrence = delivery.occurrence
    return ScheduleDefinition.model_validate({**occurrence.definition, "name": occurrence.schedule.name})
