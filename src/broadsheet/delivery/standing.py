"""How channels stand: what is used and left of their limits, whether they are left alone, and what waits for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import Now

from broadsheet.clock import database_now
from broadsheet.core.lifecycle import Delivery as State
from broadsheet.core.lifecycle.bucket import Limit, left
from broadsheet.delivery.claims import OPEN
from broadsheet.delivery.gate import breaker_of, gate_of, used_of
from broadsheet.delivery.limits import EACH, PERIOD_NAMES, Rates, limits_of
from broadsheet.delivery.models import Delivery, Meter, StoredChannel

MOST_DOMAINS = 20  # of those that are not named; the busiest are shown


@dataclass(frozen=True, slots=True)
class Use:
    """One limit: to ``domain`` (empty: the channel's own), over ``per`` (minute, hour, day, or at_once), of ``most`` tries
    ``left`` are free."""

    domain: str
    per: str
    most: int
    left: int

    @property
    def used(self) -> int:
        return max(0, self.most - self.left)


@dataclass(frozen=True, slots=True)
class Standing:
    """``breaker``: closed, open or half-open; ``since``, ``trial_at`` and ``last_word`` are set while it is not closed.
    ``failed_trials`` counts those since it opened. ``limited`` and ``left_alone`` are the deliveries that wait for a limit, and
    for the breaker."""

    breaker: str
    since: datetime | None
    trial_at: datetime | None
    failed_trials: int
    last_word: str
    limits: tuple[Use, ...]
    limited: int
    left_alone: int


def standings(channels: Sequence[StoredChannel]) -> dict[int, Standing]:
    """How each of *channels*, read with their gates, stands; by their keys."""
    now, keys = database_now(), [one.pk for one in channels]
    meters: dict[int, list[Meter]] = {}
    for meter in Meter.objects.filter(channel__in=keys):
        meters.setdefault(meter.channel_id, []).append(meter)
    waiting = Delivery.objects.filter(channel__in=keys, state__in=OPEN).exclude(waits_for="")
    counted = waiting.order_by().values_list("channel_id", "waits_for").annotate(number=Count("pk"))
    waits = {(channel, kind): number for channel, kind, number in counted}
    busy = _under_way([one for one in channels if one.limits])
    return {
        one.pk: _standing(one, meters.get(one.pk, []), waits, busy.get(one.pk, []), now=now) for one in channels
    }  # fmt: skip


def _standing(
    channel: StoredChannel, meters: list[Meter], waits: dict[tuple[int, str], int], busy: list[str], *, now: datetime
) -> Standing:
    gate = gate_of(channel)
    breaker = breaker_of(gate)
    return Standing(
        breaker=breaker.state(now=now),
        since=breaker.opened_at,
        trial_at=breaker.trial_at,
        failed_trials=breaker.trials,
        last_word=gate.last_word if gate is not None and breaker.is_open else "",
        limits=tuple(_uses(channel, meters, busy, now=now)),
        limited=waits.get((channel.pk, "limit"), 0),
        left_alone=waits.get((channel.pk, "breaker"), 0),
    )


def _uses(channel: StoredChannel, meters: list[Meter], busy: list[str], *, now: datetime) -> list[Use]:
    limits = limits_of(channel.limits)
    kept = {(one.domain, one.seconds): one for one in meters}
    found = _of(limits, "", kept, len(busy), now=now)
    counts = Counter(busy)
    for domain, rates in limits.domains.items():
        if domain != EACH:
            found += _of(rates, domain, kept, counts[domain], now=now)
    each = limits.domains.get(EACH)
    if each is not None:
        others = {one.domain for one in meters} | set(counts)
        found += _busiest(each, others - set(limits.domains) - {""}, kept, counts, now=now)
    return found


def _busiest(
    each: Rates, domains: set[str], kept: dict[tuple[str, int], Meter], counts: Counter[str], *, now: datetime
) -> list[Use]:
    """Of the domains that are not named, those that used something, the fullest first."""
    found = [use for one in sorted(domains) for use in _of(each, one, kept, counts[one], now=now) if use.used]
    return sorted(found, key=lambda use: use.left / use.most)[:MOST_DOMAINS]


def _of(rates: Rates, domain: str, kept: dict[tuple[str, int], Meter], busy: int, *, now: datetime) -> list[Use]:
    found = []
    if rates.at_once is not None:
        found.append(Use(domain, "at_once", rates.at_once, max(0, rates.at_once - busy)))
    return found + [
        Use(domain, PERIOD_NAMES[limit.seconds], limit.most, _left(limit, kept.get((domain, limit.seconds)), now=now))
        for limit in rates.limits()
    ]


def _left(limit: Limit, meter: Meter | None, *, now: datetime) -> int:
    return left(limit, used_of(meter) if meter else {}, at=now.timestamp())


def _under_way(channels: list[StoredChannel]) -> dict[int, list[str]]:
    """The domains of what is on its way now, by channel."""
    found = Delivery.objects.filter(
        channel__in=[one.pk for one in channels],
        state=State.SENDING,
        lease_until__gt=Now(),
        let_through_at__isnull=False,
    )
    domains: dict[int, list[str]] = {}
    for channel, address in found.values_list("channel_id", "address"):
        domains.setdefault(channel, []).append(address.rpartition("@")[2].lower())
    return domains
