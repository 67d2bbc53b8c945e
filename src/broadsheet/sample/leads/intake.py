"""How many leads come in: the expected number for every buyer, day and source, and the leads drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from .buyers import BUYERS
from .clock import DAY_US, Floats, Ints, ZoneTable, draw_times, epoch_day, micros
from .markets import HOLIDAY_SHARE, SOUTHERN, country_of, holidays_of
from .sources import SOURCES, Source
from .truths import BUDGET_SHARE, FRAUD_VOLUME, QUIET_SHARE, Truths

TOTAL = 250_000  # leads expected over the whole span, before the truths take or add some
YEARLY_GROWTH = 0.20
WEEKDAYS = (1.0, 1.04, 0.99, 0.97, 0.91, 0.61, 0.66)  # Monday first
SEASON = 0.08  # swing of the year, high in the long days
DAY_NOISE = 0.04


@dataclass(frozen=True, slots=True)
class Leads:
    """Leads in order of time. Parallel arrays: indexes into BUYERS and SOURCES, days from the first day, instants.

    ``utc`` and ``local`` are microseconds; ``local`` counts the buyer's wall clock as if it were UTC.
    """

    buyer: Ints
    source: Ints
    day: Ints
    utc: Ints
    local: Ints


def days_of(truths: Truths) -> list[date]:
    """Every day of the data, in order."""
    return [truths.first_day + timedelta(days=n) for n in range((truths.last_day - truths.first_day).days + 1)]


def usual_volume(truths: Truths, *, days: list[date]) -> Floats:
    """Expected leads, shape (buyers, days, sources), as if nothing out of the ordinary happened."""
    size = np.array([buyer.weekly for buyer in BUYERS], dtype=float)
    mix = np.array([[_reach(source, market=buyer.market) for source in SOURCES] for buyer in BUYERS])
    mix /= mix.sum(axis=1, keepdims=True)
    volume = size[:, None, None] * mix[:, None, :] * _calendar(days)[:, :, None]
    scale: float = TOTAL / volume[:, : _index(truths.last_day, truths=truths) + 1].sum()
    scaled: Floats = volume * scale
    return scaled


def draw_leads(truths: Truths, *, rng: np.random.Generator) -> Leads:
    """The leads that came in: expected volume with its truths and noise, each at a moment, none during the outage."""
    days = days_of(truths)
    expected = usual_volume(truths, days=days)
    expected *= rng.lognormal(0.0, DAY_NOISE, (1, len(days), 1))
    _apply_truths(expected, truths=truths)
    counts = rng.poisson(expected)
    buyer, day, source = np.unravel_index(np.repeat(np.arange(counts.size), counts.ravel()), counts.shape)
    weekday = np.array([each.weekday() for each in days])
    local = (day + epoch_day(days[0])) * DAY_US + draw_times(rng, weekend=weekday[day] >= 5)
    return _in_order(buyer, source=source, day=day, local=local, truths=truths)


def _in_order(buyer: Ints, *, source: Ints, day: Ints, local: Ints, truths: Truths) -> Leads:
    utc, local = _instants(buyer, local=local, truths=truths)
    order = np.argsort(utc, kind="stable")
    down = (utc[order] >= micros(truths.outage_start)) & (utc[order] < micros(truths.outage_end))
    kept = order[~down]
    return Leads(buyer=buyer[kept], source=source[kept], day=day[kept], utc=utc[kept], local=local[kept])


def _instants(buyer: Ints, *, local: Ints, truths: Truths) -> tuple[Ints, Ints]:
    """Instants of wall-clock moments, and the wall clocks that they give back (other only where clocks change)."""
    utc, back = np.empty_like(local), np.empty_like(local)
    zone_of = np.array([each.zone for each in BUYERS])[buyer]
    for zone in sorted({each.zone for each in BUYERS}):
        table = ZoneTable(zone, first=truths.first_day, last=truths.last_day)
        here = zone_of == zone
        utc[here] = table.to_utc(local[here])
        back[here] = table.to_local(utc[here])
    return utc, back


def _reach(source: Source, *, market: str) -> float:
    reach = source.reach
    return source.weight * reach.get(market, reach.get(market.split("-")[0], reach["*"]))


def _calendar(days: list[date]) -> Floats:
    """Factor of each day for each buyer, shape (buyers, days): growth, season, weekday, holidays."""
    years = np.arange(len(days)) / 365.25
    weekday = np.array([WEEKDAYS[day.weekday()] for day in days])
    wave = np.cos(2 * np.pi * (np.array([day.timetuple().tm_yday for day in days]) - 150) / 365.25)
    common = (1 + YEARLY_GROWTH) ** years * weekday
    rows = []
    for buyer in BUYERS:
        swing = -SEASON if buyer.market in SOUTHERN else SEASON
        rows.append(common * (1 + swing * wave) * _holiday_factor(days, country=country_of(buyer.market)))
    return np.array(rows)


def _holiday_factor(days: list[date], *, country: str) -> Floats:
    closed = {year: holidays_of(country, year=year) for year in range(days[0].year, days[-1].year + 1)}
    return np.array([HOLIDAY_SHARE if day in closed[day.year] else 1.0 for day in days])


def _apply_truths(expected: Floats, *, truths: Truths) -> None:
    source = {each.id: number for number, each in enumerate(SOURCES)}
    buyer = {each.id: number for number, each in enumerate(BUYERS)}
    spent, until = _index(truths.budget_spent, truths=truths), _index(truths.budget_until, truths=truths)
    expected[:, spent, source[truths.budget_source]] *= 0.5  # the money was gone at noon
    expected[:, spent + 1 : until + 1, source[truths.budget_source]] *= BUDGET_SHARE
    fraud = slice(_index(truths.fraud_from, truths=truths), _index(truths.fraud_until, truths=truths) + 1)
    expected[:, fraud, source[truths.fraud_source]] *= FRAUD_VOLUME
    expected[buyer[truths.quiet_buyer], _index(truths.quiet_from, truths=truths) :] *= QUIET_SHARE


def _index(day: date, *, truths: Truths) -> int:
    return (day - truths.first_day).days
