"""Monthly targets of each buyer, as an agreement would set them: from what is usual, a little ambitious, rounded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from .buyers import BUYERS
from .clock import Floats
from .intake import usual_volume
from .markets import PRODUCTS, USD_RATES
from .outcomes import MAIN_PRODUCT_SHARE, price_table
from .sources import SOURCES
from .truths import Truths, add_months

RETURNED_LIMIT = 0.04


@dataclass(frozen=True, slots=True)
class Target:
    """What one buyer expects of one month (its first day): money in the buyer's currency, rates as fractions.

    ``cost_per_lead`` and ``returned_rate`` are upper limits; the others are lower ones.
    """

    buyer_id: str
    month: date
    delivered: int
    accepted_rate: float
    revenue: int
    cost_per_lead: float
    conversions: int
    returned_rate: float


def make_targets(truths: Truths, *, rng: np.random.Generator) -> list[Target]:
    """Targets from the first month of the data to the current one, by month, then buyer. Truths are not foreseen."""
    months = _months(truths)
    ends = add_months(months[-1], 1)
    days = [date.fromordinal(n) for n in range(truths.first_day.toordinal(), ends.toordinal())]
    volume = usual_volume(truths, days=days)
    ambition = rng.uniform(0.93, 1.06, len(BUYERS))
    targets = []
    for month in months:
        inside = np.array([day.replace(day=1) == month for day in days])
        monthly = volume[:, inside].sum(axis=1)  # (buyers, sources)
        targets += [_target(n, month=month, leads=monthly[n] * ambition[n]) for n in range(len(BUYERS))]
    return targets


def _target(buyer: int, *, month: date, leads: Floats) -> Target:
    accepted = leads * np.array([0.5 * (each.accept_from + each.accept_to) for each in SOURCES])
    conversions = float((accepted * np.array([each.converted for each in SOURCES])).sum())
    step = 10.0 if BUYERS[buyer].currency == "JPY" else 0.5
    cost = float((accepted * price_table()[buyer]).sum() / accepted.sum()) / 100
    return Target(
        buyer_id=BUYERS[buyer].id,
        month=month,
        delivered=_rounded(float(leads.sum()), digits=2),
        accepted_rate=round(float(accepted.sum() / leads.sum()) * 200) / 200,
        revenue=_rounded(conversions * _worth(buyer), digits=3),
        cost_per_lead=round(cost / step) * step,
        conversions=max(round(conversions), 1),
        returned_rate=RETURNED_LIMIT,
    )


def _worth(buyer: int) -> float:
    """Mean value of a contract in the buyer's currency."""
    products = BUYERS[buyer].products
    main, other = PRODUCTS[products[0]][0], PRODUCTS[products[-1]][0]
    mean = MAIN_PRODUCT_SHARE * main + (1 - MAIN_PRODUCT_SHARE) * other
    return mean * USD_RATES[BUYERS[buyer].currency]


def _months(truths: Truths) -> list[date]:
    months = [truths.first_day]
    while months[-1] <= truths.last_day:
        months.append(add_months(months[-1], 1))
    current = add_months(truths.closed_month, 1)
    return [month for month in months if month <= current]


def _rounded(value: float, *, digits: int) -> int:
    step = 10 ** max(len(str(int(value))) - digits, 0)
    return int(round(value / step) * step)
