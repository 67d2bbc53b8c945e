"""What “last closed period” and its like mean on a given day."""

from datetime import date

import pytest

from broadsheet.core.recurrence.calendars import Business, FixedDays
from broadsheet.core.recurrence.fiscal import (
    CALENDAR_YEAR,
    ISO,
    FiscalMonths,
    FiscalWeeks,
    Span,
    YearEnd,
    current_period,
    last_closed,
    last_days,
    next_business_day,
    period_to_date,
    previous_business_day,
    same_period_last_year,
)

CLOSED_ON_MONDAY = Business("ours", own=(FixedDays(closed=((date(2026, 11, 23), "inventory"),)),))
RETAIL = FiscalWeeks(YearEnd(1, 5, "nearest"), "4-5-4", "start")


@pytest.mark.feature("SCH-34")
@pytest.mark.parametrize(
    ("today", "unit", "calendar", "close_days", "label"),
    [
        (date(2026, 11, 24), "quarter", CALENDAR_YEAR, 0, "2026 Q3"),
        (date(2026, 11, 24), "quarter", FiscalMonths(2), 0, "FY2027 Q3"),
        (date(2026, 10, 31), "quarter", FiscalMonths(2), 0, "FY2027 Q2"),  # its last day is not over yet
        (date(2026, 11, 24), "week", ISO, 0, "2026-W47"),
        # October ends on Saturday the 31st; its third business day is Wednesday 4 November.
        (date(2026, 11, 4), "period", CALENDAR_YEAR, 3, "2026-09"),
        (date(2026, 11, 5), "period", CALENDAR_YEAR, 3, "2026-10"),
        (date(2026, 11, 5), "year", CALENDAR_YEAR, 3, "2025"),
    ],
)
def test_the_last_closed_period(today, unit, calendar, close_days, label):
    assert last_closed(today, unit, calendar=calendar, close_days=close_days).label == label


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (
            period_to_date(date(2026, 11, 24), "period"),
            (date(2026, 11, 1), date(2026, 11, 24), "1 to 24 November 2026"),
        ),
        (
            period_to_date(date(2026, 11, 24), "quarter", calendar=FiscalMonths(2), with_today=False),
            (date(2026, 11, 1), date(2026, 11, 23), "1 to 23 November 2026"),
        ),
        (
            period_to_date(date(2026, 11, 24), "year"),
            (date(2026, 1, 1), date(2026, 11, 24), "1 January 2026 to 24 November 2026"),
        ),
        (previous_business_day(date(2026, 11, 23)), (date(2026, 11, 20), date(2026, 11, 20), "20 November 2026")),
        (
            previous_business_day(date(2026, 11, 24), calendar=CLOSED_ON_MONDAY),
            (date(2026, 11, 20), date(2026, 11, 20), "20 November 2026"),
        ),
        (next_business_day(date(2026, 11, 20)), (date(2026, 11, 23), date(2026, 11, 23), "23 November 2026")),
        (last_days(date(2026, 11, 24), 7), (date(2026, 11, 17), date(2026, 11, 23), "17 to 23 November 2026")),
        (
            last_days(date(2026, 11, 24), 2, calendar=CLOSED_ON_MONDAY),
            (date(2026, 11, 19), date(2026, 11, 23), "19 to 23 November 2026"),
        ),
    ],
)
def test_spans_of_a_day(span, expected):
    assert span == Span(*expected)


def test_nothing_of_a_period_has_passed_before_its_first_day():
    assert period_to_date(date(2026, 11, 1), "period", with_today=False) is None


def test_a_53rd_week_is_compared_with_the_last_week_of_a_shorter_year():
    week = RETAIL.period(date(2024, 2, 3), "week")
    assert same_period_last_year(week, calendar=RETAIL).label == "FY2022 W52"
    assert same_period_last_year(current_period(date(2026, 11, 24), "quarter")).label == "2025 Q4"
