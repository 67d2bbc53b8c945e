"""The dates of the truths, for a day in mid month, the first of a month, a Monday and a Sunday."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from broadsheet.sample.leads import truths_for
from broadsheet.sample.leads.truths import add_months


def test_dates_for_a_monday_in_november() -> None:
    truths = truths_for(date(2026, 11, 23))
    assert (truths.first_day, truths.last_day) == (date(2025, 5, 1), date(2026, 11, 22))
    assert (truths.closed_month, truths.closed_week) == (date(2026, 10, 1), date(2026, 11, 16))
    assert truths.outage_day == date(2026, 10, 14)
    assert truths.outage_start == datetime(2026, 10, 14, 13, 20, tzinfo=UTC)
    assert truths.outage_end == datetime(2026, 10, 15, 0, 10, tzinfo=UTC)
    assert (truths.budget_spent, truths.budget_until) == (date(2026, 10, 22), date(2026, 10, 31))
    assert (truths.fraud_from, truths.fraud_until) == (date(2026, 11, 17), date(2026, 11, 19))
    assert (truths.collapse_from, truths.quiet_from) == (date(2026, 9, 28), date(2026, 10, 19))


@pytest.mark.parametrize("today", [date(2027, 1, 1) + timedelta(days=n) for n in range(0, 400, 13)])
def test_truths_lie_in_closed_periods(today: date) -> None:
    truths = truths_for(today)
    next_month = add_months(truths.closed_month, 1)
    assert truths.closed_month < next_month == today.replace(day=1)
    assert truths.closed_month <= truths.outage_day < truths.budget_spent <= truths.budget_until < next_month
    assert truths.outage_day.weekday() == 2
    assert (
        truths.closed_week <= truths.fraud_from < truths.fraud_until < truths.closed_week + timedelta(days=7) <= today
    )
    assert truths.collapse_from <= truths.closed_month + timedelta(days=7)
