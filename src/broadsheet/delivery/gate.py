"""Whether a delivery may go through its channel now: its breaker, its limits, decided under one lock for all processes.

Times are the database's clock, so that processes on machines with clocks of their own agree; what a caller gets are
seconds from now. A channel without limits that never failed costs nothing here: its row is not even read again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from broadsheet.clock import database_now
from broadsheet.core.lifecycle import Delivery as State
from broadsheet.core.lifecycle.breaker import Breaker, Shut, admit, heard
from broadsheet.core.lifecycle.bucket import Full, take
from broadsheet.delivery import claims
from broadsheet.delivery.limits import BreakerDefinition, Limits, Metered, domain_of, limits_of, metered, told
from broadsheet.delivery.models import Delivery, Gate, Meter, StoredChannel
from broadsheet.delivery.ports import Receipt

PATIENCE_SECONDS = 2.0  # that a sender stands before a channel that is busy, before it turns to other work
LOOK_SECONDS = 0.05
BUSY_SECONDS = 3.0  # until the next look of who went away
NO_WORD = frozenset({"fault", "store"})  # causes of ours, which say nothing about the channel


@dataclass(frozen=True, slots=True)
class Pass:
    """It may be tried; ``trial``: for all the others that wait for the channel."""

    trial: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """Not now; look again in ``seconds``. ``kind``: limit or breaker. ``domain``: it is so for this one alone; empty: for
    all. ``open_seconds``: how long the breaker has been open."""

    kind: str
    reason: str
    seconds: float
    domain: str = ""
    open_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """A breaker that opened (``lasted`` is None), or that closed after it had been open for ``lasted``."""

    lasted: timedelta | None


def pass_through(delivery: Delivery, *, sleep: Callable[[float], None] = time.sleep) -> Pass | Held:
    """What the gate of its channel says to a claimed delivery. One that is let through counts as a try of the limits, however
    it ends. Raises LostClaim."""
    limits, gate = limits_of(delivery.channel.limits), gate_of(delivery.channel)
    if limits == Limits() and (gate is None or gate.opened_at is None):
        return Pass()
    patient_until = time.monotonic() + PATIENCE_SECONDS
    while True:
        said = _decided(delivery, limits)
        if said is not None:
            return said
        if time.monotonic() >= patient_until:
            reason = f"Held back: “{delivery.channel}” sends as many at once as it may."
            return Held("limit", reason, BUSY_SECONDS)
        sleep(LOOK_SECONDS)


def learn(delivery: Delivery, receipt: Receipt, passed: Pass) -> Turn | None:
    """What the channel's breaker learns from a try; how it turned if it opened by that or closed, else None."""
    if receipt.cause in NO_WORD and not passed.trial:
        return None
    gate = gate_of(delivery.channel)
    good = receipt.state != "unconfirmed" and not receipt.blames_channel
    if good and not passed.trial and (gate is None or not gate.recent):
        return None
    with transaction.atomic():
        gate = locked(delivery.channel)
        before, now = breaker_of(gate), database_now()
        if receipt.cause in NO_WORD:
            keep(gate, Breaker(before.recent, before.opened_at, now, None, before.trials))  # another may make the trial
            return None
        trip = BreakerDefinition.model_validate(delivery.channel.breaker).trip()
        after = heard(before, trip, good=good, trial=passed.trial, now=now)
        gate.last_word = gate.last_word if good else receipt.proof[:2000]
        keep(gate, after)
    if after.is_open == before.is_open:
        return None
    return Turn(None) if before.opened_at is None else Turn(now - before.opened_at)


def gate_of(channel: StoredChannel) -> Gate | None:
    """As it was when *channel* was read."""
    try:
        return channel.gate
    except Gate.DoesNotExist:
        return None


def locked(channel: StoredChannel) -> Gate:
    """The gate's row, nobody else's until the transaction ends."""
    Gate.objects.get_or_create(channel=channel)
    return Gate.objects.select_for_update(no_key=True).get(channel=channel)


def breaker_of(gate: Gate | None) -> Breaker:
    if gate is None:
        return Breaker()
    return Breaker(gate.recent, gate.opened_at, gate.trial_at, gate.trial_until, gate.trials)


def keep(gate: Gate, breaker: Breaker) -> None:
    gate.recent, gate.opened_at, gate.trial_at = breaker.recent, breaker.opened_at, breaker.trial_at
    gate.trial_until, gate.trials = breaker.trial_until, breaker.trials
    if not breaker.recent and not breaker.is_open:
        gate.last_word = ""
    gate.save()


@transaction.atomic
def _decided(delivery: Delivery, limits: Limits) -> Pass | Held | None:
    """None: as many as may are under way at once."""
    gate = locked(delivery.channel)
    now, domain = database_now(), domain_of(delivery.address)
    admitted = admit(breaker_of(gate), now=now)
    if isinstance(admitted, Shut):
        return _shut(delivery, gate, admitted, now=now)
    if _is_busy(delivery, limits, domain):
        return None
    full = _metered(delivery, limits, domain, now=now)
    if full is not None:
        return full
    if admitted.trial:
        keep(gate, admitted.breaker)
    claims.write(delivery, let_through_at=now)
    return Pass(admitted.trial)


def _shut(delivery: Delivery, gate: Gate, shut: Shut, *, now: datetime) -> Held:
    assert gate.opened_at is not None  # else it is not shut
    since = now - gate.opened_at
    reason = f"“{delivery.channel}” fails and is left alone. It last said: {gate.last_word}"
    return Held("breaker", reason, max(0.0, (shut.until - now) / timedelta(seconds=1)), "", since.total_seconds())


def _is_busy(delivery: Delivery, limits: Limits, domain: str) -> bool:
    under_way = Delivery.objects.filter(
        channel=delivery.channel, state=State.SENDING, lease_until__gt=Now(), let_through_at__isnull=False
    ).exclude(pk=delivery.pk)
    if limits.at_once is not None and under_way.count() >= limits.at_once:
        return True
    rates = limits.of_domain(domain)
    if rates is None or rates.at_once is None:
        return False
    return under_way.filter(_to(domain)).count() >= rates.at_once


def _metered(delivery: Delivery, limits: Limits, domain: str, *, now: datetime) -> Held | None:
    """One place of each limit, or none of any."""
    wanted = list(metered(limits, domain))
    mine = Meter.objects.filter(channel=delivery.channel, domain__in={one.domain for one in wanted})
    kept = {(one.domain, one.seconds): one for one in mine}
    fulls: list[tuple[float, Metered]] = []
    for one in wanted:
        key = (one.domain, one.limit.seconds)
        meter = kept.setdefault(key, Meter(channel=delivery.channel, domain=one.domain, seconds=one.limit.seconds))
        result = take(one.limit, used_of(meter), at=now.timestamp())
        if isinstance(result, Full):
            fulls.append((result.seconds, one))
        else:
            meter.used = {str(slot): count for slot, count in result.used.items()}
    if fulls:
        seconds, longest = max(fulls, key=lambda full: full[0])
        return Held("limit", f"Held back: {told(longest)}.", seconds, longest.domain)
    for one in wanted:
        kept[one.domain, one.limit.seconds].save()
    return None


def used_of(meter: Meter) -> dict[int, int]:
    return {int(slot): count for slot, count in meter.used.items()}


def _to(domain: str) -> Q:
    return Q(address__iendswith=f"@{domain}")
