"""What became of each lead: accepted or rejected with a reason, returned, converted; and what it cost and earned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .buyers import BUYERS
from .clock import DAY_US, HOUR_US, Floats, Ints, epoch_day
from .intake import Leads
from .markets import PRODUCTS, USD_RATES
from .sources import FRAUD, REASONS, REASONS_BY_SOURCE, SOURCES, USUAL_REASONS
from .truths import COLLAPSE_RATE, COLLAPSE_SLIDE_DAYS, FRAUD_ACCEPTED, FRAUD_RETURNS, Truths

Flags = NDArray[np.bool_]

MAIN_PRODUCT_SHARE = 0.72
BUYER_SPREAD = 0.012  # how much choosier one buyer is than another
VALUE_SPREAD = 0.28  # of one contract's value around its product's
CONVERSION_DAYS = 0.75  # mean wait; short, so that a closed week is nearly complete on its Monday
NEVER = -1


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Parallel to Leads. ``reason`` indexes REASONS or is NEVER; instants are microseconds or NEVER.

    ``cost`` and ``revenue`` are in hundredths of the buyer's currency; 0 where not accepted, not converted.
    """

    accepted: Flags
    reason: Ints
    returned_at: Ints
    converted_at: Ints
    product: NDArray[np.str_]
    cost: Ints
    revenue: Ints


def draw_outcomes(leads: Leads, *, truths: Truths, rng: np.random.Generator) -> Outcomes:
    """The fate of *leads* as known at midnight UTC after the last day: later returns and conversions are not in yet."""
    fraud = _in_fraud(leads, truths=truths)
    accepted = rng.random(leads.buyer.size) < _acceptance(leads, truths=truths, fraud=fraud, rng=rng)
    reason = np.where(accepted, NEVER, _reasons(leads, fraud=fraud, rng=rng))
    cutoff = (epoch_day(truths.last_day) + 1) * DAY_US
    returned_at = _returns(leads, accepted=accepted, fraud=fraud, cutoff=cutoff, rng=rng)
    converted_at = _conversions(leads, eligible=accepted & (returned_at == NEVER), cutoff=cutoff, rng=rng)
    product = _products(leads, rng=rng)
    revenue = np.where(converted_at == NEVER, 0, _values(leads, product=product, rng=rng))
    cost = np.where(accepted, _prices(leads, truths=truths), 0)
    return Outcomes(accepted, reason, returned_at, converted_at, product, cost, revenue)


def price_table() -> Ints:
    """What an accepted lead costs, hundredths of the buyer's currency, shape (buyers, sources), before any change."""
    table = [[_price(source.price_usd, buyer=number) for source in SOURCES] for number in range(len(BUYERS))]
    return np.array(table, dtype=np.int64)


def _price(usd: float, *, buyer: int) -> int:
    """Round as agreements do: to half a unit, to ten yen."""
    currency, product = BUYERS[buyer].currency, BUYERS[buyer].products[0]
    step = 10.0 if currency == "JPY" else 0.5
    amount = usd * PRODUCTS[product][1] * USD_RATES[currency]
    return round(amount / step) * round(step * 100)


def _prices(leads: Leads, *, truths: Truths) -> Ints:
    before = price_table()
    unit = np.array([[100 if each.currency == "JPY" else 1] for each in BUYERS])  # yen have no hundredths
    raised = np.rint(before * truths.price_factor / unit).astype(np.int64) * unit
    source = [each.id for each in SOURCES].index(truths.price_source)
    late = (leads.source == source) & (leads.day >= (truths.price_from - truths.first_day).days)
    prices: Ints = np.where(late, raised[leads.buyer, leads.source], before[leads.buyer, leads.source])
    return prices


def _in_fraud(leads: Leads, *, truths: Truths) -> Flags:
    source = [each.id for each in SOURCES].index(truths.fraud_source)
    first, last = ((day - truths.first_day).days for day in (truths.fraud_from, truths.fraud_until))
    inside: Flags = (leads.source == source) & (leads.day >= first) & (leads.day <= last)
    return inside


