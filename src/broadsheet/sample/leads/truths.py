"""The truths hidden in the data, as dates: all relative to the day on which the data is made.

So there is always something to find in the last closed month and in the last closed week, whenever one looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = 18  # closed months before the current one
OUTAGE_ZONE = ZoneInfo("America/Chicago")
OUTAGE_FROM, OUTAGE_TO = time(8, 20), time(19, 10)  # on the wall clock of the house's data centre
COLLAPSE_WEEKS = 8
COLLAPSE_SLIDE_DAYS = 28  # from the usual rate to the floor of the collapse
COLLAPSE_RATE = 0.40
QUIET_WEEKS = 5
QUIET_SHARE = 0.15  # a few leads a week are left, so that its report is thin but never empty
BUDGET_DAY = 22
BUDGET_SHARE = 0.08
PRICE_FACTOR = 1.12
FRAUD_VOLUME, FRAUD_ACCEPTED, FRAUD_RETURNS = 1.8, 0.45, 4.0


@dataclass(frozen=True, slots=True)
class Truths:
    """When and where each truth lies. Days are days on the buyer's wall clock, both ends included.

    ``outage_start`` and ``outage_end`` are instants in UTC: no lead came in between them, anywhere.
    """

    first_day: date
    last_day: date
    closed_month: date
    closed_week: date
    outage_day: date
    outage_start: datetime
    outage_end: datetime
    budget_source: str
    budget_spent: date
    budget_until: date
    price_source: str
    price_from: date
    price_factor: float
    fraud_source: str
    fraud_from: date
    fraud_until: date
    collapse_source: str
    collapse_from: date
    quiet_buyer: str
    quiet_from: date


def truths_for(today: date) -> Truths:
    """The truths of data made on *today*; the data ends the day before."""
    month = add_months(today.replace(day=1), -1)
    monday = today - timedelta(days=today.weekday())
    outage = month + timedelta(days=(2 - month.weekday()) % 7 + 7)  # its second Wednesday
    return Truths(
        first_day=add_months(today.replace(day=1), -MONTHS),
        last_day=today - timedelta(days=1),
        closed_month=month,
        closed_week=monday - timedelta(days=7),
        outage_day=outage,
        outage_start=_instant(outage, OUTAGE_FROM),
        outage_end=_instant(outage, OUTAGE_TO),
        budget_source="paid-search",
        budget_spent=month.replace(day=BUDGET_DAY),
        budget_until=today.replace(day=1) - timedelta(days=1),
        price_source="brightquote",
        price_from=month,
        price_factor=PRICE_FACTOR,
        fraud_source="paid-social",
        fraud_from=monday - timedelta(days=6),
        fraud_until=monday - timedelta(days=4),
        collapse_source="native-display",
        collapse_from=monday - timedelta(weeks=COLLAPSE_WEEKS),
        quiet_buyer="ferncroft-kitchens",
        quiet_from=monday - timedelta(weeks=QUIET_WEEKS),
    )


def add_months(first: date, months: int) -> date:
    """The first day of the month that lies *months* after the month of *first*."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, OUTAGE_ZONE).astimezone(UTC)
