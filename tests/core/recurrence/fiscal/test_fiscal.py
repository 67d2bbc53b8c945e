"""Fiscal calendars against published years."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.recurrence import RuleError
from broadsheet.core.recurrence.calendars import broadcast_month, iso_week, iso_weeks_in
from broadsheet.core.recurrence.fiscal import (
    BROADCAST,
    CALENDAR_YEAR,
    ISO,
    UNITS,
    FiscalMonths,
    FiscalWeeks,
    YearEnd,
)

RETAIL = FiscalWeeks(YearEnd(1, 5, "nearest"), "4-5-4", "start")  # nrf.com/resources/4-5-4-calendar
APPLE = FiscalWeeks(YearEnd(9, 5, "last"), "4-4-5", leap_month=3)  # years end on the last Saturday of September
ALL = [CALENDAR_YEAR, FiscalMonths(2), FiscalMonths(4, "start"), RETAIL, APPLE, ISO, BROADCAST]
ONE = timedelta(days=1)


@pytest.mark.feature("SCH-12")
@pytest.mark.parametrize(
    ("calendar", "day", "unit", "label", "first", "last"),
    [
        # NRF: fiscal 2023 had 53 weeks, 29 January 2023 to 3 February 2024; its last month five of them.
        (RETAIL, date(2024, 2, 3), "year", "FY2023", date(2023, 1, 29), date(2024, 2, 3)),
        (RETAIL, date(2024, 2, 3), "week", "FY2023 W53", date(2024, 1, 28), date(2024, 2, 3)),
        (RETAIL, date(2024, 2, 3), "period", "FY2023 P12", date(2023, 12, 31), date(2024, 2, 3)),
        (RETAIL, date(2023, 3, 10), "period", "FY2023 P02", date(2023, 2, 26), date(2023, 4, 1)),
        (RETAIL, date(2024, 2, 4), "quarter", "FY2024 Q1", date(2024, 2, 4), date(2024, 5, 4)),
        # Apple: fiscal 2023 began on 25 September 2022, had 53 weeks, the extra one in the first quarter (10-K 2023).
        (APPLE, date(2022, 12, 31), "quarter", "FY2023 Q1", date(2022, 9, 25), date(2022, 12, 31)),
        (APPLE, date(2023, 9, 30), "year", "FY2023", date(2022, 9, 25), date(2023, 9, 30)),
        # HM Treasury: 1 April to 31 March; the US government: from 1 October, named by its end.
        (FiscalMonths(4, "start"), date(2026, 3, 31), "year", "FY2025", date(2025, 4, 1), date(2026, 3, 31)),
        (FiscalMonths(10), date(2026, 10, 1), "quarter", "FY2027 Q1", date(2026, 10, 1), date(2026, 12, 31)),
        (FiscalMonths(2), date(2026, 11, 24), "half", "FY2027 H2", date(2026, 8, 1), date(2027, 1, 31)),
        (CALENDAR_YEAR, date(2026, 11, 24), "period", "2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        (CALENDAR_YEAR, date(2026, 11, 24), "quarter", "2026 Q4", date(2026, 10, 1), date(2026, 12, 31)),
        (CALENDAR_YEAR, date(2026, 1, 5), "week", "2026 W02", date(2026, 1, 5), date(2026, 1, 11)),
        (CALENDAR_YEAR, date(2026, 1, 4), "week", "2026 W01", date(2026, 1, 1), date(2026, 1, 4)),
        # ISO 8601: 2026 has 53 weeks, since 1 January is a Thursday.
        (ISO, date(2027, 1, 3), "week", "2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        # Broadcast: January 2026 begins on 29 December 2025.
        (BROADCAST, date(2025, 12, 29), "period", "2026 P01", date(2025, 12, 29), date(2026, 1, 25)),
    ],
)
def test_a_day_lies_in_the_published_period(calendar, day, unit, label, first, last):
    found = calendar.period(day, unit)
    assert (found.label, found.first, found.last) == (label, first, last)


@pytest.mark.feature("SCH-12")
def test_years_of_53_weeks_are_those_that_retail_and_iso_had():
    years = range(2000, 2030)
    assert [year for year in years if RETAIL.weeks_in(year) == 53] == [2000, 2006, 2012, 2017, 2023, 2028]
    assert [year for year in years if ISO.weeks_in(year) == 53] == [2004, 2009, 2015, 2020, 2026]
    assert [year for year in years if iso_weeks_in(year) == 53] == [2004, 2009, 2015, 2020, 2026]


@settings(max_examples=100, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.sampled_from(ALL), st.sampled_from(UNITS))
def test_periods_hold_their_days_and_follow_each_other_without_a_gap(day, calendar, unit):
    found = calendar.period(day, unit)
    after = calendar.next(found)
    assert found.first <= day <= found.last
    assert after.first == found.last + ONE
    assert calendar.previous(after) == found
    assert calendar.period(found.last, unit) == found == calendar.period(found.first, unit)
    assert calendar.next(calendar.previous(found, 60), 60) == found


@settings(max_examples=100, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_iso_and_broadcast_agree_with_the_plain_functions(day):
    week, month = ISO.period(day, "week"), BROADCAST.period(day, "period")
    assert (week.year, week.number) == iso_week(day)
    assert (month.year, month.number) == broadcast_month(day)


@pytest.mark.parametrize("pattern", ["4-4-5", "4-5-4", "5-4-4"])
def test_a_pattern_gives_the_weeks_of_its_months(pattern):
    calendar = FiscalWeeks(YearEnd(12, 6, "last"), pattern)
    weeks = [calendar.numbered("period", 2026, month).days // 7 for month in range(1, 13)]
    assert weeks == [int(part) for part in pattern.split("-")] * 4


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: FiscalMonths(13), "13 is no month"),
        (lambda: FiscalMonths(2, "middle"), '"middle" is not known'),
        (lambda: FiscalWeeks(YearEnd(1, 5), "4-4-4"), 'Did you mean "'),
        (lambda: YearEnd(1, 9), "9 is no weekday"),
        (lambda: YearEnd(1, 5, "closest"), '"closest" is not known'),
        (lambda: CALENDAR_YEAR.period(date(2026, 1, 1), "quater"), 'Did you mean "quarter"'),
        (lambda: CALENDAR_YEAR.numbered("quarter", 2026, 5), "has no quarter 5. Write 1 to 4."),
    ],
)
def test_what_cannot_be_is_refused_with_its_cure(make, message):
    with pytest.raises(RuleError) as caught:
        make()
    assert message in f"{caught.value.message}. {caught.value.fix}"