def _acceptance(leads: Leads, *, truths: Truths, fraud: Flags, rng: np.random.Generator) -> Floats:
    span = max((truths.last_day - truths.first_day).days, 1)
    start = np.array([each.accept_from for each in SOURCES])[leads.source]
    end = np.array([each.accept_to for each in SOURCES])[leads.source]
    rate = start + (end - start) * leads.day / span
    rate += rng.normal(0.0, BUYER_SPREAD, len(BUYERS))[leads.buyer]
    collapsing = leads.source == [each.id for each in SOURCES].index(truths.collapse_source)
    slide = np.clip((leads.day - (truths.collapse_from - truths.first_day).days) / COLLAPSE_SLIDE_DAYS, 0, 1)
    rate = np.where(collapsing, rate + (COLLAPSE_RATE - rate) * slide, rate)
    return np.where(fraud, FRAUD_ACCEPTED, rate)


def _reasons(leads: Leads, *, fraud: Flags, rng: np.random.Generator) -> Ints:
    weights = np.array([REASONS_BY_SOURCE.get(each.id, USUAL_REASONS) for each in SOURCES])
    edges = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    uniform = rng.random(leads.source.size)
    reason = np.minimum((uniform[:, None] > edges[leads.source]).sum(axis=1), len(REASONS) - 1)
    return np.where(fraud & (uniform > 0.25), FRAUD, reason)


def _returns(leads: Leads, *, accepted: Flags, fraud: Flags, cutoff: int, rng: np.random.Generator) -> Ints:
    """Returns come within seven days; those of a fraud within two, for it is found quickly."""
    rate = np.array([each.returned for each in SOURCES])[leads.source] * np.where(fraud, FRAUD_RETURNS, 1.0)
    hours = np.where(fraud, rng.integers(4, 48, rate.size), rng.integers(6, 7 * 24, rate.size))
    at = leads.utc + hours * HOUR_US
    return np.where(accepted & (rng.random(rate.size) < rate) & (at < cutoff), at, NEVER)


def _conversions(leads: Leads, *, eligible: Flags, cutoff: int, rng: np.random.Generator) -> Ints:
    """Conversions spread evenly over each buyer's leads of a source, so that small counts follow their rate.

    Independent draws would give a month of 80 contracts a spread of 11 %, in which no truth could be seen.
    """
    rate = np.array([each.converted for each in SOURCES])[leads.source] * eligible
    stratum = leads.buyer * len(SOURCES) + leads.source
    order = np.argsort(stratum, kind="stable")
    begun = np.cumsum(rate[order]) + rng.random()
    hit = np.zeros(rate.size, dtype=bool)
    hit[order] = np.floor(begun) > np.floor(np.concatenate(([0.0], begun[:-1])))
    wait = np.minimum(rng.exponential(CONVERSION_DAYS, rate.size), 30.0) * DAY_US + 2 * HOUR_US
    at = leads.utc + wait.astype(np.int64)
    return np.where(hit & eligible & (at < cutoff), at, NEVER)


def _products(leads: Leads, *, rng: np.random.Generator) -> NDArray[np.str_]:
    main = np.array([each.products[0] for each in BUYERS])[leads.buyer]
    other = np.array([each.products[-1] for each in BUYERS])[leads.buyer]
    return np.where(rng.random(main.size) < MAIN_PRODUCT_SHARE, main, other)


def _values(leads: Leads, *, product: NDArray[np.str_], rng: np.random.Generator) -> Ints:
    """Contract values in hundredths of the buyer's currency, whole units."""
    names = np.array(sorted(PRODUCTS))
    worth = np.array([PRODUCTS[name][0] for name in names])[np.searchsorted(names, product)]
    rate = np.array([USD_RATES[each.currency] for each in BUYERS])[leads.buyer]
    spread = rng.lognormal(-(VALUE_SPREAD**2) / 2, VALUE_SPREAD, worth.size)
    values: Ints = np.rint(worth * rate * spread).astype(np.int64) * 100
    return values
